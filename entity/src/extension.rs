//! Until when a duty may be done after all, and why.

use sea_orm::entity::prelude::*;

use crate::code::ObligationRule;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "extension")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub region_id: Uuid,
    pub plan_id: Option<Uuid>,
    pub rule: ObligationRule,
    pub occurrence: i32,
    pub pass: i32,
    pub extended_to: String,
    pub reason: String,
    pub organization_id: Option<Uuid>,
    pub withdrawal_reason: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
