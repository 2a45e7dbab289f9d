//! A request for advice on a plan, from the asking to the end.

use sea_orm::entity::prelude::*;

use crate::code::{AdviceState, AdviceSubject};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "advice_case")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub plan_id: Uuid,
    pub region_id: Uuid,
    pub adviser_id: Uuid,
    pub state: AdviceState,
    pub subject: AdviceSubject,
    pub subject_id: Uuid,
    pub field: Option<String>,
    pub content_revision: i64,
    pub title: String,
    pub question: String,
    pub asked_on: String,
    pub wanted_by: String,
    pub due_on: String,
    pub stopped_on: Option<String>,
    pub answered_on: Option<String>,
    pub summary: Option<String>,
    pub reason: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
