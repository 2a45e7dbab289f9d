use std::io::Read as _;
use std::process::ExitCode;

use api::access::Access;
use api::config::Config;
use api::error::{Error, Result};
use api::identity::{self, AccountFilter, Invitation, NewAccount, Password};
use api::page::PageRequest;
use clap::Subcommand;
use serde_json::json;

use super::{Cli, print, print_all, with_store};

#[derive(Subcommand)]
pub enum Account {
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
    /// List the accounts.
    List,
    /// Close an account, at once and with all its sign-ins.
    Disable {
        /// Its e-mail address.
        #[arg(long)]
        email: String,
    },
    /// Print a token with which somebody chooses the password of an account, once, within a week.
    Invite {
        /// Its e-mail address.
        #[arg(long)]
        email: String,
        /// Whose it is; needed for a new account.
        #[arg(long)]
        name: Option<String>,
    },
}

pub async fn run(cli: &Cli, config: &Config, wanted: &Account) -> Result<ExitCode> {
    match wanted {
        Account::Add { email, name, password_stdin } => {
            let password = if *password_stdin { read_password()? } else { Password::random()? };
            let new = NewAccount { email: email.clone(), name: name.clone(), password };
            with_store(config, async |access| add(cli, access, new, *password_stdin).await).await
        }
        Account::List => with_store(config, async |access| list(cli, access).await).await,
        Account::Disable { email } => {
            with_store(config, async |access| {
                let account = identity::disable(access, email).await?;
                let json = serde_json::to_value(&account).map_err(Error::internal)?;
                print(cli, &json, &account.id.to_string());
                Ok(ExitCode::SUCCESS)
            })
            .await
        }
        Account::Invite { email, name } => {
            let wanted = Invitation { email: email.clone(), name: name.clone() };
            with_store(config, async |access| invite(cli, access, wanted).await).await
        }
    }
}

async fn add(cli: &Cli, access: &Access, new: NewAccount, chosen: bool) -> Result<ExitCode> {
    let password = new.password.clone();
    let id = identity::add_account(access, new).await?;
    if chosen {
        print(cli, &json!({ "id": id }), &id.to_string());
    } else {
        let password = password.reveal();
        let json = json!({ "id": id, "password": password });
        print(cli, &json, &format!("{id}\npassword, shown once: {password}"));
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(cli: &Cli, access: &Access) -> Result<ExitCode> {
    let (mut accounts, mut after) = (Vec::new(), None);
    loop {
        let request = PageRequest::forward(500, after);
        let page = identity::accounts(access, &AccountFilter::default(), &[], &request).await?;
        after = page.items.last().map(|(_, cursor)| cursor.clone());
        accounts.extend(page.items.into_iter().map(|(account, _)| account));
        if !page.has_next {
            break;
        }
    }
    print_all(cli, &accounts, |account| {
        let closed = if account.disabled { "closed" } else { "open" };
        format!("{} {closed} {} {}", account.id, account.email, account.name)
    })
}

async fn invite(cli: &Cli, access: &Access, wanted: Invitation) -> Result<ExitCode> {
    let invited = identity::invite(access, wanted).await?;
    let json = serde_json::to_value(&invited).map_err(Error::internal)?;
    let (token, until) = (&invited.token, invited.expires_at);
    print(
        cli,
        &json,
        &format!("{}\ntoken, shown once, good until {until}: {token}", invited.account.id),
    );
    Ok(ExitCode::SUCCESS)
}

fn read_password() -> Result<Password> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(Error::internal)?;
    Password::chosen(text.trim_end_matches(['\r', '\n']).to_owned())
}
