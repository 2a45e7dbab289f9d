//! A step in the making of a plan, as it was reported or entered.

use sea_orm::entity::prelude::*;

use crate::code::{Confidence, DeliberationOutcome, MilestoneKind};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "milestone")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub external_id: Option<String>,
    pub plan_id: Uuid,
    pub kind: MilestoneKind,
    pub reported_kind: Option<String>,
    pub planned_on: Option<String>,
    pub held_on: Option<String>,
    pub ended_on: Option<String>,
    pub place: Option<String>,
    pub participants: Option<i32>,
    pub summary: Option<String>,
    pub pass: i32,
    pub outcome: Option<DeliberationOutcome>,
    pub exemption: Option<String>,
    pub successor_id: Option<Uuid>,
    pub source_id: Option<Uuid>,
    pub source2_id: Option<Uuid>,
    pub confidence: Option<Confidence>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
