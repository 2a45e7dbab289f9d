//! The same in GraphQL.

use async_graphql::{ComplexObject, Context, Object, SimpleObject};

use super::{HeldGrant, Viewer};
use crate::access::{Action, policy};
use crate::error::Result;
use crate::region::graphql::RegionKey;
use crate::region::{self, Region, RegionBy};
use crate::wire::graphql::AccessExt as _;

/// Queries about who is asking.
#[derive(Default)]
pub struct IdentityQuery;

#[Object]
impl IdentityQuery {
    /// Who is asking.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        super::viewer(ctx.access()).await
    }
}

/// Whether the caller may do something, and why not.
#[derive(Debug, SimpleObject)]
struct Permission {
    /// Whether they may.
    allowed: bool,
    /// Why not; null where they may.
    reason: Option<String>,
    /// The roles that may.
    who_may: String,
}

#[ComplexObject]
impl Viewer {
    /// Whether they may do this in a region.
    async fn can(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What.")] action: Action,
        #[graphql(desc = "Where.")] region: RegionBy,
    ) -> Result<Permission> {
        let region =
            region::get(ctx.access(), &region).await.map_err(|error| error.at("region"))?;
        let refusal = ctx.access().require(action, region.id).err();
        let reason = refusal.map(|error| error.text().in_lang(ctx.lang()).to_owned());
        Ok(Permission { allowed: reason.is_none(), reason, who_may: policy::who_may(action) })
    }
}

#[ComplexObject]
impl HeldGrant {
    /// In this region and everything below it.
    async fn region(&self, ctx: &Context<'_>) -> Result<Region> {
        ctx.loaders().one(RegionKey(self.region_id)).await
    }
}
