//! A name for what a plan said at a moment.

use sea_orm::entity::prelude::*;

use crate::code::VersionCause;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_version")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub plan_id: Uuid,
    pub number: i32,
    pub cause: VersionCause,
    pub hash: String,
    pub milestone_id: Uuid,
    pub frozen_at: i64,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
