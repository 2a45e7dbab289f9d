//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Completion, FollowUp, FollowUpChange, FollowUpFilter, NewFollowUp};
use crate::access::Access;
use crate::date::Day;
use crate::error::{Problem, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, FollowUpId, ForumId, Id as _};
use crate::page::rest::{Items, PageParams};
use crate::region::RegionBy;
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of what follows from forums.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_follow_ups)
        .service(create_follow_up)
        .service(get_follow_up)
        .service(update_follow_up)
        .service(complete_follow_up)
        .service(delete_follow_up);
}

/// Which of what is to follow a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct FollowUpParams {
    /// From forums of the region of this code, today's or a former one.
    region: Option<String>,
    /// From forums of the regions somewhere below the region of this code.
    within: Option<String>,
    /// From the forum of this id.
    forum: Option<String>,
    /// What the organization of this id is to do.
    owner: Option<String>,
    /// What is done, or is not.
    done: Option<bool>,
    /// What is overdue, or is not, on the day `on`.
    overdue: Option<bool>,
    /// The day that `overdue` asks about, as `2026-12-31`; today in Seoul if not said.
    on: Option<String>,
    /// Only what was written after this revision.
    changed_after: Option<String>,
}

impl FollowUpParams {
    fn filter(self) -> Result<FollowUpFilter> {
        let on = self.on.map(|day| Day::parse(&day)).transpose();
        Ok(FollowUpFilter {
            region: self.region.map(RegionBy::Code),
            within: self.within.map(RegionBy::Code),
            forum: self.forum.map(AnyId),
            owner: self.owner.map(AnyId),
            done: self.done,
            overdue: self.overdue,
            on: on.map_err(|error| error.at("on"))?,
            changed_after: self.changed_after.map(AnyRevision),
            ..FollowUpFilter::default()
        })
    }
}

fn shown(it: FollowUp) -> Answer<FollowUp> {
    Answer::tagged(it.revision, it)
}

/// What is to follow from forums, as far as it fits, as it was entered.
#[utoipa::path(tag = "forums", operation_id = "listFollowUps", params(FollowUpParams, PageParams),
    responses((status = 200, body = Items<FollowUp>), (status = "4XX", body = Problem)))]
#[get("/follow-ups")]
async fn list_follow_ups(
    access: Access,
    Params(params, page): Params<FollowUpParams, PageParams>,
) -> Result<Answer<Items<FollowUp>>> {
    super::page(&access, &params.filter()?, &[], &page.asked()?).await.map(Answer::list)
}

/// Note what is to follow from a forum. For who shares issues of its region.
#[utoipa::path(tag = "forums", operation_id = "createFollowUp", request_body = NewFollowUp,
    params(("id" = String, Path, description = "The forum's id.")),
    responses((status = 201, body = FollowUp), (status = "4XX", body = Problem)))]
#[post("/forums/{id}/follow-ups")]
async fn create_follow_up(
    access: Access,
    id: Path<AnyId>,
    _: Params,
    new: Body<NewFollowUp>,
) -> Result<Answer<FollowUp>> {
    let it = super::create(&access, ForumId::parse_at("id", &id)?, new.0).await?;
    let place = format!("/api/v1/follow-ups/{}", it.id);
    Ok(shown(it).created_at(place))
}

/// What is to follow from a forum.
#[utoipa::path(tag = "forums", operation_id = "getFollowUp",
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = FollowUp), (status = "4XX", body = Problem)))]
#[get("/follow-ups/{id}")]
async fn get_follow_up(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<FollowUp>> {
    super::get(&access, FollowUpId::parse_at("id", &id)?).await.map(shown)
}

/// Change what is to follow and is at the revision sent as `If-Match`. For who shares issues of the
/// forum's region.
#[utoipa::path(tag = "forums", operation_id = "updateFollowUp", request_body = FollowUpChange,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = FollowUp), (status = "4XX", body = Problem)))]
#[patch("/follow-ups/{id}")]
async fn update_follow_up(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    change: Body<FollowUpChange>,
) -> Result<Answer<FollowUp>> {
    let id = FollowUpId::parse_at("id", &id)?;
    let done = super::update(&access, id, read.revision, change.0).await;
    done.map_err(IfMatch::told).map(shown)
}

/// Say when and how what is at the revision sent as `If-Match` was done. For who shares issues of its
/// owner's region, or of the forum's; 409 `CONFLICT` where that is said already.
#[utoipa::path(tag = "forums", operation_id = "completeFollowUp", request_body = Completion,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = FollowUp), (status = "4XX", body = Problem)))]
#[post("/follow-ups/{id}/complete")]
async fn complete_follow_up(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    completion: Body<Completion>,
) -> Result<Answer<FollowUp>> {
    let id = FollowUpId::parse_at("id", &id)?;
    let done = super::finish(&access, id, read.revision, completion.0).await;
    done.map_err(IfMatch::told).map(shown)
}

/// Remove what is to follow and is at the revision sent as `If-Match`. For who shares issues of the
/// forum's region.
#[utoipa::path(tag = "forums", operation_id = "deleteFollowUp",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/follow-ups/{id}")]
async fn delete_follow_up(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = FollowUpId::parse_at("id", &id)?;
    super::delete(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}
