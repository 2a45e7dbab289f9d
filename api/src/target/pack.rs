use std::collections::{HashMap, HashSet};
use std::hash::Hash;

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

    /// What no two rows of a pack may both say: one number of one target.
    pub fn number(&self) -> impl Eq + Hash + use<> {
        (self.key(), self.figure.metric)
    }

    fn row(&self, before: Option<&target::Model>, revision: i64) -> target::Model {
        let Key { plan: plan_id, sector: sector_id, label, year, kind, stated_on } = self.key();
        target::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            external_id: Some(self.figure.external_id.clone()),
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
/// in all but the number make one target, named after the first of them.
///
/// A target that is known by what it promises stays that target; one whose first row says something
/// else now has moved. The pack's number takes the place of what somebody stated there meanwhile.
pub async fn load(change: &Change, loaded: Vec<LoadedTarget>) -> Result<Vec<Written>> {
    let db = change.db().await?;
    let known = Entity::find().all(&db).await?;
    let figures = target_figure::Entity::find().all(&db).await?;
    let places = places(&loaded, &known);

    let mut of_target: HashMap<Uuid, Written> = HashMap::new();
    let rows = rows(&loaded, &places, change.revision());
    let wanted: HashMap<Option<&str>, Uuid> =
        rows.iter().map(|(_, row)| (row.external_id.as_deref(), row.id)).collect();
    for row in &known {
        let name = row.external_id.as_deref();
        // Names are given up before others take them.
        if name.is_some() && wanted.get(&name).is_some_and(|id| *id != row.id) {
            let nameless = target::Model { external_id: None, ..row.clone() };
            change.update::<Entity>(row, nameless).await?;
        }
    }
    let mut new = Vec::new();
    for (before, row) in rows {
        let (id, written) = match before {
            None => (row.id, Written::Created),
            Some(before) => (row.id, change.update::<Entity>(before, row.clone()).await?),
        };
        of_target.insert(id, written);
        if before.is_none() {
            new.push(row);
        }
    }
    change.insert_many::<Entity>(new).await?;

    let Numbers { written, moved, gone } = numbers(change, &loaded, &places, &figures).await?;
    for row in known.iter().filter(|row| moved.contains(&row.id)) {
        let left = |figure: &&target_figure::Model| figure.target_id == row.id;
        match of_target.get(&row.id) {
            None if figures.iter().filter(left).all(|figure| gone.contains(&figure.id)) => {
                change.delete::<Entity>(row).await?;
            }
            // Its figures are a part of it, also those it has lost.
            None | Some(Written::Unchanged) => change.touch::<Entity>(row).await?,
            Some(_) => {}
        }
    }
    let whole = |(new, figure): (&LoadedTarget, Written)| match figure {
        Written::Unchanged => places.get(&new.key()).and_then(|place| of_target.get(&place.id())),
        _ => None,
    };
    let each = loaded.iter().zip(written.iter().copied());
    Ok(each.map(|it| whole(it).copied().unwrap_or(it.1)).collect())
}

/// Which target some rows make: one that is known, or a new one.
enum Place<'a> {
    Known(&'a target::Model),
    New(Uuid),
}

impl Place<'_> {
    fn id(&self) -> Uuid {
        match self {
            Self::Known(row) => row.id,
            Self::New(id) => *id,
        }
    }
}

/// The target of each key. A known one serves one key only: its own, if the pack has it.
fn places<'a>(loaded: &[LoadedTarget], known: &'a [target::Model]) -> HashMap<Key, Place<'a>> {
    let of_key: HashMap<Key, &target::Model> = known.iter().map(|row| (key_of(row), row)).collect();
    let of_name: HashMap<&str, &target::Model> =
        known.iter().filter_map(|row| Some((row.external_id.as_deref()?, row))).collect();
    let keys: HashSet<Key> = loaded.iter().map(LoadedTarget::key).collect();
    let mut taken: HashSet<Uuid> =
        keys.iter().filter_map(|key| of_key.get(key)).map(|row| row.id).collect();
    let mut places = HashMap::new();
    for new in loaded {
        places.entry(new.key()).or_insert_with(|| {
            let moved = of_name.get(new.figure.external_id.as_str());
            let moved = || moved.filter(|row| taken.insert(row.id));
            let found = of_key.get(&new.key()).or_else(moved);
            found.map_or_else(|| Place::New(Uuid::now_v7()), |row| Place::Known(row))
        });
    }
    places
}

/// The targets as the pack has them, each beside what it was: by the first row of each.
fn rows<'a>(
    loaded: &[LoadedTarget],
    places: &HashMap<Key, Place<'a>>,
    revision: i64,
) -> Vec<(Option<&'a target::Model>, target::Model)> {
    let mut told = HashSet::new();
    let first = loaded.iter().filter(|new| told.insert(new.key()));
    let of = |new: &LoadedTarget| match places.get(&new.key())? {
        Place::Known(before) => Some((Some(*before), new.row(Some(before), revision))),
        Place::New(id) => Some((None, target::Model { id: *id, ..new.row(None, revision) })),
    };
    first.filter_map(of).collect()
}

/// What became of the numbers of a pack.
struct Numbers {
    /// What happened to each.
    written: Vec<Written>,
    /// The targets that gained, changed or lost one.
    moved: HashSet<Uuid>,
    /// The rows that made way.
    gone: HashSet<Uuid>,
}

/// Writes the numbers.
async fn numbers(
    change: &Change,
    loaded: &[LoadedTarget],
    places: &HashMap<Key, Place<'_>>,
    figures: &[target_figure::Model],
) -> Result<Numbers> {
    let of_name: HashMap<&str, &target_figure::Model> =
        figures.iter().filter_map(|row| Some((row.external_id.as_deref()?, row))).collect();
    let of_place: HashMap<(Uuid, Metric), &target_figure::Model> =
        figures.iter().map(|row| ((row.target_id, row.metric), row)).collect();
    let mut moved = HashSet::new();
    let mut gone = HashSet::new();
    let mut batch = change.batch::<target_figure::Entity>();
    for new in loaded {
        let Some(target) = places.get(&new.key()).map(Place::id) else { continue };
        let metric = new.figure.metric;
        let named = of_name.get(new.figure.external_id.as_str()).copied();
        let there = of_place.get(&(target, metric)).copied();
        // What stands elsewhere under this name, or here under another, makes way.
        let before = named.filter(|row| (row.target_id, row.metric) == (target, metric));
        for row in [named, there].into_iter().flatten() {
            if before.is_none_or(|before| before.id != row.id) && gone.insert(row.id) {
                change.delete::<target_figure::Entity>(row).await?;
                moved.insert(row.target_id);
            }
        }
        let row = new.figure_row(target, before, change.revision());
        if batch.put(before, row) != Written::Unchanged {
            moved.insert(target);
        }
    }
    Ok(Numbers { written: batch.write().await?, moved, gone })
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
