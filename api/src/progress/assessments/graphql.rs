//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{Assessment, AssessmentInput};
use crate::access::Access;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, AssessmentId, CheckId, Id as _, MeasureId};
use crate::indicator::Indicator;
use crate::indicator::graphql::IndicatorKey;
use crate::measure::Measure;
use crate::measure::graphql::MeasureKey;
use crate::progress::graphql::CheckKey;
use crate::progress::{AssessedValue, ProgressCheck};
use crate::quantity::{Amount, MassUnit};
use crate::wire::graphql::{AccessExt as _, grouped};

/// Changes of assessments.
#[derive(Default)]
pub struct AssessmentMutation;

#[Object]
impl AssessmentMutation {
    /// Say how a measure stands in a check of its plan: for the first time, or anew at the
    /// revision you read. For who checks the progress of the region.
    async fn assess_measure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which measure in which check, and how it stands.")]
        input: AssessMeasureInput,
    ) -> Result<AssessmentPayload> {
        let AssessMeasureInput { check, measure, revision, assessment } = input;
        let done = async {
            let place = place(&check, &measure)?;
            let revision = revision.map(|revision| revision.parse()).transpose()?;
            super::assess(ctx.access(), place, revision, assessment).await
        };
        let (assessment, errors) = payload(done.await)?;
        Ok(AssessmentPayload { assessment, errors })
    }

    /// Take an assessment back that is at the revision you read. For who checks the progress of
    /// the region.
    async fn remove_assessment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which measure in which check.")] input: RemoveAssessmentInput,
    ) -> Result<RemoveAssessmentPayload> {
        let done = async {
            let place = place(&input.check, &input.measure)?;
            super::remove(ctx.access(), place, input.revision.parse()?).await
        };
        payload(done.await).map(|(id, errors)| RemoveAssessmentPayload { id, errors })
    }
}

fn place(check: &AnyId, measure: &AnyId) -> Result<(CheckId, MeasureId)> {
    Ok((CheckId::parse_at("check", check)?, MeasureId::parse_at("measure", measure)?))
}

/// Which measure in which check, and how it stands. What is left out stays; null takes a value
/// away.
#[derive(Debug, InputObject)]
struct AssessMeasureInput {
    /// In which check.
    check: AnyId,
    /// Which measure, of the check's plan.
    measure: AnyId,
    /// The revision of the assessment you read; none for the first one.
    revision: Option<AnyRevision>,
    #[graphql(flatten)]
    assessment: AssessmentInput,
}

/// Which assessment is to go.
#[derive(Debug, InputObject)]
struct RemoveAssessmentInput {
    /// In which check.
    check: AnyId,
    /// Of which measure.
    measure: AnyId,
    /// The revision of the assessment you read.
    revision: AnyRevision,
}

/// An assessment as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct AssessmentPayload {
    /// The assessment; null where something is wrong.
    assessment: Option<Assessment>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

/// The assessment that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct RemoveAssessmentPayload {
    /// Its id; null where something is wrong.
    id: Option<AssessmentId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl Assessment {
    /// In which check.
    async fn check(&self, ctx: &Context<'_>) -> Result<ProgressCheck> {
        ctx.loaders().one(CheckKey(self.check_id)).await
    }

    /// Of which measure.
    async fn measure(&self, ctx: &Context<'_>) -> Result<Measure> {
        ctx.loaders().one(MeasureKey(self.measure_id)).await
    }

    /// How much less the measure was to make of the year: as its plan has it while the check is
    /// open, as it was submitted after; null where nobody said.
    async fn goal_reduction(
        &self,
        #[graphql(desc = "Shown in this unit.", default)] unit: MassUnit,
    ) -> Option<Amount> {
        self.clone().in_unit(unit).goal_reduction
    }

    /// How much it reduced in the year; null where nobody said.
    async fn achieved_reduction(
        &self,
        #[graphql(desc = "Shown in this unit.", default)] unit: MassUnit,
    ) -> Option<Amount> {
        self.clone().in_unit(unit).achieved_reduction
    }
}

#[ComplexObject]
impl AssessedValue {
    /// Which indicator.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Indicator> {
        ctx.loaders().one(IndicatorKey(self.indicator_id)).await
    }
}

/// The assessments of a check, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AssessmentsKey(pub CheckId);

impl Loader<AssessmentsKey> for Access {
    type Value = Vec<Assessment>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[AssessmentsKey],
    ) -> Result<HashMap<AssessmentsKey, Vec<Assessment>>> {
        let checks: Vec<CheckId> = keys.iter().map(|key| key.0).collect();
        let assessments = super::of_checks(self, &checks).await?;
        Ok(grouped(assessments.into_iter().map(|it| (AssessmentsKey(it.check_id), it))))
    }
}

/// The assessments of a measure, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OfMeasureKey(pub MeasureId);

impl Loader<OfMeasureKey> for Access {
    type Value = Vec<Assessment>;
    type Error = Error;

    async fn load(&self, keys: &[OfMeasureKey]) -> Result<HashMap<OfMeasureKey, Vec<Assessment>>> {
        let measures: Vec<MeasureId> = keys.iter().map(|key| key.0).collect();
        let assessments = super::of_measures(self, &measures).await?;
        Ok(grouped(assessments.into_iter().map(|it| (OfMeasureKey(it.measure_id), it))))
    }
}
