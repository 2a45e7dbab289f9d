//! The service over HTTP: how it starts and ends, and where everything is.

mod around;
mod cors;
mod metrics;
mod once;
mod rate;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, PayloadConfig};
use actix_web::{App, HttpResponse, HttpServer};
use tokio::task::JoinHandle;

use around::Door;
use cors::Cors;
use metrics::Meters;
use once::Turns;
use rate::Rate;

use crate::error::{Code, Error};
use crate::files::Files;
use crate::history::Store;
use crate::identity::{Attempts, Keys};
use crate::message;
use crate::rest::Routes;
use crate::wire::{Call, Limits};
use crate::{graphql, rest};

/// What a service runs on.
pub struct Service {
    /// The database.
    pub store: Arc<Store>,
    /// The keys of its tokens.
    pub keys: Arc<Keys>,
    /// Where documents are kept.
    pub files: Arc<Files>,
    /// How many threads answer requests.
    pub workers: usize,
    /// Whom it lets in.
    pub front: Front,
    /// Where it shows what it counts, if anywhere.
    pub metrics: Option<TcpListener>,
}

/// Whom a service lets in, and with how much.
#[derive(Clone, Debug, Default)]
pub struct Front {
    /// What one request may have.
    pub limits: Limits,
    /// The origins whose pages may read the answers.
    pub origins: Vec<String>,
    /// How many proxies before it tell whom they speak for.
    pub proxies: usize,
}

/// A running service.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it shows what it counts.
    pub metrics: Option<SocketAddr>,
    handles: Vec<ServerHandle>,
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
        for handle in &self.handles {
            handle.stop(true).await;
        }
        self.store.close().await;
    }
}

/// Starts the service on a listener.
pub fn start(service: Service, listener: TcpListener) -> std::io::Result<Server> {
    let address = listener.local_addr()?;
    let Service { store, keys, files, workers, front, metrics } = service;
    let Front { limits, origins, proxies } = front;
    let routes = Data::new(Routes::new().map_err(std::io::Error::other)?);
    let endpoint = Data::new(graphql::Endpoint::new().map_err(std::io::Error::other)?);
    let meters = Data::new(Meters::new(&store));
    let (cors, rate) = (Cors::of(origins), Rate::new(&limits, proxies));
    let door =
        Data::new(Door { limits, cors, rate, turns: Turns::default(), meters: meters.clone() });
    let shared = Data::from(store.clone());
    let (keys, files) = (Data::from(keys), Data::from(files));
    let attempts = Data::new(Attempts::default());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(keys.clone())
            .app_data(files.clone())
            .app_data(attempts.clone())
            .app_data(endpoint.clone())
            .app_data(routes.clone())
            .app_data(door.clone())
            .app_data(PayloadConfig::new(limits.body_bytes))
            .wrap(from_fn(around::around))
            .configure(graphql::routes)
            .configure(rest::routes)
            .route("/livez", web::get().to(livez))
            .route("/readyz", web::get().to(readyz))
            .route("/problems/{code}", web::get().to(rest::problem_page))
            .route(rest::docs::PATH, web::get().to(rest::docs::folder))
            .route("/docs/{file:.*}", web::get().to(rest::docs::file))
            .default_service(web::to(rest::missed))
    });
    let server = server.workers(workers).shutdown_timeout(10).listen(listener)?.run();
    let mut handles = vec![server.handle()];
    let running = tokio::spawn(server);
    let metrics = metrics.map(|listener| metrics::serve(meters, listener)).transpose()?;
    let metrics = metrics.map(|(address, handle)| {
        handles.push(handle);
        address
    });
    Ok(Server { address, metrics, handles, running, store })
}

/// Alive: answers without asking anybody.
async fn livez() -> &'static str {
    "ok\n"
}

/// Ready: the database answers, has every migration, and can be written.
async fn readyz(store: Data<Store>, call: Call) -> HttpResponse {
    match store.is_ready().await {
        Ok(true) => HttpResponse::Ok().body("ok\n"),
        Ok(false) | Err(_) => call.problem(&Error::new(Code::Unavailable, message::unavailable())),
    }
}
