//! The same in REST.

use actix_web::web::Path;
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{AvailableTransition, PlanStep};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::id::{AnyId, Id as _, PlanId};
use crate::page::rest::Items;
use crate::plan::Plan;
use crate::procedure::guards::{self, PlanGuard};
use crate::source::cited;
use crate::wire::rest::{Answer, Body, Params};

/// The routes of steps.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_guards).service(list_plan_transitions).service(transition_plan);
}

/// The rules that steps of plans must keep, each with its article, in the usual order of the steps.
#[utoipa::path(tag = "plans", operation_id = "listGuards",
    responses((status = 200, body = Items<PlanGuard>), (status = "4XX", body = Problem)))]
#[get("/procedure/guards")]
async fn list_guards(_: Params) -> Answer<Items<PlanGuard>> {
    Answer::list(guards::all())
}

/// The steps of a plan: which of them the caller may take today, and every reason why not.
#[utoipa::path(tag = "plans", operation_id = "listPlanTransitions",
    params(("id" = String, Path, description = "The plan's id.")),
    responses((status = 200, body = Items<AvailableTransition>), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/transitions")]
async fn list_plan_transitions(
    access: Access,
    id: Path<AnyId>,
    _: Params,
) -> Result<Answer<Items<AvailableTransition>>> {
    super::available(&access, PlanId::parse_at("id", &id)?).await.map(Answer::list)
}

/// Take a step of a plan at the `contentRevision` you read. The answer is the plan after it; the
/// step is among its milestones, what it froze among its versions.
#[utoipa::path(tag = "plans", operation_id = "transitionPlan", request_body = PlanStep,
    params(("id" = String, Path, description = "The plan's id.")),
    responses((status = 200, body = Plan), (status = "4XX", body = Problem)))]
#[post("/plans/{id}/transitions")]
async fn transition_plan(
    access: Access,
    id: Path<AnyId>,
    _: Params,
    step: Body<PlanStep>,
) -> Result<Answer<Plan>> {
    let done = super::transition(&access, PlanId::parse_at("id", &id)?, step.0).await?;
    let (content, plan) = (done.plan.content_revision, cited(&access, done.plan).await?);
    Ok(Answer::tagged(plan.revision, plan).with_content(content))
}
