//! A measure is what a plan will have done: by whom, with what money, for how many tonnes.
//!
//! There are two families. Mitigation reduces or removes tonnes; the response base (대응기반)
//! prepares the ground and has none. What was decided before the plan was made is its precursor: it
//! belongs to the plan's story, not to what the plan promises.

mod edit;
mod figures;
pub mod graphql;
mod list;
mod pack;
mod planned;
mod quantity;
pub mod rest;

use std::collections::HashMap;

use async_graphql::{Enum, SimpleObject};
use entity::code;
use entity::measure::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use edit::{MeasureChange, NewMeasure, create, delete, revert, update};
pub use figures::{BudgetInput, ExpectedReduction, Fund, MeasureBudget, ReductionInput};
pub use list::{
    MeasureFamilyFilter, MeasureFilter, MeasureOrder, MeasureStatusFilter, MeasuresRelation, page,
    pages_of_plans, plans,
};
pub use pack::{LoadedBudget, LoadedMeasure, LoadedRef, load, loaded};
pub use planned::{PlannedMeasure, planned};
pub use quantity::{MeasureQuantity, MeasureQuantityInput};

use crate::access::Access;
use crate::error::{Error, Result};
use crate::filter::Words;
use crate::history::Revision;
use crate::id::{Id as _, MeasureId, OrganizationId, PlanId, SectorId};
use crate::name::Name;
use crate::page::{self, Found, Page, PageRequest};
use crate::plan;
use crate::quantity::MassUnit;
use crate::sector;
use crate::source::{Approval, Citation, Cites, Provenance};

/// Which of the two families a measure is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::MeasureFamily")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MeasureFamily {
    /// Reduces emissions or removes them (감축대책).
    Mitigation,
    /// Prepares the ground: it has no tonnes (대응기반).
    ResponseBase,
}

/// How far a measure has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::MeasureStatus")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MeasureStatus {
    /// It is to be done.
    Planned,
    /// It is being done.
    Ongoing,
    /// It was done as planned.
    Done,
    /// It is over; whether as planned is not known.
    Ended,
    /// It was given up.
    Stopped,
    /// It was decided before the plan was made. Lists show these only when asked.
    Precursor,
}

impl MeasureStatus {
    /// Whether the plan promises what stands so: not what was decided before it, nor what was given
    /// up.
    pub const fn is_promised(self) -> bool {
        !matches!(self, Self::Precursor | Self::Stopped)
    }
}

/// What a plan will have done.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Measure {
    /// Its id.
    pub id: MeasureId,
    /// Its stable name in the data pack it came from, as `jeonbuk:M004`.
    pub external_id: Option<String>,
    /// In which plan it stands.
    #[graphql(skip)]
    pub plan_id: PlanId,
    /// The code of its sector.
    #[graphql(skip)]
    pub sector: Option<String>,
    #[graphql(skip)]
    #[serde(skip)]
    sector_id: Option<SectorId>,
    /// Which of the two families it is of.
    pub family: MeasureFamily,
    /// How far it has come.
    pub status: MeasureStatus,
    /// What the source calls that.
    pub reported_status: Option<String>,
    /// What it is called.
    pub title: String,
    /// What will be done.
    pub description: Option<String>,
    /// How much of what will be done, where that is counted.
    pub quantity: Option<MeasureQuantity>,
    /// The organization that leads it.
    #[graphql(skip)]
    pub lead_id: Option<OrganizationId>,
    /// Which department sees to it.
    pub department: Option<String>,
    /// How much less it is to make of each year, by year; none in the response base.
    #[graphql(skip)]
    pub reductions: Vec<ExpectedReduction>,
    /// Its money, by year and by whose it is.
    pub budgets: Vec<MeasureBudget>,
    /// How far up it was approved.
    pub approval: Approval,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
}

impl Measure {
    /// The same with its masses in another unit.
    pub fn in_unit(mut self, unit: MassUnit) -> Self {
        self.reductions = self.reductions.iter().map(|year| year.in_unit(unit)).collect();
        self
    }
}

impl Cites for Measure {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        let reductions = self.reductions.iter_mut().map(|year| &mut year.provenance);
        let budgets = self.budgets.iter_mut().map(|budget| &mut budget.provenance);
        reductions.chain(budgets).chain([&mut self.provenance]).collect()
    }
}

/// One measure. `NOT_FOUND` where the caller sees none.
pub async fn get(access: &Access, id: MeasureId) -> Result<Measure> {
    let row = find(access, id).await?;
    let measure = complete(access, vec![row]).await?.pop();
    measure.ok_or_else(|| Error::impossible("a measure got lost"))
}

/// These measures, as far as the caller sees them, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = MeasureId>,
) -> Result<Vec<Measure>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    complete(access, rows).await
}

/// Every measure of these plans, precursors too, as they were entered.
pub async fn of_plans(access: &Access, plans: &[PlanId]) -> Result<Vec<Measure>> {
    let plans = access.any_of(Column::PlanId, plans.iter().map(|plan| plan.0));
    let rows = visible(access).filter(plans).order_by_asc(Column::Id);
    complete(access, rows.all(&access.db().await?).await?).await
}

/// The plan in which a measure stands that the caller sees. `NOT_FOUND` where they see none.
pub async fn plan_of(access: &Access, id: MeasureId) -> Result<PlanId> {
    find(access, id).await.map(|row| PlanId(row.plan_id))
}

/// The measures this caller may see. Every read in this slice starts here.
fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(access.sees(Column::PlanId))
}

/// The measures that have these words in title or description, by title.
pub async fn found(access: &Access, words: &Words, request: &PageRequest) -> Result<Page<Found>> {
    let select = visible(access).filter(words.on(&[Column::Title, Column::Description]));
    let page = page::found(access, select, (words, Column::Title), request).await?;
    page.try_map(|row| {
        Ok(Found { id: MeasureId(row.id).text(), name: Name { ko: row.title, en: None } })
    })
}

async fn find(access: &Access, id: MeasureId) -> Result<measure::Model> {
    let row = visible(access).filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("measure"))
}

/// Where a measure is done, for the guards of writes.
async fn site_of(access: &Access, row: &measure::Model) -> Result<crate::access::Site> {
    plan::site_of(access, PlanId(row.plan_id)).await
}

/// The measures of these rows, in their order, with what stands beside the row.
async fn complete(access: &Access, rows: Vec<measure::Model>) -> Result<Vec<Measure>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut reductions = figures::reductions_of(access, &ids).await?;
    let mut budgets = figures::budgets_of(access, &ids).await?;
    let sectors = sector::by_ids(access, rows.iter().filter_map(|row| row.sector_id).map(SectorId));
    let sectors: HashMap<Uuid, String> =
        sectors.await?.into_iter().map(|sector| (sector.id.0, sector.code)).collect();
    let measures = rows.into_iter().map(|row| {
        let sector = row.sector_id.and_then(|id| sectors.get(&id).cloned());
        let reductions = reductions.remove(&row.id).unwrap_or_default();
        let budgets = budgets.remove(&row.id).unwrap_or_default();
        Measure { sector, reductions, budgets, ..row.into() }
    });
    Ok(measures.collect())
}

impl From<measure::Model> for Measure {
    fn from(row: measure::Model) -> Self {
        Self {
            id: MeasureId(row.id),
            plan_id: PlanId(row.plan_id),
            sector: None,
            sector_id: row.sector_id.map(SectorId),
            family: row.family.into(),
            status: row.status.into(),
            quantity: MeasureQuantity::of(&row),
            lead_id: row.lead_id.map(OrganizationId),
            reductions: Vec::new(),
            budgets: Vec::new(),
            approval: row.approval.into(),
            provenance: Provenance::from(Citation {
                cited: [row.source_id, row.source2_id],
                confidence: row.confidence,
                note: row.note,
                ..Citation::default()
            }),
            revision: Revision(row.revision),
            external_id: row.external_id,
            reported_status: row.reported_status,
            title: row.title,
            description: row.description,
            department: row.department,
        }
    }
}
