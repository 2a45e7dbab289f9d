//! What is known of regions: their statistics and their emissions.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What is counted in a region: people, households, cattle, square kilometres.
const REGION_STATISTIC: Table = Table {
    name: "region_statistic",
    columns: &[
        "id uuid NOT NULL",
        "region_id uuid NOT NULL",
        "stat text NOT NULL",
        "name_ko text NOT NULL",
        "period text",
        "value bigint NOT NULL", // an integer of 10^-decimals
        "decimals integer NOT NULL",
        "unit text NOT NULL",
        "approximate boolean NOT NULL",
        "source_id uuid",
        "source2_id uuid",
        "confidence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (region_id, stat, period)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "FOREIGN KEY (source2_id) REFERENCES source (id)",
        "CHECK (confidence IN ('A', 'B', 'C'))",
        "CHECK (decimals BETWEEN 0 AND 6)",
    ],
    indexes: &["stat, period, region_id"],
};

/// What a region emits or removes in a year, in a sector, of a gas; or its share of the whole.
const EMISSION: Table = Table {
    name: "emission",
    columns: &[
        "id uuid NOT NULL",
        "external_id text",
        "region_id uuid NOT NULL",
        "year integer", // none where the inventory does not state it
        "sector_id uuid",
        "label text",
        "gas text NOT NULL",
        "reported_gas text",
        "value bigint", // millionths of a tonne
        "share bigint", // millionths of a percent
        "status text NOT NULL",
        "reason text", // why a notation key stands there
        "boundary text NOT NULL",
        "netting text NOT NULL",
        "flow text NOT NULL",
        "accounting text NOT NULL",
        "guideline text",
        "gwp_set text",
        "reported_scope text",
        "vintage integer", // when the series was published
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
        "UNIQUE (external_id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (sector_id) REFERENCES sector (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "FOREIGN KEY (source2_id) REFERENCES source (id)",
        "CHECK (gas IN ('CO2EQ', 'CO2', 'CH4', 'N2O', 'HFCS', 'PFCS', 'SF6', 'NF3', 'F_GASES'))",
        "CHECK (boundary IN ('TOTAL', 'MANAGED', 'UNSTATED'))",
        "CHECK (netting IN ('GROSS', 'NET', 'UNSTATED'))",
        "CHECK (flow IN ('DIRECT', 'INDIRECT', 'BOTH', 'UNSTATED'))",
        "CHECK (accounting IN ('PRODUCTION', 'CONSUMPTION', 'UNSTATED'))",
        "CHECK (approval IN ('NONE', 'REGION', 'PROVINCE'))",
        "CHECK (confidence IN ('A', 'B', 'C'))",
        "CHECK ((value IS NULL AND share IS NULL) = (status IN ('NOT_REPORTED', 'NOT_ESTIMATED', 'NOT_OCCURRING', 'INCLUDED_ELSEWHERE', 'CONFIDENTIAL', 'PENDING', 'NOT_APPLICABLE')))",
    ],
    indexes: &["region_id, year, sector_id", "year, sector_id"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [REGION_STATISTIC, EMISSION] {
            table.create_versioned(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [EMISSION, REGION_STATISTIC] {
            table::drop_versioned(manager, table.name).await?;
        }
        Ok(())
    }
}
