//! The money of a measure, by year and by whose it is.

use sea_orm::entity::prelude::*;

use crate::code::Fund;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "measure_budget")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub measure_id: Uuid,
    pub year: Option<i32>,
    pub fund: Fund,
    pub planned: Option<i64>,
    pub executed: Option<i64>,
    pub source_id: Option<Uuid>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
