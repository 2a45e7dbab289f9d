use std::collections::{HashMap, HashSet};

use entity::code;
use entity::region::{self, Entity};
use entity::region_code;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{RegionKind, RegionLevel, visible};
use crate::date::{Day, PartialDate};
use crate::error::{Error, Result};
use crate::history::{Change, Written};
use crate::name::Name;
use crate::source::Citation;

/// A region as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedRegion {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Name,
    /// How high it stands.
    pub level: RegionLevel,
    /// What it is called.
    pub kind: RegionKind,
    /// The code of the region it belongs to.
    pub parent: Option<String>,
    /// A code it had before.
    pub former_code: Option<String>,
    /// Its code of ten digits.
    pub legal_dong_code: Option<String>,
    /// The group it is counted to.
    pub zone: Option<String>,
    /// Millionths of a degree, north and east.
    pub point: Option<(i64, i64)>,
    /// Since when it has been what it is.
    pub valid_from: Option<PartialDate>,
    /// Where this comes from.
    pub citation: Citation,
}

/// Writes the regions of a data pack, those above before those below; what happened to each, in
/// their order. A parent that is in neither pack nor database is `NOT_FOUND`.
pub async fn load(change: &Change, loaded: Vec<LoadedRegion>) -> Result<Vec<Written>> {
    let known = visible().all(&change.db().await?).await?;
    let mut keys: HashMap<String, Uuid> =
        known.iter().map(|row| (row.code.clone(), row.id)).collect();
    for new in &loaded {
        keys.entry(new.code.clone()).or_insert_with(Uuid::now_v7);
    }
    let mut batch = change.batch::<Entity>();
    for new in &loaded {
        let before = known.iter().find(|row| row.code == new.code);
        batch.put(before, row_of(new, before, &keys, change.revision())?);
    }
    let mut written = batch.write().await?;
    let codes = load_codes(change, &loaded, &keys).await?;
    for ((new, written), codes) in loaded.iter().zip(&mut written).zip(codes) {
        let before = known.iter().find(|row| row.code == new.code);
        if let (Some(before), Written::Unchanged, Written::Updated) = (before, *written, codes) {
            // Its codes are a part of it.
            change.touch::<Entity>(before).await?;
            *written = Written::Updated;
        }
    }
    Ok(written)
}

fn row_of(
    new: &LoadedRegion,
    before: Option<&region::Model>,
    keys: &HashMap<String, Uuid>,
    revision: i64,
) -> Result<region::Model> {
    let key = |code: &String| keys.get(code).copied().ok_or_else(|| Error::not_found("region"));
    let [source_id, source2_id] = new.citation.cited;
    Ok(region::Model {
        id: key(&new.code)?,
        code: new.code.clone(),
        name_ko: new.name.ko.clone(),
        name_en: new.name.en.clone(),
        level: new.level.into(),
        kind: new.kind.into(),
        parent_id: new.parent.as_ref().map(key).transpose()?,
        zone: new.zone.clone(),
        latitude: new.point.map(|(latitude, _)| latitude),
        longitude: new.point.map(|(_, longitude)| longitude),
        valid_from: new.valid_from.as_ref().map(|date| date.text.clone()),
        valid_to: before.and_then(|row| row.valid_to.clone()),
        source_id,
        source2_id,
        confidence: new.citation.confidence,
        note: new.citation.note.clone(),
        revision,
    })
}

/// A former code ends the day before its region's present form begins. A code that the pack no
/// longer gives a region leads there no more.
async fn load_codes(
    change: &Change,
    loaded: &[LoadedRegion],
    keys: &HashMap<String, Uuid>,
) -> Result<Vec<Written>> {
    let known = region_code::Entity::find().all(&change.db().await?).await?;
    let mut batch = change.batch::<region_code::Entity>();
    let mut of_region = Vec::new();
    for new in loaded {
        let region = keys.get(&new.code).copied().ok_or_else(|| Error::not_found("region"))?;
        let eve = new.valid_from.as_ref().and_then(|date| date.from.0.previous_day());
        let former = new.former_code.iter().map(|code| (code::CodeScheme::Former, code, eve));
        let legal =
            new.legal_dong_code.iter().map(|code| (code::CodeScheme::LegalDong, code, None));
        let given: Vec<_> = former.chain(legal).collect();
        let mut moved = Written::Unchanged;
        for (scheme, code, valid_to) in &given {
            let before = known
                .iter()
                .find(|row| row.region_id == region && row.scheme == *scheme && row.code == **code);
            let row = region_code::Model {
                id: before.map_or_else(Uuid::now_v7, |row| row.id),
                region_id: region,
                scheme: *scheme,
                code: (*code).clone(),
                valid_from: before.and_then(|row| row.valid_from.clone()),
                valid_to: valid_to.map(|day| Day(day).to_string()),
                revision: change.revision(),
            };
            if batch.put(before, row) != Written::Unchanged {
                moved = Written::Updated;
            }
        }
        for row in known.iter().filter(|row| row.region_id == region) {
            if !given.iter().any(|(scheme, code, _)| row.scheme == *scheme && row.code == **code) {
                change.delete::<region_code::Entity>(row).await?;
                moved = Written::Updated;
            }
        }
        of_region.push(moved);
    }
    batch.write().await?;
    Ok(of_region)
}

/// The codes that lie above themselves, where each lies below the other of its pair.
pub fn above_themselves(parents: &HashMap<String, String>) -> HashSet<String> {
    let own = |code: &&String| {
        let mut at = parents.get(*code);
        let mut steps = 0;
        while let Some(above) = at.filter(|_| steps <= parents.len()) {
            if above == *code {
                return true;
            }
            at = parents.get(above);
            steps += 1;
        }
        false
    };
    parents.keys().filter(own).cloned().collect()
}

/// The region above each, by code: as the database has it.
pub async fn parents(change: &Change) -> Result<HashMap<String, String>> {
    let rows = visible().all(&change.db().await?).await?;
    let codes: HashMap<Uuid, &String> = rows.iter().map(|row| (row.id, &row.code)).collect();
    let pair =
        |row: &region::Model| Some((row.code.clone(), (*codes.get(&row.parent_id?)?).clone()));
    Ok(rows.iter().filter_map(pair).collect())
}

/// The regions that exist, by code: what the other files of a data pack refer to.
pub async fn codes(change: &Change) -> Result<Vec<(String, Uuid)>> {
    let rows = visible().all(&change.db().await?).await?;
    Ok(rows.into_iter().map(|row| (row.code, row.id)).collect())
}
