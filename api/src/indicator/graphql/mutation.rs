use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::date::TimePeriod;
use crate::error::Result;
use crate::error::graphql::{UserError, payload};
use crate::history::AnyRevision;
use crate::id::{AnyId, GoalId, Id as _, IndicatorId, ObservationId};
use crate::indicator::goal::GoalKey;
use crate::indicator::{
    self, GoalInput, GoalKind, Indicator, IndicatorChange, IndicatorDefinition,
    IndicatorDefinitionChange, IndicatorGoal, NewIndicator, NewIndicatorDefinition, Observation,
    ObservationInput,
};
use crate::wire::graphql::{AccessExt as _, at_revision};

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
        IndicatorDefinitionPayload::of(indicator::create_definition(ctx.access(), input).await)
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
            indicator::update_definition(ctx.access(), id, revision, change).await
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
        IndicatorPayload::of(indicator::create(ctx.access(), input).await)
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
            indicator::update(ctx.access(), id, revision, change).await
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
            indicator::delete(ctx.access(), id, revision).await
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
            indicator::set_goal(ctx.access(), id, key, (input.goal, read)).await
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
            indicator::remove_goal(ctx.access(), id, key, input.revision.parse()?).await
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
            indicator::record(ctx.access(), id, period, (input.observation, read)).await
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
            indicator::remove_observation(ctx.access(), id, period, input.revision.parse()?).await
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
