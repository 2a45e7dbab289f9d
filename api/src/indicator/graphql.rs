//! The same in GraphQL.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::goal::GoalKey;
use super::{
    GoalInput, GoalKind, Indicator, IndicatorChange, IndicatorDefinition,
    IndicatorDefinitionChange, IndicatorDefinitionFilter, IndicatorFilter, IndicatorGoal,
    IndicatorOrder, Measured, NewIndicator, NewIndicatorDefinition, Observation, ObservationInput,
    Owner,
};
use crate::access::Access;
use crate::date::TimePeriod;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, DefinitionId, GoalId, Id as _, IndicatorId, ObservationId};
use crate::measure::Measure;
use crate::measure::graphql::MeasureKey;
use crate::page::graphql::{Connection, asked};
use crate::page::{Asked, Page};
use crate::plan::Plan;
use crate::plan::graphql::PlanKey;
use crate::region::Region;
use crate::region::graphql::RegionKey;
use crate::sector::Sector;
use crate::sector::graphql::SectorKey;
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

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

/// Changes of indicators.
#[derive(Default)]
pub struct IndicatorMutation;

#[Object]
impl IndicatorMutation {
    /// Define what can be measured, for every region. For who keeps reference data.
    async fn create_indicator_definition(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: NewIndicatorDefinition,
    ) -> Result<IndicatorDefinitionPayload> {
        IndicatorDefinitionPayload::of(super::create_definition(ctx.access(), input).await)
    }

    /// Change a definition that is at the revision you read. For who keeps the reference data of
    /// every region that measures by it.
    async fn update_indicator_definition(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which definition, and what about it.")]
        input: UpdateIndicatorDefinitionInput,
    ) -> Result<IndicatorDefinitionPayload> {
        let UpdateIndicatorDefinitionInput { id, revision, change } = input;
        let done = async {
            let (id, revision) = at_revision(&id, &revision)?;
            super::update_definition(ctx.access(), id, revision, change).await
        };
        IndicatorDefinitionPayload::of(done.await)
    }

    /// Begin to measure something. For who edits the plan, or, without one, who keeps the facts of
    /// the region.
    async fn create_indicator(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: NewIndicator,
    ) -> Result<IndicatorPayload> {
        IndicatorPayload::of(super::create(ctx.access(), input).await)
    }

    /// Change an indicator that is at the revision you read. For who edits its plan, or, without
    /// one, who keeps the facts of its region.
    async fn update_indicator(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which indicator, and what about it.")] input: UpdateIndicatorInput,
    ) -> Result<IndicatorPayload> {
        let UpdateIndicatorInput { id, revision, change } = input;
        let done = async {
            let (id, revision) = at_revision(&id, &revision)?;
            super::update(ctx.access(), id, revision, change).await
        };
        IndicatorPayload::of(done.await)
    }

    /// Remove an indicator that is at the revision you read, with its goals; `CONFLICT` while it
    /// has observations.
    async fn delete_indicator(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which indicator.")] input: DeleteIndicatorInput,
    ) -> Result<DeleteIndicatorPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::delete(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeleteIndicatorPayload { id, errors })
    }

    /// Say what an indicator is to reach. For who edits its plan, or, without one, who keeps the
    /// facts of its region.
    async fn set_goal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which goal, and what it is.")] input: SetGoalInput,
    ) -> Result<GoalPayload> {
        let done = async {
            let id = IndicatorId::parse_at("indicator", &input.indicator)?;
            let key = key(input.period.as_deref(), input.kind)?;
            let read = input.revision.as_ref().map(AnyRevision::parse).transpose()?;
            super::set_goal(ctx.access(), id, key, (input.goal, read)).await
        };
        payload(done.await).map(|(goal, errors)| GoalPayload { goal, errors })
    }

    /// Take back a goal that is at the revision you read. For who may set it.
    async fn remove_goal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which goal.")] input: RemoveGoalInput,
    ) -> Result<RemoveGoalPayload> {
        let done = async {
            let id = IndicatorId::parse_at("indicator", &input.indicator)?;
            let key = key(input.period.as_deref(), input.kind)?;
            super::remove_goal(ctx.access(), id, key, input.revision.parse()?).await
        };
        payload(done.await).map(|(id, errors)| RemoveGoalPayload { id, errors })
    }

    /// Record what an indicator was. For who keeps the facts of its region.
    async fn record_observation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of what, and what it was.")] input: RecordObservationInput,
    ) -> Result<ObservationPayload> {
        let done = async {
            let id = IndicatorId::parse_at("indicator", &input.indicator)?;
            let period = TimePeriod::parse(&input.period).map_err(|error| error.at("period"))?;
            let read = input.revision.as_ref().map(AnyRevision::parse).transpose()?;
            super::record(ctx.access(), id, period, (input.observation, read)).await
        };
        payload(done.await).map(|(observation, errors)| ObservationPayload { observation, errors })
    }

    /// Take back an observation that is at the revision you read. For who may record it.
    async fn remove_observation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which observation.")] input: RemoveObservationInput,
    ) -> Result<RemoveObservationPayload> {
        let done = async {
            let id = IndicatorId::parse_at("indicator", &input.indicator)?;
            let period = TimePeriod::parse(&input.period).map_err(|error| error.at("period"))?;
            super::remove_observation(ctx.access(), id, period, input.revision.parse()?).await
        };
        payload(done.await).map(|(id, errors)| RemoveObservationPayload { id, errors })
    }
}

fn key(period: Option<&str>, kind: Option<GoalKind>) -> Result<GoalKey> {
    GoalKey::parse(period.unwrap_or("undated"), kind)
}

/// Which definition is to change, and how. What is left out stays; null takes a value away.
#[derive(Debug, InputObject)]
struct UpdateIndicatorDefinitionInput {
    /// Which definition.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    change: IndicatorDefinitionChange,
}

/// Which indicator is to change, and how. What is left out stays; null takes a value away.
#[derive(Debug, InputObject)]
struct UpdateIndicatorInput {
    /// Which indicator.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    change: IndicatorChange,
}

/// Which indicator is to go.
#[derive(Debug, InputObject)]
struct DeleteIndicatorInput {
    /// Which indicator.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// Which goal is to be set, and what it is.
#[derive(Debug, InputObject)]
struct SetGoalInput {
    /// Of which indicator.
    indicator: AnyId,
    /// By when: `2030`, `2024-H1`, `2024-Q3` or `2025-05`; none where that is not stated.
    period: Option<String>,
    /// In which sense it is a goal; `FINAL` if not said.
    kind: Option<GoalKind>,
    /// The revision you read, to overwrite a goal that says otherwise.
    revision: Option<AnyRevision>,
    #[graphql(flatten)]
    goal: GoalInput,
}

/// Which goal is to go.
#[derive(Debug, InputObject)]
struct RemoveGoalInput {
    /// Of which indicator.
    indicator: AnyId,
    /// Its period, if it has one.
    period: Option<String>,
    /// In which sense it is a goal; `FINAL` if not said.
    kind: Option<GoalKind>,
    /// The revision you read.
    revision: AnyRevision,
}

/// What is to be recorded.
#[derive(Debug, InputObject)]
struct RecordObservationInput {
    /// Of which indicator.
    indicator: AnyId,
    /// Of which period: `2024`, `2024-H1`, `2024-Q3` or `2025-05`.
    period: String,
    /// The revision you read, to overwrite an observation that says otherwise.
    revision: Option<AnyRevision>,
    #[graphql(flatten)]
    observation: ObservationInput,
}

/// Which observation is to go.
#[derive(Debug, InputObject)]
struct RemoveObservationInput {
    /// Of which indicator.
    indicator: AnyId,
    /// Its period.
    period: String,
    /// The revision you read.
    revision: AnyRevision,
}

/// A definition as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct IndicatorDefinitionPayload {
    /// The definition; null where something is wrong.
    definition: Option<IndicatorDefinition>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl IndicatorDefinitionPayload {
    fn of(done: Result<IndicatorDefinition>) -> Result<Self> {
        payload(done).map(|(definition, errors)| Self { definition, errors })
    }
}

/// An indicator as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct IndicatorPayload {
    /// The indicator; null where something is wrong.
    indicator: Option<Indicator>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl IndicatorPayload {
    fn of(done: Result<Indicator>) -> Result<Self> {
        payload(done).map(|(indicator, errors)| Self { indicator, errors })
    }
}

/// The indicator that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeleteIndicatorPayload {
    /// Its id; null where something is wrong.
    id: Option<IndicatorId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

/// A goal as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct GoalPayload {
    /// The goal; null where something is wrong.
    goal: Option<IndicatorGoal>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

/// The goal that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct RemoveGoalPayload {
    /// Its id; null where something is wrong.
    id: Option<GoalId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

/// An observation as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct ObservationPayload {
    /// The observation; null where something is wrong.
    observation: Option<Observation>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

/// The observation that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct RemoveObservationPayload {
    /// Its id; null where something is wrong.
    id: Option<ObservationId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
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

/// An indicator, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IndicatorKey(pub IndicatorId);

impl Loader<IndicatorKey> for Access {
    type Value = Indicator;
    type Error = Error;

    async fn load(&self, keys: &[IndicatorKey]) -> Result<HashMap<IndicatorKey, Indicator>> {
        let found = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(found.into_iter().map(|it| (IndicatorKey(it.id), it)).collect())
    }
}

/// A definition, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DefinitionKey(pub DefinitionId);

impl Loader<DefinitionKey> for Access {
    type Value = IndicatorDefinition;
    type Error = Error;

    async fn load(
        &self,
        keys: &[DefinitionKey],
    ) -> Result<HashMap<DefinitionKey, IndicatorDefinition>> {
        let found = super::definitions_by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(found.into_iter().map(|it| (DefinitionKey(it.id), it)).collect())
    }
}

/// One page of the indicators of a plan, measure, region or definition, fetched with the same pages
/// of all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IndicatorsKey(pub Owner, pub Arc<Asked<IndicatorFilter, IndicatorOrder>>);

impl Loader<IndicatorsKey> for Access {
    type Value = Page<Indicator>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[IndicatorsKey],
    ) -> Result<HashMap<IndicatorsKey, Page<Indicator>>> {
        let alike = |IndicatorsKey(owner, asked): &IndicatorsKey| {
            ((std::mem::discriminant(owner), asked.clone()), *owner)
        };
        let mut found = HashMap::new();
        for ((_, asked), owners) in grouped(keys.iter().map(alike)) {
            let pages = super::pages_of(self, &owners, &asked).await?;
            let key = |owner| IndicatorsKey(owner, asked.clone());
            found.extend(pages.into_iter().map(|(owner, page)| (key(owner), page)));
        }
        Ok(found)
    }
}

/// What an indicator is to reach, fetched with that of all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GoalsKey(pub Measured);

impl Loader<GoalsKey> for Access {
    type Value = Vec<IndicatorGoal>;
    type Error = Error;

    async fn load(&self, keys: &[GoalsKey]) -> Result<HashMap<GoalsKey, Vec<IndicatorGoal>>> {
        let measured: Vec<Measured> = keys.iter().map(|key| key.0.clone()).collect();
        let goals = super::goals_of(self, &measured).await?;
        let mut goals = grouped(goals.into_iter().map(|goal| (goal.indicator_id, goal)));
        let of = |key: &GoalsKey| Some((key.clone(), goals.remove(&key.0.id)?));
        Ok(keys.iter().filter_map(of).collect())
    }
}

/// What an indicator was, fetched with that of all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObservationsKey(pub Measured);

impl Loader<ObservationsKey> for Access {
    type Value = Vec<Observation>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[ObservationsKey],
    ) -> Result<HashMap<ObservationsKey, Vec<Observation>>> {
        let measured: Vec<Measured> = keys.iter().map(|key| key.0.clone()).collect();
        let all = super::observations_of(self, &measured).await?;
        let mut all = grouped(all.into_iter().map(|it| (it.indicator_id, it)));
        let of = |key: &ObservationsKey| Some((key.clone(), all.remove(&key.0.id)?));
        Ok(keys.iter().filter_map(of).collect())
    }
}
