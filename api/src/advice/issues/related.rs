use std::collections::{HashMap, HashSet};

use entity::issue;
use uuid::Uuid;

use super::{Issue, Solution, seen};
use crate::access::Access;
use crate::date::PartialDate;
use crate::error::Result;
use crate::history::Revision;
use crate::id::{IssueId, MeasureId, PlanId, RegionId, SectorId};
use crate::organization::{self, OrganizationRef};
use crate::region::{self, RegionRef};
use crate::source::{Citation, Provenance};
use crate::{measure, plan, sector};

/// What issues refer to, as far as the caller sees it.
struct Related {
    regions: HashMap<RegionId, String>,
    bodies: HashMap<Uuid, OrganizationRef>,
    sectors: HashMap<Uuid, String>,
    plans: HashSet<Uuid>,
    measures: HashSet<Uuid>,
    issues: HashMap<Uuid, String>,
}

/// The issues of these rows, in their order, with what they refer to.
pub(super) async fn complete(access: &Access, rows: Vec<issue::Model>) -> Result<Vec<Issue>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let related = Related::to(access, &rows).await?;
    rows.into_iter().map(|row| described(row, &related)).collect()
}

impl Related {
    async fn to(access: &Access, rows: &[issue::Model]) -> Result<Self> {
        let regions = region::codes_of(access, rows.iter().map(|row| RegionId(row.region_id)));
        let regions = regions.await?;
        let of = |row: &issue::Model| [row.raised_by_id, row.advised_by_id, row.solved_by_id];
        let bodies = organization::refs(access, rows.iter().flat_map(of)).await?;
        let sectors = rows.iter().filter_map(|row| row.sector_id).map(SectorId);
        let sectors = sector::by_ids(access, sectors).await?.into_iter();
        let mut related = Self {
            regions,
            bodies,
            sectors: sectors.map(|sector| (sector.id.0, sector.code)).collect(),
            plans: HashSet::new(),
            measures: HashSet::new(),
            issues: HashMap::new(),
        };
        related.see(access, rows).await?;
        Ok(related)
    }

    /// What a solution is linked to, and what an issue was merged into, need not be for who sees
    /// the issue.
    async fn see(&mut self, access: &Access, rows: &[issue::Model]) -> Result<()> {
        let plans: Vec<PlanId> =
            rows.iter().filter_map(|row| row.solution_plan_id).map(PlanId).collect();
        if !plans.is_empty() {
            let plans = plan::by_ids(access, plans).await?;
            self.plans.extend(plans.into_iter().map(|plan| plan.id.0));
        }
        let measures: Vec<MeasureId> =
            rows.iter().filter_map(|row| row.solution_measure_id).map(MeasureId).collect();
        if !measures.is_empty() {
            let measures = measure::by_ids(access, measures).await?;
            self.measures.extend(measures.into_iter().map(|measure| measure.id.0));
        }
        let issues: Vec<Uuid> = rows.iter().filter_map(|row| row.merged_into_id).collect();
        if !issues.is_empty() {
            self.issues = seen(access, issues).await?;
        }
        Ok(())
    }
}

fn described(row: issue::Model, related: &Related) -> Result<Issue> {
    let region = RegionId(row.region_id);
    let code = related.regions.get(&region).cloned().unwrap_or_default();
    let body = |id: Option<Uuid>| id.and_then(|id| related.bodies.get(&id).cloned());
    let date = |text: Option<&str>| text.map(PartialDate::parse).transpose();
    let solution = match row.solution {
        None => None,
        Some(text) => Some(Solution {
            text,
            solved_on: date(row.solved_on.as_deref())?,
            solved_by: body(row.solved_by_id),
            plan_id: row.solution_plan_id.filter(|id| related.plans.contains(id)).map(PlanId),
            measure_id: row
                .solution_measure_id
                .filter(|id| related.measures.contains(id))
                .map(MeasureId),
        }),
    };
    Ok(Issue {
        id: IssueId(row.id),
        external_id: row.external_id,
        region: RegionRef { id: region, code },
        plan_id: row.plan_id.map(PlanId),
        measure_id: row.measure_id.map(MeasureId),
        sector: row.sector_id.and_then(|id| related.sectors.get(&id).cloned()),
        sector_id: row.sector_id.map(SectorId),
        level: row.level.map(Into::into),
        category: row.category,
        title: row.title,
        description: row.description,
        raised_on: date(row.raised_on.as_deref())?,
        raised_by: body(row.raised_by_id),
        advice: row.advice,
        advised_by: body(row.advised_by_id),
        visibility: row.visibility.into(),
        state: row.state.into(),
        solution,
        merged_into: row.merged_into_id.filter(|id| related.issues.contains_key(id)).map(IssueId),
        provenance: Provenance::from(Citation {
            cited: [row.source_id, row.source2_id],
            confidence: row.confidence,
            note: row.note,
            ..Citation::default()
        }),
        revision: Revision(row.revision),
    })
}
