//! A name that a body had before.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization_name")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub name_ko: String,
    pub name_en: Option<String>,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
