//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{Milestone, MilestoneChange, NewMilestone};
use crate::access::Access;
use crate::document::graphql::DocumentsKey;
use crate::document::{Document, Holder};
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, MilestoneId, PlanId};
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::plan::Plan;
use crate::plan::graphql::PlanKey;
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Queries about milestones.
#[derive(Default)]
pub struct ProcedureQuery;

#[Object]
impl ProcedureQuery {
    /// One milestone; null where there is none that the caller sees.
    async fn milestone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<Milestone>> {
        ctx.loaders().look_up(MilestoneId::parse_at("id", &id).map(MilestoneKey)).await
    }
}

/// Changes of milestones.
#[derive(Default)]
pub struct ProcedureMutation;

#[Object]
impl ProcedureMutation {
    /// Note a milestone of a plan. For who edits it; a step that the law names, for who runs its
    /// procedure.
    async fn create_milestone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: CreateMilestoneInput,
    ) -> Result<MilestonePayload> {
        let done = async {
            let plan = PlanId::parse_at("plan", &input.plan)?;
            super::create(ctx.access(), plan, input.milestone).await
        };
        MilestonePayload::of(done.await)
    }

    /// Change a milestone that is at the revision you read. For who edits its plan; a step that the
    /// law names, for who runs its procedure.
    async fn update_milestone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which milestone, and what about it.")] input: UpdateMilestoneInput,
    ) -> Result<MilestonePayload> {
        let UpdateMilestoneInput { id, revision, change } = input;
        let done = async {
            let (id, revision) = at_revision(&id, &revision)?;
            super::update(ctx.access(), id, revision, change).await
        };
        MilestonePayload::of(done.await)
    }

    /// Remove a milestone that is at the revision you read. For who runs the procedure of its plan.
    async fn delete_milestone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which milestone.")] input: DeleteMilestoneInput,
    ) -> Result<DeleteMilestonePayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::delete(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeleteMilestonePayload { id, errors })
    }
}

/// What it takes to note a milestone of a plan.
#[derive(Debug, InputObject)]
struct CreateMilestoneInput {
    /// Of which plan.
    plan: AnyId,
    #[graphql(flatten)]
    milestone: NewMilestone,
}

/// Which milestone is to change, and how. What is left out stays; null takes a value away.
#[derive(Debug, InputObject)]
struct UpdateMilestoneInput {
    /// Which milestone.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    change: MilestoneChange,
}

/// Which milestone is to go.
#[derive(Debug, InputObject)]
struct DeleteMilestoneInput {
    /// Which milestone.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// A milestone as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct MilestonePayload {
    /// The milestone; null where something is wrong.
    milestone: Option<Milestone>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl MilestonePayload {
    fn of(done: Result<Milestone>) -> Result<Self> {
        payload(done).map(|(milestone, errors)| Self { milestone, errors })
    }
}

/// The milestone that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeleteMilestonePayload {
    /// Its id; null where something is wrong.
    id: Option<MilestoneId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl Milestone {
    /// The documents on it, as they were handed in.
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<Document>> {
        ctx.loaders().list(DocumentsKey(Holder::Milestone(self.id))).await
    }

    /// Of which plan.
    async fn plan(&self, ctx: &Context<'_>) -> Result<Plan> {
        ctx.loaders().one(PlanKey(self.plan_id)).await
    }

    /// The plan that took its place, where one did that the caller sees.
    async fn successor(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        ctx.loaders().maybe(self.successor_id.map(PlanKey)).await
    }

    /// Who held it, or whose duty it is.
    async fn hosts(&self, ctx: &Context<'_>) -> Result<Vec<Organization>> {
        ctx.loaders().all(self.hosts.iter().map(|host| OrganizationKey(host.id)).collect()).await
    }
}

/// A milestone, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MilestoneKey(pub MilestoneId);

impl Loader<MilestoneKey> for Access {
    type Value = Milestone;
    type Error = Error;

    async fn load(&self, keys: &[MilestoneKey]) -> Result<HashMap<MilestoneKey, Milestone>> {
        let milestones = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(milestones.into_iter().map(|it| (MilestoneKey(it.id), it)).collect())
    }
}

/// The milestones of a plan, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MilestonesKey(pub PlanId);

impl Loader<MilestonesKey> for Access {
    type Value = Vec<Milestone>;
    type Error = Error;

    async fn load(&self, keys: &[MilestonesKey]) -> Result<HashMap<MilestonesKey, Vec<Milestone>>> {
        let plans: Vec<PlanId> = keys.iter().map(|key| key.0).collect();
        let milestones = super::of_plans(self, &plans).await?;
        Ok(grouped(milestones.into_iter().map(|it| (MilestonesKey(it.plan_id), it))))
    }
}
