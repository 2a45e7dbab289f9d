//! One write operation. Its `seq` is the revision of the world it made.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: i64,
    pub actor: Option<Uuid>,
    pub client: Option<Uuid>,
    pub request: Option<String>,
    pub action: String,
}

impl ActiveModelBehavior for ActiveModel {}
