//! The same in REST.

use actix_web::get;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{PlanDiff, Side};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::id::{AnyId, Id as _, PlanId};
use crate::wire::rest::{Answer, Params};

/// The routes of differences.
pub fn routes(config: &mut ServiceConfig) {
    config.service(diff_plan);
}

/// Which moments are compared.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct DiffParams {
    /// The number of the earlier version.
    from: Option<i32>,
    /// Or the earlier revision.
    from_revision: Option<String>,
    /// The number of the later version; the present, where neither is given.
    to: Option<i32>,
    /// Or the later revision.
    to_revision: Option<String>,
}

/// What became of a plan between two versions or revisions: what was added, removed and changed,
/// field by field, and when; and by whom, for who sees the plan's drafts.
#[utoipa::path(tag = "plans", operation_id = "diffPlan",
    params(("id" = String, Path, description = "The plan's id."), DiffParams),
    responses((status = 200, body = PlanDiff), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/diff")]
async fn diff_plan(
    access: Access,
    id: Path<AnyId>,
    Params(asked, _): Params<DiffParams>,
) -> Result<Answer<PlanDiff>> {
    let from = Side { version: asked.from, revision: asked.from_revision };
    let to = Side { version: asked.to, revision: asked.to_revision };
    super::between(&access, PlanId::parse_at("id", &id)?, [&from, &to]).await.map(Answer::of)
}
