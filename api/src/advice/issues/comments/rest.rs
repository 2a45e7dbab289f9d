//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::IssueComment;
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::id::{AnyId, CommentId, Id as _, IssueId};
use crate::page::rest::{Items, PageParams};
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of comments.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_issue_comments)
        .service(add_comment)
        .service(get_comment)
        .service(update_comment)
        .service(delete_comment);
}

/// What is said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CommentInput {
    /// 1 to 20,000 characters.
    text: String,
}

/// What was said about an issue and about those merged into it, as it was written.
#[utoipa::path(tag = "issues", operation_id = "listIssueComments",
    params(("id" = String, Path, description = "The issue's id."), PageParams),
    responses((status = 200, body = Items<IssueComment>), (status = "4XX", body = Problem)))]
#[get("/issues/{id}/comments")]
async fn list_issue_comments(
    access: Access,
    id: Path<AnyId>,
    Params(page, _): Params<PageParams>,
) -> Result<Answer<Items<IssueComment>>> {
    let issue = IssueId::parse_at("id", &id)?;
    super::page(&access, issue, &page.asked()?).await.map(Answer::list)
}

/// Say something about an issue. For who sees it and shares issues somewhere.
#[utoipa::path(tag = "issues", operation_id = "addComment", request_body = CommentInput,
    params(("id" = String, Path, description = "The issue's id.")),
    responses((status = 201, body = IssueComment), (status = "4XX", body = Problem)))]
#[post("/issues/{id}/comments")]
async fn add_comment(
    access: Access,
    id: Path<AnyId>,
    _: Params,
    new: Body<CommentInput>,
) -> Result<Answer<IssueComment>> {
    let comment = super::add(&access, IssueId::parse_at("id", &id)?, &new.0.text).await?;
    let place = format!("/api/v1/comments/{}", comment.id);
    Ok(Answer::tagged(comment.revision, comment).created_at(place))
}

/// One comment.
#[utoipa::path(tag = "issues", operation_id = "getComment",
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = IssueComment), (status = "4XX", body = Problem)))]
#[get("/comments/{id}")]
async fn get_comment(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<IssueComment>> {
    let comment = super::get(&access, CommentId::parse_at("id", &id)?).await?;
    Ok(Answer::tagged(comment.revision, comment))
}

/// Change a comment of one's own that is at the revision sent as `If-Match`.
#[utoipa::path(tag = "issues", operation_id = "updateComment", request_body = CommentInput,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = IssueComment), (status = "4XX", body = Problem)))]
#[patch("/comments/{id}")]
async fn update_comment(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    change: Body<CommentInput>,
) -> Result<Answer<IssueComment>> {
    let id = CommentId::parse_at("id", &id)?;
    let done = super::edit(&access, id, read.revision, &change.0.text).await;
    let comment = done.map_err(IfMatch::told)?;
    Ok(Answer::tagged(comment.revision, comment))
}

/// Remove a comment that is at the revision sent as `If-Match`: one's own, or any for who brings
/// issues together in the region of the issue.
#[utoipa::path(tag = "issues", operation_id = "deleteComment",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/comments/{id}")]
async fn delete_comment(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = CommentId::parse_at("id", &id)?;
    super::delete(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}
