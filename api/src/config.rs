//! Everything the environment may set, and the only place that reads it.
//!
//! Defaults < `dure.toml` < environment < flags. A name that is not in [`SETTINGS`] is an error,
//! so that a typing mistake does not pass for a default.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::history::StoreConfig;
use crate::message::Lang;

/// One thing that can be set.
#[derive(Debug)]
pub struct Setting {
    /// Its name in `dure.toml`.
    pub key: &'static str,
    /// Its name in the environment.
    pub env: &'static str,
    /// What it is if nobody sets it.
    pub default: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// The configuration manual.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "database_url",
        env: "DATABASE_URL",
        default: "",
        about: "sqlite://PATH or postgres://USER@HOST/NAME. A SQLite file in the data folder if not set.",
    },
    Setting {
        key: "data_dir",
        env: "DURE_DATA_DIR",
        default: "dure-data",
        about: "The folder for the SQLite file, the keys, and the credentials of the demonstration.",
    },
    Setting {
        key: "keys_dir",
        env: "DURE_KEYS_DIR",
        default: "",
        about: "The folder with the keys that tokens are signed with; `keys` in the data folder if not set.",
    },
    Setting {
        key: "bind",
        env: "DURE_BIND",
        default: "127.0.0.1:8080",
        about: "Where to listen; port 0 takes any free one.",
    },
    Setting {
        key: "connections",
        env: "DURE_CONNECTIONS",
        default: "16",
        about: "How many may read the database at once. PostgreSQL needs half as many again and two more.",
    },
    Setting {
        key: "workers",
        env: "DURE_WORKERS",
        default: "",
        about: "How many threads answer requests; one for each core if not set.",
    },
    Setting {
        key: "log",
        env: "DURE_LOG",
        default: "info,sea_orm_migration=warn,actix_server=warn",
        about: "What to log: error, warn, info, debug, trace, or by module as in api::history=debug.",
    },
    Setting {
        key: "log_format",
        env: "DURE_LOG_FORMAT",
        default: "text",
        about: "text or json, a line each, on standard error.",
    },
];

/// The configuration manual, as `docs/configuration.md` has it.
pub fn manual() -> String {
    let mut text = String::from(
        "# Configuration\n\nDefaults < `dure.toml` (or `--config FILE`) < environment < flags. \
         An unknown name is an error.\n\n| environment | `dure.toml` | default | |\n|---|---|---|---|\n",
    );
    for Setting { key, env, default, about } in SETTINGS {
        let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
        text += &format!("| `{env}` | `{key}` | {default} | {about} |\n");
    }
    text
}

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

/// The configuration in force.
#[derive(Clone, Debug)]
pub struct Config {
    /// The database.
    pub store: StoreConfig,
    /// The folder for files of the service's own.
    pub data_dir: PathBuf,
    /// The folder with the signing keys.
    pub keys_dir: PathBuf,
    /// Where to listen.
    pub bind: SocketAddr,
    /// How many threads answer requests.
    pub workers: usize,
    /// What to log.
    pub log: String,
    /// How to log it.
    pub log_format: LogFormat,
}

/// Values by key.
pub type Values = BTreeMap<String, String>;

impl Config {
    /// Reads `dure.toml` (or the file named), the environment, and what the command line says.
    pub fn read(file: Option<&Path>, flags: Values) -> Result<Self, ConfigError> {
        let written = match file {
            Some(path) => from_file(path)?,
            None if Path::new("dure.toml").exists() => from_file(Path::new("dure.toml"))?,
            None => Values::new(),
        };
        Self::of(&[written, from_environment(std::env::vars())?, flags])
    }

    /// From layers, the later over the earlier.
    pub fn of(layers: &[Values]) -> Result<Self, ConfigError> {
        let value = |key: &str| {
            let set = layers.iter().rev().find_map(|layer| layer.get(key));
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
        Ok(Self {
            store: StoreConfig {
                url,
                connections: number("connections", "give a number from 1 to 1000")?,
            },
            data_dir,
            keys_dir,
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
            values(&[("bind", "127.0.0.1:1"), ("data_dir", "d")]),
            values(&[("bind", "127.0.0.1:2")]),
        ];
        let config = Config::of(&layers).expect("a configuration");
        assert_eq!(config.bind.port(), 2);
        assert_eq!(config.store.url, "sqlite://d/dure.db");
        assert_eq!(config.keys_dir, Path::new("d/keys"));
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
            let error = Config::of(&[values(&[(key, value)])]).expect_err(key);
            assert_eq!(error.to_string(), told);
        }
    }

    #[test]
    fn an_unknown_variable_is_refused() {
        let vars = [("DURE_BIMD".to_owned(), "x".to_owned()), ("HOME".to_owned(), "/".to_owned())];
        assert!(from_environment(vars.into_iter()).is_err());
    }
}
