//! An organization that takes part in a forum.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "forum_participant")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub forum_id: Uuid,
    pub organization_id: Uuid,
    pub people: Option<i32>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
