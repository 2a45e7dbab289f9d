//! Grants: who may be what, in a region and everything below it, perhaps for one plan, perhaps in
//! the name of an organization, perhaps for a time.
//!
//! A post is handed over by its holder or by who manages access there: what one loses the other
//! has, in one change.

mod edit;
pub mod graphql;
mod list;
pub mod rest;

use async_graphql::SimpleObject;
use entity::role_grant::{self, Column, Entity};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::Serialize;
use utoipa::ToSchema;

pub use edit::{HandOver, NewGrant, add_grant, hand_over, revoke};
pub use list::{GrantFilter, GrantOrder, page};

use super::account::{by_email, normal};
use crate::access::{Access, Action, Actor, Grant, Role, Timestamp};
use crate::error::{Error, Result};
use crate::history::Revision;
use crate::id::{AccountId, ClientId, GrantId, OrganizationId, PlanId, RegionId};

/// What somebody may be, and where.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct HeldGrant {
    /// Its id.
    pub id: GrantId,
    /// The account that holds it; null where a client does.
    pub account_id: Option<AccountId>,
    /// The client that holds it; null where an account does.
    pub client_id: Option<ClientId>,
    /// What they may be.
    pub role: Role,
    /// In this region and everything below it.
    #[graphql(skip)]
    pub region_id: RegionId,
    /// Only for this plan; null where it is for all.
    pub plan_id: Option<PlanId>,
    /// In the name of this organization, if of any.
    #[graphql(skip)]
    pub organization_id: Option<OrganizationId>,
    /// Whether they decide for it.
    pub may_approve: bool,
    /// Since when; null for ever since.
    pub valid_from: Option<Timestamp>,
    /// Until when; null for good.
    pub valid_to: Option<Timestamp>,
    /// The revision that last wrote it; what revoking takes.
    pub revision: Revision,
}

impl HeldGrant {
    /// A grant in force, as its holder sees it.
    pub(super) fn of(actor: &Actor, held: &Grant) -> Self {
        Self {
            id: GrantId(held.id),
            account_id: actor.account().map(AccountId),
            client_id: actor.client().map(ClientId),
            role: held.role,
            region_id: RegionId(held.region),
            plan_id: held.plan.map(PlanId),
            organization_id: held.organization.map(OrganizationId),
            may_approve: held.may_approve,
            valid_from: held.valid_from,
            valid_to: held.valid_to,
            revision: held.revision,
        }
    }
}

/// One grant. `NOT_FOUND` where the caller sees none.
pub async fn get(access: &Access, id: GrantId) -> Result<HeldGrant> {
    find(access, id).await.map(HeldGrant::from)
}

/// These grants, as far as the caller sees them.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = GrantId>,
) -> Result<Vec<HeldGrant>> {
    held(access, access.any_of(Column::Id, ids.into_iter().map(|id| id.0))).await
}

/// The grants of these accounts that the caller sees, as they were given.
pub async fn of_accounts(access: &Access, accounts: &[AccountId]) -> Result<Vec<HeldGrant>> {
    held(access, access.any_of(Column::AccountId, accounts.iter().map(|id| id.0))).await
}

/// The grants of these clients that the caller sees, as they were given.
pub async fn of_clients(access: &Access, clients: &[ClientId]) -> Result<Vec<HeldGrant>> {
    held(access, access.any_of(Column::ClientId, clients.iter().map(|id| id.0))).await
}

async fn held(access: &Access, of: sea_orm::sea_query::SimpleExpr) -> Result<Vec<HeldGrant>> {
    let rows = visible(access).filter(of).order_by_asc(Column::Id);
    let rows = rows.all(&access.db().await?).await?;
    Ok(rows.into_iter().map(HeldGrant::from).collect())
}

/// Whether an account of this address has any grant.
pub async fn is_granted(access: &Access, email: &str) -> Result<bool> {
    let Some(account) = by_email(access, &normal(email)).await? else { return Ok(false) };
    let held = visible(access).filter(Column::AccountId.eq(account.id));
    Ok(held.one(&access.db().await?).await?.is_some())
}

/// The grants this caller may see: their own, and those where they manage access.
fn visible(access: &Access) -> Select<Entity> {
    let actor = access.actor();
    if matches!(actor, Actor::Operator) {
        return Entity::find();
    }
    let there = access.any_of(Column::RegionId, actor.regions(Action::ManageAccess));
    let seen = Condition::any()
        .add(there)
        .add_option(actor.account().map(|own| Column::AccountId.eq(own)))
        .add_option(actor.client().map(|own| Column::ClientId.eq(own)));
    Entity::find().filter(seen)
}

async fn find(access: &Access, id: GrantId) -> Result<role_grant::Model> {
    let row = visible(access).filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("grant"))
}

impl From<role_grant::Model> for HeldGrant {
    fn from(row: role_grant::Model) -> Self {
        Self {
            id: GrantId(row.id),
            account_id: row.account_id.map(AccountId),
            client_id: row.client_id.map(ClientId),
            role: row.role.into(),
            region_id: RegionId(row.region_id),
            plan_id: row.plan_id.map(PlanId),
            organization_id: row.organization_id.map(OrganizationId),
            may_approve: row.may_approve,
            valid_from: row.valid_from.map(Timestamp),
            valid_to: row.valid_to.map(Timestamp),
            revision: Revision(row.revision),
        }
    }
}
