//! Machines: partner agencies' programs that sign in by themselves (OAuth 2.1, client credentials).
//!
//! A client holds grants as an account does, and its scopes cap them. Revoking it, or taking a
//! scope away, works at once, whatever tokens it still has.

pub mod graphql;
pub mod rest;
mod token;

use async_graphql::{InputObject, SimpleObject};
use entity::client::{self, Column, Entity};
use entity::{client_secret, role_grant};
use sea_orm::sea_query::{ExprTrait as _, IntoCondition as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select, Set};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use token::{Asked, ClientToken, TokenRefusal, token};

use super::account::seen;
use super::secret::Secret;
use crate::access::{Access, Action, Scope, Timestamp};
use crate::error::{Error, Faults, Result};
use crate::history::{Change, Revision};
use crate::id::{ClientId, Id, RegionId};
use crate::{input, message};

/// A machine that signs in by itself.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// Its id: the `client_id` it shows.
    pub id: ClientId,
    /// What it is.
    pub name: String,
    /// What its tokens may be used for.
    pub scopes: Vec<Scope>,
    /// Until when it may sign in; null for good.
    pub valid_to: Option<Timestamp>,
    /// Whether it is revoked.
    pub disabled: bool,
    /// The revision that last wrote it; what revoking takes.
    pub revision: Revision,
}

/// What it takes to open a client.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewClient {
    /// What it is: 1 to 100 characters.
    pub name: String,
    /// What its tokens may be used for.
    pub scopes: Vec<Scope>,
    /// Until when it may sign in; for good if not said.
    pub valid_to: Option<Timestamp>,
}

/// A client with the secret it shows.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientSecret {
    /// The client.
    pub client: Client,
    /// Its secret: shown here and nowhere else.
    pub client_secret: String,
}

/// One client. `NOT_FOUND` where the caller sees none.
pub async fn get(access: &Access, id: ClientId) -> Result<Client> {
    find(access, id).await.and_then(Client::try_from)
}

/// These clients, as far as the caller sees them, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = ClientId>,
) -> Result<Vec<Client>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    rows.into_iter().map(Client::try_from).collect()
}

/// The clients that the caller sees, as they were opened: there are few.
pub async fn list(access: &Access) -> Result<Vec<Client>> {
    let rows = visible(access).order_by_asc(Column::Id).all(&access.db().await?).await?;
    rows.into_iter().map(Client::try_from).collect()
}

/// Opens a client. For who manages access anywhere.
pub async fn add_client(access: &Access, new: NewClient) -> Result<ClientSecret> {
    access.require_somewhere(Action::ManageAccess)?;
    let row = checked(&new, access.now().await?)?;
    let id = ClientId::of(row.id);
    let secret = Secret::random()?;
    let hash = secret.hash();
    access
        .change("addClient", async move |change| {
            change.insert::<Entity>(client::Model { revision: change.revision(), ..row }).await?;
            keep(change, id, hash).await
        })
        .await?;
    told(access, id, &secret).await
}

fn checked(new: &NewClient, now: Timestamp) -> Result<client::Model> {
    let mut faults = Faults::default();
    let name = faults.at("name", input::text(&new.name, input::LABEL));
    faults.rule(!new.scopes.is_empty(), "scopes", message::no_scopes());
    faults.rule(new.valid_to.is_none_or(|to| to > now), "validTo", message::in_the_past());
    let mut scopes = new.scopes.clone();
    scopes.sort_unstable();
    scopes.dedup();
    if let Some(error) = faults.into_error() {
        return Err(error);
    }
    Ok(client::Model {
        id: ClientId::new().0,
        name: name.unwrap_or_default(),
        scopes: Scope::list(&scopes),
        valid_to: new.valid_to.map(|time| time.0),
        disabled: false,
        revision: 0,
    })
}

/// Gives a client another secret; the one before is good no more. For who manages access wherever
/// it has grants.
pub async fn rotate(access: &Access, id: ClientId) -> Result<ClientSecret> {
    find(access, id).await?;
    manages(access, id).await?;
    let secret = Secret::random()?;
    let hash = secret.hash();
    access
        .change("rotateClientSecret", async move |change| {
            let row = find(change, id).await?;
            manages(change, id).await?;
            if row.disabled {
                return Err(Error::invalid("id", message::account_disabled()));
            }
            keep(change, id, hash).await?;
            // What is in the log is that it changed, not what it is.
            change.touch::<Entity>(&row).await
        })
        .await?;
    told(access, id, &secret).await
}

/// Revokes a client that is at this revision: it signs in no more, and its tokens are good no more.
pub async fn revoke(access: &Access, id: ClientId, revision: Revision) -> Result<Client> {
    find(access, id).await?;
    manages(access, id).await?;
    access
        .change("revokeClient", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            manages(change, id).await?;
            let which = client_secret::Column::ClientId.eq(id.0).into_condition();
            change.forget_secrets::<client_secret::Entity>(which).await?;
            let after = client::Model { disabled: true, ..row.clone() };
            change.update::<Entity>(&row, after).await
        })
        .await?;
    get(access, id).await
}

async fn keep(change: &Change, id: ClientId, hash: String) -> Result<()> {
    let row = client_secret::ActiveModel {
        client_id: Set(id.0),
        secret_hash: Set(hash),
        changed_at: Set(change.now().await?.0),
    };
    change.replace_secret(row).await
}

async fn told(access: &Access, id: ClientId, secret: &Secret) -> Result<ClientSecret> {
    let client = get(access, id).await?;
    Ok(ClientSecret { client, client_secret: secret.reveal().to_owned() })
}

/// Whether the caller manages access wherever a client has grants; anywhere at all, where it has
/// none.
async fn manages(access: &Access, id: ClientId) -> Result<()> {
    access.require_somewhere(Action::ManageAccess)?;
    let now = access.now().await?;
    let held = role_grant::Entity::find()
        .filter(role_grant::Column::ClientId.eq(id.0))
        .filter(role_grant::Column::ValidTo.is_null().or(role_grant::Column::ValidTo.gt(now.0)))
        .all(&access.db().await?)
        .await?;
    held.iter()
        .try_for_each(|grant| access.require(Action::ManageAccess, RegionId(grant.region_id)))
}

/// The clients this caller may see: itself, those with a grant where they manage access, and those
/// without any if they manage access at all.
fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(seen(access, Column::Id, role_grant::Column::ClientId))
}

pub(super) async fn find(access: &Access, id: ClientId) -> Result<client::Model> {
    let row = visible(access).filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("client"))
}

impl TryFrom<client::Model> for Client {
    type Error = Error;

    fn try_from(row: client::Model) -> Result<Self> {
        let scopes = Scope::parse_list(&row.scopes);
        Ok(Self {
            id: ClientId(row.id),
            name: row.name,
            scopes: scopes.ok_or_else(|| Error::impossible("a scope that is none"))?,
            valid_to: row.valid_to.map(Timestamp),
            disabled: row.disabled,
            revision: Revision(row.revision),
        })
    }
}
