//! What a plan promises for a year.

use sea_orm::entity::prelude::*;

use crate::code::{Accounting, Approval, Boundary, Flow, Netting, TargetKind};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "target")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub external_id: Option<String>,
    pub plan_id: Uuid,
    pub sector_id: Option<Uuid>,
    pub label: Option<String>,
    pub year: i32,
    pub base_year: Option<i32>,
    pub kind: TargetKind,
    pub stated_on: Option<String>,
    pub boundary: Boundary,
    pub netting: Netting,
    pub flow: Flow,
    pub accounting: Accounting,
    pub guideline: Option<String>,
    pub gwp_set: Option<String>,
    pub approval: Approval,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
