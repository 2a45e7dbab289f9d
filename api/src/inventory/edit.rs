use std::collections::HashMap;

use entity::emission::{self, Column, Entity};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::key::Key;
use super::rows::{Checked, EmissionInput, checked};
use super::{Emission, by_ids, visible};
use crate::access::{Access, Action};
use crate::error::{Error, Result};
use crate::history::{Change, Revision};
use crate::id::{EmissionId, RegionId};
use crate::region::{self, RegionBy};

/// Writes rows of a region's inventory, all or none; what they then are, in their order. For who
/// writes what is known of the region.
pub async fn record(
    access: &Access,
    region: &RegionBy,
    rows: &[EmissionInput],
) -> Result<Vec<Emission>> {
    let region = region::get(access, region).await.map_err(|error| error.at("region"))?.id;
    access.require(Action::EditFacts, region)?;
    let rows = checked(access, region, rows).await.map_err(|error| error.at("rows"))?;
    let ids = access
        .change("recordEmissions", async move |change| {
            write(change, region, rows).await.map_err(|error| match error.faults() {
                [] => error,
                _ => error.at("rows"),
            })
        })
        .await?;
    let found = by_ids(access, ids.iter().copied()).await?;
    let mut found: HashMap<EmissionId, Emission> =
        found.into_iter().map(|emission| (emission.id, emission)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

async fn write(change: &Change, region: RegionId, rows: Vec<Checked>) -> Result<Vec<EmissionId>> {
    let known = visible().filter(Column::RegionId.eq(region.0)).all(&change.db().await?).await?;
    let known: HashMap<Key, &emission::Model> =
        known.iter().map(|row| (Key::from(row), row)).collect();
    let (mut batch, mut ids) = (change.batch::<Entity>(), Vec::with_capacity(rows.len()));
    for (n, Checked { row, read }) in rows.into_iter().enumerate() {
        let before = known.get(&Key::from(&row)).copied();
        unmoved(read, before).map_err(|error| error.at(&n.to_string()))?;
        let row = in_place_of(before, row, change.revision());
        ids.push(EmissionId(row.id));
        batch.put(before, row);
    }
    batch.write().await?;
    Ok(ids)
}

/// The row that is overwritten is at the revision the caller read, if they say which.
fn unmoved(read: Option<Revision>, before: Option<&emission::Model>) -> Result<()> {
    match (read, before.map(|row| Revision(row.revision))) {
        (Some(_), None) => Err(Error::not_found("emission").at("revision")),
        (Some(read), Some(current)) if read != current => Err(Error::stale(current)),
        _ => Ok(()),
    }
}

/// The row, with what is not the caller's to write.
fn in_place_of(
    before: Option<&emission::Model>,
    row: emission::Model,
    revision: i64,
) -> emission::Model {
    let Some(before) = before else { return emission::Model { revision, ..row } };
    let (id, external_id): (Uuid, _) = (before.id, before.external_id.clone());
    emission::Model { id, external_id, approval: before.approval, revision, ..row }
}

/// Removes a row that is at this revision. For who writes what is known of its region.
pub async fn delete(access: &Access, id: EmissionId, revision: Revision) -> Result<EmissionId> {
    let row = visible().filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    let row = row.ok_or_else(|| Error::not_found("emission"))?;
    access.require(Action::EditFacts, RegionId(row.region_id))?;
    access
        .change("deleteEmission", async move |change| {
            let row = change.current(visible(), id.0, revision).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}
