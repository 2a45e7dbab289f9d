//! Milestones of plans, forums and issues, as they were reported.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A step in the making of a plan, as it was reported or entered.
const MILESTONE: Table = Table {
    name: "milestone",
    columns: &[
        "id uuid NOT NULL",
        "external_id text",
        "plan_id uuid NOT NULL",
        "kind text NOT NULL",
        "reported_kind text", // the source's own word
        "planned_on text",
        "held_on text",
        "ended_on text",
        "place text",
        "participants integer",
        "summary text",
        "pass integer NOT NULL", // which making of the plan it belongs to: each major amendment begins one
        "outcome text",
        "exemption text",
        "successor_id uuid",
        "source_id uuid",
        "source2_id uuid",
        "confidence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (external_id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (successor_id) REFERENCES plan (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "FOREIGN KEY (source2_id) REFERENCES source (id)",
        "CHECK (outcome IN ('AS_PROPOSED', 'AMENDED', 'HELD_BACK'))",
        "CHECK (kind IN ('KICKOFF', 'SITUATION_ANALYSIS', 'INVENTORY', 'TARGETS', 'MEASURES', 'RESPONSE_BASE', 'INTERIM_REPORT', 'ADVICE', 'CONSULTATION', 'HEARING', 'FINAL_REPORT', 'DELIBERATION', 'ADOPTION', 'SUBMISSION', 'COUNCIL_REPORT', 'PUBLICATION', 'IN_FORCE', 'AMENDMENT_MINOR', 'AMENDMENT_MAJOR', 'SUPERSEDED', 'OTHER'))",
        "CHECK (confidence IN ('A', 'B', 'C'))",
    ],
    indexes: &["plan_id, held_on, id"],
};

/// Who held it.
const MILESTONE_HOST: Table = Table {
    name: "milestone_host",
    columns: &[
        "id uuid NOT NULL",
        "milestone_id uuid NOT NULL",
        "organization_id uuid NOT NULL",
        "position integer NOT NULL",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (milestone_id, organization_id)",
        "FOREIGN KEY (milestone_id) REFERENCES milestone (id)",
        "FOREIGN KEY (organization_id) REFERENCES organization (id)",
    ],
    indexes: &["organization_id"],
};

/// A meeting at which bodies share what they do and what is hard.
const FORUM: Table = Table {
    name: "forum",
    columns: &[
        "id uuid NOT NULL",
        "external_id text",
        "region_id uuid",
        "series text",
        "number_in_series integer",
        "name text NOT NULL",
        "held_on text",
        "ended_on text",
        "start_time text",
        "place text",
        "participants integer",
        "attendees text",
        "agenda text",
        "issues text",
        "source_id uuid",
        "source2_id uuid",
        "confidence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (external_id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "FOREIGN KEY (source2_id) REFERENCES source (id)",
        "CHECK (confidence IN ('A', 'B', 'C'))",
    ],
    indexes: &["held_on, id", "region_id"],
};

/// Who held it.
const FORUM_HOST: Table = Table {
    name: "forum_host",
    columns: &[
        "id uuid NOT NULL",
        "forum_id uuid NOT NULL",
        "organization_id uuid NOT NULL",
        "position integer NOT NULL",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (forum_id, organization_id)",
        "FOREIGN KEY (forum_id) REFERENCES forum (id)",
        "FOREIGN KEY (organization_id) REFERENCES organization (id)",
    ],
    indexes: &["organization_id"],
};

/// A talk at a forum, and whose it was.
const FORUM_SESSION: Table = Table {
    name: "forum_session",
    columns: &[
        "id uuid NOT NULL",
        "forum_id uuid NOT NULL",
        "number integer NOT NULL",
        "speaker_id uuid",
        "speaker text",
        "topic text",
        "source_id uuid",
        "confidence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (forum_id, number)",
        "FOREIGN KEY (forum_id) REFERENCES forum (id)",
        "FOREIGN KEY (speaker_id) REFERENCES organization (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "CHECK (confidence IN ('A', 'B', 'C'))",
    ],
    indexes: &["speaker_id"],
};

/// A difficulty that somebody told of, and what was advised.
const ISSUE: Table = Table {
    name: "issue",
    columns: &[
        "id uuid NOT NULL",
        "external_id text",
        "region_id uuid NOT NULL",
        "plan_id uuid",
        "measure_id uuid",
        "sector_id uuid",
        "level text",
        "category text NOT NULL",
        "title text NOT NULL",
        "description text",
        "raised_on text",
        "raised_by_id uuid",
        "advice text",
        "advised_by_id uuid",
        "visibility text NOT NULL",
        "state text NOT NULL",
        "solution text",
        "solved_on text",
        "solved_by_id uuid",
        "solution_plan_id uuid", // a link of another office keeps nobody's plan from being removed
        "solution_measure_id uuid",
        "merged_into_id uuid",
        "source_id uuid",
        "source2_id uuid",
        "confidence text",
        "note text",
        "revision bigint NOT NULL",
    ],
    constraints: &[
        "UNIQUE (external_id)",
        "FOREIGN KEY (region_id) REFERENCES region (id)",
        "FOREIGN KEY (plan_id) REFERENCES plan (id)",
        "FOREIGN KEY (measure_id) REFERENCES measure (id)",
        "FOREIGN KEY (sector_id) REFERENCES sector (id)",
        "FOREIGN KEY (solved_by_id) REFERENCES organization (id)",
        "FOREIGN KEY (merged_into_id) REFERENCES issue (id)",
        "FOREIGN KEY (raised_by_id) REFERENCES organization (id)",
        "FOREIGN KEY (advised_by_id) REFERENCES organization (id)",
        "FOREIGN KEY (source_id) REFERENCES source (id)",
        "FOREIGN KEY (source2_id) REFERENCES source (id)",
        "CHECK (level IN ('MUNICIPAL', 'PROVINCE'))",
        "CHECK (visibility IN ('PROVINCE', 'PUBLIC'))",
        "CHECK (state IN ('OPEN', 'SOLVED', 'MERGED'))",
        "CHECK (state <> 'SOLVED' OR solution IS NOT NULL)",
        "CHECK ((state = 'MERGED') = (merged_into_id IS NOT NULL))",
        "CHECK (confidence IN ('A', 'B', 'C'))",
    ],
    indexes: &[
        "region_id, id",
        "plan_id",
        "measure_id",
        "category, id",
        "title, id",
        "merged_into_id",
    ],
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [MILESTONE, MILESTONE_HOST, FORUM, FORUM_HOST, FORUM_SESSION, ISSUE] {
            table.create_versioned(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [ISSUE, FORUM_SESSION, FORUM_HOST, FORUM, MILESTONE_HOST, MILESTONE] {
            table::drop_versioned(manager, table.name).await?;
        }
        Ok(())
    }
}
