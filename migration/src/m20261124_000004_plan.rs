//! Plans, how they divide into sectors, and what they promise.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

const PLAN: Table = Table {
    name: "plan",
    columns: &[
        "id uuid NOT NULL",
        "external_id text",
        "region_id uuid NOT NULL",
        "title text NOT NULL",
        "kind text NOT NULL",
        "round integer NOT NULL",
        "period_start integer",
        "period_end integer",
        "base_year integer",
        "vision text",
        "visibility text NOT NULL",
        "approval text NOT NULL",
        "reported_status text",
        "reported_measures integer",
        "reported_sectors integer",
        "reported_budget bigint", // KRW
        "reported_scope text",
        "boundary text NOT NULL",
        "reported_base bigint", // millionths of a tonne, as all masses
        "reported_target_year integer",
        "reported_target bigint",
        "reported_reduction bigint",
        "reported_reduction_rate bigint", // millionths of a percent
        "contractor_refs text NOT NULL",  // a JSON list, as the source gives them
        "work_started_on text",
        "deliberated_on text",
        "announced_on text",
        "source_id uuid",
        "source2_id uuid",
        "confidence text",
        "note text",
        // The plan above that it was made from, as it was then; no reference, because that plan may
        // go without asking those below.
        "parent_id uuid",
        "parent_version integer",
        "parent_pinned bigint",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (external_id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "FOREIGN KEY (source2_id) REFERENCES source (id)",
        "CHECK (visibility IN ('INTERNAL', 'PROVINCE', 'PUBLIC'))",
        "CHECK (approval IN ('NONE', 'REGION', 'PROVINCE'))",
        "CHECK (boundary IN ('TOTAL', 'MANAGED', 'UNSTATED'))",
        "CHECK (confidence IN ('A', 'B', 'C'))",
        "CHECK (period_start <= period_end)",
    ],
    indexes: &["region_id, round", "title, id", "period_start, id", "parent_id"],
};

/// The last change of anything in a plan: the row's `revision`. A table of its own, because it
/// moves without the plan moving.
const PLAN_CONTENT: Table = Table {
    name: "plan_content",
    columns: &["id uuid NOT NULL", "revision bigint NOT NULL"],
    constraints: &[],
    indexes: &[],
};

const PLAN_SECTOR: Table = Table {
    name: "plan_sector",
    columns: &[
        "id uuid NOT NULL",
        "plan_id uuid NOT NULL",
        "sector_id uuid NOT NULL",
        "label text NOT NULL",
        "reported_measures integer",
        "source_id uuid",
        "source2_id uuid",
        "confidence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (plan_id, sector_id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (sector_id) REFERENCES sector (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "FOREIGN KEY (source2_id) REFERENCES source (id)",
        "CHECK (confidence IN ('A', 'B', 'C'))",
    ],
    indexes: &[],
};

const TARGET: Table = Table {
    name: "target",
    columns: &[
        "id uuid NOT NULL",
        "external_id text",
        "plan_id uuid NOT NULL",
        "sector_id uuid",
        "label text",
        "year integer NOT NULL",
        "base_year integer",
        "kind text NOT NULL",
        "stated_on text",
        "boundary text NOT NULL",
        "netting text NOT NULL",
        "flow text NOT NULL",
        "accounting text NOT NULL",
        "guideline text",
        "gwp_set text",
        "approval text NOT NULL",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (external_id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (sector_id) REFERENCES sector (id)",
        "CHECK (sector_id IS NOT NULL OR label IS NOT NULL)",
        "CHECK (kind IN ('FINAL', 'ANNUAL', 'INTERIM', 'DRAFT', 'CANDIDATE', 'SUPERSEDED', 'RESTATED', 'AS_PRINTED'))",
        "CHECK (boundary IN ('TOTAL', 'MANAGED', 'UNSTATED'))",
        "CHECK (netting IN ('GROSS', 'NET', 'UNSTATED'))",
        "CHECK (flow IN ('DIRECT', 'INDIRECT', 'BOTH', 'UNSTATED'))",
        "CHECK (accounting IN ('PRODUCTION', 'CONSUMPTION', 'UNSTATED'))",
        "CHECK (approval IN ('NONE', 'REGION', 'PROVINCE'))",
    ],
    indexes: &["plan_id, year, id"],
};

/// One stated number of a target, with where it comes from.
const TARGET_FIGURE: Table = Table {
    name: "target_figure",
    columns: &[
        "id uuid NOT NULL",
        "external_id text",
        "target_id uuid NOT NULL",
        "metric text NOT NULL",
        "value bigint",
        "status text NOT NULL",
        "approximate boolean NOT NULL",
        "source_id uuid",
        "source2_id uuid",
        "confidence text",
        "derivation text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (external_id)",
        "UNIQUE (target_id, metric)",
        "FOREIGN KEY (target_id) REFERENCES target (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "FOREIGN KEY (source2_id) REFERENCES source (id)",
        "CHECK (metric IN ('BASE', 'TARGET', 'GROSS_TARGET', 'REDUCTION', 'REMOVALS', 'REDUCTION_RATE', 'SHARE_OF_REDUCTION'))",
        "CHECK ((value IS NULL) = (status IN ('NOT_REPORTED', 'NOT_ESTIMATED', 'NOT_OCCURRING', 'INCLUDED_ELSEWHERE', 'CONFIDENTIAL', 'PENDING', 'NOT_APPLICABLE')))",
        "CHECK (confidence IN ('A', 'B', 'C'))",
    ],
    indexes: &["target_id"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [PLAN, PLAN_CONTENT, PLAN_SECTOR, TARGET, TARGET_FIGURE] {
            table.create_versioned(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [TARGET_FIGURE, TARGET, PLAN_SECTOR, PLAN_CONTENT, PLAN] {
            table::drop_versioned(manager, table.name).await?;
        }
        Ok(())
    }
}
