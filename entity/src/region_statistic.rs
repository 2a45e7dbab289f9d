//! What is counted in a region: people, households, cattle, square kilometres.

use sea_orm::entity::prelude::*;

use crate::code::Confidence;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "region_statistic")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub region_id: Uuid,
    pub stat: String,
    pub name_ko: String,
    pub period: Option<String>,
    pub value: i64,
    pub decimals: i32,
    pub unit: String,
    pub approximate: bool,
    pub source_id: Option<Uuid>,
    pub source2_id: Option<Uuid>,
    pub confidence: Option<Confidence>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
