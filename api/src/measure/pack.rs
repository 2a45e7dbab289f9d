use std::collections::{BTreeMap, HashMap};

use entity::code;
use entity::measure::{self, Entity};
use entity::measure_budget;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::quantity::{Counted, common_decimals};
use super::{MeasureFamily, MeasureStatus, edit};
use crate::error::Result;
use crate::history::{Change, Written};
use crate::id::{MeasureId, PlanId};
use crate::quantity::{Won, fixed};
use crate::source::Citation;

/// The money of a measure as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedBudget {
    /// The year, where one is stated.
    pub year: Option<i32>,
    /// What is to be spent.
    pub planned: Won,
}

/// A measure as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedMeasure {
    /// Its stable name.
    pub external_id: String,
    /// In which plan it stands.
    pub plan: Uuid,
    /// Its sector.
    pub sector: Option<Uuid>,
    /// Which of the two families it is of.
    pub family: MeasureFamily,
    /// How far it has come.
    pub status: MeasureStatus,
    /// What the source calls that.
    pub reported_status: String,
    /// What it is called.
    pub title: String,
    /// What will be done.
    pub description: Option<String>,
    /// What is counted, the goal and the baseline.
    pub quantity: Option<(String, [Option<String>; 2])>,
    /// The years of the goal and the baseline.
    pub years: [Option<i32>; 2],
    /// Its money.
    pub budget: Option<LoadedBudget>,
    /// Where this comes from.
    pub citation: Citation,
}

impl LoadedMeasure {
    fn counted(&self) -> Result<Counted> {
        let [goal_year, baseline_year] = self.years;
        let Some((unit, numbers)) = &self.quantity else {
            let (goal, baseline) = ((None, goal_year), (None, baseline_year));
            return Ok(Counted { goal, baseline, ..Counted::default() });
        };
        let decimals = common_decimals(numbers.iter().flatten().map(String::as_str));
        let number = |text: &Option<String>| text.as_deref().map(|it| fixed(it, decimals));
        let [goal, baseline] = numbers;
        Ok(Counted {
            unit: Some(unit.clone()),
            decimals,
            goal: (number(goal).transpose()?, goal_year),
            baseline: (number(baseline).transpose()?, baseline_year),
        })
    }

    fn row(&self, before: Option<&measure::Model>, revision: i64) -> Result<measure::Model> {
        let id = MeasureId(before.map_or_else(Uuid::now_v7, |row| row.id));
        let blank = edit::blank(id, PlanId(self.plan));
        let [source_id, source2_id] = self.citation.cited;
        let mut row = measure::Model {
            external_id: Some(self.external_id.clone()),
            sector_id: self.sector,
            family: self.family.into(),
            status: self.status.into(),
            reported_status: Some(self.reported_status.clone()),
            title: self.title.clone(),
            description: self.description.clone(),
            lead_id: before.and_then(|row| row.lead_id),
            department: before.and_then(|row| row.department.clone()),
            approval: before.map_or(code::Approval::None, |row| row.approval),
            source_id,
            source2_id,
            confidence: self.citation.confidence,
            note: self.citation.note.clone(),
            revision,
            ..blank
        };
        self.counted()?.apply(&mut row);
        Ok(row)
    }
}

/// Writes the measures of a data pack; what happened to each, in their order. What it does not
/// speak of stays: leads, reductions, money of other years and funds.
pub async fn load(change: &Change, loaded: Vec<LoadedMeasure>) -> Result<Vec<Written>> {
    let db = change.db().await?;
    let known = Entity::find().all(&db).await?;
    let known: HashMap<&str, &measure::Model> =
        known.iter().filter_map(|row| Some((row.external_id.as_deref()?, row))).collect();
    let budgets = measure_budget::Entity::find().all(&db).await?;
    let budgets: HashMap<_, _> =
        budgets.iter().map(|row| ((row.measure_id, row.year, row.fund), row)).collect();

    let mut measures = change.batch::<Entity>();
    let mut money = change.batch::<measure_budget::Entity>();
    let mut written = Vec::with_capacity(loaded.len());
    let mut moved = BTreeMap::new();
    for new in &loaded {
        let before = known.get(new.external_id.as_str()).copied();
        let row = new.row(before, change.revision())?;
        let id = row.id;
        let mut done = measures.put(before, row);
        if let Some(budget) = &new.budget {
            let said = budgets.get(&(id, budget.year, code::Fund::Unstated)).copied();
            let row = budget_row(new, budget, (id, said, change.revision()));
            let put = money.put(said, row);
            if let (Some(before), Written::Unchanged) = (before, done)
                && put != Written::Unchanged
            {
                moved.insert(before.id, before);
                done = Written::Updated;
            }
        }
        written.push(done);
    }
    measures.write().await?;
    money.write().await?;
    for row in moved.into_values() {
        // Its money is a part of it.
        change.touch::<Entity>(row).await?;
    }
    Ok(written)
}

fn budget_row(
    new: &LoadedMeasure,
    budget: &LoadedBudget,
    (measure_id, before, revision): (Uuid, Option<&measure_budget::Model>, i64),
) -> measure_budget::Model {
    measure_budget::Model {
        id: before.map_or_else(Uuid::now_v7, |row| row.id),
        measure_id,
        year: budget.year,
        fund: code::Fund::Unstated,
        planned: Some(budget.planned.0),
        executed: before.and_then(|row| row.executed),
        source_id: new.citation.cited[0],
        note: before.and_then(|row| row.note.clone()),
        revision,
    }
}

/// A measure that a data pack has brought, as what hangs on it refers to it.
#[derive(Clone, Debug)]
pub struct LoadedRef {
    /// Its stable name.
    pub external_id: String,
    /// Its id.
    pub id: MeasureId,
    /// In which plan it stands.
    pub plan: PlanId,
}

/// The measures that data packs have brought.
pub async fn loaded(change: &Change) -> Result<Vec<LoadedRef>> {
    let rows = Entity::find().all(&change.db().await?).await?;
    let named = rows.into_iter().filter_map(|row| {
        let (id, plan) = (MeasureId(row.id), PlanId(row.plan_id));
        Some(LoadedRef { external_id: row.external_id?, id, plan })
    });
    Ok(named.collect())
}
