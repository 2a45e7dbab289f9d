//! What offices say to each other about an issue. A comment can be read by who reads the issue it
//! was written to, also where that was merged into another one and it is shown there. It is told by
//! whose office it comes, never by the name of an account.

pub mod graphql;
pub mod rest;

use std::collections::HashMap;

use async_graphql::SimpleObject;
use entity::issue;
use entity::issue_comment::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::find as find_issue;
use crate::access::{Access, Action, Grant, Role, Site, Timestamp, policy};
use crate::error::{Code, Error, Result};
use crate::history::{Change, Revision};
use crate::id::{CommentId, Id as _, IssueId, RegionId};
use crate::organization::{self, OrganizationRef};
use crate::page::{Asked, Listed, Page, PageRequest};
use crate::region::{self, RegionRef};
use crate::{input, message};

/// Whose office a comment comes from.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct CommentAuthor {
    /// What they were when they wrote; null where nobody's grant says so.
    pub role: Option<Role>,
    /// In whose name.
    #[graphql(skip)]
    pub organization: Option<OrganizationRef>,
    /// Where.
    #[graphql(skip)]
    pub region: Option<RegionRef>,
}

/// Something said about an issue.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct IssueComment {
    /// Its id.
    pub id: CommentId,
    /// The issue it was written to; one that was merged, if it is shown with another.
    #[graphql(skip)]
    pub issue_id: IssueId,
    /// Whose office it comes from.
    pub author: CommentAuthor,
    /// What was said.
    pub text: String,
    /// When it was written.
    pub written_at: Timestamp,
    /// When it was last changed, if it was.
    pub edited_at: Option<Timestamp>,
    /// Whether the caller wrote it.
    pub mine: bool,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
}

/// One comment. `NOT_FOUND` where the caller sees none.
pub async fn get(access: &Access, id: CommentId) -> Result<IssueComment> {
    by_ids(access, [id]).await?.pop().ok_or_else(|| Error::not_found("comment"))
}

/// These comments, as far as the caller sees them, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = CommentId>,
) -> Result<Vec<IssueComment>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    complete(access, rows).await
}

/// One page of what was said about an issue and about those merged into it, as it was written.
/// `NOT_FOUND` where the caller sees no such issue.
pub async fn page(
    access: &Access,
    issue: IssueId,
    request: &PageRequest,
) -> Result<Page<IssueComment>> {
    find_issue(access, issue).await?;
    let listed = Listed::new(visible(access).filter(Column::ThreadId.eq(issue.0)), vec![], &issue);
    let page = listed.page(access, request).await?;
    let rows = page.items.iter().map(|(row, _)| row.clone()).collect();
    Ok(page.zip(complete(access, rows).await?))
}

/// The same page of each of these issues: as many statements as for one.
pub async fn pages_of_issues(
    access: &Access,
    issues: &[IssueId],
    asked: &Asked<(), ()>,
) -> Result<HashMap<IssueId, Page<IssueComment>>> {
    let issues: Vec<Uuid> = issues.iter().map(|issue| issue.0).collect();
    let listed = Listed::new(visible(access), vec![], &());
    let pages = listed.page_of_each(access, (Column::ThreadId, &issues), &asked.request).await?;
    let rows = pages.values().flat_map(|page| page.items.iter().map(|(row, _)| row.clone()));
    let comments = complete(access, rows.collect()).await?;
    let mut comments: HashMap<Uuid, IssueComment> =
        comments.into_iter().map(|comment| (comment.id.0, comment)).collect();
    let pages = pages.into_iter().map(|(issue, page)| {
        let theirs = page.items.iter().filter_map(|(row, _)| comments.remove(&row.id)).collect();
        (IssueId(issue), page.zip(theirs))
    });
    Ok(pages.collect())
}

/// Says something about an issue. For who sees it and shares issues somewhere.
pub async fn add(access: &Access, issue: IssueId, text: &str) -> Result<IssueComment> {
    find_issue(access, issue).await?;
    access.require_somewhere(Action::ShareIssues)?;
    let text = input::text(text, input::TEXT).map_err(|error| error.at("text"))?;
    let id = access
        .change("addComment", async move |change| {
            let row = find_issue(change, issue).await?;
            if row.merged_into_id.is_some() {
                return Err(Error::new(Code::GuardFailed, message::is_merged()));
            }
            write(change, &row, text).await
        })
        .await?;
    get(access, id).await
}

/// Changes what one said oneself, at this revision.
pub async fn edit(
    access: &Access,
    id: CommentId,
    revision: Revision,
    text: &str,
) -> Result<IssueComment> {
    let row = find(access, id).await?;
    access.require_somewhere(Action::ShareIssues)?;
    if !is_mine(access, &row) {
        return Err(Error::new(Code::Forbidden, message::not_own_comment()));
    }
    let text = input::text(text, input::TEXT).map_err(|error| error.at("text"))?;
    access
        .change("updateComment", async move |change| {
            let before = change.current(visible(change), id.0, revision).await?;
            if before.text == text {
                return Ok(());
            }
            let edited_at = Some(change.now().await?.0);
            let after = issue_comment::Model { text, edited_at, ..before.clone() };
            change.update::<Entity>(&before, after).await.map(|_| ())
        })
        .await?;
    get(access, id).await
}

/// Removes a comment that is at this revision: one's own, or any for who brings issues together in
/// the region of the issue.
pub async fn delete(access: &Access, id: CommentId, revision: Revision) -> Result<CommentId> {
    let row = find(access, id).await?;
    access.require_somewhere(Action::ShareIssues)?;
    let curates = access.actor().may(Action::CurateIssues, RegionId(row.region_id).into());
    if !curates && !is_mine(access, &row) {
        let who = policy::who_may(Action::CurateIssues);
        return Err(Error::new(Code::Forbidden, message::not_own_nor_curated(&who)));
    }
    access
        .change("deleteComment", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

/// Writes a comment of the caller's to an issue they see.
pub(super) async fn write(
    change: &Change,
    issue: &issue::Model,
    text: String,
) -> Result<CommentId> {
    let id = CommentId::new();
    let grant = office(change, RegionId(issue.region_id).into());
    change
        .insert::<Entity>(issue_comment::Model {
            id: id.0,
            issue_id: issue.id,
            thread_id: issue.id,
            region_id: issue.region_id,
            plan_id: issue.plan_id,
            visibility: issue.visibility,
            author_id: change.actor().account(),
            client_id: change.actor().client(),
            role: grant.map(|grant| grant.role.into()),
            organization_id: grant.and_then(|grant| grant.organization),
            author_region_id: grant.map(|grant| grant.region),
            text,
            written_at: change.now().await?.0,
            edited_at: None,
            revision: change.revision(),
        })
        .await?;
    Ok(id)
}

/// Lets what was said about an issue be read by who reads the issue.
pub(super) async fn follow(
    change: &Change,
    before: &issue::Model,
    after: &issue::Model,
) -> Result<()> {
    if (before.plan_id, before.visibility) == (after.plan_id, after.visibility) {
        return Ok(());
    }
    let (plan_id, visibility) = (after.plan_id, after.visibility);
    put(change, before.id, |row| issue_comment::Model { plan_id, visibility, ..row }).await
}

/// Shows what was said about an issue with this one.
pub(super) async fn show_with(change: &Change, issue: Uuid, thread_id: Uuid) -> Result<()> {
    put(change, issue, |row| issue_comment::Model { thread_id, ..row }).await
}

/// Removes what was said about an issue.
pub(super) async fn delete_of(change: &Change, issue: Uuid) -> Result<()> {
    for row in of(change, issue).await? {
        change.delete::<Entity>(&row).await?;
    }
    Ok(())
}

async fn put(
    change: &Change,
    issue: Uuid,
    after: impl Fn(issue_comment::Model) -> issue_comment::Model,
) -> Result<()> {
    let mut batch = change.batch::<Entity>();
    for row in of(change, issue).await? {
        batch.put(Some(&row), after(row.clone()));
    }
    batch.write().await.map(|_| ())
}

async fn of(change: &Change, issue: Uuid) -> Result<Vec<issue_comment::Model>> {
    let written = Entity::find().filter(Column::IssueId.eq(issue));
    Ok(written.all(&change.db().await?).await?)
}

/// The grant by which the caller speaks: one that reaches the issue's region, or else any by which
/// they share issues.
fn office(access: &Access, site: Site) -> Option<&Grant> {
    let grants = || access.actor().grants().iter();
    let here = grants().find(|grant| grant.allows(Action::ShareIssues, site));
    let shares = |grant: &&Grant| grant.reach(Action::ShareIssues) > policy::Reach::Nowhere;
    here.or_else(|| grants().find(shares))
}

fn is_mine(access: &Access, row: &issue_comment::Model) -> bool {
    let (account, client) = (access.actor().account(), access.actor().client());
    (account.is_some() && account == row.author_id) || (client.is_some() && client == row.client_id)
}

/// The comments this caller may see. Every read of comments starts here.
fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(access.shares((Column::PlanId, Column::IssueId), "issue"))
}

async fn find(access: &Access, id: CommentId) -> Result<issue_comment::Model> {
    let row = visible(access).filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("comment"))
}

/// The comments of these rows, in their order, with whose they are.
async fn complete(access: &Access, rows: Vec<issue_comment::Model>) -> Result<Vec<IssueComment>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let regions = rows.iter().filter_map(|row| row.author_region_id).map(RegionId);
    let codes = region::codes_of(access, regions).await?;
    let bodies = organization::refs(access, rows.iter().map(|row| row.organization_id)).await?;
    let rows = rows.into_iter().map(|row| {
        let region = row.author_region_id.map(RegionId);
        IssueComment {
            id: CommentId(row.id),
            issue_id: IssueId(row.issue_id),
            mine: is_mine(access, &row),
            author: CommentAuthor {
                role: row.role.map(Into::into),
                organization: row.organization_id.and_then(|id| bodies.get(&id).cloned()),
                region: region
                    .map(|id| RegionRef { id, code: codes.get(&id).cloned().unwrap_or_default() }),
            },
            text: row.text,
            written_at: Timestamp(row.written_at),
            edited_at: row.edited_at.map(Timestamp),
            revision: Revision(row.revision),
        }
    });
    Ok(rows.collect())
}
