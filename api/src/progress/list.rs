use async_graphql::InputObject;
use entity::code;
use entity::progress_check::{Column, Entity};
use sea_orm::{ColumnTrait, Condition};
use serde::Serialize;

use super::{CheckKind, CheckState, ProgressCheck, complete, guards, visible};
use crate::access::Access;
use crate::error::Result;
use crate::filter::{Filter, IntFilter, Parts, changed_after, code_filter, codes};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, PlanId};
use crate::page::{self, Page, PageRequest, order};
use crate::region::{self, RegionBy};

code_filter! {
    /// Compares what a check looks at.
    CheckKindFilter of CheckKind
}

code_filter! {
    /// Compares how far a check has come. What has no state never fits.
    ProgressStateFilter of CheckState
}

/// Which progress checks a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
#[graphql(name = "ProgressCheckFilter")]
pub struct CheckFilter {
    /// All of these hold.
    pub and: Option<Vec<CheckFilter>>,
    /// One of these holds.
    pub or: Option<Vec<CheckFilter>>,
    /// This does not hold.
    pub not: Option<Box<CheckFilter>>,
    /// Those of this region.
    pub region: Option<RegionBy>,
    /// Those of the regions somewhere below this one.
    pub within: Option<RegionBy>,
    /// Those of this plan.
    pub plan: Option<AnyId>,
    /// The year it looks at.
    pub year: Option<IntFilter>,
    /// What it looks at.
    pub kind: Option<CheckKindFilter>,
    /// How far it has come, as `state` tells it.
    pub state: Option<ProgressStateFilter>,
    /// Only those written after this revision.
    pub changed_after: Option<AnyRevision>,
}

order! {
    /// What progress checks can be ordered by.
    CheckOrder by CheckOrderField of Entity {
        /// When it was entered.
        Created = Column::Id,
        /// The year it looks at.
        Year = Column::Year,
        /// When it was done, as stated; those of which that is not known come last.
        ReviewedOn = Column::ReviewedOn,
    }
}

/// One page of the checks that fit.
pub async fn page(
    access: &Access,
    filter: &CheckFilter,
    order: &[CheckOrder],
    request: &PageRequest,
) -> Result<Page<ProgressCheck>> {
    let page = page::filtered(access, visible(access), (filter, order), request).await?;
    let rows = page.items.iter().map(|(row, _)| row.clone()).collect();
    Ok(page.zip(complete(access, rows).await?))
}

impl Filter for CheckFilter {
    fn parts(&self) -> Parts<'_, Self> {
        Parts { and: self.and.as_ref(), or: self.or.as_ref(), not: self.not.as_deref() }
    }

    async fn own(&self, access: &Access) -> Result<Condition> {
        let (region, within) = (self.region.as_ref(), self.within.as_ref());
        let mut all = region::placed(access, Column::RegionId, region, within).await?;
        if let Some(plan) = &self.plan {
            all = all.add(Column::PlanId.eq(PlanId::parse_at("plan", plan)?.0));
        }
        if let Some(kind) = &self.kind {
            all = all.add(codes(Column::Kind, |code: code::CheckKind| kind.fits(code.into())));
        }
        if let Some(state) = &self.state {
            all = all.add(guards::in_state(|of| state.fits(of)));
        }
        all = all.add_option(self.year.as_ref().map(|filter| filter.on(Column::Year)));
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}
