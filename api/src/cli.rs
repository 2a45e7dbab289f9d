//! What can be said on the command line, and what the commands share.

mod account;
mod client;
mod data;
mod grant;
mod keys;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use api::access::{Access, Actor, Clock, Timestamp};
use api::config::{Config, Values, terminal_lang};
use api::error::{Error, Result};
use api::history::{self, Store};
use clap::{Parser, Subcommand};

/// Regional climate plans: a service for frontends (GraphQL) and partner agencies (REST).
#[derive(Parser)]
#[command(name = "dure", version, about)]
pub struct Cli {
    /// Where the configuration is; `dure.toml` here if there is one.
    #[arg(long, global = true)]
    pub config: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the service.
    Serve(serve::Serve),
    /// Bring the tables up to date, or back.
    #[command(subcommand)]
    Migrate(data::Migrate),
    /// Load a data pack: a folder of CSV files. All of it or nothing.
    Load {
        /// The folder; the pack is named after it.
        folder: PathBuf,
    },
    /// Open, list and close accounts.
    #[command(subcommand)]
    Account(account::Account),
    /// Say who may do what, where.
    #[command(subcommand)]
    Grant(grant::Grant),
    /// Open, list and revoke machine clients.
    #[command(subcommand)]
    Client(client::Client),
    /// The keys that tokens are signed with.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Say how the service would run here: its configuration, and what is in its way.
    Doctor,
    /// Print a contract.
    #[command(subcommand)]
    Schema(data::Contract),
}

impl Cli {
    /// What the words say over the configuration.
    pub fn flags(&self) -> Values {
        let mut flags = Values::new();
        if let Command::Serve(serve::Serve { bind: Some(bind), .. }) = &self.command {
            flags.insert("bind".to_owned(), bind.clone());
        }
        flags
    }
}

/// Does what is said.
pub async fn run(cli: &Cli, config: &Config) -> Result<ExitCode> {
    match &cli.command {
        Command::Serve(wanted) => serve::run(config, wanted).await,
        Command::Migrate(wanted) => data::migrate(cli, config, wanted).await,
        Command::Load { folder } => data::load(cli, config, folder).await,
        Command::Account(wanted) => account::run(cli, config, wanted).await,
        Command::Grant(wanted) => grant::run(cli, config, wanted).await,
        Command::Client(wanted) => client::run(cli, config, wanted).await,
        Command::Keys(wanted) => keys::run(cli, config, wanted),
        Command::Doctor => serve::examine(cli, config).await,
        Command::Schema(wanted) => data::schema(wanted),
    }
}

/// An error for the terminal: what is wrong, at which field, and what lies behind it.
pub fn told(error: &Error) -> String {
    let lang = terminal_lang();
    let mut lines = vec![error.text().in_lang(lang).to_owned()];
    let fields = error.faults().iter();
    lines.extend(
        fields.map(|fault| format!("  {}: {}", fault.path.join("."), fault.text.in_lang(lang))),
    );
    lines.extend(error.cause().map(|cause| format!("  {cause}")));
    lines.join("\n")
}

fn print(cli: &Cli, json: &serde_json::Value, text: &str) {
    if cli.json { println!("{json}") } else { println!("{text}") }
}

/// Things, one a line, or as a list in JSON.
fn print_all<T: serde::Serialize>(
    cli: &Cli,
    things: &[T],
    line: impl Fn(&T) -> String,
) -> Result<ExitCode> {
    let json = serde_json::to_value(things).map_err(Error::internal)?;
    let lines: Vec<String> = things.iter().map(line).collect();
    if cli.json || !lines.is_empty() {
        print(cli, &json, &lines.join("\n"));
    }
    Ok(ExitCode::SUCCESS)
}

/// The database, as its owner sees it.
async fn with_store(
    config: &Config,
    work: impl AsyncFnOnce(&Access) -> Result<ExitCode>,
) -> Result<ExitCode> {
    let store = open(config).await?;
    let access = Access::new(store.clone(), Actor::Operator);
    let done = work(&access).await;
    access.finish().await;
    store.close().await;
    done
}

async fn open(config: &Config) -> Result<Arc<Store>> {
    let pending =
        history::migrations(&config.store).await?.into_iter().any(|(_, applied)| !applied);
    if pending {
        let what = "the database is not up to date: run `dure migrate up`";
        return Err(Error::internal(std::io::Error::other(what)));
    }
    Store::open(&config.store, Clock::system()).await.map(Arc::new)
}

fn time(text: &str) -> std::result::Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "give a time as 2026-01-01T00:00:00+09:00".to_owned())
}
