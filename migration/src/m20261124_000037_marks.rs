//! Up to where people have looked.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Not versioned: how far somebody has looked is their own, and no history. Nothing refers to the
/// plan, so that nobody's mark keeps it from being removed; the nil plan stands for everything.
const MARK: Table = Table {
    name: "mark",
    columns: &[
        "account_id uuid NOT NULL",
        "plan_id uuid NOT NULL",
        "revision bigint NOT NULL",
        "at bigint NOT NULL",
    ],
    constraints: &[
        "PRIMARY KEY (account_id, plan_id)",
        "FOREIGN KEY (account_id) REFERENCES account (id)",
    ],
    indexes: &[],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        MARK.create(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::drop(manager, MARK.name).await
    }
}
