//! The same in REST.

use actix_web::post;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::Reverted;
use crate::access::Access;
use crate::error::{Error, Problem, Result};
use crate::history::AnyRevision;
use crate::id::AnyId;
use crate::source::cited;
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of putting things as they were.
pub fn routes(config: &mut ServiceConfig) {
    config.service(revert_to);
}

/// As of when a thing is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Reverting {
    /// The revision as of which it is to be.
    to_revision: AnyRevision,
}

/// Put a target, measure, indicator, milestone, issue or forum that is at the revision sent as
/// `If-Match` as it was at an earlier one. For who may change it; the rules of today hold.
#[utoipa::path(tag = "changes", operation_id = "revertTo", request_body = Reverting,
    params(
        ("things" = String, Path, description = "targets, measures, indicators, milestones, issues or forums."),
        ("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Reverted), (status = "4XX", body = Problem)))]
#[post("/{things}/{id}/revert")]
async fn revert_to(
    access: Access,
    place: Path<(String, AnyId)>,
    read: IfMatch,
    _: Params,
    wanted: Body<Reverting>,
) -> Result<Answer<Reverted>> {
    let (things, id) = place.into_inner();
    if !super::is_of(&things, &id) {
        return Err(Error::not_found(&things));
    }
    let done = super::revert_to(&access, &id, read.revision, &wanted.0.to_revision).await;
    let thing = cited(&access, done.map_err(IfMatch::told)?).await?;
    Ok(Answer::tagged(thing.revision(), thing))
}
