//! The service over HTTP: what every request goes through, and how it starts and ends.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServerHandle, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data, PayloadConfig};
use actix_web::{App, HttpMessage as _, HttpResponse, HttpServer};
use tokio::task::JoinHandle;

use crate::error::{Code, Error};
use crate::history::Store;
use crate::identity::Keys;
use crate::message;
use crate::rest::Routes;
use crate::wire::{BODY_BYTES, Call, REQUEST_ID, told, without_nul};
use crate::{graphql, rest};

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
    let endpoint = Data::new(graphql::Endpoint::new().map_err(std::io::Error::other)?);
    let shared = Data::from(store.clone());
    let keys = Data::from(keys);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(keys.clone())
            .app_data(endpoint.clone())
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
async fn readyz(store: Data<Store>, call: Call) -> HttpResponse {
    match store.is_ready().await {
        Ok(true) => HttpResponse::Ok().body("ok\n"),
        Ok(false) | Err(_) => call.problem(&Error::new(Code::Unavailable, message::unavailable())),
    }
}

const REVISION: HeaderName = HeaderName::from_static("dure-revision");

/// What every request goes through.
async fn around(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse, actix_web::Error> {
    let began = Instant::now();
    let call = Call::of(&request);
    request.extensions_mut().insert(call.clone());
    let (method, path) = (request.method().clone(), request.path().to_owned());
    if method == Method::HEAD {
        // Routed as GET; the body is left out on the way, by what the request line said.
        request.head_mut().method = Method::GET;
    }
    if let Err(error) = without_nul(request.uri().to_string().replace("%00", "\0").as_bytes()) {
        return Ok(request.into_response(call.problem(&error)));
    }
    let mut response = match next.call(request).await {
        Ok(response) => response.map_into_boxed_body(),
        Err(error) => {
            let problem = call.problem(&told(&error));
            return Err(InternalError::from_response(error, problem).into());
        }
    };
    if let Some(error) = untold(&response) {
        let (request, _) = response.into_parts();
        response = ServiceResponse::new(request, call.problem(&error));
    }
    state(&call, &mut response).await;
    tracing::info!(
        request_id = %call.id,
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
async fn state(call: &Call, response: &mut ServiceResponse) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&call.id) {
        headers.insert(HeaderName::from_static(REQUEST_ID), id);
    }
    if let Some(access) = call.take() {
        access.finish().await;
        if let Some(revision) = access.stated().await {
            headers.insert(REVISION, HeaderValue::from(revision.0));
        }
    }
}
