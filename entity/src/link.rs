//! What something in a plan takes from something in the plan above.

use sea_orm::entity::prelude::*;

use crate::code::{LinkEnd, LinkKind};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub plan_id: Uuid,
    pub kind: LinkKind,
    pub target_id: Option<Uuid>,
    pub measure_id: Option<Uuid>,
    pub to_plan_id: Uuid,
    pub to_kind: LinkEnd,
    pub to_id: Uuid,
    pub version: Option<i32>,
    pub pinned: i64,
    pub reason: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
