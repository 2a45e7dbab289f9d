//! The secret of a client, hashed.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "client_secret")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_id: Uuid,
    pub secret_hash: String,
    pub changed_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
