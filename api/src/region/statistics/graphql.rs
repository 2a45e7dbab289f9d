//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{Statistic, StatisticAt, StatisticFilter, StatisticInput};
use crate::access::Access;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, RegionId, StatisticId};
use crate::region::graphql::RegionKey;
use crate::region::{Region, RegionBy};
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Changes of what is counted in regions.
#[derive(Default)]
pub struct StatisticMutation;

#[Object]
impl StatisticMutation {
    /// Write a figure of a region as a whole. For who writes what is known of the region.
    async fn record_statistic(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figure, and what it is to be.")] input: RecordStatisticInput,
    ) -> Result<StatisticPayload> {
        let RecordStatisticInput { region, stat, period, revision, figure } = input;
        let done = async {
            let revision = revision.as_ref().map(AnyRevision::parse).transpose()?;
            let at = StatisticAt { region, stat, period };
            super::record(ctx.access(), &at, revision, figure).await
        };
        let (done, errors) = payload(done.await)?;
        Ok(StatisticPayload { statistic: done.map(|(statistic, _)| statistic), errors })
    }

    /// Remove a figure that is at the revision you read.
    async fn delete_statistic(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figure.")] input: DeleteStatisticInput,
    ) -> Result<DeleteStatisticPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::delete(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeleteStatisticPayload { id, errors })
    }
}

/// Which figure is to be written, and what it is to be.
#[derive(Debug, InputObject)]
struct RecordStatisticInput {
    /// Where.
    region: RegionBy,
    /// The code of what is counted, as `POPULATION`.
    stat: String,
    /// When: `2022`, `2022-H1`, `2022-12`.
    period: String,
    /// The revision you read, where there is such a figure already.
    revision: Option<AnyRevision>,
    #[graphql(flatten)]
    figure: StatisticInput,
}

/// Which figure is to go.
#[derive(Debug, InputObject)]
struct DeleteStatisticInput {
    /// Which figure.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// A figure as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct StatisticPayload {
    /// The figure; null where something is wrong.
    statistic: Option<Statistic>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

/// The figure that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeleteStatisticPayload {
    /// Its id; null where something is wrong.
    id: Option<StatisticId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl Statistic {
    /// Where.
    async fn region(&self, ctx: &Context<'_>) -> Result<Region> {
        ctx.loaders().one(RegionKey(self.region.id)).await
    }
}

/// A figure, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StatisticKey(pub StatisticId);

impl Loader<StatisticKey> for Access {
    type Value = Statistic;
    type Error = Error;

    async fn load(&self, keys: &[StatisticKey]) -> Result<HashMap<StatisticKey, Statistic>> {
        let found = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(found.into_iter().map(|it| (StatisticKey(it.id), it)).collect())
    }
}

/// The figures of a region that fit, fetched with those of all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StatisticsKey(pub RegionId, pub StatisticFilter);

impl Loader<StatisticsKey> for Access {
    type Value = Vec<Statistic>;
    type Error = Error;

    async fn load(&self, keys: &[StatisticsKey]) -> Result<HashMap<StatisticsKey, Vec<Statistic>>> {
        let asked = grouped(keys.iter().map(|StatisticsKey(region, filter)| (filter, *region)));
        let mut found = HashMap::new();
        for (filter, regions) in asked {
            let figures = super::of_regions(self, &regions, (filter, None)).await?.into_iter();
            let of_region = |it: Statistic| (StatisticsKey(it.region.id, filter.clone()), it);
            found.extend(grouped(figures.map(of_region)));
        }
        Ok(found)
    }
}
