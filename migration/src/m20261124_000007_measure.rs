//! What plans will have done, with its tonnes and its money.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What a plan will have done, by whom, with what money, for how many tonnes.
const MEASURE: Table = Table {
    name: "measure",
    columns: &[
        "id uuid NOT NULL",
        "external_id text",
        "plan_id uuid NOT NULL",
        "sector_id uuid",
        "family text NOT NULL",
        "status text NOT NULL",
        "reported_status text",
        "title text NOT NULL",
        "description text",
        "quantity_goal bigint", // an integer of 10^-quantity_decimals
        "quantity_decimals integer NOT NULL",
        "quantity_unit text",
        "goal_year integer",
        "baseline_quantity bigint",
        "baseline_year integer",
        "lead_id uuid",
        "department text",
        "approval text NOT NULL",
        "source_id uuid",
        "source2_id uuid",
        "confidence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (external_id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (sector_id) REFERENCES sector (id)",
        "FOREIGN KEY (lead_id) REFERENCES organization (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "FOREIGN KEY (source2_id) REFERENCES source (id)",
        "CHECK (family IN ('MITIGATION', 'RESPONSE_BASE'))",
        "CHECK (status IN ('PLANNED', 'ONGOING', 'DONE', 'ENDED', 'STOPPED', 'PRECURSOR'))",
        "CHECK (approval IN ('NONE', 'REGION', 'PROVINCE'))",
        "CHECK (confidence IN ('A', 'B', 'C'))",
        "CHECK (quantity_decimals BETWEEN 0 AND 6)",
    ],
    indexes: &["plan_id, id", "title, id", "sector_id"],
};

/// How much less a measure is to make of a year.
const MEASURE_REDUCTION: Table = Table {
    name: "measure_reduction",
    columns: &[
        "id uuid NOT NULL",
        "measure_id uuid NOT NULL",
        "year integer NOT NULL",
        "value bigint NOT NULL", // millionths of a tonne
        "source_id uuid",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (measure_id, year)",
        "FOREIGN KEY (measure_id) REFERENCES measure (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
    ],
    indexes: &[],
};

/// The money of a measure, by year and by whose it is.
const MEASURE_BUDGET: Table = Table {
    name: "measure_budget",
    columns: &[
        "id uuid NOT NULL",
        "measure_id uuid NOT NULL",
        "year integer", // none where the source states none
        "fund text NOT NULL",
        "planned bigint", // KRW
        "executed bigint",
        "source_id uuid",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (measure_id, year, fund)",
        "FOREIGN KEY (measure_id) REFERENCES measure (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "CHECK (fund IN ('NATIONAL', 'PROVINCE', 'MUNICIPAL', 'PRIVATE_OTHER', 'UNSTATED'))",
        "CHECK (planned IS NOT NULL OR executed IS NOT NULL)",
    ],
    indexes: &[],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [MEASURE, MEASURE_REDUCTION, MEASURE_BUDGET] {
            table.create_versioned(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [MEASURE_BUDGET, MEASURE_REDUCTION, MEASURE] {
            table::drop_versioned(manager, table.name).await?;
        }
        Ok(())
    }
}
