use std::process::ExitCode;

use api::config::Config;
use api::error::Result;
use clap::Subcommand;
use serde_json::json;

use super::{Cli, print};

#[derive(Subcommand)]
pub enum Keys {
    /// Make a newer key, which signs from now on. What older ones signed stays good until it is
    /// over; a running service takes the newer one within a minute.
    Rotate,
}

pub fn run(cli: &Cli, config: &Config, wanted: &Keys) -> Result<ExitCode> {
    let Keys::Rotate = wanted;
    let id = api::identity::Keys::rotate(&config.keys_dir)?;
    print(cli, &json!({ "kid": id }), &id);
    Ok(ExitCode::SUCCESS)
}
