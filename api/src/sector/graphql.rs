//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Object};

use super::Sector;
use crate::access::Access;
use crate::error::{Error, Result};
use crate::id::SectorId;
use crate::wire::graphql::AccessExt as _;

/// Queries about sectors.
#[derive(Default)]
pub struct SectorQuery;

#[Object]
impl SectorQuery {
    /// All sectors, in their usual order; `TOTAL` is the last and stands for all.
    async fn sectors(&self, ctx: &Context<'_>) -> Result<Vec<Sector>> {
        super::list(ctx.access()).await
    }
}

/// A sector, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SectorKey(pub SectorId);

impl Loader<SectorKey> for Access {
    type Value = Sector;
    type Error = Error;

    async fn load(&self, keys: &[SectorKey]) -> Result<HashMap<SectorKey, Sector>> {
        let sectors = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(sectors.into_iter().map(|sector| (SectorKey(sector.id), sector)).collect())
    }
}
