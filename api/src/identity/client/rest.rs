//! The same in REST, and the token endpoint of OAuth 2.1.

use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Asked, Client, ClientSecret, ClientToken, NewClient, TokenRefusal};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::history::Store;
use crate::id::{AnyId, ClientId, Id as _};
use crate::identity::Keys;
use crate::identity::attempts::{Attempt, Attempts};
use crate::page::rest::Items;
use crate::wire::rest::{Answer, Body, IfMatch, Params};
use crate::wire::{Call, without_nul};

/// The routes of clients.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_clients)
        .service(create_client)
        .service(get_client)
        .service(revoke_client)
        .service(rotate_client_secret);
}

/// The clients of the regions where the caller manages access, as they were opened; a client sees
/// itself.
#[utoipa::path(tag = "access", operation_id = "listClients",
    responses((status = 200, body = Items<Client>), (status = "4XX", body = Problem)))]
#[get("/clients")]
async fn list_clients(access: Access, _: Params) -> Result<Answer<Items<Client>>> {
    super::list(&access).await.map(Answer::list)
}

/// Open a client. Its secret is in this answer and nowhere else. For who manages access.
#[utoipa::path(tag = "access", operation_id = "createClient", request_body = NewClient,
    responses((status = 201, body = ClientSecret), (status = "4XX", body = Problem)))]
#[post("/clients")]
async fn create_client(
    access: Access,
    _: Params,
    new: Body<NewClient>,
) -> Result<Answer<ClientSecret>> {
    super::add_client(&access, new.0).await.map(Answer::secret)
}

/// One client.
#[utoipa::path(tag = "access", operation_id = "getClient", params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Client), (status = "4XX", body = Problem)))]
#[get("/clients/{id}")]
async fn get_client(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<Client>> {
    let client = super::get(&access, ClientId::parse_at("id", &id)?).await?;
    Ok(Answer::tagged(client.revision, client))
}

/// Revoke a client that is at the revision sent as `If-Match`: its tokens are good no more, at once.
#[utoipa::path(tag = "access", operation_id = "revokeClient",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is revoked."), (status = "4XX", body = Problem)))]
#[delete("/clients/{id}")]
async fn revoke_client(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = ClientId::parse_at("id", &id)?;
    super::revoke(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}

/// Give a client another secret; the one before is good no more.
#[utoipa::path(tag = "access", operation_id = "rotateClientSecret", params(("id" = String, Path, description = "Its id.")),
    responses((status = 201, body = ClientSecret), (status = "4XX", body = Problem)))]
#[post("/clients/{id}/secret")]
async fn rotate_client_secret(
    access: Access,
    id: Path<AnyId>,
    _: Params,
) -> Result<Answer<ClientSecret>> {
    super::rotate(&access, ClientId::parse_at("id", &id)?).await.map(Answer::secret)
}

/// Why there is no token (RFC 6749, 5.2).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OauthError {
    /// `invalid_request`, `invalid_client`, `unsupported_grant_type` or `invalid_scope`.
    error: &'static str,
    /// What to do about it.
    error_description: &'static str,
}

/// What a token is asked for with (RFC 6749, 4.4.2), as `application/x-www-form-urlencoded`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is read pair by pair, so that a name twice is refused")]
pub struct TokenRequest {
    /// `client_credentials`.
    grant_type: String,
    /// The client's id, unless it comes as HTTP Basic.
    client_id: Option<String>,
    /// The client's secret, unless it comes as HTTP Basic.
    client_secret: Option<String>,
    /// The scopes wanted, separated by blanks; all the client has if not said.
    scope: Option<String>,
}

/// A token for a machine (OAuth 2.1, client credentials; RFC 6749, 4.4).
#[utoipa::path(tag = "identity", operation_id = "createToken",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = ClientToken), (status = 400, body = OauthError),
        (status = 401, body = OauthError), (status = "4XX", body = Problem)))]
#[post("/oauth/token")]
pub(in crate::identity) async fn create_token(
    request: HttpRequest,
    call: Call,
    (store, keys, attempts): (Data<Store>, Data<Keys>, Data<Attempts>),
    body: Bytes,
) -> HttpResponse {
    let done = async {
        let asked = read(&request, &body)?;
        let from = request.peer_addr().map(|address| address.ip());
        let attempt = Attempt::at(&asked.client_id, from);
        attempts.begin(&attempt, store.clock().now())?;
        let token = super::token(&store.into_inner(), &keys, &asked).await;
        // A scope too many is no guess at a secret.
        if !matches!(token, Err(TokenRefusal::InvalidClient | TokenRefusal::Otherwise(_))) {
            attempts.succeeded(&attempt);
        }
        token
    };
    match done.await {
        Ok(token) => HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(token),
        Err(TokenRefusal::Otherwise(error)) => call.problem(&error),
        Err(refusal) => told(&refusal),
    }
}

fn told(refusal: &TokenRefusal) -> HttpResponse {
    let (error, error_description) = match refusal {
        TokenRefusal::InvalidRequest | TokenRefusal::Otherwise(_) => (
            "invalid_request",
            "Send grant_type once, and the client's id and secret once: as HTTP Basic or in the form.",
        ),
        TokenRefusal::InvalidClient => ("invalid_client", "Unknown client, or not its secret."),
        TokenRefusal::UnsupportedGrantType => {
            ("unsupported_grant_type", "Only client_credentials is answered here.")
        }
        TokenRefusal::InvalidScope => ("invalid_scope", "Not a scope that this client has."),
    };
    let mut response = match refusal {
        TokenRefusal::InvalidClient => HttpResponse::Unauthorized(),
        _ => HttpResponse::BadRequest(),
    };
    if matches!(refusal, TokenRefusal::InvalidClient) {
        response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"dure\", charset=\"UTF-8\""));
    }
    response.insert_header((CACHE_CONTROL, "no-store"));
    response.json(OauthError { error, error_description })
}

fn read(request: &HttpRequest, body: &[u8]) -> std::result::Result<Asked, TokenRefusal> {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|text| text.split(';').next()).unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(TokenRefusal::InvalidRequest);
    }
    without_nul(body)?;
    let pairs = serde_urlencoded::from_bytes::<Vec<(String, String)>>(body);
    let pairs = pairs.map_err(|_| TokenRefusal::InvalidRequest)?;
    if pairs.iter().any(|(_, value)| value.contains('\0')) {
        return Err(TokenRefusal::InvalidRequest);
    }
    let grant_type = once(&pairs, "grant_type")?.ok_or(TokenRefusal::InvalidRequest)?;
    if grant_type != "client_credentials" {
        return Err(TokenRefusal::UnsupportedGrantType);
    }
    let in_form = once(&pairs, "client_id")?.zip(once(&pairs, "client_secret")?);
    let scope = once(&pairs, "scope")?;
    let (client_id, client_secret) = match (basic(request)?, in_form) {
        (Some(shown), None) | (None, Some(shown)) => shown,
        (Some(_), Some(_)) => return Err(TokenRefusal::InvalidRequest),
        (None, None) => return Err(TokenRefusal::InvalidClient),
    };
    Ok(Asked { client_id, client_secret, scope })
}

/// The value of a name that may stand there once. Without a value is as if left out.
fn once(
    pairs: &[(String, String)],
    name: &str,
) -> std::result::Result<Option<String>, TokenRefusal> {
    let mut values = pairs.iter().filter(|(known, _)| known == name);
    let first = values.next().map(|(_, value)| value.clone()).filter(|value| !value.is_empty());
    if values.next().is_some() { Err(TokenRefusal::InvalidRequest) } else { Ok(first) }
}

/// Id and secret sent as HTTP Basic, each form-encoded (RFC 6749, 2.3.1).
fn basic(request: &HttpRequest) -> std::result::Result<Option<(String, String)>, TokenRefusal> {
    let Some(header) = request.headers().get(AUTHORIZATION) else { return Ok(None) };
    let read = || {
        let (scheme, encoded) = header.to_str().ok()?.split_once(' ')?;
        let pair = STANDARD.decode(encoded.trim()).ok()?;
        let pair = String::from_utf8(pair).ok().filter(|pair| !pair.contains('\0'))?;
        let (id, secret) = pair.split_once(':')?;
        let decode = |text: &str| {
            let pairs = serde_urlencoded::from_str::<Vec<(String, String)>>(&format!("v={text}"));
            pairs.ok()?.pop().map(|(_, value)| value)
        };
        let known = scheme.eq_ignore_ascii_case("basic");
        known.then_some(()).and_then(|()| Some((decode(id)?, decode(secret)?)))
    };
    read().map(Some).ok_or(TokenRefusal::InvalidClient)
}
