//! What fixes when duties of public law are due: the events that set a period going, and
//! extensions. The duties themselves are worked out and have no rows.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// When what a plan's adoption sets going is due, as it was fixed by that event. The event may be
/// removed later, so there is no reference to it.
const DEADLINE: Table = Table {
    name: "deadline",
    columns: &[
        "id uuid NOT NULL",
        "plan_id uuid NOT NULL",
        "rule text NOT NULL",
        "pass integer NOT NULL", // which making of the plan: an amendment is adopted as well
        "milestone_id uuid NOT NULL",
        "fixed_on text NOT NULL", // when the event was, as it was known then
        "due_on text NOT NULL",   // by the rule, before weekends and holidays
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (plan_id, rule, pass)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "CHECK (rule IN ('ADOPT_FIRST_PLAN', 'ADOPT_NEXT_PLAN', 'SUBMIT_PLAN', 'REPORT_PLAN_TO_COUNCIL', 'SUBMIT_STATISTICS', 'REPORT_ADAPTATION', 'REPORT_PROGRESS', 'REPORT_PROGRESS_TO_COUNCIL'))",
    ],
    indexes: &["plan_id"],
};

/// Until when a duty may be done after all, and why. `plan_id` is the plan whose adoption set it
/// going, where one did: who does not see that plan does not see this.
const EXTENSION: Table = Table {
    name: "extension",
    columns: &[
        "id uuid NOT NULL",
        "region_id uuid NOT NULL",
        "plan_id uuid",
        "rule text NOT NULL",
        "occurrence integer NOT NULL",
        "pass integer NOT NULL",
        "extended_to text NOT NULL",
        "reason text NOT NULL",
        "organization_id uuid",
        "withdrawal_reason text", // none while it holds
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (organization_id) REFERENCES organization (id)",
        "CHECK (rule IN ('ADOPT_FIRST_PLAN', 'ADOPT_NEXT_PLAN', 'SUBMIT_PLAN', 'REPORT_PLAN_TO_COUNCIL', 'SUBMIT_STATISTICS', 'REPORT_ADAPTATION', 'REPORT_PROGRESS', 'REPORT_PROGRESS_TO_COUNCIL'))",
    ],
    indexes: &["region_id, rule, occurrence", "plan_id", "organization_id"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [DEADLINE, EXTENSION] {
            table.create_versioned(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [EXTENSION, DEADLINE] {
            table::drop_versioned(manager, table.name).await?;
        }
        Ok(())
    }
}
