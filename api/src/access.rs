//! The database as one caller sees it, at one moment. There is no other way to it.

mod actor;
mod any_of;
mod clock;
mod grant;
pub mod policy;
mod sight;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, oneshot};
use uuid::Uuid;

pub use actor::Actor;
pub use clock::{Clock, Timestamp};
pub use grant::Grant;
pub use policy::{Action, Reach, Role, Scope, Site};

use crate::error::{Code, Error, Result};
use crate::history::in_use;
use crate::history::queue::{DEADLINE, Done, Job, Work};
use crate::history::{Change, Moment, Once, Reading, Revision, Store};
use crate::message;

/// The database as one caller sees it, at one moment. Clones share the snapshot.
#[derive(Clone)]
pub struct Access {
    store: Arc<Store>,
    actor: Arc<Actor>,
    request: Option<Arc<str>>,
    once: Option<Arc<Once>>,
    wanted: Option<Arc<Wanted>>,
    moment: Moment,
    db: Db,
}

/// At which revisions a caller takes the thing they want to change, where they name several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// At any, as long as it is there.
    Any,
    /// At one of these.
    OneOf(Vec<Revision>),
}

#[derive(Clone)]
enum Db {
    /// Begun at the first read, and anew after a change of one's own.
    Snapshot(Arc<Mutex<Kept>>),
    /// Inside a change.
    Change(Reading),
}

#[derive(Default)]
struct Kept {
    reading: Option<Reading>,
    /// What the last reading showed, for the answer to say.
    stated: Option<Revision>,
}

impl Access {
    /// The present, as a caller sees it.
    pub fn new(store: Arc<Store>, actor: Actor) -> Self {
        let db = Db::Snapshot(Arc::default());
        Self {
            store,
            actor: Arc::new(actor),
            request: None,
            once: None,
            wanted: None,
            moment: Moment::Latest,
            db,
        }
    }

    /// The same caller at another moment.
    pub fn at(&self, moment: Moment) -> Self {
        Self { moment, db: Db::Snapshot(Arc::default()), ..self.clone() }
    }

    /// Whether this is about a past moment.
    pub fn is_past(&self) -> bool {
        self.moment != Moment::Latest
    }

    /// The same, under the id that finds the request in the logs.
    pub fn for_request(mut self, id: &str) -> Self {
        self.request = Some(id.into());
        self
    }

    /// The same, for a request that is done once however often it is sent.
    pub fn once(mut self, once: Option<Once>) -> Self {
        self.once = once.map(Arc::new);
        self
    }

    /// The key of a request that is done once.
    pub(crate) fn its_once(&self) -> Option<Arc<Once>> {
        self.once.clone()
    }

    /// The same, for a request that takes a thing at any of these revisions.
    pub fn wanting(mut self, wanted: Option<Wanted>) -> Self {
        self.wanted = wanted.map(Arc::new);
        self
    }

    /// The same, for a request that takes a thing at this revision, unless it names several.
    pub fn also_at(mut self, revision: Revision) -> Self {
        self.wanted.get_or_insert_with(|| Arc::new(Wanted::OneOf(vec![revision])));
        self
    }

    /// Whether a thing at its current revision is what a caller wants to change.
    pub(crate) fn is_at(&self, revision: Revision, current: Revision) -> bool {
        match self.wanted.as_deref() {
            None => current == revision,
            Some(Wanted::Any) => true,
            Some(Wanted::OneOf(these)) => these.contains(&current),
        }
    }

    pub(crate) fn within(self, reading: Reading) -> Self {
        Self { db: Db::Change(reading), ..self }
    }

    pub(crate) fn into_transaction(self) -> Option<sea_orm::DatabaseTransaction> {
        match self.db {
            Db::Change(reading) => reading.into_transaction(),
            Db::Snapshot(_) => None,
        }
    }

    /// Who is asking.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The id of the request, if it is one.
    pub fn request_id(&self) -> Option<&str> {
        self.request.as_deref()
    }

    /// The state of the world this answer is about. Its first call begins it.
    pub async fn db(&self) -> Result<Reading> {
        match &self.db {
            Db::Change(reading) => Ok(reading.clone()),
            Db::Snapshot(kept) => {
                let mut kept = kept.lock().await;
                if let Some(reading) = &kept.reading {
                    return Ok(reading.clone());
                }
                let reading = self.store.begin(self.moment).await?;
                kept.stated = Some(reading.revision());
                kept.reading = Some(reading.clone());
                Ok(reading)
            }
        }
    }

    /// What time it is for this answer: at a past moment, when that revision was made.
    pub async fn now(&self) -> Result<Timestamp> {
        match (&self.db, self.moment) {
            (Db::Change(reading), _) => Ok(reading.at()),
            (Db::Snapshot(_), Moment::Latest) => Ok(self.store.clock().now()),
            (Db::Snapshot(_), _) => Ok(self.db().await?.at()),
        }
    }

    /// The revision that what was read shows; none if nothing was read.
    pub async fn stated(&self) -> Option<Revision> {
        match &self.db {
            Db::Change(reading) => Some(reading.revision()),
            Db::Snapshot(kept) => kept.lock().await.stated,
        }
    }

    /// Ends the snapshot: before the first byte of an answer leaves, and before a change waits.
    pub async fn finish(&self) {
        if let Db::Snapshot(kept) = &self.db {
            let reading = kept.lock().await.reading.take();
            if let Some(reading) = reading {
                reading.end().await;
            }
        }
    }

    /// One change: `work` runs under the lock, all of it or nothing. What this `Access` reads
    /// next is the state after it.
    ///
    /// `READ_ONLY_MOMENT` in the past, `UNAVAILABLE` when too much waits or it takes too long,
    /// and whatever `work` refuses with.
    pub async fn change<T, F>(&self, action: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce(&Change) -> Result<T> + Send + 'static,
    {
        self.change_within(DEADLINE, action, work).await
    }

    /// A change that may take longer than others: a load.
    pub async fn change_within<T, F>(
        &self,
        deadline: Duration,
        action: &'static str,
        work: F,
    ) -> Result<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce(&Change) -> Result<T> + Send + 'static,
    {
        let Db::Snapshot(kept) = &self.db else {
            return Err(Error::impossible("a change inside a change would wait for itself"));
        };
        if self.moment != Moment::Latest {
            return Err(Error::new(Code::ReadOnlyMoment, message::read_only_moment()));
        }
        self.finish().await;
        let work: Work = Box::new(move |change| {
            Box::pin(async move {
                let value = work(change).await?;
                Ok(Box::new(value) as Box<dyn std::any::Any + Send>)
            })
        });
        let (done, answer) = oneshot::channel::<Done>();
        let access = Self { db: Db::Snapshot(Arc::default()), ..self.clone() };
        self.store.queue().push(Job { access, action, deadline, work, done })?;
        let (value, revision) = match answer.await.map_err(Error::internal)? {
            Ok(done) => done,
            Err(refused) => return Err(in_use::told(self, refused).await),
        };
        kept.lock().await.stated = Some(revision);
        let value = value.downcast::<T>();
        value.map(|value| *value).map_err(|_| Error::impossible("a change answered another type"))
    }

    /// What is nobody's history: sessions and other secrets. It waits its turn as a change does,
    /// but is in no log and takes no number.
    pub async fn note<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce(&Change) -> Result<T> + Send + 'static,
    {
        self.change("note", work).await
    }

    /// Whether the caller may do this there; otherwise `UNAUTHENTICATED` or `FORBIDDEN`,
    /// saying who may, or which scope a client lacks.
    pub fn require(&self, action: Action, site: impl Into<Site>) -> Result<()> {
        if self.actor.may(action, site.into()) { Ok(()) } else { Err(self.refusal(action)) }
    }

    /// The same, in the name of an organization.
    pub fn require_for(&self, organization: Uuid, action: Action, site: Site) -> Result<()> {
        self.require(action, site)?;
        match self.actor.may_for(organization, action, site) {
            true => Ok(()),
            false => Err(Error::new(Code::Forbidden, message::not_in_its_name())),
        }
    }

    /// The same, wherever it is: for what belongs to no region.
    pub fn require_somewhere(&self, action: Action) -> Result<()> {
        if self.actor.may_somewhere(action) { Ok(()) } else { Err(self.refusal(action)) }
    }

    /// Whether the caller's token may be used for this. A person's may, for everything.
    pub fn require_scope(&self, scope: Scope) -> Result<()> {
        match &*self.actor {
            Actor::Client { scopes, .. } if !scopes.contains(&scope) => Err(beyond(scope)),
            _ => Ok(()),
        }
    }

    fn refusal(&self, action: Action) -> Error {
        match (&*self.actor, policy::scope(action)) {
            (Actor::Public, _) => Error::new(Code::Unauthenticated, message::unauthenticated()),
            (Actor::Client { .. }, Some(scope)) if !self.actor.in_scope(action) => beyond(scope),
            _ => {
                let text = message::forbidden(action.as_str(), &policy::who_may(action));
                Error::new(Code::Forbidden, text)
            }
        }
    }
}

fn beyond(scope: Scope) -> Error {
    Error::new(Code::Forbidden, message::scope_missing(scope.as_str()))
}
