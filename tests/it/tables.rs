//! Migrations go up, down and up again, and make the tables that the entities describe.

use std::collections::BTreeMap;

use api::history::{self, twins};
use entity::{
    change, change_item, client_secret, credential, idempotency, invitation, mark, session,
};
use migration::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait, Database, DbBackend, EntityTrait, IdenStatic, Iterable, Statement};

/// The log, secrets, and what people have seen, which have no past that anybody should read.
const UNVERSIONED: [&str; 9] = [
    "change",
    "change_item",
    "credential",
    "client_secret",
    "session",
    "invitation",
    "idempotency",
    "mark",
    "seaql_migrations",
];

async fn columns(db: &impl ConnectionTrait, table: &str) -> Vec<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT column_name AS name FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position"
        }
        _ => "SELECT name FROM pragma_table_info($1) ORDER BY cid",
    };
    let ask = Statement::from_sql_and_values(db.get_database_backend(), sql, [table.into()]);
    let rows = db.query_all_raw(ask).await.expect("columns");
    rows.iter().map(|row| row.try_get("", "name").expect("a name")).collect()
}

fn described<E: EntityTrait>() -> (&'static str, Vec<&'static str>) {
    let columns = E::Column::iter().map(|column| column.as_str()).collect();
    (E::default().table_name(), columns)
}

#[tokio::test]
async fn migrations_make_what_the_entities_describe_and_can_be_taken_back() {
    let database = tests::Database::create().await;
    let config = &database.config;
    history::migrate(config).await.expect("up");
    let count = u32::try_from(Migrator::migrations().len()).expect("a few");
    history::migrate_down(config, count).await.expect("down");
    history::migrate(config).await.expect("up again");

    let db = Database::connect(&config.url).await.expect("the database");
    let mut unversioned = BTreeMap::from([
        described::<change::Entity>(),
        described::<change_item::Entity>(),
        described::<credential::Entity>(),
        described::<client_secret::Entity>(),
        described::<session::Entity>(),
        described::<invitation::Entity>(),
        described::<idempotency::Entity>(),
        described::<mark::Entity>(),
    ]);
    for twin in twins::twins() {
        assert_eq!(columns(&db, twin.table).await, twin.columns, "{}", twin.table);
        let mut past = vec!["until"];
        past.extend(&twin.columns);
        assert_eq!(columns(&db, &format!("{}_history", twin.table)).await, past, "{}", twin.table);
        unversioned.remove(twin.table);
    }
    for (table, wanted) in unversioned {
        assert_eq!(columns(&db, table).await, wanted, "{table}");
    }
    db.close().await.expect("a closed connection");
    database.remove().await;
}

#[tokio::test]
async fn every_table_has_a_past_or_is_known_to_have_none() {
    let database = tests::Database::create().await;
    history::migrate(&database.config).await.expect("up");
    let db = Database::connect(&database.config.url).await.expect("the database");
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    };
    let ask = Statement::from_string(db.get_database_backend(), sql);
    let tables = db.query_all_raw(ask).await.expect("tables");
    let known: Vec<&str> = twins::twins().iter().map(|twin| twin.table).collect();
    for table in tables {
        let table: String = table.try_get("", "name").expect("a name");
        let live = table.strip_suffix("_history").unwrap_or(&table);
        let none = UNVERSIONED.contains(&live);
        assert!(known.contains(&live) || none, "{table} has no past and nobody said so");
    }
    db.close().await.expect("a closed connection");
    database.remove().await;
}
