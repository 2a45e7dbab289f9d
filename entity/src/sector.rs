//! A sector of the balance.

use sea_orm::entity::prelude::*;

use crate::code::{Confidence, Jurisdiction, SectorKind};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sector")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub name_ko: String,
    pub name_en: Option<String>,
    pub aliases: String,
    pub kind: SectorKind,
    pub jurisdiction: Jurisdiction,
    pub sort_order: i32,
    pub source_id: Option<Uuid>,
    pub confidence: Option<Confidence>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
