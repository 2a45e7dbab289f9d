use std::collections::{HashMap, HashSet};

use entity::deadline;

use super::{Extension, Obligation, ObligationCode, compute, deadline as deadlines, extension};
use crate::access::Access;
use crate::date::Day;
use crate::error::Result;
use crate::id::{PlanId, RegionId};
use crate::organization::{self, OrganizationKind, OrganizationRef};
use crate::plan::{self, Plan};
use crate::procedure::{self, Milestone};
use crate::progress::{self, ProgressCheck};
use crate::region::{Region, RegionLevel};

/// What the caller sees that duties depend on, of a number of regions and those above them.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The latest cycle first.
    pub plans: HashMap<RegionId, Vec<Plan>>,
    /// By day.
    pub milestones: HashMap<PlanId, Vec<Milestone>>,
    /// By plan, rule, and making of the plan.
    pub deadlines: HashMap<(PlanId, ObligationCode, i32), deadline::Model>,
    /// By the id of the duty, the last one first.
    pub extensions: HashMap<String, Vec<Extension>>,
    /// The latest year first.
    pub checks: HashMap<RegionId, Vec<ProgressCheck>>,
    pub governments: HashMap<RegionId, OrganizationRef>,
}

/// All duties of these regions as they stand on a day; the statements are as many for one region
/// as for all.
pub(super) async fn obligations(
    access: &Access,
    mut regions: Vec<Region>,
    on: Day,
) -> Result<Vec<Obligation>> {
    // The nation's own duties are the ministry's, and a district has no government.
    regions.retain(|it| matches!(it.level, RegionLevel::Province | RegionLevel::Municipality));
    if regions.is_empty() {
        return Ok(Vec::new());
    }
    let facts = of(access, &regions).await?;
    Ok(regions.iter().flat_map(|region| compute::of_region(region, &facts, on)).collect())
}

async fn of(access: &Access, regions: &[Region]) -> Result<Facts> {
    let own: Vec<RegionId> = regions.iter().map(|region| region.id).collect();
    let above = regions.iter().filter_map(|region| region.parent_id);
    let all: HashSet<RegionId> = own.iter().copied().chain(above).collect();
    let all: Vec<RegionId> = all.into_iter().collect();
    let plans = plan::of_regions(access, &all).await?;
    let ids: Vec<PlanId> = plans.iter().map(|plan| plan.id).collect();
    let milestones = procedure::of_plans(access, &ids).await?;
    let fixed = deadlines::of_plans(access, &ids).await?;
    let key = |row: &deadline::Model| (PlanId(row.plan_id), row.rule.into(), row.pass);
    let fixed = fixed.into_iter().map(|row| (key(&row), row));
    let checks = progress::of_regions(access, &own).await?;
    Ok(Facts {
        plans: grouped(plans, |plan| plan.region.id),
        milestones: grouped(milestones, |milestone| milestone.plan_id),
        deadlines: fixed.collect(),
        extensions: extension::of_regions(access, &own).await?,
        checks: grouped(checks, |check| check.region.id),
        governments: governments(access, &own).await?,
    })
}

/// The governments of these regions: whose duties they are.
async fn governments(
    access: &Access,
    regions: &[RegionId],
) -> Result<HashMap<RegionId, OrganizationRef>> {
    let is_government = |kind| {
        matches!(kind, OrganizationKind::ProvinceGovernment | OrganizationKind::Municipality)
    };
    let all = organization::of_regions(access, regions).await?;
    let governments = all.into_iter().filter(|body| is_government(body.kind));
    let pairs = governments.filter_map(|body| {
        let (region, name, kind) = (body.region?.id, body.name, body.kind);
        Some((region, OrganizationRef { id: body.id, name, kind }))
    });
    Ok(pairs.collect())
}

fn grouped<K: std::hash::Hash + Eq, T>(all: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, Vec<T>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for thing in all {
        groups.entry(key(&thing)).or_default().push(thing);
    }
    groups
}
