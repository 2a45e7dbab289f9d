//! The same in REST.

use actix_web::get;
use actix_web::web::Path;
use utoipa_actix_web::service_config::ServiceConfig;

use super::PlanVersion;
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::history::Revision;
use crate::id::{AnyId, Id as _, PlanId};
use crate::page::rest::{Items, Row, ShortParams};
use crate::wire::rest::{Answer, Params};

/// The routes of versions of plans.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_plan_versions).service(get_plan_version);
}

/// The versions of a plan, the first one first.
#[utoipa::path(tag = "plans", operation_id = "listPlanVersions",
    params(("id" = String, Path, description = "The plan's id."), ShortParams),
    responses((status = 200, body = Items<PlanVersion>), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/versions")]
async fn list_plan_versions(
    access: Access,
    id: Path<AnyId>,
    Params(page, _): Params<ShortParams>,
) -> Result<Answer<Items<PlanVersion>>> {
    let id = PlanId::parse_at("id", &id)?;
    let versions = super::of_plan(&access, id).await?;
    page.cut(&format!("versions of {id}"), versions).map(Answer::list)
}

/// One version of a plan. What the plan said then is read at `contents`, and everything that hangs
/// on it with the same `asOf`.
#[utoipa::path(tag = "plans", operation_id = "getPlanVersion",
    params(("id" = String, Path, description = "The plan's id."),
        ("number" = i32, Path, description = "Its number: 1 for the first.")),
    responses((status = 200, body = PlanVersion), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/versions/{number}")]
async fn get_plan_version(
    access: Access,
    path: Path<(AnyId, String)>,
    _: Params,
) -> Result<Answer<PlanVersion>> {
    let (id, number) = path.into_inner();
    let (id, number) = (PlanId::parse_at("id", &id)?, super::number(&number)?);
    let version = super::get(&access, id, number).await?;
    Ok(Answer::tagged(version.revision, version))
}

impl Row for PlanVersion {
    fn key(&self) -> String {
        self.number.to_string()
    }

    fn revision(&self) -> Revision {
        self.revision
    }
}
