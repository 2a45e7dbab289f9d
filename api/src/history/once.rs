//! A request that its sender may send twice is done once: the change it becomes keeps its key, in
//! the same savepoint.

use std::sync::atomic::{AtomicBool, Ordering};

use entity::idempotency::{Column, Entity, Model};
use entity::{change_item, idempotency};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{Change, Revision};
use crate::access::{Access, Timestamp};
use crate::error::{Code, Error, Result};
use crate::message;

/// How long a key is remembered, in seconds.
const REMEMBERED: i64 = 24 * 60 * 60;

/// The key of one request.
#[derive(Debug)]
pub struct Once {
    owner: Uuid,
    key: String,
    body: String,
    spent: AtomicBool,
}

/// What a key stands for already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// For nothing.
    Free,
    /// For the change that made this revision.
    Done(Revision),
    /// For another request.
    Other,
}

impl Once {
    /// A caller's key for a request with this body, which is told apart by its hash.
    pub fn new(owner: Uuid, key: &str, body: String) -> Self {
        Self { owner, key: key.to_owned(), body, spent: AtomicBool::new(false) }
    }

    /// What the key stands for.
    pub async fn stands(&self, access: &Access) -> Result<Stands> {
        let now = access.now().await?;
        let row =
            Entity::find_by_id((self.owner, self.key.clone())).filter(Column::At.gt(old(now)));
        Ok(match row.one(&access.db().await?).await? {
            None => Stands::Free,
            Some(row) if row.body_hash == self.body => Stands::Done(Revision(row.revision)),
            Some(_) => Stands::Other,
        })
    }

    /// Before the change works: nobody else has done it. `UNAVAILABLE` where another instance just
    /// did: asked again, it is told what became of it.
    pub(super) async fn claim(&self, change: &Change) -> Result<()> {
        match self.spent.load(Ordering::Relaxed) || self.stands(change).await? == Stands::Free {
            true => Ok(()),
            false => Err(Error::new(Code::Unavailable, message::unavailable())),
        }
    }

    /// After it worked: the key stands for it.
    pub(super) async fn keep(&self, change: &Change) -> Result<()> {
        if self.spent.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let (db, now) = (change.db().await?, change.now().await?);
        Entity::delete_many().filter(Column::At.lte(old(now))).exec(&db).await?;
        let row: Model = idempotency::Model {
            owner: self.owner,
            request_key: self.key.clone(),
            body_hash: self.body.clone(),
            revision: change.revision(),
            at: now.0,
        };
        Entity::insert(row.into_active_model()).exec_without_returning(&db).await?;
        Ok(())
    }
}

fn old(now: Timestamp) -> i64 {
    now.plus_seconds(-REMEMBERED).0
}

/// What a change left behind, of a kind: its first thing.
pub async fn left(access: &Access, revision: Revision, kind: &str) -> Result<Option<Uuid>> {
    let items = change_item::Entity::find()
        .filter(change_item::Column::Seq.eq(revision.0))
        .filter(change_item::Column::Kind.eq(kind))
        .order_by_asc(change_item::Column::Id);
    Ok(items.one(&access.db().await?).await?.map(|item| item.id))
}
