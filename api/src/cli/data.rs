use std::path::Path;
use std::process::ExitCode;

use api::config::{Config, terminal_lang};
use api::error::{Error, Result};
use api::exchange::{self, Pack};
use api::{graphql, history, rest};
use clap::Subcommand;

use super::{Cli, print, with_store};

#[derive(Subcommand)]
pub enum Migrate {
    /// Run every migration that has not run.
    Up,
    /// Take back the newest migrations.
    Down {
        /// How many.
        #[arg(default_value_t = 1)]
        steps: u32,
    },
    /// Say which have run.
    Status,
}

#[derive(Subcommand)]
pub enum Contract {
    /// The GraphQL schema.
    Graphql,
    /// The OpenAPI description.
    Openapi,
    /// The configuration manual.
    Configuration,
}

pub fn schema(wanted: &Contract) -> Result<ExitCode> {
    let text = match wanted {
        Contract::Graphql => graphql::sdl(),
        Contract::Openapi => rest::openapi_json()?,
        Contract::Configuration => api::config::manual(),
    };
    print!("{text}");
    Ok(ExitCode::SUCCESS)
}

pub async fn migrate(cli: &Cli, config: &Config, wanted: &Migrate) -> Result<ExitCode> {
    match wanted {
        Migrate::Up => history::migrate(&config.store).await?,
        Migrate::Down { steps } => history::migrate_down(&config.store, *steps).await?,
        Migrate::Status => {}
    }
    let all = history::migrations(&config.store).await?;
    let lines = all
        .iter()
        .map(|(name, applied)| format!("{} {name}", if *applied { "applied" } else { "pending" }));
    let lines: Vec<String> = lines.collect();
    let json =
        all.iter().map(|(name, applied)| serde_json::json!({ "name": name, "applied": applied }));
    print(cli, &json.collect(), &lines.join("\n"));
    Ok(ExitCode::SUCCESS)
}

pub async fn load(cli: &Cli, config: &Config, folder: &Path) -> Result<ExitCode> {
    let pack = Pack::read(folder)?;
    with_store(config, async |access| {
        let report = exchange::load(access, pack).await?;
        let json = serde_json::to_value(&report).map_err(Error::internal)?;
        print(cli, &json, &report.told(terminal_lang()));
        Ok(if report.loaded { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
    .await
}
