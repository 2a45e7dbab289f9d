//! The same in GraphQL.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{CommentAuthor, IssueComment};
use crate::access::Access;
use crate::advice::issues::Issue;
use crate::advice::issues::graphql::IssueKey;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, CommentId, Id as _, IssueId};
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::page::{Asked, Page};
use crate::region::Region;
use crate::region::graphql::RegionKey;
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Changes of comments.
#[derive(Default)]
pub struct CommentMutation;

#[Object]
impl CommentMutation {
    /// Say something about an issue. For who sees it and shares issues somewhere.
    async fn add_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "About which issue, and what.")] input: AddCommentInput,
    ) -> Result<CommentPayload> {
        let done = async {
            let issue = IssueId::parse_at("issue", &input.issue)?;
            super::add(ctx.access(), issue, &input.text).await
        };
        CommentPayload::of(done.await)
    }

    /// Change a comment of one's own that is at the revision you read.
    async fn update_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which comment, and what it is to say.")] input: UpdateCommentInput,
    ) -> Result<CommentPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::edit(ctx.access(), id, revision, &input.text).await
        };
        CommentPayload::of(done.await)
    }

    /// Remove a comment that is at the revision you read: one's own, or any for who brings issues
    /// together in the region of the issue.
    async fn delete_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which comment.")] input: DeleteCommentInput,
    ) -> Result<DeleteCommentPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::delete(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeleteCommentPayload { id, errors })
    }
}

/// Something to say about an issue.
#[derive(Debug, InputObject)]
struct AddCommentInput {
    /// About which issue.
    issue: AnyId,
    /// What: 1 to 20,000 characters.
    text: String,
}

/// Which comment is to change, and what it is to say.
#[derive(Debug, InputObject)]
struct UpdateCommentInput {
    /// Which comment.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    /// What it is to say: 1 to 20,000 characters.
    text: String,
}

/// Which comment is to go.
#[derive(Debug, InputObject)]
struct DeleteCommentInput {
    /// Which comment.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// A comment as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct CommentPayload {
    /// The comment; null where something is wrong.
    comment: Option<IssueComment>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl CommentPayload {
    fn of(done: Result<IssueComment>) -> Result<Self> {
        payload(done).map(|(comment, errors)| Self { comment, errors })
    }
}

/// The comment that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeleteCommentPayload {
    /// Its id; null where something is wrong.
    id: Option<CommentId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl IssueComment {
    /// The issue it was written to; one that was merged, if it is shown with another.
    async fn issue(&self, ctx: &Context<'_>) -> Option<Result<Issue>> {
        ctx.loaders().maybe(Some(IssueKey(self.issue_id))).await
    }
}

#[ComplexObject]
impl CommentAuthor {
    /// In whose name.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        let key = self.organization.as_ref().map(|body| OrganizationKey(body.id));
        ctx.loaders().maybe(key).await
    }

    /// Where.
    async fn region(&self, ctx: &Context<'_>) -> Option<Result<Region>> {
        ctx.loaders().maybe(self.region.as_ref().map(|region| RegionKey(region.id))).await
    }
}

/// A comment, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CommentKey(pub CommentId);

impl Loader<CommentKey> for Access {
    type Value = IssueComment;
    type Error = Error;

    async fn load(&self, keys: &[CommentKey]) -> Result<HashMap<CommentKey, IssueComment>> {
        let comments = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(comments.into_iter().map(|comment| (CommentKey(comment.id), comment)).collect())
    }
}

/// One page of what was said about an issue, fetched with the same pages of all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommentsKey(pub IssueId, pub Arc<Asked<(), ()>>);

impl Loader<CommentsKey> for Access {
    type Value = Page<IssueComment>;
    type Error = Error;

    async fn load(&self, keys: &[CommentsKey]) -> Result<HashMap<CommentsKey, Page<IssueComment>>> {
        let asked = grouped(keys.iter().map(|CommentsKey(issue, asked)| (asked, *issue)));
        let mut found = HashMap::new();
        for (asked, issues) in asked {
            let pages = super::pages_of_issues(self, &issues, asked).await?;
            let key = |issue| CommentsKey(issue, asked.clone());
            found.extend(pages.into_iter().map(|(issue, page)| (key(issue), page)));
        }
        Ok(found)
    }
}
