//! People: what is known of them, who opens and closes their accounts, and how they are invited.
//!
//! Personal data live here alone. Who manages access in one of the regions of an account's grants
//! sees the account, and so does its holder; only who manages all of them may close it.

pub mod graphql;
mod invitation;
mod list;
pub mod rest;

use std::sync::Arc;

use async_graphql::{InputObject, SimpleObject};
use entity::account::{self, Column, Entity};
use entity::{credential, role_grant, session};
use sea_orm::sea_query::{Expr, ExprTrait as _, IntoCondition as _, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Select, Set};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use invitation::{Activation, Invitation, Invited, activate, invite};
pub use list::{AccountFilter, AccountOrder, page};

use super::Password;
use crate::access::{Access, Action, Actor};
use crate::error::{Code, Error, Faults, Result};
use crate::history::{Change, Revision, Store};
use crate::id::{AccountId, Id, RegionId};
use crate::{input, message};

/// A person who may sign in.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its e-mail address.
    pub email: String,
    /// Whose it is.
    pub name: String,
    /// Whether it is closed.
    pub disabled: bool,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
}

/// What it takes to open an account. It has no password until its owner is invited to choose one.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountInput {
    /// Its e-mail address.
    pub email: String,
    /// Whose it is: 1 to 100 characters.
    pub name: String,
}

/// What it takes to open an account that can sign in at once.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its e-mail address.
    pub email: String,
    /// Whose it is.
    pub name: String,
    /// Its password.
    pub password: Password,
}

/// What may change about an account. What is left out stays.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AccountChange {
    /// Whose it is: its holder may say so, too.
    pub name: Option<String>,
    /// Whether it is closed, at once and with all its sign-ins.
    pub disabled: Option<bool>,
}

/// One account. `NOT_FOUND` where the caller sees none.
pub async fn get(access: &Access, id: AccountId) -> Result<Account> {
    find(access, id).await.map(Account::from)
}

/// The account of an address. `NOT_FOUND` where the caller sees none.
pub async fn named(access: &Access, email: &str) -> Result<Account> {
    let row = visible(access).filter(Column::Email.eq(normal(email)));
    let row = row.one(&access.db().await?).await?;
    row.map(Account::from).ok_or_else(|| Error::not_found("account").at("email"))
}

/// These accounts, as far as the caller sees them, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<Vec<Account>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// Opens an account without a password. For who manages access anywhere. `CONFLICT` where the
/// address is taken.
pub async fn create(access: &Access, new: AccountInput) -> Result<Account> {
    access.require_somewhere(Action::ManageAccess)?;
    let id = open(access, &new, None).await?;
    get(access, id).await
}

/// Opens an account that can sign in at once. `CONFLICT` where the address is taken.
pub async fn add_account(access: &Access, new: NewAccount) -> Result<AccountId> {
    access.require_somewhere(Action::ManageAccess)?;
    let hash = new.password.hash().await?;
    open(access, &AccountInput { email: new.email, name: new.name }, Some(hash)).await
}

async fn open(access: &Access, new: &AccountInput, hash: Option<String>) -> Result<AccountId> {
    let (email, name) = checked(new)?;
    let id = AccountId::new();
    access
        .change("addAccount", async move |change| {
            insert(change, id, (email, name)).await?;
            match hash {
                Some(hash) => set_password(change, id.0, hash).await,
                None => Ok(()),
            }
        })
        .await?;
    Ok(id)
}

fn checked(new: &AccountInput) -> Result<(String, String)> {
    let mut faults = Faults::default();
    let email = faults.at("email", address(&new.email));
    let name = faults.at("name", input::text(&new.name, input::LABEL));
    email.zip(name).map_or_else(|| faults.refuse(), Ok)
}

async fn insert(change: &Change, id: AccountId, (email, name): (String, String)) -> Result<()> {
    if by_email(change, &email).await?.is_some() {
        return Err(Error::new(Code::Conflict, message::email_taken()).at("email"));
    }
    let revision = change.revision();
    let row = account::Model { id: id.0, email, name, disabled: false, revision };
    change.insert::<Entity>(row).await
}

/// Changes an account that is at this revision. For who manages access wherever it has grants; its
/// name for its holder, too. A closed account is signed out everywhere.
pub async fn update(
    access: &Access,
    id: AccountId,
    revision: Revision,
    wanted: AccountChange,
) -> Result<Account> {
    find(access, id).await?;
    let own = access.actor().account() == Some(id.0);
    if !own || wanted.disabled.is_some() {
        manages(access, id.0).await?;
    }
    access
        .change("updateAccount", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            let mut after = row.clone();
            if let Some(name) = &wanted.name {
                after.name = input::text(name, input::LABEL).map_err(|error| error.at("name"))?;
            }
            if let Some(disabled) = wanted.disabled {
                manages(change, id.0).await?;
                after.disabled = disabled;
            }
            if after.disabled {
                sign_out(change, id.0, None).await?;
            }
            change.update::<Entity>(&row, after).await
        })
        .await?;
    get(access, id).await
}

/// Closes the account of an address.
pub async fn disable(access: &Access, email: &str) -> Result<Account> {
    let account = named(access, email).await?;
    let wanted = AccountChange { disabled: Some(true), ..AccountChange::default() };
    update(access, account.id, account.revision, wanted).await
}

/// Gives an account another password, and ends its sign-ins.
pub async fn change_password(access: &Access, email: &str, password: Password) -> Result<()> {
    let email = normal(email);
    let hash = password.hash().await?;
    access
        .change("changePassword", async move |change| {
            let account = by_email(change, &email).await?;
            let account = account.ok_or_else(|| Error::not_found("account").at("email"))?;
            manages(change, account.id).await?;
            renew(change, &account, hash, None).await
        })
        .await
}

/// Sets a password: in the log is that it changed, not what it is. Only one sign-in stays.
pub(super) async fn renew(
    change: &Change,
    account: &account::Model,
    hash: String,
    kept: Option<Uuid>,
) -> Result<()> {
    set_password(change, account.id, hash).await?;
    invitation::forget(change, account.id).await?;
    sign_out(change, account.id, kept).await?;
    change.touch::<Entity>(account).await
}

/// Ends the sign-ins of an account, but one.
async fn sign_out(change: &Change, account: Uuid, kept: Option<Uuid>) -> Result<()> {
    let mut which = session::Column::AccountId.eq(account).into_condition();
    if let Some(kept) = kept {
        which = which.add(session::Column::Id.ne(kept));
    }
    change.forget_secrets::<session::Entity>(which).await
}

async fn set_password(change: &Change, account: Uuid, hash: String) -> Result<()> {
    let row = credential::ActiveModel {
        account_id: Set(account),
        password_hash: Set(hash),
        changed_at: Set(change.now().await?.0),
    };
    change.replace_secret(row).await
}

/// Whether there is an account of this address.
pub async fn knows(access: &Access, email: &str) -> Result<bool> {
    Ok(by_email(access, &normal(email)).await?.is_some())
}

/// The account of an address, whoever asks.
pub(super) async fn by_email(access: &Access, email: &str) -> Result<Option<account::Model>> {
    let account = Entity::find().filter(Column::Email.eq(email));
    Ok(account.one(&access.db().await?).await?)
}

/// The open account of an address, with what its password is compared with; before there is an
/// `Access`.
pub(super) async fn credential_of(
    store: &Arc<Store>,
    email: &str,
) -> Result<Option<(account::Model, Option<String>)>> {
    let account = Entity::find()
        .filter(Column::Email.eq(email))
        .filter(Column::Disabled.eq(false))
        .one(store.live())
        .await?;
    let Some(account) = account else { return Ok(None) };
    let hash = credential::Entity::find_by_id(account.id).one(store.live()).await?;
    Ok(Some((account, hash.map(|credential| credential.password_hash))))
}

/// Whether the caller manages access wherever an account has grants that are not over; anywhere at
/// all, where it has none.
async fn manages(access: &Access, account: Uuid) -> Result<()> {
    let now = access.now().await?;
    let held = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account))
        .filter(role_grant::Column::ValidTo.is_null().or(role_grant::Column::ValidTo.gt(now.0)))
        .all(&access.db().await?)
        .await?;
    access.require_somewhere(Action::ManageAccess)?;
    held.iter()
        .try_for_each(|grant| access.require(Action::ManageAccess, RegionId(grant.region_id)))
}

/// The accounts this caller may see: their own, those with a grant where they manage access, and
/// those without any if they manage access at all.
pub(super) fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(seen(access, Column::Id, role_grant::Column::AccountId))
}

/// The holders of grants that this caller may see; `column` holds their id, `of` that of grants.
pub(super) fn seen<C: ColumnTrait>(
    access: &Access,
    column: C,
    of: role_grant::Column,
) -> Condition {
    if matches!(access.actor(), Actor::Operator) {
        return Condition::all();
    }
    let actor = access.actor();
    let mut seen = Condition::any();
    for own in actor.account().into_iter().chain(actor.client()) {
        seen = seen.add(column.eq(own));
    }
    let managed = actor.regions(Action::ManageAccess);
    if managed.is_empty() {
        return if seen.is_empty() { Condition::all().add(Expr::cust("1 = 0")) } else { seen };
    }
    let grants = || {
        let subject = Expr::col((column.entity_name(), column));
        let held = Expr::col((role_grant::Entity, of)).eq(subject);
        Query::select().expr(Expr::val(1)).from(role_grant::Entity).and_where(held).to_owned()
    };
    let region = (role_grant::Entity, role_grant::Column::RegionId);
    let there = grants().and_where(access.any_of(region, managed)).to_owned();
    seen.add(Expr::exists(there)).add(Expr::exists(grants()).not())
}

pub(super) async fn find(access: &Access, id: AccountId) -> Result<account::Model> {
    let row = visible(access).filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("account"))
}

impl From<account::Model> for Account {
    fn from(row: account::Model) -> Self {
        let account::Model { id, email, name, disabled, revision } = row;
        Self { id: AccountId(id), email, name, disabled, revision: Revision(revision) }
    }
}

/// An address as it is kept: upper case and blanks around it make no other.
pub(super) fn normal(email: &str) -> String {
    email.trim().to_lowercase()
}

fn address(email: &str) -> Result<String> {
    let email = normal(&input::text(email, 254)?);
    let well_formed = email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !email.contains(char::is_whitespace)
    });
    well_formed.then_some(email).ok_or_else(|| Error::new(Code::Invalid, message::not_an_email()))
}
