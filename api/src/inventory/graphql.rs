//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{Emission, EmissionFilter, EmissionInput};
use crate::access::Access;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, EmissionId, Id as _, RegionId};
use crate::quantity::MassUnit;
use crate::region::graphql::RegionKey;
use crate::region::{Region, RegionBy};
use crate::sector::Sector;
use crate::sector::graphql::SectorKey;
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Queries about inventories.
#[derive(Default)]
pub struct InventoryQuery;

#[Object]
impl InventoryQuery {
    /// One figure of an inventory; null where there is none.
    async fn emission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
        #[graphql(desc = "Shown in this unit.", default)] unit: MassUnit,
    ) -> Option<Result<Emission>> {
        let found = ctx.loaders().look_up(EmissionId::parse_at("id", &id).map(EmissionKey)).await?;
        Some(found.map(|emission| emission.in_unit(unit)))
    }
}

/// Changes of inventories.
#[derive(Default)]
pub struct InventoryMutation;

#[Object]
impl InventoryMutation {
    /// Write up to 1,000 rows of a region's inventory, all or none. A row that says something about
    /// the same thing is overwritten. For who writes what is known of the region.
    async fn record_emissions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose inventory, and which rows.")] input: RecordEmissionsInput,
    ) -> Result<EmissionsPayload> {
        let RecordEmissionsInput { region, rows } = input;
        let done = super::record(ctx.access(), &region, &rows).await;
        payload(done).map(|(emissions, errors)| EmissionsPayload { emissions, errors })
    }

    /// Remove a row that is at the revision you read.
    async fn delete_emission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which row.")] input: DeleteEmissionInput,
    ) -> Result<DeleteEmissionPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::delete(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeleteEmissionPayload { id, errors })
    }
}

/// Whose inventory is to be written, and which rows of it.
#[derive(Debug, InputObject)]
struct RecordEmissionsInput {
    /// Whose inventory.
    region: RegionBy,
    /// The rows, at most 1,000.
    rows: Vec<EmissionInput>,
}

/// Which row is to go.
#[derive(Debug, InputObject)]
struct DeleteEmissionInput {
    /// Which row.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// The rows as they are after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct EmissionsPayload {
    /// The rows, in the order they were given; null where something is wrong.
    emissions: Option<Vec<Emission>>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

/// The row that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeleteEmissionPayload {
    /// Its id; null where something is wrong.
    id: Option<EmissionId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl Emission {
    /// Where.
    async fn region(&self, ctx: &Context<'_>) -> Result<Region> {
        ctx.loaders().one(RegionKey(self.region.id)).await
    }

    /// Its sector; null for the total, and where only a label is known.
    async fn sector(&self, ctx: &Context<'_>) -> Option<Result<Sector>> {
        ctx.loaders().maybe(self.sector_id.map(SectorKey)).await
    }
}

/// A figure of an inventory, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EmissionKey(pub EmissionId);

impl Loader<EmissionKey> for Access {
    type Value = Emission;
    type Error = Error;

    async fn load(&self, keys: &[EmissionKey]) -> Result<HashMap<EmissionKey, Emission>> {
        let found = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(found.into_iter().map(|emission| (EmissionKey(emission.id), emission)).collect())
    }
}

/// The figures of a region's inventory that fit, fetched with those of all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EmissionsKey(pub RegionId, pub EmissionFilter);

impl Loader<EmissionsKey> for Access {
    type Value = Vec<Emission>;
    type Error = Error;

    async fn load(&self, keys: &[EmissionsKey]) -> Result<HashMap<EmissionsKey, Vec<Emission>>> {
        let asked = grouped(keys.iter().map(|EmissionsKey(region, filter)| (filter, *region)));
        let mut found = HashMap::new();
        for (filter, regions) in asked {
            let emissions = super::of_regions(self, &regions, filter).await?.into_iter();
            let of_region = |it: Emission| (EmissionsKey(it.region.id, filter.clone()), it);
            found.extend(grouped(emissions.map(of_region)));
        }
        Ok(found)
    }
}
