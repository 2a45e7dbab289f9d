//! A meeting at which bodies share what they do and what is hard.

use sea_orm::entity::prelude::*;

use crate::code::Confidence;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "forum")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub external_id: Option<String>,
    pub region_id: Option<Uuid>,
    pub series: Option<String>,
    pub number_in_series: Option<i32>,
    pub name: String,
    pub held_on: Option<String>,
    pub ended_on: Option<String>,
    pub start_time: Option<String>,
    pub place: Option<String>,
    pub participants: Option<i32>,
    pub attendees: Option<String>,
    pub agenda: Option<String>,
    pub issues: Option<String>,
    pub source_id: Option<Uuid>,
    pub source2_id: Option<Uuid>,
    pub confidence: Option<Confidence>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
