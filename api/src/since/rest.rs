//! The same in REST.

use actix_web::{get, put};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{ChangeSummary, Mark, MarkInput, Since};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::history::AnyRevision;
use crate::id::AnyId;
use crate::page::rest::Items;
use crate::region::RegionBy;
use crate::wire::rest::{Answer, Body, Params};

/// The routes of what changed.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get_changes_summary).service(list_marks).service(mark_as_seen);
}

/// What is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct SinceParams {
    /// After which revision; the caller's mark if not said.
    since: Option<String>,
    /// In the plan of this id.
    plan: Option<String>,
    /// In the region of this code and everything below it.
    region: Option<String>,
}

/// What changed since a revision, or since the caller last looked, as far as they see it.
#[utoipa::path(tag = "changes", operation_id = "getChangesSummary", params(SinceParams),
    responses((status = 200, body = ChangeSummary), (status = "4XX", body = Problem)))]
#[get("/changes/summary")]
async fn get_changes_summary(
    access: Access,
    Params(asked, _): Params<SinceParams>,
) -> Result<Answer<ChangeSummary>> {
    let asked = Since {
        revision: asked.since.map(AnyRevision),
        plan: asked.plan.map(AnyId),
        region: asked.region.map(RegionBy::Code),
    };
    super::since(&access, &asked).await.map(Answer::of)
}

/// Up to where one has looked: everything first, then plan by plan.
#[utoipa::path(tag = "changes", operation_id = "listMarks",
    responses((status = 200, body = Items<Mark>), (status = "4XX", body = Problem)))]
#[get("/me/marks")]
async fn list_marks(access: Access, _: Params) -> Result<Answer<Items<Mark>>> {
    super::marks(&access).await.map(Answer::list)
}

/// Note up to where one has looked, at a plan or at everything. It is one's own, and in no history.
#[utoipa::path(tag = "changes", operation_id = "markAsSeen", request_body = MarkInput,
    responses((status = 200, body = Mark), (status = "4XX", body = Problem)))]
#[put("/me/marks")]
async fn mark_as_seen(access: Access, _: Params, seen: Body<MarkInput>) -> Result<Answer<Mark>> {
    super::mark_as_seen(&access, seen.0).await.map(Answer::of)
}
