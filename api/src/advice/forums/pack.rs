use std::collections::HashMap;

use entity::forum::{self, Entity};
use entity::forum_host;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{parts, visible};
use crate::date::PartialDate;
use crate::error::Result;
use crate::history::{Change, Written};
use crate::organization;
use crate::source::Citation;

/// A forum as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedForum {
    /// Its stable name.
    pub external_id: String,
    /// Of which region it is.
    pub region: Option<Uuid>,
    /// The series it belongs to, and its number there.
    pub series: (Option<String>, Option<i32>),
    /// What it is called.
    pub title: String,
    /// When it was held.
    pub held_on: Option<PartialDate>,
    /// At what time it began.
    pub start_time: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// Who held it, in order.
    pub hosts: Vec<Uuid>,
    /// How many took part.
    pub participants: Option<i32>,
    /// Who took part, what was on the agenda, which issues were discussed, what came out of it.
    pub texts: [Option<String>; 4],
    /// Where this comes from.
    pub citation: Citation,
}

/// Writes the forums of a data pack; what happened to each, in their order.
pub async fn load(change: &Change, loaded: Vec<LoadedForum>) -> Result<Vec<Written>> {
    let known = Entity::find().all(&change.db().await?).await?;
    let known: HashMap<&str, &forum::Model> =
        known.iter().filter_map(|row| Some((row.external_id.as_deref()?, row))).collect();
    let mut batch = change.batch::<Entity>();
    let (mut rosters, mut outcomes, mut before_of) = (Vec::new(), Vec::new(), Vec::new());
    for mut new in loaded {
        let before = known.get(new.external_id.as_str()).copied();
        let hosts = std::mem::take(&mut new.hosts);
        let outcome = new.texts[3].take();
        let row = row_of(new, before, change.revision());
        rosters.push((row.id, hosts));
        outcomes.extend(outcome.map(|text| (row.id, text)));
        batch.put(before, row);
        before_of.push(before);
    }
    let mut written = batch.write().await?;
    let mut moved = organization::put::<forum_host::Entity>(change, &rosters).await?;
    moved.extend(parts::load_outcomes(change, outcomes).await?);
    for (before, written) in before_of.into_iter().zip(&mut written) {
        if let (Some(row), Written::Unchanged) = (before, *written)
            && moved.contains(&row.id)
        {
            // Who held it and what came out are parts of it.
            change.touch::<Entity>(row).await?;
            *written = Written::Updated;
        }
    }
    Ok(written)
}

/// The forums that data packs have brought, by their stable names.
pub async fn external_ids(change: &Change) -> Result<Vec<(String, Uuid)>> {
    let rows = visible().all(&change.db().await?).await?;
    let named = rows.into_iter().filter_map(|row| Some((row.external_id?, row.id)));
    Ok(named.collect())
}

fn row_of(new: LoadedForum, before: Option<&forum::Model>, revision: i64) -> forum::Model {
    let [attendees, agenda, issues, _] = new.texts;
    let [source_id, source2_id] = new.citation.cited;
    forum::Model {
        id: before.map_or_else(Uuid::now_v7, |row| row.id),
        external_id: Some(new.external_id),
        region_id: new.region,
        series: new.series.0,
        number_in_series: new.series.1,
        name: new.title,
        held_on: new.held_on.map(|date| date.text),
        ended_on: before.and_then(|row| row.ended_on.clone()),
        start_time: new.start_time,
        place: new.place,
        participants: new.participants,
        attendees,
        agenda,
        issues,
        source_id,
        source2_id,
        confidence: new.citation.confidence,
        note: new.citation.note,
        revision,
    }
}
