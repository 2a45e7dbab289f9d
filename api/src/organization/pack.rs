use std::collections::HashMap;

use entity::organization::{self, Entity};
use uuid::Uuid;

use super::{OrganizationKind, visible};
use crate::error::{Error, Result};
use crate::history::{Change, Written};
use crate::name::Name;
use crate::source::Citation;

/// An organization as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedOrganization {
    /// Its stable name.
    pub external_id: String,
    /// Its name.
    pub name: Name,
    /// What kind of body it is.
    pub kind: OrganizationKind,
    /// Where it works.
    pub region: Option<Uuid>,
    /// The stable name of the organization it belongs to; it may come later in the pack.
    pub parent: Option<String>,
    /// What it does.
    pub role: Option<String>,
    /// Where this comes from.
    pub citation: Citation,
}

/// Writes the organizations of a data pack; what happened to each, in their order. A parent that
/// could not be read is told of where it stands, and nothing of such a pack stays.
pub async fn load(change: &Change, loaded: Vec<LoadedOrganization>) -> Result<Vec<Written>> {
    let known = visible().all(&change.db().await?).await?;
    let before: HashMap<&str, &organization::Model> =
        known.iter().filter_map(|row| Some((row.external_id.as_deref()?, row))).collect();
    let mut keys: HashMap<&str, Uuid> = before.iter().map(|(name, row)| (*name, row.id)).collect();
    for new in &loaded {
        keys.entry(&new.external_id).or_insert_with(Uuid::now_v7);
    }
    // Those above before those below, whatever their order in the pack.
    let mut order: Vec<usize> = (0..loaded.len()).collect();
    let depths = depths(&loaded);
    order.sort_by_key(|n| depths.get(*n));
    let mut batch = change.batch::<Entity>();
    for new in order.iter().filter_map(|n| loaded.get(*n)) {
        let before = before.get(new.external_id.as_str()).copied();
        batch.put(before, row_of(new, before, &keys, change.revision())?);
    }
    let mut written: Vec<_> = order.into_iter().zip(batch.write().await?).collect();
    written.sort_by_key(|(n, _)| *n);
    Ok(written.into_iter().map(|(_, written)| written).collect())
}

/// How many of the pack stand above each. None stands above itself: the reader of the pack saw to it.
fn depths(loaded: &[LoadedOrganization]) -> Vec<usize> {
    let parents: HashMap<&str, &str> = loaded
        .iter()
        .filter_map(|new| Some((new.external_id.as_str(), new.parent.as_deref()?)))
        .collect();
    let depth = |new: &LoadedOrganization| {
        let up = |at: &&str| parents.get(*at).copied();
        std::iter::successors(new.parent.as_deref(), up).take(loaded.len()).count()
    };
    loaded.iter().map(depth).collect()
}

fn row_of(
    new: &LoadedOrganization,
    before: Option<&organization::Model>,
    keys: &HashMap<&str, Uuid>,
    revision: i64,
) -> Result<organization::Model> {
    let key = |name: &str| keys.get(name).copied().ok_or_else(|| Error::not_found("organization"));
    Ok(organization::Model {
        id: key(&new.external_id)?,
        external_id: Some(new.external_id.clone()),
        kind: new.kind.into(),
        region_id: new.region,
        parent_id: new.parent.as_deref().and_then(|name| keys.get(name).copied()),
        name_ko: new.name.ko.clone(),
        name_en: new.name.en.clone(),
        role: new.role.clone(),
        valid_from: before.and_then(|row| row.valid_from.clone()),
        valid_to: before.and_then(|row| row.valid_to.clone()),
        source_id: new.citation.cited[0],
        confidence: new.citation.confidence,
        note: new.citation.note.clone(),
        revision,
    })
}

/// The keys of the organizations that data packs have named so far.
pub async fn external_ids(change: &Change) -> Result<Vec<(String, Uuid)>> {
    let rows = visible().all(&change.db().await?).await?;
    let named = rows.into_iter().filter_map(|row| Some((row.external_id?, row.id)));
    Ok(named.collect())
}
