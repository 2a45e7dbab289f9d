//! The description of the dialect as a page to read and try: Swagger UI, from within the program.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::web::Path;
use utoipa_swagger_ui::{Config, serve};

use super::BASE;
use crate::error::Error;
use crate::wire::Call;

/// Where the page is.
pub const PATH: &str = "/docs";

/// The page's files refer to each other from within its folder.
pub async fn folder() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, format!("{PATH}/"))).finish()
}

/// The page, or what it brings with it.
pub async fn file(name: Path<String>, call: Call) -> HttpResponse {
    let config = Config::from(format!("{BASE}/openapi.json")).validator_url("none");
    match serve(&name, Arc::new(config)) {
        Ok(Some(file)) => HttpResponse::Ok()
            .content_type(file.content_type)
            .insert_header((CACHE_CONTROL, "no-cache"))
            .body(file.bytes.into_owned()),
        Ok(None) | Err(_) => call.problem(&Error::not_found("file")),
    }
}
