//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object};

use super::{Extension, Obligation, Withdrawn};
use crate::access::Access;
use crate::error::graphql::payload;
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, ExtensionId};
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::procedure::obligations::graphql::{ObligationPayload, OfKey};
use crate::wire::graphql::{AccessExt as _, at_revision};

/// Changes of extensions.
#[derive(Default)]
pub struct ExtensionMutation;

#[Object]
impl ExtensionMutation {
    /// Withdraw an extension that is at the revision you read, with a reason: the duty is due as it
    /// was without it. For who oversees its body.
    async fn withdraw_extension(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which extension, and why.")] input: WithdrawExtensionInput,
    ) -> Result<ObligationPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::withdraw(ctx.access(), id, revision, input.withdrawn).await
        };
        let (obligation, errors) = payload(done.await)?;
        Ok(ObligationPayload { obligation, errors })
    }
}

/// Which extension is withdrawn, and why.
#[derive(Debug, InputObject)]
struct WithdrawExtensionInput {
    /// Which extension.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    withdrawn: Withdrawn,
}

#[ComplexObject]
impl Extension {
    /// The duty that it gives more time for, as it stands today.
    async fn obligation(&self, ctx: &Context<'_>) -> Result<Obligation> {
        ctx.loaders().one(OfKey(self.duty()?)).await
    }

    /// Who gave it.
    async fn by(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        ctx.loaders().maybe(self.by.as_ref().map(|body| OrganizationKey(body.id))).await
    }
}

/// An extension by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExtensionKey(pub ExtensionId);

impl Loader<ExtensionKey> for Access {
    type Value = Extension;
    type Error = Error;

    async fn load(&self, keys: &[ExtensionKey]) -> Result<HashMap<ExtensionKey, Extension>> {
        let found = super::extensions(self, keys.iter().map(|key| key.0)).await?;
        Ok(found.into_iter().map(|it| (ExtensionKey(it.id), it)).collect())
    }
}
