use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;

use api::config::{Config, Origin};
use api::demo;
use api::doctor;
use api::error::{Error, Result};
use api::files::Files;
use api::identity::{Issuer, Keys};
use api::server::{self, Front, Service};
use clap::Args;

use super::{Cli, print};

#[derive(Args)]
pub struct Serve {
    /// With the real data of Jeonbuk, in a database of its own; nothing to configure.
    #[arg(long)]
    pub demo: bool,
    /// Where to listen, as 127.0.0.1:8080.
    #[arg(long)]
    pub bind: Option<String>,
}

pub async fn run(config: &Config, wanted: &Serve) -> Result<ExitCode> {
    if wanted.demo {
        demo::migrate(&config.store).await?;
    }
    let store = super::open(config).await?;
    let issuer = config.oidc.clone().map(Issuer::open).transpose()?;
    let keys = Arc::new(Keys::open(&config.keys_dir)?.trusting(issuer));
    if wanted.demo {
        demo::prepare(&store, &config.data_dir).await?;
    }
    let listener = TcpListener::bind(config.bind).map_err(Error::internal)?;
    let Config { limits, cors_origins, proxies, .. } = config;
    let front = Front { limits: *limits, origins: cors_origins.clone(), proxies: *proxies };
    let metrics = metrics_listener(config)?;
    let files = Arc::new(Files::open(&config.files, limits.file_bytes)?);
    let service = Service { store, keys, files, workers: config.workers, front, metrics };
    let mut server = server::start(service, listener).map_err(Error::internal)?;
    let address = server.address;
    println!("Dure {} at http://{address}", env!("CARGO_PKG_VERSION"));
    println!("  GraphQL  http://{address}/graphql");
    println!("  REST     http://{address}/api/v1  (described at /api/v1/openapi.json)");
    if let Some(metrics) = server.metrics {
        println!("  metrics  http://{metrics}/metrics");
    }
    if wanted.demo {
        let path = config.data_dir.join(demo::CREDENTIALS);
        println!("  sign in  with the accounts of {}", path.display());
    }
    let ended = server.ended().await;
    server.stop().await;
    ended.map_err(Error::internal)?;
    Ok(ExitCode::SUCCESS)
}

/// Where to show what is counted. A port that nobody chose may be somebody else's.
fn metrics_listener(config: &Config) -> Result<Option<TcpListener>> {
    let chosen =
        config.effective.iter().any(|it| it.key == "metrics_bind" && it.origin != Origin::Default);
    match TcpListener::bind(config.metrics_bind) {
        Ok(listener) => Ok(Some(listener)),
        Err(failure) if chosen => Err(Error::internal(failure)),
        Err(failure) => {
            tracing::warn!(address = %config.metrics_bind, %failure, "no metrics: choose DURE_METRICS_BIND");
            Ok(None)
        }
    }
}

/// Says how the service would run here.
pub async fn examine(cli: &Cli, config: &Config) -> Result<ExitCode> {
    let found = doctor::examine(config).await;
    let json = serde_json::to_value(&found).map_err(Error::internal)?;
    print(cli, &json, &found.told());
    Ok(if found.well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
