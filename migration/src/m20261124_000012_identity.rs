//! Machines beside people, grants for a plan and in the name of an organization, and what sessions
//! and invitations are known by.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

use crate::m20261124_000003_identity::ROLE_GRANT as GRANT_BEFORE;
use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A machine that signs in by itself.
const CLIENT: Table = Table {
    name: "client",
    columns: &[
        "id uuid NOT NULL",
        "name text NOT NULL",
        "scopes text NOT NULL", // separated by blanks
        "valid_to bigint",      // microseconds since 1970, UTC
        "disabled boolean NOT NULL",
        "revision bigint NOT NULL",
    ],
    constraints: &[],
    indexes: &[],
};

/// `grant` is a word of SQL's own.
const ROLE_GRANT: Table = Table {
    name: "role_grant",
    columns: &[
        "id uuid NOT NULL",
        "account_id uuid",
        "client_id uuid",
        "role text NOT NULL",
        "region_id uuid NOT NULL",
        "plan_id uuid",
        "organization_id uuid",
        "may_approve boolean NOT NULL",
        "valid_from bigint", // microseconds since 1970, UTC
        "valid_to bigint",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "FOREIGN KEY (account_id) REFERENCES account (id)",
        "FOREIGN KEY (client_id) REFERENCES client (id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (organization_id) REFERENCES organization (id)",
        "CHECK (valid_from < valid_to)",
        "CHECK ((account_id IS NULL) <> (client_id IS NULL))",
        "CHECK (role <> 'CONTRACTOR' OR (plan_id IS NOT NULL AND valid_to IS NOT NULL))",
    ],
    indexes: &["account_id", "client_id", "region_id", "plan_id"],
};

/// Not versioned, like all below: a secret has no past that anybody should read.
const CLIENT_SECRET: Table = Table {
    name: "client_secret",
    columns: &[
        "client_id uuid NOT NULL",
        "secret_hash text NOT NULL",
        "changed_at bigint NOT NULL",
    ],
    constraints: &["PRIMARY KEY (client_id)", "FOREIGN KEY (client_id) REFERENCES client (id)"],
    indexes: &[],
};

/// A sign-in, as long as its refresh token is renewed in time.
const SESSION: Table = Table {
    name: "session",
    columns: &[
        "id uuid NOT NULL",
        "account_id uuid NOT NULL",
        "token_hash text NOT NULL",
        "expires_at bigint NOT NULL",
    ],
    constraints: &["PRIMARY KEY (id)", "FOREIGN KEY (account_id) REFERENCES account (id)"],
    indexes: &["account_id"],
};

const INVITATION: Table = Table {
    name: "invitation",
    columns: &[
        "account_id uuid NOT NULL",
        "token_hash text NOT NULL",
        "expires_at bigint NOT NULL",
    ],
    constraints: &["PRIMARY KEY (account_id)", "FOREIGN KEY (account_id) REFERENCES account (id)"],
    indexes: &[],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        CLIENT.create_versioned(manager).await?;
        for table in [CLIENT_SECRET, SESSION, INVITATION] {
            table.create(manager).await?;
        }
        make_anew(manager, &ROLE_GRANT, "").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        make_anew(manager, &GRANT_BEFORE, "WHERE account_id IS NOT NULL").await?;
        for table in [INVITATION, SESSION, CLIENT_SECRET] {
            table::drop(manager, table.name).await?;
        }
        table::drop_versioned(manager, CLIENT.name).await
    }
}

const KEPT: &str = "id, account_id, role, region_id, may_approve, valid_from, valid_to, revision";

/// Grants and their past in another table: SQLite cannot make a column optional. A contractor's
/// grant was for no plan before, so it gave nothing and is not kept.
async fn make_anew(manager: &SchemaManager<'_>, table: &Table, which: &str) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let tables = [("role_grant", ""), ("role_grant_history", "until, ")];
    for (name, _) in tables {
        let sql = format!("CREATE TABLE {name}_kept AS SELECT * FROM {name} {which}");
        db.execute_unprepared(&sql).await?;
    }
    table::drop_versioned(manager, "role_grant").await?;
    table.create_versioned(manager).await?;
    for (name, until) in tables {
        let columns = format!("{until}{KEPT}");
        let sql = format!(
            "INSERT INTO {name} ({columns}) SELECT {columns} FROM {name}_kept WHERE role <> 'CONTRACTOR'"
        );
        db.execute_unprepared(&sql).await?;
        table::drop(manager, &format!("{name}_kept")).await?;
    }
    Ok(())
}
