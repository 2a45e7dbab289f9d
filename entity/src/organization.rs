//! A body that takes part: a government, a centre, a contractor, a committee.

use sea_orm::entity::prelude::*;

use crate::code::{Confidence, OrganizationKind};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub external_id: Option<String>,
    pub kind: OrganizationKind,
    pub region_id: Option<Uuid>,
    pub parent_id: Option<Uuid>,
    pub name_ko: String,
    pub name_en: Option<String>,
    pub role: Option<String>,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    pub source_id: Option<Uuid>,
    pub confidence: Option<Confidence>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
