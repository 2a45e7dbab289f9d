//! What is measured: definitions, indicators, goals, observations.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What can be measured, wherever it is measured.
const INDICATOR_DEFINITION: Table = Table {
    name: "indicator_definition",
    columns: &[
        "id uuid NOT NULL",
        "code text NOT NULL",
        "name_ko text NOT NULL",
        "name_en text",
        "description text",
        "unit text NOT NULL",
        "decimals integer NOT NULL",
        "direction text NOT NULL",
        "accumulation text NOT NULL",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (code)",
        "CHECK (direction IN ('UP', 'DOWN', 'NEUTRAL'))",
        "CHECK (accumulation IN ('YEARLY', 'CUMULATIVE', 'UNSTATED'))",
        "CHECK (decimals BETWEEN 0 AND 6)",
    ],
    indexes: &["name_ko, id"],
};

/// Something measured in a region, for a plan or a measure of it, if for any.
const INDICATOR: Table = Table {
    name: "indicator",
    columns: &[
        "id uuid NOT NULL",
        "external_id text",
        "definition_id uuid NOT NULL",
        "region_id uuid NOT NULL",
        "plan_id uuid",
        "measure_id uuid",
        "sector_id uuid",
        "source_id uuid",
        "confidence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (external_id)",
        "FOREIGN KEY (definition_id) REFERENCES indicator_definition (id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (measure_id) REFERENCES measure (id)",
        "FOREIGN KEY (sector_id) REFERENCES sector (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "CHECK (confidence IN ('A', 'B', 'C'))",
    ],
    indexes: &["region_id", "plan_id", "measure_id", "definition_id"],
};

/// What an indicator is to reach.
const INDICATOR_GOAL: Table = Table {
    name: "indicator_goal",
    columns: &[
        "id uuid NOT NULL",
        "indicator_id uuid NOT NULL",
        "plan_id uuid", // the indicator's, for who may see it
        "region_id uuid NOT NULL",
        "period text", // 2030, 2024-H1, 2025-05; none where no date is stated
        "kind text NOT NULL",
        "value bigint NOT NULL",
        "approximate boolean NOT NULL",
        "source_id uuid",
        "source2_id uuid",
        "confidence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (indicator_id, period, kind)",
        "FOREIGN KEY (indicator_id) REFERENCES indicator (id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "FOREIGN KEY (source2_id) REFERENCES source (id)",
        "CHECK (kind IN ('FINAL', 'ANNUAL', 'INTERIM', 'LEGAL'))",
        "CHECK (confidence IN ('A', 'B', 'C'))",
    ],
    indexes: &["plan_id"],
};

/// What an indicator was.
const OBSERVATION: Table = Table {
    name: "observation",
    columns: &[
        "id uuid NOT NULL",
        "indicator_id uuid NOT NULL",
        "plan_id uuid", // the indicator's, for who may see it
        "region_id uuid NOT NULL",
        "period text NOT NULL",
        "value bigint",
        "status text NOT NULL",
        "reason text",
        "approximate boolean NOT NULL",
        "approval text NOT NULL",
        "source_id uuid",
        "source2_id uuid",
        "confidence text",
        "derivation text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (indicator_id, period)",
        "FOREIGN KEY (indicator_id) REFERENCES indicator (id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "FOREIGN KEY (source2_id) REFERENCES source (id)",
        "CHECK (approval IN ('NONE', 'REGION', 'PROVINCE'))",
        "CHECK (confidence IN ('A', 'B', 'C'))",
        "CHECK ((value IS NULL) = (status IN ('NOT_REPORTED', 'NOT_ESTIMATED', 'NOT_OCCURRING', 'INCLUDED_ELSEWHERE', 'CONFIDENTIAL', 'PENDING', 'NOT_APPLICABLE')))",
    ],
    indexes: &["plan_id", "region_id, period"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [INDICATOR_DEFINITION, INDICATOR, INDICATOR_GOAL, OBSERVATION] {
            table.create_versioned(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [OBSERVATION, INDICATOR_GOAL, INDICATOR, INDICATOR_DEFINITION] {
            table::drop_versioned(manager, table.name).await?;
        }
        Ok(())
    }
}
