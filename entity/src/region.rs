//! A territory.

use sea_orm::entity::prelude::*;

use crate::code::{Confidence, RegionKind, RegionLevel};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "region")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub name_ko: String,
    pub name_en: Option<String>,
    pub level: RegionLevel,
    pub kind: RegionKind,
    pub parent_id: Option<Uuid>,
    pub zone: Option<String>,
    pub latitude: Option<i64>,
    pub longitude: Option<i64>,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    pub source_id: Option<Uuid>,
    pub source2_id: Option<Uuid>,
    pub confidence: Option<Confidence>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
