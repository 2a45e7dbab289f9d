//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, Object};

use super::PlanVersion;
use crate::access::Access;
use crate::error::{Error, Result};
use crate::id::{AnyId, Id as _, PlanId, VersionId};
use crate::plan::Plan;
use crate::plan::graphql::PlanKey;
use crate::procedure::Milestone;
use crate::procedure::graphql::MilestoneKey;
use crate::wire::graphql::{AccessExt as _, grouped};

/// Queries about versions of plans.
#[derive(Default)]
pub struct VersionQuery;

#[Object]
impl VersionQuery {
    /// One version of a plan; null where there is none that the caller sees.
    async fn plan_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of the plan of this id.")] plan: AnyId,
        #[graphql(desc = "Its number: 1 for the first.")] number: i32,
    ) -> Option<Result<PlanVersion>> {
        let key = PlanId::parse_at("plan", &plan).map(|plan| NumberKey(plan, number));
        ctx.loaders().look_up(key).await
    }
}

#[ComplexObject]
impl PlanVersion {
    /// Of which plan: as it is now. Read it with `asOf` of the revision to see what it said.
    async fn plan(&self, ctx: &Context<'_>) -> Result<Plan> {
        ctx.loaders().one(PlanKey(self.plan_id)).await
    }

    /// The step that froze it.
    async fn milestone(&self, ctx: &Context<'_>) -> Result<Milestone> {
        ctx.loaders().one(MilestoneKey(self.milestone_id)).await
    }
}

/// A version, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VersionKey(pub VersionId);

impl Loader<VersionKey> for Access {
    type Value = PlanVersion;
    type Error = Error;

    async fn load(&self, keys: &[VersionKey]) -> Result<HashMap<VersionKey, PlanVersion>> {
        let versions = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(versions.into_iter().map(|version| (VersionKey(version.id), version)).collect())
    }
}

/// A version by the number it has in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NumberKey(pub PlanId, pub i32);

impl Loader<NumberKey> for Access {
    type Value = PlanVersion;
    type Error = Error;

    async fn load(&self, keys: &[NumberKey]) -> Result<HashMap<NumberKey, PlanVersion>> {
        let plans: Vec<PlanId> = keys.iter().map(|key| key.0).collect();
        let versions = super::of_plans(self, &plans).await?;
        Ok(versions.into_iter().map(|it| (NumberKey(it.plan_id, it.number), it)).collect())
    }
}

/// The versions of a plan, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VersionsKey(pub PlanId);

impl Loader<VersionsKey> for Access {
    type Value = Vec<PlanVersion>;
    type Error = Error;

    async fn load(&self, keys: &[VersionsKey]) -> Result<HashMap<VersionsKey, Vec<PlanVersion>>> {
        let plans: Vec<PlanId> = keys.iter().map(|key| key.0).collect();
        let versions = super::of_plans(self, &plans).await?;
        Ok(grouped(versions.into_iter().map(|version| (VersionsKey(version.plan_id), version))))
    }
}
