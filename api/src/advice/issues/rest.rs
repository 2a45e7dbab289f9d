//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    Issue, IssueCategory, IssueChange, IssueFilter, IssueLevel, IssueLevelFilter, IssueState,
    IssueStateFilter, IssueTheme, NewIssue, Solving,
};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::filter::StringFilter;
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, IssueId, PlanId};
use crate::page;
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
        .service(solve_issue)
        .service(reopen_issue)
        .service(merge_issues)
        .service(unmerge_issue)
        .service(list_similar_issues)
        .service(list_issue_categories)
        .service(list_plan_issues);
    super::comments::rest::routes(config);
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
    /// Those about this measure.
    measure: Option<String>,
    /// Those about the sector of this code.
    sector: Option<String>,
    /// On which level it lies.
    level: Option<IssueLevel>,
    /// How far it is from being solved. Only `MERGED` finds those.
    state: Option<IssueState>,
    /// What kind of difficulty it is.
    category: Option<String>,
    /// Whether `category` stands for the codes that correspond to it, too.
    include_mapped: Option<bool>,
    /// What it is about, in a few words.
    theme: Option<IssueTheme>,
    /// Those that were merged into this one.
    merged_into: Option<String>,
    /// All of these words are in its title, description, advice or solution.
    text: Option<String>,
    /// Only those whose title has this text in it.
    title: Option<String>,
    /// Only those written after this revision.
    changed_after: Option<String>,
}

impl From<IssueParams> for IssueFilter {
    fn from(params: IssueParams) -> Self {
        let text = |text: Option<String>| {
            text.map(|text| StringFilter { contains: Some(text), ..Default::default() })
        };
        let level = |level| IssueLevelFilter { eq: Some(level), ..Default::default() };
        let state = |state| IssueStateFilter { eq: Some(state), ..Default::default() };
        let category = |code| StringFilter { eq: Some(code), ..Default::default() };
        Self {
            region: params.region.map(RegionBy::Code),
            within: params.within.map(RegionBy::Code),
            plan: params.plan.map(AnyId),
            measure: params.measure.map(AnyId),
            sector: params.sector,
            level: params.level.map(level),
            state: params.state.map(state),
            category: params.category.map(category),
            include_mapped: params.include_mapped,
            theme: params.theme,
            merged_into: params.merged_into.map(AnyId),
            text: params.text,
            title: text(params.title),
            changed_after: params.changed_after.map(AnyRevision),
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

/// Say how an issue that is at the revision sent as `If-Match` was solved. For who shares issues of
/// its region; `GUARD_FAILED` for one that is solved or merged.
#[utoipa::path(tag = "issues", operation_id = "solveIssue", request_body = Solving,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Issue), (status = "4XX", body = Problem)))]
#[post("/issues/{id}/solve")]
async fn solve_issue(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    solving: Body<Solving>,
) -> Result<Answer<Issue>> {
    let id = IssueId::parse_at("id", &id)?;
    let done = super::solve(&access, id, read.revision, solving.0).await;
    shown(&access, done.map_err(IfMatch::told)?).await
}

/// Why an issue is opened again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Reopening {
    /// Why the solution did not hold; it becomes a comment.
    reason: Option<String>,
}

/// Open a solved issue that is at the revision sent as `If-Match` again. Its solution stays in its
/// past. For who shares issues of its region.
#[utoipa::path(tag = "issues", operation_id = "reopenIssue", request_body = Reopening,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Issue), (status = "4XX", body = Problem)))]
#[post("/issues/{id}/reopen")]
async fn reopen_issue(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    why: Body<Reopening>,
) -> Result<Answer<Issue>> {
    let id = IssueId::parse_at("id", &id)?;
    let done = super::reopen(&access, id, read.revision, why.0.reason).await;
    shown(&access, done.map_err(IfMatch::told)?).await
}

/// Which issue stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Merging {
    /// The one that stays.
    into: AnyId,
}

/// Make an issue that is at the revision sent as `If-Match` a duplicate of another one: it says
/// where to, and what was said about it is shown there. For who brings issues together in both
/// regions.
#[utoipa::path(tag = "issues", operation_id = "mergeIssues", request_body = Merging,
    params(("id" = String, Path, description = "The duplicate's id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Issue), (status = "4XX", body = Problem)))]
#[post("/issues/{id}/merge")]
async fn merge_issues(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    merging: Body<Merging>,
) -> Result<Answer<Issue>> {
    let id = IssueId::parse_at("id", &id)?;
    let done = super::merge(&access, id, read.revision, &merging.0.into).await;
    shown(&access, done.map_err(IfMatch::told)?).await
}

/// Take the merge of an issue that is at the revision sent as `If-Match` back. For who brings issues
/// together in its region.
#[utoipa::path(tag = "issues", operation_id = "unmergeIssue",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Issue), (status = "4XX", body = Problem)))]
#[post("/issues/{id}/unmerge")]
async fn unmerge_issue(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<Issue>> {
    let id = IssueId::parse_at("id", &id)?;
    let done = super::unmerge(&access, id, read.revision).await;
    shown(&access, done.map_err(IfMatch::told)?).await
}

/// How many issues like one are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct SimilarParams {
    /// How many, 1 to 20; 5 if not said.
    limit: Option<i64>,
}

/// Others with the same difficulty, as far as the caller sees them: of the same category or one that
/// corresponds to it; solved ones first, then those of the same sector.
#[utoipa::path(tag = "issues", operation_id = "listSimilarIssues",
    params(("id" = String, Path, description = "The issue's id."), SimilarParams),
    responses((status = 200, body = Items<Issue>), (status = "4XX", body = Problem)))]
#[get("/issues/{id}/similar")]
async fn list_similar_issues(
    access: Access,
    id: Path<AnyId>,
    Params(asked, _): Params<SimilarParams>,
) -> Result<Answer<Items<Issue>>> {
    let most = page::size(asked.limit, 5, 20, "limit")?;
    let issues = super::like(&access, IssueId::parse_at("id", &id)?, most).await?;
    cited(&access, issues).await.map(Answer::list)
}

/// What kinds of difficulties there are: the codes of the data pack and those of the offices, each
/// with those that correspond to it.
#[utoipa::path(tag = "issues", operation_id = "listIssueCategories",
    responses((status = 200, body = Items<IssueCategory>), (status = "4XX", body = Problem)))]
#[get("/issue-categories")]
async fn list_issue_categories(_: Params) -> Answer<Items<IssueCategory>> {
    Answer::list(super::category::list())
}
