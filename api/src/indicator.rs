//! An indicator is something measured in a region: for a plan or one of its measures, or for the
//! region alone.
//!
//! What is measured, its unit and which way is better stand in a definition that regions share, so
//! that the same can be seen side by side. Goals say what an indicator is to reach, observations
//! what it was; both are of a period, and neither is ever rounded.

mod definition;
mod edit;
mod goal;
pub mod graphql;
mod list;
mod observation;
mod pack;
pub mod rest;
mod yearly;

use std::collections::HashMap;

use async_graphql::SimpleObject;
use entity::indicator::{self, Column, Entity};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::Serialize;
use utoipa::ToSchema;

pub use definition::{
    Accumulation, IndicatorDefinition, IndicatorDefinitionChange, IndicatorDefinitionFilter,
    IndicatorDirection, NewIndicatorDefinition, by_ids as definitions_by_ids,
    create as create_definition, get as get_definition, page as page_definitions,
    update as update_definition,
};
pub use edit::{IndicatorChange, NewIndicator, create, delete, revert, update};
pub use goal::{
    GoalInput, GoalKind, IndicatorGoal, goals_of, remove as remove_goal, set as set_goal,
};
pub use list::{
    IndicatorFilter, IndicatorOrder, IndicatorsRelation, Owner, measures, page, pages_of, plans,
};
pub use observation::{
    Observation, ObservationInput, observations_of, record, remove as remove_observation,
};
pub use pack::{
    LoadedGoal, LoadedIndicator, LoadedObservation, LoadedRef, load, load_goals, load_observations,
    loaded,
};
pub use yearly::{YearValue, yearly};

use crate::access::{Access, Action, Site};
use crate::error::{Error, Faults, Result};
use crate::filter::Words;
use crate::history::Revision;
use crate::id::{DefinitionId, Id as _, IndicatorId, MeasureId, PlanId, RegionId, SectorId};
use crate::message;
use crate::page::{self, Found, Page, PageRequest};
use crate::quantity::{Quantity, QuantityInput, fixed};
use crate::region::{self, RegionRef};
use crate::sector;
use crate::source::{Citation, Cites, Provenance};

/// Something measured in a region.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Indicator {
    /// Its id.
    pub id: IndicatorId,
    /// Its stable name in the data pack it came from, as `jeonbuk:I-52-FCEV`.
    pub external_id: Option<String>,
    /// What is measured.
    #[graphql(skip)]
    pub definition: IndicatorDefinition,
    /// Where it is measured.
    #[graphql(skip)]
    pub region: RegionRef,
    /// For which plan, if for one.
    #[graphql(skip)]
    pub plan_id: Option<PlanId>,
    /// For which measure of the plan, if for one.
    #[graphql(skip)]
    pub measure_id: Option<MeasureId>,
    /// The code of its sector; `TOTAL` for all of them.
    #[graphql(skip)]
    pub sector: Option<String>,
    #[graphql(skip)]
    #[serde(skip)]
    sector_id: Option<SectorId>,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it; what updates take. Goals and observations have their own.
    pub revision: Revision,
}

/// An indicator, as its goals and observations need to know it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Measured {
    /// Which one.
    pub id: IndicatorId,
    /// How many digits behind the point its values have.
    pub decimals: u32,
    /// What is counted.
    pub unit: String,
}

impl From<&Indicator> for Measured {
    fn from(indicator: &Indicator) -> Self {
        let IndicatorDefinition { decimals, unit, .. } = &indicator.definition;
        let decimals = u32::try_from(*decimals).unwrap_or_default();
        Self { id: indicator.id, decimals, unit: unit.clone() }
    }
}

impl Measured {
    /// A value as it is shown.
    fn shown(&self, value: i64) -> Quantity {
        Quantity::of(value, self.decimals, &self.unit)
    }

    /// A value as it is stored. `INVALID` with a digit too many or another unit.
    fn stored(&self, given: &QuantityInput) -> Result<i64> {
        let mut faults = Faults::default();
        let value = faults.at("amount", fixed(&given.amount.0, self.decimals));
        faults.rule(given.unit == self.unit, "unit", message::other_unit(&self.unit));
        match (value, faults.into_error()) {
            (Some(value), None) => Ok(value),
            (_, error) => {
                Err(error.unwrap_or_else(|| Error::impossible("a value without a fault")))
            }
        }
    }
}

impl Cites for Indicator {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        vec![&mut self.provenance]
    }
}

/// One indicator. `NOT_FOUND` where the caller sees none.
pub async fn get(access: &Access, id: IndicatorId) -> Result<Indicator> {
    let row = find(access, id).await?;
    let indicator = complete(access, vec![row]).await?.pop();
    indicator.ok_or_else(|| Error::impossible("an indicator got lost"))
}

/// These indicators, as far as the caller sees them, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = IndicatorId>,
) -> Result<Vec<Indicator>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    complete(access, rows).await
}

/// Every indicator of these plans and their measures, as they were entered.
pub async fn of_plans(access: &Access, plans: &[PlanId]) -> Result<Vec<Indicator>> {
    let plans = access.any_of(Column::PlanId, plans.iter().map(|plan| plan.0));
    let rows = visible(access).filter(plans).order_by_asc(Column::Id);
    complete(access, rows.all(&access.db().await?).await?).await
}

/// The indicators this caller may see: those of the plans they see, and those of no plan. Every
/// read in this slice starts here.
fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(seen(access, Column::PlanId))
}

/// The indicators whose definition has these words in name or description, as they were entered.
pub async fn found(access: &Access, words: &Words, request: &PageRequest) -> Result<Page<Found>> {
    let select = visible(access).filter(Column::DefinitionId.in_subquery(definition::named(words)));
    let page = page::found(access, select, (words, Column::Id), request).await?;
    let definitions = page.items.iter().map(|(row, _)| DefinitionId(row.definition_id));
    let definitions = definition::by_ids(access, definitions).await?;
    page.try_map(|row| {
        let of = definitions.iter().find(|it| it.id.0 == row.definition_id);
        let name = of.map(|it| it.name.clone()).ok_or_else(|| Error::not_found("definition"))?;
        Ok(Found { id: IndicatorId(row.id).text(), name })
    })
}

/// The rows of plans that the caller sees, and those of no plan, which are everybody's.
fn seen<C: ColumnTrait>(access: &Access, plan: C) -> Condition {
    Condition::any().add(plan.is_null()).add(access.sees(plan))
}

async fn find(access: &Access, id: IndicatorId) -> Result<indicator::Model> {
    let row = visible(access).filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("indicator"))
}

fn site(row: &indicator::Model) -> Site {
    Site { region: row.region_id, plan: row.plan_id }
}

/// Whether the caller may say what an indicator is and what it is to reach: who edits its plan, or,
/// where it has none, who keeps the facts of its region.
fn require_edit(access: &Access, site: Site) -> Result<()> {
    access.require(if site.plan.is_some() { Action::EditPlan } else { Action::EditFacts }, site)
}

/// The indicators of these rows, in their order, with what stands beside the row.
async fn complete(access: &Access, rows: Vec<indicator::Model>) -> Result<Vec<Indicator>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| DefinitionId(row.definition_id));
    let definitions = definition::by_ids(access, ids).await?;
    let definitions: HashMap<_, IndicatorDefinition> =
        definitions.into_iter().map(|it| (it.id.0, it)).collect();
    let regions = region::codes_of(access, rows.iter().map(|row| RegionId(row.region_id))).await?;
    let sectors = sector::by_ids(access, rows.iter().filter_map(|row| row.sector_id).map(SectorId));
    let sectors: HashMap<_, String> =
        sectors.await?.into_iter().map(|sector| (sector.id.0, sector.code)).collect();
    let rows = rows.into_iter().map(|row| {
        let id = RegionId(row.region_id);
        let code = regions.get(&id).cloned().unwrap_or_default();
        let definition = definitions.get(&row.definition_id).cloned();
        let definition =
            definition.ok_or_else(|| Error::impossible("an indicator without a definition"))?;
        let sector = row.sector_id.and_then(|id| sectors.get(&id).cloned());
        Ok(described(row, definition, (RegionRef { id, code }, sector)))
    });
    rows.collect()
}

fn described(
    row: indicator::Model,
    definition: IndicatorDefinition,
    (region, sector): (RegionRef, Option<String>),
) -> Indicator {
    Indicator {
        id: IndicatorId(row.id),
        external_id: row.external_id,
        definition,
        region,
        plan_id: row.plan_id.map(PlanId),
        measure_id: row.measure_id.map(MeasureId),
        sector,
        sector_id: row.sector_id.map(SectorId),
        provenance: Provenance::from(Citation {
            cited: [row.source_id, None],
            confidence: row.confidence,
            note: row.note,
            ..Citation::default()
        }),
        revision: Revision(row.revision),
    }
}
