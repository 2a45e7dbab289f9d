//! What is known of a plan when one of its steps is judged.

use std::collections::{BTreeSet, HashMap};

use super::guards::Lack;
use super::taken::{self, Steps};
use super::{MilestoneKind, contents};
use crate::access::Access;
use crate::error::{Error, Result};
use crate::id::{IndicatorId, MeasureId, PlanId};
use crate::indicator::{self, Indicator, Measured};
use crate::measure::{self, Measure, MeasureFamily};
use crate::plan::versions::{self, PlanVersion, VersionCause};
use crate::plan::{self, Plan};
use crate::target::{self, TargetFilter, TargetKind};

/// What is known of a plan when one of its steps is judged.
#[derive(Debug)]
pub(super) struct Facts {
    pub plan: Plan,
    pub steps: Steps,
    /// The years for which it has a total target.
    pub target_years: BTreeSet<i32>,
    /// Its mitigation measures.
    pub measures: Vec<Promise>,
    /// The plans that can take its place.
    pub successors: Vec<PlanId>,
    /// Whether it no longer says what it said when it was adopted, or amended since; only known once
    /// it was compared.
    pub has_departed: bool,
}

/// What a mitigation measure promises.
#[derive(Debug)]
pub(super) struct Promise {
    pub title: String,
    has_sector: bool,
    has_lead: bool,
    has_unit: bool,
    /// The years for which it has a goal.
    years: BTreeSet<i32>,
}

impl Facts {
    /// Whether it was adopted in the making that is under way, and no other has taken its place.
    fn is_adopted(&self) -> bool {
        let done = |kind| self.steps.done(kind, self.steps.pass(), None);
        done(MilestoneKind::Adoption) && !done(MilestoneKind::Superseded)
    }

    /// The titles of the measures that lack this.
    pub fn lacking(&self, what: Lack) -> Vec<&str> {
        let lacks = |it: &&Promise| match what {
            Lack::Sector => !it.has_sector,
            Lack::Lead => !it.has_lead,
            Lack::Unit => !it.has_unit,
            Lack::Goals => !self.covers_the_period(it),
        };
        self.measures.iter().filter(lacks).map(|it| it.title.as_str()).collect()
    }

    /// Whether there is a goal for each year; never where the years are not known.
    fn covers_the_period(&self, promise: &Promise) -> bool {
        let period = self.plan.period.start.zip(self.plan.period.end);
        period.is_some_and(|(start, end)| (start..=end).all(|it| promise.years.contains(&it)))
    }
}

/// What is known of one plan. `NOT_FOUND` where the caller sees none.
pub(super) async fn of_plan(access: &Access, plan: PlanId) -> Result<Facts> {
    of_plans(access, &[plan]).await?.pop().ok_or_else(|| Error::not_found("plan"))
}

/// What is known of these plans, as far as the caller sees them: as many statements for all as for
/// one.
pub(super) async fn of_plans(access: &Access, ids: &[PlanId]) -> Result<Vec<Facts>> {
    let plans = plan::by_ids(access, ids.iter().copied()).await?;
    let mut steps = taken::of_plans(access, &plans).await?;
    let mut target_years = target_years(access, ids).await?;
    let mut measures = promises(access, ids).await?;
    let regions: Vec<_> = plans.iter().map(|plan| plan.region.id).collect();
    let there = plan::of_regions(access, &regions).await?;
    let facts = plans.into_iter().map(|plan| {
        let follows = |other: &&Plan| {
            let same = other.region.id == plan.region.id && other.id != plan.id;
            same && other.round >= plan.round && other.status.is_adopted()
        };
        Facts {
            steps: steps.remove(&plan.id.0).unwrap_or_default(),
            target_years: target_years.remove(&plan.id).unwrap_or_default(),
            measures: measures.remove(&plan.id).unwrap_or_default(),
            successors: there.iter().filter(follows).map(|other| other.id).collect(),
            has_departed: false,
            plan,
        }
    });
    Ok(facts.collect())
}

/// Compares each of these plans with what was adopted: as many statements for all as for one.
pub(super) async fn compare(access: &Access, all: &mut [Facts]) -> Result<()> {
    let adopted = all.iter().filter(|facts| facts.is_adopted()).map(|facts| facts.plan.id);
    let adopted = as_adopted(access, &adopted.collect::<Vec<_>>()).await?;
    // Of which nothing has moved since then, there is nothing to compare.
    let moved = all.iter().map(|facts| &facts.plan).filter(|plan| {
        adopted.get(&plan.id).is_some_and(|version| version.revision != plan.content_revision)
    });
    let moved: Vec<PlanId> = moved.map(|plan| plan.id).collect();
    let contents = match moved.is_empty() {
        true => HashMap::new(),
        false => contents::of_plans(access, &moved).await?,
    };
    for facts in all {
        let (now, then) = (contents.get(&facts.plan.id), adopted.get(&facts.plan.id));
        if let Some((now, then)) = now.zip(then) {
            facts.has_departed = now.hash()? != then.hash;
        }
    }
    Ok(())
}

/// The version of each of these plans that was adopted, or made of it by an amendment in small
/// points since. None of a plan that is being amended in substance, and none where nobody but its
/// source tells that it was adopted.
async fn as_adopted(access: &Access, plans: &[PlanId]) -> Result<HashMap<PlanId, PlanVersion>> {
    let mut latest = HashMap::new();
    if plans.is_empty() {
        return Ok(latest);
    }
    for version in versions::of_plans(access, plans).await? {
        match version.why {
            VersionCause::Adoption | VersionCause::AmendmentMinor => {
                latest.insert(version.plan_id, version);
            }
            VersionCause::AmendmentMajor => {
                latest.remove(&version.plan_id);
            }
            VersionCause::Submission => {}
        }
    }
    Ok(latest)
}

async fn target_years(access: &Access, plans: &[PlanId]) -> Result<HashMap<PlanId, BTreeSet<i32>>> {
    let kind = vec![TargetKind::Final, TargetKind::Annual, TargetKind::Interim];
    let settled = TargetFilter { kind, ..TargetFilter::default() };
    let mut years: HashMap<PlanId, BTreeSet<i32>> = HashMap::new();
    for target in target::of_plans(access, plans, &settled).await? {
        if target.is_total {
            years.entry(target.plan_id).or_default().insert(target.year);
        }
    }
    Ok(years)
}

async fn promises(access: &Access, plans: &[PlanId]) -> Result<HashMap<PlanId, Vec<Promise>>> {
    let measures = measure::of_plans(access, plans).await?;
    let indicators = indicator::of_plans(access, plans).await?;
    let years = goal_years(access, &indicators).await?;
    let mut of_measures: HashMap<MeasureId, Vec<&Indicator>> = HashMap::new();
    for indicator in &indicators {
        if let Some(measure) = indicator.measure_id {
            of_measures.entry(measure).or_default().push(indicator);
        }
    }
    let mut promises: HashMap<PlanId, Vec<Promise>> = HashMap::new();
    for measure in measures.into_iter().filter(is_promised) {
        let plan = measure.plan_id;
        let theirs = of_measures.remove(&measure.id).unwrap_or_default();
        promises.entry(plan).or_default().push(promise(measure, &theirs, &years));
    }
    Ok(promises)
}

/// Whether it is among what the plan promises: not what was before it, nor what was given up.
fn is_promised(measure: &Measure) -> bool {
    measure.family == MeasureFamily::Mitigation && measure.status.is_promised()
}

fn promise(
    measure: Measure,
    indicators: &[&Indicator],
    goals: &HashMap<IndicatorId, BTreeSet<i32>>,
) -> Promise {
    let by_goal = indicators.iter().filter_map(|it| goals.get(&it.id)).flatten().copied();
    Promise {
        has_sector: measure.sector.is_some(),
        has_lead: measure.lead_id.is_some(),
        has_unit: measure.quantity.is_some() || !indicators.is_empty(),
        years: measure.reductions.iter().map(|it| it.year).chain(by_goal).collect(),
        title: measure.title,
    }
}

/// The years for which these indicators have a goal: for the year, or for a part of it.
async fn goal_years(
    access: &Access,
    indicators: &[Indicator],
) -> Result<HashMap<IndicatorId, BTreeSet<i32>>> {
    let measured: Vec<Measured> = indicators.iter().map(Measured::from).collect();
    let mut years: HashMap<IndicatorId, BTreeSet<i32>> = HashMap::new();
    for goal in indicator::goals_of(access, &measured).await? {
        let year = goal.period.map(|period| period.to.0.year());
        years.entry(goal.indicator_id).or_default().extend(year);
    }
    Ok(years)
}
