//! The same in GraphQL.

use async_graphql::{ComplexObject, Context, Object, SimpleObject};

use super::{ChangeAuthor, ChangeSummary, ChangedThing, Mark, MarkInput, PlanChanges, Since};
use crate::error::graphql::{UserError, payload};
use crate::error::{Code, Result};
use crate::graphql::{Node, node_of};
use crate::history::AnyRevision;
use crate::id::AnyId;
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::plan::Plan;
use crate::plan::graphql::PlanKey;
use crate::region::RegionBy;
use crate::wire::graphql::AccessExt as _;

/// Queries about what changed.
#[derive(Default)]
pub struct SinceQuery;

#[Object]
impl SinceQuery {
    /// What changed since a revision, or since the caller last looked, as far as they see it.
    async fn changes_since(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "After which revision; the caller's mark if not said.")] since: Option<
            AnyRevision,
        >,
        #[graphql(desc = "In this plan.")] plan: Option<AnyId>,
        #[graphql(desc = "In this region and everything below it.")] region: Option<RegionBy>,
    ) -> Result<ChangeSummary> {
        super::since(ctx.access(), &Since { revision: since, plan, region }).await
    }
}

/// Notes of what one has seen.
#[derive(Default)]
pub struct SinceMutation;

#[Object]
impl SinceMutation {
    /// Note up to where one has looked, at a plan or at everything. It is one's own, and in no
    /// history.
    async fn mark_as_seen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was seen.")] input: MarkInput,
    ) -> Result<MarkPayload> {
        let done = super::mark_as_seen(ctx.access(), input).await;
        payload(done).map(|(mark, errors)| MarkPayload { mark, errors })
    }
}

/// Up to where one has looked, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct MarkPayload {
    /// The mark; null where something is wrong.
    mark: Option<Mark>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl PlanChanges {
    /// The plan, if the caller sees it.
    async fn plan(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        ctx.loaders().maybe(Some(PlanKey(self.plan_id))).await
    }
}

#[ComplexObject]
impl ChangedThing {
    /// The thing itself, if it is there and has an id of its own.
    async fn node(&self, ctx: &Context<'_>) -> Result<Option<Node>> {
        match node_of(ctx, &self.id).await {
            // Parts have no ids that lead to them.
            Err(error) if error.code() == Code::Invalid => Ok(None),
            found => found,
        }
    }
}

#[ComplexObject]
impl ChangeAuthor {
    /// In whose name.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        let key = self.organization.as_ref().map(|body| OrganizationKey(body.id));
        ctx.loaders().maybe(key).await
    }
}
