//! Files that hang on something.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A file that hangs on something. What is in it is kept elsewhere, under its id.
const DOCUMENT: Table = Table {
    name: "document",
    columns: &[
        "id uuid NOT NULL",
        "holder text NOT NULL",
        "holder_id uuid NOT NULL",
        "region_id uuid", // the holder's, for who is told of it
        "plan_id uuid",
        "name text NOT NULL",
        "media_type text NOT NULL",
        "size bigint NOT NULL",
        "sha256 text NOT NULL",
        "about text",
        "added_at bigint NOT NULL",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (holder_id, sha256, name)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "CHECK (holder IN ('PLAN', 'MILESTONE', 'CHECK', 'CASE', 'ISSUE', 'FORUM'))",
        "CHECK (size > 0)",
    ],
    indexes: &["plan_id"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        DOCUMENT.create_versioned(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::drop_versioned(manager, DOCUMENT.name).await
    }
}
