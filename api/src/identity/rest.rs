//! The same in REST.

use std::sync::Arc;

use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, HttpResponse, dev, get};
use futures_util::future::LocalBoxFuture;
use utoipa_actix_web::service_config::ServiceConfig;

use super::keys::JsonWebKeys;
use super::{Keys, Viewer, account, client, grant, session};
use crate::access::{Access, Actor};
use crate::error::{Code, Error, Problem, Result};
use crate::history::{Moment, Store};
use crate::message;
use crate::wire::Call;
use crate::wire::rest::{Answer, Params};

/// The routes of identity.
pub fn routes(config: &mut ServiceConfig) {
    session::rest::routes(config);
    config.service(get_me);
    account::rest::routes(config);
    grant::rest::routes(config);
    client::rest::routes(config);
}

/// The routes of identity at the root.
pub fn root(config: &mut ServiceConfig) {
    config.service(client::rest::create_token).service(get_keys);
}

/// Who is asking.
#[utoipa::path(tag = "identity", operation_id = "getMe",
    responses((status = 200, body = Viewer), (status = "4XX", body = Problem)))]
#[get("/me")]
async fn get_me(access: Access, _: Params) -> Result<Answer<Viewer>> {
    super::viewer(&access).await.map(Answer::of)
}

/// The public keys that tokens can be read with (RFC 7517).
#[utoipa::path(tag = "identity", operation_id = "getKeys",
    responses((status = 200, body = JsonWebKeys), (status = "4XX", body = Problem)))]
#[get("/.well-known/jwks.json")]
async fn get_keys(store: Data<Store>, keys: Data<Keys>) -> HttpResponse {
    let keys = keys.public(store.clock().now());
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=300")).json(keys)
}

/// A request becomes an `Access` here and nowhere else: bearer token or nothing, and the moment
/// it asks for.
impl FromRequest for Access {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let lost = || Error::impossible("the server has no store or keys");
            let store = request.app_data::<Data<Store>>().cloned().ok_or_else(lost)?.into_inner();
            let keys = request.app_data::<Data<Keys>>().cloned().ok_or_else(lost)?;
            let moment = moment(request.query_string())?;
            let actor = actor(&request, &store, &keys).await?;
            let access = Self::new(store, actor).at(moment);
            let extensions = request.extensions();
            let Some(call) = extensions.get::<Call>() else { return Ok(access) };
            let access = call.own(access);
            call.keep(access.clone());
            Ok(access)
        })
    }
}

async fn actor(request: &HttpRequest, store: &Arc<Store>, keys: &Keys) -> Result<Actor> {
    let Some(header) = request.headers().get(AUTHORIZATION) else { return Ok(Actor::Public) };
    let token = header.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    });
    let refused = || Error::new(Code::Unauthenticated, message::bad_token());
    super::actor(store, keys, token.ok_or_else(refused)?).await
}

fn moment(query: &str) -> Result<Moment> {
    let pairs = serde_urlencoded::from_str::<Vec<(String, String)>>(query).unwrap_or_default();
    let asked = pairs.iter().find(|(name, _)| name == "asOf");
    // An unescaped plus arrives as a blank; no moment has one.
    asked.map_or(Ok(Moment::Latest), |(_, text)| Moment::parse(&text.replace(' ', "+")))
}
