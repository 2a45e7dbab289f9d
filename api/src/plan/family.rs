use std::collections::{HashMap, HashSet};

use async_graphql::{InputObject, MaybeUndefined, SimpleObject};
use entity::plan::{self, Column};
use sea_orm::{QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Plan, by_ids, get, of_regions, versions, visible};
use crate::access::Access;
use crate::error::{Error, Result};
use crate::history::Revision;
use crate::id::{AnyId, Id as _, PlanId, RegionId};
use crate::message;
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
    /// The plan above that it is pinned to.
    pub pinned: Option<PlanId>,
}

impl From<&Plan> for Kin {
    fn from(plan: &Plan) -> Self {
        let pinned = plan.parent_version.as_ref().map(|parent| parent.plan_id);
        Self { plan: plan.id, region: plan.region.id, round: plan.round, pinned }
    }
}

/// The version of the plan above that a plan is made from.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct ParentVersion {
    /// Of which plan.
    #[graphql(skip)]
    #[serde(skip)]
    pub plan_id: PlanId,
    /// Its number; null where the plan above had no version yet.
    pub number: Option<i32>,
    /// The revision at which its contents are read.
    pub revision: Revision,
}

/// The plan above that a plan is made from.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParentInput {
    /// Which plan: one of the region just above.
    pub plan: AnyId,
    /// At which version; at the latest if not said, or as it is now where it has none.
    pub version: Option<i32>,
}

/// The plan above each of these: the one it is pinned to, or else the basic plan of the same cycle
/// of the region above, the earliest, should there be several. If the caller sees one.
pub async fn parents(access: &Access, plans: &[Kin]) -> Result<Vec<(Kin, Plan)>> {
    let pinned: Vec<PlanId> = plans.iter().filter_map(|kin| kin.pinned).collect();
    let pinned = if pinned.is_empty() { Vec::new() } else { by_ids(access, pinned).await? };
    let free = plans.iter().filter(|kin| kin.pinned.is_none());
    let regions = region::by_ids(access, free.map(|kin| kin.region)).await?;
    let above: HashMap<RegionId, RegionId> =
        regions.iter().filter_map(|region| Some((region.id, region.parent_id?))).collect();
    let candidates = of_regions(access, &above.values().copied().collect::<Vec<_>>()).await?;
    let parent = |kin: &Kin| match kin.pinned {
        Some(id) => pinned.iter().find(|plan| plan.id == id),
        None => {
            let above = above.get(&kin.region)?;
            candidates.iter().find(|plan| plan.region.id == *above && plan.round == kin.round)
        }
    };
    Ok(plans.iter().filter_map(|kin| Some((*kin, parent(kin)?.clone()))).collect())
}

/// The plans below each of these: those of the regions just below that are pinned to it, or to none
/// and of the same cycle.
pub async fn children(access: &Access, plans: &[Kin]) -> Result<Vec<(Kin, Plan)>> {
    let above: Vec<RegionId> = plans.iter().map(|kin| kin.region).collect();
    let regions = region::children(access, &above).await?;
    let ids: Vec<RegionId> = regions.iter().map(|region| region.id).collect();
    let below = of_regions(access, &ids).await?;
    let mut found = Vec::new();
    for Region { id: region, parent_id, .. } in regions {
        for kin in plans.iter().filter(|kin| Some(kin.region) == parent_id) {
            let is_theirs = |plan: &&Plan| match &plan.parent_version {
                Some(parent) => parent.plan_id == kin.plan,
                None => plan.round == kin.round,
            };
            let theirs = below.iter().filter(|plan| plan.region.id == region).filter(is_theirs);
            found.extend(theirs.map(|plan| (*kin, plan.clone())));
        }
    }
    Ok(found)
}

/// Those of these plans that the caller sees.
pub async fn seen(
    access: &Access,
    plans: impl IntoIterator<Item = PlanId>,
) -> Result<HashSet<PlanId>> {
    let ids = access.any_of(Column::Id, plans.into_iter().map(|plan| plan.0));
    let found = visible(access).filter(ids).select_only().column(Column::Id);
    let found = found.into_tuple::<Uuid>().all(&access.db().await?).await?;
    Ok(found.into_iter().map(PlanId).collect())
}

/// What a plan is pinned to.
pub(super) fn pinned(row: &plan::Model) -> Option<ParentVersion> {
    Some(ParentVersion {
        plan_id: PlanId(row.parent_id?),
        number: row.parent_version,
        revision: Revision(row.parent_pinned?),
    })
}

/// What a caller wants a plan to be pinned to: null to nothing, and where nothing is said there is
/// nothing to write.
pub(super) async fn chosen(
    access: &Access,
    row: &plan::Model,
    wanted: &MaybeUndefined<ParentInput>,
) -> Result<Option<Option<ParentVersion>>> {
    let input = match wanted {
        MaybeUndefined::Undefined => return Ok(None),
        MaybeUndefined::Null => return Ok(Some(None)),
        MaybeUndefined::Value(input) => input,
    };
    let id = PlanId::parse_at("plan", &input.plan)?;
    let parent = get(access, id).await.map_err(|error| error.at("plan"))?;
    let region = region::by_ids(access, [RegionId(row.region_id)]).await?.pop();
    if region.and_then(|region| region.parent_id) != Some(parent.region.id) {
        return Err(Error::invalid("plan", message::not_the_plan_above()));
    }
    let version = match input.version {
        Some(number) => {
            let version = versions::get(access, id, number).await;
            Some(version.map_err(|error| error.at("version"))?)
        }
        None => versions::latest_of(access, &[id]).await?.pop(),
    };
    let revision = version.as_ref().map_or(parent.content_revision, |version| version.revision);
    let number = version.map(|version| version.number);
    Ok(Some(Some(ParentVersion { plan_id: id, number, revision })))
}

/// Pins a plan, or takes the pin away.
pub(super) fn pin(row: &mut plan::Model, parent: Option<&ParentVersion>) {
    row.parent_id = parent.map(|parent| parent.plan_id.0);
    row.parent_version = parent.and_then(|parent| parent.number);
    row.parent_pinned = parent.map(|parent| parent.revision.0);
}
