//! What every request goes through, and every answer.

use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{
    CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpResponse};

use super::cors::{self, Allowed, Cors};
use super::metrics::Meters;
use super::once::{Kept, Turns};
use super::rate::{self, Charge, Rate};
use crate::access::Access;
use crate::document;
use crate::error::{Code, Error, Result};
use crate::history::Store;
use crate::message;
use crate::wire::{Call, Limits, REQUEST_ID, without_nul};

/// What stands at the way in.
pub struct Door {
    /// What one request may have.
    pub limits: Limits,
    /// Which pages may read the answers.
    pub cors: Cors,
    /// How many requests a caller may send.
    pub rate: Rate,
    /// Which requests wait for the first of their key.
    pub turns: Turns,
    /// What is counted.
    pub meters: Data<Meters>,
}

/// A request, as far as its answer needs it.
struct Asked {
    began: Instant,
    method: Method,
    path: String,
    token: Option<[u8; 32]>,
    page: Option<Allowed>,
    charge: Option<Charge>,
}

/// What every request goes through.
pub async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse, actix_web::Error> {
    let lost = || actix_web::error::ErrorInternalServerError("the server has no door");
    let door = request.app_data::<Data<Door>>().cloned().ok_or_else(lost)?;
    let store = request.app_data::<Data<Store>>().cloned().ok_or_else(lost)?;
    let call = Call::of(&request, door.limits);
    request.extensions_mut().insert(call.clone());
    let _in_flight = door.meters.enter();
    let page = door.cors.allows(&request);
    let asks_first = page.as_ref().is_some_and(Allowed::asks_first);
    let charge = match asks_first {
        true => None,
        false => door.rate.charge(&request, store.clock().now()),
    };
    let asked = Asked {
        began: Instant::now(),
        method: request.method().clone(),
        path: request.path().to_owned(),
        token: rate::shown(request.headers()),
        page,
        charge,
    };
    let mut answer = if asks_first {
        Ok(request.into_response(HttpResponse::NoContent()))
    } else if let Err(error) = admit(&request, asked.charge.as_ref()) {
        Ok(request.into_response(call.problem(&error)))
    } else {
        pass(&door, &call, request, next).await
    };
    let route = answer.as_ref().ok().and_then(|response| response.request().match_pattern());
    let status = match &answer {
        Ok(response) => response.status(),
        Err(response) => response.status(),
    };
    let access = call.take();
    let revision = end(access.as_ref()).await;
    door.tell(&asked, headers(&mut answer));
    tell(&call, revision, headers(&mut answer));
    door.rate.learn(asked.token, access.as_ref(), status.as_u16());
    door.count(&asked, &call, route, status);
    answer.map_err(|response| InternalError::from_response("told already", response).into())
}

/// An answer; one without its request, where that was lost on the way.
type Answer = std::result::Result<ServiceResponse, HttpResponse>;

fn headers(answer: &mut Answer) -> &mut HeaderMap {
    match answer {
        Ok(response) => response.headers_mut(),
        Err(response) => response.headers_mut(),
    }
}

/// Whether a request is let in at all.
fn admit(request: &ServiceRequest, charge: Option<&Charge>) -> Result<()> {
    if let Some(seconds) = charge.and_then(|charge| charge.refused) {
        return Err(Error::new(Code::RateLimited, message::rate_limited(seconds)));
    }
    let address = request.uri().to_string();
    let sizes = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    for (what, is, may, status) in [
        ("address", address.len(), Limits::ADDRESS_BYTES, 414),
        ("headers", sizes.sum(), Limits::HEADER_BYTES, 431),
    ] {
        if is > may {
            let text = message::request_limit(what, may, is);
            return Err(Error::new(Code::LimitExceeded, text).with_status(status));
        }
    }
    let query = serde_urlencoded::from_str::<Vec<(String, String)>>(request.query_string());
    if query.is_ok_and(|pairs| pairs.iter().filter(|(name, _)| name == "asOf").count() > 1) {
        return Err(Error::invalid("asOf", message::only_once()).with_status(400));
    }
    without_nul(address.replace("%00", "\0").as_bytes())
}

/// Lets a request through, for as long as an answer may take.
async fn pass(
    door: &Door,
    call: &Call,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Answer {
    if request.method() == Method::HEAD {
        // Routed as GET; the body is left out on the way, by what the request line said.
        request.head_mut().method = Method::GET;
    }
    let seconds = patience(call.limits, &request);
    let limit = Duration::from_secs(u64::from(seconds));
    let answer = async {
        let (_turn, made) = match door.turns.look(call, &mut request).await {
            Ok(Kept::No) => (None, None),
            Ok(Kept::First(turn)) => (Some(turn), None),
            Ok(Kept::Again(made)) => (None, made),
            Err(error) => {
                return Ok(request.into_response(call.problem(&error)).map_into_boxed_body());
            }
        };
        let answer = next.call(request).await.map(ServiceResponse::map_into_boxed_body);
        answer.map(|answer| created(answer, made))
    };
    let Ok(answer) = tokio::time::timeout(limit, answer).await else {
        return Err(call.problem(&Error::new(Code::Unavailable, message::took_too_long(seconds))));
    };
    let response = match answer {
        Ok(response) => response,
        Err(error) => return Err(call.problem(&call.told(&error))),
    };
    Ok(match untold(call, &response) {
        Some(error) => {
            let (request, _) = response.into_parts();
            ServiceResponse::new(request, call.problem(&error))
        }
        None => response,
    })
}

/// How long an answer may take, in seconds: longer by what it takes a slow line to bring a file.
fn patience(limits: Limits, request: &ServiceRequest) -> u32 {
    const SLOW: u64 = 64 * 1024;
    if request.method() != Method::POST || request.path() != document::rest::PLACE {
        return limits.seconds;
    }
    let length = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length = length.and_then(|text| text.parse().ok()).unwrap_or(limits.file_bytes);
    let more = length.min(limits.file_bytes) / SLOW;
    limits.seconds.saturating_add(u32::try_from(more).unwrap_or(u32::MAX))
}

/// What was made by a request that was sent before is told as it was then.
fn created(mut answer: ServiceResponse, made: Option<String>) -> ServiceResponse {
    if let Some(place) = made.filter(|_| answer.status() == StatusCode::OK)
        && let Ok(place) = HeaderValue::from_str(&place)
    {
        *answer.response_mut().status_mut() = StatusCode::CREATED;
        answer.headers_mut().insert(LOCATION, place);
    }
    answer
}

/// The error behind an answer that is not told as a problem yet.
fn untold(call: &Call, response: &ServiceResponse) -> Option<Error> {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let form = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let told_already = form.is_some_and(|form| form.contains("json"));
    match response.response().error() {
        _ if !failed || told_already => None,
        Some(error) => Some(call.told(error)),
        None => Some(Error::new(code_of(response.status()), message::invalid_input())),
    }
}

fn code_of(status: StatusCode) -> Code {
    let code = Code::ALL.iter().find(|code| code.status() == status.as_u16());
    code.copied().unwrap_or(Code::Internal)
}

/// Ends what the answer reads, and says which moment it shows.
async fn end(access: Option<&Access>) -> Option<i64> {
    let access = access?;
    access.finish().await;
    access.stated().await.map(|revision| revision.0)
}

const REVISION: HeaderName = HeaderName::from_static("dure-revision");
/// Pages bring everything with them; the styles of the API's description are written into it.
const PAGE: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const DATA: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// What every answer says of itself.
fn tell(call: &Call, revision: Option<i64>, headers: &mut HeaderMap) {
    if let Ok(id) = HeaderValue::from_str(&call.id) {
        headers.insert(HeaderName::from_static(REQUEST_ID), id);
    }
    if let Some(revision) = revision {
        headers.insert(REVISION, HeaderValue::from(revision));
    }
    let form = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_page = form.is_some_and(|form| form.starts_with("text/html"));
    let policy = if is_page { PAGE } else { DATA };
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (CONTENT_SECURITY_POLICY, policy),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

impl Door {
    /// What it tells the caller of themselves.
    fn tell(&self, asked: &Asked, headers: &mut HeaderMap) {
        if let Some(charge) = &asked.charge {
            charge.tell(headers);
        }
        if let Some(page) = &asked.page {
            page.tell(headers);
        }
        if self.cors.is_open() {
            cors::vary(headers);
        }
    }

    fn count(&self, asked: &Asked, call: &Call, route: Option<String>, status: StatusCode) {
        let (Asked { began, method, path, .. }, status) = (asked, status.as_u16());
        let took = began.elapsed();
        if let Some((kind, name)) = call.ran() {
            self.meters.operated(kind, name.as_deref());
        }
        self.meters.answered(method, route, status, took);
        let milliseconds = took.as_millis();
        tracing::info!(request_id = %call.id, %method, path, status, milliseconds, "answered");
    }
}
