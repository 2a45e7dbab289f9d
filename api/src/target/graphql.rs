//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{NewTarget, Target, TargetChange, TargetFilter};
use crate::access::Access;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, PlanId, TargetId};
use crate::link::graphql::{FromKey, ToKey};
use crate::link::{Link, LinkEnd};
use crate::plan::Plan;
use crate::plan::graphql::PlanKey;
use crate::quantity::MassUnit;
use crate::sector::Sector;
use crate::sector::graphql::SectorKey;
use crate::source::Figure;
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Changes of targets.
#[derive(Default)]
pub struct TargetMutation;

#[Object]
impl TargetMutation {
    /// Set a target in a plan. For who edits it.
    async fn create_target(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: CreateTargetInput,
    ) -> Result<TargetPayload> {
        let done = async {
            let plan = PlanId::parse_at("plan", &input.plan)?;
            super::create(ctx.access(), plan, input.target).await
        };
        TargetPayload::of(done.await)
    }

    /// Change a target that is at the revision you read. For who edits its plan.
    async fn update_target(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which target, and what about it.")] input: UpdateTargetInput,
    ) -> Result<TargetPayload> {
        let UpdateTargetInput { id, revision, change } = input;
        let done = async {
            let (id, revision) = at_revision(&id, &revision)?;
            super::update(ctx.access(), id, revision, change).await
        };
        TargetPayload::of(done.await)
    }

    /// Remove a target that is at the revision you read. For who edits its plan.
    async fn delete_target(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which target.")] input: DeleteTargetInput,
    ) -> Result<DeleteTargetPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::delete(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeleteTargetPayload { id, errors })
    }
}

/// What it takes to set a target in a plan: a sector or a label, a year, and at least one figure.
#[derive(Debug, InputObject)]
struct CreateTargetInput {
    /// In which plan.
    plan: AnyId,
    #[graphql(flatten)]
    target: NewTarget,
}

/// Which target is to change, and how. What is left out stays; null takes a value away.
#[derive(Debug, InputObject)]
struct UpdateTargetInput {
    /// Which target.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    change: TargetChange,
}

/// Which target is to go.
#[derive(Debug, InputObject)]
struct DeleteTargetInput {
    /// Which target.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// A target as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct TargetPayload {
    /// The target; null where something is wrong.
    target: Option<Target>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl TargetPayload {
    fn of(done: Result<Target>) -> Result<Self> {
        payload(done).map(|(target, errors)| Self { target, errors })
    }
}

/// The target that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeleteTargetPayload {
    /// Its id; null where something is wrong.
    id: Option<TargetId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl Target {
    /// Whose promise it is.
    async fn plan(&self, ctx: &Context<'_>) -> Result<Plan> {
        ctx.loaders().one(PlanKey(self.plan_id)).await
    }

    /// What it takes from the plan above, and where it departs from it.
    async fn links(&self, ctx: &Context<'_>) -> Result<Vec<Link>> {
        ctx.loaders().list(FromKey(LinkEnd::Target(self.id))).await
    }

    /// What the plans below take from it, and where they depart from it, as far as the caller sees
    /// them.
    async fn linked_by(&self, ctx: &Context<'_>) -> Result<Vec<Link>> {
        ctx.loaders().list(ToKey(LinkEnd::Target(self.id))).await
    }

    /// Its sector; null for the total, and where only a label is known.
    async fn sector(&self, ctx: &Context<'_>) -> Option<Result<Sector>> {
        ctx.loaders().maybe(self.sector_id.map(SectorKey)).await
    }

    /// Emissions of the base year. Where the target states none, a total shows what its plan
    /// reports for the same year.
    async fn base(
        &self,
        #[graphql(desc = "Shown in this unit.", default)] unit: MassUnit,
    ) -> Figure {
        self.base.in_unit(unit)
    }

    /// Emissions of the target year.
    async fn target(
        &self,
        #[graphql(desc = "Shown in this unit.", default)] unit: MassUnit,
    ) -> Figure {
        self.target.in_unit(unit)
    }

    /// The same before removals.
    async fn gross_target(
        &self,
        #[graphql(desc = "Shown in this unit.", default)] unit: MassUnit,
    ) -> Figure {
        self.gross_target.in_unit(unit)
    }

    /// How much less than in the base year.
    async fn reduction(
        &self,
        #[graphql(desc = "Shown in this unit.", default)] unit: MassUnit,
    ) -> Figure {
        self.reduction.in_unit(unit)
    }

    /// How much is removed in the target year.
    async fn removals(
        &self,
        #[graphql(desc = "Shown in this unit.", default)] unit: MassUnit,
    ) -> Figure {
        self.removals.in_unit(unit)
    }
}

/// A target, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TargetKey(pub TargetId);

impl Loader<TargetKey> for Access {
    type Value = Target;
    type Error = Error;

    async fn load(&self, keys: &[TargetKey]) -> Result<HashMap<TargetKey, Target>> {
        let targets = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(targets.into_iter().map(|target| (TargetKey(target.id), target)).collect())
    }
}

/// The targets of a plan that fit, fetched with those of all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TargetsKey(pub PlanId, pub TargetFilter);

impl Loader<TargetsKey> for Access {
    /// A filter that names an unknown sector is that field's fault, not its neighbours'.
    type Value = Result<Vec<Target>>;
    type Error = Error;

    async fn load(&self, keys: &[TargetsKey]) -> Result<HashMap<TargetsKey, Self::Value>> {
        let asked = grouped(keys.iter().map(|TargetsKey(plan, filter)| (filter, *plan)));
        let mut found = HashMap::new();
        for (filter, plans) in asked {
            let key = |plan| TargetsKey(plan, filter.clone());
            match super::of_plans(self, &plans, filter).await {
                Ok(targets) => {
                    let targets = targets.into_iter().map(|target| (key(target.plan_id), target));
                    found.extend(grouped(targets).into_iter().map(|(key, all)| (key, Ok(all))));
                }
                Err(error) => {
                    found.extend(plans.iter().map(|plan| (key(*plan), Err(error.clone()))));
                }
            }
        }
        Ok(found)
    }
}
