//! A file that hangs on something: minutes, the plan as it was printed, an answer.

use sea_orm::entity::prelude::*;

use crate::code::DocumentHolder;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub holder: DocumentHolder,
    pub holder_id: Uuid,
    pub region_id: Option<Uuid>,
    pub plan_id: Option<Uuid>,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub sha256: String,
    pub about: Option<String>,
    pub added_at: i64,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
