use std::collections::HashMap;

use uuid::Uuid;

use super::{
    Thing, thing_of_goal, thing_of_indicator, thing_of_link, thing_of_measure, thing_of_milestone,
    thing_of_sector, thing_of_target,
};
use crate::access::Access;
use crate::error::Result;
use crate::id::{IndicatorId, MeasureId, PlanId};
use crate::indicator::{self, IndicatorGoal, Measured};
use crate::procedure::of_plans as milestones_of;
use crate::source::cited;
use crate::target::{self, TargetFilter, TargetKind};
use crate::{link, measure, plan};

/// The parts of plans, each with what hangs on it, as they are put together.
#[derive(Default)]
pub(super) struct Parts {
    /// What stands in each plan.
    pub said: HashMap<PlanId, Vec<Thing>>,
    pub milestones: HashMap<PlanId, Vec<Thing>>,
    /// The indicators of each measure.
    indicators: HashMap<MeasureId, Vec<Thing>>,
    /// The links of each target and measure.
    links: HashMap<Uuid, Vec<Thing>>,
}

impl Parts {
    /// The parts of these plans, as far as the caller sees them.
    pub async fn of(access: &Access, ids: &[PlanId]) -> Result<Self> {
        let mut parts = Self::default();
        parts.take_indicators(access, ids).await?;
        for sector in cited(access, plan::sectors_of(access, ids).await?).await? {
            parts.said.entry(sector.plan_id).or_default().push(thing_of_sector(&sector)?);
        }
        for link in link::said_in(access, ids).await? {
            parts.links.entry(link.from).or_default().push(thing_of_link(&link)?);
        }
        let every = TargetFilter { kind: TargetKind::ALL.to_vec(), ..TargetFilter::default() };
        for target in cited(access, target::of_plans(access, ids, &every).await?).await? {
            let on = parts.links.remove(&target.id.0).unwrap_or_default();
            let thing = Thing { parts: on, ..thing_of_target(&target)? };
            parts.said.entry(target.plan_id).or_default().push(thing);
        }
        for measure in cited(access, measure::of_plans(access, ids).await?).await? {
            let mut on = parts.indicators.remove(&measure.id).unwrap_or_default();
            on.extend(parts.links.remove(&measure.id.0).unwrap_or_default());
            let thing = Thing { parts: on, ..thing_of_measure(&measure)? };
            parts.said.entry(measure.plan_id).or_default().push(thing);
        }
        for milestone in cited(access, milestones_of(access, ids).await?).await? {
            let thing = thing_of_milestone(&milestone)?;
            parts.milestones.entry(milestone.plan_id).or_default().push(thing);
        }
        Ok(parts)
    }

    /// The indicators of plans and of their measures, with their goals.
    async fn take_indicators(&mut self, access: &Access, ids: &[PlanId]) -> Result<()> {
        let indicators = cited(access, indicator::of_plans(access, ids).await?).await?;
        let measured: Vec<Measured> = indicators.iter().map(Measured::from).collect();
        let mut goals: HashMap<IndicatorId, Vec<IndicatorGoal>> = HashMap::new();
        for goal in cited(access, indicator::goals_of(access, &measured).await?).await? {
            goals.entry(goal.indicator_id).or_default().push(goal);
        }
        for indicator in &indicators {
            let theirs = goals.remove(&indicator.id).unwrap_or_default();
            let parts = theirs.iter().map(|goal| thing_of_goal(indicator, goal));
            let parts = parts.collect::<Result<_>>()?;
            let thing = Thing { parts, ..thing_of_indicator(indicator)? };
            match (indicator.measure_id, indicator.plan_id) {
                (Some(measure), _) => self.indicators.entry(measure).or_default().push(thing),
                (None, Some(plan)) => self.said.entry(plan).or_default().push(thing),
                (None, None) => {}
            }
        }
        Ok(())
    }
}
