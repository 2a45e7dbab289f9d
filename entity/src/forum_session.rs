//! A talk at a forum, and whose it was.

use sea_orm::entity::prelude::*;

use crate::code::Confidence;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "forum_session")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub forum_id: Uuid,
    pub number: i32,
    pub speaker_id: Option<Uuid>,
    pub speaker: Option<String>,
    pub topic: Option<String>,
    pub source_id: Option<Uuid>,
    pub confidence: Option<Confidence>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
