use std::collections::HashMap;

use entity::code::{IssueState, Visibility};
use entity::issue::{self, Entity};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::IssueLevel;
use crate::date::PartialDate;
use crate::error::Result;
use crate::history::{Change, Written};
use crate::source::Citation;

/// An issue as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedIssue {
    /// Its stable name.
    pub external_id: String,
    /// Where the difficulty is.
    pub region: Uuid,
    /// The plan it is about.
    pub plan: Option<Uuid>,
    /// On which level it lies.
    pub level: Option<IssueLevel>,
    /// What kind of difficulty it is.
    pub category: String,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// When it was told.
    pub raised_on: Option<PartialDate>,
    /// What was advised.
    pub advice: Option<String>,
    /// Who told of it, and who advised.
    pub bodies: [Option<Uuid>; 2],
    /// Where this comes from.
    pub citation: Citation,
}

/// Writes the issues of a data pack; what happened to each, in their order.
pub async fn load(change: &Change, loaded: Vec<LoadedIssue>) -> Result<Vec<Written>> {
    let known = Entity::find().all(&change.db().await?).await?;
    let known: HashMap<&str, &issue::Model> =
        known.iter().filter_map(|row| Some((row.external_id.as_deref()?, row))).collect();
    let mut batch = change.batch::<Entity>();
    for new in loaded {
        let before = known.get(new.external_id.as_str()).copied();
        batch.put(before, row_of(new, before, change.revision()));
    }
    batch.write().await
}

fn row_of(new: LoadedIssue, before: Option<&issue::Model>, revision: i64) -> issue::Model {
    let [raised_by_id, advised_by_id] = new.bodies;
    let [source_id, source2_id] = new.citation.cited;
    issue::Model {
        id: before.map_or_else(Uuid::now_v7, |row| row.id),
        external_id: Some(new.external_id),
        region_id: new.region,
        plan_id: new.plan,
        measure_id: before.and_then(|row| row.measure_id),
        sector_id: before.and_then(|row| row.sector_id),
        level: new.level.map(Into::into),
        category: new.category,
        title: new.title,
        description: new.description,
        raised_on: new.raised_on.map(|date| date.text),
        raised_by_id,
        advice: new.advice,
        advised_by_id,
        // A pack is published. What became of an issue since, and who reads it, is not its to say.
        visibility: before.map_or(Visibility::Public, |row| row.visibility),
        state: before.map_or(IssueState::Open, |row| row.state),
        solution: before.and_then(|row| row.solution.clone()),
        solved_on: before.and_then(|row| row.solved_on.clone()),
        solved_by_id: before.and_then(|row| row.solved_by_id),
        solution_plan_id: before.and_then(|row| row.solution_plan_id),
        solution_measure_id: before.and_then(|row| row.solution_measure_id),
        merged_into_id: before.and_then(|row| row.merged_into_id),
        source_id,
        source2_id,
        confidence: new.citation.confidence,
        note: new.citation.note,
        revision,
    }
}
