//! What is to follow from forums: by whom, until when, and how it was done. Everybody can see who
//! promised what.

pub mod graphql;
mod list;
pub mod rest;

use async_graphql::{InputObject, MaybeUndefined, SimpleObject};
use entity::follow_up::{self, Column, Entity};
use entity::forum;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use list::{FollowUpFilter, FollowUpOrder, page};

use super::edit::{in_order, require};
use super::find as find_forum;
use crate::access::{Access, Action};
use crate::date::{Day, PartialDate};
use crate::error::{Code, Error, Faults, Result};
use crate::history::{Change, Revision};
use crate::id::{AnyId, FollowUpId, ForumId, Id as _, OrganizationId};
use crate::input::{self, needed, optional, said};
use crate::message;
use crate::organization::{self, OrganizationRef};

/// What somebody is to do after a forum.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct FollowUp {
    /// Its id.
    pub id: FollowUpId,
    /// From which forum it follows.
    #[graphql(skip)]
    pub forum_id: ForumId,
    /// What is to be done.
    pub text: String,
    /// Who is to do it.
    #[graphql(skip)]
    pub owner: OrganizationRef,
    /// Until when.
    pub due_on: Option<PartialDate>,
    /// When it was done; null while it is not.
    pub done_on: Option<PartialDate>,
    /// How it was done.
    pub done_how: Option<String>,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
}

impl FollowUp {
    /// Whether it is not done, and the last day it was due lies before this one.
    pub fn is_overdue(&self, on: Day) -> bool {
        self.done_on.is_none() && self.due_on.as_ref().is_some_and(|due| due.to < on)
    }
}

/// What it takes to note what is to follow from a forum.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewFollowUp {
    /// What is to be done: 1 to 20,000 characters.
    pub text: String,
    /// The organization that is to do it.
    pub owner: AnyId,
    /// Until when: `2026`, `2026-12` or `2026-12-31`; not before the forum.
    pub due_on: Option<String>,
}

/// What may change about what is to follow. What is left out stays; null takes a value away.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FollowUpChange {
    /// What is to be done.
    #[schema(value_type = Option<String>)]
    pub text: MaybeUndefined<String>,
    /// The organization that is to do it.
    #[schema(value_type = Option<AnyId>)]
    pub owner: MaybeUndefined<AnyId>,
    /// Until when.
    #[schema(value_type = Option<String>)]
    pub due_on: MaybeUndefined<String>,
    /// When it was done, not in the future; null makes it undone.
    #[schema(value_type = Option<String>)]
    pub done_on: MaybeUndefined<String>,
    /// How it was done.
    #[schema(value_type = Option<String>)]
    pub done_how: MaybeUndefined<String>,
}

/// When and how something was done.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Completion {
    /// When: `2026`, `2026-12` or `2026-12-31`; not before the forum, not in the future.
    pub done_on: String,
    /// How: 1 to 20,000 characters.
    pub done_how: Option<String>,
}

/// One of them. `NOT_FOUND` where there is none.
pub async fn get(access: &Access, id: FollowUpId) -> Result<FollowUp> {
    by_ids(access, [id]).await?.pop().ok_or_else(|| Error::not_found("followup"))
}

/// These, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = FollowUpId>,
) -> Result<Vec<FollowUp>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    complete(access, visible().filter(ids).all(&access.db().await?).await?).await
}

/// What is to follow from these forums, as it was entered.
pub async fn of_forums(access: &Access, forums: &[ForumId]) -> Result<Vec<FollowUp>> {
    let forums = access.any_of(Column::ForumId, forums.iter().map(|forum| forum.0));
    let rows = visible().filter(forums).order_by_asc(Column::Id);
    complete(access, rows.all(&access.db().await?).await?).await
}

/// Notes what is to follow from a forum. For who shares issues of its region.
pub async fn create(access: &Access, forum: ForumId, new: NewFollowUp) -> Result<FollowUp> {
    require(access, &find_forum(access, forum).await?)?;
    let wanted = FollowUpChange {
        text: MaybeUndefined::Value(new.text),
        owner: MaybeUndefined::Value(new.owner),
        due_on: said(new.due_on),
        ..FollowUpChange::default()
    };
    let named = Named::of(access, &wanted).await?;
    let id = FollowUpId::new();
    access
        .change("createFollowUp", async move |change| {
            let forum = find_forum(change, forum).await?;
            let row = described(&wanted, named, blank(id, &forum), &forum)?;
            change.insert::<Entity>(row).await
        })
        .await?;
    get(access, id).await
}

/// Changes what is to follow and is at this revision. For who shares issues of the forum's region.
pub async fn update(
    access: &Access,
    id: FollowUpId,
    revision: Revision,
    wanted: FollowUpChange,
) -> Result<FollowUp> {
    let row = find(access, id).await?;
    require(access, &find_forum(access, ForumId(row.forum_id)).await?)?;
    write(access, (id, revision), Doing::Update, wanted).await
}

/// Says when and how it was done. For who shares issues of its owner's region, or of the forum's;
/// `CONFLICT` where that is said already.
pub async fn finish(
    access: &Access,
    id: FollowUpId,
    revision: Revision,
    done: Completion,
) -> Result<FollowUp> {
    let row = find(access, id).await?;
    let owner = organization::get(access, OrganizationId(row.owner_id)).await?;
    let theirs = owner.region.map(|region| region.id.into());
    if !theirs.is_some_and(|site| access.actor().may(Action::ShareIssues, site)) {
        require(access, &find_forum(access, ForumId(row.forum_id)).await?)?;
    }
    let wanted = FollowUpChange {
        done_on: MaybeUndefined::Value(done.done_on),
        done_how: said(done.done_how),
        ..FollowUpChange::default()
    };
    write(access, (id, revision), Doing::Finish, wanted).await
}

/// Removes what is to follow and is at this revision. For who shares issues of the forum's region.
pub async fn delete(access: &Access, id: FollowUpId, revision: Revision) -> Result<FollowUpId> {
    let row = find(access, id).await?;
    require(access, &find_forum(access, ForumId(row.forum_id)).await?)?;
    access
        .change("deleteFollowUp", async move |change| {
            let row = change.current(visible(), id.0, revision).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

/// What is done with what is to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Update,
    Finish,
}

impl Doing {
    /// What the change log calls it.
    const fn verb(self) -> &'static str {
        match self {
            Self::Update => "updateFollowUp",
            Self::Finish => "completeFollowUp",
        }
    }
}

async fn write(
    access: &Access,
    (id, revision): (FollowUpId, Revision),
    doing: Doing,
    wanted: FollowUpChange,
) -> Result<FollowUp> {
    let named = Named::of(access, &wanted).await?;
    access
        .change(doing.verb(), async move |change| {
            let before = change.current(visible(), id.0, revision).await?;
            if doing == Doing::Finish && before.done_on.is_some() {
                return Err(Error::new(Code::Conflict, message::is_done()).at("doneOn"));
            }
            let forum = find_forum(change, ForumId(before.forum_id)).await?;
            let after = described(&wanted, named, before.clone(), &forum)?;
            change.update::<Entity>(&before, after).await
        })
        .await?;
    get(access, id).await
}

/// Whom a change names, looked up, and the day on which it is made.
#[derive(Clone, Copy, Debug)]
struct Named {
    owner: Option<Uuid>,
    today: Day,
}

impl Named {
    async fn of(access: &Access, wanted: &FollowUpChange) -> Result<Self> {
        needed(&wanted.owner, |_| Ok(())).map_err(|error| error.at("owner"))?;
        let owner = organization::chosen(access, "owner", &wanted.owner).await?;
        let owner = owner.flatten().map(|body| body.0);
        Ok(Self { owner, today: Day::in_seoul(access.now().await?) })
    }
}

/// The row as it is to be, checked.
fn described(
    wanted: &FollowUpChange,
    named: Named,
    mut row: follow_up::Model,
    forum: &forum::Model,
) -> Result<follow_up::Model> {
    let mut faults = Faults::default();
    let text = |text: &String| input::text(text, input::TEXT);
    let date = |text: &String| input::date(text);
    faults.put("text", &mut row.text, needed(&wanted.text, text));
    faults.put("dueOn", &mut row.due_on, optional(&wanted.due_on, date));
    let past = |text: &String| input::past_date(text, named.today);
    faults.put("doneOn", &mut row.done_on, optional(&wanted.done_on, past));
    if row.done_on.is_none() && wanted.done_on.is_null() {
        row.done_how = None;
    }
    faults.put("doneHow", &mut row.done_how, optional(&wanted.done_how, text));
    row.owner_id = named.owner.unwrap_or(row.owner_id);
    let held_on = forum.held_on.as_deref();
    let due = in_order(held_on, row.due_on.as_deref());
    faults.rule(due, "dueOn", message::due_before_forum());
    let done = in_order(held_on, row.done_on.as_deref());
    faults.rule(done, "doneOn", message::done_before_forum());
    let dated = row.done_how.is_none() || row.done_on.is_some();
    faults.rule(dated, "doneOn", message::done_needs_a_day());
    faults.into_result(row)
}

/// A forum is not moved beyond what is to follow from it.
pub(super) async fn fit(change: &Change, forum: &forum::Model) -> Result<()> {
    let follow = visible().filter(Column::ForumId.eq(forum.id)).all(&change.db().await?).await?;
    let held_on = forum.held_on.as_deref();
    if follow.iter().any(|row| !in_order(held_on, row.due_on.as_deref())) {
        return Err(Error::invalid("heldOn", message::due_before_forum()));
    }
    if follow.iter().any(|row| !in_order(held_on, row.done_on.as_deref())) {
        return Err(Error::invalid("heldOn", message::done_before_forum()));
    }
    Ok(())
}

/// Removes what is to follow from a forum.
pub(super) async fn delete_of(change: &Change, forum: Uuid) -> Result<()> {
    let rows = visible().filter(Column::ForumId.eq(forum)).all(&change.db().await?).await?;
    for row in rows {
        change.delete::<Entity>(&row).await?;
    }
    Ok(())
}

/// As forums are, what follows from them is everybody's.
fn visible() -> Select<Entity> {
    Entity::find()
}

async fn find(access: &Access, id: FollowUpId) -> Result<follow_up::Model> {
    let row = visible().filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("followup"))
}

async fn complete(access: &Access, rows: Vec<follow_up::Model>) -> Result<Vec<FollowUp>> {
    let owners = organization::refs(access, rows.iter().map(|row| Some(row.owner_id))).await?;
    let date = |text: Option<String>| text.as_deref().map(PartialDate::parse).transpose();
    let rows = rows.into_iter().map(|row| {
        let owner = owners.get(&row.owner_id).cloned();
        Ok(FollowUp {
            id: FollowUpId(row.id),
            forum_id: ForumId(row.forum_id),
            text: row.text,
            owner: owner.ok_or_else(|| Error::impossible("an owner that is not there"))?,
            due_on: date(row.due_on)?,
            done_on: date(row.done_on)?,
            done_how: row.done_how,
            revision: Revision(row.revision),
        })
    });
    rows.collect()
}

fn blank(id: FollowUpId, forum: &forum::Model) -> follow_up::Model {
    follow_up::Model {
        id: id.0,
        forum_id: forum.id,
        region_id: forum.region_id,
        text: String::new(),
        owner_id: Uuid::nil(),
        due_on: None,
        done_on: None,
        done_how: None,
        revision: 0,
    }
}
