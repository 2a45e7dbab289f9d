//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{Completion, FollowUp, FollowUpChange, FollowUpFilter, FollowUpOrder, NewFollowUp};
use crate::access::Access;
use crate::advice::forums::Forum;
use crate::advice::forums::graphql::ForumKey;
use crate::date::Day;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, FollowUpId, ForumId, Id as _};
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::page::graphql::{Connection, asked};
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Queries about what follows from forums.
#[derive(Default)]
pub struct FollowUpQuery;

#[Object]
impl FollowUpQuery {
    /// What is to follow from a forum; null where there is no such thing.
    async fn follow_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<FollowUp>> {
        ctx.loaders().look_up(FollowUpId::parse_at("id", &id).map(FollowUpKey)).await
    }

    /// What is to follow from forums, as far as it fits.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are a contract")]
    async fn follow_ups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] filter: Option<FollowUpFilter>,
        #[graphql(desc = "In which order; as it was entered if not said.")] order_by: Option<
            Vec<FollowUpOrder>,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<FollowUp>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let (filter, order) = (filter.unwrap_or_default(), order_by.unwrap_or_default());
        super::page(ctx.access(), &filter, &order, &request).await.map(Into::into)
    }
}

/// Changes of what follows from forums.
#[derive(Default)]
pub struct FollowUpMutation;

#[Object]
impl FollowUpMutation {
    /// Note what is to follow from a forum. For who shares issues of its region.
    async fn create_follow_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From which forum, and what.")] input: CreateFollowUpInput,
    ) -> Result<FollowUpPayload> {
        let CreateFollowUpInput { forum, new } = input;
        let done = async {
            let forum = ForumId::parse_at("forum", &forum)?;
            super::create(ctx.access(), forum, new).await
        };
        FollowUpPayload::of(done.await)
    }

    /// Change what is to follow and is at the revision you read. For who shares issues of the
    /// forum's region.
    async fn update_follow_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what about it.")] input: UpdateFollowUpInput,
    ) -> Result<FollowUpPayload> {
        let UpdateFollowUpInput { id, revision, change } = input;
        let done = async {
            let (id, revision) = at_revision(&id, &revision)?;
            super::update(ctx.access(), id, revision, change).await
        };
        FollowUpPayload::of(done.await)
    }

    /// Say when and how what is at the revision you read was done. For who shares issues of its
    /// owner's region, or of the forum's; `CONFLICT` where that is said already.
    async fn complete_follow_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, when and how.")] input: CompleteFollowUpInput,
    ) -> Result<FollowUpPayload> {
        let CompleteFollowUpInput { id, revision, done: completion } = input;
        let done = async {
            let (id, revision) = at_revision(&id, &revision)?;
            super::finish(ctx.access(), id, revision, completion).await
        };
        FollowUpPayload::of(done.await)
    }

    /// Remove what is to follow and is at the revision you read. For who shares issues of the
    /// forum's region.
    async fn delete_follow_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: DeleteFollowUpInput,
    ) -> Result<DeleteFollowUpPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::delete(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeleteFollowUpPayload { id, errors })
    }
}

/// What is to follow from which forum.
#[derive(Debug, InputObject)]
struct CreateFollowUpInput {
    /// From which forum.
    forum: AnyId,
    #[graphql(flatten)]
    new: NewFollowUp,
}

/// What is to change, and how. What is left out stays; null takes a value away.
#[derive(Debug, InputObject)]
struct UpdateFollowUpInput {
    /// Which.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    change: FollowUpChange,
}

/// What was done, when and how.
#[derive(Debug, InputObject)]
struct CompleteFollowUpInput {
    /// Which.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    done: Completion,
}

/// What is to go.
#[derive(Debug, InputObject)]
struct DeleteFollowUpInput {
    /// Which.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// What is to follow as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct FollowUpPayload {
    /// What is to follow; null where something is wrong.
    follow_up: Option<FollowUp>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl FollowUpPayload {
    fn of(done: Result<FollowUp>) -> Result<Self> {
        payload(done).map(|(follow_up, errors)| Self { follow_up, errors })
    }
}

/// What is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeleteFollowUpPayload {
    /// Its id; null where something is wrong.
    id: Option<FollowUpId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl FollowUp {
    /// From which forum it follows.
    async fn forum(&self, ctx: &Context<'_>) -> Result<Forum> {
        ctx.loaders().one(ForumKey(self.forum_id)).await
    }

    /// Who is to do it.
    async fn owner(&self, ctx: &Context<'_>) -> Result<Organization> {
        ctx.loaders().one(OrganizationKey(self.owner.id)).await
    }

    /// Whether it is not done though the last day it was due is over.
    async fn overdue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On which day; today in Seoul if not said.")] on: Option<Day>,
    ) -> Result<bool> {
        let today = async || ctx.access().now().await.map(Day::in_seoul);
        let on = match on {
            Some(day) => day,
            None => today().await?,
        };
        Ok(self.is_overdue(on))
    }
}

/// What is to follow, fetched with all else that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FollowUpKey(pub FollowUpId);

impl Loader<FollowUpKey> for Access {
    type Value = FollowUp;
    type Error = Error;

    async fn load(&self, keys: &[FollowUpKey]) -> Result<HashMap<FollowUpKey, FollowUp>> {
        let found = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(found.into_iter().map(|it| (FollowUpKey(it.id), it)).collect())
    }
}

/// What is to follow from a forum, fetched with that of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FollowUpsKey(pub ForumId);

impl Loader<FollowUpsKey> for Access {
    type Value = Vec<FollowUp>;
    type Error = Error;

    async fn load(&self, keys: &[FollowUpsKey]) -> Result<HashMap<FollowUpsKey, Vec<FollowUp>>> {
        let forums: Vec<ForumId> = keys.iter().map(|key| key.0).collect();
        let found = super::of_forums(self, &forums).await?;
        Ok(grouped(found.into_iter().map(|it| (FollowUpsKey(it.forum_id), it))))
    }
}
