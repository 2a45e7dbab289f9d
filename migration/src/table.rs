//! One description of a table makes the statements for both databases.
//!
//! Written as SQL, because here the constraints are the point. Text compares by code point on
//! PostgreSQL too, whatever the locale of the cluster, so that keyset pages agree everywhere.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};

/// A table, its columns in order, and what must hold for its rows.
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [&'static str],
    pub constraints: &'static [&'static str],
    /// Column lists; a versioned table has each of them on its history twin as well.
    pub indexes: &'static [&'static str],
}

impl Table {
    /// A table that nobody asks about the past of.
    pub async fn create(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        self.run(manager, self.name, self.columns, self.constraints).await
    }

    /// A live table with its history twin: `until` first, then the live columns in the same
    /// order, the key (id, revision), every index, no foreign keys.
    pub async fn create_versioned(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let mut constraints = vec!["PRIMARY KEY (id)"];
        constraints.extend(self.constraints);
        self.run(manager, self.name, self.columns, &constraints).await?;

        let twin = format!("{}_history", self.name);
        let mut columns = vec!["until bigint NOT NULL"];
        columns.extend(self.columns);
        self.run(manager, &twin, &columns, &["PRIMARY KEY (id, revision)"]).await
    }

    async fn run(
        &self,
        manager: &SchemaManager<'_>,
        name: &str,
        columns: &[&str],
        constraints: &[&str],
    ) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let columns = columns.iter().map(|column| by_code_point(db.get_database_backend(), column));
        let parts: Vec<String> =
            columns.chain(constraints.iter().map(ToString::to_string)).collect();
        let body = parts.join(",\n  ");
        db.execute_unprepared(&format!("CREATE TABLE {name} (\n  {body}\n)")).await?;
        for (n, index) in self.indexes.iter().enumerate() {
            let sql = format!("CREATE INDEX {name}_idx{} ON {name} ({index})", n + 1);
            db.execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

/// Removes a versioned table and its twin.
pub async fn drop_versioned(manager: &SchemaManager<'_>, name: &str) -> Result<(), DbErr> {
    drop(manager, &format!("{name}_history")).await?;
    drop(manager, name).await
}

/// Removes a table.
pub async fn drop(manager: &SchemaManager<'_>, name: &str) -> Result<(), DbErr> {
    let sql = format!("DROP TABLE {name}");
    manager.get_connection().execute_unprepared(&sql).await.map(|_| ())
}

fn by_code_point(backend: DbBackend, column: &str) -> String {
    match backend {
        DbBackend::Postgres => column.replacen(" text", " text COLLATE \"C\"", 1),
        _ => column.to_owned(),
    }
}
