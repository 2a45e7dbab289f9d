//! How the tables came to be. A migration is history: it is never edited once it has run
//! somewhere, and it knows nothing of the entities, which are what the tables are now.

mod m20261124_000001_history;
mod m20261124_000002_reference;
mod m20261124_000003_identity;
mod m20261124_000004_plan;
mod table;

pub use sea_orm_migration::{MigrationStatus, MigratorTrait};

use sea_orm_migration::MigrationTrait;

/// Every migration, oldest first.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_history::Migration),
            Box::new(m20261124_000002_reference::Migration),
            Box::new(m20261124_000003_identity::Migration),
            Box::new(m20261124_000004_plan::Migration),
        ]
    }
}
