//! Versions of plans: names for what a plan said at a moment.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_versioned};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What a plan said when it was adopted, submitted or amended. Its contents are read as of the
/// revision of the row, which is never overwritten.
const PLAN_VERSION: Table = Table {
    name: "plan_version",
    columns: &[
        "id uuid NOT NULL",
        "plan_id uuid NOT NULL",
        "number integer NOT NULL",
        "cause text NOT NULL",
        "hash text NOT NULL",
        "milestone_id uuid NOT NULL",
        "frozen_at bigint NOT NULL",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (plan_id, number)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (milestone_id) REFERENCES milestone (id)",
        "CHECK (cause IN ('ADOPTION', 'SUBMISSION', 'AMENDMENT_MINOR', 'AMENDMENT_MAJOR'))",
    ],
    indexes: &["milestone_id"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        PLAN_VERSION.create_versioned(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_versioned(manager, PLAN_VERSION.name).await
    }
}
