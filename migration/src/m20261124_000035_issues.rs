//! What offices say to each other about an issue.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Something said about an issue. Where it can be read is written with it, so that the log can say
/// who was told.
const ISSUE_COMMENT: Table = Table {
    name: "issue_comment",
    columns: &[
        "id uuid NOT NULL",
        "issue_id uuid NOT NULL",
        "thread_id uuid NOT NULL", // the issue it is shown with: that one, or what it was merged into
        "region_id uuid NOT NULL",
        "plan_id uuid",
        "visibility text NOT NULL",
        "author_id uuid",
        "client_id uuid",
        "role text",
        "organization_id uuid",
        "author_region_id uuid",
        "text text NOT NULL",
        "written_at bigint NOT NULL",
        "edited_at bigint",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "FOREIGN KEY (issue_id) REFERENCES issue (id)",
        "FOREIGN KEY (thread_id) REFERENCES issue (id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (author_id) REFERENCES account (id)",
        "FOREIGN KEY (client_id) REFERENCES client (id)",
        "FOREIGN KEY (organization_id) REFERENCES organization (id)",
        "FOREIGN KEY (author_region_id) REFERENCES region (id)",
        "CHECK (visibility IN ('PROVINCE', 'PUBLIC'))",
    ],
    indexes: &["thread_id, id", "issue_id", "plan_id"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ISSUE_COMMENT.create_versioned(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::drop_versioned(manager, ISSUE_COMMENT.name).await
    }
}
