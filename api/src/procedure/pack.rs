use std::collections::{HashMap, HashSet};

use entity::milestone::{self, Entity};
use entity::milestone_host;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{MilestoneKind, obligations};
use crate::date::PartialDate;
use crate::error::Result;
use crate::history::{Change, Written};
use crate::organization;
use crate::source::Citation;

/// A milestone as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedMilestone {
    /// Its stable name.
    pub external_id: String,
    /// Of which plan.
    pub plan: Uuid,
    /// Which step it is taken for.
    pub kind: MilestoneKind,
    /// What the pack calls it.
    pub reported_kind: String,
    /// When it is to be, was, and ended.
    pub dates: [Option<PartialDate>; 3],
    /// Where.
    pub place: Option<String>,
    /// Who held it, in order.
    pub hosts: Vec<Uuid>,
    /// How many took part.
    pub participants: Option<i32>,
    /// What it was about.
    pub summary: Option<String>,
    /// Where this comes from.
    pub citation: Citation,
}

/// Writes the milestones of a data pack; what happened to each, in their order.
pub async fn load(change: &Change, loaded: Vec<LoadedMilestone>) -> Result<Vec<Written>> {
    let known = Entity::find().all(&change.db().await?).await?;
    let known: HashMap<&str, &milestone::Model> =
        known.iter().filter_map(|row| Some((row.external_id.as_deref()?, row))).collect();
    let mut batch = change.batch::<Entity>();
    let mut rosters = Vec::with_capacity(loaded.len());
    let mut rows = Vec::with_capacity(loaded.len());
    let plans: HashSet<Uuid> = loaded.iter().map(|new| new.plan).collect();
    for mut new in loaded {
        let before = known.get(new.external_id.as_str()).copied();
        let hosts = std::mem::take(&mut new.hosts);
        let row = row_of(new, before, change.revision());
        rosters.push((row.id, hosts));
        batch.put(before, row);
        rows.push(before);
    }
    let mut written = batch.write().await?;
    let moved = organization::put::<milestone_host::Entity>(change, &rosters).await?;
    for (before, written) in rows.into_iter().zip(&mut written) {
        if let (Some(row), Written::Unchanged) = (before, *written)
            && moved.contains(&row.id)
        {
            // Who held it is a part of it.
            change.touch::<Entity>(row).await?;
            *written = Written::Updated;
        }
    }
    obligations::settle(change, plans).await?;
    Ok(written)
}

fn row_of(
    new: LoadedMilestone,
    before: Option<&milestone::Model>,
    revision: i64,
) -> milestone::Model {
    let [planned_on, held_on, ended_on] = new.dates.map(|date| date.map(|date| date.text));
    let [source_id, source2_id] = new.citation.cited;
    milestone::Model {
        id: before.map_or_else(Uuid::now_v7, |row| row.id),
        external_id: Some(new.external_id),
        plan_id: new.plan,
        kind: new.kind.into(),
        reported_kind: Some(new.reported_kind),
        planned_on,
        held_on,
        ended_on,
        place: new.place,
        participants: new.participants,
        summary: new.summary,
        pass: before.map_or(1, |row| row.pass),
        outcome: before.and_then(|row| row.outcome),
        exemption: before.and_then(|row| row.exemption.clone()),
        successor_id: before.and_then(|row| row.successor_id),
        source_id,
        source2_id,
        confidence: new.citation.confidence,
        note: new.citation.note,
        revision,
    }
}
