//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{NewTarget, Target, TargetChange, TargetFilter, TargetKind};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::history::Revision;
use crate::id::{AnyId, Id as _, PlanId, TargetId};
use crate::page::rest::{Items, Row, ShortParams};
use crate::quantity::MassUnit;
use crate::source::cited;
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of targets.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_plan_targets)
        .service(create_target)
        .service(get_target)
        .service(update_target)
        .service(delete_target);
}

/// Which targets a list holds, and how they are shown.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct TargetParams {
    /// Of the sector of this code; `TOTAL` for the totals.
    sector: Option<String>,
    /// For this year.
    year: Option<i32>,
    /// In this sense; `FINAL` if not said.
    kind: Option<TargetKind>,
    /// The unit masses are shown in; `KT` if not said.
    unit: Option<MassUnit>,
}

/// How a target is shown.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct UnitParams {
    /// The unit masses are shown in; `KT` if not said.
    unit: Option<MassUnit>,
}

async fn shown(access: &Access, target: Target, unit: Option<MassUnit>) -> Result<Answer<Target>> {
    let target = cited(access, target.in_unit(unit.unwrap_or_default())).await?;
    let (revision, base) = (target.revision, target.base_revision);
    let answer = Answer::tagged(revision, target);
    // A base that is the plan's moves with the plan.
    Ok(match base {
        Some(base) => answer.with_content(base),
        None => answer,
    })
}

/// The targets of a plan that fit: by year, the total first, then in the order of sectors.
#[utoipa::path(tag = "targets", operation_id = "listPlanTargets",
    params(("id" = String, Path, description = "The plan's id."), TargetParams, ShortParams),
    responses((status = 200, body = Items<Target>), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/targets")]
async fn list_plan_targets(
    access: Access,
    id: Path<AnyId>,
    Params(params, page): Params<TargetParams, ShortParams>,
) -> Result<Answer<Items<Target>>> {
    let TargetParams { sector, year, kind, unit } = params;
    let filter = TargetFilter { sector, year, kind: vec![kind.unwrap_or(TargetKind::Final)] };
    let plan = PlanId::parse_at("id", &id)?;
    let targets = super::of_plan(&access, plan, &filter).await?;
    let unit = unit.unwrap_or_default();
    let targets: Vec<Target> = targets.into_iter().map(|target| target.in_unit(unit)).collect();
    let targets = cited(&access, targets).await?;
    page.cut(&format!("targets of {plan}"), targets).map(Answer::list)
}

/// Set a target in a plan. For who edits it.
#[utoipa::path(tag = "targets", operation_id = "createTarget", request_body = NewTarget,
    params(("id" = String, Path, description = "The plan's id.")),
    responses((status = 201, body = Target), (status = "4XX", body = Problem)))]
#[post("/plans/{id}/targets")]
async fn create_target(
    access: Access,
    id: Path<AnyId>,
    _: Params,
    new: Body<NewTarget>,
) -> Result<Answer<Target>> {
    let target = super::create(&access, PlanId::parse_at("id", &id)?, new.0).await?;
    let place = format!("/api/v1/targets/{}", target.id);
    shown(&access, target, None).await.map(|answer| answer.created_at(place))
}

/// One target.
#[utoipa::path(tag = "targets", operation_id = "getTarget",
    params(("id" = String, Path, description = "Its id."), UnitParams),
    responses((status = 200, body = Target), (status = "4XX", body = Problem)))]
#[get("/targets/{id}")]
async fn get_target(
    access: Access,
    id: Path<AnyId>,
    Params(UnitParams { unit }, _): Params<UnitParams>,
) -> Result<Answer<Target>> {
    let target = super::get(&access, TargetId::parse_at("id", &id)?).await?;
    shown(&access, target, unit).await
}

/// Change a target that is at the revision sent as `If-Match`. For who edits its plan.
#[utoipa::path(tag = "targets", operation_id = "updateTarget", request_body = TargetChange,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Target), (status = "4XX", body = Problem)))]
#[patch("/targets/{id}")]
async fn update_target(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    change: Body<TargetChange>,
) -> Result<Answer<Target>> {
    let id = TargetId::parse_at("id", &id)?;
    let done = super::update(&access, id, read.revision, change.0).await;
    shown(&access, done.map_err(IfMatch::told)?, None).await
}

/// Remove a target that is at the revision sent as `If-Match`. For who edits its plan.
#[utoipa::path(tag = "targets", operation_id = "deleteTarget",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/targets/{id}")]
async fn delete_target(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = TargetId::parse_at("id", &id)?;
    super::delete(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}

impl Row for Target {
    fn key(&self) -> String {
        self.id.to_string()
    }

    fn revision(&self) -> Revision {
        self.revision
    }
}
