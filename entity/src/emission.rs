//! What a region emits or removes in a year, in a sector, of a gas; or its share of the whole.

use sea_orm::entity::prelude::*;

use crate::code::{Accounting, Approval, Boundary, Confidence, FigureStatus, Flow, Gas, Netting};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "emission")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub external_id: Option<String>,
    pub region_id: Uuid,
    pub year: Option<i32>,
    pub sector_id: Option<Uuid>,
    pub label: Option<String>,
    pub gas: Gas,
    pub reported_gas: Option<String>,
    pub value: Option<i64>,
    pub share: Option<i64>,
    pub status: FigureStatus,
    pub reason: Option<String>,
    pub boundary: Boundary,
    pub netting: Netting,
    pub flow: Flow,
    pub accounting: Accounting,
    pub guideline: Option<String>,
    pub gwp_set: Option<String>,
    pub reported_scope: Option<String>,
    pub vintage: Option<i32>,
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
