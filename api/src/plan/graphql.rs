//! The same in GraphQL.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{Kin, NewPlan, Plan, PlanChange, PlanFilter, PlanOrder, PlanSector};
use crate::access::Access;
use crate::advice::Issue;
use crate::advice::issues::graphql::IssuesKey;
use crate::document::graphql::DocumentsKey;
use crate::document::{Document, Holder};
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id, PlanId, RegionId};
use crate::indicator::graphql::IndicatorsKey;
use crate::indicator::{self, Indicator, IndicatorFilter, IndicatorsRelation, Owner};
use crate::measure::graphql::MeasuresKey;
use crate::measure::{self, Measure, MeasureFilter, MeasureOrder, MeasuresRelation};
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::page::Asked;
use crate::page::graphql::{Connection, asked};
use crate::procedure::Milestone;
use crate::procedure::graphql::MilestonesKey;
use crate::progress::ProgressCheck;
use crate::progress::graphql::OfPlanKey;
use crate::region::Region;
use crate::region::graphql::RegionKey;
use crate::sector::Sector;
use crate::sector::graphql::SectorKey;
use crate::target::graphql::TargetsKey;
use crate::target::{Target, TargetFilter, TargetKind};
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Queries about plans.
#[derive(Default)]
pub struct PlanQuery;

#[Object]
impl PlanQuery {
    /// One plan; null where there is none that the caller sees.
    async fn plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<Plan>> {
        ctx.loaders().look_up(PlanId::parse_at("id", &id).map(PlanKey)).await
    }

    /// The plans that fit and that the caller sees.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are a contract")]
    async fn plans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which plans.")] filter: Option<PlansFilter>,
        #[graphql(desc = "In which order; as they were entered if not said.")] order_by: Option<
            Vec<PlanOrder>,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Plan>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let filter = filter.unwrap_or_default().resolved(ctx.access()).await;
        let filter = filter.map_err(|error| error.at("filter"))?;
        let order = order_by.unwrap_or_default();
        super::page(ctx.access(), &filter, &order, &request).await.map(Into::into)
    }
}

/// Which plans a list holds, also by what hangs on them.
#[derive(Debug, Default, InputObject)]
struct PlansFilter {
    #[graphql(flatten)]
    plan: PlanFilter,
    /// Whose measures are like this.
    measures: Option<MeasuresRelation>,
    /// Whose indicators are like this.
    indicators: Option<IndicatorsRelation>,
}

impl PlansFilter {
    async fn resolved(self, access: &Access) -> Result<PlanFilter> {
        let Self { plan: mut filter, measures, indicators } = self;
        if let Some(asked) = measures {
            filter
                .having
                .extend(measure::plans(access, &asked).await.map_err(|it| it.at("measures"))?);
        }
        if let Some(asked) = indicators {
            let plans = indicator::plans(access, &asked).await;
            filter.having.extend(plans.map_err(|error| error.at("indicators"))?);
        }
        Ok(filter)
    }
}

/// Changes of plans.
#[derive(Default)]
pub struct PlanMutation;

#[Object]
impl PlanMutation {
    /// Start a plan. For who edits plans of its region.
    async fn create_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: NewPlan,
    ) -> Result<PlanPayload> {
        PlanPayload::of(super::create(ctx.access(), input).await)
    }

    /// Change a plan that is at the revision you read. For who edits plans of its region.
    async fn update_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which plan, and what about it.")] input: UpdatePlanInput,
    ) -> Result<PlanPayload> {
        let UpdatePlanInput { id, revision, change } = input;
        let done = async {
            let (id, revision) = at_revision(&id, &revision)?;
            super::update(ctx.access(), id, revision, change).await
        };
        PlanPayload::of(done.await)
    }

    /// Remove a plan that is at the revision you read and in which nothing is left but its sectors.
    async fn delete_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which plan.")] input: DeletePlanInput,
    ) -> Result<DeletePlanPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::delete(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeletePlanPayload { id, errors })
    }
}

/// Which plan is to change, and how. What is left out stays; null takes a value away.
#[derive(Debug, InputObject)]
struct UpdatePlanInput {
    /// Which plan.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    change: PlanChange,
}

/// Which plan is to go.
#[derive(Debug, InputObject)]
struct DeletePlanInput {
    /// Which plan.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// A plan as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct PlanPayload {
    /// The plan; null where something is wrong.
    plan: Option<Plan>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl PlanPayload {
    fn of(done: Result<Plan>) -> Result<Self> {
        payload(done).map(|(plan, errors)| Self { plan, errors })
    }
}

/// The plan that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeletePlanPayload {
    /// Its id; null where something is wrong.
    id: Option<PlanId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl Plan {
    /// The documents on it, as they were handed in.
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<Document>> {
        ctx.loaders().list(DocumentsKey(Holder::Plan(self.id))).await
    }

    /// Whose plan it is.
    async fn region(&self, ctx: &Context<'_>) -> Result<Region> {
        ctx.loaders().one(RegionKey(self.region.id)).await
    }

    /// The plan above: the basic plan of the same cycle of the region above, if there is one.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        ctx.loaders().maybe(Some(ParentKey(self.into()))).await
    }

    /// The plans below: those of the same cycle of the regions just below, by region.
    async fn children(&self, ctx: &Context<'_>) -> Result<Vec<Plan>> {
        ctx.loaders().list(ChildrenKey(self.into())).await
    }

    /// Who was contracted to draft it.
    async fn contractors(&self, ctx: &Context<'_>) -> Result<Vec<Organization>> {
        ctx.loaders().all(self.contractors.iter().copied().map(OrganizationKey).collect()).await
    }

    /// How it divides into sectors, in its own order.
    async fn sectors(&self, ctx: &Context<'_>) -> Result<Vec<PlanSector>> {
        ctx.loaders().list(SectorsKey(self.id)).await
    }

    /// Its targets that fit: by year, the total first, then in the order of sectors.
    async fn targets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of the sector of this code; `TOTAL` for the totals.")] sector: Option<
            String,
        >,
        #[graphql(desc = "For this year.")] year: Option<i32>,
        #[graphql(desc = "In one of these senses.", default_with = "vec![TargetKind::Final]")]
        kind: Vec<TargetKind>,
    ) -> Result<Vec<Target>> {
        let key = TargetsKey(self.id, TargetFilter { sector, year, kind });
        ctx.loaders().get(key).await?.unwrap_or_else(|| Ok(Vec::new()))
    }

    /// Its measures that fit; precursors only where the filter asks for them.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are a contract")]
    async fn measures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which measures.")] filter: Option<MeasureFilter>,
        #[graphql(desc = "In which order; as they were entered if not said.")] order_by: Option<
            Vec<MeasureOrder>,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Measure>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let (filter, order) = (filter.unwrap_or_default(), order_by.unwrap_or_default());
        let asked = Arc::new(Asked::new(filter, order, request));
        ctx.loaders().one(MeasuresKey(self.id, asked)).await.map(Into::into)
    }

    /// Its milestones, by the day they were or are to be; those without one come last.
    async fn milestones(&self, ctx: &Context<'_>) -> Result<Vec<Milestone>> {
        ctx.loaders().list(MilestonesKey(self.id)).await
    }

    /// Its progress checks, the latest year first.
    async fn progress_checks(&self, ctx: &Context<'_>) -> Result<Vec<ProgressCheck>> {
        ctx.loaders().list(OfPlanKey(self.id)).await
    }

    /// The issues about it, as they were entered.
    async fn issues(&self, ctx: &Context<'_>) -> Result<Vec<Issue>> {
        ctx.loaders().list(IssuesKey(self.id)).await
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
        ctx.loaders().one(IndicatorsKey(Owner::Plan(self.id.0), asked)).await.map(Into::into)
    }
}

#[ComplexObject]
impl PlanSector {
    /// Which sector.
    async fn sector(&self, ctx: &Context<'_>) -> Result<Sector> {
        ctx.loaders().one(SectorKey(self.sector_id)).await
    }
}

/// A plan, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PlanKey(pub PlanId);

impl Loader<PlanKey> for Access {
    type Value = Plan;
    type Error = Error;

    async fn load(&self, keys: &[PlanKey]) -> Result<HashMap<PlanKey, Plan>> {
        let plans = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(plans.into_iter().map(|plan| (PlanKey(plan.id), plan)).collect())
    }
}

/// The plans of a region, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OfRegionKey(pub RegionId);

impl Loader<OfRegionKey> for Access {
    type Value = Vec<Plan>;
    type Error = Error;

    async fn load(&self, keys: &[OfRegionKey]) -> Result<HashMap<OfRegionKey, Vec<Plan>>> {
        let regions: Vec<RegionId> = keys.iter().map(|key| key.0).collect();
        let plans = super::of_regions(self, &regions).await?;
        Ok(grouped(plans.into_iter().map(|plan| (OfRegionKey(plan.region.id), plan))))
    }
}

/// The plan above a plan, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParentKey(pub Kin);

impl Loader<ParentKey> for Access {
    type Value = Plan;
    type Error = Error;

    async fn load(&self, keys: &[ParentKey]) -> Result<HashMap<ParentKey, Plan>> {
        let plans: Vec<Kin> = keys.iter().map(|key| key.0).collect();
        let parents = super::parents(self, &plans).await?;
        Ok(parents.into_iter().map(|(kin, plan)| (ParentKey(kin), plan)).collect())
    }
}

/// The plans below a plan, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChildrenKey(pub Kin);

impl Loader<ChildrenKey> for Access {
    type Value = Vec<Plan>;
    type Error = Error;

    async fn load(&self, keys: &[ChildrenKey]) -> Result<HashMap<ChildrenKey, Vec<Plan>>> {
        let plans: Vec<Kin> = keys.iter().map(|key| key.0).collect();
        let children = super::children(self, &plans).await?;
        Ok(grouped(children.into_iter().map(|(kin, plan)| (ChildrenKey(kin), plan))))
    }
}

/// How a plan divides into sectors, fetched with all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SectorsKey(pub PlanId);

impl Loader<SectorsKey> for Access {
    type Value = Vec<PlanSector>;
    type Error = Error;

    async fn load(&self, keys: &[SectorsKey]) -> Result<HashMap<SectorsKey, Vec<PlanSector>>> {
        let plans: Vec<PlanId> = keys.iter().map(|key| key.0).collect();
        let sectors = super::sectors_of(self, &plans).await?;
        Ok(grouped(sectors.into_iter().map(|sector| (SectorsKey(sector.plan_id), sector))))
    }
}
