//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    NewOrganization, Organization, OrganizationChange, OrganizationFilter, OrganizationKind,
    OrganizationKindFilter,
};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::filter::StringFilter;
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, OrganizationId};
use crate::page::rest::{Items, PageParams};
use crate::region::RegionBy;
use crate::source::cited;
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of organizations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_organizations)
        .service(create_organization)
        .service(get_organization)
        .service(update_organization)
        .service(delete_organization);
}

/// Which organizations a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct OrganizationParams {
    /// Those of the region of this code itself, today's or a former one.
    region: Option<String>,
    /// Those of the regions somewhere below the region of this code.
    within: Option<String>,
    /// Those that belong to the organization of this id.
    parent: Option<String>,
    /// What kind of body.
    kind: Option<OrganizationKind>,
    /// Only those whose Korean name has this text in it.
    name: Option<String>,
    /// Only those written after this revision.
    changed_after: Option<String>,
}

impl From<OrganizationParams> for OrganizationFilter {
    fn from(params: OrganizationParams) -> Self {
        let OrganizationParams { region, within, parent, kind, name, changed_after } = params;
        Self {
            region: region.map(RegionBy::Code),
            within: within.map(RegionBy::Code),
            parent: parent.map(AnyId),
            kind: kind.map(|kind| OrganizationKindFilter { eq: Some(kind), ..Default::default() }),
            name: name.map(|name| StringFilter { contains: Some(name), ..Default::default() }),
            changed_after: changed_after.map(AnyRevision),
            ..Self::default()
        }
    }
}

fn tagged(organization: Organization) -> Answer<Organization> {
    Answer::tagged(organization.revision, organization)
}

/// The organizations that fit, as they were entered.
#[utoipa::path(tag = "organizations", operation_id = "listOrganizations", params(OrganizationParams, PageParams),
    responses((status = 200, body = Items<Organization>), (status = "4XX", body = Problem)))]
#[get("/organizations")]
async fn list_organizations(
    access: Access,
    Params(filter, page): Params<OrganizationParams, PageParams>,
) -> Result<Answer<Items<Organization>>> {
    let page = super::page(&access, &filter.into(), &[], &page.asked()?).await?;
    cited(&access, page).await.map(Answer::list)
}

/// Enter an organization. For who keeps the reference data of its region, or of the nation where
/// it has none.
#[utoipa::path(tag = "organizations", operation_id = "createOrganization", request_body = NewOrganization,
    responses((status = 201, body = Organization), (status = "4XX", body = Problem)))]
#[post("/organizations")]
async fn create_organization(
    access: Access,
    _: Params,
    new: Body<NewOrganization>,
) -> Result<Answer<Organization>> {
    let organization = super::create(&access, new.0).await?;
    let place = format!("/api/v1/organizations/{}", organization.id);
    cited(&access, organization).await.map(|it| tagged(it).created_at(place))
}

/// One organization.
#[utoipa::path(tag = "organizations", operation_id = "getOrganization",
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Organization), (status = "4XX", body = Problem)))]
#[get("/organizations/{id}")]
async fn get_organization(
    access: Access,
    id: Path<AnyId>,
    _: Params,
) -> Result<Answer<Organization>> {
    let organization = super::get(&access, OrganizationId::parse_at("id", &id)?).await?;
    cited(&access, organization).await.map(tagged)
}

/// Change an organization that is at the revision sent as `If-Match`.
#[utoipa::path(tag = "organizations", operation_id = "updateOrganization", request_body = OrganizationChange,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Organization), (status = "4XX", body = Problem)))]
#[patch("/organizations/{id}")]
async fn update_organization(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    change: Body<OrganizationChange>,
) -> Result<Answer<Organization>> {
    let id = OrganizationId::parse_at("id", &id)?;
    let done = super::update(&access, id, read.revision, change.0).await;
    cited(&access, done.map_err(IfMatch::told)?).await.map(tagged)
}

/// Remove an organization that is at the revision sent as `If-Match` and that nothing refers to.
#[utoipa::path(tag = "organizations", operation_id = "deleteOrganization",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/organizations/{id}")]
async fn delete_organization(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = OrganizationId::parse_at("id", &id)?;
    super::delete(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}
