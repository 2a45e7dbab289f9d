//! What an indicator was.

use sea_orm::entity::prelude::*;

use crate::code::{Approval, Confidence, FigureStatus};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "observation")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub indicator_id: Uuid,
    pub plan_id: Option<Uuid>,
    pub region_id: Uuid,
    pub period: String,
    pub value: Option<i64>,
    pub status: FigureStatus,
    pub reason: Option<String>,
    pub approximate: bool,
    pub approval: Approval,
    pub source_id: Option<Uuid>,
    pub source2_id: Option<Uuid>,
    pub confidence: Option<Confidence>,
    pub derivation: Option<String>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
