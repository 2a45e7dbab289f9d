use async_graphql::InputObject;
use entity::follow_up::{Column, Entity};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition};
use serde::Serialize;

use super::super::list::around;
use super::{FollowUp, complete, visible};
use crate::access::Access;
use crate::date::Day;
use crate::error::Result;
use crate::filter::{Filter, Parts, changed_after};
use crate::history::AnyRevision;
use crate::id::{AnyId, ForumId, Id as _, OrganizationId};
use crate::page::{self, Page, PageRequest, order};
use crate::region::{self, RegionBy};

/// Which of what is to follow a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct FollowUpFilter {
    /// All of these hold.
    pub and: Option<Vec<FollowUpFilter>>,
    /// One of these holds.
    pub or: Option<Vec<FollowUpFilter>>,
    /// This does not hold.
    pub not: Option<Box<FollowUpFilter>>,
    /// From forums of this region.
    pub region: Option<RegionBy>,
    /// From forums of the regions somewhere below this one.
    pub within: Option<RegionBy>,
    /// From this forum.
    pub forum: Option<AnyId>,
    /// What this organization is to do.
    pub owner: Option<AnyId>,
    /// What is done, or is not.
    pub done: Option<bool>,
    /// What is overdue, or is not, on the day `on`.
    pub overdue: Option<bool>,
    /// The day that `overdue` asks about; today in Seoul if not said.
    pub on: Option<Day>,
    /// Only what was written after this revision.
    pub changed_after: Option<AnyRevision>,
}

order! {
    /// What can be ordered by.
    FollowUpOrder by FollowUpOrderField of Entity {
        /// When it was entered.
        Created = Column::Id,
        /// Until when it is to be done, as stated; what has no such date comes last.
        DueOn = Column::DueOn,
    }
}

/// One page of what is to follow, as far as it fits.
pub async fn page(
    access: &Access,
    filter: &FollowUpFilter,
    order: &[FollowUpOrder],
    request: &PageRequest,
) -> Result<Page<FollowUp>> {
    let page = page::filtered(access, visible(), (filter, order), request).await?;
    let rows = page.items.iter().map(|(row, _)| row.clone()).collect();
    Ok(page.zip(complete(access, rows).await?))
}

impl Filter for FollowUpFilter {
    fn parts(&self) -> Parts<'_, Self> {
        Parts { and: self.and.as_ref(), or: self.or.as_ref(), not: self.not.as_deref() }
    }

    async fn own(&self, access: &Access) -> Result<Condition> {
        let (region, within) = (self.region.as_ref(), self.within.as_ref());
        let mut all = region::placed(access, Column::RegionId, region, within).await?;
        if let Some(forum) = &self.forum {
            all = all.add(Column::ForumId.eq(ForumId::parse_at("forum", forum)?.0));
        }
        if let Some(owner) = &self.owner {
            all = all.add(Column::OwnerId.eq(OrganizationId::parse_at("owner", owner)?.0));
        }
        if let Some(done) = self.done {
            let done_on = Column::DoneOn;
            all = all.add(if done { done_on.is_not_null() } else { done_on.is_null() });
        }
        if let Some(wanted) = self.overdue {
            let on = match self.on {
                Some(day) => day,
                None => Day::in_seoul(access.now().await?),
            };
            let (past, _) = around(&Expr::col(Column::DueOn), on);
            let overdue = Condition::all().add(Column::DoneOn.is_null()).add(past);
            let known = Condition::all().add(Column::DueOn.is_not_null()).add(overdue);
            all = all.add(if wanted { known } else { known.not() });
        }
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}
