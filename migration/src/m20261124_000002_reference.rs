//! What everything else refers to: sources, regions with their codes, sectors.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

const SOURCE: Table = Table {
    name: "source",
    columns: &[
        "id uuid NOT NULL",
        "external_id text",
        "title text NOT NULL",
        "publisher text",
        "url text",
        "published_on text", // may be partial: 2024, 2024-02, 2024-02-01
        "date_basis text",
        "kind text",
        "retrieved_on text",
        "licence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &["UNIQUE (external_id)"],
    indexes: &["published_on, id", "title, id"],
};

const REGION: Table = Table {
    name: "region",
    columns: &[
        "id uuid NOT NULL",
        "code text NOT NULL",
        "name_ko text NOT NULL",
        "name_en text",
        "level text NOT NULL",
        "kind text NOT NULL",
        "parent_id uuid",
        "zone text",
        "latitude bigint", // millionths of a degree
        "longitude bigint",
        "valid_from text",
        "valid_to text",
        "source_id uuid",
        "source2_id uuid",
        "confidence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (code)",
        "FOREIGN KEY (parent_id) REFERENCES region (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "FOREIGN KEY (source2_id) REFERENCES source (id)",
        "CHECK (level IN ('NATION', 'PROVINCE', 'MUNICIPALITY', 'DISTRICT'))",
        "CHECK (confidence IN ('A', 'B', 'C'))",
    ],
    indexes: &["parent_id, code", "level, code"],
};

const REGION_CODE: Table = Table {
    name: "region_code",
    columns: &[
        "id uuid NOT NULL",
        "region_id uuid NOT NULL",
        "scheme text NOT NULL",
        "code text NOT NULL",
        "valid_from text",
        "valid_to text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (scheme, code, region_id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "CHECK (scheme IN ('FORMER', 'LEGAL_DONG'))",
    ],
    indexes: &["region_id", "code"],
};

const SECTOR: Table = Table {
    name: "sector",
    columns: &[
        "id uuid NOT NULL",
        "code text NOT NULL",
        "name_ko text NOT NULL",
        "name_en text",
        "aliases text NOT NULL", // a JSON list
        "kind text NOT NULL",
        "jurisdiction text NOT NULL",
        "sort_order integer NOT NULL",
        "source_id uuid",
        "confidence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (code)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "CHECK (kind IN ('REDUCTION', 'SINK', 'FOUNDATION', 'TOTAL'))",
        "CHECK (jurisdiction IN ('LOCAL', 'NATIONAL', 'MIXED'))",
        "CHECK (confidence IN ('A', 'B', 'C'))",
    ],
    indexes: &["sort_order, code"],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [SOURCE, REGION, REGION_CODE, SECTOR] {
            table.create_versioned(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [SECTOR, REGION_CODE, REGION, SOURCE] {
            table::drop_versioned(manager, table.name).await?;
        }
        Ok(())
    }
}
