//! What still refers to a thing that was to go.

use std::collections::{BTreeMap, HashSet};

use entity::plan;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement};
use uuid::Uuid;

use super::Reading;
use super::twins::{self, Place};
use crate::access::Access;
use crate::error::{Error, Result};
use crate::message;

/// The refusal of a change, which names what still refers to the thing that was to go: as much of it
/// as the caller sees.
pub(crate) async fn told(access: &Access, refused: Error) -> Error {
    let Some((table, id)) = refused.needed_row() else { return refused };
    match referring(access, table, id).await {
        Ok(things) => match message::in_use_by(&things) {
            Some(text) => refused.with_text(&text),
            None => refused,
        },
        Err(failure) => {
            // It is refused all the same.
            tracing::warn!(%failure, "what refers to a thing could not be told");
            refused
        }
    }
}

/// How many rows of each kind refer to a row, of those that the caller sees.
async fn referring(
    access: &Access,
    table: &str,
    id: Uuid,
) -> Result<BTreeMap<&'static str, usize>> {
    let db = access.db().await?;
    let mut things = BTreeMap::new();
    for (name, field) in references(&db, table).await? {
        if let Some((kind, places)) = twins::places_of(&db, &name, (&field, id)).await? {
            *things.entry(kind).or_default() += seen(access, &places).await?;
        }
    }
    things.retain(|_, count| *count > 0);
    Ok(things)
}

/// The tables and columns that refer to a table, as the database has them.
async fn references(db: &Reading, table: &str) -> Result<Vec<(String, String)>> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => {
            "SELECT c.conrelid::regclass::text AS name, a.attname::text AS field \
             FROM pg_constraint c JOIN pg_attribute a \
             ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
             WHERE c.contype = 'f' AND c.confrelid = $1::text::regclass"
        }
        _ => {
            "SELECT m.name AS name, f.\"from\" AS field \
             FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f \
             WHERE m.type = 'table' AND f.\"table\" = $1"
        }
    };
    let ask = Statement::from_sql_and_values(backend, sql, [table.into()]);
    let rows = db.query_all_raw(ask).await?;
    let pairs = rows.iter().map(|row| Ok((row.try_get("", "name")?, row.try_get("", "field")?)));
    pairs.collect()
}

/// How many of these the caller sees: what is everybody's, and what hangs on plans that they see.
/// What has readers of its own is not told of, nor are parts, which have no name.
async fn seen(access: &Access, places: &[Place]) -> Result<usize> {
    let open = places.iter().filter(|place| matches!(place, Place::Open(_))).count();
    let of_plan = |place: &Place| match place {
        Place::Plan(plan) | Place::Beside(plan) => Some(*plan),
        _ => None,
    };
    let plans: HashSet<Uuid> = places.iter().filter_map(of_plan).collect();
    if plans.is_empty() {
        return Ok(open);
    }
    let known = plan::Entity::find()
        .filter(access.sees(plan::Column::Id))
        .filter(access.any_of(plan::Column::Id, plans))
        .all(&access.db().await?)
        .await?;
    let known: HashSet<Uuid> = known.into_iter().map(|plan| plan.id).collect();
    Ok(open + places.iter().filter_map(of_plan).filter(|plan| known.contains(plan)).count())
}
