//! One point of an answer, and what was replied to it.

use sea_orm::entity::prelude::*;

use crate::code::{AdviceReply, AdviceSeverity};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "advice_item")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub number: i32,
    pub severity: AdviceSeverity,
    pub basis: Option<String>,
    pub advice: String,
    pub reply: Option<AdviceReply>,
    pub reason: Option<String>,
    pub resolved_by: Option<i64>,
    pub replied_on: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
