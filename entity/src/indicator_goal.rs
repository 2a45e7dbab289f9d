//! What an indicator is to reach.

use sea_orm::entity::prelude::*;

use crate::code::{Confidence, GoalKind};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator_goal")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub indicator_id: Uuid,
    pub plan_id: Option<Uuid>,
    pub region_id: Uuid,
    pub period: Option<String>,
    pub kind: GoalKind,
    pub value: i64,
    pub approximate: bool,
    pub source_id: Option<Uuid>,
    pub source2_id: Option<Uuid>,
    pub confidence: Option<Confidence>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
