//! One writer: what waits goes into one transaction, each change in a savepoint of its own.
//!
//! Why a queue, and why the lock is a statement of its own: `docs/decisions/0003`.

use std::any::Any;
use std::collections::VecDeque;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use entity::{change, change_item};
use futures_util::FutureExt;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, EntityTrait, IntoActiveModel, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{mpsc, oneshot, watch};

use super::change::Ended;
use super::store::{Reading, Snapshot, last_change, locked};
use super::{Change, Meters, Revision};
use crate::access::{Access, Clock, Timestamp};
use crate::error::{Code, Error, Result};
use crate::message;

/// More than this in one transaction, and its savepoints leave PostgreSQL's fast path (64).
const GROUP: usize = 60;
/// More than this waiting, and a newcomer is better told to come back.
const WAITING: usize = 1_000;
/// How long one change may hold up the others.
pub(crate) const DEADLINE: Duration = Duration::from_secs(5);
/// How long a group may wait for other instances.
const PATIENCE: Duration = Duration::from_secs(30);
/// Any number, as long as every instance takes the same.
const LOCK: i64 = 0x6475_7265;
/// Rows of the log in one statement: below the bind limit of either database.
const LOG_ROWS: usize = 1_000;

pub(crate) type Done = Result<(Box<dyn Any + Send>, Revision)>;
type Pending<'c> = Pin<Box<dyn Future<Output = Result<Box<dyn Any + Send>>> + 'c>>;
pub(crate) type Work = Box<dyn for<'c> FnOnce(&'c Change) -> Pending<'c> + Send>;

/// A change that waits for its turn.
pub(crate) struct Job {
    pub access: Access,
    pub action: &'static str,
    pub deadline: Duration,
    pub work: Work,
    pub done: oneshot::Sender<Done>,
}

impl Job {
    /// Whether it may take longer than others: it shares its transaction with none of them.
    fn is_long(&self) -> bool {
        self.deadline > DEADLINE
    }
}

/// The way to the writer.
#[derive(Debug)]
pub(crate) struct Queue {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    worker: Mutex<Option<JoinHandle<()>>>,
    well: Arc<AtomicBool>,
    meters: Meters,
}

impl Queue {
    /// Starts the writer on a thread, runtime and connection of its own: so what a change does
    /// need not be `Send`, only the way to begin it.
    pub async fn start(
        options: ConnectOptions,
        clock: Clock,
        tell: watch::Sender<Revision>,
        (statements, meters): (Arc<AtomicU64>, Meters),
    ) -> Result<Self> {
        let counted = meters.clone();
        let (jobs, waiting) = mpsc::channel(WAITING);
        let (started, connected) = oneshot::channel();
        let well = Arc::new(AtomicBool::new(true));
        let wellness = well.clone();
        let worker = std::thread::Builder::new().name("dure-writer".to_owned()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            match runtime {
                Ok(runtime) => runtime.block_on(async {
                    match Database::connect(options.clone()).await {
                        Ok(db) => {
                            let (db, well) = (Some(db), wellness);
                            let mut writer =
                                Writer { options, db, well, clock, tell, statements, meters };
                            writer.announce().await;
                            let _ = started.send(Ok(()));
                            writer.run(waiting).await;
                        }
                        Err(failure) => drop(started.send(Err(failure.into()))),
                    }
                }),
                Err(failure) => drop(started.send(Err(Error::internal(failure)))),
            }
        });
        connected.await.map_err(Error::internal)??;
        let worker = worker.map_err(Error::internal)?;
        Ok(Self {
            jobs: Mutex::new(Some(jobs)),
            worker: Mutex::new(Some(worker)),
            well,
            meters: counted,
        })
    }

    /// Whether the last group of changes found its database.
    pub fn is_well(&self) -> bool {
        self.well.load(Ordering::Relaxed)
    }

    /// Puts a change in line. `UNAVAILABLE` when the line is too long or the service is closing.
    pub fn push(&self, job: Job) -> Result<()> {
        let jobs = locked(&self.jobs);
        let sent = jobs.as_ref().map(|jobs| jobs.try_send(job).is_ok());
        if sent != Some(true) {
            return Err(unavailable());
        }
        self.meters.waiting.inc();
        Ok(())
    }

    /// Lets what waits finish and ends the writer.
    pub async fn close(&self) {
        drop(locked(&self.jobs).take());
        let worker = locked(&self.worker).take();
        let joined = tokio::task::spawn_blocking(move || worker.map(JoinHandle::join)).await;
        if let Ok(Some(Err(_))) | Err(_) = joined {
            tracing::error!("the writer ended in a panic");
        }
    }
}

fn unavailable() -> Error {
    Error::new(Code::Unavailable, message::unavailable())
}

struct Writer {
    options: ConnectOptions,
    /// None after its connection broke, until the next group begins.
    db: Option<DatabaseConnection>,
    well: Arc<AtomicBool>,
    clock: Clock,
    tell: watch::Sender<Revision>,
    statements: Arc<AtomicU64>,
    meters: Meters,
}

/// What a change leaves for the log.
struct Entry {
    change: change::Model,
    items: Vec<change_item::Model>,
}

/// Who waits, and what they are told once the group is committed.
type Answer = (oneshot::Sender<Done>, Done);

/// The transaction itself cannot be relied on any more: nothing of its group holds.
type Broken = Box<dyn std::error::Error + Send + Sync>;

impl Writer {
    /// Tells those who watch where the log stands at the start.
    async fn announce(&self) {
        let Some(db) = &self.db else { return };
        // An unmigrated database has no log yet; whoever opened it will be told elsewhere.
        if let Ok((last, _)) = last_change(db, None).await {
            self.tell.send_replace(last);
        }
    }

    async fn run(&mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut waiting = VecDeque::with_capacity(GROUP);
        let mut arrived = Vec::with_capacity(GROUP);
        while jobs.recv_many(&mut arrived, GROUP).await > 0 {
            waiting.extend(arrived.drain(..));
            while let Some(first) = waiting.pop_front() {
                let mut group = vec![first];
                while !group[0].is_long() && waiting.front().is_some_and(|job| !job.is_long()) {
                    group.extend(waiting.pop_front());
                }
                self.serve(group).await;
            }
        }
        self.hang_up().await;
    }

    /// One group, from its turn to its answers.
    async fn serve(&mut self, mut group: Vec<Job>) {
        self.meters.waiting.dec_by(i64::try_from(group.len()).unwrap_or_default());
        // Who left before their turn came gets no change.
        group.retain(|job| !job.done.is_closed());
        let mut answers = Vec::with_capacity(group.len());
        let committed = self.group(&mut group, &mut answers).await;
        self.well.store(committed.is_ok(), Ordering::Relaxed);
        if let Err(broken) = &committed {
            tracing::error!(%broken, "a group of changes was not committed");
            // What state the connection is in, nobody knows.
            self.hang_up().await;
            answers.extend(group.into_iter().map(|job| (job.done, Err(unavailable()))));
        }
        for (done, answer) in answers {
            let answer = if committed.is_ok() { answer } else { Err(unavailable()) };
            // Nobody waits for an answer whose caller has left.
            let _ = done.send(answer);
        }
        if let Ok(last) = committed {
            self.tell.send_if_modified(|told| last > std::mem::replace(told, last));
        }
    }

    async fn hang_up(&mut self) {
        if let Some(db) = self.db.take()
            && let Err(failure) = db.close().await
        {
            tracing::warn!(%failure, "the writer's connection did not close cleanly");
        }
    }

    /// One transaction for all that waits. An error here is the whole group's.
    async fn group(
        &mut self,
        jobs: &mut Vec<Job>,
        answers: &mut Vec<Answer>,
    ) -> std::result::Result<Revision, Broken> {
        let longest = jobs.iter().map(|job| job.deadline).max().unwrap_or(DEADLINE);
        let db = match self.db.take() {
            Some(db) => db,
            None => Database::connect(self.options.clone()).await?,
        };
        let transaction = lock(self.db.insert(db), longest).await?;
        let (mut last, mut at) = last_change(&transaction, None).await?;
        let mut log = Vec::new();
        for job in jobs.drain(..) {
            // The clock of the log never runs backwards, whatever the machine's does.
            let now = at.max(self.clock.now());
            let (done, worked) = self.one(job, &transaction, last.next(), now).await;
            let (answer, entry) = match worked {
                Ok(worked) => worked,
                Err(broken) => {
                    answers.push((done, Err(unavailable())));
                    return Err(broken);
                }
            };
            if let Some(entry) = entry {
                (last, at) = (last.next(), now);
                log.push(entry);
            }
            answers.push((done, answer));
        }
        let changes = log.len();
        finish(transaction, log).await?;
        if changes > 0 {
            self.meters.groups.observe(u32::try_from(changes).map_or(f64::MAX, f64::from));
            self.meters.changes.inc_by(changes as u64);
        }
        Ok(last)
    }

    async fn one(
        &self,
        job: Job,
        transaction: &DatabaseTransaction,
        revision: Revision,
        at: Timestamp,
    ) -> (oneshot::Sender<Done>, std::result::Result<(Done, Option<Entry>), Broken>) {
        let Job { access, action, deadline, work, done } = job;
        let savepoint = match transaction.begin().await {
            Ok(savepoint) => savepoint,
            Err(failure) => return (done, Err(failure.into())),
        };
        let statements = self.statements.clone();
        let reading =
            Reading(Arc::new(Snapshot { transaction: savepoint, revision, at, statements }));
        let change = Change::begin(access, reading, revision);
        let worked = AssertUnwindSafe(run(&change, work, deadline)).catch_unwind().await;
        let worked = worked.unwrap_or_else(|_| Err(Error::impossible("a change panicked")));
        let row = change.row(action, at);
        (done, settled(change.end(), worked, row).await)
    }
}

/// Keeps what a change wrote, or takes it back.
async fn settled(
    ended: Ended,
    worked: Result<Box<dyn Any + Send>>,
    row: change::Model,
) -> std::result::Result<(Done, Option<Entry>), Broken> {
    let Ended { savepoint, items, kept_secrets } = ended;
    // Somebody kept it beyond its turn, and may still write in it.
    let savepoint = savepoint.ok_or("a change outlived its turn")?;
    let revision = Revision(row.seq);
    match worked {
        // Nothing is in the log of it: it takes no number.
        Ok(value) if items.is_empty() => {
            if kept_secrets {
                savepoint.commit().await?;
            } else {
                savepoint.rollback().await?;
            }
            Ok((Ok((value, revision.previous())), None))
        }
        Ok(value) => {
            savepoint.commit().await?;
            Ok((Ok((value, revision)), Some(Entry { change: row, items })))
        }
        Err(failure) => {
            savepoint.rollback().await?;
            Ok((Err(failure), None))
        }
    }
}

/// Begins a group. The lock is a statement of its own: a snapshot taken while waiting for it would
/// be stale.
async fn lock(
    db: &DatabaseConnection,
    longest: Duration,
) -> std::result::Result<DatabaseTransaction, DbErr> {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = db.begin_with_options(immediate).await?;
    if db.get_database_backend() == DbBackend::Postgres {
        let patience = format!("SET LOCAL lock_timeout = '{}ms'", PATIENCE.as_millis());
        transaction.execute_unprepared(&patience).await?;
        let sql = "SELECT pg_advisory_xact_lock($1)";
        let lock = Statement::from_sql_and_values(DbBackend::Postgres, sql, [LOCK.into()]);
        transaction.execute_raw(lock).await?;
        // Only now: it would end the wait for the lock, too.
        let limit = format!("SET LOCAL statement_timeout = '{}ms'", longest.as_millis());
        transaction.execute_unprepared(&limit).await?;
    }
    Ok(transaction)
}

async fn finish(
    transaction: DatabaseTransaction,
    log: Vec<Entry>,
) -> std::result::Result<(), DbErr> {
    let (changes, items): (Vec<_>, Vec<_>) =
        log.into_iter().map(|entry| (entry.change, entry.items)).unzip();
    write::<change::Entity>(&transaction, changes).await?;
    write::<change_item::Entity>(&transaction, items.into_iter().flatten().collect()).await?;
    transaction.commit().await
}

/// The work and what settles it, within the deadline.
async fn run(change: &Change, work: Work, deadline: Duration) -> Result<Box<dyn Any + Send>> {
    let whole = async {
        if let Some(once) = change.its_once() {
            once.claim(change).await?;
        }
        let value = work(change).await?;
        change.settle().await?;
        if let Some(once) = change.its_once().filter(|_| change.is_noted()) {
            once.keep(change).await?;
        }
        Ok(value)
    };
    tokio::time::timeout(deadline, whole).await.unwrap_or_else(|_| Err(unavailable()))
}

async fn write<E>(db: &DatabaseTransaction, rows: Vec<E::Model>) -> std::result::Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some = rows.by_ref().take(LOG_ROWS).map(IntoActiveModel::into_active_model);
        E::insert_many(some).exec_without_returning(db).await?;
    }
    Ok(())
}
