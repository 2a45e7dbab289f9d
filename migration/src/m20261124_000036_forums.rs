//! What forums lead to: who takes part, which issues are discussed, what comes out, and what is to
//! follow.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// An organization that takes part.
const FORUM_PARTICIPANT: Table = Table {
    name: "forum_participant",
    columns: &[
        "id uuid NOT NULL",
        "forum_id uuid NOT NULL",
        "organization_id uuid NOT NULL",
        "people integer",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (forum_id, organization_id)",
        "FOREIGN KEY (forum_id) REFERENCES forum (id)",
        "FOREIGN KEY (organization_id) REFERENCES organization (id)",
    ],
    indexes: &["organization_id"],
};

/// An issue that is discussed there.
const FORUM_ISSUE: Table = Table {
    name: "forum_issue",
    columns: &[
        "id uuid NOT NULL",
        "forum_id uuid NOT NULL",
        "issue_id uuid NOT NULL",
        "position integer NOT NULL",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (forum_id, issue_id)",
        "FOREIGN KEY (forum_id) REFERENCES forum (id)",
        "FOREIGN KEY (issue_id) REFERENCES issue (id)",
    ],
    indexes: &["issue_id"],
};

/// Something that came out of it.
const FORUM_OUTCOME: Table = Table {
    name: "forum_outcome",
    columns: &[
        "id uuid NOT NULL",
        "forum_id uuid NOT NULL",
        "number integer NOT NULL",
        "text text NOT NULL",
        "revision bigint NOT NULL",
    ],
    constraints: &["UNIQUE (forum_id, number)", "FOREIGN KEY (forum_id) REFERENCES forum (id)"],
    indexes: &[],
};

/// What somebody is to do after it.
const FOLLOW_UP: Table = Table {
    name: "follow_up",
    columns: &[
        "id uuid NOT NULL",
        "forum_id uuid NOT NULL",
        "region_id uuid",
        "text text NOT NULL",
        "owner_id uuid NOT NULL",
        "due_on text",
        "done_on text",
        "done_how text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "FOREIGN KEY (forum_id) REFERENCES forum (id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (owner_id) REFERENCES organization (id)",
        "CHECK (done_how IS NULL OR done_on IS NOT NULL)",
    ],
    indexes: &["forum_id, id", "owner_id", "due_on, id"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [FORUM_PARTICIPANT, FORUM_ISSUE, FORUM_OUTCOME, FOLLOW_UP] {
            table.create_versioned(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [FOLLOW_UP, FORUM_OUTCOME, FORUM_ISSUE, FORUM_PARTICIPANT] {
            table::drop_versioned(manager, table.name).await?;
        }
        Ok(())
    }
}
