//! The command line of Dure.

use std::io::Read as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use api::access::{Access, Actor, Clock, Role, Timestamp};
use api::config::{Config, LogFormat, Origin, Values, terminal_lang};
use api::error::{Error, Result};
use api::exchange::{self, Pack};
use api::history::{self, Store};
use api::identity::{self, Keys, NewAccount, NewGrant, Password};
use api::server::{self, Front, Service};
use api::{demo, doctor, graphql, rest};
use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Regional climate plans: a service for frontends (GraphQL) and partner agencies (REST).
#[derive(Parser)]
#[command(name = "dure", version, about)]
struct Cli {
    /// Where the configuration is; `dure.toml` here if there is one.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the service.
    Serve(Serve),
    /// Bring the tables up to date, or back.
    #[command(subcommand)]
    Migrate(Migrate),
    /// Load a data pack: a folder of CSV files. All of it or nothing.
    Load {
        /// The folder; the pack is named after it.
        folder: PathBuf,
    },
    /// Open accounts.
    #[command(subcommand)]
    Account(Account),
    /// Say who may do what, where.
    #[command(subcommand)]
    Grant(Grant),
    /// Say how the service would run here: its configuration, and what is in its way.
    Doctor,
    /// Print a contract.
    #[command(subcommand)]
    Schema(Contract),
}

#[derive(Args)]
struct Serve {
    /// With the real data of Jeonbuk, in a database of its own; nothing to configure.
    #[arg(long)]
    demo: bool,
    /// Where to listen, as 127.0.0.1:8080.
    #[arg(long)]
    bind: Option<String>,
}

#[derive(Subcommand)]
enum Migrate {
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
enum Account {
    /// Open an account. Its password is read from standard input, or made up and printed once.
    Add {
        /// Its e-mail address.
        #[arg(long)]
        email: String,
        /// Whose it is.
        #[arg(long)]
        name: String,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
}

#[derive(Subcommand)]
enum Grant {
    /// Grant a role in a region and everything below it.
    Add {
        /// To the account of this address.
        #[arg(long)]
        email: String,
        /// The role, as MUNICIPAL_OFFICER.
        #[arg(long, value_parser = role)]
        role: Role,
        /// The code of the region.
        #[arg(long)]
        region: String,
        /// Whether they decide who may read its plans.
        #[arg(long)]
        may_approve: bool,
        /// From then on, as 2026-01-01T00:00:00+09:00; at once if not said.
        #[arg(long, value_parser = time)]
        from: Option<Timestamp>,
        /// Until then; for good if not said.
        #[arg(long, value_parser = time)]
        to: Option<Timestamp>,
    },
}

#[derive(Subcommand)]
enum Contract {
    /// The GraphQL schema.
    Graphql,
    /// The OpenAPI description.
    Openapi,
    /// The configuration manual.
    Configuration,
}

fn role(text: &str) -> std::result::Result<Role, String> {
    let found = Role::ALL.iter().find(|role| role.as_str() == text.to_uppercase());
    let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    found.copied().ok_or_else(|| format!("one of: {}", known.join(", ")))
}

fn time(text: &str) -> std::result::Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "give a time as 2026-01-01T00:00:00+09:00".to_owned())
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut flags = Values::new();
    if let Command::Serve(Serve { bind: Some(bind), .. }) = &cli.command {
        flags.insert("bind".to_owned(), bind.clone());
    }
    let config = match Config::read(cli.config.as_deref(), flags) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("dure: {error}");
            return ExitCode::from(2);
        }
    };
    log(&config);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("dure: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(&cli, &config)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("dure: {}", told(&error));
            ExitCode::FAILURE
        }
    }
}

fn log(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => lines.compact().init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
}

/// An error for the terminal: what is wrong, at which field, and what lies behind it.
fn told(error: &Error) -> String {
    let lang = terminal_lang();
    let mut lines = vec![error.text().in_lang(lang).to_owned()];
    let fields = error.faults().iter();
    lines.extend(
        fields.map(|fault| format!("  {}: {}", fault.path.join("."), fault.text.in_lang(lang))),
    );
    lines.extend(error.cause().map(|cause| format!("  {cause}")));
    lines.join("\n")
}

async fn run(cli: &Cli, config: &Config) -> Result<ExitCode> {
    match &cli.command {
        Command::Serve(wanted) => serve(config, wanted).await,
        Command::Migrate(wanted) => migrate(cli, config, wanted).await,
        Command::Doctor => examine(cli, config).await,
        Command::Load { folder } => load(cli, config, folder).await,
        Command::Account(Account::Add { email, name, password_stdin }) => {
            let password = if *password_stdin { read_password()? } else { Password::random()? };
            let new = NewAccount { email: email.clone(), name: name.clone(), password };
            add_account(cli, config, new, *password_stdin).await
        }
        Command::Grant(Grant::Add { email, role, region, may_approve, from, to }) => {
            let (email, region) = (email.clone(), region.clone());
            let (role, may_approve, from, to) = (*role, *may_approve, *from, *to);
            let new = NewGrant { email, role, region, may_approve, from, to };
            with_store(config, async |access| {
                let id = identity::add_grant(access, new).await?;
                print(cli, &serde_json::json!({ "id": id }), &id.to_string());
                Ok(ExitCode::SUCCESS)
            })
            .await
        }
        Command::Schema(Contract::Graphql) => {
            print!("{}", graphql::sdl());
            Ok(ExitCode::SUCCESS)
        }
        Command::Schema(Contract::Configuration) => {
            print!("{}", api::config::manual());
            Ok(ExitCode::SUCCESS)
        }
        Command::Schema(Contract::Openapi) => {
            print!("{}", rest::openapi_json()?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn print(cli: &Cli, json: &serde_json::Value, text: &str) {
    if cli.json { println!("{json}") } else { println!("{text}") }
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

async fn serve(config: &Config, wanted: &Serve) -> Result<ExitCode> {
    if wanted.demo {
        demo::migrate(&config.store).await?;
    }
    let store = open(config).await?;
    let keys = Arc::new(Keys::open(&config.keys_dir)?);
    if wanted.demo {
        demo::prepare(&store, &config.data_dir).await?;
    }
    let listener = TcpListener::bind(config.bind).map_err(Error::internal)?;
    let Config { limits, cors_origins, proxies, .. } = config;
    let front = Front { limits: *limits, origins: cors_origins.clone(), proxies: *proxies };
    let metrics = metrics_listener(config)?;
    let service = Service { store, keys, workers: config.workers, front, metrics };
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

async fn examine(cli: &Cli, config: &Config) -> Result<ExitCode> {
    let found = doctor::examine(config).await;
    let json = serde_json::to_value(&found).map_err(Error::internal)?;
    print(cli, &json, &found.told());
    Ok(if found.well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn migrate(cli: &Cli, config: &Config, wanted: &Migrate) -> Result<ExitCode> {
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

async fn load(cli: &Cli, config: &Config, folder: &Path) -> Result<ExitCode> {
    let pack = Pack::read(folder)?;
    with_store(config, async |access| {
        let report = exchange::load(access, pack).await?;
        let json = serde_json::to_value(&report).map_err(Error::internal)?;
        print(cli, &json, &report.told(terminal_lang()));
        Ok(if report.loaded { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
    .await
}

async fn add_account(
    cli: &Cli,
    config: &Config,
    new: NewAccount,
    chosen: bool,
) -> Result<ExitCode> {
    let password = new.password.clone();
    with_store(config, async |access| {
        let id = identity::add_account(access, new).await?;
        if chosen {
            print(cli, &serde_json::json!({ "id": id }), &id.to_string());
        } else {
            let password = password.reveal();
            let json = serde_json::json!({ "id": id, "password": password });
            print(cli, &json, &format!("{id}\npassword, shown once: {password}"));
        }
        Ok(ExitCode::SUCCESS)
    })
    .await
}

fn read_password() -> Result<Password> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(Error::internal)?;
    Password::chosen(text.trim_end_matches(['\r', '\n']).to_owned())
}
