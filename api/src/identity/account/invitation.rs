use std::sync::Arc;

use async_graphql::{InputObject, SimpleObject};
use entity::{account, invitation};
use sea_orm::sea_query::IntoCondition as _;
use sea_orm::{ColumnTrait, EntityTrait, Set};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::secret::{self, Secret};
use super::super::{INVITATION_SECONDS, Password};
use super::{Account, AccountInput, by_email, checked, find, get, insert, manages, renew};
use crate::access::{Access, Action, Actor, Timestamp};
use crate::error::{Error, Result};
use crate::history::{Change, Store};
use crate::id::{AccountId, Id};
use crate::message;

/// Who is invited: the account of this address, or a new one.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Invitation {
    /// Its e-mail address.
    pub email: String,
    /// Whose it is; needed for a new account.
    pub name: Option<String>,
}

/// An invitation, to hand to whom it is for.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invited {
    /// Whom it is for.
    pub account: Account,
    /// What they choose their password with, once. It is shown here and nowhere else.
    pub token: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// What it takes to choose a password by invitation.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Activation {
    /// The token of the invitation.
    pub token: String,
    /// The password: 12 to 200 characters.
    pub password: Password,
}

/// Invites somebody to choose the password of an account, opening it if need be. An earlier
/// invitation is good no more. For who manages access wherever the account has grants.
pub async fn invite(access: &Access, wanted: Invitation) -> Result<Invited> {
    access.require_somewhere(Action::ManageAccess)?;
    let email = super::normal(&wanted.email);
    let token = Secret::random()?;
    let hash = token.hash();
    let (id, expires_at) = access
        .change("inviteAccount", async move |change| {
            let id = invited(change, &email, wanted).await?;
            let expires_at = change.now().await?.plus_seconds(INVITATION_SECONDS);
            let row = invitation::ActiveModel {
                account_id: Set(id.0),
                token_hash: Set(hash),
                expires_at: Set(expires_at.0),
            };
            change.replace_secret(row).await.map(|()| (id, expires_at))
        })
        .await?;
    let account = get(access, id).await?;
    Ok(Invited { account, token: token.reveal_for(id.0), expires_at })
}

/// The account that is invited, noted in the log: an open one, or a new one.
async fn invited(change: &Change, email: &str, wanted: Invitation) -> Result<AccountId> {
    let Some(known) = by_email(change, email).await? else {
        let name = wanted.name.ok_or_else(|| Error::invalid("name", message::required()))?;
        let id = AccountId::new();
        insert(change, id, checked(&AccountInput { email: wanted.email, name })?).await?;
        return Ok(id);
    };
    let row = find(change, AccountId(known.id)).await.map_err(|error| error.at("email"))?;
    manages(change, row.id).await?;
    if row.disabled {
        return Err(Error::invalid("email", message::account_disabled()));
    }
    change.touch::<account::Entity>(&row).await?;
    Ok(AccountId(row.id))
}

/// Sets the password of the account that an invitation is for; it is good no more then. `INVALID`
/// for one that is not ours, is over, or was used.
pub async fn activate(store: &Arc<Store>, wanted: Activation) -> Result<()> {
    let refused = || Error::invalid("token", message::bad_invitation());
    let (account, hash) = secret::read(&wanted.token).ok_or_else(refused)?;
    let known = invitation::Entity::find_by_id(account).one(store.live()).await?;
    // Before the slow part: who has no invitation gets no work done.
    known.filter(|known| known.token_hash == hash).ok_or_else(refused)?;
    let password = Password::chosen(wanted.password.reveal().to_owned());
    let password = password.map_err(|error| error.at("password"))?.hash().await?;
    // In the log it is theirs.
    let actor = Actor::Account {
        id: account,
        session: None,
        grants: Vec::new(),
        province: Vec::new(),
        advised: Vec::new(),
    };
    Access::new(store.clone(), actor)
        .change("activateAccount", async move |change| {
            let db = change.db().await?;
            let now = change.now().await?;
            let open = invitation::Entity::find_by_id(account).one(&db).await?;
            open.filter(|it| it.token_hash == hash && it.expires_at > now.0).ok_or_else(refused)?;
            let row = account::Entity::find_by_id(account).one(&db).await?;
            let row = row.filter(|row| !row.disabled).ok_or_else(refused)?;
            drop(db);
            renew(change, &row, password, None).await
        })
        .await
}

/// Makes the invitation of an account good no more.
pub(super) async fn forget(change: &Change, account: Uuid) -> Result<()> {
    let which = invitation::Column::AccountId.eq(account).into_condition();
    change.forget_secrets::<invitation::Entity>(which).await
}
