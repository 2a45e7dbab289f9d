//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    Measure, MeasureChange, MeasureFamily, MeasureFamilyFilter, MeasureFilter, MeasureStatus,
    MeasureStatusFilter, NewMeasure,
};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::filter::StringFilter;
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, MeasureId, PlanId};
use crate::page::Page;
use crate::page::rest::{Items, PageParams};
use crate::plan;
use crate::quantity::MassUnit;
use crate::region::RegionBy;
use crate::source::cited;
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of measures.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_measures)
        .service(list_plan_measures)
        .service(create_measure)
        .service(get_measure)
        .service(update_measure)
        .service(delete_measure);
}

/// Which measures a list holds, and how they are shown.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct MeasureParams {
    /// Those of the plan of this id.
    plan: Option<String>,
    /// Those of the plans of the region of this code, today's or a former one.
    region: Option<String>,
    /// Those of the plans of the regions somewhere below the region of this code.
    within: Option<String>,
    /// Those of the sector of this code.
    sector: Option<String>,
    /// Those that the organization of this id leads.
    lead: Option<String>,
    /// Those of this family.
    family: Option<MeasureFamily>,
    /// Those that have come this far.
    status: Option<MeasureStatus>,
    /// Whether precursors are among them; only where `status` names them if not said.
    include_precursors: Option<bool>,
    /// Only those whose title has this text in it.
    title: Option<String>,
    /// Only those written after this revision.
    changed_after: Option<String>,
    /// The unit masses are shown in; `KT` if not said.
    unit: Option<MassUnit>,
}

impl From<MeasureParams> for MeasureFilter {
    fn from(params: MeasureParams) -> Self {
        Self {
            plan_id: params.plan.map(AnyId),
            region: params.region.map(RegionBy::Code),
            within: params.within.map(RegionBy::Code),
            sector: params.sector,
            lead: params.lead.map(AnyId),
            family: params
                .family
                .map(|family| MeasureFamilyFilter { eq: Some(family), ..Default::default() }),
            status: params
                .status
                .map(|status| MeasureStatusFilter { eq: Some(status), ..Default::default() }),
            include_precursors: params.include_precursors,
            title: params
                .title
                .map(|title| StringFilter { contains: Some(title), ..Default::default() }),
            changed_after: params.changed_after.map(AnyRevision),
            ..Self::default()
        }
    }
}

/// How a measure is shown.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct UnitParams {
    /// The unit masses are shown in; `KT` if not said.
    unit: Option<MassUnit>,
}

async fn listed(
    access: &Access,
    measures: Page<Measure>,
    unit: Option<MassUnit>,
) -> Result<Answer<Items<Measure>>> {
    let unit = unit.unwrap_or_default();
    let measures = measures.try_map(|measure| Ok(measure.in_unit(unit)))?;
    cited(access, measures).await.map(Answer::list)
}

async fn shown(
    access: &Access,
    measure: Measure,
    unit: Option<MassUnit>,
) -> Result<Answer<Measure>> {
    let measure = cited(access, measure.in_unit(unit.unwrap_or_default())).await?;
    Ok(Answer::tagged(measure.revision, measure))
}

/// The measures that fit and that the caller sees, as they were entered.
#[utoipa::path(tag = "measures", operation_id = "listMeasures", params(MeasureParams, PageParams),
    responses((status = 200, body = Items<Measure>), (status = "4XX", body = Problem)))]
#[get("/measures")]
async fn list_measures(
    access: Access,
    Params(params, page): Params<MeasureParams, PageParams>,
) -> Result<Answer<Items<Measure>>> {
    let unit = params.unit;
    let measures = super::page(&access, &params.into(), &[], &page.asked()?).await?;
    listed(&access, measures, unit).await
}

/// The measures of a plan that fit, as they were entered.
#[utoipa::path(tag = "measures", operation_id = "listPlanMeasures",
    params(("id" = String, Path, description = "The plan's id."), MeasureParams, PageParams),
    responses((status = 200, body = Items<Measure>), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/measures")]
async fn list_plan_measures(
    access: Access,
    id: Path<AnyId>,
    Params(params, page): Params<MeasureParams, PageParams>,
) -> Result<Answer<Items<Measure>>> {
    plan::site_of(&access, PlanId::parse_at("id", &id)?).await?;
    let (unit, filter) = (params.unit, MeasureFilter::from(params).of_plan(id.into_inner()));
    listed(&access, super::page(&access, &filter, &[], &page.asked()?).await?, unit).await
}

/// Put a measure into a plan. For who edits it.
#[utoipa::path(tag = "measures", operation_id = "createMeasure", request_body = NewMeasure,
    responses((status = 201, body = Measure), (status = "4XX", body = Problem)))]
#[post("/measures")]
async fn create_measure(
    access: Access,
    _: Params,
    new: Body<NewMeasure>,
) -> Result<Answer<Measure>> {
    let measure = super::create(&access, new.0).await?;
    let place = format!("/api/v1/measures/{}", measure.id);
    shown(&access, measure, None).await.map(|answer| answer.created_at(place))
}

/// One measure.
#[utoipa::path(tag = "measures", operation_id = "getMeasure",
    params(("id" = String, Path, description = "Its id."), UnitParams),
    responses((status = 200, body = Measure), (status = "4XX", body = Problem)))]
#[get("/measures/{id}")]
async fn get_measure(
    access: Access,
    id: Path<AnyId>,
    Params(UnitParams { unit }, _): Params<UnitParams>,
) -> Result<Answer<Measure>> {
    let measure = super::get(&access, MeasureId::parse_at("id", &id)?).await?;
    shown(&access, measure, unit).await
}

/// Change a measure that is at the revision sent as `If-Match`. For who edits its plan.
#[utoipa::path(tag = "measures", operation_id = "updateMeasure", request_body = MeasureChange,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Measure), (status = "4XX", body = Problem)))]
#[patch("/measures/{id}")]
async fn update_measure(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    change: Body<MeasureChange>,
) -> Result<Answer<Measure>> {
    let id = MeasureId::parse_at("id", &id)?;
    let done = super::update(&access, id, read.revision, change.0).await;
    shown(&access, done.map_err(IfMatch::told)?, None).await
}

/// Remove a measure that is at the revision sent as `If-Match`. For who edits its plan.
#[utoipa::path(tag = "measures", operation_id = "deleteMeasure",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/measures/{id}")]
async fn delete_measure(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = MeasureId::parse_at("id", &id)?;
    super::delete(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}
