//! Requests that may arrive twice, by the key their sender gave them: which change they became.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

const IDEMPOTENCY: Table = Table {
    name: "idempotency",
    columns: &[
        "owner uuid NOT NULL", // an account or a client
        "request_key text NOT NULL",
        "body_hash text NOT NULL",
        "revision bigint NOT NULL",
        "at bigint NOT NULL",
    ],
    constraints: &["PRIMARY KEY (owner, request_key)"],
    indexes: &["at"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        IDEMPOTENCY.create(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::drop(manager, IDEMPOTENCY.name).await
    }
}
