//! What the service counts, for Prometheus, on a port of its own.
//!
//! Labels have few values: routes by their template, methods and statuses that HTTP knows, and no
//! more names of GraphQL operations than a fixed number; the rest are `other`.

use std::collections::HashSet;
use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::Method;
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, text};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::history::Store;

const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// So many names of operations are told apart.
const NAMES: usize = 200;
const LONGEST_NAME: usize = 80;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    route: String,
    method: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Operation {
    kind: &'static str,
    name: String,
}

/// What is counted of requests.
pub struct Meters {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Asked, Histogram>,
    operations: Family<Operation, Counter>,
    in_flight: Gauge,
    names: Mutex<HashSet<String>>,
}

/// A request that is being answered, until it is dropped.
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Half a millisecond to ten seconds.
const SECONDS: [f64; 13] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

fn histogram() -> Histogram {
    Histogram::new(SECONDS)
}

impl Meters {
    /// Counts from nothing, and looks at a store when asked.
    pub fn new(store: &Arc<Store>) -> Self {
        let mut registry = Registry::with_prefix("dure");
        let requests = Family::<Answered, Counter>::default();
        let seconds = Family::<Asked, Histogram>::new_with_constructor(histogram);
        let operations = Family::<Operation, Counter>::default();
        let in_flight = Gauge::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "How long answers took", seconds.clone());
        registry.register("http_in_flight", "Requests being answered", in_flight.clone());
        let about = "GraphQL operations that were executed";
        registry.register("graphql_operations", about, operations.clone());
        let about = "Changes that shared a transaction of the writer";
        registry.register("writer_group", about, store.meters().groups.clone());
        registry.register("changes", "Changes committed", store.meters().changes.clone());
        registry.register_collector(Box::new(Looking(store.clone())));
        Self { registry, requests, seconds, operations, in_flight, names: Mutex::default() }
    }

    /// A request comes in.
    pub fn enter(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// A request was answered.
    pub fn answered(&self, method: &Method, route: Option<String>, status: u16, took: Duration) {
        let route = route.unwrap_or_else(|| "unmatched".to_owned());
        let method = known(method);
        let asked = Asked { route: route.clone(), method };
        self.seconds.get_or_create(&asked).observe(took.as_secs_f64());
        self.requests.get_or_create(&Answered { route, method, status }).inc();
    }

    /// A GraphQL operation was executed.
    pub fn operated(&self, kind: &'static str, name: Option<&str>) {
        let name = name.map_or_else(|| "anonymous".to_owned(), |name| self.told_apart(name));
        self.operations.get_or_create(&Operation { kind, name }).inc();
    }

    fn told_apart(&self, name: &str) -> String {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let room = names.len() < NAMES && name.len() <= LONGEST_NAME;
        if names.contains(name) || (room && names.insert(name.to_owned())) {
            name.to_owned()
        } else {
            "other".to_owned()
        }
    }

    fn written(&self) -> Result<String, fmt::Error> {
        let mut page = String::new();
        text::encode(&mut page, &self.registry).map(|()| page)
    }
}

const fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// What the store knows when it is asked.
#[derive(Debug)]
struct Looking(Arc<Store>);

impl Collector for Looking {
    fn encode(&self, mut to: DescriptorEncoder<'_>) -> fmt::Result {
        let store = &self.0;
        let statements = ConstCounter::new(store.statements());
        let encoder = to.encode_descriptor(
            "statements",
            "SQL statements that operations sent",
            None,
            statements.metric_type(),
        )?;
        statements.encode(encoder)?;
        let gauges = [
            ("writer_queue", "Changes that wait for the writer", store.meters().waiting.get()),
            ("writer_well", "Whether the last group was committed", store.is_well().into()),
            (
                "revision",
                "The last revision this process made or met",
                store.committed().borrow().0,
            ),
        ];
        for (name, about, value) in gauges {
            let gauge = ConstGauge::new(value);
            let encoder = to.encode_descriptor(name, about, None, gauge.metric_type())?;
            gauge.encode(encoder)?;
        }
        let pools = store.pools();
        for (name, about, of) in [
            ("pool_connections", "Connections that are open", 0),
            ("pool_idle", "Connections that nobody uses", 1),
        ] {
            let mut encoder = to.encode_descriptor(
                name,
                about,
                None,
                prometheus_client::metrics::MetricType::Gauge,
            )?;
            for (pool, sizes) in &pools {
                let gauge = ConstGauge::new(sizes[of]);
                gauge.encode(encoder.encode_family(&[("pool", *pool)])?)?;
            }
        }
        Ok(())
    }
}

/// Serves them on a listener of their own.
pub fn serve(
    meters: Data<Meters>,
    listener: TcpListener,
) -> std::io::Result<(SocketAddr, ServerHandle)> {
    let address = listener.local_addr()?;
    let server = HttpServer::new(move || {
        App::new().app_data(meters.clone()).route("/metrics", web::get().to(page))
    });
    let server = server.workers(1).disable_signals().listen(listener)?.run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok((address, handle))
}

async fn page(meters: Data<Meters>) -> HttpResponse {
    match meters.written() {
        Ok(page) => HttpResponse::Ok().content_type(MEDIA_TYPE).body(page),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
