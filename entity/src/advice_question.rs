//! What an adviser asked back: the clock of the case stands until it is replied to.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "advice_question")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub number: i32,
    pub question: String,
    pub asked_on: String,
    pub reply: Option<String>,
    pub replied_on: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
