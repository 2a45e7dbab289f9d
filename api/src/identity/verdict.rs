//! Why somebody may not do something, and who could.

use entity::role_grant;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::bearer::held;
use crate::access::{Access, Action, Actor, Grant, Site, policy};
use crate::error::{Error, Result};
use crate::id::AnyId;
use crate::message::{self, Text};
use crate::region::{self, RegionBy};

/// Whether the caller may do something, and why not.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Why not; none where they may.
    pub reason: Option<Text>,
    /// The roles that may.
    pub who_may: String,
}

/// Whether the caller may do this in a region, or to a plan. `NOT_FOUND` for a region or plan that
/// they do not see.
pub async fn why_not(
    access: &Access,
    action: Action,
    region: Option<&RegionBy>,
    plan: Option<&AnyId>,
) -> Result<Verdict> {
    let site = site(access, region, plan).await?;
    let reason = match access.actor().may(action, site) {
        true => None,
        false => Some(reason(access, action, site).await?),
    };
    Ok(Verdict { reason, who_may: policy::who_may(action) })
}

async fn site(access: &Access, region: Option<&RegionBy>, plan: Option<&AnyId>) -> Result<Site> {
    let region = match region {
        Some(by) => Some(region::get(access, by).await.map_err(|error| error.at("region"))?.id),
        None => None,
    };
    let plan = match plan {
        Some(by) => Some(
            access.site_of_plan(by).await?.ok_or_else(|| Error::not_found("plan").at("plan"))?,
        ),
        None => None,
    };
    match (region, plan) {
        (Some(region), Some(plan)) if plan.region != region.0 => {
            Err(Error::invalid("region", message::other_region()))
        }
        (_, Some(plan)) => Ok(plan),
        (Some(region), None) => Ok(region.into()),
        (None, None) => Err(Error::invalid("region", message::region_or_plan())),
    }
}

async fn reason(access: &Access, action: Action, site: Site) -> Result<Text> {
    let actor = access.actor();
    if matches!(actor, Actor::Public) {
        return Ok(message::unauthenticated());
    }
    if !actor.in_scope(action) {
        return Ok(policy::scope(action)
            .map_or_else(message::no_machine, |scope| message::scope_missing(scope.as_str())));
    }
    let deciding = |grant: &Grant| Grant { may_approve: true, ..grant.clone() };
    if actor.grants().iter().any(|grant| deciding(grant).allows(action, site)) {
        return Ok(message::needs_may_approve());
    }
    let idle = not_in_force(access).await?;
    let would = idle.into_iter().find(|grant| grant.allows(action, site));
    Ok(would.map_or_else(|| message::no_grant_here(&policy::who_may(action)), told))
}

#[expect(clippy::needless_pass_by_value, reason = "the last that is said of it")]
fn told(grant: Grant) -> Text {
    let time = |time: Option<crate::access::Timestamp>| {
        time.map_or_else(|| "…".to_owned(), |time| time.to_string())
    };
    let (from, to) = (time(grant.valid_from), time(grant.valid_to));
    message::grant_not_in_force(grant.role.as_str(), &from, &to)
}

/// The caller's grants that are over or have not begun.
async fn not_in_force(access: &Access) -> Result<Vec<Grant>> {
    let actor = access.actor();
    let holder = match (actor.account(), actor.client()) {
        (Some(id), _) => role_grant::Column::AccountId.eq(id),
        (_, Some(id)) => role_grant::Column::ClientId.eq(id),
        _ => return Ok(Vec::new()),
    };
    // Which are in force is today's, whatever moment the request is about.
    let current: Vec<_> = actor.grants().iter().map(|grant| grant.id).collect();
    let rows = role_grant::Entity::find().filter(holder).all(&access.db().await?).await?;
    let tree = region::tree(access).await?;
    let rows = rows.iter().filter(|row| !current.contains(&row.id));
    Ok(rows.map(|row| held(row, &tree)).collect())
}
