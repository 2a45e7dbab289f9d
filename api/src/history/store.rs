//! The database: a pool for the present, one for the past, one writer.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use entity::change;
use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::Executor;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, EntityTrait, ExecResult, QueryResult, Statement, TransactionTrait,
};
use tokio::sync::watch;

use super::queue::Queue;
use super::{Meters, Moment, Revision, twins};
use crate::access::{Clock, Timestamp};
use crate::error::{Code, Error, Result};
use crate::message;

/// Where the data are, and how many may read at once.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// Connections of the pool for the present; the past has half as many.
    pub connections: u32,
}

/// The database of one running service.
#[derive(Debug)]
pub struct Store {
    live: DatabaseConnection,
    past: DatabaseConnection,
    queue: Queue,
    clock: Clock,
    committed: watch::Receiver<Revision>,
    statements: Arc<AtomicU64>,
    meters: Meters,
}

impl Store {
    /// Opens a migrated database and starts its writer.
    pub async fn open(config: &StoreConfig, clock: Clock) -> Result<Self> {
        let live = Database::connect(options(config, Pool::Live)).await?;
        let past = Database::connect(options(config, Pool::Past)).await?;
        let (tell, committed) = watch::channel(Revision(0));
        let statements = Arc::new(AtomicU64::new(0));
        let writer = options(config, Pool::Writer);
        let meters = Meters::default();
        let counts = (statements.clone(), meters.clone());
        let queue = Queue::start(writer, clock.clone(), tell, counts).await?;
        Ok(Self { live, past, queue, clock, committed, statements, meters })
    }

    /// Which database it is.
    pub fn backend(&self) -> DbBackend {
        self.live.get_database_backend()
    }

    /// Told at each commit of this process: the revision it made.
    pub fn committed(&self) -> watch::Receiver<Revision> {
        self.committed.clone()
    }

    /// How many statements operations have sent so far.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// What its writer counts.
    pub fn meters(&self) -> &Meters {
        &self.meters
    }

    /// Whether the last group of changes found its database.
    pub fn is_well(&self) -> bool {
        self.queue.is_well()
    }

    /// How many connections each pool has open, and how many of them nobody uses.
    pub fn pools(&self) -> [(&'static str, [i64; 2]); 2] {
        let of = |db: &DatabaseConnection| {
            let (size, idle) = match self.backend() {
                DbBackend::Postgres => {
                    let pool = db.get_postgres_connection_pool();
                    (pool.size(), pool.num_idle())
                }
                _ => {
                    let pool = db.get_sqlite_connection_pool();
                    (pool.size(), pool.num_idle())
                }
            };
            [i64::from(size), i64::try_from(idle).unwrap_or(i64::MAX)]
        };
        [("live", of(&self.live)), ("past", of(&self.past))]
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn queue(&self) -> &Queue {
        &self.queue
    }

    /// The present without a snapshot, for `identity` and health alone.
    pub(crate) fn live(&self) -> &DatabaseConnection {
        &self.live
    }

    /// Whether the database answers, has every migration, and can be written.
    pub async fn is_ready(&self) -> Result<bool> {
        Ok(self.queue.is_well()
            && Migrator::get_pending_migrations_read_only(&self.live).await?.is_empty())
    }

    /// Begins a snapshot at a moment. `INVALID` for a moment yet to come.
    pub(crate) async fn begin(&self, moment: Moment) -> Result<Reading> {
        if moment == Moment::Latest {
            let transaction = begun(&self.live).await?;
            let (revision, at) = last_change(&transaction, None).await?;
            return Ok(self.reading(transaction, revision, at));
        }
        let asked = self.revision_of(moment).await?;
        let transaction = begun(&self.past).await.map_err(|failure| past_unavailable(&failure))?;
        let (sql, moment) = match self.backend() {
            DbBackend::Postgres => {
                ("SELECT set_config('dure.moment', $1, true)", asked.to_string().into())
            }
            _ => ("UPDATE temp.moment SET n = $1", asked.0.into()),
        };
        let set = Statement::from_sql_and_values(self.backend(), sql, [moment]);
        transaction.execute_raw(set).await.map_err(|failure| past_unavailable(&failure))?;
        // The view of the log is made last: where it is, the others are.
        let last = last_change(&transaction, Some(asked)).await;
        let (_, at) = last.map_err(|failure| past_unavailable(&failure))?;
        Ok(self.reading(transaction, asked, at))
    }

    fn reading(
        &self,
        transaction: DatabaseTransaction,
        revision: Revision,
        at: Timestamp,
    ) -> Reading {
        let statements = self.statements.clone();
        Reading(Arc::new(Snapshot { transaction, revision, at, statements }))
    }

    async fn revision_of(&self, moment: Moment) -> Result<Revision> {
        let (latest, _) = last_change(&self.live, None).await?;
        let asked = match moment {
            Moment::Latest => Some(latest),
            Moment::Revision(revision) => Some(revision),
            Moment::Time(time) if time > self.clock.now() => None,
            Moment::Time(time) => Some(self.revision_at(time).await?),
        };
        let not_yet = || Error::invalid("asOf", message::future_moment(latest.0));
        asked.filter(|asked| *asked <= latest).ok_or_else(not_yet)
    }

    async fn revision_at(&self, time: Timestamp) -> Result<Revision> {
        let sql = "SELECT max(seq) AS seq FROM change WHERE at <= $1";
        let ask = Statement::from_sql_and_values(self.backend(), sql, [time.0.into()]);
        let row = self.live.query_one_raw(ask).await?;
        let seq: Option<i64> = row.map(|row| row.try_get("", "seq")).transpose()?.flatten();
        Ok(Revision(seq.unwrap_or(0)))
    }

    /// Lets what waits finish, then closes.
    pub async fn close(&self) {
        self.queue.close().await;
        for pool in [&self.live, &self.past] {
            if let Err(failure) = pool.close_by_ref().await {
                tracing::warn!(%failure, "a pool did not close cleanly");
            }
        }
    }
}

/// Brings the tables up to date, and the views of the past with them.
pub async fn migrate(config: &StoreConfig) -> Result<()> {
    let db = connect_to_migrate(config).await?;
    twins::drop_views(&db).await?;
    Migrator::up(&db, None).await?;
    twins::create_views(&db).await?;
    Ok(db.close().await?)
}

/// What a database holds before anybody has touched it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Nothing.
    Nothing,
    /// A database of ours; the action of its first change, if there was one.
    Ours(Option<String>),
    /// Tables of somebody else's.
    Others,
}

/// What a database holds, without changing it.
pub async fn holding(config: &StoreConfig) -> Result<Holding> {
    if sqlite_file(&config.url).is_some_and(|file| !file.exists()) {
        return Ok(Holding::Nothing);
    }
    let db = Database::connect(options(config, Pool::Look)).await?;
    let held = tables(&db).await;
    let held = match held {
        Ok(held) if held.iter().any(|table| table == "change") => {
            let first = change::Entity::find_by_id(1).one(&db).await?;
            Ok(Holding::Ours(first.map(|change| change.action)))
        }
        Ok(held) if held.is_empty() => Ok(Holding::Nothing),
        Ok(_) => Ok(Holding::Others),
        Err(failure) => Err(failure),
    };
    db.close().await?;
    held
}

async fn tables(db: &DatabaseConnection) -> Result<Vec<String>> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT table_name::text AS name FROM information_schema.tables \
             WHERE table_schema = 'public'"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| row.try_get("", "name").map_err(Error::from)).collect()
}

/// Takes back the newest migrations.
pub async fn migrate_down(config: &StoreConfig, steps: u32) -> Result<()> {
    let db = connect_to_migrate(config).await?;
    twins::drop_views(&db).await?;
    Migrator::down(&db, Some(steps)).await?;
    if Migrator::get_pending_migrations(&db).await?.is_empty() {
        twins::create_views(&db).await?;
    }
    Ok(db.close().await?)
}

/// Each migration by name, and whether it has run.
pub async fn migrations(config: &StoreConfig) -> Result<Vec<(String, bool)>> {
    let db = connect_to_migrate(config).await?;
    let all = Migrator::get_migration_with_status_read_only(&db).await?;
    let applied = |status| status == migration::MigrationStatus::Applied;
    let all = all.iter().map(|one| (one.name().to_owned(), applied(one.status())));
    let all = all.collect();
    db.close().await?;
    Ok(all)
}

async fn connect_to_migrate(config: &StoreConfig) -> Result<DatabaseConnection> {
    if let Some(folder) = sqlite_file(&config.url).as_deref().and_then(Path::parent) {
        std::fs::create_dir_all(folder).map_err(Error::internal)?;
    }
    Ok(Database::connect(options(config, Pool::Writer)).await?)
}

/// The file of a SQLite database, where the URL names one.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pool {
    Live,
    Past,
    Writer,
    /// One connection that leaves the file as it is.
    Look,
}

pub(super) fn options(config: &StoreConfig, pool: Pool) -> ConnectOptions {
    let mut options = ConnectOptions::new(config.url.clone());
    options
        .max_connections(match pool {
            Pool::Live => config.connections,
            Pool::Past => (config.connections / 2).max(2),
            Pool::Writer | Pool::Look => 1,
        })
        .min_connections(u32::from(pool == Pool::Live))
        .acquire_timeout(Duration::from_secs(5))
        .connect_lazy(pool == Pool::Past)
        // A ping at every acquire costs a fifth of all requests.
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            if pool == Pool::Look {
                return sqlite.read_only(true);
            }
            sqlite
                .create_if_missing(pool == Pool::Writer)
                .read_only(pool != Pool::Writer)
                .journal_mode(SqliteJournalMode::Wal)
                // With the queue as fast as NORMAL, and an answer given is on the disk.
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(5))
                .statement_cache_capacity(500)
        })
        .map_sqlx_postgres_opts(move |postgres| {
            let postgres = postgres.application_name("dure").statement_cache_capacity(500);
            match pool {
                Pool::Writer => postgres,
                Pool::Live | Pool::Look => postgres.options(SNAPSHOTS),
                Pool::Past => postgres.options(SNAPSHOTS).options([("search_path", "past")]),
            }
        });
    if pool == Pool::Past {
        options.map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_connect(|connection, _| {
                Box::pin(async move {
                    for view in twins::sqlite_views() {
                        connection.execute(sea_orm::sqlx::AssertSqlSafe(view)).await?;
                    }
                    Ok(())
                })
            })
        });
    }
    options
}

/// A transaction of a reading session is a snapshot, and writes nothing.
const SNAPSHOTS: [(&str, &str); 2] =
    [("default_transaction_isolation", "repeatable read"), ("default_transaction_read_only", "on")];

/// The last change, at or before a revision, and when it was.
pub(super) async fn last_change<C: ConnectionTrait>(
    db: &C,
    upto: Option<Revision>,
) -> Result<(Revision, Timestamp)> {
    let sql = "SELECT seq, at FROM change WHERE seq <= $1 ORDER BY seq DESC LIMIT 1";
    let upto = upto.unwrap_or(Revision::MAX).0.into();
    let ask = Statement::from_sql_and_values(db.get_database_backend(), sql, [upto]);
    match db.query_one_raw(ask).await? {
        Some(row) => Ok((Revision(row.try_get("", "seq")?), Timestamp(row.try_get("", "at")?))),
        None => Ok((Revision(0), Timestamp(0))),
    }
}

/// Begins a transaction, in a task of its own: whoever waits may leave, as a request does whose body
/// is refused or whose caller has hung up, but what was asked of the database is seen through. Left
/// halfway, PostgreSQL has a transaction open of which the pool knows nothing, and who is given that
/// connection next reads a past as the present.
async fn begun(db: &DatabaseConnection) -> std::result::Result<DatabaseTransaction, DbErr> {
    let db = db.clone();
    let begun = tokio::spawn(async move { db.begin().await }).await;
    begun.unwrap_or_else(|ended| Err(DbErr::Custom(ended.to_string())))
}

fn past_unavailable(failure: &dyn std::error::Error) -> Error {
    tracing::warn!(failure = %failure, "the past cannot be read");
    Error::new(Code::Unavailable, message::past_unavailable())
}

/// One state of the world: a transaction, and the revision it shows. Clones share it.
#[derive(Clone, Debug)]
pub struct Reading(pub(super) Arc<Snapshot>);

#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) transaction: DatabaseTransaction,
    pub(super) revision: Revision,
    pub(super) at: Timestamp,
    pub(super) statements: Arc<AtomicU64>,
}

impl Reading {
    /// The revision it shows.
    pub fn revision(&self) -> Revision {
        self.0.revision
    }

    /// When that revision was made.
    pub fn at(&self) -> Timestamp {
        self.0.at
    }

    /// Gives the connection back, unless somebody still reads. A past moment ends with its
    /// transaction: rolled back, so that SQLite's TEMP table forgets it too.
    pub(crate) async fn end(self) {
        let Ok(snapshot) = Arc::try_unwrap(self.0) else { return };
        if let Err(failure) = snapshot.transaction.rollback().await {
            tracing::debug!(%failure, "a snapshot did not end cleanly");
        }
    }

    /// The transaction itself, if nobody else holds it.
    pub(crate) fn into_transaction(self) -> Option<DatabaseTransaction> {
        Arc::into_inner(self.0).map(|snapshot| snapshot.transaction)
    }

    fn counted(&self) -> &DatabaseTransaction {
        self.0.statements.fetch_add(1, Ordering::Relaxed);
        &self.0.transaction
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Reading {
    fn get_database_backend(&self) -> DbBackend {
        self.0.transaction.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> std::result::Result<ExecResult, DbErr> {
        self.counted().execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> std::result::Result<ExecResult, DbErr> {
        self.counted().execute_unprepared(sql).await
    }

    async fn query_one_raw(
        &self,
        statement: Statement,
    ) -> std::result::Result<Option<QueryResult>, DbErr> {
        self.counted().query_one_raw(statement).await
    }

    async fn query_all_raw(
        &self,
        statement: Statement,
    ) -> std::result::Result<Vec<QueryResult>, DbErr> {
        self.counted().query_all_raw(statement).await
    }
}

/// A mutex that a panic elsewhere does not close.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
