//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::follow_ups::FollowUp;
use super::follow_ups::graphql::FollowUpsKey;
use super::{
    Forum, ForumChange, ForumFilter, ForumOrder, ForumParticipant, ForumSession, NewForum,
};
use crate::access::Access;
use crate::advice::issues::Issue;
use crate::advice::issues::graphql::IssueKey;
use crate::document::graphql::DocumentsKey;
use crate::document::{Document, Holder};
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, ForumId, Id as _, IssueId, OrganizationId};
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::page::graphql::{Connection, asked};
use crate::region::Region;
use crate::region::graphql::RegionKey;
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Queries about forums.
#[derive(Default)]
pub struct ForumQuery;

#[Object]
impl ForumQuery {
    /// One forum; null where there is none.
    async fn forum(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<Forum>> {
        ctx.loaders().look_up(ForumId::parse_at("id", &id).map(ForumKey)).await
    }

    /// The forums that fit.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are a contract")]
    async fn forums(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which forums.")] filter: Option<ForumFilter>,
        #[graphql(desc = "In which order; as they were entered if not said.")] order_by: Option<
            Vec<ForumOrder>,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Forum>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let (filter, order) = (filter.unwrap_or_default(), order_by.unwrap_or_default());
        super::page(ctx.access(), &filter, &order, &request).await.map(Into::into)
    }
}

/// Changes of forums.
#[derive(Default)]
pub struct ForumMutation;

#[Object]
impl ForumMutation {
    /// Enter a forum. For who shares issues of its region.
    async fn create_forum(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: NewForum,
    ) -> Result<ForumPayload> {
        ForumPayload::of(super::create(ctx.access(), input).await)
    }

    /// Change a forum that is at the revision you read. For who shares issues of its region.
    async fn update_forum(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which forum, and what about it.")] input: UpdateForumInput,
    ) -> Result<ForumPayload> {
        let UpdateForumInput { id, revision, change } = input;
        let done = async {
            let (id, revision) = at_revision(&id, &revision)?;
            super::update(ctx.access(), id, revision, change).await
        };
        ForumPayload::of(done.await)
    }

    /// Say that an organization takes part in a forum, and with how many people. For who shares
    /// issues of the organization's region, of the forum's, or of a host's.
    async fn join_forum(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which forum, who and how many.")] input: JoinForumInput,
    ) -> Result<ForumPayload> {
        let done = async {
            let forum = ForumId::parse_at("forum", &input.forum)?;
            let body = OrganizationId::parse_at("organization", &input.organization)?;
            super::join(ctx.access(), forum, body, input.people).await
        };
        ForumPayload::of(done.await)
    }

    /// Say that an organization does not take part in a forum after all. For who may say that it
    /// does.
    async fn leave_forum(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which forum, and who.")] input: LeaveForumInput,
    ) -> Result<ForumPayload> {
        let done = async {
            let forum = ForumId::parse_at("forum", &input.forum)?;
            let body = OrganizationId::parse_at("organization", &input.organization)?;
            super::leave(ctx.access(), forum, body).await
        };
        ForumPayload::of(done.await)
    }

    /// Remove a forum that is at the revision you read. For who shares issues of its region.
    async fn delete_forum(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which forum.")] input: DeleteForumInput,
    ) -> Result<DeleteForumPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::delete(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeleteForumPayload { id, errors })
    }
}

/// Which forum is to change, and how. What is left out stays; null takes a value away.
#[derive(Debug, InputObject)]
struct UpdateForumInput {
    /// Which forum.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    change: ForumChange,
}

/// Who takes part in which forum.
#[derive(Debug, InputObject)]
struct JoinForumInput {
    /// Which forum.
    forum: AnyId,
    /// Which organization.
    organization: AnyId,
    /// With how many people.
    people: Option<i32>,
}

/// Who does not take part in which forum.
#[derive(Debug, InputObject)]
struct LeaveForumInput {
    /// Which forum.
    forum: AnyId,
    /// Which organization.
    organization: AnyId,
}

/// Which forum is to go.
#[derive(Debug, InputObject)]
struct DeleteForumInput {
    /// Which forum.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// A forum as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct ForumPayload {
    /// The forum; null where something is wrong.
    forum: Option<Forum>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl ForumPayload {
    fn of(done: Result<Forum>) -> Result<Self> {
        payload(done).map(|(forum, errors)| Self { forum, errors })
    }
}

/// The forum that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeleteForumPayload {
    /// Its id; null where something is wrong.
    id: Option<ForumId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl Forum {
    /// The documents on it, as they were handed in.
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<Document>> {
        ctx.loaders().list(DocumentsKey(Holder::Forum(self.id))).await
    }

    /// Of which region it is.
    async fn region(&self, ctx: &Context<'_>) -> Option<Result<Region>> {
        ctx.loaders().maybe(self.region.as_ref().map(|region| RegionKey(region.id))).await
    }

    /// Who held it, the main one first.
    async fn hosts(&self, ctx: &Context<'_>) -> Result<Vec<Organization>> {
        ctx.loaders().all(self.hosts.iter().map(|host| OrganizationKey(host.id)).collect()).await
    }

    /// The issues that are discussed and that the caller sees, in order.
    async fn issues(&self, ctx: &Context<'_>) -> Result<Vec<Issue>> {
        ctx.loaders().all(self.issues.iter().map(|issue| IssueKey(issue.id)).collect()).await
    }

    /// What is to follow from it, as it was entered.
    async fn follow_ups(&self, ctx: &Context<'_>) -> Result<Vec<FollowUp>> {
        ctx.loaders().list(FollowUpsKey(self.id)).await
    }
}

#[ComplexObject]
impl ForumParticipant {
    /// Which organization.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Organization> {
        ctx.loaders().one(OrganizationKey(self.organization.id)).await
    }
}

#[ComplexObject]
impl ForumSession {
    /// The organization that spoke.
    async fn speaker(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        let key = self.speaker.as_ref().map(|speaker| OrganizationKey(speaker.id));
        ctx.loaders().maybe(key).await
    }
}

/// A forum, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ForumKey(pub ForumId);

impl Loader<ForumKey> for Access {
    type Value = Forum;
    type Error = Error;

    async fn load(&self, keys: &[ForumKey]) -> Result<HashMap<ForumKey, Forum>> {
        let forums = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(forums.into_iter().map(|forum| (ForumKey(forum.id), forum)).collect())
    }
}

/// The forums at which an issue is discussed, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ForumsKey(pub IssueId);

impl Loader<ForumsKey> for Access {
    type Value = Vec<Forum>;
    type Error = Error;

    async fn load(&self, keys: &[ForumsKey]) -> Result<HashMap<ForumsKey, Vec<Forum>>> {
        let issues: Vec<IssueId> = keys.iter().map(|key| key.0).collect();
        let found = super::of_issues(self, &issues).await?;
        Ok(grouped(found.into_iter().map(|(issue, forum)| (ForumsKey(issue), forum))))
    }
}
