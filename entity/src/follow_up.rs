//! What somebody is to do after a forum.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "follow_up")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub forum_id: Uuid,
    pub region_id: Option<Uuid>,
    pub text: String,
    pub owner_id: Uuid,
    pub due_on: Option<String>,
    pub done_on: Option<String>,
    pub done_how: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
