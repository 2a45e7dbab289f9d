//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Issue, IssueChange, IssueFilter, IssueLevel, IssueLevelFilter, NewIssue};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::filter::StringFilter;
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, IssueId, PlanId};
use crate::page::rest::{Items, PageParams};
use crate::region::RegionBy;
use crate::source::cited;
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of issues.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_issues)
        .service(create_issue)
        .service(get_issue)
        .service(update_issue)
        .service(delete_issue)
        .service(list_plan_issues);
}

/// Which issues a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct IssueParams {
    /// Those of the region of this code, today's or a former one.
    region: Option<String>,
    /// Those of the regions somewhere below the region of this code.
    within: Option<String>,
    /// Those about this plan.
    plan: Option<String>,
    /// On which level it lies.
    level: Option<IssueLevel>,
    /// What kind of difficulty it is.
    category: Option<String>,
    /// Only those whose title has this text in it.
    title: Option<String>,
    /// Only those written after this revision.
    changed_after: Option<String>,
}

impl From<IssueParams> for IssueFilter {
    fn from(params: IssueParams) -> Self {
        let IssueParams { region, within, plan, level, category, title, changed_after } = params;
        Self {
            region: region.map(RegionBy::Code),
            within: within.map(RegionBy::Code),
            plan: plan.map(AnyId),
            level: level.map(|level| IssueLevelFilter { eq: Some(level), ..Default::default() }),
            category: category.map(|code| StringFilter { eq: Some(code), ..Default::default() }),
            title: title.map(|title| StringFilter { contains: Some(title), ..Default::default() }),
            changed_after: changed_after.map(AnyRevision),
            ..Self::default()
        }
    }
}

async fn shown(access: &Access, issue: Issue) -> Result<Answer<Issue>> {
    let issue = cited(access, issue).await?;
    Ok(Answer::tagged(issue.revision, issue))
}

/// The issues that fit and that the caller sees, as they were entered.
#[utoipa::path(tag = "issues", operation_id = "listIssues", params(IssueParams, PageParams),
    responses((status = 200, body = Items<Issue>), (status = "4XX", body = Problem)))]
#[get("/issues")]
async fn list_issues(
    access: Access,
    Params(filter, page): Params<IssueParams, PageParams>,
) -> Result<Answer<Items<Issue>>> {
    let issues = super::page(&access, &filter.into(), &[], &page.asked()?).await?;
    cited(&access, issues).await.map(Answer::list)
}

/// The issues about a plan, as they were entered.
#[utoipa::path(tag = "issues", operation_id = "listPlanIssues",
    params(("id" = String, Path, description = "The plan's id.")),
    responses((status = 200, body = Items<Issue>), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/issues")]
async fn list_plan_issues(
    access: Access,
    id: Path<AnyId>,
    _: Params,
) -> Result<Answer<Items<Issue>>> {
    let issues = super::of_plan(&access, PlanId::parse_at("id", &id)?).await?;
    cited(&access, issues).await.map(Answer::list)
}

/// Tell of a difficulty. For who shares issues of its region.
#[utoipa::path(tag = "issues", operation_id = "createIssue", request_body = NewIssue,
    responses((status = 201, body = Issue), (status = "4XX", body = Problem)))]
#[post("/issues")]
async fn create_issue(access: Access, _: Params, new: Body<NewIssue>) -> Result<Answer<Issue>> {
    let issue = super::create(&access, new.0).await?;
    let place = format!("/api/v1/issues/{}", issue.id);
    shown(&access, issue).await.map(|answer| answer.created_at(place))
}

/// One issue.
#[utoipa::path(tag = "issues", operation_id = "getIssue",
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Issue), (status = "4XX", body = Problem)))]
#[get("/issues/{id}")]
async fn get_issue(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<Issue>> {
    let issue = super::get(&access, IssueId::parse_at("id", &id)?).await?;
    shown(&access, issue).await
}

/// Change an issue that is at the revision sent as `If-Match`. For who shares issues of its region.
#[utoipa::path(tag = "issues", operation_id = "updateIssue", request_body = IssueChange,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Issue), (status = "4XX", body = Problem)))]
#[patch("/issues/{id}")]
async fn update_issue(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    change: Body<IssueChange>,
) -> Result<Answer<Issue>> {
    let id = IssueId::parse_at("id", &id)?;
    let done = super::update(&access, id, read.revision, change.0).await;
    shown(&access, done.map_err(IfMatch::told)?).await
}

/// Remove an issue that is at the revision sent as `If-Match`. For who shares issues of its region.
#[utoipa::path(tag = "issues", operation_id = "deleteIssue",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/issues/{id}")]
async fn delete_issue(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = IssueId::parse_at("id", &id)?;
    super::delete(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}
