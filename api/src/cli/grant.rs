use std::process::ExitCode;

use api::access::{Access, Role, Timestamp};
use api::config::Config;
use api::error::{Error, Result};
use api::id::{AnyId, GrantId, Id as _};
use api::identity::{self, GrantFilter, HandOver, HeldGrant, NewGrant};
use api::page::PageRequest;
use api::region::RegionBy;
use clap::{ArgGroup, Args, Subcommand};

use super::{Cli, print, print_all, time, with_store};

#[derive(Subcommand)]
pub enum Grant {
    /// Grant a role in a region and everything below it.
    Add(Add),
    /// List the grants, also those that are over or yet to begin.
    List {
        /// Only those of the account of this address.
        #[arg(long)]
        email: Option<String>,
    },
    /// Take a grant away, at once.
    Revoke {
        /// Its id.
        id: String,
    },
    /// Pass a grant on to another account: one ends and the other begins, in one change.
    HandOver {
        /// Its id.
        id: String,
        /// To the account of this address.
        #[arg(long)]
        to: String,
    },
}

#[derive(Args)]
#[command(group(ArgGroup::new("holder").required(true).args(["email", "client"])))]
pub struct Add {
    /// To the account of this address.
    #[arg(long)]
    email: Option<String>,
    /// To this client.
    #[arg(long)]
    client: Option<String>,
    /// The role, as MUNICIPAL_OFFICER.
    #[arg(long, value_parser = role)]
    role: Role,
    /// The code of the region.
    #[arg(long)]
    region: String,
    /// Only for this plan, by its id or its name in the data pack. A contractor's always is.
    #[arg(long)]
    plan: Option<String>,
    /// In the name of this organization.
    #[arg(long)]
    organization: Option<String>,
    /// Whether they decide who may read its plans.
    #[arg(long)]
    may_approve: bool,
    /// From then on, as 2026-01-01T00:00:00+09:00; at once if not said.
    #[arg(long, value_parser = time)]
    from: Option<Timestamp>,
    /// Until then; for good if not said.
    #[arg(long, value_parser = time)]
    to: Option<Timestamp>,
}

fn role(text: &str) -> std::result::Result<Role, String> {
    let found = Role::ALL.iter().find(|role| role.as_str() == text.to_uppercase());
    let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    found.copied().ok_or_else(|| format!("one of: {}", known.join(", ")))
}

pub async fn run(cli: &Cli, config: &Config, wanted: &Grant) -> Result<ExitCode> {
    with_store(config, async |access| match wanted {
        Grant::Add(add) => said(cli, &identity::add_grant(access, add.into()).await?),
        Grant::List { email } => list(cli, access, email.as_deref()).await,
        Grant::Revoke { id } => {
            let grant = find(access, id).await?;
            identity::revoke_grant(access, grant.id, grant.revision).await?;
            said(cli, &grant)
        }
        Grant::HandOver { id, to } => {
            let grant = find(access, id).await?;
            let to = HandOver { email: to.clone() };
            said(cli, &identity::hand_over(access, grant.id, grant.revision, to).await?)
        }
    })
    .await
}

impl From<&Add> for NewGrant {
    fn from(add: &Add) -> Self {
        Self {
            account: None,
            email: add.email.clone(),
            client: add.client.clone().map(AnyId),
            role: add.role,
            region: RegionBy::Code(add.region.clone()),
            plan: add.plan.clone().map(AnyId),
            organization: add.organization.clone().map(AnyId),
            may_approve: Some(add.may_approve),
            valid_from: add.from,
            valid_to: add.to,
        }
    }
}

async fn find(access: &Access, id: &str) -> Result<HeldGrant> {
    identity::grant_of(access, GrantId::parse_at("id", &AnyId(id.to_owned()))?).await
}

fn said(cli: &Cli, grant: &HeldGrant) -> Result<ExitCode> {
    let json = serde_json::to_value(grant).map_err(Error::internal)?;
    print(cli, &json, &grant.id.to_string());
    Ok(ExitCode::SUCCESS)
}

async fn list(cli: &Cli, access: &Access, email: Option<&str>) -> Result<ExitCode> {
    let mut filter = GrantFilter::default();
    if let Some(email) = email {
        let account = identity::account_of(access, email).await?;
        filter.account = Some(AnyId(account.id.text()));
    }
    let (mut grants, mut after) = (Vec::new(), None);
    loop {
        let request = PageRequest::forward(500, after);
        let page = identity::grants(access, &filter, &[], &request).await?;
        after = page.items.last().map(|(_, cursor)| cursor.clone());
        grants.extend(page.items.into_iter().map(|(grant, _)| grant));
        if !page.has_next {
            break;
        }
    }
    print_all(cli, &grants, line)
}

fn line(grant: &HeldGrant) -> String {
    let holder = grant.account_id.map(|id| id.to_string());
    let holder = holder.or(grant.client_id.map(|id| id.to_string())).unwrap_or_default();
    let time = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
    let (from, to) = (time(grant.valid_from), time(grant.valid_to));
    let decides = if grant.may_approve { " mayApprove" } else { "" };
    format!(
        "{} {holder} {}{decides} {} [{from}..{to}]",
        grant.id,
        grant.role.as_str(),
        grant.region_id
    )
}
