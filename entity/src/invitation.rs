//! What somebody may choose the password of an account with, once.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    pub token_hash: String,
    pub expires_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
