//! Everything the environment may set, and the only place that reads it.
//!
//! Defaults < `dure.toml` < environment < flags. A name that is not in [`SETTINGS`] is an error,
//! so that a typing mistake does not pass for a default.

mod settings;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Serialize;

pub use settings::{SETTINGS, Setting, manual};

use crate::files::{FilesConfig, S3Config};
use crate::history::StoreConfig;
use crate::message::Lang;
use crate::wire::Limits;

/// What is wrong with the configuration, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError(String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Whose tokens are taken beside our own, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oidc {
    /// The issuer, as its tokens write it.
    pub issuer: String,
    /// The audience that its tokens must be for.
    pub audience: String,
    /// The file with its public keys (RFC 7517): offices work on closed networks.
    pub keys: PathBuf,
    /// The claim that holds the e-mail address of an account here.
    pub claim: String,
}

/// The configuration in force.
#[derive(Clone, Debug)]
pub struct Config {
    /// The database.
    pub store: StoreConfig,
    /// The folder for files of the service's own.
    pub data_dir: PathBuf,
    /// The folder with the signing keys.
    pub keys_dir: PathBuf,
    /// Whose tokens are taken beside our own.
    pub oidc: Option<Oidc>,
    /// Where documents are kept.
    pub files: FilesConfig,
    /// Where to listen.
    pub bind: SocketAddr,
    /// How many threads answer requests.
    pub workers: usize,
    /// What to log.
    pub log: String,
    /// How to log it.
    pub log_format: LogFormat,
    /// Where to show what is counted.
    pub metrics_bind: SocketAddr,
    /// What one request may have.
    pub limits: Limits,
    /// The origins whose pages may read the answers.
    pub cors_origins: Vec<String>,
    /// How many proxies stand before the service.
    pub proxies: usize,
    /// All settings with where they come from.
    pub effective: Vec<Effective>,
}

/// Values by key.
pub type Values = BTreeMap<String, String>;

/// Who set a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Nobody.
    Default,
    /// The configuration file.
    File,
    /// The environment.
    Environment,
    /// The command line.
    Flag,
}

/// A setting as it is in force, without secrets.
#[derive(Clone, Debug, Serialize)]
pub struct Effective {
    /// Its name in `dure.toml`.
    pub key: &'static str,
    /// Its name in the environment.
    pub env: &'static str,
    /// What it is.
    pub value: String,
    /// Who said so.
    pub origin: Origin,
}

/// What one of those who may set values has set.
type Layer = (Origin, Values);

/// A URL without its password.
fn without_secrets(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else { return value.to_owned() };
    let (place, query) = rest.split_once('?').map_or((rest, ""), |(place, query)| (place, query));
    let place = match place.rsplit_once('@') {
        Some((who, host)) => {
            format!(
                "{}@{host}",
                who.split_once(':').map_or(who.to_owned(), |(who, _)| format!("{who}:…"))
            )
        }
        None => place.to_owned(),
    };
    let query = if query.is_empty() { "" } else { "?…" };
    format!("{scheme}://{place}{query}")
}

fn effective(layers: &[Layer]) -> Vec<Effective> {
    let in_force = SETTINGS.iter().map(|setting| {
        let Setting { key, env, default, .. } = *setting;
        let set =
            layers.iter().rev().find_map(|(origin, values)| Some((*origin, values.get(key)?)));
        let (origin, value) =
            set.map_or((Origin::Default, default), |(origin, value)| (origin, value.as_str()));
        let value = match key {
            "s3_secret" if !value.is_empty() => "…".to_owned(),
            _ => without_secrets(value),
        };
        Effective { key, env, value, origin }
    });
    in_force.collect()
}

impl Config {
    /// Reads `dure.toml` (or the file named), the environment, and what the command line says.
    pub fn read(file: Option<&Path>, flags: Values) -> Result<Self, ConfigError> {
        let written = match file {
            Some(path) => from_file(path)?,
            None if Path::new("dure.toml").exists() => from_file(Path::new("dure.toml"))?,
            None => Values::new(),
        };
        let environment = from_environment(std::env::vars())?;
        let layers =
            [(Origin::File, written), (Origin::Environment, environment), (Origin::Flag, flags)];
        Self::of(&layers)
    }

    /// From layers, the later over the earlier.
    pub fn of(layers: &[Layer]) -> Result<Self, ConfigError> {
        let value = |key: &str| -> &str {
            let set = layers.iter().rev().find_map(|(_, layer)| layer.get(key));
            let default = SETTINGS.iter().find(|setting| setting.key == key);
            set.map_or_else(|| default.map_or("", |setting| setting.default), String::as_str)
        };
        let data_dir = PathBuf::from(value("data_dir"));
        let url = match value("database_url") {
            "" => format!("sqlite://{}", data_dir.join("dure.db").display()),
            url => url.to_owned(),
        };
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(wrong("database_url", "begin it with sqlite:// or postgres://"));
        }
        let keys_dir = match value("keys_dir") {
            "" => data_dir.join("keys"),
            folder => PathBuf::from(folder),
        };
        let number = |key: &str, what: &str| {
            let number =
                value(key).parse::<u32>().ok().filter(|number| (1..=1_000).contains(number));
            number.ok_or_else(|| wrong(key, what))
        };
        let workers = match value("workers") {
            "" => std::thread::available_parallelism().map_or(1, usize::from),
            _ => number("workers", "give a number from 1 to 1000")? as usize,
        };
        let within = |key: &str, from: u32, to: u32| {
            let number = value(key).parse::<u32>().ok().filter(|it| (from..=to).contains(it));
            number.ok_or_else(|| wrong(key, &format!("give a number from {from} to {to}")))
        };
        let size = |key: &str, from: u32| within(key, from, 1 << 30).map(|number| number as usize);
        let limits = Limits {
            document_bytes: size("limit_document", 1_024)?,
            tokens: size("limit_tokens", 100)?,
            depth: size("limit_depth", 5)?,
            cost: u64::from(within("limit_cost", 100, u32::MAX)?),
            aliases: size("limit_aliases", 0)?,
            directives: size("limit_directives", 0)?,
            body_bytes: size("limit_body", 1_024)?,
            file_bytes: u64::from(within("limit_file", 1_024, 1 << 30)?),
            seconds: within("limit_seconds", 1, 3_600)?,
            anonymous_per_minute: within("rate_anonymous", 0, 1_000_000)?,
            signed_in_per_minute: within("rate_signed_in", 0, 1_000_000)?,
        };
        Ok(Self {
            limits,
            metrics_bind: value("metrics_bind")
                .parse()
                .map_err(|_| wrong("metrics_bind", "give an address as 127.0.0.1:9090"))?,
            cors_origins: origins(value("cors_origins"))?,
            proxies: within("proxies", 0, 16)? as usize,
            effective: effective(layers),
            store: StoreConfig {
                url,
                connections: number("connections", "give a number from 1 to 1000")?,
            },
            data_dir,
            keys_dir,
            oidc: oidc(&value)?,
            files: files(&value)?,
            bind: value("bind")
                .parse()
                .map_err(|_| wrong("bind", "give an address as 127.0.0.1:8080"))?,
            workers,
            log: value("log").to_owned(),
            log_format: match value("log_format") {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                _ => return Err(wrong("log_format", "give text or json")),
            },
        })
    }
}

/// Origins as browsers write them: scheme, host and port, no path.
fn origins(text: &str) -> Result<Vec<String>, ConfigError> {
    let all = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    let all: Vec<String> = all.map(|origin| origin.trim_end_matches('/').to_owned()).collect();
    let is_one = |origin: &String| {
        let host = origin.strip_prefix("https://").or(origin.strip_prefix("http://"));
        origin == "*" || host.is_some_and(|host| !host.is_empty() && !host.contains('/'))
    };
    match all.iter().all(is_one) {
        true => Ok(all),
        false => Err(wrong("cors_origins", "give origins as https://a.example,https://b.example")),
    }
}

/// The other issuer: all that is needed of it, or nothing.
fn oidc<'a>(value: &impl Fn(&str) -> &'a str) -> Result<Option<Oidc>, ConfigError> {
    let parts = ["oidc_issuer", "oidc_audience", "oidc_keys"];
    if parts.iter().all(|key| value(key).is_empty()) {
        return Ok(None);
    }
    match parts.iter().find(|key| value(key).is_empty()) {
        Some(missing) => Err(wrong(missing, "give it together with the issuer, or none of them")),
        None => Ok(Some(Oidc {
            issuer: value("oidc_issuer").to_owned(),
            audience: value("oidc_audience").to_owned(),
            keys: PathBuf::from(value("oidc_keys")),
            claim: value("oidc_claim").to_owned(),
        })),
    }
}

/// Where documents are kept: in a folder, or in an object store with all that it takes.
fn files<'a>(value: &impl Fn(&str) -> &'a str) -> Result<FilesConfig, ConfigError> {
    let Some(place) = value("files").strip_prefix("s3://") else {
        let folder = match value("files") {
            "" => Path::new(value("data_dir")).join("files"),
            folder => PathBuf::from(folder),
        };
        return Ok(FilesConfig::Folder(folder));
    };
    let needed = ["s3_endpoint", "s3_key_id", "s3_secret"];
    if let Some(missing) = needed.iter().find(|key| value(key).is_empty()) {
        return Err(wrong(missing, "give it together with files = s3://…"));
    }
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    if bucket.is_empty() {
        return Err(wrong("files", "name a bucket: s3://BUCKET or s3://BUCKET/PREFIX"));
    }
    Ok(FilesConfig::S3(Box::new(S3Config {
        endpoint: value("s3_endpoint").trim_end_matches('/').to_owned(),
        region: value("s3_region").to_owned(),
        bucket: bucket.to_owned(),
        prefix: prefix.trim_matches('/').to_owned(),
        key_id: value("s3_key_id").to_owned(),
        secret: value("s3_secret").to_owned(),
    })))
}

/// The language of the terminal.
pub fn terminal_lang() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok());
    if set.is_some_and(|lang| lang.starts_with("ko")) { Lang::Ko } else { Lang::En }
}

fn wrong(key: &str, remedy: &str) -> ConfigError {
    let env = SETTINGS.iter().find(|setting| setting.key == key).map_or("", |setting| setting.env);
    ConfigError(format!("{key} ({env}): {remedy}"))
}

fn from_file(path: &Path) -> Result<Values, ConfigError> {
    let at = |problem: &dyn fmt::Display| ConfigError(format!("{}: {problem}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|failure| at(&failure))?;
    let table: toml::Table = text.parse().map_err(|failure| at(&failure))?;
    let mut values = Values::new();
    for (key, value) in table {
        if SETTINGS.iter().all(|setting| setting.key != key) {
            return Err(at(&format!("unknown key {key}; known: {}", known(|setting| setting.key))));
        }
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Array(list) if list.iter().all(toml::Value::is_str) => {
                list.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(",")
            }
            _ => return Err(at(&format!("{key} must be a string or a whole number"))),
        };
        values.insert(key, text);
    }
    Ok(values)
}

fn from_environment(vars: impl Iterator<Item = (String, String)>) -> Result<Values, ConfigError> {
    let mut values = Values::new();
    for (name, value) in vars {
        match SETTINGS.iter().find(|setting| setting.env == name) {
            Some(_) if value.is_empty() => {}
            Some(setting) => drop(values.insert(setting.key.to_owned(), value)),
            None if name.starts_with("DURE_") => {
                let known = known(|setting| setting.env);
                return Err(ConfigError(format!("unknown variable {name}; known: {known}")));
            }
            None => {}
        }
    }
    Ok(values)
}

fn known(name: impl Fn(&Setting) -> &'static str) -> String {
    SETTINGS.iter().map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_later_layer_wins_and_the_rest_is_default() {
        let layers = [
            (Origin::File, values(&[("bind", "127.0.0.1:1"), ("data_dir", "d")])),
            (Origin::Environment, values(&[("bind", "127.0.0.1:2")])),
        ];
        let config = Config::of(&layers).expect("a configuration");
        assert_eq!(config.bind.port(), 2);
        assert_eq!(config.store.url, "sqlite://d/dure.db");
        assert_eq!(config.keys_dir, Path::new("d/keys"));
        assert_eq!(config.limits, Limits::default(), "the manual and the code agree");
        let origin = |key| config.effective.iter().find(|it| it.key == key).map(|it| it.origin);
        assert_eq!(origin("data_dir"), Some(Origin::File));
        assert_eq!(origin("bind"), Some(Origin::Environment));
        assert_eq!(origin("log"), Some(Origin::Default));
    }

    #[test]
    fn what_is_shown_holds_no_password() {
        for (url, shown) in [
            ("postgres://dure:s3cret@db:5432/dure", "postgres://dure:…@db:5432/dure"),
            ("postgres://dure@db/dure?password=s3cret", "postgres://dure@db/dure?…"),
            ("postgres://dure:s@3cret@db/dure", "postgres://dure:…@db/dure"),
            ("sqlite://d/dure.db", "sqlite://d/dure.db"),
        ] {
            assert_eq!(without_secrets(url), shown);
        }
    }

    #[test]
    fn origins_are_written_as_browsers_write_them() {
        let told = |text| Config::of(&[(Origin::Flag, values(&[("cors_origins", text)]))]);
        let both = told("https://a.example, http://localhost:3000/").expect("origins");
        assert_eq!(both.cors_origins, ["https://a.example", "http://localhost:3000"]);
        assert!(told("a.example").is_err() && told("https://a.example/page").is_err());
        assert_eq!(told("*").expect("all").cors_origins, ["*"]);
    }

    #[test]
    fn a_mistake_is_named_with_its_remedy() {
        for (key, value, told) in [
            ("bind", "8080", "bind (DURE_BIND): give an address as 127.0.0.1:8080"),
            (
                "database_url",
                "mysql://x",
                "database_url (DATABASE_URL): begin it with sqlite:// or postgres://",
            ),
            ("connections", "0", "connections (DURE_CONNECTIONS): give a number from 1 to 1000"),
        ] {
            let error = Config::of(&[(Origin::Flag, values(&[(key, value)]))]).expect_err(key);
            assert_eq!(error.to_string(), told);
        }
    }

    #[test]
    fn an_unknown_variable_is_refused() {
        let vars = [("DURE_BIMD".to_owned(), "x".to_owned()), ("HOME".to_owned(), "/".to_owned())];
        assert!(from_environment(vars.into_iter()).is_err());
    }
}
