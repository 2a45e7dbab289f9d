use async_graphql::InputObject;
use entity::code;
use entity::plan::{Column, Entity};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{Condition, QueryFilter, QuerySelect, QueryTrait};
use serde::Serialize;

use super::{Plan, PlanKind, PlanStatus, Visibility, complete, standing, visible};
use crate::access::Access;
use crate::error::Result;
use crate::filter::{
    self, Filter, Having, IntFilter, Parts, StringFilter, changed_after, code_filter, codes,
};
use crate::history::AnyRevision;
use crate::page::{self, Page, PageRequest, order};
use crate::region::{self, RegionBy};

code_filter! {
    /// Compares the kind of a plan.
    PlanKindFilter of PlanKind
}
code_filter! {
    /// Compares how far a plan has come.
    PlanStatusFilter of PlanStatus
}
code_filter! {
    /// Compares who may read a plan.
    VisibilityFilter of Visibility
}

/// Which plans a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct PlanFilter {
    /// All of these hold.
    pub and: Option<Vec<PlanFilter>>,
    /// One of these holds.
    pub or: Option<Vec<PlanFilter>>,
    /// This does not hold.
    pub not: Option<Box<PlanFilter>>,
    /// The plans of this region.
    pub region: Option<RegionBy>,
    /// The plans of the regions somewhere below this one.
    pub within: Option<RegionBy>,
    /// What it is called.
    pub title: Option<StringFilter>,
    /// What kind it is.
    pub kind: Option<PlanKindFilter>,
    /// How far it has come.
    pub status: Option<PlanStatusFilter>,
    /// Who may read it.
    pub visibility: Option<VisibilityFilter>,
    /// Which cycle it is of.
    pub round: Option<IntFilter>,
    /// Its first year.
    pub period_start: Option<IntFilter>,
    /// Its last year.
    pub period_end: Option<IntFilter>,
    /// Only those whose row was written after this revision.
    pub changed_after: Option<AnyRevision>,
    /// What must hang on them.
    #[graphql(skip)]
    pub having: Vec<Having>,
}

order! {
    /// What plans can be ordered by.
    PlanOrder by PlanOrderField of Entity {
        /// When it was entered.
        Created = Column::Id,
        /// Its title, by code point.
        Title = Column::Title,
        /// Its cycle.
        Round = Column::Round,
        /// Its first year; plans without one come last.
        PeriodStart = Column::PeriodStart,
    }
}

/// One page of the plans that fit.
pub async fn page(
    access: &Access,
    filter: &PlanFilter,
    order: &[PlanOrder],
    request: &PageRequest,
) -> Result<Page<Plan>> {
    let page = page::filtered(access, visible(access), (filter, order), request).await?;
    let rows = page.items.iter().map(|(row, _)| row.clone()).collect();
    Ok(page.zip(complete(access, rows).await?))
}

/// The ids of the plans that fit and that the caller sees: for lists of what hangs on plans.
pub async fn matching(access: &Access, filter: &PlanFilter) -> Result<SelectStatement> {
    let plans = visible(access).filter(filter::condition(access, filter).await?);
    Ok(plans.select_only().column(Column::Id).into_query())
}

impl Filter for PlanFilter {
    fn parts(&self) -> Parts<'_, Self> {
        Parts { and: self.and.as_ref(), or: self.or.as_ref(), not: self.not.as_deref() }
    }

    async fn own(&self, access: &Access) -> Result<Condition> {
        let (region, within) = (self.region.as_ref(), self.within.as_ref());
        let mut all = region::placed(access, Column::RegionId, region, within).await?;
        if let Some(title) = &self.title {
            all = all.add(title.on(access, Column::Title));
        }
        if let Some(kind) = &self.kind {
            all = all.add(codes(Column::Kind, |code: code::PlanKind| kind.fits(code.into())));
        }
        if let Some(visibility) = &self.visibility {
            let fits = |code: code::Visibility| visibility.fits(code.into());
            all = all.add(codes(Column::Visibility, fits));
        }
        if let Some(status) = &self.status {
            all = all.add(standing::is(|code| status.fits(code)));
        }
        let numbers = [
            (&self.round, Column::Round),
            (&self.period_start, Column::PeriodStart),
            (&self.period_end, Column::PeriodEnd),
        ];
        for (filter, column) in numbers {
            all = all.add_option(filter.as_ref().map(|filter| filter.on(column)));
        }
        all = self.having.iter().map(|having| having.on(Column::Id)).fold(all, Condition::add);
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}
