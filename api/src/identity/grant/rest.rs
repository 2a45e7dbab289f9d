//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::list::RoleFilter;
use super::{GrantFilter, HandOver, HeldGrant, NewGrant};
use crate::access::{Access, Role};
use crate::error::{Problem, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, GrantId, Id as _};
use crate::page::rest::{Items, PageParams};
use crate::region::RegionBy;
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of grants.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_grants)
        .service(add_grant)
        .service(get_grant)
        .service(revoke_grant)
        .service(hand_over_grant);
}

/// Which grants a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct GrantParams {
    /// Only those of this account.
    account: Option<String>,
    /// Only those of this client.
    client: Option<String>,
    /// Only those for this plan.
    plan: Option<String>,
    /// Only those for the region of this code.
    region: Option<String>,
    /// Only those for regions somewhere below the one of this code.
    within: Option<String>,
    /// Only those of this role.
    role: Option<Role>,
    /// Only those written after this revision.
    changed_after: Option<String>,
}

impl From<GrantParams> for GrantFilter {
    fn from(params: GrantParams) -> Self {
        let GrantParams { account, client, plan, region, within, role, changed_after } = params;
        Self {
            account: account.map(AnyId),
            client: client.map(AnyId),
            plan: plan.map(AnyId),
            region: region.map(RegionBy::Code),
            within: within.map(RegionBy::Code),
            role: role.map(|role| RoleFilter { eq: Some(role), ..Default::default() }),
            changed_after: changed_after.map(AnyRevision),
            ..Self::default()
        }
    }
}

/// The grants that fit: the caller's own, and those of the regions where they manage access; also
/// those that are over or yet to begin.
#[utoipa::path(tag = "access", operation_id = "listGrants", params(GrantParams, PageParams),
    responses((status = 200, body = Items<HeldGrant>), (status = "4XX", body = Problem)))]
#[get("/grants")]
async fn list_grants(
    access: Access,
    Params(filter, page): Params<GrantParams, PageParams>,
) -> Result<Answer<Items<HeldGrant>>> {
    super::page(&access, &filter.into(), &[], &page.asked()?).await.map(Answer::list)
}

/// Grant a role to an account or a client. For who manages access there; the right to decide, for
/// who has it there.
#[utoipa::path(tag = "access", operation_id = "addGrant", request_body = NewGrant,
    responses((status = 201, body = HeldGrant), (status = "4XX", body = Problem)))]
#[post("/grants")]
async fn add_grant(access: Access, _: Params, new: Body<NewGrant>) -> Result<Answer<HeldGrant>> {
    super::add_grant(&access, new.0).await.map(created)
}

fn created(grant: HeldGrant) -> Answer<HeldGrant> {
    let place = format!("/api/v1/grants/{}", grant.id);
    Answer::tagged(grant.revision, grant).created_at(place)
}

/// One grant.
#[utoipa::path(tag = "access", operation_id = "getGrant", params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = HeldGrant), (status = "4XX", body = Problem)))]
#[get("/grants/{id}")]
async fn get_grant(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<HeldGrant>> {
    let grant = super::get(&access, GrantId::parse_at("id", &id)?).await?;
    Ok(Answer::tagged(grant.revision, grant))
}

/// Take away a grant that is at the revision sent as `If-Match`.
#[utoipa::path(tag = "access", operation_id = "revokeGrant",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/grants/{id}")]
async fn revoke_grant(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = GrantId::parse_at("id", &id)?;
    super::revoke(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}

/// Pass a person's grant that is at the revision sent as `If-Match` on to another account.
#[utoipa::path(tag = "access", operation_id = "handOverGrant", request_body = HandOver,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 201, body = HeldGrant), (status = "4XX", body = Problem)))]
#[post("/grants/{id}/hand-over")]
async fn hand_over_grant(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    to: Body<HandOver>,
) -> Result<Answer<HeldGrant>> {
    let id = GrantId::parse_at("id", &id)?;
    super::hand_over(&access, id, read.revision, to.0).await.map_err(IfMatch::told).map(created)
}
