//! Sectors: how emissions, removals and measures are divided.
//!
//! Every plan divides a little differently and calls the parts its own names; the codes are what
//! makes them comparable. `TOTAL` is no sector among the others: it never joins a sum over them.

pub mod graphql;
pub mod rest;

use async_graphql::{Enum, MaybeUndefined, SimpleObject};
use entity::code;
use entity::sector::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Access;
use crate::error::{Error, Result};
use crate::history::{Change, Revision, Written};
use crate::id::SectorId;
use crate::name::Name;
use crate::source::{Citation, Cites, Provenance};

/// The code of the sector that stands for all of them.
pub const TOTAL: &str = "TOTAL";

/// What a sector does to the balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::SectorKind")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SectorKind {
    /// It emits, and is to emit less.
    Reduction,
    /// It removes.
    Sink,
    /// It supports the others and has no emissions of its own.
    Foundation,
    /// All of them together.
    Total,
}

/// Who governs what is emitted there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::Jurisdiction")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Jurisdiction {
    /// Local authorities (관리권한).
    Local,
    /// The nation, as with power plants and emissions trading.
    National,
    /// Both.
    Mixed,
}

/// A part of the balance.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sector {
    /// Its id.
    pub id: SectorId,
    /// Its code, as `BUILDING`. Codes are never renamed.
    pub code: String,
    /// Its name.
    #[graphql(flatten)]
    pub name: Name,
    /// What plans call it.
    pub aliases: Vec<String>,
    /// What it does to the balance.
    pub kind: SectorKind,
    /// Who governs it.
    pub jurisdiction: Jurisdiction,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it.
    pub revision: Revision,
}

impl Cites for Sector {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        vec![&mut self.provenance]
    }
}

/// All sectors, in their usual order.
pub async fn list(access: &Access) -> Result<Vec<Sector>> {
    let rows = visible().order_by_asc(Column::SortOrder).order_by_asc(Column::Code);
    rows.all(&access.db().await?).await?.into_iter().map(Sector::try_from).collect()
}

/// One sector, by code. `NOT_FOUND` where there is none.
pub async fn get(access: &Access, code: &str) -> Result<Sector> {
    let row = visible().filter(Column::Code.eq(code)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("sector")).and_then(Sector::try_from)
}

/// These sectors, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = SectorId>,
) -> Result<Vec<Sector>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible().filter(ids).all(&access.db().await?).await?;
    rows.into_iter().map(Sector::try_from).collect()
}

/// The sector that a caller gives for a thing, by code: null takes it away, and where nothing is
/// said there is nothing to write. Its faults stand at `sector`.
pub async fn chosen(
    access: &Access,
    wanted: &MaybeUndefined<String>,
) -> Result<Option<Option<SectorId>>> {
    match wanted {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => Ok(Some(None)),
        MaybeUndefined::Value(code) => {
            let sector = get(access, code).await.map_err(|error| error.at("sector"))?;
            Ok(Some(Some(sector.id)))
        }
    }
}

/// Sectors are everybody's.
fn visible() -> Select<Entity> {
    Entity::find()
}

impl TryFrom<sector::Model> for Sector {
    type Error = Error;

    fn try_from(row: sector::Model) -> Result<Self> {
        Ok(Self {
            id: SectorId(row.id),
            code: row.code,
            name: Name { ko: row.name_ko, en: row.name_en },
            aliases: serde_json::from_str(&row.aliases).map_err(Error::internal)?,
            kind: row.kind.into(),
            jurisdiction: row.jurisdiction.into(),
            provenance: Provenance::from(Citation {
                cited: [row.source_id, None],
                confidence: row.confidence,
                note: row.note,
                ..Citation::default()
            }),
            revision: Revision(row.revision),
        })
    }
}

/// A sector as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedSector {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Name,
    /// What plans call it.
    pub aliases: Vec<String>,
    /// What it does to the balance.
    pub kind: SectorKind,
    /// Who governs it.
    pub jurisdiction: Jurisdiction,
    /// Its place in the usual order.
    pub sort_order: i32,
    /// Where this comes from.
    pub citation: Citation,
}

/// Writes the sectors of a data pack; what happened to each, in their order.
pub async fn load(change: &Change, loaded: Vec<LoadedSector>) -> Result<Vec<Written>> {
    let known = visible().all(&change.db().await?).await?;
    let mut batch = change.batch::<Entity>();
    for new in loaded {
        let before = known.iter().find(|row| row.code == new.code);
        let row = sector::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            code: new.code,
            name_ko: new.name.ko,
            name_en: new.name.en,
            aliases: serde_json::to_string(&new.aliases).map_err(Error::internal)?,
            kind: new.kind.into(),
            jurisdiction: new.jurisdiction.into(),
            sort_order: new.sort_order,
            source_id: new.citation.cited[0],
            confidence: new.citation.confidence,
            note: new.citation.note,
            revision: change.revision(),
        };
        batch.put(before, row);
    }
    batch.write().await
}

/// The sectors that exist, by code: what the other files of a data pack refer to.
pub async fn codes(change: &Change) -> Result<Vec<(String, Uuid)>> {
    let rows = visible().all(&change.db().await?).await?;
    Ok(rows.into_iter().map(|row| (row.code, row.id)).collect())
}
