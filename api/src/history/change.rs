use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

use entity::code::{ItemOp, Visibility};
use entity::{change, change_item, plan, plan_content};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, Iterable,
    ModelTrait, PrimaryKeyToColumn, QueryFilter, Select, Set,
};
use uuid::Uuid;

use super::Revision;
use super::batch::{self, Batch};
use super::store::{Reading, locked};
use super::twins::{self, Place, Versioned};
use crate::access::{Access, Timestamp};
use crate::error::{Error, Result};

/// What a change did with a row it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is new.
    Created,
    /// It has new values.
    Updated,
    /// It was the same already: nothing was written.
    Unchanged,
}

/// One change under way, under the lock. It reads like any `Access`, and writes.
pub struct Change {
    access: Access,
    revision: Revision,
    noted: Mutex<Noted>,
}

/// What a change has touched so far.
#[derive(Default)]
struct Noted {
    items: BTreeMap<(&'static str, Uuid), (ItemOp, Place)>,
    plans: BTreeMap<Uuid, PlanMove>,
    log: Vec<change_item::Model>,
}

/// Where a plan stood before a change, and stands after it.
#[derive(Clone, Copy, Default)]
struct PlanMove {
    before: Option<(Uuid, Visibility)>,
    after: Option<(Uuid, Visibility)>,
}

impl Deref for Change {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl Change {
    pub(crate) fn begin(caller: Access, reading: Reading, revision: Revision) -> Self {
        Self { access: caller.within(reading), revision, noted: Mutex::default() }
    }

    /// The revision this change makes.
    pub fn revision(&self) -> i64 {
        self.revision.0
    }

    /// The row at the revision the caller read: `NOT_FOUND`, or `CONFLICT` when it has moved on.
    /// The selection decides what the caller may see.
    pub async fn current<E: Versioned>(
        &self,
        visible: Select<E>,
        id: Uuid,
        revision: Revision,
    ) -> Result<E::Model> {
        let row = visible.filter(E::id().eq(id)).one(&self.db().await?).await?;
        let row = row.ok_or_else(|| Error::not_found(&E::KIND.to_lowercase()))?;
        match revision_of::<E>(&row)? {
            current if current == revision => Ok(row),
            current => Err(Error::stale(current)),
        }
    }

    /// Adds a row.
    pub async fn insert<E: Versioned>(&self, row: E::Model) -> Result<()>
    where
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        self.insert_many::<E>(vec![row]).await
    }

    /// Adds rows, however many.
    pub async fn insert_many<E: Versioned>(&self, rows: Vec<E::Model>) -> Result<()>
    where
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let db = self.db().await?;
        for row in &rows {
            self.note::<E>(&db, row, ItemOp::Upsert).await?;
        }
        let chunk = MAX_BINDS / <E::Column as Iterable>::iter().count();
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let some = rows.by_ref().take(chunk).map(|row| self.stamped::<E>(row));
            let some: Vec<_> = some.collect::<Result<_>>()?;
            E::insert_many(some).exec_without_returning(&db).await?;
        }
        Ok(())
    }

    /// Puts many rows as they should be.
    pub fn batch<E>(&self) -> Batch<'_, E>
    where
        E: Versioned,
        E::Model: IntoActiveModel<E::ActiveModel> + PartialEq,
    {
        Batch::new(self)
    }

    /// Overwrites a row, if any column is to change.
    pub async fn update<E: Versioned>(&self, before: &E::Model, after: E::Model) -> Result<Written>
    where
        E::Model: IntoActiveModel<E::ActiveModel> + PartialEq,
    {
        if batch::same::<E>(before, &after) {
            return Ok(Written::Unchanged);
        }
        self.overwrite::<E>(before, after).await.map(|()| Written::Updated)
    }

    /// Gives a row a new revision because a part of it has changed.
    pub async fn touch<E: Versioned>(&self, row: &E::Model) -> Result<()>
    where
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        self.overwrite::<E>(row, row.clone()).await
    }

    async fn overwrite<E: Versioned>(&self, before: &E::Model, after: E::Model) -> Result<()>
    where
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let db = self.db().await?;
        self.note::<E>(&db, before, ItemOp::Upsert).await?;
        let id = key::<E>(before)?;
        twins::archive::<E>(&db, twins::keyed::<E>(id), self.revision.0).await?;
        let row = self.stamped::<E>(after)?;
        E::update_many().set(row).filter(E::id().eq(id)).exec(&db).await?;
        Ok(())
    }

    /// Removes a row. Its past stays.
    pub async fn delete<E: Versioned>(&self, row: &E::Model) -> Result<()> {
        let db = self.db().await?;
        self.note::<E>(&db, row, ItemOp::Gone).await?;
        let which = twins::keyed::<E>(key::<E>(row)?);
        twins::archive::<E>(&db, which.clone(), self.revision.0).await?;
        E::delete_many().filter(which).exec(&db).await?;
        Ok(())
    }

    /// Writes what has no past: a secret that belongs to something this change also writes.
    pub async fn replace_secret<A>(&self, row: A) -> Result<()>
    where
        A: ActiveModelTrait + Send,
    {
        type Key<A> = <<A as ActiveModelTrait>::Entity as EntityTrait>::PrimaryKey;
        let key = <Key<A> as Iterable>::iter().map(PrimaryKeyToColumn::into_column);
        let all = <<A::Entity as EntityTrait>::Column as Iterable>::iter();
        let replace = OnConflict::columns(key).update_columns(all).to_owned();
        A::Entity::insert(row)
            .on_conflict(replace)
            .exec_without_returning(&self.db().await?)
            .await?;
        Ok(())
    }

    fn stamped<E: Versioned>(&self, row: E::Model) -> Result<E::ActiveModel>
    where
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let mut row = row;
        row.try_set(E::revision(), self.revision.0.into())?;
        Ok(ActiveModelTrait::reset_all(row.into_active_model()))
    }

    async fn note<E: Versioned>(&self, db: &Reading, row: &E::Model, op: ItemOp) -> Result<()> {
        let place = E::place(row);
        if let Place::Plan(plan) = place {
            self.watch(db, plan).await?;
        }
        if place != Place::Part {
            let item = (E::KIND, key::<E>(row)?);
            locked(&self.noted).items.insert(item, (op, place));
        }
        Ok(())
    }

    /// Remembers where a plan stood before this change touched it.
    async fn watch(&self, db: &Reading, plan: Uuid) -> Result<()> {
        if locked(&self.noted).plans.contains_key(&plan) {
            return Ok(());
        }
        let before = standing(db, plan).await?;
        if let Entry::Vacant(entry) = locked(&self.noted).plans.entry(plan) {
            entry.insert(PlanMove { before, after: None });
        }
        Ok(())
    }

    /// Finishes the change: moves the content revisions of the plans it touched, and makes its
    /// items, with who could see each thing before and who can after.
    pub(crate) async fn settle(&self) -> Result<()> {
        let db = self.db().await?;
        let mut plans = std::mem::take(&mut locked(&self.noted).plans);
        for (plan, standing_of) in &mut plans {
            standing_of.after = standing(&db, *plan).await?;
            self.move_content(&db, *plan, standing_of.after.is_some()).await?;
            if let PlanMove { before: Some((_, before)), after: Some((region, after)) } =
                *standing_of
                && before != after
            {
                let moved = twins::Moved { plan: *plan, region, before, after };
                self.reveal(&db, moved).await?;
            }
        }
        let mut noted = locked(&self.noted);
        let items = std::mem::take(&mut noted.items);
        noted.log = items.into_iter().map(|item| self.item(item, &plans)).collect();
        Ok(())
    }

    async fn reveal(&self, db: &Reading, moved: twins::Moved) -> Result<()> {
        twins::reveal(db, self.revision.0, moved).await
    }

    async fn move_content(&self, db: &Reading, plan: Uuid, exists: bool) -> Result<()> {
        type Content = plan_content::Entity;
        let which = twins::keyed::<Content>(plan);
        twins::archive::<Content>(db, which.clone(), self.revision.0).await?;
        if !exists {
            Content::delete_many().filter(which).exec(db).await?;
            return Ok(());
        }
        let revision = Expr::val(self.revision.0);
        let moved = Content::update_many().col_expr(plan_content::Column::Revision, revision);
        if moved.filter(which).exec(db).await?.rows_affected == 0 {
            let row = plan_content::ActiveModel { id: Set(plan), revision: Set(self.revision.0) };
            Content::insert(row).exec_without_returning(db).await?;
        }
        Ok(())
    }

    fn item(
        &self,
        ((kind, id), (op, place)): ((&'static str, Uuid), (ItemOp, Place)),
        plans: &BTreeMap<Uuid, PlanMove>,
    ) -> change_item::Model {
        let (seq, kind) = (self.revision.0, kind.to_owned());
        let (region_id, plan_id, before, after) = match place {
            Place::Open(region) => {
                (region, None, Some(Visibility::Public), Some(Visibility::Public))
            }
            Place::Staff(region) => {
                (region, None, Some(Visibility::Internal), Some(Visibility::Internal))
            }
            Place::Plan(plan) => {
                let PlanMove { before, after } = plans.get(&plan).copied().unwrap_or_default();
                let region = after.or(before).map(|(region, _)| region);
                let visible = |stood: Option<(Uuid, Visibility)>| stood.map(|(_, visible)| visible);
                (region, Some(plan), visible(before), visible(after))
            }
            Place::Part => (None, None, None, None),
        };
        let (visible_before, visible_after) = (before, after.filter(|_| op == ItemOp::Upsert));
        change_item::Model { seq, kind, id, op, region_id, plan_id, visible_before, visible_after }
    }

    pub(crate) fn row(&self, action: &str, at: Timestamp) -> change::Model {
        change::Model {
            seq: self.revision.0,
            at: at.0,
            actor: self.access.actor().account(),
            client: None,
            request: self.access.request_id().map(str::to_owned),
            action: action.to_owned(),
        }
    }

    /// Gives the savepoint back, with what was touched; no savepoint if somebody still holds it.
    pub(crate) fn end(self) -> (Option<DatabaseTransaction>, Vec<change_item::Model>) {
        let Self { access, noted, .. } = self;
        let log = noted.into_inner().unwrap_or_else(PoisonError::into_inner).log;
        (access.into_transaction(), log)
    }
}

/// Below the bind limits of both databases (32,766 and 65,535).
const MAX_BINDS: usize = 30_000;

async fn standing(db: &Reading, plan: Uuid) -> Result<Option<(Uuid, Visibility)>> {
    let row = plan::Entity::find_by_id(plan).one(db).await?;
    Ok(row.map(|plan| (plan.region_id, plan.visibility)))
}

fn revision_of<E: Versioned>(row: &E::Model) -> Result<Revision> {
    match row.get(E::revision()) {
        sea_orm::Value::BigInt(Some(revision)) => Ok(Revision(revision)),
        _ => Err(Error::impossible("a row without a revision")),
    }
}

fn key<E: Versioned>(row: &E::Model) -> Result<Uuid> {
    match row.get(E::id()) {
        sea_orm::Value::Uuid(Some(id)) => Ok(id),
        _ => Err(Error::impossible("a row without an id")),
    }
}
