use std::process::ExitCode;

use api::access::{Scope, Timestamp};
use api::config::Config;
use api::error::{Error, Result};
use api::id::{AnyId, ClientId, Id as _};
use api::identity::{self, ClientSecret, NewClient};
use clap::Subcommand;

use super::{Cli, print, print_all, time, with_store};

#[derive(Subcommand)]
pub enum Client {
    /// Open a client. Its secret is printed once.
    Add {
        /// What it is.
        #[arg(long)]
        name: String,
        /// What its tokens may be used for, as "read write:facts".
        #[arg(long = "scope", required = true, value_parser = scopes)]
        scopes: Vec<Scopes>,
        /// Until when it may sign in; for good if not said.
        #[arg(long, value_parser = time)]
        to: Option<Timestamp>,
    },
    /// List the clients.
    List,
    /// Give a client another secret, printed once; the one before is good no more.
    Rotate {
        /// Its id.
        id: String,
    },
    /// Revoke a client, at once and with all its tokens.
    Revoke {
        /// Its id.
        id: String,
    },
}

/// Scopes of one word or several.
#[derive(Clone)]
pub struct Scopes(Vec<Scope>);

fn scopes(text: &str) -> std::result::Result<Scopes, String> {
    let known: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    Scope::parse_list(text).map(Scopes).ok_or_else(|| format!("some of: {}", known.join(", ")))
}

pub async fn run(cli: &Cli, config: &Config, wanted: &Client) -> Result<ExitCode> {
    with_store(config, async |access| match wanted {
        Client::Add { name, scopes, to } => {
            let scopes = scopes.iter().flat_map(|scopes| scopes.0.clone()).collect();
            let new = NewClient { name: name.clone(), scopes, valid_to: *to };
            said(cli, &identity::add_client(access, new).await?)
        }
        Client::List => print_all(cli, &identity::clients(access).await?, |client| {
            let closed = if client.disabled { "revoked" } else { "open" };
            format!("{} {closed} {} [{}]", client.id, client.name, Scope::list(&client.scopes))
        }),
        Client::Rotate { id } => said(cli, &identity::rotate(access, parsed(id)?).await?),
        Client::Revoke { id } => {
            let client = identity::client_of(access, parsed(id)?).await?;
            let client = identity::revoke(access, client.id, client.revision).await?;
            let json = serde_json::to_value(&client).map_err(Error::internal)?;
            print(cli, &json, &client.id.to_string());
            Ok(ExitCode::SUCCESS)
        }
    })
    .await
}

fn parsed(id: &str) -> Result<ClientId> {
    ClientId::parse_at("id", &AnyId(id.to_owned()))
}

fn said(cli: &Cli, opened: &ClientSecret) -> Result<ExitCode> {
    let json = serde_json::to_value(opened).map_err(Error::internal)?;
    let (id, secret) = (opened.client.id, &opened.client_secret);
    print(cli, &json, &format!("{id}\nsecret, shown once: {secret}"));
    Ok(ExitCode::SUCCESS)
}
