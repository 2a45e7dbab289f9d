use std::collections::HashMap;

use async_graphql::InputObject;
use entity::indicator::{Column, Entity};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait};
use serde::Serialize;
use uuid::Uuid;

use super::{Indicator, complete, visible};
use crate::access::Access;
use crate::error::Result;
use crate::filter::{Filter, Having, Parts, changed_after, relation};
use crate::history::AnyRevision;
use crate::id::{AnyId, DefinitionId, Id as _, MeasureId, PlanId};
use crate::page::{self, Asked, Page, PageRequest, order};
use crate::plan::{self, PlanFilter};
use crate::region::{self, RegionBy};
use crate::sector;

/// Which indicators a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct IndicatorFilter {
    /// All of these hold.
    pub and: Option<Vec<IndicatorFilter>>,
    /// One of these holds.
    pub or: Option<Vec<IndicatorFilter>>,
    /// This does not hold.
    pub not: Option<Box<IndicatorFilter>>,
    /// Those that measure what the definition of this id says.
    pub definition: Option<AnyId>,
    /// Those of this region.
    pub region: Option<RegionBy>,
    /// Those of the regions somewhere below this one.
    pub within: Option<RegionBy>,
    /// Those of the plan of this id.
    pub plan_id: Option<AnyId>,
    /// Those of the plans that fit and that the caller sees.
    pub plan: Option<PlanFilter>,
    /// Those of the measure of this id.
    pub measure_id: Option<AnyId>,
    /// Those of the sector of this code.
    pub sector: Option<String>,
    /// Only those whose row was written after this revision.
    pub changed_after: Option<AnyRevision>,
}

relation! {
    /// Asks for plans or measures by their indicators.
    IndicatorsRelation of IndicatorFilter
}

order! {
    /// What indicators can be ordered by.
    IndicatorOrder by IndicatorOrderField of Entity {
        /// When it was entered.
        Created = Column::Id,
    }
}

/// What indicators can be listed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A plan.
    Plan(Uuid),
    /// A measure.
    Measure(Uuid),
    /// A region.
    Region(Uuid),
    /// A definition.
    Definition(Uuid),
}

impl Owner {
    /// The column that holds its id, the id, and the way back from it.
    const fn parts(self) -> (Column, Uuid, fn(Uuid) -> Self) {
        match self {
            Self::Plan(id) => (Column::PlanId, id, Self::Plan),
            Self::Measure(id) => (Column::MeasureId, id, Self::Measure),
            Self::Region(id) => (Column::RegionId, id, Self::Region),
            Self::Definition(id) => (Column::DefinitionId, id, Self::Definition),
        }
    }
}

/// One page of the indicators that fit.
pub async fn page(
    access: &Access,
    filter: &IndicatorFilter,
    order: &[IndicatorOrder],
    request: &PageRequest,
) -> Result<Page<Indicator>> {
    let page = page::filtered(access, visible(access), (filter, order), request).await?;
    let rows = page.items.iter().map(|(row, _)| row.clone()).collect();
    Ok(page.zip(complete(access, rows).await?))
}

/// The same page of the indicators of each of these owners, which are of one kind: as many
/// statements as for one.
pub async fn pages_of(
    access: &Access,
    owners: &[Owner],
    asked: &Asked<IndicatorFilter, IndicatorOrder>,
) -> Result<HashMap<Owner, Page<Indicator>>> {
    let Some((column, _, back)) = owners.first().map(|owner| owner.parts()) else {
        return Ok(HashMap::new());
    };
    let Asked { filter, order, request, .. } = asked;
    let listed = page::listed(access, visible(access), (filter, order.as_slice())).await?;
    let owners: Vec<Uuid> = owners.iter().map(|owner| owner.parts().1).collect();
    let pages = listed.page_of_each(access, (column, &owners), request).await?;
    let rows = pages.values().flat_map(|page| page.items.iter().map(|(row, _)| row.clone()));
    let indicators = complete(access, rows.collect()).await?;
    let mut indicators: HashMap<Uuid, Indicator> =
        indicators.into_iter().map(|indicator| (indicator.id.0, indicator)).collect();
    let pages = pages.into_iter().map(|(owner, page)| {
        let theirs = page.items.iter().filter_map(|(row, _)| indicators.remove(&row.id)).collect();
        (back(owner), page.zip(theirs))
    });
    Ok(pages.collect())
}

/// The plans whose indicators, as far as the caller sees them, are as asked.
pub async fn plans(access: &Access, asked: &IndicatorsRelation) -> Result<Vec<Having>> {
    asked.quantified().rows(access, |_, fits| owners(access, Column::PlanId, fits)).await
}

/// The measures whose indicators, as far as the caller sees them, are as asked.
pub async fn measures(access: &Access, asked: &IndicatorsRelation) -> Result<Vec<Having>> {
    asked.quantified().rows(access, |_, fits| owners(access, Column::MeasureId, fits)).await
}

fn owners(access: &Access, owner: Column, fits: Condition) -> SelectStatement {
    let theirs = visible(access).filter(fits).filter(owner.is_not_null());
    theirs.select_only().column(owner).into_query()
}

impl Filter for IndicatorFilter {
    fn parts(&self) -> Parts<'_, Self> {
        Parts { and: self.and.as_ref(), or: self.or.as_ref(), not: self.not.as_deref() }
    }

    async fn own(&self, access: &Access) -> Result<Condition> {
        let (region, within) = (self.region.as_ref(), self.within.as_ref());
        let mut all = region::placed(access, Column::RegionId, region, within).await?;
        if let Some(id) = &self.definition {
            all = all.add(Column::DefinitionId.eq(DefinitionId::parse_at("definition", id)?.0));
        }
        if let Some(id) = &self.plan_id {
            all = all.add(Column::PlanId.eq(PlanId::parse_at("planId", id)?.0));
        }
        if let Some(filter) = &self.plan {
            let plans = plan::matching(access, filter).await.map_err(|error| error.at("plan"))?;
            all = all.add(Column::PlanId.in_subquery(plans));
        }
        if let Some(id) = &self.measure_id {
            all = all.add(Column::MeasureId.eq(MeasureId::parse_at("measureId", id)?.0));
        }
        if let Some(code) = &self.sector {
            let sector = sector::get(access, code).await.map_err(|error| error.at("sector"))?;
            all = all.add(Column::SectorId.eq(sector.id.0));
        }
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}
