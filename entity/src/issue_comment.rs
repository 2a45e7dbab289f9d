//! Something said about an issue.

use sea_orm::entity::prelude::*;

use crate::code::{Role, Visibility};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "issue_comment")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub issue_id: Uuid,
    pub thread_id: Uuid,
    pub region_id: Uuid,
    pub plan_id: Option<Uuid>,
    pub visibility: Visibility,
    pub author_id: Option<Uuid>,
    pub client_id: Option<Uuid>,
    pub role: Option<Role>,
    pub organization_id: Option<Uuid>,
    pub author_region_id: Option<Uuid>,
    pub text: String,
    pub written_at: i64,
    pub edited_at: Option<i64>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
