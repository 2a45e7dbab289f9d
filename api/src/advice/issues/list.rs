use async_graphql::InputObject;
use entity::code;
use entity::issue::{Column, Entity};
use sea_orm::{ColumnTrait, Condition};
use serde::Serialize;

use super::{Issue, IssueLevel, complete, visible};
use crate::access::Access;
use crate::error::Result;
use crate::filter::{Filter, Parts, StringFilter, changed_after, code_filter, codes};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, PlanId};
use crate::page::{self, Page, PageRequest, order};
use crate::region::{self, RegionBy};

code_filter! {
    /// Compares on which level a difficulty lies.
    IssueLevelFilter of IssueLevel
}

/// Which issues a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct IssueFilter {
    /// All of these hold.
    pub and: Option<Vec<IssueFilter>>,
    /// One of these holds.
    pub or: Option<Vec<IssueFilter>>,
    /// This does not hold.
    pub not: Option<Box<IssueFilter>>,
    /// Those of this region.
    pub region: Option<RegionBy>,
    /// Those of the regions somewhere below this one.
    pub within: Option<RegionBy>,
    /// Those about this plan.
    pub plan: Option<AnyId>,
    /// On which level it lies.
    pub level: Option<IssueLevelFilter>,
    /// What kind of difficulty it is.
    pub category: Option<StringFilter>,
    /// What it is called.
    pub title: Option<StringFilter>,
    /// What it is.
    pub description: Option<StringFilter>,
    /// What was advised.
    pub advice: Option<StringFilter>,
    /// When it was told, as stated: `2024`, `2024-02` or `2024-02-01`.
    pub raised_on: Option<StringFilter>,
    /// Only those written after this revision.
    pub changed_after: Option<AnyRevision>,
}

order! {
    /// What issues can be ordered by.
    IssueOrder by IssueOrderField of Entity {
        /// When it was entered.
        Created = Column::Id,
        /// Its title, by code point.
        Title = Column::Title,
        /// What kind of difficulty it is.
        Category = Column::Category,
        /// When it was told, as stated; those of which that is not known come last.
        RaisedOn = Column::RaisedOn,
    }
}

/// One page of the issues that fit.
pub async fn page(
    access: &Access,
    filter: &IssueFilter,
    order: &[IssueOrder],
    request: &PageRequest,
) -> Result<Page<Issue>> {
    let page = page::filtered(access, visible(access), (filter, order), request).await?;
    let rows = page.items.iter().map(|(row, _)| row.clone()).collect();
    Ok(page.zip(complete(access, rows).await?))
}

impl Filter for IssueFilter {
    fn parts(&self) -> Parts<'_, Self> {
        Parts { and: self.and.as_ref(), or: self.or.as_ref(), not: self.not.as_deref() }
    }

    async fn own(&self, access: &Access) -> Result<Condition> {
        let (region, within) = (self.region.as_ref(), self.within.as_ref());
        let mut all = region::placed(access, Column::RegionId, region, within).await?;
        if let Some(plan) = &self.plan {
            all = all.add(Column::PlanId.eq(PlanId::parse_at("plan", plan)?.0));
        }
        if let Some(level) = &self.level {
            all = all.add(codes(Column::Level, |code: code::IssueLevel| level.fits(code.into())));
        }
        let texts = [
            (&self.category, Column::Category),
            (&self.title, Column::Title),
            (&self.description, Column::Description),
            (&self.advice, Column::Advice),
            (&self.raised_on, Column::RaisedOn),
        ];
        for (filter, column) in texts {
            all = all.add_option(filter.as_ref().map(|filter| filter.on(access, column)));
        }
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}
