use std::collections::{HashMap, HashSet};

use async_graphql::{InputObject, SimpleObject};
use entity::code::Confidence;
use entity::progress_check;
use entity::progress_sector::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::by_check;
use super::reported::{mass, rate};
use crate::access::Access;
use crate::error::{Error, Faults, Result};
use crate::history::{Change, Written};
use crate::id::{AnyId, SectorId};
use crate::input::{self, said};
use crate::message;
use crate::quantity::{MassInput, MassUnit, RateInput};
use crate::sector;
use crate::source::{self, Citation, Cites, Figure, Provenance};

/// What a check reports of a sector.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct SectorResult {
    /// The code of the sector.
    #[graphql(skip)]
    pub sector: String,
    #[graphql(skip)]
    #[serde(skip)]
    pub(super) sector_id: SectorId,
    /// How much was to be reduced in it.
    pub goal_reduction: Figure,
    /// How much was reduced in it.
    pub actual_reduction: Figure,
    /// What was reduced, in percent of what was to be.
    pub achievement_rate: Figure,
    /// Where this comes from.
    pub provenance: Provenance,
}

impl SectorResult {
    pub(super) fn in_unit(mut self, unit: MassUnit) -> Self {
        for figure in [&mut self.goal_reduction, &mut self.actual_reduction] {
            *figure = figure.in_unit(unit);
        }
        self
    }
}

impl Cites for SectorResult {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        let Self { goal_reduction, actual_reduction, achievement_rate, provenance, .. } = self;
        let figures = [goal_reduction, actual_reduction, achievement_rate];
        figures.into_iter().map(|it| &mut it.provenance).chain([provenance]).collect()
    }
}

/// What a check reports of a sector, as a caller gives it: at least one figure.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SectorResultInput {
    /// The code of the sector.
    pub sector: String,
    /// How much was to be reduced in it.
    pub goal_reduction: Option<MassInput>,
    /// How much was reduced in it.
    pub actual_reduction: Option<MassInput>,
    /// What was reduced, in percent of what was to be.
    pub achievement_rate: Option<RateInput>,
    /// What this is taken from: up to two sources, the main one first.
    pub sources: Option<Vec<AnyId>>,
    /// What else should be known about it.
    pub note: Option<String>,
}

/// The results of these checks, in the order of sectors. Who calls has seen the checks.
pub(super) async fn of_checks(
    access: &Access,
    checks: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<SectorResult>>> {
    let checks = access.any_of(Column::CheckId, checks);
    let rows = Entity::find().filter(checks).all(&access.db().await?).await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let order = sector::list(access).await?;
    let mut placed: Vec<(usize, progress_sector::Model)> = rows
        .into_iter()
        .filter_map(|row| {
            let place = order.iter().position(|sector| sector.id.0 == row.sector_id)?;
            Some((place, row))
        })
        .collect();
    placed.sort_by_key(|(place, row)| (*place, row.id));
    let results = placed.into_iter().map(|(place, row)| {
        let provenance = Provenance::from(Citation {
            cited: [row.source_id, row.source2_id],
            confidence: row.confidence,
            note: row.note,
            ..Citation::default()
        });
        let result = SectorResult {
            sector: order[place].code.clone(),
            sector_id: order[place].id,
            goal_reduction: mass(row.goal_reduction, &provenance),
            actual_reduction: mass(row.actual_reduction, &provenance),
            achievement_rate: rate(row.achievement_rate, &provenance),
            provenance,
        };
        (row.check_id, result)
    });
    Ok(by_check(results))
}

/// The results that a caller gives, checked, as rows of no check yet; a fault stands at its place
/// in `sectors`.
pub(super) async fn checked(
    access: &Access,
    results: &[SectorResultInput],
) -> Result<Vec<progress_sector::Model>> {
    let mut rows: Vec<progress_sector::Model> = Vec::with_capacity(results.len());
    let mut seen = HashSet::new();
    for (n, result) in results.iter().enumerate() {
        let row = check(access, result).await;
        let row = row.and_then(|row| match seen.insert(row.sector_id) {
            true => Ok(row),
            false => Err(Error::invalid("sector", message::taken())),
        });
        rows.push(row.map_err(|error| error.at(&n.to_string()).at("sectors"))?);
    }
    Ok(rows)
}

async fn check(access: &Access, result: &SectorResultInput) -> Result<progress_sector::Model> {
    let sector = sector::get(access, &result.sector).await.map_err(|error| error.at("sector"))?;
    let sources = source::chosen(access, &said(result.sources.clone())).await?;
    let [source_id, source2_id] = sources.unwrap_or_default();
    let mut faults = Faults::default();
    let mass = |given: &Option<MassInput>| given.as_ref().map(|mass| Ok(mass.parse()?.0));
    let goal = faults.maybe("goalReduction", mass(&result.goal_reduction));
    let actual = faults.maybe("actualReduction", mass(&result.actual_reduction));
    let rate = result.achievement_rate.as_ref().map(|rate| Ok(rate.parse()?.0));
    let rate = faults.maybe("achievementRate", rate);
    let note = result.note.as_deref().map(|note| input::text(note, input::TEXT));
    let note = faults.maybe("note", note);
    let says = result.goal_reduction.is_some()
        || result.actual_reduction.is_some()
        || result.achievement_rate.is_some();
    faults.rule(says, "achievementRate", message::required());
    let row = progress_sector::Model {
        id: Uuid::now_v7(),
        check_id: Uuid::nil(),
        sector_id: sector.id.0,
        goal_reduction: goal.flatten(),
        actual_reduction: actual.flatten(),
        achievement_rate: rate.flatten(),
        source_id,
        source2_id,
        confidence: source_id.map(|_| Confidence::B),
        note: note.flatten(),
        revision: 0,
    };
    faults.into_result(row)
}

/// Puts the results of a check as they are to be.
pub(super) async fn write(
    change: &Change,
    check: Uuid,
    results: Vec<progress_sector::Model>,
) -> Result<Written> {
    let known = Entity::find().filter(Column::CheckId.eq(check)).all(&change.db().await?).await?;
    let mut written = Written::Unchanged;
    for row in &known {
        if results.iter().all(|result| result.sector_id != row.sector_id) {
            change.delete::<Entity>(row).await?;
            written = Written::Updated;
        }
    }
    let mut batch = change.batch::<Entity>();
    for mut row in results {
        let before = known.iter().find(|known| known.sector_id == row.sector_id);
        row.check_id = check;
        if let Some(before) = before {
            row.id = before.id;
            keep_citation(before, &mut row);
        }
        batch.put(before, row);
    }
    let moved = batch.write().await?.iter().any(|done| *done != Written::Unchanged);
    Ok(if moved { Written::Updated } else { written })
}

/// Said again without a source, a result keeps the one it has.
fn keep_citation(before: &progress_sector::Model, row: &mut progress_sector::Model) {
    let figures = |row: &progress_sector::Model| {
        (row.goal_reduction, row.actual_reduction, row.achievement_rate)
    };
    let says_nothing = row.source_id.is_none() && row.note.is_none();
    let cites_the_same = [row.source_id, row.source2_id] == [before.source_id, before.source2_id];
    if says_nothing && figures(before) == figures(row) {
        (row.source_id, row.source2_id) = (before.source_id, before.source2_id);
        (row.confidence, row.note) = (before.confidence, before.note.clone());
    } else if cites_the_same {
        row.confidence = before.confidence;
    }
}

/// Which figure of a sector a row of a data pack gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectorMetric {
    /// How much was to be reduced.
    Goal,
    /// How much was reduced.
    Actual,
    /// The one in percent of the other.
    Rate,
}

/// One figure of a sector as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedSectorResult {
    /// Of which check.
    pub check: Uuid,
    /// Of which sector.
    pub sector: Uuid,
    /// Which figure.
    pub metric: SectorMetric,
    /// The figure, as it is stored.
    pub value: i64,
    /// Where it comes from.
    pub citation: Citation,
}

/// Writes the sector results of a data pack; what happened to each row, in their order. Rows of
/// one check and sector make one result, which cites what the last of them cites.
pub async fn load_sectors(
    change: &Change,
    loaded: Vec<LoadedSectorResult>,
) -> Result<Vec<Written>> {
    let db = change.db().await?;
    let known = Entity::find().all(&db).await?;
    let known: HashMap<(Uuid, Uuid), progress_sector::Model> =
        known.into_iter().map(|row| ((row.check_id, row.sector_id), row)).collect();
    let mut keys = Vec::with_capacity(loaded.len());
    let mut rows: HashMap<(Uuid, Uuid), progress_sector::Model> = HashMap::new();
    for new in loaded {
        let key = (new.check, new.sector);
        let id = known.get(&key).map_or_else(Uuid::now_v7, |row| row.id);
        let row = rows.entry(key).or_insert_with(|| blank(id, key, change.revision()));
        new.fill(row);
        keys.push(key);
    }
    let mut batch = change.batch::<Entity>();
    let mut done: HashMap<(Uuid, Uuid), Written> = HashMap::new();
    for key in &keys {
        if let Some(row) = rows.remove(key) {
            done.insert(*key, batch.put(known.get(key), row));
        }
    }
    batch.write().await?;
    let moved = done.iter().filter(|(_, done)| **done != Written::Unchanged);
    let moved: HashSet<Uuid> = moved.map(|((check, _), _)| *check).collect();
    let moved = change.any_of(progress_check::Column::Id, moved);
    let checks = progress_check::Entity::find().filter(moved);
    let before_this = checks.filter(progress_check::Column::Revision.lt(change.revision()));
    for row in before_this.all(&db).await? {
        // Its results are a part of it.
        change.touch::<progress_check::Entity>(&row).await?;
    }
    Ok(keys.iter().map(|key| done.get(key).copied().unwrap_or(Written::Unchanged)).collect())
}

impl LoadedSectorResult {
    fn fill(self, row: &mut progress_sector::Model) {
        let column = match self.metric {
            SectorMetric::Goal => &mut row.goal_reduction,
            SectorMetric::Actual => &mut row.actual_reduction,
            SectorMetric::Rate => &mut row.achievement_rate,
        };
        *column = Some(self.value);
        [row.source_id, row.source2_id] = self.citation.cited;
        (row.confidence, row.note) = (self.citation.confidence, self.citation.note);
    }
}

fn blank(id: Uuid, (check_id, sector_id): (Uuid, Uuid), revision: i64) -> progress_sector::Model {
    progress_sector::Model {
        id,
        check_id,
        sector_id,
        goal_reduction: None,
        actual_reduction: None,
        achievement_rate: None,
        source_id: None,
        source2_id: None,
        confidence: None,
        note: None,
        revision,
    }
}
