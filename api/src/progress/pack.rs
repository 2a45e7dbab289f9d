use std::collections::HashMap;

use entity::progress_check::{self, Entity};
use entity::progress_reviewer;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::CheckKind;
use crate::date::PartialDate;
use crate::error::Result;
use crate::history::{Change, Written};
use crate::organization;
use crate::quantity::{Mass, Rate};
use crate::source::Citation;

/// What a data pack counts in a check.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadedCounts {
    /// All measures, those assessed, achieved, on track, and all others.
    pub measures: [Option<i32>; 5],
    /// Those achieved or on track, in percent.
    pub good_share: Option<Rate>,
    /// How much was to be reduced, and was.
    pub reductions: [Option<Mass>; 2],
    /// The one in percent of the other.
    pub achievement_rate: Option<Rate>,
}

/// A progress check as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedCheck {
    /// Its stable name.
    pub external_id: String,
    /// Whose year it is.
    pub region: Uuid,
    /// The plan it is about.
    pub plan: Option<Uuid>,
    /// The year it looks at.
    pub year: i32,
    /// What it looks at.
    pub kind: CheckKind,
    /// When it was done.
    pub reviewed_on: Option<PartialDate>,
    /// Who did it, in order.
    pub reviewers: Vec<Uuid>,
    /// What is counted.
    pub counts: LoadedCounts,
    /// The grade that was given.
    pub grade: Option<String>,
    /// What was found.
    pub summary: Option<String>,
    /// Where this comes from.
    pub citation: Citation,
}

/// Writes the checks of a data pack; what happened to each, in their order.
pub async fn load(change: &Change, loaded: Vec<LoadedCheck>) -> Result<Vec<Written>> {
    let known = Entity::find().all(&change.db().await?).await?;
    let known: HashMap<&str, &progress_check::Model> =
        known.iter().filter_map(|row| Some((row.external_id.as_deref()?, row))).collect();
    let mut batch = change.batch::<Entity>();
    let (mut rosters, mut before_of) = (Vec::new(), Vec::new());
    for mut new in loaded {
        let before = known.get(new.external_id.as_str()).copied();
        let reviewers = std::mem::take(&mut new.reviewers);
        let row = row_of(new, before, change.revision());
        rosters.push((row.id, reviewers));
        batch.put(before, row);
        before_of.push(before);
    }
    let mut written = batch.write().await?;
    let moved = organization::put::<progress_reviewer::Entity>(change, &rosters).await?;
    for (before, written) in before_of.into_iter().zip(&mut written) {
        if let (Some(row), Written::Unchanged) = (before, *written)
            && moved.contains(&row.id)
        {
            // Who did it is a part of it.
            change.touch::<Entity>(row).await?;
            *written = Written::Updated;
        }
    }
    Ok(written)
}

/// The checks that data packs have brought, by their stable names.
pub async fn external_ids(change: &Change) -> Result<Vec<(String, Uuid)>> {
    let rows = Entity::find().all(&change.db().await?).await?;
    let named = rows.into_iter().filter_map(|row| Some((row.external_id?, row.id)));
    Ok(named.collect())
}

fn row_of(
    new: LoadedCheck,
    before: Option<&progress_check::Model>,
    revision: i64,
) -> progress_check::Model {
    let [total, assessed, achieved, on_track, other] = new.counts.measures;
    let [goal, actual] = new.counts.reductions.map(|mass| mass.map(|mass| mass.0));
    let [source_id, source2_id] = new.citation.cited;
    progress_check::Model {
        id: before.map_or_else(Uuid::now_v7, |row| row.id),
        external_id: Some(new.external_id),
        region_id: new.region,
        plan_id: new.plan,
        year: new.year,
        kind: new.kind.into(),
        // How far it has come is for its steps to say.
        state: before.and_then(|row| row.state),
        reviewed_on: new.reviewed_on.map(|date| date.text),
        measures_total: total,
        measures_assessed: assessed,
        measures_achieved: achieved,
        measures_on_track: on_track,
        measures_other: other,
        good_share: new.counts.good_share.map(|rate| rate.0),
        goal_reduction: goal,
        actual_reduction: actual,
        achievement_rate: new.counts.achievement_rate.map(|rate| rate.0),
        grade: new.grade,
        summary: new.summary,
        source_id,
        source2_id,
        confidence: new.citation.confidence,
        note: new.citation.note,
        revision,
    }
}
