//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, patch, post, put};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    Assessment, AssessmentInput, AvailableTransition, CheckChange, CheckFilter, CheckKind,
    CheckKindFilter, CheckState, CheckTransitionInput, NewCheck, ProgressCheck,
    ProgressStateFilter,
};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::filter::IntFilter;
use crate::history::AnyRevision;
use crate::id::{AnyId, CheckId, Id as _, MeasureId};
use crate::page::rest::{Items, PageParams};
use crate::quantity::MassUnit;
use crate::region::RegionBy;
use crate::source::cited;
use crate::wire::Call;
use crate::wire::rest::{Answer, Body, IfMatch, IfSent, Params};

/// The routes of progress checks.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_progress_checks)
        .service(create_progress_check)
        .service(get_progress_check)
        .service(update_progress_check)
        .service(delete_progress_check)
        .service(list_transitions)
        .service(transition_progress_check)
        .service(list_assessments)
        .service(get_assessment)
        .service(assess_measure)
        .service(remove_assessment);
}

/// Which progress checks a list holds, and how they are shown.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct CheckParams {
    /// Those of the region of this code, today's or a former one.
    region: Option<String>,
    /// Those of the regions somewhere below the region of this code.
    within: Option<String>,
    /// Those of this plan.
    plan: Option<String>,
    /// Of this year.
    year: Option<i32>,
    /// What they look at.
    kind: Option<CheckKind>,
    /// How far they have come.
    state: Option<CheckState>,
    /// Only those written after this revision.
    changed_after: Option<String>,
    /// The unit masses are shown in; `KT` if not said.
    unit: Option<MassUnit>,
}

impl From<CheckParams> for CheckFilter {
    fn from(params: CheckParams) -> Self {
        let CheckParams { region, within, plan, year, kind, state, changed_after, unit: _ } =
            params;
        Self {
            region: region.map(RegionBy::Code),
            within: within.map(RegionBy::Code),
            plan: plan.map(AnyId),
            year: year.map(|year| IntFilter { eq: Some(year), ..Default::default() }),
            kind: kind.map(|kind| CheckKindFilter { eq: Some(kind), ..Default::default() }),
            state: state.map(|state| ProgressStateFilter { eq: Some(state), ..Default::default() }),
            changed_after: changed_after.map(AnyRevision),
            ..Self::default()
        }
    }
}

/// How a progress check is shown.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct UnitParams {
    /// The unit masses are shown in; `KT` if not said.
    unit: Option<MassUnit>,
}

async fn shown(
    access: &Access,
    check: ProgressCheck,
    unit: Option<MassUnit>,
) -> Result<Answer<ProgressCheck>> {
    let check = cited(access, check.in_unit(unit.unwrap_or_default())).await?;
    Ok(Answer::tagged(check.revision, check).with_computed())
}

/// The progress checks that fit and that the caller sees, as they were entered.
#[utoipa::path(tag = "progress", operation_id = "listProgressChecks",
    params(CheckParams, PageParams),
    responses((status = 200, body = Items<ProgressCheck>), (status = "4XX", body = Problem)))]
#[get("/progress-checks")]
async fn list_progress_checks(
    access: Access,
    Params(filter, page): Params<CheckParams, PageParams>,
) -> Result<Answer<Items<ProgressCheck>>> {
    let unit = filter.unit.unwrap_or_default();
    let checks = super::page(&access, &filter.into(), &[], &page.asked()?).await?;
    let checks = checks.try_map(|check| Ok(check.in_unit(unit)))?;
    cited(&access, checks).await.map(Answer::list)
}

/// Enter a progress check. For who checks the progress of its region.
#[utoipa::path(tag = "progress", operation_id = "createProgressCheck", request_body = NewCheck,
    responses((status = 201, body = ProgressCheck), (status = "4XX", body = Problem)))]
#[post("/progress-checks")]
async fn create_progress_check(
    access: Access,
    _: Params,
    new: Body<NewCheck>,
) -> Result<Answer<ProgressCheck>> {
    let check = super::create(&access, new.0).await?;
    let place = format!("/api/v1/progress-checks/{}", check.id);
    shown(&access, check, None).await.map(|answer| answer.created_at(place))
}

/// One progress check.
#[utoipa::path(tag = "progress", operation_id = "getProgressCheck",
    params(("id" = String, Path, description = "Its id."), UnitParams),
    responses((status = 200, body = ProgressCheck), (status = "4XX", body = Problem)))]
#[get("/progress-checks/{id}")]
async fn get_progress_check(
    access: Access,
    id: Path<AnyId>,
    Params(UnitParams { unit }, _): Params<UnitParams>,
) -> Result<Answer<ProgressCheck>> {
    let check = super::get(&access, CheckId::parse_at("id", &id)?).await?;
    shown(&access, check, unit).await
}

/// Change a progress check that is at the revision sent as `If-Match`. For who checks the progress
/// of its region.
#[utoipa::path(tag = "progress", operation_id = "updateProgressCheck", request_body = CheckChange,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = ProgressCheck), (status = "4XX", body = Problem)))]
#[patch("/progress-checks/{id}")]
async fn update_progress_check(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    change: Body<CheckChange>,
) -> Result<Answer<ProgressCheck>> {
    let id = CheckId::parse_at("id", &id)?;
    let done = super::update(&access, id, read.revision, change.0).await;
    shown(&access, done.map_err(IfMatch::told)?, None).await
}

/// Remove a progress check that is at the revision sent as `If-Match`. For who checks the progress
/// of its region.
#[utoipa::path(tag = "progress", operation_id = "deleteProgressCheck",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/progress-checks/{id}")]
async fn delete_progress_check(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = CheckId::parse_at("id", &id)?;
    super::delete(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}

fn place((check, measure): &(AnyId, AnyId)) -> Result<(CheckId, MeasureId)> {
    Ok((CheckId::parse_at("id", check)?, MeasureId::parse_at("measure", measure)?))
}

fn assessed(assessment: Assessment, unit: Option<MassUnit>) -> Answer<Assessment> {
    let assessment = assessment.in_unit(unit.unwrap_or_default());
    Answer::tagged(assessment.revision, assessment).with_computed()
}

/// The steps of a check's road, in order: which of them the caller can take now, and why not.
#[utoipa::path(tag = "progress", operation_id = "listProgressCheckTransitions",
    params(("id" = String, Path, description = "The check's id.")),
    responses((status = 200, body = Items<AvailableTransition>), (status = "4XX", body = Problem)))]
#[get("/progress-checks/{id}/transitions")]
async fn list_transitions(
    access: Access,
    call: Call,
    id: Path<AnyId>,
    _: Params,
) -> Result<Answer<Items<AvailableTransition>>> {
    let offers = super::transitions(&access, CheckId::parse_at("id", &id)?).await?;
    let offers: Vec<_> = offers.iter().map(|offer| offer.in_lang(call.lang)).collect();
    Ok(Answer::list(offers))
}

/// Take a step with the progress check of a basic plan that is at the `revision` in the body; where
/// `If-Match` is sent, it must hold as well. Who may depends on the step. Submitted, a check does not
/// change until it is reopened.
#[utoipa::path(tag = "progress", operation_id = "transitionProgressCheck",
    request_body = CheckTransitionInput,
    params(("id" = String, Path, description = "The check's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag you read, if it is to hold too.")),
    responses((status = 200, body = ProgressCheck), (status = "4XX", body = Problem)))]
#[post("/progress-checks/{id}/transitions")]
async fn transition_progress_check(
    access: Access,
    id: Path<AnyId>,
    read: IfSent,
    _: Params,
    step: Body<CheckTransitionInput>,
) -> Result<Answer<ProgressCheck>> {
    let access = read.beside_body(access);
    let done = super::transition(&access, CheckId::parse_at("id", &id)?, step.0).await;
    let done = done.map_err(|error| IfSent::told_beside_body(&access, error))?;
    shown(&access, done, None).await
}

/// What a progress check says of single measures, as they were entered.
#[utoipa::path(tag = "progress", operation_id = "listAssessments",
    params(("id" = String, Path, description = "The check's id."), UnitParams),
    responses((status = 200, body = Items<Assessment>), (status = "4XX", body = Problem)))]
#[get("/progress-checks/{id}/assessments")]
async fn list_assessments(
    access: Access,
    id: Path<AnyId>,
    Params(UnitParams { unit }, _): Params<UnitParams>,
) -> Result<Answer<Items<Assessment>>> {
    let assessments = super::of_check(&access, CheckId::parse_at("id", &id)?).await?;
    let unit = unit.unwrap_or_default();
    let assessments: Vec<Assessment> =
        assessments.into_iter().map(|assessment| assessment.in_unit(unit)).collect();
    Ok(Answer::list(assessments))
}

/// What a progress check says of a measure.
#[utoipa::path(tag = "progress", operation_id = "getAssessment",
    params(("id" = String, Path, description = "The check's id."),
        ("measure" = String, Path, description = "The measure's id."), UnitParams),
    responses((status = 200, body = Assessment), (status = "4XX", body = Problem)))]
#[get("/progress-checks/{id}/assessments/{measure}")]
async fn get_assessment(
    access: Access,
    path: Path<(AnyId, AnyId)>,
    Params(UnitParams { unit }, _): Params<UnitParams>,
) -> Result<Answer<Assessment>> {
    let (check, measure) = place(&path)?;
    let assessment = super::of_measure(&access, check, measure).await?;
    Ok(assessed(assessment, unit))
}

/// Say how a measure stands: for the first time, or anew at the revision sent as `If-Match`. What
/// is left out stays. For who checks the progress of the region.
#[utoipa::path(tag = "progress", operation_id = "assessMeasure", request_body = AssessmentInput,
    params(("id" = String, Path, description = "The check's id."),
        ("measure" = String, Path, description = "The measure's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag you read, if there is one.")),
    responses((status = 200, body = Assessment), (status = "4XX", body = Problem)))]
#[put("/progress-checks/{id}/assessments/{measure}")]
async fn assess_measure(
    access: Access,
    path: Path<(AnyId, AnyId)>,
    read: IfSent,
    _: Params,
    wanted: Body<AssessmentInput>,
) -> Result<Answer<Assessment>> {
    let revision = read.revision();
    let done = super::assess(&access, place(&path)?, revision, wanted.0).await;
    Ok(assessed(done.map_err(|error| read.told(error))?, None))
}

/// Take an assessment back that is at the revision sent as `If-Match`. For who checks the progress
/// of the region.
#[utoipa::path(tag = "progress", operation_id = "removeAssessment",
    params(("id" = String, Path, description = "The check's id."),
        ("measure" = String, Path, description = "The measure's id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/progress-checks/{id}/assessments/{measure}")]
async fn remove_assessment(
    access: Access,
    path: Path<(AnyId, AnyId)>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    super::remove(&access, place(&path)?, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}
