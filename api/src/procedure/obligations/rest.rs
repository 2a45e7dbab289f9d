//! The same in REST.

use actix_web::web::Path;
use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    CalendarOf, DutyFilter, NewExtension, Obligation, ObligationCode, ObligationFilter,
    ObligationKey, ObligationRule, ObligationStatus,
};
use crate::access::Access;
use crate::date::Day;
use crate::error::{Problem, Result};
use crate::id::AnyId;
use crate::message::Lang;
use crate::page::rest::{Items, PageParams};
use crate::region::RegionBy;
use crate::wire::rest::{Answer, Body, Params};

/// The routes of duties.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_obligation_rules)
        .service(list_obligations)
        .service(get_obligation)
        .service(extend_obligation)
        .service(get_calendar)
        .configure(super::extension::rest::routes);
}

/// What the law asks of provinces, cities and counties, by rule.
#[utoipa::path(tag = "obligations", operation_id = "listObligationRules",
    responses((status = 200, body = Items<ObligationRule>), (status = "4XX", body = Problem)))]
#[get("/obligation-rules")]
async fn list_obligation_rules(_: Params) -> Answer<Items<ObligationRule>> {
    Answer::list(super::rules())
}

/// Which duties a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct ObligationParams {
    /// Those of the region of this code itself.
    region: Option<String>,
    /// Those of the regions somewhere below the region of this code.
    within: Option<String>,
    /// Those about this plan.
    plan: Option<String>,
    /// Those by this rule.
    rule: Option<ObligationCode>,
    /// Those that stand like this.
    status: Option<ObligationStatus>,
    /// Those due in this year.
    year: Option<i32>,
    /// As they stand on this day; today in Seoul, if not said.
    on: Option<String>,
}

impl ObligationParams {
    fn filter(self) -> Result<ObligationFilter> {
        let Self { region, within, plan, rule, status, year, on } = self;
        let (rule, status) = (rule.into_iter().collect(), status.into_iter().collect());
        Ok(ObligationFilter {
            region: region.map(RegionBy::Code),
            within: within.map(RegionBy::Code),
            plan: plan.map(AnyId),
            duty: DutyFilter { rule, status, year, on: on_day(on)? },
        })
    }
}

/// On which day a duty is looked at.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct OnDay {
    /// As it stands on this day; today in Seoul, if not said.
    on: Option<String>,
}

fn on_day(on: Option<String>) -> Result<Option<Day>> {
    on.map(|day| Day::parse(&day).map_err(|error| error.at("on"))).transpose()
}

/// The duties that fit, whether or not anything was filed, by the day they are due.
#[utoipa::path(tag = "obligations", operation_id = "listObligations",
    params(ObligationParams, PageParams),
    responses((status = 200, body = Items<Obligation>), (status = "4XX", body = Problem)))]
#[get("/obligations")]
async fn list_obligations(
    access: Access,
    Params(params, page): Params<ObligationParams, PageParams>,
) -> Result<Answer<Items<Obligation>>> {
    let duties = super::page(&access, &params.filter()?, &page.asked()?).await?;
    Ok(Answer::list(duties))
}

/// One duty.
#[utoipa::path(tag = "obligations", operation_id = "getObligation",
    params(("id" = String, Path, description = "Its id."), OnDay),
    responses((status = 200, body = Obligation), (status = "4XX", body = Problem)))]
#[get("/obligations/{id}")]
async fn get_obligation(
    access: Access,
    id: Path<AnyId>,
    Params(params, _): Params<OnDay>,
) -> Result<Answer<Obligation>> {
    let key = ObligationKey::parse_at("id", &id)?;
    super::get(&access, &key, on_day(params.on)?).await.map(Answer::of)
}

/// Give more time for a duty. For who oversees its body.
#[utoipa::path(tag = "obligations", operation_id = "extendObligation", request_body = NewExtension,
    params(("id" = String, Path, description = "The duty's id.")),
    responses((status = 200, body = Obligation), (status = "4XX", body = Problem)))]
#[post("/obligations/{id}/extend")]
async fn extend_obligation(
    access: Access,
    id: Path<AnyId>,
    _: Params,
    new: Body<NewExtension>,
) -> Result<Answer<Obligation>> {
    let key = ObligationKey::parse_at("id", &id)?;
    super::extend(&access, key, new.0).await.map(Answer::of)
}

/// Whose calendar.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct CalendarParams {
    /// Of the region of this code.
    region: Option<String>,
    /// Of this organization: of the region that it governs, and of what it holds.
    organization: Option<String>,
    /// In which language; Korean if not said.
    lang: Option<Lang>,
}

/// What is due and what is planned, of a region or an organization, from the beginning of last year
/// to the end of the next: a calendar (RFC 5545) to subscribe to.
#[utoipa::path(tag = "obligations", operation_id = "getCalendar", params(CalendarParams),
    responses((status = 200, body = String, content_type = "text/calendar"), (status = "4XX", body = Problem)))]
#[get("/calendar.ics")]
async fn get_calendar(
    access: Access,
    Params(params, _): Params<CalendarParams>,
) -> Result<Answer<String>> {
    let of = CalendarOf::parse(params.region, params.organization)?;
    let text = super::calendar(&access, &of, params.lang.unwrap_or_default()).await?;
    Ok(Answer::written(text).of_type("text/calendar; charset=utf-8"))
}
