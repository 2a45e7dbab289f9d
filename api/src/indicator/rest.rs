//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, patch, post, put};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::goal::GoalKey;
use super::{
    GoalInput, GoalKind, Indicator, IndicatorChange, IndicatorDefinition,
    IndicatorDefinitionFilter, IndicatorFilter, IndicatorGoal, Measured, NewIndicator, Observation,
    ObservationInput, observation,
};
use crate::access::Access;
use crate::date::TimePeriod;
use crate::error::{Problem, Result};
use crate::filter::StringFilter;
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, IndicatorId, PlanId};
use crate::page::rest::{Items, PageParams};
use crate::plan;
use crate::region::RegionBy;
use crate::source::cited;
use crate::wire::rest::{Answer, Body, IfMatch, IfSent, Params};

/// The routes of indicators.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_indicators)
        .service(list_plan_indicators)
        .service(create_indicator)
        .service(get_indicator)
        .service(update_indicator)
        .service(delete_indicator)
        .service(list_goals)
        .service(set_goal)
        .service(remove_goal)
        .service(list_observations)
        .service(record_observation)
        .service(remove_observation)
        .service(list_definitions);
}

/// Which indicators a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct IndicatorParams {
    /// Those that measure what the definition of this id says.
    definition: Option<String>,
    /// Those of the region of this code, today's or a former one.
    region: Option<String>,
    /// Those of the regions somewhere below the region of this code.
    within: Option<String>,
    /// Those of the plan of this id.
    plan: Option<String>,
    /// Those of the measure of this id.
    measure: Option<String>,
    /// Those of the sector of this code.
    sector: Option<String>,
    /// Only those whose row was written after this revision.
    changed_after: Option<String>,
}

impl From<IndicatorParams> for IndicatorFilter {
    fn from(params: IndicatorParams) -> Self {
        Self {
            definition: params.definition.map(AnyId),
            region: params.region.map(RegionBy::Code),
            within: params.within.map(RegionBy::Code),
            plan_id: params.plan.map(AnyId),
            measure_id: params.measure.map(AnyId),
            sector: params.sector,
            changed_after: params.changed_after.map(AnyRevision),
            ..Self::default()
        }
    }
}

/// Which observations a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct SpanParams {
    /// From the first day of this period on.
    from: Option<String>,
    /// Up to the last day of this period.
    to: Option<String>,
}

/// Which goal of a period is meant.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct GoalParams {
    /// In which sense it is a goal; `FINAL` if not said.
    kind: Option<GoalKind>,
}

/// Which definitions a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct DefinitionParams {
    /// The one of this code.
    code: Option<String>,
    /// Only those whose Korean name has this text in it.
    name: Option<String>,
    /// Only those written after this revision.
    changed_after: Option<String>,
}

impl From<DefinitionParams> for IndicatorDefinitionFilter {
    fn from(params: DefinitionParams) -> Self {
        let DefinitionParams { code, name, changed_after } = params;
        Self {
            code: code.map(|code| StringFilter { eq: Some(code), ..Default::default() }),
            name_ko: name.map(|name| StringFilter { contains: Some(name), ..Default::default() }),
            changed_after: changed_after.map(AnyRevision),
            ..Self::default()
        }
    }
}

async fn shown(access: &Access, indicator: Indicator) -> Result<Answer<Indicator>> {
    let indicator = cited(access, indicator).await?;
    Ok(Answer::tagged(indicator.revision, indicator))
}

async fn measured(access: &Access, id: &AnyId) -> Result<Measured> {
    let indicator = super::get(access, IndicatorId::parse_at("id", id)?).await?;
    Ok(Measured::from(&indicator))
}

fn period(text: &str) -> Result<TimePeriod> {
    TimePeriod::parse(text).map_err(|error| error.at("period"))
}

/// The indicators that fit and that the caller sees, as they were entered.
#[utoipa::path(tag = "indicators", operation_id = "listIndicators", params(IndicatorParams, PageParams),
    responses((status = 200, body = Items<Indicator>), (status = "4XX", body = Problem)))]
#[get("/indicators")]
async fn list_indicators(
    access: Access,
    Params(params, page): Params<IndicatorParams, PageParams>,
) -> Result<Answer<Items<Indicator>>> {
    let indicators = super::page(&access, &params.into(), &[], &page.asked()?).await?;
    cited(&access, indicators).await.map(Answer::list)
}

/// The indicators of a plan, as they were entered.
#[utoipa::path(tag = "indicators", operation_id = "listPlanIndicators",
    params(("id" = String, Path, description = "The plan's id."), PageParams),
    responses((status = 200, body = Items<Indicator>), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/indicators")]
async fn list_plan_indicators(
    access: Access,
    id: Path<AnyId>,
    Params(page, _): Params<PageParams>,
) -> Result<Answer<Items<Indicator>>> {
    plan::site_of(&access, PlanId::parse_at("id", &id)?).await?;
    let filter = IndicatorFilter { plan_id: Some(id.into_inner()), ..IndicatorFilter::default() };
    let indicators = super::page(&access, &filter, &[], &page.asked()?).await?;
    cited(&access, indicators).await.map(Answer::list)
}

/// Begin to measure something. For who edits the plan, or, without one, who keeps the facts of the
/// region.
#[utoipa::path(tag = "indicators", operation_id = "createIndicator", request_body = NewIndicator,
    responses((status = 201, body = Indicator), (status = "4XX", body = Problem)))]
#[post("/indicators")]
async fn create_indicator(
    access: Access,
    _: Params,
    new: Body<NewIndicator>,
) -> Result<Answer<Indicator>> {
    let indicator = super::create(&access, new.0).await?;
    let place = format!("/api/v1/indicators/{}", indicator.id);
    shown(&access, indicator).await.map(|answer| answer.created_at(place))
}

/// One indicator.
#[utoipa::path(tag = "indicators", operation_id = "getIndicator", params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Indicator), (status = "4XX", body = Problem)))]
#[get("/indicators/{id}")]
async fn get_indicator(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<Indicator>> {
    shown(&access, super::get(&access, IndicatorId::parse_at("id", &id)?).await?).await
}

/// Change an indicator that is at the revision sent as `If-Match`.
#[utoipa::path(tag = "indicators", operation_id = "updateIndicator", request_body = IndicatorChange,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Indicator), (status = "4XX", body = Problem)))]
#[patch("/indicators/{id}")]
async fn update_indicator(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    change: Body<IndicatorChange>,
) -> Result<Answer<Indicator>> {
    let id = IndicatorId::parse_at("id", &id)?;
    let done = super::update(&access, id, read.revision, change.0).await;
    shown(&access, done.map_err(IfMatch::told)?).await
}

/// Remove an indicator that is at the revision sent as `If-Match`, with its goals; `CONFLICT` while
/// it has observations.
#[utoipa::path(tag = "indicators", operation_id = "deleteIndicator",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/indicators/{id}")]
async fn delete_indicator(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = IndicatorId::parse_at("id", &id)?;
    super::delete(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}

/// What an indicator is to reach, by period; goals without one come last.
#[utoipa::path(tag = "indicators", operation_id = "listGoals", params(("id" = String, Path, description = "The indicator's id.")),
    responses((status = 200, body = Items<IndicatorGoal>), (status = "4XX", body = Problem)))]
#[get("/indicators/{id}/goals")]
async fn list_goals(
    access: Access,
    id: Path<AnyId>,
    _: Params,
) -> Result<Answer<Items<IndicatorGoal>>> {
    let goals = super::goals_of(&access, &[measured(&access, &id).await?]).await?;
    cited(&access, goals).await.map(Answer::list)
}

/// Say what an indicator is to reach. What is there already is overwritten only at the revision sent
/// as `If-Match`; said again, nothing changes.
#[utoipa::path(tag = "indicators", operation_id = "setGoal", request_body = GoalInput,
    params(("id" = String, Path, description = "The indicator's id."),
        ("period" = String, Path, description = "By when: `2030`, `2024-H1`, `2024-Q3`, `2025-05`; `undated` where that is not stated."),
        ("If-Match" = Option<String>, Header, description = "The ETag you read, to overwrite."), GoalParams),
    responses((status = 200, body = IndicatorGoal), (status = "4XX", body = Problem)))]
#[put("/indicators/{id}/goals/{period}")]
async fn set_goal(
    access: Access,
    path: Path<(AnyId, String)>,
    read: IfSent,
    Params(GoalParams { kind }, _): Params<GoalParams>,
    goal: Body<GoalInput>,
) -> Result<Answer<IndicatorGoal>> {
    let (id, period) = path.into_inner();
    let (id, key) = (IndicatorId::parse_at("id", &id)?, GoalKey::parse(&period, kind)?);
    let wanted = (goal.0, read.revision());
    let goal = super::set_goal(&access, id, key, wanted).await.map_err(IfMatch::told)?;
    let goal = cited(&access, goal).await?;
    Ok(Answer::tagged(goal.revision, goal))
}

/// Take back a goal that is at the revision sent as `If-Match`.
#[utoipa::path(tag = "indicators", operation_id = "removeGoal",
    params(("id" = String, Path, description = "The indicator's id."),
        ("period" = String, Path, description = "Its period; `undated` where it has none."),
        ("If-Match" = String, Header, description = "The revision you read."), GoalParams),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/indicators/{id}/goals/{period}")]
async fn remove_goal(
    access: Access,
    path: Path<(AnyId, String)>,
    read: IfMatch,
    Params(GoalParams { kind }, _): Params<GoalParams>,
) -> Result<Answer<()>> {
    let (id, period) = path.into_inner();
    let (id, key) = (IndicatorId::parse_at("id", &id)?, GoalKey::parse(&period, kind)?);
    super::remove_goal(&access, id, key, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}

/// What an indicator was, by period.
#[utoipa::path(tag = "indicators", operation_id = "listObservations",
    params(("id" = String, Path, description = "The indicator's id."), SpanParams),
    responses((status = 200, body = Items<Observation>), (status = "4XX", body = Problem)))]
#[get("/indicators/{id}/observations")]
async fn list_observations(
    access: Access,
    id: Path<AnyId>,
    Params(SpanParams { from, to }, _): Params<SpanParams>,
) -> Result<Answer<Items<Observation>>> {
    let (from, to) = observation::span(from.as_deref(), to.as_deref())?;
    let all = super::observations_of(&access, &[measured(&access, &id).await?]).await?;
    let found = observation::within(all, from.as_ref(), to.as_ref());
    cited(&access, found).await.map(Answer::list)
}

/// Record what an indicator was. What is there already is overwritten only at the revision sent as
/// `If-Match`; recorded again, nothing changes. For who keeps the facts of its region.
#[utoipa::path(tag = "indicators", operation_id = "recordObservation", request_body = ObservationInput,
    params(("id" = String, Path, description = "The indicator's id."),
        ("period" = String, Path, description = "Of which period: `2024`, `2024-H1`, `2024-Q3` or `2025-05`."),
        ("If-Match" = Option<String>, Header, description = "The revision you read, to overwrite.")),
    responses((status = 200, body = Observation), (status = "4XX", body = Problem)))]
#[put("/indicators/{id}/observations/{period}")]
async fn record_observation(
    access: Access,
    path: Path<(AnyId, String)>,
    read: IfSent,
    _: Params,
    wanted: Body<ObservationInput>,
) -> Result<Answer<Observation>> {
    let (id, text) = path.into_inner();
    let (id, period) = (IndicatorId::parse_at("id", &id)?, period(&text)?);
    let wanted = (wanted.0, read.revision());
    let done = super::record(&access, id, period, wanted).await.map_err(IfMatch::told)?;
    let done = cited(&access, done).await?;
    Ok(Answer::tagged(done.revision, done))
}

/// Take back an observation that is at the revision sent as `If-Match`.
#[utoipa::path(tag = "indicators", operation_id = "removeObservation",
    params(("id" = String, Path, description = "The indicator's id."),
        ("period" = String, Path, description = "Its period."),
        ("If-Match" = String, Header, description = "The revision you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/indicators/{id}/observations/{period}")]
async fn remove_observation(
    access: Access,
    path: Path<(AnyId, String)>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let (id, text) = path.into_inner();
    let (id, period) = (IndicatorId::parse_at("id", &id)?, period(&text)?);
    super::remove_observation(&access, id, period, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}

/// What can be measured, by code.
#[utoipa::path(tag = "indicators", operation_id = "listIndicatorDefinitions", params(DefinitionParams, PageParams),
    responses((status = 200, body = Items<IndicatorDefinition>), (status = "4XX", body = Problem)))]
#[get("/indicator-definitions")]
async fn list_definitions(
    access: Access,
    Params(params, page): Params<DefinitionParams, PageParams>,
) -> Result<Answer<Items<IndicatorDefinition>>> {
    super::page_definitions(&access, &params.into(), &page.asked()?).await.map(Answer::list)
}
