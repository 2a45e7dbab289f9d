use std::collections::{BTreeMap, HashMap};

use entity::code::{self, FigureStatus, Metric};
use entity::target::{self, Entity};
use entity::target_figure;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::TargetKind;
use crate::basis::Boundary;
use crate::date::PartialDate;
use crate::error::Result;
use crate::history::{Change, Written};
use crate::source::Citation;

/// What makes rows of a data pack one target.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    plan: Uuid,
    sector: Option<Uuid>,
    label: Option<String>,
    year: i32,
    kind: code::TargetKind,
    stated_on: Option<String>,
}

/// A number of a target as a data pack gives it: one row each.
#[derive(Clone, Debug)]
pub struct LoadedFigure {
    /// Its stable name.
    pub external_id: String,
    /// Which number it is.
    pub metric: Metric,
    /// The number, as it is stored.
    pub value: i64,
    /// Where it comes from.
    pub citation: Citation,
}

/// A row of a data pack: a target, and one number of it.
#[derive(Clone, Debug)]
pub struct LoadedTarget {
    /// Whose promise it is.
    pub plan: Uuid,
    /// Whose emissions the plan's figures count.
    pub boundary: Boundary,
    /// In which sector.
    pub sector: Option<Uuid>,
    /// What the source calls this part.
    pub label: Option<String>,
    /// The year it is for.
    pub year: i32,
    /// The year it is counted from.
    pub base_year: Option<i32>,
    /// In which sense it is a target.
    pub kind: TargetKind,
    /// When it was stated.
    pub stated_on: Option<PartialDate>,
    /// The number.
    pub figure: LoadedFigure,
}

impl LoadedTarget {
    fn key(&self) -> Key {
        Key {
            plan: self.plan,
            sector: self.sector,
            label: self.label.clone(),
            year: self.year,
            kind: self.kind.into(),
            stated_on: self.stated_on.as_ref().map(|date| date.text.clone()),
        }
    }

    fn row(&self, before: Option<&target::Model>, revision: i64) -> target::Model {
        let Key { plan: plan_id, sector: sector_id, label, year, kind, stated_on } = self.key();
        target::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            external_id: before
                .and_then(|row| row.external_id.clone())
                .or_else(|| Some(self.figure.external_id.clone())),
            plan_id,
            sector_id,
            label,
            year,
            base_year: self.base_year,
            kind,
            stated_on,
            boundary: self.boundary.into(),
            netting: before.map_or(code::Netting::Unstated, |row| row.netting),
            flow: before.map_or(code::Flow::Unstated, |row| row.flow),
            accounting: before.map_or(code::Accounting::Unstated, |row| row.accounting),
            guideline: before.and_then(|row| row.guideline.clone()),
            gwp_set: before.and_then(|row| row.gwp_set.clone()),
            approval: before.map_or(code::Approval::None, |row| row.approval),
            revision,
        }
    }

    fn figure_row(
        &self,
        target_id: Uuid,
        before: Option<&target_figure::Model>,
        revision: i64,
    ) -> target_figure::Model {
        let Citation { cited: [source_id, source2_id], confidence, derivation, note, approximate } =
            self.figure.citation.clone();
        let derived = confidence == Some(code::Confidence::C);
        target_figure::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            external_id: Some(self.figure.external_id.clone()),
            target_id,
            metric: self.figure.metric,
            value: Some(self.figure.value),
            status: if derived { FigureStatus::Estimated } else { FigureStatus::Reported },
            approximate,
            source_id,
            source2_id,
            confidence,
            derivation,
            note,
            revision,
        }
    }
}

/// Writes the targets of a data pack; what happened to each row, in their order. Rows that agree
/// in all but the number make one target.
pub async fn load(change: &Change, loaded: Vec<LoadedTarget>) -> Result<Vec<Written>> {
    let db = change.db().await?;
    let known = Entity::find().all(&db).await?;
    let figures = target_figure::Entity::find().all(&db).await?;
    let known_figures: HashMap<&str, &target_figure::Model> =
        figures.iter().filter_map(|row| Some((row.external_id.as_deref()?, row))).collect();
    let of_key: HashMap<Key, &target::Model> = known.iter().map(|row| (key_of(row), row)).collect();

    let mut targets = change.batch::<Entity>();
    let mut rows: HashMap<Key, (target::Model, Option<&target::Model>, Written)> = HashMap::new();
    let mut numbers = change.batch::<target_figure::Entity>();
    let mut written = Vec::with_capacity(loaded.len());
    let mut moved = BTreeMap::new();
    for new in &loaded {
        let key = new.key();
        let number = known_figures.get(new.figure.external_id.as_str()).copied();
        if !rows.contains_key(&key) {
            let before = of_key.get(&key).copied().or_else(|| named_after(number, &known));
            let row = new.row(before, change.revision());
            let done = targets.put(before, row.clone());
            rows.insert(key.clone(), (row, before, done));
        }
        let Some((row, before, done)) = rows.get(&key) else { continue };
        let figure = numbers.put(number, new.figure_row(row.id, number, change.revision()));
        if let (Some(before), Written::Unchanged) = (before, done)
            && figure != Written::Unchanged
        {
            moved.insert(before.id, *before);
        }
        written.push(if figure == Written::Unchanged { *done } else { figure });
    }
    targets.write().await?;
    numbers.write().await?;
    for row in moved.into_values() {
        // Its figures are a part of it.
        change.touch::<Entity>(row).await?;
    }
    Ok(written)
}

/// The target that is named after a number, which a corrected pack may have moved elsewhere.
fn named_after<'a>(
    number: Option<&target_figure::Model>,
    targets: &'a [target::Model],
) -> Option<&'a target::Model> {
    let number = number?;
    targets.iter().find(|row| row.id == number.target_id && row.external_id == number.external_id)
}

fn key_of(row: &target::Model) -> Key {
    Key {
        plan: row.plan_id,
        sector: row.sector_id,
        label: row.label.clone(),
        year: row.year,
        kind: row.kind,
        stated_on: row.stated_on.clone(),
    }
}
