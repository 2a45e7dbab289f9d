//! The service with real data in it, at once: what `dure serve --demo` starts.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::access::{Access, Actor, Role};
use crate::error::{Code, Error, Result};
use crate::exchange::{self, Pack};
use crate::history::{self, Holding, Revision, Store, StoreConfig};
use crate::identity::{self, NewAccount, NewGrant, Password};
use crate::{message, private};

/// The file that holds how to sign in.
pub const CREDENTIALS: &str = "demo-credentials.json";

/// How to sign in to the demonstration.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Credentials {
    /// The people.
    pub accounts: Vec<DemoAccount>,
    /// The machines: none in this version.
    pub clients: Vec<serde_json::Value>,
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
}

/// The first change of a demonstration's database: what it is known by.
const SEED: &str = "seedDemo";

/// The change that brings what was invented to show something.
const ILLUSTRATION: &str = "seedIllustrations";

/// Who is there: role, region, address, name.
const PEOPLE: [(Role, &str, &str, &str); 2] = [
    (Role::MunicipalOfficer, "52110", "jeonju@demo.example", "전주시 담당자 (시연)"),
    (Role::MunicipalOfficer, "52140", "iksan@demo.example", "익산시 담당자 (시연)"),
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
    let mut credentials = Credentials::default();
    for (role, region, email, name) in PEOPLE {
        let known = before.accounts.iter().find(|account| account.email == email);
        let password = match known {
            Some(account) => account.password.clone(),
            None => Password::random()?.reveal().to_owned(),
        };
        let (email, region) = (email.to_owned(), region.to_owned());
        let account = DemoAccount { role, region, email, password };
        admit(&access, &account, name, known.is_some()).await?;
        credentials.accounts.push(account);
    }
    access.finish().await;
    let text = serde_json::to_vec_pretty(&credentials).map_err(Error::internal)?;
    private::folder(folder).map_err(Error::internal)?;
    private::write(&path, &text).map_err(Error::internal)?;
    Ok(credentials)
}

/// An account as the file says, whatever an interrupted start left behind.
async fn admit(access: &Access, account: &DemoAccount, name: &str, known: bool) -> Result<()> {
    let (email, password) = (account.email.clone(), Password::chosen(account.password.clone())?);
    let exists = identity::knows(access, &email).await?;
    if !exists {
        let new = NewAccount { email: email.clone(), name: name.to_owned(), password };
        identity::add_account(access, new).await?;
    } else if !known {
        // Its password is lost: it gets the one about to be written.
        identity::change_password(access, &email, password).await?;
    }
    if !identity::is_granted(access, &email).await? {
        let (role, region) = (account.role, account.region.clone());
        let grant = NewGrant { email, role, region, may_approve: true, from: None, to: None };
        identity::add_grant(access, grant).await?;
    }
    Ok(())
}
