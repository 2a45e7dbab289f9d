//! A difficulty that somebody told of, and what was advised.

use sea_orm::entity::prelude::*;

use crate::code::{Confidence, IssueLevel, IssueState, Visibility};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "issue")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub external_id: Option<String>,
    pub region_id: Uuid,
    pub plan_id: Option<Uuid>,
    pub measure_id: Option<Uuid>,
    pub sector_id: Option<Uuid>,
    pub level: Option<IssueLevel>,
    pub category: String,
    pub title: String,
    pub description: Option<String>,
    pub raised_on: Option<String>,
    pub raised_by_id: Option<Uuid>,
    pub advice: Option<String>,
    pub advised_by_id: Option<Uuid>,
    pub visibility: Visibility,
    pub state: IssueState,
    pub solution: Option<String>,
    pub solved_on: Option<String>,
    pub solved_by_id: Option<Uuid>,
    pub solution_plan_id: Option<Uuid>,
    pub solution_measure_id: Option<Uuid>,
    pub merged_into_id: Option<Uuid>,
    pub source_id: Option<Uuid>,
    pub source2_id: Option<Uuid>,
    pub confidence: Option<Confidence>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
