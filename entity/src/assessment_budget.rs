//! What was spent on a measure in the year of a check, from one fund.

use sea_orm::entity::prelude::*;

use crate::code::Fund;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assessment_budget")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub assessment_id: Uuid,
    pub fund: Fund,
    pub planned: Option<i64>,
    pub executed: Option<i64>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
