//! The steps that were taken in the making of a plan, as the guards look at them.

use std::collections::HashMap;

use entity::code;
use entity::milestone;
use sea_orm::QueryFilter;
use uuid::Uuid;

use super::guards::{GUARDS, Guard, Need};
use super::steps::PlanTransition;
use super::{Column, MilestoneKind, visible};
use crate::access::Access;
use crate::date::PartialDate;
use crate::error::Result;
use crate::plan::{Plan, PlanKind, PlanStatus};

/// A step that was taken: held, or told of without any day, and not only planned.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    /// Its milestone; none for what only the source's word tells.
    pub id: Option<Uuid>,
    pub kind: MilestoneKind,
    /// In which making of the plan: each amendment in substance begins one.
    pub pass: i32,
    /// When it was held, if that is known.
    pub day: Option<PartialDate>,
    /// Its last day, where it took more than one.
    pub ended: Option<PartialDate>,
    /// Whether the committee held the plan back: then nothing follows from it.
    pub held_back: bool,
}

impl Taken {
    /// The step that a milestone is, if it was taken.
    pub fn of(row: &milestone::Model) -> Result<Option<Self>> {
        if row.held_on.is_none() && row.planned_on.is_some() {
            return Ok(None);
        }
        Ok(Some(Self {
            id: Some(row.id),
            kind: row.kind.into(),
            pass: row.pass,
            day: row.held_on.as_deref().map(PartialDate::parse).transpose()?,
            ended: row.ended_on.as_deref().map(PartialDate::parse).transpose()?,
            held_back: row.outcome == Some(code::DeliberationOutcome::HeldBack),
        }))
    }

    /// Whether it was over no later than a day, where its own is known.
    fn is_by(&self, by: &PartialDate) -> Option<bool> {
        self.ended.as_ref().or(self.day.as_ref()).map(|last| last.from <= by.to)
    }

    /// Its days, as they are told.
    pub fn days(&self) -> Option<String> {
        let day = self.day.as_ref()?;
        Some(match &self.ended {
            Some(ended) => format!("{}–{}", day.text, ended.text),
            None => day.text.clone(),
        })
    }

    /// Whether a step can have relied on it: it was no later or, where a day is not known, noted
    /// before it. Ids are in the order of noting, and a source's word comes before all of them.
    fn is_before(&self, step: &Self) -> bool {
        let by_day = step.day.as_ref().and_then(|by| self.is_by(by));
        by_day.unwrap_or_else(|| self.id < step.id)
    }

    /// What the source's word tells of a plan's first making.
    fn of_word(plan: &Plan) -> Option<Self> {
        let kind = match PlanStatus::of_reported(plan.reported_status.as_deref()?)? {
            PlanStatus::Heard => MilestoneKind::Hearing,
            PlanStatus::FinalReported => MilestoneKind::FinalReport,
            PlanStatus::Deliberated => MilestoneKind::Deliberation,
            PlanStatus::Adopted => MilestoneKind::Adoption,
            _ => return None,
        };
        Some(Self { id: None, kind, pass: 1, day: None, ended: None, held_back: false })
    }
}

/// All steps taken in the making of a plan.
#[derive(Clone, Debug, Default)]
pub(super) struct Steps(pub Vec<Taken>);

impl Steps {
    /// Which making of the plan is under way.
    pub fn pass(&self) -> i32 {
        self.0.iter().map(|taken| taken.pass).max().unwrap_or(1)
    }

    /// Of this kind in a making, whatever came of them.
    pub fn of_kind(&self, kind: MilestoneKind, pass: i32) -> impl Iterator<Item = &Taken> {
        self.0.iter().filter(move |taken| taken.kind == kind && taken.pass == pass)
    }

    /// Whether this was done in a making, no later than a day where one is given.
    pub fn done(&self, kind: MilestoneKind, pass: i32, by: Option<&PartialDate>) -> bool {
        self.done_in_time(kind, pass, |taken| by.and_then(|by| taken.is_by(by)).unwrap_or(true))
    }

    /// Whether this was done in a making, in time. What a committee held back after it had passed it
    /// is not.
    fn done_in_time(
        &self,
        kind: MilestoneKind,
        pass: i32,
        in_time: impl Fn(&Taken) -> bool,
    ) -> bool {
        let in_time = || self.of_kind(kind, pass).filter(|taken| in_time(taken));
        let passed = |taken: &&Taken| !taken.held_back;
        let last = in_time().max_by_key(|taken| taken.day.as_ref().map(|day| (day.from, day.to)));
        in_time().any(|taken| passed(&taken)) && last.as_ref().is_none_or(passed)
    }

    /// The rules of a step taken that need another before it, and whether they are kept.
    fn relied(&self, of: PlanKind, taken: &Taken) -> Vec<(&'static Guard, bool)> {
        let Some(step) = PlanTransition::of(taken.kind) else { return Vec::new() };
        // An amendment in substance looks back at the making before its own.
        let pass = taken.pass - i32::from(step == PlanTransition::AmendMajor);
        let day = taken.day.as_ref();
        let rules = GUARDS.iter().filter(|guard| guard.is_for(step, of, day));
        let needs = rules.filter_map(|guard| match guard.need {
            Need::Done(kind) => {
                let done = self.done_in_time(kind, pass, |before| before.is_before(taken));
                Some((guard, done))
            }
            _ => None,
        });
        needs.collect()
    }

    /// The first rule that these steps keep and the same steps after an edit would not.
    pub fn broken_by(&self, after: &Self, of: PlanKind) -> Option<&'static Guard> {
        let mut kept = after.0.iter().filter_map(|taken| {
            let before = self.0.iter().find(|before| before.id == taken.id)?;
            Some((self.relied(of, before), after.relied(of, taken)))
        });
        kept.find_map(|(before, after)| {
            let code = |guard: &Guard| (guard.code, guard.article);
            let was_kept = |rule: &Guard| {
                before.iter().any(|(guard, held)| *held && code(guard) == code(rule))
            };
            after.into_iter().find(|(guard, held)| !held && was_kept(guard)).map(|it| it.0)
        })
    }
}

impl Guard {
    /// Whether it is a rule of this step of such a plan on a day; where no day is known, on any.
    pub fn is_for(&self, step: PlanTransition, of: PlanKind, day: Option<&PartialDate>) -> bool {
        // A date of which a part is unknown may be any of its days.
        let in_force = day.is_none_or(|day| {
            [day.from, day.to].iter().any(|day| self.validity.holds_on(&day.to_string()))
        });
        self.steps.contains(&step) && self.kinds.contains(&of) && in_force
    }
}

/// The steps taken in the making of each of these plans, which the caller has seen.
pub(super) async fn of_plans(access: &Access, plans: &[Plan]) -> Result<HashMap<Uuid, Steps>> {
    let ids = access.any_of(Column::PlanId, plans.iter().map(|plan| plan.id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    let mut steps: HashMap<Uuid, Steps> = HashMap::new();
    for plan in plans {
        steps.entry(plan.id.0).or_default().0.extend(Taken::of_word(plan));
    }
    for row in rows {
        steps.entry(row.plan_id).or_default().0.extend(Taken::of(&row)?);
    }
    Ok(steps)
}
