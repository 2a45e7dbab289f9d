//! Sign-ins of people: a short token to show, and a longer one to renew it with.
//!
//! A refresh token is good once. One that is shown again was copied, so the sign-in it belongs to
//! ends, for whoever holds its newest token, too.

pub mod rest;

use std::sync::Arc;

use entity::{account, credential, session};
use sea_orm::sea_query::IntoCondition as _;
use sea_orm::{ColumnTrait, Condition, EntityTrait, Set};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::account::{credential_of, normal, renew};
use super::secret::{self, Secret};
use super::{Keys, Password, SESSION_SECONDS, TOKEN_SECONDS};
use crate::access::{Access, Actor};
use crate::error::{Code, Error, Result};
use crate::history::{Change, Store};
use crate::message;

/// What it takes to sign in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account's e-mail address.
    pub email: String,
    /// Its password.
    pub password: Password,
}

/// What it takes to go on being signed in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refresh {
    /// The refresh token that came last. It is good once.
    pub refresh_token: String,
}

/// What a signed-in caller shows from now on, as `Authorization: Bearer …`.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The token.
    pub access_token: String,
    /// What to get the next one with, once.
    pub refresh_token: String,
    /// How to show it: `Bearer`.
    pub token_type: &'static str,
    /// How long it is good for, in seconds.
    pub expires_in: i64,
}

/// A new password of one's own.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasswordChange {
    /// The present one.
    pub old_password: Password,
    /// The new one: 12 to 200 characters.
    pub new_password: Password,
}

/// A session for who knows the password. `UNAUTHENTICATED` otherwise: the answer and its time are
/// the same whether the account exists or not.
pub async fn sign_in(store: &Arc<Store>, keys: &Keys, wanted: SignIn) -> Result<Session> {
    let known = credential_of(store, &normal(&wanted.email)).await?;
    let (account, hash) = known.unzip();
    let right = wanted.password.verify(hash.flatten()).await?;
    let refused = || Error::new(Code::Unauthenticated, message::bad_credentials());
    let account = account.filter(|_| right).ok_or_else(refused)?.id;
    let (id, token) = (Uuid::now_v7(), Secret::random()?);
    let hash = token.hash();
    Access::new(store.clone(), Actor::Public)
        .note(async move |change| {
            let over = Condition::all()
                .add(session::Column::AccountId.eq(account))
                .add(session::Column::ExpiresAt.lte(change.now().await?.0));
            change.forget_secrets::<session::Entity>(over).await?;
            keep(change, (id, account), hash).await
        })
        .await?;
    signed_in(store, keys, (account, id, token))
}

/// The next session for who holds the newest refresh token. `UNAUTHENTICATED` for any other; one
/// that was used before ends the sign-in it belongs to.
pub async fn refresh(store: &Arc<Store>, keys: &Keys, wanted: Refresh) -> Result<Session> {
    let refused = || Error::new(Code::Unauthenticated, message::bad_token());
    let (id, shown) = secret::read(&wanted.refresh_token).ok_or_else(refused)?;
    let token = Secret::random()?;
    let hash = token.hash();
    let access = Access::new(store.clone(), Actor::Public);
    let account = access.note(async move |change| renewed(change, (id, shown), hash).await).await?;
    // That the sign-in has ended is committed; only then is it told.
    signed_in(store, keys, (account.ok_or_else(refused)?, id, token))
}

async fn renewed(
    change: &Change,
    (id, shown): (Uuid, String),
    next: String,
) -> Result<Option<Uuid>> {
    let db = change.db().await?;
    let Some(row) = session::Entity::find_by_id(id).one(&db).await? else { return Ok(None) };
    let account = account::Entity::find_by_id(row.account_id).one(&db).await?;
    drop(db);
    let open =
        row.expires_at > change.now().await?.0 && account.is_some_and(|account| !account.disabled);
    if !open || row.token_hash != shown {
        end(change, id).await?;
        return Ok(None);
    }
    keep(change, (id, row.account_id), next).await.map(|()| Some(row.account_id))
}

fn signed_in(
    store: &Store,
    keys: &Keys,
    (account, id, token): (Uuid, Uuid, Secret),
) -> Result<Session> {
    Ok(Session {
        access_token: keys.sign_person(account, id, store.clock().now())?,
        refresh_token: token.reveal_for(id),
        token_type: "Bearer",
        expires_in: TOKEN_SECONDS,
    })
}

async fn keep(change: &Change, (id, account): (Uuid, Uuid), hash: String) -> Result<()> {
    let row = session::ActiveModel {
        id: Set(id),
        account_id: Set(account),
        token_hash: Set(hash),
        expires_at: Set(change.now().await?.plus_seconds(SESSION_SECONDS).0),
    };
    change.replace_secret(row).await
}

async fn end(change: &Change, id: Uuid) -> Result<()> {
    change.forget_secrets::<session::Entity>(session::Column::Id.eq(id).into_condition()).await
}

/// Signs the caller out: neither of their tokens is good any more.
pub async fn sign_out(access: &Access) -> Result<()> {
    let (_, session) = person(access)?;
    match session {
        Some(id) => access.note(async move |change| end(change, id).await).await,
        None => Ok(()),
    }
}

/// Gives the caller another password, and ends their other sign-ins. `INVALID` where the present
/// one is another.
pub async fn change_own(store: &Arc<Store>, access: &Access, wanted: PasswordChange) -> Result<()> {
    let (id, session) = person(access)?;
    let new = Password::chosen(wanted.new_password.reveal().to_owned());
    let new = new.map_err(|error| error.at("newPassword"))?;
    let kept = credential::Entity::find_by_id(id).one(store.live()).await?;
    if !wanted.old_password.verify(kept.map(|kept| kept.password_hash)).await? {
        return Err(Error::invalid("oldPassword", message::wrong_password()));
    }
    let hash = new.hash().await?;
    access
        .change("changePassword", async move |change| {
            let row = account::Entity::find_by_id(id).one(&change.db().await?).await?;
            let row = row.ok_or_else(|| Error::not_found("account"))?;
            renew(change, &row, hash, session).await
        })
        .await
}

/// The account that asks, and its sign-in.
fn person(access: &Access) -> Result<(Uuid, Option<Uuid>)> {
    match access.actor() {
        Actor::Account { id, session, .. } => Ok((*id, *session)),
        Actor::Public => Err(Error::new(Code::Unauthenticated, message::unauthenticated())),
        Actor::Client { .. } | Actor::Operator => {
            Err(Error::new(Code::Forbidden, message::only_people_here()))
        }
    }
}
