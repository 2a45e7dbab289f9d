use std::collections::HashMap;

use async_graphql::InputObject;
use entity::code;
use entity::measure::{Column, Entity};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait, Select};
use serde::Serialize;
use uuid::Uuid;

use super::{Measure, MeasureFamily, MeasureStatus, complete, visible};
use crate::access::Access;
use crate::error::Result;
use crate::filter::{
    Filter, Having, IntFilter, Parts, StringFilter, changed_after, code_filter, codes, relation,
};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, OrganizationId, PlanId};
use crate::page::{self, Asked, Page, PageRequest, order};
use crate::plan::{self, PlanFilter};
use crate::region::RegionBy;
use crate::sector;

code_filter! {
    /// Compares the family of a measure.
    MeasureFamilyFilter of MeasureFamily
}
code_filter! {
    /// Compares how far a measure has come.
    MeasureStatusFilter of MeasureStatus
}

/// Which measures a list holds. Precursors only where `status` names them or `includePrecursors`
/// says so.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct MeasureFilter {
    /// All of these hold.
    pub and: Option<Vec<MeasureFilter>>,
    /// One of these holds.
    pub or: Option<Vec<MeasureFilter>>,
    /// This does not hold.
    pub not: Option<Box<MeasureFilter>>,
    /// Those of the plan of this id.
    pub plan_id: Option<AnyId>,
    /// Those of the plans that fit and that the caller sees.
    pub plan: Option<PlanFilter>,
    /// Those of the plans of this region.
    pub region: Option<RegionBy>,
    /// Those of the plans of the regions somewhere below this one.
    pub within: Option<RegionBy>,
    /// Those of the sector of this code.
    pub sector: Option<String>,
    /// Those that the organization of this id leads.
    pub lead: Option<AnyId>,
    /// Which of the two families they are of.
    pub family: Option<MeasureFamilyFilter>,
    /// How far they have come.
    pub status: Option<MeasureStatusFilter>,
    /// Whether precursors are among them; not if not said.
    pub include_precursors: Option<bool>,
    /// What they are called.
    pub title: Option<StringFilter>,
    /// By which year they are to reach their goal.
    pub goal_year: Option<IntFilter>,
    /// Only those written after this revision.
    pub changed_after: Option<AnyRevision>,
    /// What must hang on them.
    #[graphql(skip)]
    pub having: Vec<Having>,
}

relation! {
    /// Asks for plans by their measures; precursors count only where they are named.
    MeasuresRelation of MeasureFilter
}

order! {
    /// What measures can be ordered by.
    MeasureOrder by MeasureOrderField of Entity {
        /// When it was entered.
        Created = Column::Id,
        /// Its title, by code point.
        Title = Column::Title,
        /// By which year it is to reach its goal; measures without one come last.
        GoalYear = Column::GoalYear,
    }
}

impl MeasureFilter {
    /// The same, of one plan alone.
    pub fn of_plan(self, id: AnyId) -> Self {
        let plan = Self { plan_id: Some(id), ..Self::default() };
        Self { and: Some(self.and.into_iter().flatten().chain([plan]).collect()), ..self }
    }

    /// Whether precursors are asked for, here or in what is combined here.
    fn asks_for_precursors(&self) -> bool {
        let named = self.status.as_ref().is_some_and(|status| {
            let listed = status.one_of.iter().flatten();
            listed.chain(&status.eq).any(|status| *status == MeasureStatus::Precursor)
        });
        let parts = self.and.iter().chain(&self.or).flatten();
        named
            || self.include_precursors == Some(true)
            || parts.into_iter().any(Self::asks_for_precursors)
    }

    /// The measures that a list under this filter is cut from.
    fn of(&self, access: &Access) -> Select<Entity> {
        match self.asks_for_precursors() {
            true => visible(access),
            false => visible(access).filter(Column::Status.ne(code::MeasureStatus::Precursor)),
        }
    }
}

/// One page of the measures that fit.
pub async fn page(
    access: &Access,
    filter: &MeasureFilter,
    order: &[MeasureOrder],
    request: &PageRequest,
) -> Result<Page<Measure>> {
    let page = page::filtered(access, filter.of(access), (filter, order), request).await?;
    let rows = page.items.iter().map(|(row, _)| row.clone()).collect();
    Ok(page.zip(complete(access, rows).await?))
}

/// The same page of the measures of each of these plans: as many statements as for one.
pub async fn pages_of_plans(
    access: &Access,
    plans: &[PlanId],
    asked: &Asked<MeasureFilter, MeasureOrder>,
) -> Result<HashMap<PlanId, Page<Measure>>> {
    let Asked { filter, order, request, .. } = asked;
    let listed = page::listed(access, filter.of(access), (filter, order.as_slice())).await?;
    let plans: Vec<Uuid> = plans.iter().map(|plan| plan.0).collect();
    let pages = listed.page_of_each(access, (Column::PlanId, &plans), request).await?;
    let rows = pages.values().flat_map(|page| page.items.iter().map(|(row, _)| row.clone()));
    let measures = complete(access, rows.collect()).await?;
    let mut measures: HashMap<Uuid, Measure> =
        measures.into_iter().map(|measure| (measure.id.0, measure)).collect();
    let pages = pages.into_iter().map(|(plan, page)| {
        let theirs = page.items.iter().filter_map(|(row, _)| measures.remove(&row.id)).collect();
        (PlanId(plan), page.zip(theirs))
    });
    Ok(pages.collect())
}

/// The plans whose measures, as far as the caller sees them, are as asked.
pub async fn plans(access: &Access, asked: &MeasuresRelation) -> Result<Vec<Having>> {
    let owners = |filter: &MeasureFilter, fits: Condition| {
        filter.of(access).filter(fits).select_only().column(Column::PlanId).into_query()
    };
    asked.quantified().rows(access, owners).await
}

impl Filter for MeasureFilter {
    fn parts(&self) -> Parts<'_, Self> {
        Parts { and: self.and.as_ref(), or: self.or.as_ref(), not: self.not.as_deref() }
    }

    async fn own(&self, access: &Access) -> Result<Condition> {
        let mut all = self.of_plans(access).await?;
        if let Some(code) = &self.sector {
            let sector = sector::get(access, code).await.map_err(|error| error.at("sector"))?;
            all = all.add(Column::SectorId.eq(sector.id.0));
        }
        if let Some(lead) = &self.lead {
            all = all.add(Column::LeadId.eq(OrganizationId::parse_at("lead", lead)?.0));
        }
        if let Some(family) = &self.family {
            let fits = |code: code::MeasureFamily| family.fits(code.into());
            all = all.add(codes(Column::Family, fits));
        }
        if let Some(status) = &self.status {
            let fits = |code: code::MeasureStatus| status.fits(code.into());
            all = all.add(codes(Column::Status, fits));
        }
        if let Some(title) = &self.title {
            all = all.add(title.on(access, Column::Title));
        }
        all = all.add_option(self.goal_year.as_ref().map(|year| year.on(Column::GoalYear)));
        all = self.having.iter().map(|having| having.on(Column::Id)).fold(all, Condition::add);
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}

impl MeasureFilter {
    async fn of_plans(&self, access: &Access) -> Result<Condition> {
        let mut all = Condition::all();
        if let Some(id) = &self.plan_id {
            all = all.add(Column::PlanId.eq(PlanId::parse_at("planId", id)?.0));
        }
        if let Some(filter) = &self.plan {
            let plans = plan::matching(access, filter).await.map_err(|error| error.at("plan"))?;
            all = all.add(Column::PlanId.in_subquery(plans));
        }
        let (region, within) = (self.region.clone(), self.within.clone());
        if region.is_some() || within.is_some() {
            let placed = PlanFilter { region, within, ..PlanFilter::default() };
            let plans = plan::matching(access, &placed).await?;
            all = all.add(Column::PlanId.in_subquery(plans));
        }
        Ok(all)
    }
}
