//! When what a plan's adoption sets going is due, as it was fixed by that event.

use sea_orm::entity::prelude::*;

use crate::code::ObligationRule;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deadline")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub plan_id: Uuid,
    pub rule: ObligationRule,
    pub pass: i32,
    pub milestone_id: Uuid,
    pub fixed_on: String,
    pub due_on: String,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
