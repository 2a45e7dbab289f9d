//! Requests for advice on plans, what was asked back, and the points of the answers.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A request for advice. What it is about has no foreign key: it is read as of the revision it was
/// asked about, whatever became of it since.
const ADVICE_CASE: Table = Table {
    name: "advice_case",
    columns: &[
        "id uuid NOT NULL",
        "plan_id uuid NOT NULL",
        "region_id uuid NOT NULL", // the plan's
        "adviser_id uuid NOT NULL",
        "state text NOT NULL",
        "subject text NOT NULL",
        "subject_id uuid NOT NULL", // the plan's own, where it is about all of it
        "field text",
        "content_revision bigint NOT NULL", // the contents it was asked about
        "title text NOT NULL",
        "question text NOT NULL",
        "asked_on text NOT NULL",
        "wanted_by text NOT NULL", // the due date before the clock ever stood
        "due_on text NOT NULL",    // as it stands
        "stopped_on text",         // the day the clock stopped
        "answered_on text",
        "summary text",
        "reason text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (adviser_id) REFERENCES organization (id)",
        "CHECK (state IN ('REQUESTED', 'ACCEPTED', 'ANSWERED', 'CLOSED', 'DECLINED', 'WITHDRAWN'))",
        "CHECK (subject IN ('PLAN', 'TARGET', 'MEASURE', 'INDICATOR'))",
    ],
    indexes: &["plan_id, id", "adviser_id, state", "region_id, id", "due_on, id"],
};

/// What an adviser asked back.
const ADVICE_QUESTION: Table = Table {
    name: "advice_question",
    columns: &[
        "id uuid NOT NULL",
        "case_id uuid NOT NULL",
        "number integer NOT NULL",
        "question text NOT NULL",
        "asked_on text NOT NULL",
        "reply text",
        "replied_on text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (case_id, number)",
        "FOREIGN KEY (case_id) REFERENCES advice_case (id)",
        "CHECK ((reply IS NULL) = (replied_on IS NULL))",
    ],
    indexes: &["case_id"],
};

/// One point of an answer, and what was replied to it.
const ADVICE_ITEM: Table = Table {
    name: "advice_item",
    columns: &[
        "id uuid NOT NULL",
        "case_id uuid NOT NULL",
        "number integer NOT NULL",
        "severity text NOT NULL",
        "basis text",
        "advice text NOT NULL",
        "reply text",
        "reason text",
        "resolved_by bigint", // a revision
        "replied_on text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (case_id, number)",
        "FOREIGN KEY (case_id) REFERENCES advice_case (id)",
        "CHECK (severity IN ('MUST', 'SHOULD', 'COULD', 'NOTE'))",
        "CHECK (reply IN ('ACCEPTED', 'PARTLY', 'DECLINED'))",
        "CHECK ((reply IS NULL) = (replied_on IS NULL))",
    ],
    indexes: &["case_id"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [ADVICE_CASE, ADVICE_QUESTION, ADVICE_ITEM] {
            table.create_versioned(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [ADVICE_ITEM, ADVICE_QUESTION, ADVICE_CASE] {
            table::drop_versioned(manager, table.name).await?;
        }
        Ok(())
    }
}
