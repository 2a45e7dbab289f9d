//! A look at a database from outside, before anything runs on it.

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement, TransactionTrait,
};

use super::store::{Pool, StoreConfig, last_change, options};
use super::{Revision, twins};
use crate::access::Timestamp;
use crate::error::Result;

/// What a database says of itself.
#[derive(Debug)]
pub struct Inspection {
    /// The version of its server or library.
    pub version: String,
    /// Whether that is one the service runs on.
    pub is_supported: bool,
    /// The time by its own clock, where it has one.
    pub now: Option<Timestamp>,
    /// The migrations that have not run.
    pub pending: Vec<String>,
    /// The last change; none before the first migration.
    pub last: Option<(Revision, Timestamp)>,
    /// Why the past cannot be read, if so.
    pub past: std::result::Result<(), String>,
}

/// Looks at a database without writing anything.
pub async fn inspect(config: &StoreConfig) -> Result<Inspection> {
    let db = Database::connect(options(config, Pool::Live)).await?;
    let pending = Migrator::get_pending_migrations_read_only(&db).await?;
    let (version, is_supported, now) = about(&db).await?;
    let inspection = Inspection {
        version,
        is_supported,
        now,
        pending: pending.iter().map(|one| one.name().to_owned()).collect(),
        last: last_change(&db, None).await.ok(),
        past: past(config).await.map_err(|failure| failure.to_string()),
    };
    db.close().await?;
    Ok(inspection)
}

async fn about(db: &DatabaseConnection) -> Result<(String, bool, Option<Timestamp>)> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => {
            "SELECT current_setting('server_version') AS version, \
             current_setting('server_version_num')::bigint AS number, \
             (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS at"
        }
        _ => "SELECT sqlite_version() AS version, 0 AS number, 0 AS at",
    };
    let row = db.query_one_raw(Statement::from_string(backend, sql)).await?;
    let Some(row) = row else { return Ok((String::new(), false, None)) };
    let version: String = row.try_get("", "version")?;
    Ok(match backend {
        DbBackend::Postgres => {
            let (number, at): (i64, i64) = (row.try_get("", "number")?, row.try_get("", "at")?);
            (format!("PostgreSQL {version}"), number >= 150_000, Some(Timestamp(at)))
        }
        _ => (format!("SQLite {version}"), true, None),
    })
}

/// Whether each table can be read as it was.
async fn past(config: &StoreConfig) -> std::result::Result<(), DbErr> {
    let db = Database::connect(options(config, Pool::Past)).await?;
    let transaction = db.begin().await?;
    let backend = db.get_database_backend();
    let moment = match backend {
        DbBackend::Postgres => "SELECT set_config('dure.moment', '0', true)",
        _ => "UPDATE temp.moment SET n = 0",
    };
    transaction.execute_unprepared(moment).await?;
    for twin in twins::twins() {
        let (table, columns) = (twin.table, twin.columns.join(", "));
        let sql = format!("SELECT {columns} FROM {table} LIMIT 1");
        transaction.query_all_raw(Statement::from_string(backend, sql)).await?;
    }
    transaction.rollback().await?;
    db.close().await
}
