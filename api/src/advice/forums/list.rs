use async_graphql::InputObject;
use entity::forum::{Column, Entity};
use sea_orm::Condition;
use serde::Serialize;

use super::{Forum, complete, visible};
use crate::access::Access;
use crate::error::Result;
use crate::filter::{Filter, IntFilter, Parts, StringFilter, changed_after};
use crate::history::AnyRevision;
use crate::page::{self, Page, PageRequest, order};
use crate::region::{self, RegionBy};

/// Which forums a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct ForumFilter {
    /// All of these hold.
    pub and: Option<Vec<ForumFilter>>,
    /// One of these holds.
    pub or: Option<Vec<ForumFilter>>,
    /// This does not hold.
    pub not: Option<Box<ForumFilter>>,
    /// Those of this region.
    pub region: Option<RegionBy>,
    /// Those of the regions somewhere below this one.
    pub within: Option<RegionBy>,
    /// What it is called.
    pub title: Option<StringFilter>,
    /// The series it belongs to.
    pub series: Option<StringFilter>,
    /// When it was held, as stated: `2024`, `2024-10` or `2024-10-15`.
    pub held_on: Option<StringFilter>,
    /// How many took part.
    pub participants: Option<IntFilter>,
    /// Which issues were discussed, in the source's words.
    pub discussed: Option<StringFilter>,
    /// What came out of it.
    pub outcome: Option<StringFilter>,
    /// Only those written after this revision.
    pub changed_after: Option<AnyRevision>,
}

order! {
    /// What forums can be ordered by.
    ForumOrder by ForumOrderField of Entity {
        /// When it was entered.
        Created = Column::Id,
        /// Its title, by code point.
        Title = Column::Name,
        /// When it was held, as stated; those of which that is not known come last.
        HeldOn = Column::HeldOn,
    }
}

/// One page of the forums that fit.
pub async fn page(
    access: &Access,
    filter: &ForumFilter,
    order: &[ForumOrder],
    request: &PageRequest,
) -> Result<Page<Forum>> {
    let page = page::filtered(access, visible(), (filter, order), request).await?;
    let rows = page.items.iter().map(|(row, _)| row.clone()).collect();
    Ok(page.zip(complete(access, rows).await?))
}

impl Filter for ForumFilter {
    fn parts(&self) -> Parts<'_, Self> {
        Parts { and: self.and.as_ref(), or: self.or.as_ref(), not: self.not.as_deref() }
    }

    async fn own(&self, access: &Access) -> Result<Condition> {
        let (region, within) = (self.region.as_ref(), self.within.as_ref());
        let mut all = region::placed(access, Column::RegionId, region, within).await?;
        let texts = [
            (&self.title, Column::Name),
            (&self.series, Column::Series),
            (&self.held_on, Column::HeldOn),
            (&self.discussed, Column::Issues),
            (&self.outcome, Column::Outcome),
        ];
        for (filter, column) in texts {
            all = all.add_option(filter.as_ref().map(|filter| filter.on(access, column)));
        }
        let participants = self.participants.as_ref();
        all = all.add_option(participants.map(|filter| filter.on(Column::Participants)));
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}
