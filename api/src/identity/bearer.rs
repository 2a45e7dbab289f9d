//! Where a token becomes an `Actor`: the account or client behind it, with the grants in force.

use std::collections::HashSet;
use std::sync::Arc;

use entity::code::AdviceState;
use entity::{account, advice_case, client, role_grant, session};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect as _};
use uuid::Uuid;

use super::keys::{Keys, Shown};
use crate::access::{Access, Action, Actor, Grant, Reach, Scope, Site, Timestamp};
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
    let rights = in_force(store, role_grant::Column::AccountId.eq(id), now).await?;
    let Rights { grants, province, advised } = rights;
    Ok(Actor::Account { id, session, grants, province, advised })
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
    let rights = in_force(store, role_grant::Column::ClientId.eq(id), now).await?;
    let Rights { grants, province, advised } = rights;
    Ok(Some(Actor::Client { id, scopes, grants, province, advised }))
}

/// The grants that are in force at a time.
fn at(now: Timestamp) -> Condition {
    use role_grant::Column::{ValidFrom, ValidTo};
    Condition::all()
        .add(ValidFrom.is_null().or(ValidFrom.lte(now.0)))
        .add(ValidTo.is_null().or(ValidTo.gt(now.0)))
}

/// What somebody may, at one request.
#[derive(Default)]
struct Rights {
    grants: Vec<Grant>,
    province: Vec<Uuid>,
    advised: Vec<Uuid>,
}

async fn in_force(
    store: &Arc<Store>,
    holder: sea_orm::sea_query::SimpleExpr,
    now: Timestamp,
) -> Result<Rights> {
    let grants =
        role_grant::Entity::find().filter(holder).filter(at(now)).all(store.live()).await?;
    if grants.is_empty() {
        return Ok(Rights::default());
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
    let advised = asked_about(store, &grants).await?;
    Ok(Rights { grants, province: province.into_iter().collect(), advised })
}

/// The plans with an open case that is addressed to an organization in whose name one of these
/// grants advises there: what its holder may read while it is open.
async fn asked_about(store: &Arc<Store>, grants: &[Grant]) -> Result<Vec<Uuid>> {
    use advice_case::Column::{AdviserId, PlanId, RegionId, State};
    let advises = |grant: &&Grant| grant.reach(Action::GiveAdvice) > Reach::Nowhere;
    let names: HashSet<Uuid> =
        grants.iter().filter(advises).filter_map(|grant| grant.organization).collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let open = advice_case::Entity::find()
        .filter(AdviserId.is_in(names))
        .filter(State.is_in(AdviceState::OPEN))
        .select_only()
        .columns([AdviserId, RegionId, PlanId])
        .into_tuple::<(Uuid, Uuid, Uuid)>();
    let theirs = |(adviser, region, plan)| {
        let (adviser, site) = (Some(adviser), Site::of_plan(region, plan));
        let asked =
            |grant: &Grant| grant.organization == adviser && grant.allows(Action::GiveAdvice, site);
        grants.iter().any(asked).then_some(plan)
    };
    Ok(open.all(store.live()).await?.into_iter().filter_map(theirs).collect())
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
