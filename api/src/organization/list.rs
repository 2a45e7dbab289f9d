use async_graphql::InputObject;
use entity::code;
use entity::organization::{Column, Entity};
use sea_orm::{ColumnTrait, Condition};
use serde::Serialize;

use super::{Organization, OrganizationKind, complete, visible};
use crate::access::Access;
use crate::error::Result;
use crate::filter::{Filter, Parts, StringFilter, changed_after, code_filter, codes};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, OrganizationId};
use crate::page::{self, Page, PageRequest, order};
use crate::region::{self, RegionBy};

code_filter! {
    /// Compares the kind of an organization.
    OrganizationKindFilter of OrganizationKind
}

/// Which organizations a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct OrganizationFilter {
    /// All of these hold.
    pub and: Option<Vec<OrganizationFilter>>,
    /// One of these holds.
    pub or: Option<Vec<OrganizationFilter>>,
    /// This does not hold.
    pub not: Option<Box<OrganizationFilter>>,
    /// Those of this region itself.
    pub region: Option<RegionBy>,
    /// Those of the regions somewhere below this one.
    pub within: Option<RegionBy>,
    /// Those that belong to this organization.
    pub parent: Option<AnyId>,
    /// Its name in Korean today.
    pub name: Option<StringFilter>,
    /// Its name in English today.
    pub name_en: Option<StringFilter>,
    /// What kind it is.
    pub kind: Option<OrganizationKindFilter>,
    /// Only those written after this revision.
    pub changed_after: Option<AnyRevision>,
}

order! {
    /// What organizations can be ordered by.
    OrganizationOrder by OrganizationOrderField of Entity {
        /// When it was entered.
        Created = Column::Id,
        /// Its name in Korean, by code point.
        Name = Column::NameKo,
    }
}

/// One page of the organizations that fit.
pub async fn page(
    access: &Access,
    filter: &OrganizationFilter,
    order: &[OrganizationOrder],
    request: &PageRequest,
) -> Result<Page<Organization>> {
    let page = page::filtered(access, visible(), (filter, order), request).await?;
    let rows = page.items.iter().map(|(row, _)| row.clone()).collect();
    Ok(page.zip(complete(access, rows).await?))
}

impl Filter for OrganizationFilter {
    fn parts(&self) -> Parts<'_, Self> {
        Parts { and: self.and.as_ref(), or: self.or.as_ref(), not: self.not.as_deref() }
    }

    async fn own(&self, access: &Access) -> Result<Condition> {
        let (region, within) = (self.region.as_ref(), self.within.as_ref());
        let mut all = region::placed(access, Column::RegionId, region, within).await?;
        if let Some(parent) = &self.parent {
            let parent = OrganizationId::parse_at("parent", parent)?;
            all = all.add(Column::ParentId.eq(parent.0));
        }
        let texts = [(&self.name, Column::NameKo), (&self.name_en, Column::NameEn)];
        for (filter, column) in texts {
            all = all.add_option(filter.as_ref().map(|filter| filter.on(access, column)));
        }
        if let Some(kind) = &self.kind {
            all =
                all.add(codes(Column::Kind, |code: code::OrganizationKind| kind.fits(code.into())));
        }
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}
