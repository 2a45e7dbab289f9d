use std::sync::Arc;

use entity::{client, client_secret};
use sea_orm::EntityTrait;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::secret;
use super::super::{Keys, TOKEN_SECONDS};
use crate::access::{Scope, Timestamp};
use crate::error::{Error, Result};
use crate::history::Store;
use crate::id::{AnyId, ClientId, Id as _};

/// What a machine shows to get a token (RFC 6749, 4.4).
#[derive(Clone)]
pub struct Asked {
    /// Which client it says it is.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The scopes it asks for; all it has if not said.
    pub scope: Option<String>,
}

/// A machine's token (RFC 6749, 5.1).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClientToken {
    /// The token, to be shown as `Authorization: Bearer …`.
    pub access_token: String,
    /// How to show it: `Bearer`.
    pub token_type: &'static str,
    /// How long it is good for, in seconds.
    pub expires_in: i64,
    /// What it may be used for, separated by blanks.
    pub scope: String,
}

/// Why there is no token (RFC 6749, 5.2).
#[derive(Clone, Debug)]
pub enum TokenRefusal {
    /// The request lacks something, or says it twice.
    InvalidRequest,
    /// Unknown client, or a wrong secret, or one that is revoked or over: all alike.
    InvalidClient,
    /// Only machines sign in here.
    UnsupportedGrantType,
    /// A scope that does not exist or that the client does not have.
    InvalidScope,
    /// It is not about what the request says: too many tries, or a failure of ours.
    Otherwise(Error),
}

impl From<Error> for TokenRefusal {
    fn from(error: Error) -> Self {
        Self::Otherwise(error)
    }
}

/// A token for a client that shows its secret. How it fails says nothing of whether it exists.
pub async fn token(
    store: &Arc<Store>,
    keys: &Keys,
    asked: &Asked,
) -> std::result::Result<ClientToken, TokenRefusal> {
    let now = store.clock().now();
    let client = known(store, asked, now).await?.ok_or(TokenRefusal::InvalidClient)?;
    let allowed = Scope::parse_list(&client.scopes).unwrap_or_default();
    let scopes = match &asked.scope {
        None => allowed,
        Some(wanted) => Scope::parse_list(wanted)
            .filter(|wanted| !wanted.is_empty())
            .filter(|wanted| wanted.iter().all(|scope| allowed.contains(scope)))
            .ok_or(TokenRefusal::InvalidScope)?,
    };
    let access_token = keys.sign_machine(client.id, &scopes, now)?;
    let scope = Scope::list(&scopes);
    Ok(ClientToken { access_token, token_type: "Bearer", expires_in: TOKEN_SECONDS, scope })
}

/// The client, if the secret is its own and it may sign in.
async fn known(store: &Arc<Store>, asked: &Asked, now: Timestamp) -> Result<Option<client::Model>> {
    let shown = secret::hash(&asked.client_secret);
    // An id that is none is looked up all the same.
    let id =
        ClientId::parse(&AnyId(asked.client_id.clone())).unwrap_or(ClientId(uuid::Uuid::nil()));
    let kept = client_secret::Entity::find_by_id(id.0).one(store.live()).await?;
    let client = client::Entity::find_by_id(id.0).one(store.live()).await?;
    let right = kept.is_some_and(|kept| kept.secret_hash == shown);
    let in_time = |client: &client::Model| client.valid_to.is_none_or(|end| end > now.0);
    Ok(client.filter(|client| right && !client.disabled && in_time(client)))
}
