//! What moved a yearly check on.

use sea_orm::entity::prelude::*;

use crate::code::{CheckState, CheckTransition};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "progress_step")]
#[expect(missing_docs, reason = "a column says what it holds by its name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub check_id: Uuid,
    pub position: i32,
    pub transition: CheckTransition,
    pub state: CheckState,
    pub taken_on: String,
    pub account_id: Option<Uuid>,
    pub client_id: Option<Uuid>,
    pub organization_id: Option<Uuid>,
    pub exemption: Option<String>,
    pub note: Option<String>,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
