//! Where a token becomes an `Actor`: the account or client behind it, with the grants in force.

use std::collections::HashSet;
use std::sync::Arc;

use entity::{account, client, role_grant, session};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::keys::{Keys, Shown};
use crate::access::{Access, Action, Actor, Grant, Reach, Scope, Timestamp};
use crate::error::{Code, Error, Result};
use crate::history::{Revision, Store};
use crate::message;
use crate::region;

/// Who is behind a token, with the grants in force now. `UNAUTHENTICATED` for a token that is not
/// ours, is over, or whose account, client or sign-in is closed.
pub async fn actor(store: &Arc<Store>, keys: &Keys, token: &str) -> Result<Actor> {
    let now = store.clock().now();
    let actor = match keys.verify(token, now)? {
        Shown::Person { account, session } => signed_in(store, (account, session), now).await?,
        Shown::Machine { client, scopes } => machine(store, (client, scopes), now).await?,
        Shown::Foreign { email } => foreign(store, &email, now).await?,
    };
    actor.ok_or_else(refused)
}

fn refused() -> Error {
    Error::new(Code::Unauthenticated, message::bad_token())
}

async fn signed_in(
    store: &Arc<Store>,
    (account, session): (Uuid, Uuid),
    now: Timestamp,
) -> Result<Option<Actor>> {
    let open = session::Entity::find_by_id(session)
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::ExpiresAt.gt(now.0))
        .one(store.live())
        .await?;
    if open.is_none() {
        return Ok(None);
    }
    let row = account::Entity::find_by_id(account).one(store.live()).await?;
    let open = row.is_some_and(|row| !row.disabled);
    if open { person(store, account, Some(session), now).await.map(Some) } else { Ok(None) }
}

async fn foreign(store: &Arc<Store>, email: &str, now: Timestamp) -> Result<Option<Actor>> {
    let account = account::Entity::find()
        .filter(account::Column::Email.eq(email))
        .filter(account::Column::Disabled.eq(false))
        .one(store.live())
        .await?;
    match account {
        Some(account) => person(store, account.id, None, now).await.map(Some),
        None => Ok(None),
    }
}

async fn person(
    store: &Arc<Store>,
    id: Uuid,
    session: Option<Uuid>,
    now: Timestamp,
) -> Result<Actor> {
    let (grants, province) = in_force(store, role_grant::Column::AccountId.eq(id), now).await?;
    Ok(Actor::Account { id, session, grants, province })
}

async fn machine(
    store: &Arc<Store>,
    (id, scopes): (Uuid, Vec<Scope>),
    now: Timestamp,
) -> Result<Option<Actor>> {
    let row = client::Entity::find_by_id(id).one(store.live()).await?;
    let in_time = |row: &client::Model| row.valid_to.is_none_or(|end| end > now.0);
    let Some(row) = row.filter(|row| !row.disabled && in_time(row)) else { return Ok(None) };
    // What its owner took away since the token was made is gone.
    let allowed = Scope::parse_list(&row.scopes).unwrap_or_default();
    let scopes = scopes.into_iter().filter(|scope| allowed.contains(scope)).collect();
    let (grants, province) = in_force(store, role_grant::Column::ClientId.eq(id), now).await?;
    Ok(Some(Actor::Client { id, scopes, grants, province }))
}

/// The grants that are in force at a time.
fn at(now: Timestamp) -> Condition {
    use role_grant::Column::{ValidFrom, ValidTo};
    Condition::all()
        .add(ValidFrom.is_null().or(ValidFrom.lte(now.0)))
        .add(ValidTo.is_null().or(ValidTo.gt(now.0)))
}

async fn in_force(
    store: &Arc<Store>,
    holder: sea_orm::sea_query::SimpleExpr,
    now: Timestamp,
) -> Result<(Vec<Grant>, Vec<Uuid>)> {
    let grants =
        role_grant::Entity::find().filter(holder).filter(at(now)).all(store.live()).await?;
    if grants.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    // Rights are today's, whatever moment the request is about.
    let public = Access::new(store.clone(), Actor::Public);
    let tree = region::tree(&public).await;
    public.finish().await;
    let tree = tree?;
    let grants: Vec<Grant> = grants.iter().map(|row| held(row, &tree)).collect();
    // What all offices of a province share is for offices, not for who works on one plan.
    let offices = grants.iter().filter(|grant| grant.reach(Action::SeeDrafts) > Reach::Plan);
    let province: HashSet<Uuid> =
        offices.flat_map(|grant| tree.province_of(grant.region)).collect();
    Ok((grants, province.into_iter().collect()))
}

/// A grant, with the regions it reaches.
pub(super) fn held(row: &role_grant::Model, tree: &region::Tree) -> Grant {
    Grant {
        id: row.id,
        role: row.role.into(),
        region: row.region_id,
        regions: tree.below(row.region_id),
        plan: row.plan_id,
        organization: row.organization_id,
        may_approve: row.may_approve,
        valid_from: row.valid_from.map(Timestamp),
        valid_to: row.valid_to.map(Timestamp),
        revision: Revision(row.revision),
    }
}
