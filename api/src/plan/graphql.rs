//! The same in GraphQL.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{Kin, NewPlan, ParentVersion, Plan, PlanChange, PlanFilter, PlanOrder, PlanSector};
use crate::access::Access;
use crate::advice::cases::graphql::AdviceCasesKey;
use crate::advice::issues::graphql::IssuesKey;
use crate::advice::{AdviceCase, Issue};
use crate::date::Day;
use crate::document::graphql::DocumentsKey;
use crate::document::{Document, Holder};
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id, PlanId, RegionId};
use crate::indicator::graphql::IndicatorsKey;
use crate::indicator::{self, Indicator, IndicatorFilter, IndicatorsRelation, Owner};
use crate::link::Link;
use crate::link::graphql::LinksKey;
use crate::measure::graphql::MeasuresKey;
use crate::measure::{self, Measure, MeasureFilter, MeasureOrder, MeasuresRelation};
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::page::Asked;
use crate::page::graphql::{Connection, asked};
use crate::plan::versions::PlanVersion;
use crate::plan::versions::graphql::{NumberKey, VersionsKey};
use crate::procedure::Milestone;
use crate::procedure::diff::graphql::DiffKey;
use crate::procedure::diff::{PlanDiff, Side};
use crate::procedure::graphql::MilestonesKey;
use crate::procedure::obligations::graphql::OfPlanKey as DutiesKey;
use crate::procedure::obligations::{DutyFilter, Obligation, ObligationCode, ObligationStatus};
use crate::procedure::steps::AvailableTransition;
use crate::procedure::steps::graphql::StepsKey;
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

    /// The plan above: the one it is pinned to, or else the basic plan of the same cycle of the
    /// region above. Null where there is none that the caller sees.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        ctx.loaders().maybe(Some(ParentKey(self.into()))).await
    }

    /// The plans below: those of the regions just below that are pinned to it, or to none and of
    /// the same cycle, by region.
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

    /// Its versions, the first one first.
    async fn versions(&self, ctx: &Context<'_>) -> Result<Vec<PlanVersion>> {
        ctx.loaders().list(VersionsKey(self.id)).await
    }

    /// Its steps: which of them the caller may take today, and every reason why not.
    async fn available_transitions(&self, ctx: &Context<'_>) -> Result<Vec<AvailableTransition>> {
        ctx.loaders().list(StepsKey(self.id)).await
    }

    /// What became of it between two versions or revisions; up to the present, where neither `to`
    /// nor `toRevision` is given. At most 4 in an answer.
    async fn diff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of the earlier version.")] from: Option<i32>,
        #[graphql(desc = "The number of the later version.")] to: Option<i32>,
        #[graphql(desc = "Or the earlier revision.")] from_revision: Option<String>,
        #[graphql(desc = "Or the later revision.")] to_revision: Option<String>,
    ) -> Result<PlanDiff> {
        let from = Side { version: from, revision: from_revision };
        let to = Side { version: to, revision: to_revision };
        ctx.loaders().one(DiffKey(self.id, [from, to])).await?
    }

    /// What it takes from the plan above, and where it departs from it, as it was entered.
    async fn links(&self, ctx: &Context<'_>) -> Result<Vec<Link>> {
        ctx.loaders().list(LinksKey(self.id)).await
    }

    /// How many of its links were made to a version of the plan above that is no longer the latest.
    async fn superseded_links(&self, ctx: &Context<'_>) -> Result<usize> {
        let links = ctx.loaders().list(LinksKey(self.id)).await?;
        Ok(links.iter().filter(|link| link.superseded == Some(true)).count())
    }

    /// Its milestones, by the day they were or are to be; those without one come last.
    async fn milestones(&self, ctx: &Context<'_>) -> Result<Vec<Milestone>> {
        ctx.loaders().list(MilestonesKey(self.id)).await
    }

    /// What public law asks about it, by the day it is due.
    async fn obligations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Those by these rules.", default)] rule: Vec<ObligationCode>,
        #[graphql(desc = "Those that stand like this.", default)] status: Vec<ObligationStatus>,
        #[graphql(desc = "Those due in this year.")] year: Option<i32>,
        #[graphql(desc = "As they stand on this day; today, if not said.")] on: Option<Day>,
    ) -> Result<Vec<Obligation>> {
        let filter = DutyFilter { rule, status, year, on };
        ctx.loaders().list(DutiesKey(self.id, filter)).await
    }

    /// Its progress checks, the latest year first.
    async fn progress_checks(&self, ctx: &Context<'_>) -> Result<Vec<ProgressCheck>> {
        ctx.loaders().list(OfPlanKey(self.id)).await
    }

    /// The issues about it, as they were entered.
    async fn issues(&self, ctx: &Context<'_>) -> Result<Vec<Issue>> {
        ctx.loaders().list(IssuesKey(self.id)).await
    }

    /// The advice that was asked for on it, as it was asked, as far as the caller sees that.
    async fn advice_cases(&self, ctx: &Context<'_>) -> Result<Vec<AdviceCase>> {
        ctx.loaders().list(AdviceCasesKey(self.id)).await
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
impl ParentVersion {
    /// The version that was pinned; null where the plan above had none, or the caller sees none.
    async fn version(&self, ctx: &Context<'_>) -> Option<Result<PlanVersion>> {
        ctx.loaders().maybe(self.number.map(|number| NumberKey(self.plan_id, number))).await
    }

    /// The latest version there is; null where there is none that the caller sees.
    async fn current(&self, ctx: &Context<'_>) -> Result<Option<PlanVersion>> {
        let versions = ctx.loaders().list(VersionsKey(self.plan_id)).await?;
        Ok(versions.into_iter().max_by_key(|version| version.number))
    }

    /// Whether the plan above has had another version since; null where the caller does not see
    /// that plan.
    async fn superseded(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        if ctx.loaders().get(PlanKey(self.plan_id)).await?.is_none() {
            return Ok(None);
        }
        let versions = ctx.loaders().list(VersionsKey(self.plan_id)).await?;
        Ok(Some(versions.iter().any(|version| version.revision > self.revision)))
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
