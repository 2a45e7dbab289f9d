//! The same in GraphQL.

mod keys;
mod mutation;

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Object};

pub use keys::{DefinitionKey, GoalsKey, IndicatorKey, IndicatorsKey, ObservationsKey};
pub use mutation::IndicatorMutation;

use super::{
    Indicator, IndicatorDefinition, IndicatorDefinitionFilter, IndicatorFilter, IndicatorGoal,
    IndicatorOrder, Observation, Owner,
};
use crate::error::Result;
use crate::id::{AnyId, Id as _, IndicatorId};
use crate::measure::Measure;
use crate::measure::graphql::MeasureKey;
use crate::page::Asked;
use crate::page::graphql::{Connection, asked};
use crate::plan::Plan;
use crate::plan::graphql::PlanKey;
use crate::region::Region;
use crate::region::graphql::RegionKey;
use crate::sector::Sector;
use crate::sector::graphql::SectorKey;
use crate::wire::graphql::AccessExt as _;

/// Queries about indicators.
#[derive(Default)]
pub struct IndicatorQuery;

#[Object]
impl IndicatorQuery {
    /// One indicator; null where there is none that the caller sees.
    async fn indicator(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<Indicator>> {
        ctx.loaders().look_up(IndicatorId::parse_at("id", &id).map(IndicatorKey)).await
    }

    /// The indicators that fit and that the caller sees.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are a contract")]
    async fn indicators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which indicators.")] filter: Option<IndicatorFilter>,
        #[graphql(desc = "In which order; as they were entered if not said.")] order_by: Option<
            Vec<IndicatorOrder>,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Indicator>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let (filter, order) = (filter.unwrap_or_default(), order_by.unwrap_or_default());
        super::page(ctx.access(), &filter, &order, &request).await.map(Into::into)
    }

    /// What can be measured, by code; each with its indicators in all regions.
    async fn indicator_definitions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which definitions.")] filter: Option<IndicatorDefinitionFilter>,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<IndicatorDefinition>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let filter = filter.unwrap_or_default();
        super::page_definitions(ctx.access(), &filter, &request).await.map(Into::into)
    }
}

#[ComplexObject]
impl Indicator {
    /// What is measured.
    async fn definition(&self) -> &IndicatorDefinition {
        &self.definition
    }

    /// Where it is measured.
    async fn region(&self, ctx: &Context<'_>) -> Result<Region> {
        ctx.loaders().one(RegionKey(self.region.id)).await
    }

    /// For which plan, if for one.
    async fn plan(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        ctx.loaders().maybe(self.plan_id.map(PlanKey)).await
    }

    /// For which measure of the plan, if for one.
    async fn measure(&self, ctx: &Context<'_>) -> Option<Result<Measure>> {
        ctx.loaders().maybe(self.measure_id.map(MeasureKey)).await
    }

    /// Its sector; `TOTAL` for all of them.
    async fn sector(&self, ctx: &Context<'_>) -> Option<Result<Sector>> {
        ctx.loaders().maybe(self.sector_id.map(SectorKey)).await
    }

    /// What it is to reach, by period; goals without one come last.
    async fn goals(&self, ctx: &Context<'_>) -> Result<Vec<IndicatorGoal>> {
        ctx.loaders().list(GoalsKey(self.into())).await
    }

    /// What it was, by period.
    async fn observations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From the first day of this period on.")] from: Option<String>,
        #[graphql(desc = "Up to the last day of this period.")] to: Option<String>,
    ) -> Result<Vec<Observation>> {
        let (from, to) = super::observation::span(from.as_deref(), to.as_deref())?;
        let all = ctx.loaders().list(ObservationsKey(self.into())).await?;
        Ok(super::observation::within(all, from.as_ref(), to.as_ref()))
    }

    /// The latest observation that has a number.
    async fn latest(&self, ctx: &Context<'_>) -> Result<Option<Observation>> {
        let all = ctx.loaders().list(ObservationsKey(self.into())).await?;
        Ok(all.into_iter().rfind(|observation| observation.value.is_some()))
    }
}

#[ComplexObject]
impl IndicatorDefinition {
    /// Where this is measured, as far as the caller sees it.
    async fn indicators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which indicators.")] filter: Option<IndicatorFilter>,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Indicator>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let asked = Arc::new(Asked::new(filter.unwrap_or_default(), Vec::new(), request));
        let key = IndicatorsKey(Owner::Definition(self.id.0), asked);
        ctx.loaders().one(key).await.map(Into::into)
    }
}
