//! The bodies that take part, and who drafts which plan.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A body that takes part: a government, a centre, a contractor, a committee.
const ORGANIZATION: Table = Table {
    name: "organization",
    columns: &[
        "id uuid NOT NULL",
        "external_id text",
        "kind text NOT NULL",
        "region_id uuid",
        "parent_id uuid",
        "name_ko text NOT NULL",
        "name_en text",
        "role text", // what it does, in the source's words
        "valid_from text",
        "valid_to text",
        "source_id uuid",
        "confidence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (external_id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (parent_id) REFERENCES organization (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "CHECK (kind IN ('MINISTRY', 'AGENCY', 'PROVINCE_GOVERNMENT', 'MUNICIPALITY', 'DEPARTMENT', 'COMMITTEE', 'COUNCIL', 'SUPPORT_CENTRE', 'CONTRACTOR', 'RESEARCH_INSTITUTE', 'NGO', 'INTERNATIONAL', 'POLITICAL'))",
        "CHECK (confidence IN ('A', 'B', 'C'))",
    ],
    indexes: &["name_ko, id", "region_id", "parent_id"],
};

/// A name that a body had before.
const ORGANIZATION_NAME: Table = Table {
    name: "organization_name",
    columns: &[
        "id uuid NOT NULL",
        "organization_id uuid NOT NULL",
        "name_ko text NOT NULL",
        "name_en text",
        "valid_from text",
        "valid_to text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (organization_id, name_ko)",
        "FOREIGN KEY (organization_id) REFERENCES organization (id)",
    ],
    indexes: &["name_ko"],
};

/// Who was contracted to draft a plan.
const PLAN_CONTRACTOR: Table = Table {
    name: "plan_contractor",
    columns: &[
        "id uuid NOT NULL",
        "plan_id uuid NOT NULL",
        "organization_id uuid NOT NULL",
        "position integer NOT NULL",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (plan_id, organization_id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (organization_id) REFERENCES organization (id)",
    ],
    indexes: &["organization_id"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [ORGANIZATION, ORGANIZATION_NAME, PLAN_CONTRACTOR] {
            table.create_versioned(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [PLAN_CONTRACTOR, ORGANIZATION_NAME, ORGANIZATION] {
            table::drop_versioned(manager, table.name).await?;
        }
        Ok(())
    }
}
