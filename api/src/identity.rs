//! Who is asking: people and machines, their grants, and the tokens they show.
//!
//! A token says only which account or client it is. What that may do is read at each request, so a
//! grant that is taken away is gone at once, and so is a client or a sign-in.

mod account;
mod attempts;
mod authors;
mod bearer;
mod client;
mod grant;
pub mod graphql;
mod issuer;
mod keys;
mod names;
mod password;
pub mod rest;
mod secret;
mod session;
mod verdict;

use async_graphql::SimpleObject;
use entity::{account as accounts, client as clients};
use sea_orm::EntityTrait;
use serde::Serialize;
use utoipa::ToSchema;

pub use account::{
    Account, AccountChange, AccountFilter, AccountOrder, Activation, Invitation, Invited,
    NewAccount, add_account, change_password, disable, invite, knows, named as account_of,
    page as accounts,
};
pub use attempts::Attempts;
pub use authors::{Author, authors};
pub use bearer::actor;
pub use client::{
    Client, ClientSecret, NewClient, add_client, get as client_of, list as clients, revoke, rotate,
};
pub use grant::{
    GrantFilter, GrantOrder, HandOver, HeldGrant, NewGrant, add_grant, get as grant_of, hand_over,
    is_granted, page as grants, revoke as revoke_grant,
};
pub use issuer::Issuer;
pub use keys::Keys;
pub use names::names;
pub use password::Password;
pub use session::{PasswordChange, Refresh, Session, SignIn};
pub use verdict::{Verdict, why_not};

use crate::access::{Access, Actor, Role, Scope};
use crate::error::Result;
use crate::id::{AccountId, ClientId};

/// How long an access token is good for, in seconds.
pub const TOKEN_SECONDS: i64 = 15 * 60;

/// How long a sign-in lasts that is not renewed, in seconds: two weeks.
pub const SESSION_SECONDS: i64 = 14 * 24 * 60 * 60;

/// How long an invitation is good for, in seconds: a week.
pub const INVITATION_SECONDS: i64 = 7 * 24 * 60 * 60;

/// Who is asking, as they see themselves.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Viewer {
    /// Their account; null for the public and for clients.
    pub id: Option<AccountId>,
    /// The client; null for people.
    pub client_id: Option<ClientId>,
    /// Their name.
    pub name: Option<String>,
    /// Their e-mail address; null for the public and for clients.
    pub email: Option<String>,
    /// What they may be somewhere, each role once.
    pub roles: Vec<Role>,
    /// What they may be, and where; none for the public.
    pub grants: Vec<HeldGrant>,
    /// What a client's token may be used for; null for people.
    pub scopes: Option<Vec<Scope>>,
}

/// Who is asking.
pub async fn viewer(access: &Access) -> Result<Viewer> {
    let actor = access.actor();
    let grants: Vec<HeldGrant> =
        actor.grants().iter().map(|held| HeldGrant::of(actor, held)).collect();
    let held = |role: &Role| grants.iter().any(|grant| grant.role == *role);
    let roles = Role::ALL.iter().copied().filter(held).collect();
    let mut viewer = Viewer {
        id: actor.account().map(AccountId),
        client_id: actor.client().map(ClientId),
        name: None,
        email: None,
        roles,
        grants,
        scopes: None,
    };
    match actor {
        Actor::Account { id, .. } => {
            let row = accounts::Entity::find_by_id(*id).one(&access.db().await?).await?;
            (viewer.name, viewer.email) = row.map(|row| (row.name, row.email)).unzip();
        }
        Actor::Client { id, scopes, .. } => {
            let row = clients::Entity::find_by_id(*id).one(&access.db().await?).await?;
            viewer.name = row.map(|row| row.name);
            viewer.scopes = Some(scopes.clone());
        }
        Actor::Public | Actor::Operator => {}
    }
    Ok(viewer)
}
