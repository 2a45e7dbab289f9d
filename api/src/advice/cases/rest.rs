//! The same in REST.

use actix_web::web::Path;
use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    AdviceBox, AdviceCase, AdviceCaseFilter, AdviceEvent, AdviceItem, AdviceState,
    AdviceStateFilter, Declined, NewAdviceCase, NewAnswer, NewItemReply, NewQuestion, NewReply,
    Withdrawn,
};
use crate::access::Access;
use crate::date::Day;
use crate::error::{Problem, Result};
use crate::history::AnyRevision;
use crate::id::{AdviceItemId, AnyId, CaseId, Id as _, PlanId};
use crate::page::rest::{Items, PageParams};
use crate::region::RegionBy;
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of advice cases.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_advice_cases)
        .service(create_advice_case)
        .service(get_advice_case)
        .service(list_advice_events)
        .service(get_advice_item)
        .service(accept_case)
        .service(decline_case)
        .service(ask_back)
        .service(reply_to_question)
        .service(answer_case)
        .service(reply_to_item)
        .service(close_case)
        .service(withdraw_case)
        .service(list_plan_advice_cases);
}

/// Which advice cases a list holds, and how they are looked at.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct CaseParams {
    /// Which of those the caller sees; all of them if not said.
    #[serde(rename = "box")]
    #[param(rename = "box")]
    among: Option<AdviceBox>,
    /// How far they have come.
    state: Option<AdviceState>,
    /// Those about plans of the region of this code, today's or a former one.
    region: Option<String>,
    /// Those about plans of the regions somewhere below the region of this code.
    within: Option<String>,
    /// Those about this plan.
    plan: Option<String>,
    /// Those addressed to this organization.
    organization: Option<String>,
    /// Those that are not answered and whose due date is over; or, if false, the others.
    late: Option<bool>,
    /// The day on which it is asked what is late and how overdue it is; today if not said.
    on: Option<String>,
    /// Only those written after this revision.
    changed_after: Option<String>,
}

impl CaseParams {
    fn filter(self) -> Result<AdviceCaseFilter> {
        Ok(AdviceCaseFilter {
            among: self.among,
            state: self.state.map(|it| AdviceStateFilter { eq: Some(it), ..Default::default() }),
            region: self.region.map(RegionBy::Code),
            within: self.within.map(RegionBy::Code),
            plan: self.plan.map(AnyId),
            organization: self.organization.map(AnyId),
            late: self.late,
            on: day(self.on.as_deref())?,
            changed_after: self.changed_after.map(AnyRevision),
            ..AdviceCaseFilter::default()
        })
    }
}

/// On which day an advice case is looked at.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct DayParams {
    /// The day on which it is asked how overdue it is; today if not said.
    on: Option<String>,
}

fn day(on: Option<&str>) -> Result<Option<Day>> {
    on.map(Day::parse).transpose().map_err(|error| error.at("on"))
}

/// The tag says on which day the case was looked at, too.
async fn shown(access: &Access, case: AdviceCase, on: Option<Day>) -> Result<Answer<AdviceCase>> {
    let on = match on {
        Some(on) => on,
        None => super::today(access).await?,
    };
    Ok(Answer::tagged(case.revision, case.on(on)).with_day(on))
}

async fn done(access: &Access, step: Result<AdviceCase>) -> Result<Answer<AdviceCase>> {
    shown(access, step.map_err(IfMatch::told)?, None).await
}

fn case(id: &AnyId) -> Result<CaseId> {
    CaseId::parse_at("id", id)
}

fn place((case, item): &(AnyId, AnyId)) -> Result<(CaseId, AdviceItemId)> {
    Ok((CaseId::parse_at("id", case)?, AdviceItemId::parse_at("item", item)?))
}

/// The advice cases that fit and that the caller sees, as they were asked.
#[utoipa::path(tag = "advice", operation_id = "listAdviceCases", params(CaseParams, PageParams),
    responses((status = 200, body = Items<AdviceCase>), (status = "4XX", body = Problem)))]
#[get("/advice-cases")]
async fn list_advice_cases(
    access: Access,
    Params(params, page): Params<CaseParams, PageParams>,
) -> Result<Answer<Items<AdviceCase>>> {
    let filter = params.filter()?;
    let cases = super::page(&access, &filter, &[], &page.asked()?).await?;
    let cases = cases.try_map(|case| Ok(filter.on.map_or(case.clone(), |on| case.on(on))))?;
    Ok(Answer::list(cases))
}

/// The advice cases about a plan, as they were asked.
#[utoipa::path(tag = "advice", operation_id = "listPlanAdviceCases",
    params(("id" = String, Path, description = "The plan's id.")),
    responses((status = 200, body = Items<AdviceCase>), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/advice-cases")]
async fn list_plan_advice_cases(
    access: Access,
    id: Path<AnyId>,
    _: Params,
) -> Result<Answer<Items<AdviceCase>>> {
    super::of_plan(&access, PlanId::parse_at("id", &id)?).await.map(Answer::list)
}

/// Ask an agency or a support centre for advice on a plan. For who asks for advice on it.
#[utoipa::path(tag = "advice", operation_id = "createAdviceCase", request_body = NewAdviceCase,
    responses((status = 201, body = AdviceCase), (status = "4XX", body = Problem)))]
#[post("/advice-cases")]
async fn create_advice_case(
    access: Access,
    _: Params,
    new: Body<NewAdviceCase>,
) -> Result<Answer<AdviceCase>> {
    let case = super::create(&access, new.0).await?;
    let place = format!("/api/v1/advice-cases/{}", case.id);
    shown(&access, case, None).await.map(|answer| answer.created_at(place))
}

/// One advice case.
#[utoipa::path(tag = "advice", operation_id = "getAdviceCase",
    params(("id" = String, Path, description = "Its id."), DayParams),
    responses((status = 200, body = AdviceCase), (status = "4XX", body = Problem)))]
#[get("/advice-cases/{id}")]
async fn get_advice_case(
    access: Access,
    id: Path<AnyId>,
    Params(DayParams { on }, _): Params<DayParams>,
) -> Result<Answer<AdviceCase>> {
    let found = super::get(&access, case(&id)?).await?;
    shown(&access, found, day(on.as_deref())?).await
}

/// What happened to an advice case, the oldest first.
#[utoipa::path(tag = "advice", operation_id = "listAdviceEvents",
    params(("id" = String, Path, description = "The case's id."), DayParams),
    responses((status = 200, body = Items<AdviceEvent>), (status = "4XX", body = Problem)))]
#[get("/advice-cases/{id}/events")]
async fn list_advice_events(
    access: Access,
    id: Path<AnyId>,
    Params(DayParams { on }, _): Params<DayParams>,
) -> Result<Answer<Items<AdviceEvent>>> {
    super::events_of_case(&access, case(&id)?, day(on.as_deref())?).await.map(Answer::list)
}

/// One point of a case's answer.
#[utoipa::path(tag = "advice", operation_id = "getAdviceItem",
    params(("id" = String, Path, description = "The case's id."),
        ("item" = String, Path, description = "The point's id.")),
    responses((status = 200, body = AdviceItem), (status = "4XX", body = Problem)))]
#[get("/advice-cases/{id}/items/{item}")]
async fn get_advice_item(
    access: Access,
    path: Path<(AnyId, AnyId)>,
    _: Params,
) -> Result<Answer<AdviceItem>> {
    let (case, item) = place(&path)?;
    let item = super::item(&access, case, item).await?;
    Ok(Answer::tagged(item.revision, item))
}

/// Take on a request that is at the revision sent as `If-Match`: from then an answer is owed. For
/// who advises in the adviser's name.
#[utoipa::path(tag = "advice", operation_id = "acceptCase",
    params(("id" = String, Path, description = "The case's id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = AdviceCase), (status = "4XX", body = Problem)))]
#[post("/advice-cases/{id}/accept")]
async fn accept_case(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<AdviceCase>> {
    done(&access, super::accept(&access, case(&id)?, read.revision).await).await
}

/// Do not take on a request that is at the revision sent as `If-Match`. For who advises in the
/// adviser's name.
#[utoipa::path(tag = "advice", operation_id = "declineCase", request_body = Declined,
    params(("id" = String, Path, description = "The case's id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = AdviceCase), (status = "4XX", body = Problem)))]
#[post("/advice-cases/{id}/decline")]
async fn decline_case(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    declined: Body<Declined>,
) -> Result<Answer<AdviceCase>> {
    done(&access, super::decline(&access, case(&id)?, read.revision, declined.0).await).await
}

/// Ask the asker something, in a case that is at the revision sent as `If-Match`: the clock stands
/// until they reply. For who advises in the adviser's name.
#[utoipa::path(tag = "advice", operation_id = "askBack", request_body = NewQuestion,
    params(("id" = String, Path, description = "The case's id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = AdviceCase), (status = "4XX", body = Problem)))]
#[post("/advice-cases/{id}/question")]
async fn ask_back(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    asked: Body<NewQuestion>,
) -> Result<Answer<AdviceCase>> {
    done(&access, super::ask_back(&access, case(&id)?, read.revision, asked.0).await).await
}

/// Reply to the question that is open in a case that is at the revision sent as `If-Match`: the
/// clock goes on. For who asks for advice on the plan.
#[utoipa::path(tag = "advice", operation_id = "replyToQuestion", request_body = NewReply,
    params(("id" = String, Path, description = "The case's id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = AdviceCase), (status = "4XX", body = Problem)))]
#[post("/advice-cases/{id}/reply")]
async fn reply_to_question(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    reply: Body<NewReply>,
) -> Result<Answer<AdviceCase>> {
    done(&access, super::reply(&access, case(&id)?, read.revision, reply.0).await).await
}

/// Answer a request that is at the revision sent as `If-Match`, once, point by point. For who advises
/// in the adviser's name.
#[utoipa::path(tag = "advice", operation_id = "answerCase", request_body = NewAnswer,
    params(("id" = String, Path, description = "The case's id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = AdviceCase), (status = "4XX", body = Problem)))]
#[post("/advice-cases/{id}/answer")]
async fn answer_case(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    answer: Body<NewAnswer>,
) -> Result<Answer<AdviceCase>> {
    done(&access, super::answer(&access, case(&id)?, read.revision, answer.0).await).await
}

/// Say what became of a point of an answer that is at the revision sent as `If-Match`: the point's
/// own. For who asks for advice on the plan.
#[utoipa::path(tag = "advice", operation_id = "replyToItem", request_body = NewItemReply,
    params(("id" = String, Path, description = "The case's id."),
        ("item" = String, Path, description = "The point's id."),
        ("If-Match" = String, Header, description = "The ETag of the point you read.")),
    responses((status = 200, body = AdviceItem), (status = "4XX", body = Problem)))]
#[post("/advice-cases/{id}/items/{item}/reply")]
async fn reply_to_item(
    access: Access,
    path: Path<(AnyId, AnyId)>,
    read: IfMatch,
    _: Params,
    reply: Body<NewItemReply>,
) -> Result<Answer<AdviceItem>> {
    let done = super::reply_to_item(&access, place(&path)?, read.revision, reply.0).await;
    let item = done.map_err(IfMatch::told)?;
    Ok(Answer::tagged(item.revision, item))
}

/// Close a case that is at the revision sent as `If-Match` and of whose answer every point is replied
/// to. For who asks for advice on the plan.
#[utoipa::path(tag = "advice", operation_id = "closeCase",
    params(("id" = String, Path, description = "The case's id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = AdviceCase), (status = "4XX", body = Problem)))]
#[post("/advice-cases/{id}/close")]
async fn close_case(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<AdviceCase>> {
    done(&access, super::close(&access, case(&id)?, read.revision).await).await
}

/// Take back a request that is at the revision sent as `If-Match` and not answered yet. For who asks
/// for advice on the plan.
#[utoipa::path(tag = "advice", operation_id = "withdrawCase", request_body = Withdrawn,
    params(("id" = String, Path, description = "The case's id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = AdviceCase), (status = "4XX", body = Problem)))]
#[post("/advice-cases/{id}/withdraw")]
async fn withdraw_case(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    withdrawn: Body<Withdrawn>,
) -> Result<Answer<AdviceCase>> {
    done(&access, super::withdraw(&access, case(&id)?, read.revision, withdrawn.0).await).await
}
