//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Link, LinkChange, NewLink};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::history::Revision;
use crate::id::{AnyId, Id as _, LinkId, PlanId};
use crate::page::rest::{Items, Row, ShortParams};
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of links.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_plan_links)
        .service(create_link)
        .service(get_link)
        .service(update_link)
        .service(delete_link);
}

fn shown(link: Link) -> Answer<Link> {
    let moved = link.moved;
    Answer::tagged(link.revision, link).with_content(moved)
}

/// What a plan takes from the plan above, and where it departs from it, as it was entered.
#[utoipa::path(tag = "links", operation_id = "listPlanLinks",
    params(("id" = String, Path, description = "The plan's id."), ShortParams),
    responses((status = 200, body = Items<Link>), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/links")]
async fn list_plan_links(
    access: Access,
    id: Path<AnyId>,
    Params(page, _): Params<ShortParams>,
) -> Result<Answer<Items<Link>>> {
    let id = PlanId::parse_at("id", &id)?;
    let links = super::of_plan(&access, id).await?;
    page.cut(&format!("links of {id}"), links).map(Answer::list)
}

/// Link something in a plan to something in the plan above. For who edits the plan.
#[utoipa::path(tag = "links", operation_id = "createLink", request_body = NewLink,
    params(("id" = String, Path, description = "The plan's id.")),
    responses((status = 201, body = Link), (status = "4XX", body = Problem)))]
#[post("/plans/{id}/links")]
async fn create_link(
    access: Access,
    id: Path<AnyId>,
    _: Params,
    new: Body<NewLink>,
) -> Result<Answer<Link>> {
    let link = super::create(&access, PlanId::parse_at("id", &id)?, new.0).await?;
    let place = format!("/api/v1/links/{}", link.id);
    Ok(shown(link).created_at(place))
}

/// One link.
#[utoipa::path(tag = "links", operation_id = "getLink",
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Link), (status = "4XX", body = Problem)))]
#[get("/links/{id}")]
async fn get_link(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<Link>> {
    super::get(&access, LinkId::parse_at("id", &id)?).await.map(shown)
}

/// Change a link that is at the revision sent as `If-Match`: also to make it to another version of
/// the plan above. For who edits its plan.
#[utoipa::path(tag = "links", operation_id = "updateLink", request_body = LinkChange,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Link), (status = "4XX", body = Problem)))]
#[patch("/links/{id}")]
async fn update_link(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    change: Body<LinkChange>,
) -> Result<Answer<Link>> {
    let id = LinkId::parse_at("id", &id)?;
    let done = super::update(&access, id, read.revision, change.0).await;
    Ok(shown(done.map_err(IfMatch::told)?))
}

/// Remove a link that is at the revision sent as `If-Match`. For who edits its plan.
#[utoipa::path(tag = "links", operation_id = "deleteLink",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/links/{id}")]
async fn delete_link(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = LinkId::parse_at("id", &id)?;
    super::delete(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}

impl Row for Link {
    fn key(&self) -> String {
        self.id.to_string()
    }

    fn revision(&self) -> Revision {
        self.revision
    }
}
