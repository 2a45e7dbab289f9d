use std::collections::HashMap;

use entity::code;
use entity::emission::{self, Entity};
use uuid::Uuid;

use super::key::Key;
use super::{Gas, visible};
use crate::basis::Basis;
use crate::error::Result;
use crate::history::{Change, Written};
use crate::quantity::{Mass, Rate};
use crate::source::{Citation, FigureStatus};

/// A row of an inventory as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedEmission {
    /// Its stable name: what it is about, as the pack says it.
    pub external_id: String,
    /// Where.
    pub region: Uuid,
    /// In which year.
    pub year: Option<i32>,
    /// In which sector.
    pub sector: Option<Uuid>,
    /// What the source calls this part.
    pub label: Option<String>,
    /// Which gas, and what the source calls it where that says more.
    pub gas: (Gas, Option<String>),
    /// How much.
    pub value: Option<Mass>,
    /// Which part of the whole it is.
    pub share: Option<Rate>,
    /// What stands behind the numbers, or why there are none.
    pub status: FigureStatus,
    /// Why there are none.
    pub reason: Option<String>,
    /// What exactly it counts.
    pub basis: Basis,
    /// The same in the source's words.
    pub reported_scope: Option<String>,
    /// The year in which the series was published.
    pub vintage: Option<i32>,
    /// Where this comes from.
    pub citation: Citation,
}

/// Writes the inventory rows of a data pack; what happened to each, in their order.
pub async fn load(change: &Change, loaded: Vec<LoadedEmission>) -> Result<Vec<Written>> {
    let known = visible().all(&change.db().await?).await?;
    let named: HashMap<&str, &emission::Model> =
        known.iter().filter_map(|row| Some((row.external_id.as_deref()?, row))).collect();
    let alike: HashMap<Key, &emission::Model> =
        known.iter().map(|row| (Key::from(row), row)).collect();
    let mut batch = change.batch::<Entity>();
    for new in loaded {
        let mut row = row_of(new, change.revision());
        let name = row.external_id.as_deref().unwrap_or_default();
        // What somebody entered by hand and the pack now brings is one row.
        let unnamed = alike.get(&Key::from(&row)).filter(|row| row.external_id.is_none());
        let before = named.get(name).or(unnamed).copied();
        if let Some(before) = before {
            (row.id, row.approval) = (before.id, before.approval);
        }
        batch.put(before, row);
    }
    batch.write().await
}

fn row_of(new: LoadedEmission, revision: i64) -> emission::Model {
    let Citation { cited: [source_id, source2_id], confidence, derivation, note, approximate } =
        new.citation;
    let (gas, reported_gas) = new.gas;
    emission::Model {
        id: Uuid::now_v7(),
        external_id: Some(new.external_id),
        region_id: new.region,
        year: new.year,
        sector_id: new.sector,
        label: new.label,
        gas: gas.into(),
        reported_gas,
        value: new.value.map(|mass| mass.0),
        share: new.share.map(|rate| rate.0),
        status: new.status.into(),
        reason: new.reason,
        boundary: new.basis.boundary.into(),
        netting: new.basis.netting.into(),
        flow: new.basis.flow.into(),
        accounting: new.basis.accounting.into(),
        guideline: new.basis.guideline,
        gwp_set: new.basis.gwp_set,
        reported_scope: new.reported_scope,
        vintage: new.vintage,
        approximate,
        approval: code::Approval::None,
        source_id,
        source2_id,
        confidence,
        derivation,
        note,
        revision,
    }
}
