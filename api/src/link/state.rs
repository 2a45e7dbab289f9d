use std::collections::{HashMap, HashSet};

use entity::code;
use entity::link;

use super::{Link, LinkEnd, LinkState};
use crate::access::Access;
use crate::error::{Error, Result};
use crate::history::Revision;
use crate::id::{LinkId, MeasureId, PlanId, TargetId};
use crate::plan::versions::{self, PlanVersion};
use crate::{measure, plan, target};

/// What the caller sees of the other ends.
struct Above {
    plans: HashSet<PlanId>,
    latest: HashMap<PlanId, PlanVersion>,
    things: HashMap<LinkEnd, Revision>,
}

/// The links of these rows, in their order, with what has become of what they lead to.
pub(super) async fn complete(access: &Access, rows: Vec<link::Model>) -> Result<Vec<Link>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let above = above(access, &rows).await?;
    rows.into_iter().map(|row| described(row, &above)).collect()
}

async fn above(access: &Access, rows: &[link::Model]) -> Result<Above> {
    let plans = plan::seen(access, rows.iter().map(|row| PlanId(row.to_plan_id))).await?;
    let ids: Vec<PlanId> = plans.iter().copied().collect();
    let latest = versions::latest_of(access, &ids).await?.into_iter();
    let latest = latest.map(|version| (version.plan_id, version)).collect();
    let things = things(access, rows.iter().map(to)).await?;
    Ok(Above { plans, latest, things: things.into_iter().map(|(end, of)| (end, of.1)).collect() })
}

/// Of these targets and measures, those that the caller sees: in which plan, and when they were
/// last written.
pub(super) async fn things(
    access: &Access,
    ends: impl IntoIterator<Item = LinkEnd>,
) -> Result<HashMap<LinkEnd, (PlanId, Revision)>> {
    let ends: HashSet<LinkEnd> = ends.into_iter().collect();
    let targets: Vec<TargetId> = ends.iter().filter_map(|end| end.target()).collect();
    let measures: Vec<MeasureId> = ends.iter().filter_map(|end| end.measure()).collect();
    let mut found = HashMap::new();
    let targets = target::by_ids(access, targets).await?;
    found.extend(targets.iter().map(|it| (LinkEnd::Target(it.id), (it.plan_id, it.revision))));
    let measures = measure::by_ids(access, measures).await?;
    found.extend(measures.iter().map(|it| (LinkEnd::Measure(it.id), (it.plan_id, it.revision))));
    Ok(found)
}

fn to(row: &link::Model) -> LinkEnd {
    match row.to_kind {
        code::LinkEnd::Target => LinkEnd::Target(TargetId(row.to_id)),
        code::LinkEnd::Measure => LinkEnd::Measure(MeasureId(row.to_id)),
    }
}

fn described(row: link::Model, above: &Above) -> Result<Link> {
    let target = row.target_id.map(|id| LinkEnd::Target(TargetId(id)));
    let from = target.or(row.measure_id.map(|id| LinkEnd::Measure(MeasureId(id))));
    let from = from.ok_or_else(|| Error::impossible("a link from nothing"))?;
    let (plan, to, pinned) = (PlanId(row.to_plan_id), to(&row), Revision(row.pinned));
    let is_seen = above.plans.contains(&plan);
    let latest = above.latest.get(&plan);
    let written = above.things.get(&to).copied().filter(|_| is_seen);
    let state = match written {
        _ if !is_seen => LinkState::Unseen,
        None => LinkState::Gone,
        Some(written) if written > pinned => LinkState::Changed,
        Some(_) => LinkState::Same,
    };
    let superseded = latest.is_some_and(|version| version.revision > pinned);
    Ok(Link {
        id: LinkId(row.id),
        plan_id: PlanId(row.plan_id),
        kind: row.kind.into(),
        from,
        to: is_seen.then_some(to),
        to_plan_id: is_seen.then_some(plan),
        reason: row.reason,
        version: row.version,
        pinned,
        superseded: is_seen.then_some(superseded),
        current_version: latest.map(|version| version.number),
        state,
        moved: latest.map(|version| version.revision).max(written).unwrap_or_default(),
        revision: Revision(row.revision),
    })
}
