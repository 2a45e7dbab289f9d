use std::collections::HashMap;

use entity::measure::Column;
use entity::{measure_budget, measure_reduction};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{Fund, MeasureFamily, MeasureStatus, visible};
use crate::access::Access;
use crate::error::Result;
use crate::id::{MeasureId, PlanId, SectorId};
use crate::quantity::{Mass, Won};

/// What a measure is to make and to cost, as the yearly check of its plan needs it.
#[derive(Clone, Debug)]
pub struct PlannedMeasure {
    /// Which measure.
    pub id: MeasureId,
    /// In which plan it stands.
    pub plan: PlanId,
    /// What it is called.
    pub title: String,
    /// Of which family it is.
    pub family: MeasureFamily,
    /// Whether the plan promises it.
    pub is_promised: bool,
    /// Its sector, if it has one.
    pub sector: Option<SectorId>,
    reductions: HashMap<i32, Mass>,
    budgets: Vec<(i32, Fund, Won)>,
}

impl PlannedMeasure {
    /// How much less it is to make of a year, where that is said.
    pub fn reduction(&self, year: i32) -> Option<Mass> {
        self.reductions.get(&year).copied()
    }

    /// What is to be spent on it in a year, by fund.
    pub fn budgets(&self, year: i32) -> impl Iterator<Item = (Fund, Won)> {
        let of_year = self.budgets.iter().filter(move |(of, ..)| *of == year);
        of_year.map(|(_, fund, won)| (*fund, *won))
    }
}

/// All measures of these plans that the caller sees, as they were entered, with what is planned for
/// these years.
pub async fn planned(
    access: &Access,
    plans: impl IntoIterator<Item = PlanId>,
    years: &[i32],
) -> Result<Vec<PlannedMeasure>> {
    let db = access.db().await?;
    let plans = access.any_of(Column::PlanId, plans.into_iter().map(|plan| plan.0));
    let rows = visible(access).filter(plans).order_by_asc(Column::Id).all(&db).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut reductions = reductions(access, &ids, years).await?;
    let mut budgets = budgets(access, &ids, years).await?;
    let measures = rows.into_iter().map(|row| PlannedMeasure {
        id: MeasureId(row.id),
        plan: PlanId(row.plan_id),
        family: row.family.into(),
        is_promised: MeasureStatus::from(row.status).is_promised(),
        sector: row.sector_id.map(SectorId),
        reductions: reductions.remove(&row.id).unwrap_or_default(),
        budgets: budgets.remove(&row.id).unwrap_or_default(),
        title: row.title,
    });
    Ok(measures.collect())
}

async fn reductions(
    access: &Access,
    measures: &[Uuid],
    years: &[i32],
) -> Result<HashMap<Uuid, HashMap<i32, Mass>>> {
    use measure_reduction::{Column, Entity};
    let which = access.any_of(Column::MeasureId, measures.iter().copied());
    let rows = Entity::find().filter(which).filter(Column::Year.is_in(years.iter().copied()));
    let mut found: HashMap<Uuid, HashMap<i32, Mass>> = HashMap::new();
    for row in rows.all(&access.db().await?).await? {
        found.entry(row.measure_id).or_default().insert(row.year, Mass(row.value));
    }
    Ok(found)
}

async fn budgets(
    access: &Access,
    measures: &[Uuid],
    years: &[i32],
) -> Result<HashMap<Uuid, Vec<(i32, Fund, Won)>>> {
    use measure_budget::{Column, Entity};
    let which = access.any_of(Column::MeasureId, measures.iter().copied());
    let rows = Entity::find().filter(which).filter(Column::Year.is_in(years.iter().copied()));
    let mut found: HashMap<Uuid, Vec<(i32, Fund, Won)>> = HashMap::new();
    for row in rows.all(&access.db().await?).await? {
        if let Some((year, planned)) = row.year.zip(row.planned) {
            let budget = (year, row.fund.into(), Won(planned));
            found.entry(row.measure_id).or_default().push(budget);
        }
    }
    Ok(found)
}
