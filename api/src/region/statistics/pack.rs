use std::collections::HashMap;

use entity::region_statistic::{self, Entity};
use uuid::Uuid;

use super::visible;
use crate::error::Result;
use crate::history::{Change, Written};
use crate::source::Citation;

/// A figure as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedStatistic {
    /// Where.
    pub region: Uuid,
    /// The code of what is counted.
    pub stat: String,
    /// What that is called.
    pub name: String,
    /// When.
    pub period: Option<String>,
    /// The number, an integer of 10^-decimals, and the decimals.
    pub number: (i64, i32),
    /// What it counts.
    pub unit: String,
    /// Where this comes from.
    pub citation: Citation,
}

/// Writes the figures of a data pack; what happened to each, in their order.
pub async fn load(change: &Change, loaded: Vec<LoadedStatistic>) -> Result<Vec<Written>> {
    let known = visible().all(&change.db().await?).await?;
    let known: HashMap<(Uuid, &str, Option<&str>), &region_statistic::Model> = known
        .iter()
        .map(|row| ((row.region_id, row.stat.as_str(), row.period.as_deref()), row))
        .collect();
    let mut batch = change.batch::<Entity>();
    for new in loaded {
        let key = (new.region, new.stat.as_str(), new.period.as_deref());
        let before = known.get(&key).copied();
        let [source_id, source2_id] = new.citation.cited;
        let row = region_statistic::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            region_id: new.region,
            stat: new.stat,
            name_ko: new.name,
            period: new.period,
            value: new.number.0,
            decimals: new.number.1,
            unit: new.unit,
            approximate: new.citation.approximate,
            source_id,
            source2_id,
            confidence: new.citation.confidence,
            note: new.citation.note,
            revision: change.revision(),
        };
        batch.put(before, row);
    }
    batch.write().await
}
