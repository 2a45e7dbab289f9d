use async_graphql::InputObject;
use entity::role_grant::{self, Entity};
use entity::{account, client};
use sea_orm::EntityTrait as _;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::account::{by_email, find as find_account, normal};
use super::super::client::find as find_client;
use super::{HeldGrant, find, get, visible};
use crate::access::{Access, Action, Actor, Role, Site, Timestamp};
use crate::error::{Code, Error, Faults, Result};
use crate::history::{Change, Revision};
use crate::id::{AccountId, AnyId, ClientId, GrantId, Id, OrganizationId, RegionId};
use crate::message;
use crate::organization;
use crate::region::{self, Region, RegionBy, RegionLevel};

/// What it takes to grant a role: to an account by its id or e-mail address, or to a client.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewGrant {
    /// To this account.
    pub account: Option<AnyId>,
    /// To the account of this e-mail address.
    pub email: Option<String>,
    /// To this client.
    pub client: Option<AnyId>,
    /// What they may be: PROVINCE_OFFICER in provinces, MUNICIPAL_OFFICER in cities and counties.
    pub role: Role,
    /// In this region and everything below it.
    pub region: RegionBy,
    /// Only for this plan, by its id or its name in the data pack; a contractor's always is.
    pub plan: Option<AnyId>,
    /// In the name of this organization.
    pub organization: Option<AnyId>,
    /// Whether they decide for it; not if not said. Only who decides there may say so.
    pub may_approve: Option<bool>,
    /// From then; at once if not said.
    pub valid_from: Option<Timestamp>,
    /// Until then; for good if not said. A contractor's always ends.
    pub valid_to: Option<Timestamp>,
}

impl NewGrant {
    /// A role in the region of a code, for good, for the account of an address.
    pub fn to_account(email: &str, role: Role, region: &str) -> Self {
        Self {
            account: None,
            email: Some(email.to_owned()),
            client: None,
            role,
            region: RegionBy::Code(region.to_owned()),
            plan: None,
            organization: None,
            may_approve: None,
            valid_from: None,
            valid_to: None,
        }
    }
}

/// To whom a post is handed over.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HandOver {
    /// The account of this e-mail address.
    pub email: String,
}

/// Who will hold a grant.
#[derive(Clone, Copy, Debug, Default)]
struct Holder {
    account: Option<Uuid>,
    client: Option<Uuid>,
}

/// Grants a role. For who manages access there; the right to decide, for who has it there.
/// `NOT_FOUND` for a holder, region, plan or organization that the caller does not see.
pub async fn add_grant(access: &Access, new: NewGrant) -> Result<HeldGrant> {
    access.require_somewhere(Action::ManageAccess)?;
    let region = region::get(access, &new.region).await.map_err(|error| error.at("region"))?;
    access.require(Action::ManageAccess, region.id)?;
    if new.may_approve == Some(true) {
        access.require(Action::PublishPlan, region.id)?;
    }
    let now = access.now().await?;
    check(&new, &region, now)?;
    let plan = plan(access, &new, region.id).await?;
    let organization = organization(access, new.organization.as_ref()).await?;
    let id = GrantId::new();
    access
        .change("addGrant", async move |change| {
            let holder = holder(change, &new).await?;
            let row = role_grant::Model {
                id: id.0,
                account_id: holder.account,
                client_id: holder.client,
                role: new.role.into(),
                region_id: region.id.0,
                plan_id: plan.and_then(|site| site.plan),
                organization_id: organization,
                may_approve: new.may_approve.unwrap_or_default(),
                valid_from: new.valid_from.map(|time| time.0),
                valid_to: new.valid_to.map(|time| time.0),
                revision: change.revision(),
            };
            change.insert::<Entity>(row).await
        })
        .await?;
    get(access, id).await
}

/// What a grant says must fit together.
fn check(new: &NewGrant, region: &Region, now: Timestamp) -> Result<()> {
    let (role, mut faults) = (new.role, Faults::default());
    let name = role.as_str();
    faults.rule(fits(role, region.level), "role", message::role_level(name));
    let narrowed = new.plan.is_some();
    faults.rule(narrowed || !role.is_for_one_plan(), "plan", message::plan_needed(name));
    faults.rule(!narrowed || role.may_be_narrowed(), "plan", message::plan_not_narrowing(name));
    let ends = new.valid_to.is_some();
    faults.rule(ends || !role.is_for_one_plan(), "validTo", message::period_needed(name));
    let in_order = new.valid_from.zip(new.valid_to).is_none_or(|(from, to)| from < to);
    faults.rule(in_order, "validTo", message::end_before_start());
    let ahead = new.valid_to.is_none_or(|to| to > now);
    faults.rule(ahead || !in_order, "validTo", message::in_the_past());
    faults.into_error().map_or(Ok(()), Err)
}

/// A city's official at a province would be one of all its cities.
const fn fits(role: Role, level: RegionLevel) -> bool {
    match role {
        Role::ProvinceOfficer => matches!(level, RegionLevel::Province),
        Role::MunicipalOfficer => {
            matches!(level, RegionLevel::Municipality | RegionLevel::District)
        }
        Role::Admin | Role::SupportCentre | Role::Contractor | Role::Advisor => true,
    }
}

/// The plan a grant is narrowed to: one of its region, or of one below.
async fn plan(access: &Access, new: &NewGrant, region: RegionId) -> Result<Option<Site>> {
    let Some(by) = &new.plan else { return Ok(None) };
    let unknown = || Error::not_found("plan").at("plan");
    let site = access.site_of_plan(by).await?.ok_or_else(unknown)?;
    let within = region::tree(access).await?.below(region.0).contains(&site.region);
    if within { Ok(Some(site)) } else { Err(Error::invalid("plan", message::plan_elsewhere())) }
}

/// In whose name.
async fn organization(access: &Access, id: Option<&AnyId>) -> Result<Option<Uuid>> {
    let Some(id) = id else { return Ok(None) };
    let known = async { organization::get(access, OrganizationId::parse(id)?).await };
    known.await.map(|known| Some(known.id.0)).map_err(|error| error.at("organization"))
}

async fn holder(change: &Change, new: &NewGrant) -> Result<Holder> {
    match (&new.account, &new.email, &new.client) {
        (Some(id), None, None) => {
            let row = find_account(change, AccountId::parse_at("account", id)?).await;
            person(row.map_err(|error| error.at("account"))?, "account")
        }
        (None, Some(email), None) => {
            let unknown = || Error::not_found("account").at("email");
            let row = by_email(change, &normal(email)).await?.ok_or_else(unknown)?;
            let row = find_account(change, AccountId(row.id)).await;
            person(row.map_err(|error| error.at("email"))?, "email")
        }
        (None, None, Some(id)) => {
            let row = find_client(change, ClientId::parse_at("client", id)?).await;
            machine(&row.map_err(|error| error.at("client"))?)
        }
        _ => Err(Error::invalid("account", message::one_holder())),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what becomes of the row that was found")]
fn person(row: account::Model, field: &str) -> Result<Holder> {
    if row.disabled {
        return Err(Error::invalid(field, message::account_disabled()));
    }
    Ok(Holder { account: Some(row.id), client: None })
}

fn machine(row: &client::Model) -> Result<Holder> {
    if row.disabled {
        return Err(Error::invalid("client", message::account_disabled()));
    }
    Ok(Holder { account: None, client: Some(row.id) })
}

/// Takes away a grant that is at this revision. For who manages access there.
pub async fn revoke(access: &Access, id: GrantId, revision: Revision) -> Result<GrantId> {
    let row = find(access, id).await?;
    access.require(Action::ManageAccess, RegionId(row.region_id))?;
    access
        .change("revokeGrant", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

/// Passes a person's grant that is at this revision on to another account: the old one ends and the
/// new one begins, in one change. For its holder, and for who manages access there.
pub async fn hand_over(
    access: &Access,
    id: GrantId,
    revision: Revision,
    to: HandOver,
) -> Result<HeldGrant> {
    let row = find(access, id).await?;
    may_hand_over(access, &row)?;
    let next = GrantId::new();
    access
        .change("handOverGrant", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            may_hand_over(change, &row)?;
            let email = normal(&to.email);
            let heir = by_email(change, &email).await?.filter(|heir| !heir.disabled);
            let heir = heir.ok_or_else(|| Error::not_found("account").at("email"))?;
            pass_on(change, row, (next, heir.id)).await
        })
        .await?;
    // Its former holder does not see it any more; what was done they may know.
    match find(access, next).await {
        Err(error) if error.code() == Code::NotFound => passed(access, next).await,
        found => found.map(HeldGrant::from),
    }
}

async fn passed(access: &Access, id: GrantId) -> Result<HeldGrant> {
    let row = Entity::find_by_id(id.0).one(&access.db().await?).await?;
    row.map(HeldGrant::from).ok_or_else(|| Error::not_found("grant"))
}

fn may_hand_over(access: &Access, row: &role_grant::Model) -> Result<()> {
    if row.account_id.is_none() {
        return Err(Error::invalid("id", message::only_people()));
    }
    let own = row.account_id == access.actor().account();
    let in_force = || access.actor().grants().iter().any(|grant| grant.id == row.id);
    match access.actor() {
        // What is over, or has not begun, is not theirs to give.
        Actor::Account { .. } if own && in_force() => Ok(()),
        _ => access.require(Action::ManageAccess, RegionId(row.region_id)),
    }
}

async fn pass_on(
    change: &Change,
    row: role_grant::Model,
    (next, heir): (GrantId, Uuid),
) -> Result<()> {
    if row.account_id == Some(heir) {
        return Err(Error::invalid("email", message::same_holder()));
    }
    let now = change.now().await?.0;
    if row.valid_to.is_some_and(|end| end <= now) {
        return Err(Error::invalid("id", message::in_the_past()));
    }
    let begun = row.valid_from.is_none_or(|from| from < now);
    let after = role_grant::Model {
        id: next.0,
        account_id: Some(heir),
        valid_from: if begun { Some(now) } else { row.valid_from },
        revision: change.revision(),
        ..row.clone()
    };
    if begun {
        let ended = role_grant::Model { valid_to: Some(now), ..row.clone() };
        change.update::<Entity>(&row, ended).await?;
    } else {
        change.delete::<Entity>(&row).await?;
    }
    change.insert::<Entity>(after).await
}
