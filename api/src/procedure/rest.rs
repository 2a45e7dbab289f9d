//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Milestone, MilestoneChange, NewMilestone};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::id::{AnyId, Id as _, MilestoneId, PlanId};
use crate::page::rest::Items;
use crate::source::cited;
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of milestones.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_plan_milestones)
        .service(create_milestone)
        .service(get_milestone)
        .service(update_milestone)
        .service(delete_milestone);
}

async fn shown(access: &Access, milestone: Milestone) -> Result<Answer<Milestone>> {
    let milestone = cited(access, milestone).await?;
    Ok(Answer::tagged(milestone.revision, milestone))
}

/// The milestones of a plan, by the day they were or are to be; those without one come last.
#[utoipa::path(tag = "milestones", operation_id = "listPlanMilestones",
    params(("id" = String, Path, description = "The plan's id.")),
    responses((status = 200, body = Items<Milestone>), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/milestones")]
async fn list_plan_milestones(
    access: Access,
    id: Path<AnyId>,
    _: Params,
) -> Result<Answer<Items<Milestone>>> {
    let milestones = super::of_plan(&access, PlanId::parse_at("id", &id)?).await?;
    cited(&access, milestones).await.map(Answer::list)
}

/// Note a milestone of a plan. For who edits it; a step that the law names, for who runs its
/// procedure.
#[utoipa::path(tag = "milestones", operation_id = "createMilestone", request_body = NewMilestone,
    params(("id" = String, Path, description = "The plan's id.")),
    responses((status = 201, body = Milestone), (status = "4XX", body = Problem)))]
#[post("/plans/{id}/milestones")]
async fn create_milestone(
    access: Access,
    id: Path<AnyId>,
    _: Params,
    new: Body<NewMilestone>,
) -> Result<Answer<Milestone>> {
    let milestone = super::create(&access, PlanId::parse_at("id", &id)?, new.0).await?;
    let place = format!("/api/v1/milestones/{}", milestone.id);
    shown(&access, milestone).await.map(|answer| answer.created_at(place))
}

/// One milestone.
#[utoipa::path(tag = "milestones", operation_id = "getMilestone",
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Milestone), (status = "4XX", body = Problem)))]
#[get("/milestones/{id}")]
async fn get_milestone(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<Milestone>> {
    let milestone = super::get(&access, MilestoneId::parse_at("id", &id)?).await?;
    shown(&access, milestone).await
}

/// Change a milestone that is at the revision sent as `If-Match`. For who edits its plan; a step that
/// the law names, for who runs its procedure.
#[utoipa::path(tag = "milestones", operation_id = "updateMilestone", request_body = MilestoneChange,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Milestone), (status = "4XX", body = Problem)))]
#[patch("/milestones/{id}")]
async fn update_milestone(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    change: Body<MilestoneChange>,
) -> Result<Answer<Milestone>> {
    let id = MilestoneId::parse_at("id", &id)?;
    let done = super::update(&access, id, read.revision, change.0).await;
    shown(&access, done.map_err(IfMatch::told)?).await
}

/// Remove a milestone that is at the revision sent as `If-Match`. For who runs the procedure of its
/// plan.
#[utoipa::path(tag = "milestones", operation_id = "deleteMilestone",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/milestones/{id}")]
async fn delete_milestone(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = MilestoneId::parse_at("id", &id)?;
    super::delete(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}
