//! Something measured in a region, for a plan or a measure of it, if for any.

use sea_orm::entity::prelude::*;

use crate::code::Confidence;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub external_id: Option<String>,
    pub definition_id: Uuid,
    pub region_id: Uuid,
    pub plan_id: Option<Uuid>,
    pub measure_id: Option<Uuid>,
    pub sector_id: Option<Uuid>,
    pub source_id: Option<Uuid>,
    pub confidence: Option<Confidence>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
