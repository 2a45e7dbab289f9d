//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, patch, post, put};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Forum, ForumChange, ForumFilter, NewForum};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::filter::StringFilter;
use crate::history::AnyRevision;
use crate::id::{AnyId, ForumId, Id as _, OrganizationId};
use crate::page::rest::{Items, PageParams};
use crate::region::RegionBy;
use crate::source::cited;
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of forums.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_forums)
        .service(create_forum)
        .service(get_forum)
        .service(update_forum)
        .service(delete_forum)
        .service(join_forum)
        .service(leave_forum);
    super::follow_ups::rest::routes(config);
}

/// Which forums a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct ForumParams {
    /// Those of the region of this code, today's or a former one.
    region: Option<String>,
    /// Those of the regions somewhere below the region of this code.
    within: Option<String>,
    /// The series it belongs to.
    series: Option<String>,
    /// Those that are still to come, or not.
    upcoming: Option<bool>,
    /// Those that the organization of this id holds, speaks at or takes part in.
    organization: Option<String>,
    /// Those at which the issue of this id is discussed.
    issue: Option<String>,
    /// Only those whose title has this text in it.
    title: Option<String>,
    /// Only those written after this revision.
    changed_after: Option<String>,
}

impl From<ForumParams> for ForumFilter {
    fn from(params: ForumParams) -> Self {
        let is = |name| StringFilter { eq: Some(name), ..Default::default() };
        let has = |text| StringFilter { contains: Some(text), ..Default::default() };
        Self {
            region: params.region.map(RegionBy::Code),
            within: params.within.map(RegionBy::Code),
            series: params.series.map(is),
            upcoming: params.upcoming,
            organization: params.organization.map(AnyId),
            issue: params.issue.map(AnyId),
            title: params.title.map(has),
            changed_after: params.changed_after.map(AnyRevision),
            ..Self::default()
        }
    }
}

async fn shown(access: &Access, forum: Forum) -> Result<Answer<Forum>> {
    let forum = cited(access, forum).await?;
    Ok(Answer::tagged(forum.revision, forum))
}

/// The forums that fit, as they were entered.
#[utoipa::path(tag = "forums", operation_id = "listForums", params(ForumParams, PageParams),
    responses((status = 200, body = Items<Forum>), (status = "4XX", body = Problem)))]
#[get("/forums")]
async fn list_forums(
    access: Access,
    Params(filter, page): Params<ForumParams, PageParams>,
) -> Result<Answer<Items<Forum>>> {
    let forums = super::page(&access, &filter.into(), &[], &page.asked()?).await?;
    cited(&access, forums).await.map(Answer::list)
}

/// Enter a forum. For who shares issues of its region.
#[utoipa::path(tag = "forums", operation_id = "createForum", request_body = NewForum,
    responses((status = 201, body = Forum), (status = "4XX", body = Problem)))]
#[post("/forums")]
async fn create_forum(access: Access, _: Params, new: Body<NewForum>) -> Result<Answer<Forum>> {
    let forum = super::create(&access, new.0).await?;
    let place = format!("/api/v1/forums/{}", forum.id);
    shown(&access, forum).await.map(|answer| answer.created_at(place))
}

/// One forum.
#[utoipa::path(tag = "forums", operation_id = "getForum",
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Forum), (status = "4XX", body = Problem)))]
#[get("/forums/{id}")]
async fn get_forum(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<Forum>> {
    let forum = super::get(&access, ForumId::parse_at("id", &id)?).await?;
    shown(&access, forum).await
}

/// Change a forum that is at the revision sent as `If-Match`. For who shares issues of its region.
#[utoipa::path(tag = "forums", operation_id = "updateForum", request_body = ForumChange,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Forum), (status = "4XX", body = Problem)))]
#[patch("/forums/{id}")]
async fn update_forum(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    change: Body<ForumChange>,
) -> Result<Answer<Forum>> {
    let id = ForumId::parse_at("id", &id)?;
    let done = super::update(&access, id, read.revision, change.0).await;
    shown(&access, done.map_err(IfMatch::told)?).await
}

/// Remove a forum that is at the revision sent as `If-Match`. For who shares issues of its region.
#[utoipa::path(tag = "forums", operation_id = "deleteForum",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/forums/{id}")]
async fn delete_forum(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = ForumId::parse_at("id", &id)?;
    super::delete(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}

/// How an organization takes part.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Participation {
    /// With how many people.
    people: Option<i32>,
}

/// Say that an organization takes part in a forum, and with how many people. For who shares issues of
/// the organization's region, of the forum's, or of a host's.
#[utoipa::path(tag = "forums", operation_id = "joinForum", request_body = Participation,
    params(("id" = String, Path, description = "The forum's id."),
        ("organization" = String, Path, description = "The organization's id.")),
    responses((status = 200, body = Forum), (status = "4XX", body = Problem)))]
#[put("/forums/{id}/participants/{organization}")]
async fn join_forum(
    access: Access,
    place: Path<(AnyId, AnyId)>,
    _: Params,
    how: Body<Participation>,
) -> Result<Answer<Forum>> {
    let (forum, body) = part(&place)?;
    let forum = super::join(&access, forum, body, how.0.people).await?;
    shown(&access, forum).await
}

/// Say that an organization does not take part in a forum after all. For who may say that it does.
#[utoipa::path(tag = "forums", operation_id = "leaveForum",
    params(("id" = String, Path, description = "The forum's id."),
        ("organization" = String, Path, description = "The organization's id.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/forums/{id}/participants/{organization}")]
async fn leave_forum(access: Access, place: Path<(AnyId, AnyId)>, _: Params) -> Result<Answer<()>> {
    let (forum, body) = part(&place)?;
    super::leave(&access, forum, body).await?;
    Ok(Answer::gone())
}

fn part((forum, body): &(AnyId, AnyId)) -> Result<(ForumId, OrganizationId)> {
    Ok((ForumId::parse_at("id", forum)?, OrganizationId::parse_at("organization", body)?))
}
