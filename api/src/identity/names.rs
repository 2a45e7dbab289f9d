use std::collections::HashMap;

use entity::{account, client};
use sea_orm::EntityTrait;
use sea_orm::QueryFilter;
use uuid::Uuid;

use crate::access::Access;
use crate::error::Result;

/// What accounts and clients are called, by their keys. Who asks has seen to it that the caller may
/// know who worked on what they look at.
pub async fn names(
    access: &Access,
    accounts: impl IntoIterator<Item = Uuid>,
    clients: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let db = access.db().await?;
    let accounts = account::Entity::find().filter(access.any_of(account::Column::Id, accounts));
    let accounts = accounts.all(&db).await?.into_iter().map(|row| (row.id, row.name));
    let clients = client::Entity::find().filter(access.any_of(client::Column::Id, clients));
    let clients = clients.all(&db).await?.into_iter().map(|row| (row.id, row.name));
    Ok(accounts.chain(clients).collect())
}
