//! Who did something, as others may know them.

use std::collections::{HashMap, HashSet};

use entity::{account, client, role_grant};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::access::{Access, Role};
use crate::error::Result;

/// Somebody who did something: a person or a machine.
#[derive(Clone, Debug)]
pub struct Author {
    /// What they are called; for those alone who work with them.
    pub name: String,
    grants: Vec<role_grant::Model>,
}

impl Author {
    /// As what, and in whose name, they do things there: by a grant for the plan, else by one in the
    /// region, else by any.
    pub fn office(&self, region: Option<Uuid>, plan: Option<Uuid>) -> Option<(Role, Option<Uuid>)> {
        let of_plan = || self.grants.iter().find(|it| plan.is_some() && it.plan_id == plan);
        let here = || self.grants.iter().find(|it| Some(it.region_id) == region);
        let grant = of_plan().or_else(here).or_else(|| self.grants.first())?;
        Some((grant.role.into(), grant.organization_id))
    }
}

/// These accounts and clients, whoever asks: what may be told of them is for who calls to decide.
pub async fn authors(
    access: &Access,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Author>> {
    let ids: HashSet<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let db = access.db().await?;
    let people = access.any_of(account::Column::Id, ids.iter().copied());
    let people = account::Entity::find().filter(people);
    let mut names: Vec<(Uuid, String)> =
        people.all(&db).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let machines = access.any_of(client::Column::Id, ids.iter().copied());
    let machines = client::Entity::find().filter(machines).all(&db).await?;
    names.extend(machines.into_iter().map(|row| (row.id, row.name)));
    let held = access
        .any_of(role_grant::Column::AccountId, ids.iter().copied())
        .or(access.any_of(role_grant::Column::ClientId, ids.iter().copied()));
    let held = role_grant::Entity::find().filter(held).order_by_asc(role_grant::Column::Id);
    let held = held.all(&db).await?;
    let authors = names.into_iter().map(|(id, name)| {
        let theirs = |row: &&role_grant::Model| [row.account_id, row.client_id].contains(&Some(id));
        (id, Author { name, grants: held.iter().filter(theirs).cloned().collect() })
    });
    Ok(authors.collect())
}
