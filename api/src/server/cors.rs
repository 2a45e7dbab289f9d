//! Which pages of other origins may read the answers: none that is not configured.

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
    HeaderMap, HeaderValue, ORIGIN, VARY,
};

const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const MAY_SEND: &str = "Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, \
     If-None-Match, X-Request-Id";
const MAY_READ: &str = "Allow, Content-Disposition, Dure-Revision, ETag, Link, Location, RateLimit, \
     RateLimit-Policy, Retry-After, X-Request-Id";

/// The origins whose pages may read the answers. No cookies are ever asked for, so any origin may
/// be named, or all: `*`.
#[derive(Clone, Debug, Default)]
pub struct Cors(Vec<String>);

/// What one request from a page of another origin is told.
pub struct Allowed {
    origin: HeaderValue,
    asks_first: bool,
}

impl Cors {
    /// Open to these origins.
    pub fn of(origins: Vec<String>) -> Self {
        Self(origins)
    }

    /// What this request is told; nothing, where it comes from no page or from one that may not.
    pub fn allows(&self, request: &ServiceRequest) -> Option<Allowed> {
        let origin = request.headers().get(ORIGIN)?;
        let named = |known: &String| known == "*" || known.as_bytes() == origin.as_bytes();
        self.0.iter().any(named).then(|| Allowed {
            origin: origin.clone(),
            asks_first: request.method() == Method::OPTIONS
                && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD),
        })
    }

    /// Whether answers differ by origin.
    pub fn is_open(&self) -> bool {
        !self.0.is_empty()
    }
}

impl Allowed {
    /// Whether this is only the question before the request.
    pub fn asks_first(&self) -> bool {
        self.asks_first
    }

    /// Tells the browser.
    pub fn tell(&self, headers: &mut HeaderMap) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, self.origin.clone());
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(MAY_READ));
        if self.asks_first {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(MAY_SEND));
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        }
    }
}

/// Says that the answer depends on who asks from where.
pub fn vary(headers: &mut HeaderMap) {
    headers.append(VARY, HeaderValue::from_static("Origin"));
}
