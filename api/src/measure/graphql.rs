//! The same in GraphQL.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{ExpectedReduction, Measure, MeasureChange, MeasureFilter, MeasureOrder, NewMeasure};
use crate::access::Access;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, MeasureId, PlanId};
use crate::indicator::graphql::IndicatorsKey;
use crate::indicator::{self, Indicator, IndicatorFilter, IndicatorsRelation, Owner};
use crate::link::graphql::{FromKey, ToKey};
use crate::link::{Link, LinkEnd};
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::page::graphql::{Connection, asked};
use crate::page::{Asked, Page};
use crate::plan::Plan;
use crate::plan::graphql::PlanKey;
use crate::progress::Assessment;
use crate::progress::assessments::graphql::OfMeasureKey;
use crate::quantity::{Amount, MassUnit};
use crate::sector::Sector;
use crate::sector::graphql::SectorKey;
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Queries about measures.
#[derive(Default)]
pub struct MeasureQuery;

#[Object]
impl MeasureQuery {
    /// One measure; null where there is none that the caller sees.
    async fn measure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<Measure>> {
        ctx.loaders().look_up(MeasureId::parse_at("id", &id).map(MeasureKey)).await
    }

    /// The measures that fit and that the caller sees.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are a contract")]
    async fn measures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which measures.")] filter: Option<MeasuresFilter>,
        #[graphql(desc = "In which order; as they were entered if not said.")] order_by: Option<
            Vec<MeasureOrder>,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Measure>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let filter = filter.unwrap_or_default().resolved(ctx.access()).await;
        let filter = filter.map_err(|error| error.at("filter"))?;
        let order = order_by.unwrap_or_default();
        super::page(ctx.access(), &filter, &order, &request).await.map(Into::into)
    }
}

/// Which measures a list holds, also by what hangs on them.
#[derive(Debug, Default, InputObject)]
struct MeasuresFilter {
    #[graphql(flatten)]
    measure: MeasureFilter,
    /// Whose indicators are like this.
    indicators: Option<IndicatorsRelation>,
}

impl MeasuresFilter {
    async fn resolved(self, access: &Access) -> Result<MeasureFilter> {
        let Self { measure: mut filter, indicators } = self;
        if let Some(asked) = indicators {
            let measures = indicator::measures(access, &asked).await;
            filter.having.extend(measures.map_err(|error| error.at("indicators"))?);
        }
        Ok(filter)
    }
}

/// Changes of measures.
#[derive(Default)]
pub struct MeasureMutation;

#[Object]
impl MeasureMutation {
    /// Put a measure into a plan. For who edits it.
    async fn create_measure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: NewMeasure,
    ) -> Result<MeasurePayload> {
        MeasurePayload::of(super::create(ctx.access(), input).await)
    }

    /// Change a measure that is at the revision you read. For who edits its plan.
    async fn update_measure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which measure, and what about it.")] input: UpdateMeasureInput,
    ) -> Result<MeasurePayload> {
        let UpdateMeasureInput { id, revision, change } = input;
        let done = async {
            let (id, revision) = at_revision(&id, &revision)?;
            super::update(ctx.access(), id, revision, change).await
        };
        MeasurePayload::of(done.await)
    }

    /// Remove a measure that is at the revision you read. For who edits its plan.
    async fn delete_measure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which measure.")] input: DeleteMeasureInput,
    ) -> Result<DeleteMeasurePayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::delete(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeleteMeasurePayload { id, errors })
    }
}

/// Which measure is to change, and how. What is left out stays; null takes a value away. Reductions
/// and budgets are said year by year: those of other years and funds stay as they are.
#[derive(Debug, InputObject)]
struct UpdateMeasureInput {
    /// Which measure.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    change: MeasureChange,
}

/// Which measure is to go.
#[derive(Debug, InputObject)]
struct DeleteMeasureInput {
    /// Which measure.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// A measure as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct MeasurePayload {
    /// The measure; null where something is wrong.
    measure: Option<Measure>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl MeasurePayload {
    fn of(done: Result<Measure>) -> Result<Self> {
        payload(done).map(|(measure, errors)| Self { measure, errors })
    }
}

/// The measure that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeleteMeasurePayload {
    /// Its id; null where something is wrong.
    id: Option<MeasureId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl Measure {
    /// In which plan it stands.
    async fn plan(&self, ctx: &Context<'_>) -> Result<Plan> {
        ctx.loaders().one(PlanKey(self.plan_id)).await
    }

    /// What it takes from the plan above, and where it departs from it.
    async fn links(&self, ctx: &Context<'_>) -> Result<Vec<Link>> {
        ctx.loaders().list(FromKey(LinkEnd::Measure(self.id))).await
    }

    /// What the plans below take from it, and where they depart from it, as far as the caller sees
    /// them.
    async fn linked_by(&self, ctx: &Context<'_>) -> Result<Vec<Link>> {
        ctx.loaders().list(ToKey(LinkEnd::Measure(self.id))).await
    }

    /// What progress checks say of it, as they were entered.
    async fn assessments(&self, ctx: &Context<'_>) -> Result<Vec<Assessment>> {
        ctx.loaders().list(OfMeasureKey(self.id)).await
    }

    /// Its sector.
    async fn sector(&self, ctx: &Context<'_>) -> Option<Result<Sector>> {
        ctx.loaders().maybe(self.sector_id.map(SectorKey)).await
    }

    /// The organization that leads it.
    async fn lead(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        ctx.loaders().maybe(self.lead_id.map(OrganizationKey)).await
    }

    /// How much less it is to make of each year, by year; none in the response base.
    async fn reductions(&self) -> &[ExpectedReduction] {
        &self.reductions
    }

    /// Its indicators, as they were entered.
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
        ctx.loaders().one(IndicatorsKey(Owner::Measure(self.id.0), asked)).await.map(Into::into)
    }
}

#[ComplexObject]
impl ExpectedReduction {
    /// How much less.
    async fn reduction(
        &self,
        #[graphql(desc = "Shown in this unit.", default)] unit: MassUnit,
    ) -> Amount {
        self.in_unit(unit).reduction
    }
}

/// A measure, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MeasureKey(pub MeasureId);

impl Loader<MeasureKey> for Access {
    type Value = Measure;
    type Error = Error;

    async fn load(&self, keys: &[MeasureKey]) -> Result<HashMap<MeasureKey, Measure>> {
        let measures = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(measures.into_iter().map(|measure| (MeasureKey(measure.id), measure)).collect())
    }
}

/// One page of a plan's measures, fetched with the same pages of all other plans.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MeasuresKey(pub PlanId, pub Arc<Asked<MeasureFilter, MeasureOrder>>);

impl Loader<MeasuresKey> for Access {
    type Value = Page<Measure>;
    type Error = Error;

    async fn load(&self, keys: &[MeasuresKey]) -> Result<HashMap<MeasuresKey, Page<Measure>>> {
        let asked = grouped(keys.iter().map(|MeasuresKey(plan, asked)| (asked, *plan)));
        let mut found = HashMap::new();
        for (asked, plans) in asked {
            let pages = super::pages_of_plans(self, &plans, asked).await?;
            let key = |plan| MeasuresKey(plan, asked.clone());
            found.extend(pages.into_iter().map(|(plan, page)| (key(plan), page)));
        }
        Ok(found)
    }
}
