//! A plan of a region.

use sea_orm::entity::prelude::*;

use crate::code::{Approval, Boundary, Confidence, PlanKind, Visibility};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub external_id: Option<String>,
    pub region_id: Uuid,
    pub title: String,
    pub kind: PlanKind,
    pub round: i32,
    pub period_start: Option<i32>,
    pub period_end: Option<i32>,
    pub base_year: Option<i32>,
    pub vision: Option<String>,
    pub visibility: Visibility,
    pub approval: Approval,
    pub reported_status: Option<String>,
    pub reported_measures: Option<i32>,
    pub reported_sectors: Option<i32>,
    pub reported_budget: Option<i64>,
    pub reported_scope: Option<String>,
    pub boundary: Boundary,
    pub reported_base: Option<i64>,
    pub reported_target_year: Option<i32>,
    pub reported_target: Option<i64>,
    pub reported_reduction: Option<i64>,
    pub reported_reduction_rate: Option<i64>,
    pub contractor_refs: String,
    pub work_started_on: Option<String>,
    pub deliberated_on: Option<String>,
    pub announced_on: Option<String>,
    pub source_id: Option<Uuid>,
    pub source2_id: Option<Uuid>,
    pub confidence: Option<Confidence>,
    pub note: Option<String>,
    pub parent_id: Option<Uuid>,
    pub parent_version: Option<i32>,
    pub parent_pinned: Option<i64>,
    pub revision: i64,
    #[sea_orm(belongs_to, from = "region_id", to = "id")]
    pub region: BelongsTo<super::region::Entity>,
    #[sea_orm(has_one)]
    pub content: HasOne<super::plan_content::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
