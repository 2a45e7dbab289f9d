//! The change log: one row a write operation, one row for each thing it touched.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

const CHANGE: Table = Table {
    name: "change",
    columns: &[
        "seq bigint NOT NULL",
        "at bigint NOT NULL", // microseconds since 1970, UTC
        "actor uuid",
        "client uuid",
        "request text",
        "action text NOT NULL",
    ],
    constraints: &["PRIMARY KEY (seq)", "CHECK (seq > 0)"],
    indexes: &["at, seq"],
};

/// No foreign key to `change`: items may be written before the log's own row is.
const CHANGE_ITEM: Table = Table {
    name: "change_item",
    columns: &[
        "seq bigint NOT NULL",
        "kind text NOT NULL",
        "id uuid NOT NULL",
        "op text NOT NULL",
        "region_id uuid",
        "plan_id uuid",
        "visible_before text",
        "visible_after text",
    ],
    constraints: &[
        "PRIMARY KEY (seq, kind, id)",
        "CHECK (op IN ('UPSERT', 'GONE'))",
        "CHECK (visible_before IN ('INTERNAL', 'PROVINCE', 'PUBLIC'))",
        "CHECK (visible_after IN ('INTERNAL', 'PROVINCE', 'PUBLIC'))",
    ],
    indexes: &["kind, id, seq", "plan_id, seq"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        CHANGE.create(manager).await?;
        CHANGE_ITEM.create(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::drop(manager, CHANGE_ITEM.name).await?;
        table::drop(manager, CHANGE.name).await
    }
}
