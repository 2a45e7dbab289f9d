//! What an account or a client may be, where and when.

use sea_orm::entity::prelude::*;

use crate::code::Role;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Option<Uuid>,
    pub client_id: Option<Uuid>,
    pub role: Role,
    pub region_id: Uuid,
    pub plan_id: Option<Uuid>,
    pub organization_id: Option<Uuid>,
    pub may_approve: bool,
    pub valid_from: Option<i64>,
    pub valid_to: Option<i64>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
