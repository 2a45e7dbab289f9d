//! The same in GraphQL.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, Object};

use super::statistics::graphql::StatisticsKey;
use super::statistics::{Statistic, StatisticFilter};
use super::{Region, RegionBy, RegionFilter, RegionLevel};
use crate::access::Access;
use crate::basis::BasisFilter;
use crate::date::Day;
use crate::error::{Error, Result};
use crate::id::RegionId;
use crate::indicator::graphql::IndicatorsKey;
use crate::indicator::{Indicator, IndicatorFilter, Owner};
use crate::inventory::graphql::EmissionsKey;
use crate::inventory::{Emission, EmissionFilter, Gas};
use crate::organization::Organization;
use crate::organization::graphql::OfRegionKey as OrganizationsKey;
use crate::page::Asked;
use crate::page::graphql::{Connection, asked};
use crate::plan::graphql::OfRegionKey;
use crate::plan::{self, Plan};
use crate::procedure::obligations::graphql::OfRegionKey as DutiesKey;
use crate::procedure::obligations::{DutyFilter, Obligation, ObligationCode, ObligationStatus};
use crate::progress::ProgressCheck;
use crate::progress::graphql::OfRegionKey as ChecksKey;
use crate::quantity::MassUnit;
use crate::wire::graphql::AccessExt as _;

/// Queries about regions.
#[derive(Default)]
pub struct RegionQuery;

#[Object]
impl RegionQuery {
    /// One region, by id or by any of its codes; null where there is none.
    async fn region(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: RegionBy,
    ) -> Option<Result<Region>> {
        super::look_up(ctx.access(), &by).await.transpose()
    }

    /// The regions of a level, or below another region, by code.
    async fn regions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this level.")] level: Option<RegionLevel>,
        #[graphql(desc = "Only those somewhere below this one, itself not among them.")]
        within: Option<RegionBy>,
        #[graphql(desc = "Only those that were in being on this day.")] on: Option<Day>,
    ) -> Result<Vec<Region>> {
        let filter = RegionFilter { level, within, on, changed_after: None };
        super::list(ctx.access(), &filter).await
    }
}

#[ComplexObject]
impl Region {
    /// The region it belongs to.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Region>> {
        ctx.loaders().maybe(self.parent_id.map(RegionKey)).await
    }

    /// The regions just below it, by code.
    async fn children(&self, ctx: &Context<'_>) -> Result<Vec<Region>> {
        ctx.loaders().list(ChildrenKey(self.id)).await
    }

    /// The organizations that work in it as a whole, by name.
    async fn organizations(&self, ctx: &Context<'_>) -> Result<Vec<Organization>> {
        ctx.loaders().list(OrganizationsKey(self.id)).await
    }

    /// What is counted in it, by code and period.
    async fn statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this code, as `POPULATION`.")] stat: Option<String>,
        #[graphql(desc = "Only those of this period, as `2022-12`.")] period: Option<String>,
    ) -> Result<Vec<Statistic>> {
        ctx.loaders().list(StatisticsKey(self.id, StatisticFilter { stat, period })).await
    }

    /// What it emits and removes: by year, the total first, then in the order of sectors. Figures of
    /// different bases do not add up.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a field are a contract")]
    async fn emissions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of these years.")] years: Option<Vec<i32>>,
        #[graphql(desc = "Of the sector of this code; `TOTAL` for the totals.")] sector: Option<
            String,
        >,
        #[graphql(desc = "Of this gas.")] gas: Option<Gas>,
        #[graphql(desc = "On this basis.")] basis: Option<BasisFilter>,
        #[graphql(desc = "Shown in this unit.", default)] unit: MassUnit,
        #[graphql(desc = "Also what was invented to show something.", default)]
        include_illustrative: bool,
    ) -> Result<Vec<Emission>> {
        let filter = EmissionFilter { years, sector, gas, basis, include_illustrative };
        let found = ctx.loaders().list(EmissionsKey(self.id, filter)).await?;
        Ok(found.into_iter().map(|emission| emission.in_unit(unit)).collect())
    }

    /// Its plans that the caller sees, the latest cycle first.
    async fn plans(&self, ctx: &Context<'_>) -> Result<Vec<Plan>> {
        ctx.loaders().list(OfRegionKey(self.id)).await
    }

    /// The plan that counts: of the latest cycle of which one was adopted, or of the latest cycle
    /// where none was.
    async fn current_plan(&self, ctx: &Context<'_>) -> Result<Option<Plan>> {
        Ok(plan::current(&ctx.loaders().list(OfRegionKey(self.id)).await?).cloned())
    }

    /// The progress checks of the region itself that the caller sees, the latest year first.
    async fn progress_checks(&self, ctx: &Context<'_>) -> Result<Vec<ProgressCheck>> {
        ctx.loaders().list(ChecksKey(self.id)).await
    }

    /// What public law asks of its government, by the day it is due.
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

    /// Its indicators, of its plans and of none, as they were entered.
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
        ctx.loaders().one(IndicatorsKey(Owner::Region(self.id.0), asked)).await.map(Into::into)
    }
}

/// A region, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RegionKey(pub RegionId);

impl Loader<RegionKey> for Access {
    type Value = Region;
    type Error = Error;

    async fn load(&self, keys: &[RegionKey]) -> Result<HashMap<RegionKey, Region>> {
        let regions = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(regions.into_iter().map(|region| (RegionKey(region.id), region)).collect())
    }
}

/// The children of a region, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChildrenKey(pub RegionId);

impl Loader<ChildrenKey> for Access {
    type Value = Vec<Region>;
    type Error = Error;

    async fn load(&self, keys: &[ChildrenKey]) -> Result<HashMap<ChildrenKey, Vec<Region>>> {
        let parents: Vec<RegionId> = keys.iter().map(|key| key.0).collect();
        let mut children: HashMap<ChildrenKey, Vec<Region>> = HashMap::new();
        for child in super::children(self, &parents).await? {
            if let Some(parent) = child.parent_id {
                children.entry(ChildrenKey(parent)).or_default().push(child);
            }
        }
        Ok(children)
    }
}
