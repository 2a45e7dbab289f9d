//! The service with real data in it, at once: what `dure serve --demo` starts.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::access::{Access, Actor, Role, Scope};
use crate::error::{Code, Error, Result};
use crate::exchange::{self, Pack};
use crate::history::{self, Holding, Revision, Store, StoreConfig};
use crate::id::{AnyId, Id as _};
use crate::identity::{self, NewAccount, NewClient, NewGrant, Password};
use crate::{message, organization, private};

/// The file that holds how to sign in.
pub const CREDENTIALS: &str = "demo-credentials.json";

/// How to sign in to the demonstration.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Credentials {
    /// The people.
    pub accounts: Vec<DemoAccount>,
    /// The machines.
    pub clients: Vec<DemoClient>,
}

/// One of the people of the demonstration.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DemoAccount {
    /// What they may be.
    pub role: Role,
    /// In the region of this code.
    pub region: String,
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: String,
    /// The plan they draft, of contractors: its name in the data pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// The organization they act for, of those who advise: its name in the data pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
}

/// One of the machines of the demonstration, which signs in at `/oauth/token`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DemoClient {
    /// Its id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// What it may be used for.
    #[serde(default)]
    pub scope: String,
}

/// The first change of a demonstration's database: what it is known by.
const SEED: &str = "seedDemo";

/// The change that brings what was invented to show something.
const ILLUSTRATION: &str = "seedIllustrations";

/// Who is there: role, region, name before the `@`, name.
const PEOPLE: [(Role, &str, &str, &str); 7] = [
    (Role::MunicipalOfficer, "52110", "jeonju", "전주시 담당자 (시연)"),
    (Role::MunicipalOfficer, "52140", "iksan", "익산시 담당자 (시연)"),
    (Role::ProvinceOfficer, "52", "jeonbuk", "전북특별자치도 담당자 (시연)"),
    (Role::SupportCentre, "52", "centre", "전북탄소중립지원센터 담당자 (시연)"),
    (Role::Contractor, "52110", "contractor", "전주시 기본계획 용역사 (시연)"),
    (Role::Advisor, "KR", "advisor", "ACT센터 담당자 (시연)"),
    (Role::Admin, "KR", "admin", "관리자 (시연)"),
];

/// Makes the tables of a demonstration. `CONFLICT` for a database that holds other data, which is
/// not touched.
pub async fn migrate(config: &StoreConfig) -> Result<()> {
    match history::holding(config).await? {
        Holding::Nothing | Holding::Ours(None) => {}
        Holding::Ours(Some(first)) if first == SEED => {}
        Holding::Ours(Some(_)) | Holding::Others => {
            return Err(Error::new(Code::Conflict, message::other_data()));
        }
    }
    history::migrate(config).await
}

/// The plan that the contractor drafts.
const DRAFTED: &str = "jeonbuk:P-52110-1";

/// The organization in whose name one of this role advises.
fn adviser(role: Role) -> Option<&'static str> {
    match role {
        Role::Advisor => Some("jeonbuk:ORG-ACT"),
        Role::SupportCentre => Some("jeonbuk:ORG-JBCNC"),
        _ => None,
    }
}

/// A year of a contract, in seconds.
const YEAR: i64 = 365 * 24 * 60 * 60;

/// The machine of the demonstration: a partner agency's, which reads and writes facts.
const MACHINE: &str = "협력기관 연계 (시연)";
const SCOPES: &[Scope] =
    &[Scope::Read, Scope::WriteFacts, Scope::Import, Scope::Changes, Scope::Webhooks];

/// Loads the data and opens the accounts, as far as they are not there yet.
pub async fn prepare(store: &Arc<Store>, folder: &Path) -> Result<Credentials> {
    let access = Access::new(store.clone(), Actor::Operator);
    let stands = access.db().await?.revision();
    access.finish().await;
    // What somebody changed since the first start stays as they left it.
    if stands == Revision(0) && !exchange::load_as(&access, SEED, Pack::jeonbuk()).await?.loaded {
        return Err(Error::impossible("the pack of this program cannot be loaded"));
    }
    // Once as well: what somebody removed of it does not come back.
    let shown = history::happened(&access, ILLUSTRATION).await?;
    if !shown && !exchange::load_as(&access, ILLUSTRATION, Pack::illustrative()).await?.loaded {
        return Err(Error::impossible("the illustrations of this program cannot be loaded"));
    }
    let path = folder.join(CREDENTIALS);
    let written = std::fs::read(&path).ok().and_then(|text| serde_json::from_slice(&text).ok());
    let before: Credentials = written.unwrap_or_default();
    // Hashing is the slow part: side by side, each with a snapshot of its own.
    let known = &before;
    let people = PEOPLE.iter().map(|person| async move {
        let access = Access::new(store.clone(), Actor::Operator);
        let admitted = admit(&access, person, known).await;
        access.finish().await;
        admitted
    });
    let accounts = futures_util::future::try_join_all(people).await?;
    let credentials = Credentials { accounts, clients: vec![connect(&access, &before).await?] };
    access.finish().await;
    let text = serde_json::to_vec_pretty(&credentials).map_err(Error::internal)?;
    private::folder(folder).map_err(Error::internal)?;
    private::write(&path, &text).map_err(Error::internal)?;
    Ok(credentials)
}

/// An account as the file says, whatever an interrupted start left behind.
async fn admit(
    access: &Access,
    (role, region, who, name): &(Role, &str, &str, &str),
    before: &Credentials,
) -> Result<DemoAccount> {
    let email = format!("{who}@demo.example");
    let known = before.accounts.iter().find(|account| account.email == email);
    let password = match known {
        Some(account) => Password::chosen(account.password.clone())?,
        None => Password::random()?,
    };
    if !identity::knows(access, &email).await? {
        let (email, name) = (email.clone(), (*name).to_owned());
        let new = NewAccount { email, name, password: password.clone() };
        identity::add_account(access, new).await?;
    } else if known.is_none() {
        // Its password is lost: it gets the one about to be written.
        identity::change_password(access, &email, password.clone()).await?;
    }
    let plan = role.is_for_one_plan().then(|| DRAFTED.to_owned());
    let organization = adviser(*role).map(str::to_owned);
    if !identity::is_granted(access, &email).await? {
        let mut grant = NewGrant::to_account(&email, *role, region);
        grant.may_approve = Some(true);
        grant.plan = plan.clone().map(AnyId);
        grant.organization = match &organization {
            Some(name) => organization::of_external(access, name).await?.map(|id| AnyId(id.text())),
            None => None,
        };
        grant.valid_to = match plan {
            Some(_) => Some(access.now().await?.plus_seconds(YEAR)),
            None => None,
        };
        identity::add_grant(access, grant).await?;
    }
    let (role, region) = (*role, (*region).to_owned());
    let password = password.reveal().to_owned();
    Ok(DemoAccount { role, region, email, password, plan, organization })
}

/// The machine as the file says; another one where the file has none.
async fn connect(access: &Access, before: &Credentials) -> Result<DemoClient> {
    let open = identity::clients(access).await?;
    let mut open = open.iter().filter(|client| !client.disabled);
    let known = before
        .clients
        .iter()
        .find(|known| open.clone().any(|client| client.id.to_string() == known.client_id));
    if let Some(known) = known {
        return Ok(known.clone());
    }
    // Its secret is lost: it gets another.
    let opened = match open.find(|client| client.name == MACHINE) {
        Some(client) => identity::rotate(access, client.id).await?,
        None => {
            let (name, scopes) = (MACHINE.to_owned(), SCOPES.to_vec());
            let opened =
                identity::add_client(access, NewClient { name, scopes, valid_to: None }).await?;
            let mut grant = NewGrant::to_account("", Role::SupportCentre, "52");
            (grant.email, grant.client) = (None, Some(AnyId(opened.client.id.to_string())));
            identity::add_grant(access, grant).await?;
            opened
        }
    };
    let (client_id, client_secret) = (opened.client.id.to_string(), opened.client_secret);
    Ok(DemoClient { client_id, client_secret, scope: Scope::list(SCOPES) })
}
