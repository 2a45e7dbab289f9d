//! The command line of Dure.

mod cli;

use std::process::ExitCode;

use api::config::{Config, LogFormat};
use clap::Parser as _;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let config = match Config::read(cli.config.as_deref(), cli.flags()) {
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
    match runtime.block_on(cli::run(&cli, &config)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("dure: {}", cli::told(&error));
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
