//! Another code of a region: a former one, or one of another list.

use sea_orm::entity::prelude::*;

use crate::code::CodeScheme;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "region_code")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub region_id: Uuid,
    pub scheme: CodeScheme,
    pub code: String,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
