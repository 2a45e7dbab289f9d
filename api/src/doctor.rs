//! What is in the way of the service: `dure doctor`.

use std::fmt::Display;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use crate::access::{Clock, Timestamp};
use crate::config::{Config, Effective};
use crate::files::FilesConfig;
use crate::history::{Inspection, inspect, sqlite_file};

/// How well something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Well,
    /// The service runs, but somebody should look at it.
    Warning,
    /// The service cannot run like this.
    Broken,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// How well it is.
    pub state: State,
    /// What was seen, and what to do.
    pub seen: String,
}

/// All that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Findings {
    /// Whether the service can run.
    pub well: bool,
    /// The version of this program.
    pub version: &'static str,
    /// Each thing.
    pub checks: Vec<Finding>,
    /// The configuration in force, without secrets.
    pub configuration: Vec<Effective>,
}

impl Findings {
    /// The same for people.
    pub fn told(&self) -> String {
        let mut lines = vec![format!("dure {}", self.version), String::new()];
        for Effective { key, value, origin, .. } in &self.configuration {
            let origin = format!("{origin:?}").to_lowercase();
            lines.push(format!("  {key:<18} {value:<50} {origin}"));
        }
        lines.push(String::new());
        for Finding { what, state, seen } in &self.checks {
            let mark = match state {
                State::Well => "well   ",
                State::Warning => "warning",
                State::Broken => "broken ",
            };
            lines.push(format!("  {mark}  {what}: {seen}"));
        }
        lines.join("\n")
    }
}

/// Before this, no service of this kind existed.
const EARLIEST: &str = "2026-01-01T00:00:00Z";
/// Clocks that differ more than this order nothing.
const DRIFT_MICROSECONDS: i64 = 5_000_000;

/// Looks at everything.
pub async fn examine(config: &Config) -> Findings {
    let now = Clock::system().now();
    let mut checks = vec![folder("data folder", &config.data_dir), keys(&config.keys_dir)];
    if let FilesConfig::Folder(files) = &config.files {
        checks.push(folder("documents", files));
    }
    checks.extend(database(config, now).await);
    checks.push(port("address", config.bind, "/livez", "x-request-id"));
    checks.push(match port("metrics address", config.metrics_bind, "/metrics", "dure_http") {
        // The service runs without.
        taken if taken.state == State::Broken => Finding { state: State::Warning, ..taken },
        free => free,
    });
    Findings {
        well: checks.iter().all(|check| check.state != State::Broken),
        version: env!("CARGO_PKG_VERSION"),
        checks,
        configuration: config.effective.clone(),
    }
}

fn well(what: &'static str, seen: impl Display) -> Finding {
    Finding { what, state: State::Well, seen: seen.to_string() }
}

fn broken(what: &'static str, seen: impl Display) -> Finding {
    Finding { what, state: State::Broken, seen: seen.to_string() }
}

fn folder(what: &'static str, folder: &Path) -> Finding {
    let place = folder.display();
    // The nearest that exists: the rest is made at the start.
    let there = folder.ancestors().find(|path| path.is_dir()).unwrap_or(Path::new("."));
    let probe = there.join(format!(".dure-doctor-{}", uuid::Uuid::now_v7().simple()));
    let written = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) if there == folder => well(what, format!("{place} can be written")),
        Ok(()) => well(what, format!("{place} will be made")),
        Err(failure) => broken(what, format!("{place} cannot be written: {failure}")),
    }
}

fn keys(folder: &Path) -> Finding {
    let (what, place) = ("keys", folder.display());
    let Ok(entries) = std::fs::read_dir(folder) else {
        return match folder.exists() {
            true => broken(what, format!("{place} cannot be read")),
            false => well(what, format!("{place} will be made, with a first key")),
        };
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let keys: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|it| it == "pem")).collect();
    for path in &keys {
        if let Err(failure) = std::fs::read(path) {
            return broken(what, format!("{}: {failure}", path.display()));
        }
    }
    let open = |path: &Path| path.metadata().is_ok_and(|it| it.permissions().mode() & 0o077 != 0);
    match std::iter::once(folder)
        .chain(keys.iter().map(std::path::PathBuf::as_path))
        .find(|it| open(it))
    {
        Some(path) => {
            let seen = format!("{} can be read by others: chmod go= {0}", path.display());
            Finding { what, state: State::Warning, seen }
        }
        None => well(what, format!("{} in {place}, for their owner alone", keys.len())),
    }
}

async fn database(config: &Config, now: Timestamp) -> Vec<Finding> {
    let what = "database";
    if let Some(file) = sqlite_file(&config.store.url).filter(|file| !file.exists()) {
        let seen = format!("{} is not there yet: dure migrate up", file.display());
        return vec![broken(what, seen), clock(now, None)];
    }
    let seen = match inspect(&config.store).await {
        Ok(seen) => seen,
        Err(error) => return vec![broken(what, error), clock(now, None)],
    };
    let Inspection { version, is_supported, pending, past, .. } = &seen;
    let revision = seen.last.map_or(0, |(revision, _)| revision.0);
    vec![
        match is_supported {
            true => well(what, format!("{version}, at revision {revision}")),
            false => broken(what, format!("{version} is too old: PostgreSQL 15 or later")),
        },
        match pending.as_slice() {
            [] => well("tables", "every migration has run"),
            [..] => broken("tables", format!("to run: {}: dure migrate up", pending.join(", "))),
        },
        match past {
            Ok(()) => well("views of the past", "every table can be read as it was"),
            Err(failure) => broken("views of the past", format!("{failure}: dure migrate up")),
        },
        clock(now, Some(&seen)),
    ]
}

fn clock(now: Timestamp, seen: Option<&Inspection>) -> Finding {
    let what = "clock";
    let last = seen.and_then(|seen| seen.last).map(|(_, at)| at);
    let theirs = seen.and_then(|seen| seen.now);
    if Timestamp::parse(EARLIEST).is_some_and(|earliest| now < earliest) {
        return broken(what, format!("{now} is before this program was made"));
    }
    if let Some(last) = last.filter(|last| *last > now) {
        return broken(what, format!("{now} is before the last change, {last}"));
    }
    match theirs {
        Some(theirs) if (theirs.0 - now.0).abs() > DRIFT_MICROSECONDS => {
            let seen = format!("{now} here, {theirs} in the database");
            Finding { what, state: State::Warning, seen }
        }
        _ => well(what, now),
    }
}

/// A port is free, or it is this service that has it.
fn port(what: &'static str, address: SocketAddr, path: &str, sign: &str) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => well(what, format!("{address} is free")),
        Err(_) if answers(address, path, sign) => {
            well(what, format!("a Dure is running at {address}"))
        }
        Err(failure) => broken(what, format!("{address}: {failure}")),
    }
}

fn answers(address: SocketAddr, path: &str, sign: &str) -> bool {
    let patience = Duration::from_secs(1);
    let ask = || {
        let mut stream = TcpStream::connect_timeout(&address, patience)?;
        stream.set_read_timeout(Some(patience))?;
        stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes())?;
        let mut answer = Vec::new();
        stream.take(64 * 1024).read_to_end(&mut answer)?;
        Ok::<_, std::io::Error>(String::from_utf8_lossy(&answer).contains(sign))
    };
    ask().unwrap_or(false)
}
