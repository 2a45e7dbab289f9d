//! A yearly look at how far a plan, or a scheme, has come.

use sea_orm::entity::prelude::*;

use crate::code::{CheckKind, CheckState, Confidence};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "progress_check")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub external_id: Option<String>,
    pub region_id: Uuid,
    pub plan_id: Option<Uuid>,
    pub year: i32,
    pub kind: CheckKind,
    pub state: Option<CheckState>,
    pub reviewed_on: Option<String>,
    pub measures_total: Option<i32>,
    pub measures_assessed: Option<i32>,
    pub measures_achieved: Option<i32>,
    pub measures_on_track: Option<i32>,
    pub measures_other: Option<i32>,
    pub good_share: Option<i64>,
    pub goal_reduction: Option<i64>,
    pub actual_reduction: Option<i64>,
    pub achievement_rate: Option<i64>,
    pub grade: Option<String>,
    pub summary: Option<String>,
    pub source_id: Option<Uuid>,
    pub source2_id: Option<Uuid>,
    pub confidence: Option<Confidence>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
