//! One writer: what waits goes into one transaction, each change in a savepoint of its own.
//!
//! Why a queue, and why the lock is a statement of its own: `docs/decisions/0003`.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::AtomicU64;
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

use super::store::{Reading, Snapshot, last_change, locked};
use super::{Change, Revision};
use crate::access::{Access, Clock, Timestamp};
use crate::error::{Code, Error, Result};
use crate::message;

/// More than this in one transaction, and its savepoints leave PostgreSQL's fast path (64).
const GROUP: usize = 60;
/// More than this waiting, and a newcomer is better told to come back.
const WAITING: usize = 1_000;
/// How long one change may hold up the others.
pub(crate) const DEADLINE: Duration = Duration::from_secs(5);
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

/// The way to the writer.
#[derive(Debug)]
pub(crate) struct Queue {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    worker: Mutex<Option<JoinHandle<()>>>,
}

impl Queue {
    /// Starts the writer on a thread, runtime and connection of its own: so what a change does
    /// need not be `Send`, only the way to begin it.
    pub async fn start(
        options: ConnectOptions,
        clock: Clock,
        tell: watch::Sender<Revision>,
        statements: Arc<AtomicU64>,
    ) -> Result<Self> {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let (started, connected) = oneshot::channel();
        let worker = std::thread::Builder::new().name("dure-writer".to_owned()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            match runtime {
                Ok(runtime) => runtime.block_on(async {
                    match Database::connect(options).await {
                        Ok(db) => {
                            let writer = Writer { db, clock, tell, statements };
                            let _ = started.send(writer.announce().await);
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
        Ok(Self { jobs: Mutex::new(Some(jobs)), worker: Mutex::new(Some(worker)) })
    }

    /// Puts a change in line. `UNAVAILABLE` when the line is too long or the service is closing.
    pub fn push(&self, job: Job) -> Result<()> {
        let jobs = locked(&self.jobs);
        let sent = jobs.as_ref().map(|jobs| jobs.try_send(job).is_ok());
        sent.unwrap_or(false).then_some(()).ok_or_else(unavailable)
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
    db: DatabaseConnection,
    clock: Clock,
    tell: watch::Sender<Revision>,
    statements: Arc<AtomicU64>,
}

/// What a change leaves for the log.
struct Entry {
    change: change::Model,
    items: Vec<change_item::Model>,
}

type Answer = (oneshot::Sender<Done>, Done);

impl Writer {
    /// Tells those who watch where the log stands at the start.
    async fn announce(&self) -> Result<()> {
        // An unmigrated database has no log yet; whoever opened it will be told elsewhere.
        if let Ok((last, _)) = last_change(&self.db, None).await {
            self.tell.send_replace(last);
        }
        Ok(())
    }

    async fn run(&self, mut jobs: mpsc::Receiver<Job>) {
        let mut waiting = Vec::with_capacity(GROUP);
        while jobs.recv_many(&mut waiting, GROUP).await > 0 {
            // Who left before their turn came gets no change.
            waiting.retain(|job: &Job| !job.done.is_closed());
            let mut answers = Vec::with_capacity(waiting.len());
            let committed = self.group(std::mem::take(&mut waiting), &mut answers).await;
            for (done, answer) in answers {
                let answer = match &committed {
                    Ok(_) => answer,
                    Err(failure) => Err(failure.clone()),
                };
                // Nobody waits for an answer whose caller has left.
                let _ = done.send(answer);
            }
            if let Ok(last) = committed {
                self.tell.send_if_modified(|told| last > std::mem::replace(told, last));
            }
        }
        if let Err(failure) = self.db.close_by_ref().await {
            tracing::warn!(%failure, "the writer's connection did not close cleanly");
        }
    }

    /// One transaction for all that waits. An error here is the whole group's.
    async fn group(&self, jobs: Vec<Job>, answers: &mut Vec<Answer>) -> Result<Revision> {
        let transaction = match self.lock().await {
            Ok(transaction) => transaction,
            Err(failure) => return Err(fail_all(jobs, answers, &failure)),
        };
        let (mut last, mut at) = match last_change(&transaction, None).await {
            Ok(last) => last,
            Err(failure) => return Err(fail_all(jobs, answers, &failure)),
        };
        let mut log = Vec::new();
        for job in jobs {
            // The clock of the log never runs backwards, whatever the machine's does.
            let now = at.max(self.clock.now());
            let (done, answer, entry) = self.one(job, &transaction, last.next(), now).await;
            if let Some(entry) = entry {
                (last, at) = (last.next(), now);
                log.push(entry);
            }
            answers.push((done, answer));
        }
        self.finish(transaction, log).await.map(|()| last).map_err(|failure| {
            tracing::error!(%failure, "a group of changes was not committed");
            unavailable()
        })
    }

    /// The lock is a statement of its own: a snapshot taken while waiting for it would be stale.
    async fn lock(&self) -> Result<DatabaseTransaction> {
        let immediate = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.db.begin_with_options(immediate).await?;
        if self.db.get_database_backend() == DbBackend::Postgres {
            let sql = "SELECT pg_advisory_xact_lock($1)";
            let lock = Statement::from_sql_and_values(DbBackend::Postgres, sql, [LOCK.into()]);
            transaction.execute_raw(lock).await?;
            transaction.execute_unprepared("SET LOCAL statement_timeout = '300s'").await?;
        }
        Ok(transaction)
    }

    async fn one(
        &self,
        job: Job,
        transaction: &DatabaseTransaction,
        revision: Revision,
        at: Timestamp,
    ) -> (oneshot::Sender<Done>, Done, Option<Entry>) {
        let Job { access, action, deadline, work, done } = job;
        let savepoint = match transaction.begin().await {
            Ok(savepoint) => savepoint,
            Err(failure) => return (done, Err(failure.into()), None),
        };
        let statements = self.statements.clone();
        let reading =
            Reading(Arc::new(Snapshot { transaction: savepoint, revision, at, statements }));
        let change = Change::begin(access, reading, revision);
        let worked = AssertUnwindSafe(run(&change, work, deadline)).catch_unwind().await;
        let worked = worked.unwrap_or_else(|_| Err(Error::impossible("a change panicked")));
        let row = change.row(action, at);
        let (savepoint, items) = change.end();
        let Some(savepoint) = savepoint else {
            return (done, Err(Error::impossible("a change outlived its turn")), None);
        };
        match worked {
            Ok(value) if items.is_empty() => {
                // Nothing was written: it takes no number.
                let ended = savepoint.rollback().await;
                (done, told(ended, value, revision.previous()), None)
            }
            Ok(value) => match savepoint.commit().await {
                Ok(()) => (done, Ok((value, revision)), Some(Entry { change: row, items })),
                Err(failure) => (done, Err(failure.into()), None),
            },
            Err(failure) => {
                if let Err(broken) = savepoint.rollback().await {
                    tracing::error!(%broken, "a savepoint did not roll back");
                }
                (done, Err(failure), None)
            }
        }
    }

    async fn finish(
        &self,
        transaction: DatabaseTransaction,
        log: Vec<Entry>,
    ) -> std::result::Result<(), DbErr> {
        let (changes, items): (Vec<_>, Vec<_>) =
            log.into_iter().map(|entry| (entry.change, entry.items)).unzip();
        write::<change::Entity>(&transaction, changes).await?;
        write::<change_item::Entity>(&transaction, items.into_iter().flatten().collect()).await?;
        transaction.commit().await
    }
}

async fn run(change: &Change, work: Work, deadline: Duration) -> Result<Box<dyn Any + Send>> {
    let value = match tokio::time::timeout(deadline, work(change)).await {
        Ok(worked) => worked?,
        Err(_) => return Err(unavailable()),
    };
    change.settle().await?;
    Ok(value)
}

fn told(
    ended: std::result::Result<(), DbErr>,
    value: Box<dyn Any + Send>,
    revision: Revision,
) -> Done {
    ended.map_err(Error::from).map(|()| (value, revision))
}

fn fail_all(jobs: Vec<Job>, answers: &mut Vec<Answer>, failure: &Error) -> Error {
    tracing::error!(%failure, "the writer has no database");
    answers.extend(jobs.into_iter().map(|job| (job.done, Err(unavailable()))));
    unavailable()
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
