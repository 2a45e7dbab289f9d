//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{GrantFilter, GrantOrder, HandOver, HeldGrant, NewGrant};
use crate::access::Access;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AccountId, AnyId, ClientId, GrantId, Id as _};
use crate::identity::account::Account;
use crate::identity::account::graphql::AccountKey;
use crate::identity::client::Client;
use crate::identity::client::graphql::ClientKey;
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::page::graphql::{Connection, asked};
use crate::plan::Plan;
use crate::plan::graphql::PlanKey;
use crate::region::Region;
use crate::region::graphql::RegionKey;
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Queries about grants.
#[derive(Default)]
pub struct GrantQuery;

#[Object]
impl GrantQuery {
    /// One grant; null where there is none that the caller sees.
    async fn grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<HeldGrant>> {
        ctx.loaders().look_up(GrantId::parse_at("id", &id).map(GrantKey)).await
    }

    /// The grants that fit: the caller's own, and those of the regions where they manage access;
    /// also those that are over or yet to begin.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are a contract")]
    async fn grants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which grants.")] filter: Option<GrantFilter>,
        #[graphql(desc = "In which order; as they were given if not said.")] order_by: Option<
            Vec<GrantOrder>,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<HeldGrant>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let (filter, order) = (filter.unwrap_or_default(), order_by.unwrap_or_default());
        super::page(ctx.access(), &filter, &order, &request).await.map(Into::into)
    }
}

/// Changes of grants.
#[derive(Default)]
pub struct GrantMutation;

#[Object]
impl GrantMutation {
    /// Grant a role to an account or a client. For who manages access there; the right to decide,
    /// for who has it there.
    async fn add_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: NewGrant,
    ) -> Result<GrantPayload> {
        GrantPayload::of(super::add_grant(ctx.access(), input).await)
    }

    /// Take away a grant that is at the revision you read. For who manages access there.
    async fn revoke_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which grant.")] input: RevokeGrantInput,
    ) -> Result<RevokeGrantPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::revoke(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| RevokeGrantPayload { id, errors })
    }

    /// Pass a person's grant that is at the revision you read on to another account. For its
    /// holder, and for who manages access there.
    async fn hand_over_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which grant, and to whom.")] input: HandOverGrantInput,
    ) -> Result<GrantPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::hand_over(ctx.access(), id, revision, input.to).await
        };
        GrantPayload::of(done.await)
    }
}

/// Which grant is to be taken away.
#[derive(Debug, InputObject)]
struct RevokeGrantInput {
    /// Which grant.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// Which grant is handed over, and to whom.
#[derive(Debug, InputObject)]
struct HandOverGrantInput {
    /// Which grant.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    to: HandOver,
}

/// A grant as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct GrantPayload {
    /// The grant; null where something is wrong.
    grant: Option<HeldGrant>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl GrantPayload {
    fn of(done: Result<HeldGrant>) -> Result<Self> {
        payload(done).map(|(grant, errors)| Self { grant, errors })
    }
}

/// The grant that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct RevokeGrantPayload {
    /// Its id; null where something is wrong.
    id: Option<GrantId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl HeldGrant {
    /// In this region and everything below it.
    async fn region(&self, ctx: &Context<'_>) -> Result<Region> {
        ctx.loaders().one(RegionKey(self.region_id)).await
    }

    /// Only for this plan; null where it is for all, or for one that the caller does not see.
    async fn plan(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        ctx.loaders().maybe(self.plan_id.map(PlanKey)).await
    }

    /// In the name of this organization, if of any.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        ctx.loaders().maybe(self.organization_id.map(OrganizationKey)).await
    }

    /// The account that holds it, if the caller sees it.
    async fn account(&self, ctx: &Context<'_>) -> Option<Result<Account>> {
        ctx.loaders().maybe(self.account_id.map(AccountKey)).await
    }

    /// The client that holds it, if the caller sees it.
    async fn client(&self, ctx: &Context<'_>) -> Option<Result<Client>> {
        ctx.loaders().maybe(self.client_id.map(ClientKey)).await
    }
}

/// A grant, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GrantKey(pub GrantId);

impl Loader<GrantKey> for Access {
    type Value = HeldGrant;
    type Error = Error;

    async fn load(&self, keys: &[GrantKey]) -> Result<HashMap<GrantKey, HeldGrant>> {
        let grants = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(grants.into_iter().map(|grant| (GrantKey(grant.id), grant)).collect())
    }
}

/// The grants of an account, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OfAccountKey(pub AccountId);

impl Loader<OfAccountKey> for Access {
    type Value = Vec<HeldGrant>;
    type Error = Error;

    async fn load(&self, keys: &[OfAccountKey]) -> Result<HashMap<OfAccountKey, Vec<HeldGrant>>> {
        let accounts: Vec<AccountId> = keys.iter().map(|key| key.0).collect();
        let grants = super::of_accounts(self, &accounts).await?.into_iter();
        Ok(grouped(grants.filter_map(|grant| Some((OfAccountKey(grant.account_id?), grant)))))
    }
}

/// The grants of a client, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OfClientKey(pub ClientId);

impl Loader<OfClientKey> for Access {
    type Value = Vec<HeldGrant>;
    type Error = Error;

    async fn load(&self, keys: &[OfClientKey]) -> Result<HashMap<OfClientKey, Vec<HeldGrant>>> {
        let clients: Vec<ClientId> = keys.iter().map(|key| key.0).collect();
        let grants = super::of_clients(self, &clients).await?.into_iter();
        Ok(grouped(grants.filter_map(|grant| Some((OfClientKey(grant.client_id?), grant)))))
    }
}
