use async_graphql::InputObject;
use entity::code;
use entity::role_grant::{Column, Entity};
use sea_orm::{ColumnTrait, Condition};
use serde::Serialize;

use super::{HeldGrant, visible};
use crate::access::{Access, Role};
use crate::error::Result;
use crate::filter::{Filter, Parts, changed_after, code_filter, codes};
use crate::history::AnyRevision;
use crate::id::{AccountId, AnyId, ClientId, Id as _, PlanId};
use crate::page::{self, Page, PageRequest, order};
use crate::region::{self, RegionBy};

code_filter! {
    /// Compares what somebody may be.
    RoleFilter of Role
}

/// Which grants a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct GrantFilter {
    /// All of these hold.
    pub and: Option<Vec<GrantFilter>>,
    /// One of these holds.
    pub or: Option<Vec<GrantFilter>>,
    /// This does not hold.
    pub not: Option<Box<GrantFilter>>,
    /// Those of this account.
    pub account: Option<AnyId>,
    /// Those of this client.
    pub client: Option<AnyId>,
    /// Those for this plan.
    pub plan: Option<AnyId>,
    /// Those for this region.
    pub region: Option<RegionBy>,
    /// Those for regions somewhere below this one.
    pub within: Option<RegionBy>,
    /// What they may be.
    pub role: Option<RoleFilter>,
    /// Only those written after this revision.
    pub changed_after: Option<AnyRevision>,
}

order! {
    /// What grants can be ordered by.
    GrantOrder by GrantOrderField of Entity {
        /// When it was given.
        Created = Column::Id,
        /// When it ends; those for good come last.
        ValidTo = Column::ValidTo,
    }
}

/// One page of the grants that fit and that the caller sees.
pub async fn page(
    access: &Access,
    filter: &GrantFilter,
    order: &[GrantOrder],
    request: &PageRequest,
) -> Result<Page<HeldGrant>> {
    let page = page::filtered(access, visible(access), (filter, order), request).await?;
    page.try_map(|row| Ok(HeldGrant::from(row)))
}

impl Filter for GrantFilter {
    fn parts(&self) -> Parts<'_, Self> {
        Parts { and: self.and.as_ref(), or: self.or.as_ref(), not: self.not.as_deref() }
    }

    async fn own(&self, access: &Access) -> Result<Condition> {
        let (region, within) = (self.region.as_ref(), self.within.as_ref());
        let mut all = region::placed(access, Column::RegionId, region, within).await?;
        if let Some(id) = &self.account {
            all = all.add(Column::AccountId.eq(AccountId::parse_at("account", id)?.0));
        }
        if let Some(id) = &self.client {
            all = all.add(Column::ClientId.eq(ClientId::parse_at("client", id)?.0));
        }
        if let Some(id) = &self.plan {
            all = all.add(Column::PlanId.eq(PlanId::parse_at("plan", id)?.0));
        }
        if let Some(role) = &self.role {
            all = all.add(codes(Column::Role, |code: code::Role| role.fits(code.into())));
        }
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}
