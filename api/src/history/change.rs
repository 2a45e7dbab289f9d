use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

use entity::code::{ItemOp, Visibility};
use entity::{change, change_item, plan, plan_content};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel,
    Iterable, ModelTrait, PrimaryKeyToColumn, QueryFilter, Select, Set, SqlErr,
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
    items: BTreeMap<(&'static str, Uuid), Item>,
    plans: BTreeMap<Uuid, PlanMove>,
    log: Vec<change_item::Model>,
    /// Rows written that are told of elsewhere: some item must come with them.
    parts: usize,
    secrets: usize,
}

/// Where a thing was before this change, and is after it; nowhere where it was not or is no more.
#[derive(Clone, Copy)]
struct Item {
    before: Option<Place>,
    after: Option<Place>,
}

/// Where a plan stood before a change, and stands after it.
#[derive(Clone, Copy, Default)]
struct PlanMove {
    before: Option<Standing>,
    after: Option<Standing>,
    /// Whether anything among its contents was written, not only beside them.
    content: bool,
}

type Standing = (Uuid, Visibility);

/// What a change leaves when it ends.
pub(crate) struct Ended {
    /// Its savepoint; none if somebody still holds it.
    pub savepoint: Option<DatabaseTransaction>,
    /// What it touched.
    pub items: Vec<change_item::Model>,
    /// Whether it wrote secrets, which the log does not hold.
    pub kept_secrets: bool,
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
            current if self.access.is_at(revision, current) => Ok(row),
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
            self.note::<E>(&db, None, Some(row)).await?;
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

    /// Gives a row a new revision because a part of it has changed. Nothing else of it is written,
    /// whatever the caller's copy says.
    pub async fn touch<E: Versioned>(&self, row: &E::Model) -> Result<()> {
        let db = self.db().await?;
        self.note::<E>(&db, Some(row), Some(row)).await?;
        let which = twins::keyed::<E>(key::<E>(row)?);
        twins::archive::<E>(&db, which.clone(), self.revision.0).await?;
        let revision = Expr::val(self.revision.0);
        E::update_many().col_expr(E::revision(), revision).filter(which).exec(&db).await?;
        Ok(())
    }

    async fn overwrite<E: Versioned>(&self, before: &E::Model, after: E::Model) -> Result<()>
    where
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let db = self.db().await?;
        self.note::<E>(&db, Some(before), Some(&after)).await?;
        let id = key::<E>(before)?;
        twins::archive::<E>(&db, twins::keyed::<E>(id), self.revision.0).await?;
        let row = self.stamped::<E>(after)?;
        E::update_many().set(row).filter(E::id().eq(id)).exec(&db).await?;
        Ok(())
    }

    /// Removes a row. Its past stays.
    pub async fn delete<E: Versioned>(&self, row: &E::Model) -> Result<()> {
        let db = self.db().await?;
        self.note::<E>(&db, Some(row), None).await?;
        let id = key::<E>(row)?;
        let which = twins::keyed::<E>(id);
        twins::archive::<E>(&db, which.clone(), self.revision.0).await?;
        let gone = E::delete_many().filter(which).exec(&db).await;
        gone.map(|_| ()).map_err(|failure| match failure.sql_err() {
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => {
                Error::from(failure).needed(E::default().table_name(), id)
            }
            _ => failure.into(),
        })
    }

    /// Writes what has no past and is not in the log: a secret. A change that writes nothing else
    /// takes no number (`Access::note`).
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
        locked(&self.noted).secrets += 1;
        Ok(())
    }

    /// Removes secrets: what has no past and is not in the log.
    pub async fn forget_secrets<E: EntityTrait>(&self, which: Condition) -> Result<()> {
        E::delete_many().filter(which).exec(&self.db().await?).await?;
        locked(&self.noted).secrets += 1;
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

    /// Notes a row as it was before a write, and as it is after it.
    async fn note<E: Versioned>(
        &self,
        db: &Reading,
        before: Option<&E::Model>,
        after: Option<&E::Model>,
    ) -> Result<()> {
        let Some(row) = before.or(after) else { return Ok(()) };
        let (id, was, is) = (key::<E>(row)?, before.map(E::place), after.map(E::place));
        for place in was.into_iter().chain(is) {
            self.watch(db, place).await?;
        }
        let mut noted = locked(&self.noted);
        if was.or(is) == Some(Place::Part) {
            noted.parts += 1;
            return Ok(());
        }
        let item = noted.items.entry((E::KIND, id)).or_insert(Item { before: was, after: None });
        item.after = is;
        if item.before.is_none() && is.is_none() {
            // It came and went: nobody will ever have seen it.
            noted.items.remove(&(E::KIND, id));
        }
        Ok(())
    }

    /// Remembers where a plan stood before this change touched it.
    async fn watch(&self, db: &Reading, place: Place) -> Result<()> {
        let (plan, content) = match place {
            Place::Plan(plan) => (plan, true),
            Place::Beside(plan) | Place::Shared { plan: Some(plan), .. } => (plan, false),
            Place::Shared { plan: None, .. }
            | Place::Open(_)
            | Place::Between { .. }
            | Place::Staff(_)
            | Place::Part => return Ok(()),
        };
        if let Some(known) = locked(&self.noted).plans.get_mut(&plan) {
            known.content |= content;
            return Ok(());
        }
        let before = standing(db, plan).await?;
        locked(&self.noted).plans.insert(plan, PlanMove { before, after: None, content });
        Ok(())
    }

    /// Finishes the change: moves the content revisions of the plans it touched, and makes its
    /// items, with who could see each thing before and who can after.
    pub(crate) async fn settle(&self) -> Result<()> {
        let db = self.db().await?;
        let mut plans = std::mem::take(&mut locked(&self.noted).plans);
        for (plan, moved) in &mut plans {
            moved.after = standing(&db, *plan).await?;
            if moved.content {
                self.move_content(&db, *plan, moved.after.is_some()).await?;
            }
            if let (Some(before), Some(after)) = (moved.before, moved.after)
                && before != after
            {
                self.reveal(&db, twins::Moved { plan: *plan, before, after }).await?;
            }
        }
        let mut noted = locked(&self.noted);
        let items = std::mem::take(&mut noted.items);
        if items.is_empty() && noted.parts > 0 {
            return Err(Error::impossible("parts were written without what they are parts of"));
        }
        noted.log = items.into_iter().map(|(key, item)| self.item(key, item, &plans)).collect();
        Ok(())
    }

    /// Whether the log will hold it.
    pub(crate) fn is_noted(&self) -> bool {
        !locked(&self.noted).log.is_empty()
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
        (kind, id): (&'static str, Uuid),
        Item { before, after }: Item,
        plans: &BTreeMap<Uuid, PlanMove>,
    ) -> change_item::Model {
        let stood = |plan: Uuid| plans.get(&plan).copied().unwrap_or_default();
        let was = before.map(|place| placed(place, |plan| stood(plan).before));
        let is = after.map(|place| placed(place, |plan| stood(plan).after));
        let Placed { region, plan, .. } = is.or(was).unwrap_or_default();
        let elsewhere = |of: fn(Placed) -> Option<Uuid>| {
            was.map(of).filter(|was| is.is_some_and(|is| of(is) != *was)).flatten()
        };
        change_item::Model {
            seq: self.revision.0,
            kind: kind.to_owned(),
            id,
            op: if is.is_some() { ItemOp::Upsert } else { ItemOp::Gone },
            region_id: region,
            plan_id: plan,
            visible_before: was.and_then(|was| was.visible),
            visible_after: is.and_then(|is| is.visible),
            region_before_id: elsewhere(|placed| placed.region),
            plan_before_id: elsewhere(|placed| placed.plan),
        }
    }

    pub(crate) fn row(&self, action: &str, at: Timestamp) -> change::Model {
        change::Model {
            seq: self.revision.0,
            at: at.0,
            actor: self.access.actor().account(),
            client: self.access.actor().client(),
            request: self.access.request_id().map(str::to_owned),
            action: action.to_owned(),
        }
    }

    /// Ends the change. It is for the queue to keep what it wrote, or not.
    pub(crate) fn end(self) -> Ended {
        let Self { access, noted, .. } = self;
        let Noted { log: items, secrets, .. } =
            noted.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ended { savepoint: access.into_transaction(), items, kept_secrets: secrets > 0 }
    }
}

/// A place, as an item of the log tells it.
#[derive(Clone, Copy, Default)]
struct Placed {
    region: Option<Uuid>,
    plan: Option<Uuid>,
    visible: Option<Visibility>,
}

fn placed(place: Place, stood: impl Fn(Uuid) -> Option<Standing>) -> Placed {
    match place {
        Place::Open(region) => Placed { region, plan: None, visible: Some(Visibility::Public) },
        Place::Between { plan, region } => {
            let visible = Some(Visibility::Internal);
            Placed { region: Some(region), plan: Some(plan), visible }
        }
        Place::Staff(region) => Placed { region, plan: None, visible: Some(Visibility::Internal) },
        Place::Plan(plan) | Place::Beside(plan) => {
            let (region, visible) = stood(plan).unzip();
            Placed { region, plan: Some(plan), visible }
        }
        Place::Shared { region, plan: None, visibility } => {
            Placed { region: Some(region), plan: None, visible: Some(visibility) }
        }
        Place::Shared { plan: Some(plan), visibility, .. } => {
            let (region, visible) = stood(plan).unzip();
            let visible = visible.map(|of_plan| of_plan.min(visibility));
            Placed { region, plan: Some(plan), visible }
        }
        Place::Part => Placed::default(),
    }
}

/// Below the bind limits of both databases (32,766 and 65,535).
const MAX_BINDS: usize = 30_000;

async fn standing(db: &Reading, plan: Uuid) -> Result<Option<Standing>> {
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
