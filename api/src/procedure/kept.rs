//! What an edit of a milestone may not do: take a step around its rules, or take away what a later
//! step relied on.

use entity::milestone;

use super::guards::{GUARDS, Need};
use super::steps::PlanTransition;
use super::taken::{self, Steps, Taken};
use super::{MilestoneKind, find};
use crate::access::{Access, Action, Site, Timestamp};
use crate::date::{Day, PartialDate};
use crate::error::{Code, Error, Result};
use crate::id::{MilestoneId, PlanId};
use crate::message::procedure as told;
use crate::plan::{self, versions};

/// Refuses a day that is still to come as one on which something was held or ended, and one before
/// there was an Act for a step that rests on it.
pub(super) fn held_by_now(row: &milestone::Model, now: Timestamp) -> Result<()> {
    none_to_come(row, now)?;
    let held = row.held_on.as_deref().map(PartialDate::parse).transpose()?;
    let (Some(held), Some(_)) = (held, PlanTransition::of(row.kind.into())) else { return Ok(()) };
    let too_early = GUARDS.iter().find(|guard| match guard.need {
        Need::Since(day) => Day::parse(day).is_ok_and(|day| held.to < day),
        _ => false,
    });
    let told = too_early.map(|guard| (Some("heldOn"), guard.told(None)));
    Error::broken(told).map_or(Ok(()), Err)
}

/// Refuses a day that is still to come as one on which something was held or ended.
pub(super) fn none_to_come(row: &milestone::Model, now: Timestamp) -> Result<()> {
    let today = Day::in_seoul(now);
    for (field, day) in [("heldOn", &row.held_on), ("endedOn", &row.ended_on)] {
        let day = day.as_deref().map(PartialDate::parse).transpose()?;
        if day.is_some_and(|day| day.from > today) {
            return Err(Error::invalid(field, told::not_yet()));
        }
    }
    Ok(())
}

/// What it takes to note or change a milestone of this kind: the steps that the law names are not
/// for who only drafts.
pub(super) fn takes(kind: MilestoneKind) -> Action {
    match PlanTransition::of(kind) {
        Some(_) => Action::RunProcedure,
        None => Action::EditPlan,
    }
}

/// Refuses a new milestone that would be a step of which the law has rules.
pub(super) fn only_noted(row: &milestone::Model) -> Result<()> {
    match Taken::of(row)?.as_ref().and_then(ruled) {
        Some(step) => Err(by_its_step(step)),
        None => Ok(()),
    }
}

/// Refuses to make of a milestone what it may not be: `after` is what becomes of it, nothing where
/// it goes. Read under the lock.
pub(super) async fn allows(
    access: &Access,
    before: &milestone::Model,
    after: Option<&milestone::Model>,
) -> Result<()> {
    let plan = plan::get(access, PlanId(before.plan_id)).await?;
    let site = Site::of_plan(plan.region.id.0, plan.id.0);
    for row in [Some(before), after].into_iter().flatten() {
        access.require(takes(row.kind.into()), site)?;
    }
    let was = Taken::of(before)?;
    let is = after.map(Taken::of).transpose()?.flatten();
    let (ruled_before, ruled_after) = (was.as_ref().and_then(ruled), is.as_ref().and_then(ruled));
    if let Some(step) = ruled_after
        && ruled_before != ruled_after
    {
        return Err(by_its_step(step));
    }
    if let Some(step) = ruled_before {
        access.require(step.action(), site)?;
        if ruled_after.is_none() && froze(access, MilestoneId(before.id)).await? {
            return Err(Error::new(Code::GuardFailed, told::its_version_stays()));
        }
    }
    let (id, kind) = (plan.id.0, plan.kind);
    let steps = taken::of_plans(access, &[plan]).await?.remove(&id).unwrap_or_default();
    let others = steps.0.iter().filter(|taken| taken.id != Some(before.id)).cloned();
    let edited = Steps(others.chain(is).collect());
    let field = after.map(|after| match after.held_on == before.held_on {
        true if after.ended_on != before.ended_on => "endedOn",
        _ => "heldOn",
    });
    let broken = steps.broken_by(&edited, kind).map(|guard| (field, guard.told(None)));
    Error::broken(broken).map_or(Ok(()), Err)
}

/// The step that a milestone is, where it is one of which there are rules. Hearings and
/// consultations are facts that others rely on, and may be noted as they come.
fn ruled(taken: &Taken) -> Option<PlanTransition> {
    let step = PlanTransition::of(taken.kind)?;
    (!matches!(step, PlanTransition::Consult | PlanTransition::Hear)).then_some(step)
}

fn by_its_step(step: PlanTransition) -> Error {
    Error::new(Code::GuardFailed, told::by_its_step(step.verb())).at("kind")
}

/// Whether this step froze a version of its plan.
pub async fn froze(access: &Access, id: MilestoneId) -> Result<bool> {
    let plan = PlanId(find(access, id).await?.plan_id);
    let versions = versions::of_plans(access, &[plan]).await?;
    Ok(versions.iter().any(|version| version.milestone_id == id))
}
