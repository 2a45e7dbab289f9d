//! What a check says of a measure.

use sea_orm::entity::prelude::*;

use crate::code::Grade;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assessment")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub check_id: Uuid,
    pub measure_id: Uuid,
    pub plan_id: Option<Uuid>,
    pub region_id: Uuid,
    pub sector_id: Option<Uuid>,
    pub measure_title: Option<String>,
    pub grade: Grade,
    pub goal_reduction: Option<i64>,
    pub achieved_reduction: Option<i64>,
    pub reason: Option<String>,
    pub corrective_action: Option<String>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
