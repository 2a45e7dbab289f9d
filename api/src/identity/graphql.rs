//! The same in GraphQL.

use async_graphql::{ComplexObject, Context, MergedObject, Object, SimpleObject};

use super::Viewer;
use super::account::graphql::{AccountMutation, AccountQuery};
use super::client::graphql::{ClientMutation, ClientQuery};
use super::grant::graphql::{GrantMutation, GrantQuery};
use crate::access::Action;
use crate::advice::cases::{self, AdviceBox, AdviceCase, AdviceCaseFilter, AdviceStateFilter};
use crate::error::Result;
use crate::id::{AnyId, Id as _, PlanId};
use crate::page::graphql::{Connection, asked};
use crate::region::RegionBy;
use crate::since::{self, Mark};
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
    /// The advice cases addressed to the organizations in whose name they advise, by due date.
    async fn inbox(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How far they have come; any if not said.")] state: Option<
            AdviceStateFilter,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
    ) -> Result<Connection<AdviceCase>> {
        let request = asked(ctx, (first, after), (None, None))?;
        let among = Some(AdviceBox::Inbox);
        let filter = AdviceCaseFilter { among, state, ..AdviceCaseFilter::default() };
        cases::page(ctx.access(), &filter, &cases::BY_DUE_DATE, &request).await.map(Into::into)
    }

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

    /// Up to where they have looked, at a plan or at everything; null where they never said so.
    async fn last_looked(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At which plan; at everything if not said.")] plan: Option<AnyId>,
    ) -> Result<Option<Mark>> {
        let plan = plan.map(|plan| PlanId::parse_at("plan", &plan)).transpose()?;
        let marks = since::marks(ctx.access()).await?;
        Ok(marks.into_iter().find(|mark| mark.plan_id == plan))
    }
}
