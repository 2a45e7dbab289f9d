//! Who is asking: accounts, their grants, and the tokens they show.
//!
//! A token says only which account it is. What the account may do is read at each request, so a
//! grant that is taken away is gone at once.

pub mod graphql;
mod keys;
mod password;
pub mod rest;

use std::collections::HashSet;
use std::sync::Arc;

use async_graphql::SimpleObject;
use entity::{account, credential, role_grant};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use keys::Keys;
pub use password::Password;

use crate::access::{Access, Actor, Grant, Role, Timestamp};
use crate::error::{Code, Error, Faults, Result};
use crate::history::{Change, Store};
use crate::id::{AccountId, GrantId, Id, RegionId};
use crate::region::{self, RegionBy};
use crate::{input, message};

/// How long a token is good for, in seconds.
pub const TOKEN_SECONDS: i64 = 15 * 60;

/// What it takes to sign in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account's e-mail address.
    pub email: String,
    /// Its password.
    pub password: Password,
}

/// What a signed-in caller shows from now on, as `Authorization: Bearer …`.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The token.
    pub access_token: String,
    /// How to show it: `Bearer`.
    pub token_type: &'static str,
    /// How long it is good for, in seconds.
    pub expires_in: i64,
}

/// A grant as its holder sees it.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct HeldGrant {
    /// What they may be.
    pub role: Role,
    /// In this region and everything below it.
    #[graphql(skip)]
    pub region_id: RegionId,
    /// Whether they decide for it.
    pub may_approve: bool,
}

/// Who is asking, as they see themselves.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Viewer {
    /// Their account; null for the public.
    pub id: Option<AccountId>,
    /// Their name.
    pub name: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// What they may be, and where; none for the public.
    pub grants: Vec<HeldGrant>,
}

/// What it takes to open an account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its e-mail address.
    pub email: String,
    /// Whose it is.
    pub name: String,
    /// Its password.
    pub password: Password,
}

/// What it takes to grant a role.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// To the account of this e-mail address.
    pub email: String,
    /// What they may be,
    pub role: Role,
    /// in the region of this code and everything below it,
    pub region: String,
    /// whether they decide for it,
    pub may_approve: bool,
    /// from then,
    pub from: Option<Timestamp>,
    /// until then.
    pub to: Option<Timestamp>,
}

/// A token for who knows the password. `UNAUTHENTICATED` otherwise: the answer and its time are
/// the same whether the account exists or not.
pub async fn sign_in(store: &Arc<Store>, keys: &Keys, wanted: SignIn) -> Result<Session> {
    let email = normal(&wanted.email);
    let account = account::Entity::find()
        .filter(account::Column::Email.eq(email))
        .filter(account::Column::Disabled.eq(false))
        .one(store.live())
        .await?;
    let hash = match &account {
        Some(account) => credential::Entity::find_by_id(account.id).one(store.live()).await?,
        None => None,
    };
    let hash = hash.map(|credential| credential.password_hash);
    let known = wanted.password.verify(hash).await?;
    let refused = || Error::new(Code::Unauthenticated, message::bad_credentials());
    let account = account.filter(|_| known).ok_or_else(refused)?;
    let access_token = keys.sign(AccountId(account.id), store.clock().now())?;
    Ok(Session { access_token, token_type: "Bearer", expires_in: TOKEN_SECONDS })
}

/// The account behind a token, with the grants in force now. `UNAUTHENTICATED` for a token that is
/// not ours, is over, or whose account is closed.
pub async fn actor(store: &Arc<Store>, keys: &Keys, token: &str) -> Result<Actor> {
    let now = store.clock().now();
    let refused = || Error::new(Code::Unauthenticated, message::bad_token());
    let id = keys.verify(token, now)?;
    let account = account::Entity::find_by_id(id.0).one(store.live()).await?;
    account.filter(|account| !account.disabled).ok_or_else(refused)?;
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(id.0))
        .filter(
            role_grant::Column::ValidFrom.is_null().or(role_grant::Column::ValidFrom.lte(now.0)),
        )
        .filter(role_grant::Column::ValidTo.is_null().or(role_grant::Column::ValidTo.gt(now.0)))
        .all(store.live())
        .await?;
    // Rights are today's, whatever moment the request is about.
    let public = Access::new(store.clone(), Actor::Public);
    let tree = region::tree(&public).await;
    public.finish().await;
    let tree = tree?;
    let province: HashSet<Uuid> =
        grants.iter().flat_map(|grant| tree.province_of(grant.region_id)).collect();
    let grants = grants.into_iter().map(|grant| Grant {
        role: grant.role.into(),
        region: grant.region_id,
        regions: tree.below(grant.region_id),
        plan: None,
        may_approve: grant.may_approve,
    });
    Ok(Actor::Account {
        id: id.0,
        grants: grants.collect(),
        province: province.into_iter().collect(),
    })
}

/// Who is asking.
pub async fn viewer(access: &Access) -> Result<Viewer> {
    let held = access.actor().grants().iter().map(|grant| HeldGrant {
        role: grant.role,
        region_id: RegionId(grant.region),
        may_approve: grant.may_approve,
    });
    let grants = held.collect();
    let Some(id) = access.actor().account() else {
        return Ok(Viewer { id: None, name: None, email: None, grants });
    };
    let account = account::Entity::find_by_id(id).one(&access.db().await?).await?;
    let (name, email) = account.map(|account| (account.name, account.email)).unzip();
    Ok(Viewer { id: Some(AccountId(id)), name, email, grants })
}

/// Opens an account. `CONFLICT` where the address is taken.
pub async fn add_account(access: &Access, new: NewAccount) -> Result<AccountId> {
    let mut faults = Faults::default();
    let email = faults.at("email", address(&new.email));
    let name = faults.at("name", input::text(&new.name, input::LABEL));
    let (Some(email), Some(name)) = (email, name) else { return faults.refuse() };
    let hash = new.password.hash().await?;
    let id = AccountId::new();
    access
        .change("addAccount", async move |change| {
            if by_email(change, &email).await?.is_some() {
                return Err(Error::new(Code::Conflict, message::email_taken()).at("email"));
            }
            let revision = change.revision();
            let row = account::Model { id: id.0, email, name, disabled: false, revision };
            change.insert::<account::Entity>(row).await?;
            set_password(change, id.0, hash).await
        })
        .await?;
    Ok(id)
}

/// Gives an account another password.
pub async fn change_password(access: &Access, email: &str, password: Password) -> Result<()> {
    let email = normal(email);
    let hash = password.hash().await?;
    access
        .change("changePassword", async move |change| {
            let account = by_email(change, &email).await?;
            let account = account.ok_or_else(|| Error::not_found("account").at("email"))?;
            set_password(change, account.id, hash).await?;
            // What is in the log is that it changed, not what it is.
            change.touch::<account::Entity>(&account).await
        })
        .await
}

/// Grants a role in a region. `NOT_FOUND` for an unknown account or region.
pub async fn add_grant(access: &Access, new: NewGrant) -> Result<GrantId> {
    let region = region::get(access, &RegionBy::Code(new.region.clone())).await;
    let region = region.map_err(|error| error.at("region"))?.id;
    let in_order = new.from.zip(new.to).is_none_or(|(from, to)| from < to);
    if !in_order {
        return Err(Error::invalid("to", message::end_before_start()));
    }
    let id = GrantId::new();
    access
        .change("addGrant", async move |change| {
            let account = by_email(change, &normal(&new.email)).await?;
            let account = account.ok_or_else(|| Error::not_found("account").at("email"))?;
            let row = role_grant::Model {
                id: id.0,
                account_id: account.id,
                role: new.role.into(),
                region_id: region.0,
                may_approve: new.may_approve,
                valid_from: new.from.map(|time| time.0),
                valid_to: new.to.map(|time| time.0),
                revision: change.revision(),
            };
            change.insert::<role_grant::Entity>(row).await
        })
        .await?;
    Ok(id)
}

/// Whether there is an account of this address.
pub async fn knows(access: &Access, email: &str) -> Result<bool> {
    Ok(by_email(access, &normal(email)).await?.is_some())
}

/// Whether an account of this address has any grant.
pub async fn is_granted(access: &Access, email: &str) -> Result<bool> {
    let Some(account) = by_email(access, &normal(email)).await? else { return Ok(false) };
    let held = role_grant::Entity::find().filter(role_grant::Column::AccountId.eq(account.id));
    Ok(held.one(&access.db().await?).await?.is_some())
}

async fn by_email(access: &Access, email: &str) -> Result<Option<account::Model>> {
    let account = account::Entity::find().filter(account::Column::Email.eq(email));
    Ok(account.one(&access.db().await?).await?)
}

async fn set_password(change: &Change, account: Uuid, hash: String) -> Result<()> {
    let row = credential::ActiveModel {
        account_id: Set(account),
        password_hash: Set(hash),
        changed_at: Set(change.now().await?.0),
    };
    change.replace_secret(row).await
}

fn normal(email: &str) -> String {
    email.trim().to_lowercase()
}

fn address(email: &str) -> Result<String> {
    let email = normal(&input::text(email, 254)?);
    let well_formed = email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !email.contains(char::is_whitespace)
    });
    well_formed.then_some(email).ok_or_else(|| Error::new(Code::Invalid, message::not_an_email()))
}
