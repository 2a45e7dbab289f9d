//! The service over HTTP: what every request goes through, and how it starts and ends.

use std::cell::RefCell;
use std::net::{SocketAddr, TcpListener};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServerHandle, ServiceRequest, ServiceResponse};
use actix_web::error::{InternalError, PayloadError};
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data, PayloadConfig};
use actix_web::{App, FromRequest, HttpMessage as _, HttpRequest, HttpResponse, HttpServer};
use actix_web::{ResponseError, dev};
use futures_util::future::{Ready, ready};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::access::Access;
use crate::error::{Code, Error, Problem, Result};
use crate::history::Store;
use crate::identity::Keys;
use crate::message::{self, Lang};
use crate::rest::Routes;
use crate::{graphql, rest};

/// The largest body the service reads, in bytes.
pub const BODY_BYTES: usize = 1024 * 1024;

/// What a service runs on.
#[derive(Clone)]
pub struct Service {
    /// The database.
    pub store: Arc<Store>,
    /// The keys of its tokens.
    pub keys: Arc<Keys>,
    /// How many threads answer requests.
    pub workers: usize,
}

/// A running service.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    handle: ServerHandle,
    running: JoinHandle<std::io::Result<()>>,
    store: Arc<Store>,
}

impl Server {
    /// Waits until it ends by itself: on SIGTERM or SIGINT.
    pub async fn ended(&mut self) -> std::io::Result<()> {
        (&mut self.running).await.map_err(std::io::Error::other)?
    }

    /// Ends it: what was asked is answered, what was written is committed, then it closes.
    pub async fn stop(self) {
        self.handle.stop(true).await;
        self.store.close().await;
    }
}

/// Starts the service on a listener.
pub fn start(service: Service, listener: TcpListener) -> std::io::Result<Server> {
    let address = listener.local_addr()?;
    let Service { store, keys, workers } = service;
    let routes = Data::new(Routes::new().map_err(std::io::Error::other)?);
    let (schema, shared) = (Data::new(graphql::schema()), Data::from(store.clone()));
    let keys = Data::from(keys);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(keys.clone())
            .app_data(schema.clone())
            .app_data(routes.clone())
            .app_data(PayloadConfig::new(BODY_BYTES))
            .wrap(from_fn(around))
            .configure(graphql::routes)
            .configure(rest::routes)
            .route("/livez", web::get().to(livez))
            .route("/readyz", web::get().to(readyz))
            .route("/problems/{code}", web::get().to(rest::problem_page))
            .default_service(web::to(rest::missed))
    })
    .workers(workers)
    .shutdown_timeout(10)
    .listen(listener)?
    .run();
    let handle = server.handle();
    Ok(Server { address, handle, running: tokio::spawn(server), store })
}

/// Alive: answers without asking anybody.
async fn livez() -> &'static str {
    "ok\n"
}

/// Ready: the database answers and has every migration.
async fn readyz(store: Data<Store>, exchange: Exchange) -> HttpResponse {
    match store.is_ready().await {
        Ok(true) => HttpResponse::Ok().body("ok\n"),
        Ok(false) | Err(_) => {
            exchange.problem(&Error::new(Code::Unavailable, message::unavailable()))
        }
    }
}

/// One request and its answer: the id that finds it in the logs, the language it is in, and what
/// it read.
#[derive(Clone)]
pub struct Exchange {
    /// Its id.
    pub id: Rc<str>,
    /// Its language.
    pub lang: Lang,
    access: Rc<RefCell<Option<Access>>>,
}

impl Exchange {
    fn of(request: &ServiceRequest) -> Self {
        let sent = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
        let plain = |id: &&str| {
            let fits = (1..=64).contains(&id.len());
            fits && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        let id =
            sent.filter(plain).map_or_else(|| Uuid::now_v7().simple().to_string(), str::to_owned);
        let lang = graphql::lang(request.request());
        Self { id: id.into(), lang, access: Rc::default() }
    }

    /// Remembers what the request reads through, to say which moment its answer shows.
    pub fn keep(&self, access: Access) {
        self.access.replace(Some(access));
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
        if error.code() == Code::Unavailable {
            response.insert_header((actix_web::http::header::RETRY_AFTER, "1"));
        }
        response.content_type(PROBLEM).json(Problem::of(error, self.lang, &self.id))
    }
}

impl FromRequest for Exchange {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let exchange = request.extensions().get::<Self>().cloned();
        ready(exchange.ok_or_else(|| Error::impossible("a request without an exchange")))
    }
}

/// The dialects render errors in the language of the request, so here is only the status.
impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

const PROBLEM: &str = "application/problem+json";
const REQUEST_ID: &str = "x-request-id";
const REVISION: HeaderName = HeaderName::from_static("dure-revision");

/// What every request goes through.
async fn around(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse, actix_web::Error> {
    let began = Instant::now();
    let exchange = Exchange::of(&request);
    request.extensions_mut().insert(exchange.clone());
    let (method, path) = (request.method().clone(), request.path().to_owned());
    if method == Method::HEAD {
        // Routed as GET; the body is left out on the way, by what the request line said.
        request.head_mut().method = Method::GET;
    }
    let mut response = match next.call(request).await {
        Ok(response) => response.map_into_boxed_body(),
        Err(error) => {
            let problem = exchange.problem(&told(&error));
            return Err(InternalError::from_response(error, problem).into());
        }
    };
    if let Some(error) = untold(&response) {
        let (request, _) = response.into_parts();
        response = ServiceResponse::new(request, exchange.problem(&error));
    }
    state(&exchange, &mut response).await;
    tracing::info!(
        request_id = %exchange.id,
        %method,
        path,
        status = response.status().as_u16(),
        milliseconds = began.elapsed().as_millis(),
        "answered"
    );
    Ok(response)
}

/// The error behind an answer that is not told as a problem yet.
fn untold(response: &ServiceResponse) -> Option<Error> {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let form = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let told_already = form.is_some_and(|form| form.contains("json"));
    match response.response().error() {
        _ if !failed || told_already => None,
        Some(error) => Some(told(error)),
        None => Some(Error::new(code_of(response.status()), message::invalid_input())),
    }
}

fn code_of(status: StatusCode) -> Code {
    let code = Code::ALL.iter().find(|code| code.status() == status.as_u16());
    code.copied().unwrap_or(Code::Internal)
}

/// Says which moment the answer shows, and ends it.
async fn state(exchange: &Exchange, response: &mut ServiceResponse) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&exchange.id) {
        headers.insert(HeaderName::from_static(REQUEST_ID), id);
    }
    let access = exchange.access.borrow_mut().take();
    if let Some(access) = access {
        access.finish().await;
        if let Some(revision) = access.stated().await {
            headers.insert(REVISION, HeaderValue::from(revision.0));
        }
    }
}

/// An error of ours, or what one of the framework's means.
pub fn told(error: &actix_web::Error) -> Error {
    if let Some(ours) = error.as_error::<Error>() {
        return ours.clone();
    }
    if let Some(PayloadError::Overflow) = error.as_error::<PayloadError>() {
        return Error::new(Code::TooLarge, message::body_too_large(BODY_BYTES));
    }
    let status = error.as_response_error().status_code();
    match status.as_u16() {
        413 => Error::new(Code::TooLarge, message::body_too_large(BODY_BYTES)),
        404 => Error::not_found("path"),
        400..=499 => {
            let text = message::unparsable(&error.to_string());
            Error::new(Code::Invalid, text).with_status(status.as_u16())
        }
        _ => Error::internal(std::io::Error::other(error.to_string())),
    }
}
