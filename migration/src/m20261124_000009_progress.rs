//! Yearly progress checks.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A yearly look at how far a plan, or a scheme, has come.
const PROGRESS_CHECK: Table = Table {
    name: "progress_check",
    columns: &[
        "id uuid NOT NULL",
        "external_id text",
        "region_id uuid NOT NULL",
        "plan_id uuid",
        "year integer NOT NULL",
        "kind text NOT NULL",
        "state text", // none before its first step
        "reviewed_on text",
        "measures_total integer",
        "measures_assessed integer",
        "measures_achieved integer",
        "measures_on_track integer",
        "measures_other integer",
        "good_share bigint", // achieved or on track, millionths of a percent, as reported
        "goal_reduction bigint", // millionths of a tonne
        "actual_reduction bigint",
        "achievement_rate bigint",
        "grade text",
        "summary text",
        "source_id uuid",
        "source2_id uuid",
        "confidence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (external_id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "FOREIGN KEY (source2_id) REFERENCES source (id)",
        "CHECK (kind IN ('BASIC_PLAN', 'RESPONSE_BASE', 'ADAPTATION', 'PUBLIC_SECTOR', 'ANNUAL_RESULT', 'EXTERNAL_RATING'))",
        "CHECK (state IN ('PLANNED', 'SELF_ASSESSED', 'ADVISED', 'DELIBERATED', 'SUBMITTED', 'COMPILED', 'OPINION', 'COUNCIL_REPORTED'))",
        "CHECK (confidence IN ('A', 'B', 'C'))",
    ],
    indexes: &["region_id, year", "plan_id"],
};

/// Who looked.
const PROGRESS_REVIEWER: Table = Table {
    name: "progress_reviewer",
    columns: &[
        "id uuid NOT NULL",
        "check_id uuid NOT NULL",
        "organization_id uuid NOT NULL",
        "position integer NOT NULL",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (check_id, organization_id)",
        "FOREIGN KEY (check_id) REFERENCES progress_check (id)",
        "FOREIGN KEY (organization_id) REFERENCES organization (id)",
    ],
    indexes: &["organization_id"],
};

/// What a check says of a sector.
const PROGRESS_SECTOR: Table = Table {
    name: "progress_sector",
    columns: &[
        "id uuid NOT NULL",
        "check_id uuid NOT NULL",
        "sector_id uuid NOT NULL",
        "goal_reduction bigint",
        "actual_reduction bigint",
        "achievement_rate bigint",
        "source_id uuid",
        "source2_id uuid",
        "confidence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (check_id, sector_id)",
        "FOREIGN KEY (check_id) REFERENCES progress_check (id)",
        "FOREIGN KEY (sector_id) REFERENCES sector (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "FOREIGN KEY (source2_id) REFERENCES source (id)",
        "CHECK (confidence IN ('A', 'B', 'C'))",
    ],
    indexes: &[],
};

/// What a check says of a measure.
const ASSESSMENT: Table = Table {
    name: "assessment",
    columns: &[
        "id uuid NOT NULL",
        "check_id uuid NOT NULL",
        "measure_id uuid NOT NULL",
        "plan_id uuid", // the check's, for who may see it
        "region_id uuid NOT NULL",
        "sector_id uuid", // the measure's, kept at submission, as are its title and the goal
        "measure_title text",
        "grade text NOT NULL",
        "goal_reduction bigint",
        "achieved_reduction bigint",
        "reason text",
        "corrective_action text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (check_id, measure_id)",
        "FOREIGN KEY (check_id) REFERENCES progress_check (id)",
        "FOREIGN KEY (measure_id) REFERENCES measure (id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (sector_id) REFERENCES sector (id)",
        "CHECK (grade IN ('ACHIEVED', 'ON_TRACK', 'DELAYED', 'NOT_ACHIEVED', 'NOT_DUE'))",
    ],
    indexes: &["measure_id", "plan_id"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [PROGRESS_CHECK, PROGRESS_REVIEWER, PROGRESS_SECTOR, ASSESSMENT] {
            table.create_versioned(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [ASSESSMENT, PROGRESS_SECTOR, PROGRESS_REVIEWER, PROGRESS_CHECK] {
            table::drop_versioned(manager, table.name).await?;
        }
        Ok(())
    }
}
