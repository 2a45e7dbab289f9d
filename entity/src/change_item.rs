//! One thing that a change touched.

use sea_orm::entity::prelude::*;

use crate::code::{ItemOp, Visibility};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change_item")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub op: ItemOp,
    pub region_id: Option<Uuid>,
    pub plan_id: Option<Uuid>,
    pub visible_before: Option<Visibility>,
    pub visible_after: Option<Visibility>,
    pub region_before_id: Option<Uuid>,
    pub plan_before_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
