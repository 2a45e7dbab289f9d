use std::collections::HashMap;

use super::{Plan, of_regions};
use crate::access::Access;
use crate::error::Result;
use crate::id::{PlanId, RegionId};
use crate::region::{self, Region};

/// What decides which plans are a plan's parent and children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kin {
    /// The plan.
    pub plan: PlanId,
    /// Its region.
    pub region: RegionId,
    /// Its cycle.
    pub round: i32,
}

impl From<&Plan> for Kin {
    fn from(plan: &Plan) -> Self {
        Self { plan: plan.id, region: plan.region.id, round: plan.round }
    }
}

/// The plan above each of these: the basic plan of the same cycle of the region above, if the
/// caller sees one. The earliest, should there be several.
pub async fn parents(access: &Access, plans: &[Kin]) -> Result<Vec<(Kin, Plan)>> {
    let regions = region::by_ids(access, plans.iter().map(|kin| kin.region)).await?;
    let above: HashMap<RegionId, RegionId> =
        regions.iter().filter_map(|region| Some((region.id, region.parent_id?))).collect();
    let candidates = of_regions(access, &above.values().copied().collect::<Vec<_>>()).await?;
    let parent = |kin: &Kin| {
        let above = above.get(&kin.region)?;
        candidates.iter().find(|plan| plan.region.id == *above && plan.round == kin.round)
    };
    Ok(plans.iter().filter_map(|kin| Some((*kin, parent(kin)?.clone()))).collect())
}

/// The plans below each of these: those of the same cycle of the regions just below.
pub async fn children(access: &Access, plans: &[Kin]) -> Result<Vec<(Kin, Plan)>> {
    let above: Vec<RegionId> = plans.iter().map(|kin| kin.region).collect();
    let regions = region::children(access, &above).await?;
    let ids: Vec<RegionId> = regions.iter().map(|region| region.id).collect();
    let below = of_regions(access, &ids).await?;
    let mut found = Vec::new();
    for Region { id: region, parent_id, .. } in regions {
        for kin in plans.iter().filter(|kin| Some(kin.region) == parent_id) {
            let theirs =
                below.iter().filter(|plan| plan.region.id == region && plan.round == kin.round);
            found.extend(theirs.map(|plan| (*kin, plan.clone())));
        }
    }
    Ok(found)
}
