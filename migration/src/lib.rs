//! How the tables came to be. A migration is history: it is never edited once it has run
//! somewhere, and it knows nothing of the entities, which are what the tables are now.

mod m20261124_000001_history;
mod m20261124_000002_reference;
mod m20261124_000003_identity;
mod m20261124_000004_plan;
mod m20261124_000005_organization;
mod m20261124_000006_facts;
mod m20261124_000007_measure;
mod m20261124_000008_indicator;
mod m20261124_000009_progress;
mod m20261124_000010_process;
mod m20261124_000011_moved_items;
mod m20261124_000012_identity;
mod m20261124_000020_idempotency;
mod m20261124_000030_procedure;
mod m20261124_000032_obligation;
mod m20261124_000033_link;
mod m20261124_000034_cases;
mod m20261124_000035_issues;
mod m20261124_000036_forums;
mod m20261124_000037_marks;
mod m20261124_000038_checks;
mod m20261124_000039_document;
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
            Box::new(m20261124_000005_organization::Migration),
            Box::new(m20261124_000006_facts::Migration),
            Box::new(m20261124_000007_measure::Migration),
            Box::new(m20261124_000008_indicator::Migration),
            Box::new(m20261124_000009_progress::Migration),
            Box::new(m20261124_000010_process::Migration),
            Box::new(m20261124_000011_moved_items::Migration),
            Box::new(m20261124_000012_identity::Migration),
            Box::new(m20261124_000020_idempotency::Migration),
            Box::new(m20261124_000030_procedure::Migration),
            Box::new(m20261124_000032_obligation::Migration),
            Box::new(m20261124_000033_link::Migration),
            Box::new(m20261124_000034_cases::Migration),
            Box::new(m20261124_000035_issues::Migration),
            Box::new(m20261124_000036_forums::Migration),
            Box::new(m20261124_000037_marks::Migration),
            Box::new(m20261124_000038_checks::Migration),
            Box::new(m20261124_000039_document::Migration),
        ]
    }
}
