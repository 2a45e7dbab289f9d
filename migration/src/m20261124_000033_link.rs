//! What targets and measures of a plan take from those of the plan above.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// From something in a plan to something in the plan above, as it was at a revision. What it leads
/// to is no reference: it may be changed and removed without asking those below.
const LINK: Table = Table {
    name: "link",
    columns: &[
        "id uuid NOT NULL",
        "plan_id uuid NOT NULL",
        "kind text NOT NULL",
        "target_id uuid",
        "measure_id uuid",
        "to_plan_id uuid NOT NULL",
        "to_kind text NOT NULL",
        "to_id uuid NOT NULL",
        "version integer", // the number of the pinned version, where there was one
        "pinned bigint NOT NULL",
        "reason text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (target_id) REFERENCES target (id)",
        "FOREIGN KEY (measure_id) REFERENCES measure (id)",
        "CHECK (kind IN ('CONTRIBUTES_TO', 'IMPLEMENTS', 'REFINES', 'DEVIATES'))",
        "CHECK (to_kind IN ('TARGET', 'MEASURE'))",
        "CHECK ((target_id IS NULL) <> (measure_id IS NULL))",
        "CHECK (kind <> 'DEVIATES' OR reason IS NOT NULL)",
    ],
    indexes: &["plan_id, id", "target_id", "measure_id", "to_id"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        LINK.create_versioned(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::drop_versioned(manager, LINK.name).await
    }
}
