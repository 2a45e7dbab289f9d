//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{Client, ClientSecret, NewClient};
use crate::access::Access;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, ClientId, Id as _};
use crate::identity::HeldGrant;
use crate::identity::grant::graphql::OfClientKey;
use crate::wire::graphql::{AccessExt as _, at_revision};

/// Queries about clients.
#[derive(Default)]
pub struct ClientQuery;

#[Object]
impl ClientQuery {
    /// The clients of the regions where the caller manages access, as they were opened; a client
    /// sees itself.
    async fn clients(&self, ctx: &Context<'_>) -> Result<Vec<Client>> {
        super::list(ctx.access()).await
    }
}

/// Changes of clients.
#[derive(Default)]
pub struct ClientMutation;

#[Object]
impl ClientMutation {
    /// Open a client. Its secret is in this answer and nowhere else. For who manages access.
    async fn create_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: NewClient,
    ) -> Result<ClientSecretPayload> {
        ClientSecretPayload::of(super::add_client(ctx.access(), input).await)
    }

    /// Give a client another secret; the one before is good no more.
    async fn rotate_client_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] input: RotateClientSecretInput,
    ) -> Result<ClientSecretPayload> {
        let done =
            async { super::rotate(ctx.access(), ClientId::parse_at("id", &input.id)?).await };
        ClientSecretPayload::of(done.await)
    }

    /// Revoke a client that is at the revision you read: its tokens are good no more, at once.
    async fn revoke_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] input: RevokeClientInput,
    ) -> Result<ClientPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::revoke(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(client, errors)| ClientPayload { client, errors })
    }
}

/// Which client gets another secret.
#[derive(Debug, InputObject)]
struct RotateClientSecretInput {
    /// Which client.
    id: AnyId,
}

/// Which client is to be revoked.
#[derive(Debug, InputObject)]
struct RevokeClientInput {
    /// Which client.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// A client as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct ClientPayload {
    /// The client; null where something is wrong.
    client: Option<Client>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

/// A client with its secret, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct ClientSecretPayload {
    /// The client; null where something is wrong.
    client: Option<Client>,
    /// Its secret: shown here and nowhere else.
    client_secret: Option<String>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl ClientSecretPayload {
    fn of(done: Result<ClientSecret>) -> Result<Self> {
        let (opened, errors) = payload(done)?;
        let (client, client_secret) = opened.map(|it| (it.client, it.client_secret)).unzip();
        Ok(Self { client, client_secret, errors })
    }
}

#[ComplexObject]
impl Client {
    /// What it may be, and where, as far as the caller sees it; also what is over or yet to begin.
    async fn grants(&self, ctx: &Context<'_>) -> Result<Vec<HeldGrant>> {
        ctx.loaders().list(OfClientKey(self.id)).await
    }
}

/// A client, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientKey(pub ClientId);

impl Loader<ClientKey> for Access {
    type Value = Client;
    type Error = Error;

    async fn load(&self, keys: &[ClientKey]) -> Result<HashMap<ClientKey, Client>> {
        let clients = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(clients.into_iter().map(|client| (ClientKey(client.id), client)).collect())
    }
}
