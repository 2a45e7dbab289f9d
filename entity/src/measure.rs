//! What a plan will have done, by whom, with what money, for how many tonnes.

use sea_orm::entity::prelude::*;

use crate::code::{Approval, Confidence, MeasureFamily, MeasureStatus};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "measure")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub external_id: Option<String>,
    pub plan_id: Uuid,
    pub sector_id: Option<Uuid>,
    pub family: MeasureFamily,
    pub status: MeasureStatus,
    pub reported_status: Option<String>,
    pub title: String,
    pub description: Option<String>,
    pub quantity_goal: Option<i64>,
    pub quantity_decimals: i32,
    pub quantity_unit: Option<String>,
    pub goal_year: Option<i32>,
    pub baseline_quantity: Option<i64>,
    pub baseline_year: Option<i32>,
    pub lead_id: Option<Uuid>,
    pub department: Option<String>,
    pub approval: Approval,
    pub source_id: Option<Uuid>,
    pub source2_id: Option<Uuid>,
    pub confidence: Option<Confidence>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
