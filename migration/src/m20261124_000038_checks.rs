//! How yearly checks are carried out, and the numbers that a submitted one keeps.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What moved a check on.
const PROGRESS_STEP: Table = Table {
    name: "progress_step",
    columns: &[
        "id uuid NOT NULL",
        "check_id uuid NOT NULL",
        "position integer NOT NULL",
        "transition text NOT NULL",
        "state text NOT NULL", // after it
        "taken_on text NOT NULL",
        "account_id uuid", // who recorded it, as in the change log
        "client_id uuid",
        "organization_id uuid",
        "exemption text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (check_id, position)",
        "FOREIGN KEY (check_id) REFERENCES progress_check (id)",
        "FOREIGN KEY (organization_id) REFERENCES organization (id)",
        "CHECK (transition IN ('SELF_ASSESS', 'ADVISE', 'DELIBERATE', 'SUBMIT', 'COMPILE', 'GIVE_OPINION', 'REPORT_TO_COUNCIL', 'REOPEN'))",
        "CHECK (state IN ('PLANNED', 'SELF_ASSESSED', 'ADVISED', 'DELIBERATED', 'SUBMITTED', 'COMPILED', 'OPINION', 'COUNCIL_REPORTED'))",
    ],
    indexes: &["organization_id"],
};

/// What was spent on a measure in the year of a check, from one fund.
const ASSESSMENT_BUDGET: Table = Table {
    name: "assessment_budget",
    columns: &[
        "id uuid NOT NULL",
        "assessment_id uuid NOT NULL",
        "fund text NOT NULL",
        "planned bigint", // whole won, the measure's, kept at submission
        "executed bigint",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (assessment_id, fund)",
        "FOREIGN KEY (assessment_id) REFERENCES assessment (id)",
        "CHECK (fund IN ('NATIONAL', 'PROVINCE', 'MUNICIPAL', 'PRIVATE_OTHER', 'UNSTATED'))",
    ],
    indexes: &[],
};

/// What an indicator was when a check was submitted.
const ASSESSMENT_VALUE: Table = Table {
    name: "assessment_value",
    columns: &[
        "id uuid NOT NULL",
        "assessment_id uuid NOT NULL",
        "indicator_id uuid NOT NULL",
        "unit text NOT NULL",
        "decimals integer NOT NULL",
        "goal bigint",
        "actual bigint",
        "status text NOT NULL",
        "reason text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (assessment_id, indicator_id)",
        "FOREIGN KEY (assessment_id) REFERENCES assessment (id)",
        "FOREIGN KEY (indicator_id) REFERENCES indicator (id)",
    ],
    indexes: &["indicator_id"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [PROGRESS_STEP, ASSESSMENT_BUDGET, ASSESSMENT_VALUE] {
            table.create_versioned(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [ASSESSMENT_VALUE, ASSESSMENT_BUDGET, PROGRESS_STEP] {
            table::drop_versioned(manager, table.name).await?;
        }
        Ok(())
    }
}
