//! What an indicator was when a check was submitted.

use sea_orm::entity::prelude::*;

use crate::code::FigureStatus;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assessment_value")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub assessment_id: Uuid,
    pub indicator_id: Uuid,
    pub unit: String,
    pub decimals: i32,
    pub goal: Option<i64>,
    pub actual: Option<i64>,
    pub status: FigureStatus,
    pub reason: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
