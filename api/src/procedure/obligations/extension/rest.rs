//! The same in REST.

use actix_web::web::Path;
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Extension, Obligation, Withdrawn};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::id::{AnyId, ExtensionId, Id as _};
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of extensions.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get_extension).service(withdraw_extension);
}

/// One extension of a deadline.
#[utoipa::path(tag = "obligations", operation_id = "getExtension",
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Extension), (status = "4XX", body = Problem)))]
#[get("/extensions/{id}")]
async fn get_extension(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<Extension>> {
    let extension = super::extension(&access, ExtensionId::parse_at("id", &id)?).await?;
    Ok(Answer::tagged(extension.revision, extension))
}

/// Withdraw an extension that is at the revision sent as `If-Match`, with a reason: the duty is due
/// as it was without it. For who oversees its body.
#[utoipa::path(tag = "obligations", operation_id = "withdrawExtension", request_body = Withdrawn,
    params(("id" = String, Path, description = "The extension's id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Obligation), (status = "4XX", body = Problem)))]
#[post("/extensions/{id}/withdraw")]
async fn withdraw_extension(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    withdrawn: Body<Withdrawn>,
) -> Result<Answer<Obligation>> {
    let id = ExtensionId::parse_at("id", &id)?;
    let done = super::withdraw(&access, id, read.revision, withdrawn.0).await;
    done.map(Answer::of).map_err(IfMatch::told)
}
