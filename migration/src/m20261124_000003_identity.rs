//! Who may sign in, and what each may do where and when. Personal data live here alone.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ACCOUNT: Table = Table {
    name: "account",
    columns: &[
        "id uuid NOT NULL",
        "email text NOT NULL",
        "name text NOT NULL",
        "disabled boolean NOT NULL",
        "revision bigint NOT NULL",
    ],
    constraints: &["UNIQUE (email)"],
    indexes: &[],
};

/// Not versioned: a secret has no past that anybody should read.
const CREDENTIAL: Table = Table {
    name: "credential",
    columns: &[
        "account_id uuid NOT NULL",
        "password_hash text NOT NULL",
        "changed_at bigint NOT NULL",
    ],
    constraints: &["PRIMARY KEY (account_id)", "FOREIGN KEY (account_id) REFERENCES account (id)"],
    indexes: &[],
};

/// `grant` is a word of SQL's own.
pub(crate) const ROLE_GRANT: Table = Table {
    name: "role_grant",
    columns: &[
        "id uuid NOT NULL",
        "account_id uuid NOT NULL",
        "role text NOT NULL",
        "region_id uuid NOT NULL",
        "may_approve boolean NOT NULL",
        "valid_from bigint", // microseconds since 1970, UTC
        "valid_to bigint",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "FOREIGN KEY (account_id) REFERENCES account (id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "CHECK (valid_from < valid_to)",
    ],
    indexes: &["account_id"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ACCOUNT.create_versioned(manager).await?;
        CREDENTIAL.create(manager).await?;
        ROLE_GRANT.create_versioned(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::drop_versioned(manager, ROLE_GRANT.name).await?;
        table::drop(manager, CREDENTIAL.name).await?;
        table::drop_versioned(manager, ACCOUNT.name).await
    }
}
