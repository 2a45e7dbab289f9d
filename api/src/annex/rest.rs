//! The annex over HTTP: a page, not data, so it has no GraphQL.

use actix_web::get;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::Access;
use crate::error::{Problem, Result};
use crate::id::{AnyId, Id as _, PlanId};
use crate::message::Lang;
use crate::wire::Call;
use crate::wire::rest::{Answer, Nothing, Params};

/// The route of the annex.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get_plan_annex);
}

/// How an annex is written.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct AnnexParams {
    /// In which language; the request's if not said.
    lang: Option<Lang>,
}

/// The annex of a plan, to print or to paste into a report: tables of its targets, measures and
/// budgets with units, sources and the revision they show.
#[utoipa::path(tag = "plans", operation_id = "getPlanAnnex",
    params(("id" = String, Path, description = "The plan's id."), AnnexParams),
    responses((status = 200, description = "A page of HTML that needs nothing else.",
        content_type = "text/html", body = String), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/annex")]
async fn get_plan_annex(
    access: Access,
    call: Call,
    id: Path<AnyId>,
    Params(AnnexParams { lang }, _): Params<AnnexParams>,
) -> Result<Answer<Nothing>> {
    let id = PlanId::parse_at("id", &id)?;
    let page = super::of(&access, id, lang.unwrap_or(call.lang)).await?;
    Ok(Answer::written(page).of_type("text/html; charset=utf-8"))
}
