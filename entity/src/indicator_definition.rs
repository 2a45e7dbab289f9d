//! What can be measured, wherever it is measured.

use sea_orm::entity::prelude::*;

use crate::code::{Accumulation, Direction};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator_definition")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub name_ko: String,
    pub name_en: Option<String>,
    pub description: Option<String>,
    pub unit: String,
    pub decimals: i32,
    pub direction: Direction,
    pub accumulation: Accumulation,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
