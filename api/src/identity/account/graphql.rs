//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{
    Account, AccountChange, AccountFilter, AccountInput, AccountOrder, Invitation, Invited,
};
use crate::access::Access;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AccountId, AnyId, Id as _};
use crate::identity::HeldGrant;
use crate::identity::grant::graphql::OfAccountKey;
use crate::page::graphql::{Connection, asked};
use crate::wire::graphql::{AccessExt as _, at_revision};

/// Queries about accounts.
#[derive(Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// One account; null where there is none that the caller sees.
    async fn account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<Account>> {
        ctx.loaders().look_up(AccountId::parse_at("id", &id).map(AccountKey)).await
    }

    /// The accounts that fit: the caller's own, and those of the regions where they manage access.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are a contract")]
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which accounts.")] filter: Option<AccountFilter>,
        #[graphql(desc = "In which order; as they were opened if not said.")] order_by: Option<
            Vec<AccountOrder>,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Account>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let (filter, order) = (filter.unwrap_or_default(), order_by.unwrap_or_default());
        super::page(ctx.access(), &filter, &order, &request).await.map(Into::into)
    }
}

/// Changes of accounts.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Open an account, without a password until its owner is invited. For who manages access.
    async fn create_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: AccountInput,
    ) -> Result<AccountPayload> {
        AccountPayload::of(super::create(ctx.access(), input).await)
    }

    /// Change an account that is at the revision you read. For who manages access wherever it has
    /// grants; its name for its holder, too.
    async fn update_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account, and what about it.")] input: UpdateAccountInput,
    ) -> Result<AccountPayload> {
        AccountPayload::of(changed(ctx, &input.id, &input.revision, input.change).await)
    }

    /// Close an account that is at the revision you read, with all its sign-ins.
    async fn disable_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account.")] input: DisableAccountInput,
    ) -> Result<AccountPayload> {
        let wanted = AccountChange { disabled: Some(true), ..AccountChange::default() };
        AccountPayload::of(changed(ctx, &input.id, &input.revision, wanted).await)
    }

    /// Invite somebody to choose the password of an account, opening it if need be. The token is in
    /// this answer and nowhere else.
    async fn invite_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who.")] input: Invitation,
    ) -> Result<InvitationPayload> {
        let done = super::invite(ctx.access(), input).await;
        payload(done).map(|(invitation, errors)| InvitationPayload { invitation, errors })
    }
}

async fn changed(
    ctx: &Context<'_>,
    id: &AnyId,
    revision: &AnyRevision,
    wanted: AccountChange,
) -> Result<Account> {
    let (id, revision) = at_revision(id, revision)?;
    super::update(ctx.access(), id, revision, wanted).await
}

/// Which account is to change, and how. What is left out stays.
#[derive(Debug, InputObject)]
struct UpdateAccountInput {
    /// Which account.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    change: AccountChange,
}

/// Which account is to be closed.
#[derive(Debug, InputObject)]
struct DisableAccountInput {
    /// Which account.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// An account as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct AccountPayload {
    /// The account; null where something is wrong.
    account: Option<Account>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl AccountPayload {
    fn of(done: Result<Account>) -> Result<Self> {
        payload(done).map(|(account, errors)| Self { account, errors })
    }
}

/// An invitation, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct InvitationPayload {
    /// The invitation; null where something is wrong.
    invitation: Option<Invited>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl Account {
    /// What it may be, and where, as far as the caller sees it; also what is over or yet to begin.
    async fn grants(&self, ctx: &Context<'_>) -> Result<Vec<HeldGrant>> {
        ctx.loaders().list(OfAccountKey(self.id)).await
    }
}

/// An account, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccountKey(pub AccountId);

impl Loader<AccountKey> for Access {
    type Value = Account;
    type Error = Error;

    async fn load(&self, keys: &[AccountKey]) -> Result<HashMap<AccountKey, Account>> {
        let accounts = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(accounts.into_iter().map(|account| (AccountKey(account.id), account)).collect())
    }
}
