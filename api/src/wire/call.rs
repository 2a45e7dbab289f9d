use std::cell::RefCell;
use std::rc::Rc;

use actix_web::dev::{self, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, HttpResponse, ResponseError};
use futures_util::future::{Ready, ready};
use uuid::Uuid;

use crate::access::{Access, Wanted};
use crate::error::{Code, Error, Problem, Result};
use crate::history::Once;
use crate::message::{self, Lang};
use crate::wire::Limits;
use crate::wire::rest::IfMatch;

/// How to say who one is.
pub const CHALLENGE: &str = "Bearer realm=\"dure\"";
const PROBLEM: &str = "application/problem+json";
/// The header that carries the id of a request, both ways.
pub const REQUEST_ID: &str = "x-request-id";

/// One request and its answer: the id that finds it in the logs, the language it is in, and what
/// it read.
#[derive(Clone)]
pub struct Call {
    /// Its id.
    pub id: Rc<str>,
    /// Its language.
    pub lang: Lang,
    /// What it may have.
    pub limits: Limits,
    access: Rc<RefCell<Option<Access>>>,
    operation: Rc<RefCell<Option<Operation>>>,
    once: Rc<RefCell<Option<Once>>>,
    wanted: Option<Wanted>,
}

/// The kind of a GraphQL operation, and its name if it has one.
pub type Operation = (&'static str, Option<String>);

impl Call {
    pub(crate) fn of(request: &ServiceRequest, limits: Limits) -> Self {
        let sent = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
        let plain = |id: &&str| {
            let fits = (1..=64).contains(&id.len());
            fits && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        let id =
            sent.filter(plain).map_or_else(|| Uuid::now_v7().simple().to_string(), str::to_owned);
        let lang = lang(request.request());
        let wanted = IfMatch::several(request.headers());
        let (access, operation, once) = (Rc::default(), Rc::default(), Rc::default());
        Self { id: id.into(), lang, limits, access, operation, once, wanted }
    }

    /// Remembers what the request reads through, to say which moment its answer shows.
    pub fn keep(&self, access: Access) {
        self.access.replace(Some(access));
    }

    /// What it read through, if anything; not kept any longer.
    pub(crate) fn take(&self) -> Option<Access> {
        self.access.borrow_mut().take()
    }

    /// Remembers that it is done once, however often it is sent.
    pub(crate) fn once(&self, once: Once) {
        self.once.replace(Some(once));
    }

    /// An access as this request's own: found in the logs by its id, done once, under its
    /// conditions.
    pub fn own(&self, access: Access) -> Access {
        let once = self.once.borrow_mut().take();
        access.for_request(&self.id).once(once).wanting(self.wanted.clone())
    }

    /// Remembers which GraphQL operation it runs, for those who count them.
    pub fn runs(&self, operation: Operation) {
        self.operation.replace(Some(operation));
    }

    /// The GraphQL operation it ran, if any.
    pub(crate) fn ran(&self) -> Option<Operation> {
        self.operation.borrow_mut().take()
    }

    /// An error of ours, or what one of the framework's means.
    pub fn told(&self, error: &actix_web::Error) -> Error {
        told(error, self.limits.body_bytes)
    }

    /// A refusal, as `application/problem+json`.
    pub fn problem(&self, error: &Error) -> HttpResponse {
        if error.code() == Code::Internal {
            tracing::error!(request_id = %self.id, cause = ?error.cause(), "internal error");
        }
        let status = StatusCode::from_u16(error.status());
        let mut response = HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        if let Some(methods) = error.allow() {
            response.insert_header((ALLOW, methods));
        }
        if let Some(seconds) = error.retry_after() {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        if error.code() == Code::Unauthenticated {
            response.insert_header((WWW_AUTHENTICATE, CHALLENGE));
        }
        response.content_type(PROBLEM).json(Problem::of(error, self.lang, &self.id))
    }
}

impl FromRequest for Call {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let call = request.extensions().get::<Self>().cloned();
        ready(call.ok_or_else(|| Error::impossible("a request without an call")))
    }
}

/// The language a request asks for.
fn lang(request: &HttpRequest) -> Lang {
    let header = request.headers().get(ACCEPT_LANGUAGE);
    header.and_then(|value| value.to_str().ok()).map_or(Lang::Ko, Lang::of_header)
}

/// The dialects render errors in the language of the request, so here is only the status.
impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Refuses U+0000, written out or escaped, before it reaches anybody: PostgreSQL takes it for a
/// broken text, SQLite for the end of one.
pub fn without_nul(text: &[u8]) -> Result<()> {
    let holds = |escape: &[u8]| text.windows(escape.len()).any(|part| part == escape);
    if text.contains(&0) || holds(b"\\u0000") {
        return Err(Error::new(Code::Invalid, message::no_character()).with_status(400));
    }
    Ok(())
}

/// An error of ours, or what one of the framework's means, where bodies are this large at most.
pub fn told(error: &actix_web::Error, body_bytes: usize) -> Error {
    if let Some(ours) = error.as_error::<Error>() {
        return ours.clone();
    }
    if let Some(PayloadError::Overflow) = error.as_error::<PayloadError>() {
        return Error::new(Code::TooLarge, message::body_too_large(body_bytes));
    }
    let status = error.as_response_error().status_code();
    match status.as_u16() {
        413 => Error::new(Code::TooLarge, message::body_too_large(body_bytes)),
        404 => Error::not_found("path"),
        400..=499 => {
            let text = message::unparsable(&error.to_string());
            Error::new(Code::Invalid, text).with_status(status.as_u16())
        }
        _ => Error::internal(std::io::Error::other(error.to_string())),
    }
}
