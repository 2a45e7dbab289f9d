//! The same in GraphQL.

use async_graphql::{ComplexObject, Context, MergedObject, Object, SimpleObject};

use super::Viewer;
use super::account::graphql::{AccountMutation, AccountQuery};
use super::client::graphql::{ClientMutation, ClientQuery};
use super::grant::graphql::{GrantMutation, GrantQuery};
use crate::access::Action;
use crate::error::Result;
use crate::id::AnyId;
use crate::region::RegionBy;
use crate::wire::graphql::AccessExt as _;

pub use super::account::graphql::AccountKey;
pub use super::client::graphql::ClientKey;
pub use super::grant::graphql::GrantKey;

/// Queries about who may do what.
#[derive(Default, MergedObject)]
pub struct IdentityQuery(ViewerQuery, AccountQuery, GrantQuery, ClientQuery);

/// Changes of who may do what.
#[derive(Default, MergedObject)]
pub struct IdentityMutation(AccountMutation, GrantMutation, ClientMutation);

/// Queries about who is asking.
#[derive(Default)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
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
    /// Whether they may do this in a region, or to a plan.
    async fn can(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What.")] action: Action,
        #[graphql(desc = "Where; the plan's region if not said.")] region: Option<RegionBy>,
        #[graphql(desc = "To which plan.")] plan: Option<AnyId>,
    ) -> Result<Permission> {
        let verdict = super::why_not(ctx.access(), action, region.as_ref(), plan.as_ref()).await?;
        let reason = verdict.reason.map(|text| text.in_lang(ctx.lang()).to_owned());
        Ok(Permission { allowed: reason.is_none(), reason, who_may: verdict.who_may })
    }
}
