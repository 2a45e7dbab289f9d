use super::{AnnouncedDate, Evidence, Known, LastMilestone};
use crate::date::{Day, PartialDate, terms};
use crate::plan::{Plan, PlanStatus};
use crate::procedure::{Milestone, MilestoneKind};
use crate::progress::{CheckTransition, ProgressCheck};

/// Whether a duty was done, as far as it shows.
#[derive(Clone, Debug)]
pub(super) enum Done {
    /// Nothing shows it.
    No,
    /// Nothing could show it here.
    Untold,
    /// It was, and when, where that is known.
    Yes(Option<PartialDate>, Evidence),
}

/// The first step of this kind that was taken in a making by a day. One without a date was taken.
fn step(milestones: &[Milestone], kind: MilestoneKind, pass: i32, on: Day) -> Option<&Milestone> {
    let taken = |it: &&Milestone| {
        (it.kind, it.pass) == (kind, pass)
            && match &it.held_on {
                Some(held) => held.from <= on,
                // One that is only planned was not.
                None => it.planned_on.is_none(),
            }
    };
    milestones.iter().filter(taken).min_by_key(|it| {
        let held = it.held_on.as_ref().map(|held| held.to);
        (held.is_none(), held)
    })
}

/// Whether a step was taken in a making of the plan.
pub(super) fn of_step(milestones: &[Milestone], kind: MilestoneKind, pass: i32, on: Day) -> Done {
    step(milestones, kind, pass, on).map_or(Done::No, |it| {
        let evidence = Evidence { milestone: Some(it.id), ..Evidence::default() };
        Done::Yes(it.held_on.clone(), evidence)
    })
}

/// Whether a plan was adopted in a making: by a milestone, or, in the first, by what its source calls
/// its state.
pub(super) fn of_adoption(
    plan: Option<&Plan>,
    milestones: &[Milestone],
    pass: i32,
    on: Day,
) -> Done {
    match of_step(milestones, MilestoneKind::Adoption, pass, on) {
        Done::No => plan.filter(|_| pass == 1).map_or(Done::No, |plan| {
            // A milestone that lies ahead of that day says more than the word.
            let is_one = |it: &Milestone| (it.kind, it.pass) == (MilestoneKind::Adoption, pass);
            if milestones.iter().any(is_one) || plan.status < PlanStatus::Adopted {
                return Done::No;
            }
            let reported_status = plan.reported_status.clone();
            Done::Yes(None, Evidence { reported_status, ..Evidence::default() })
        }),
        done => done,
    }
}

/// Whether a year was reported on: by the day the check was submitted, or, where none of its steps
/// were recorded here, by what its source says of it.
pub(super) fn of_check(check: Option<&ProgressCheck>, on: Day) -> Done {
    let Some(check) = check else { return Done::No };
    if !check.steps.is_empty() {
        return of_check_step(check, CheckTransition::Submit, on);
    }
    // A day that somebody typed is no report: a source tells it, or a step does.
    let reported = check.external_id.is_some() || check.provenance.is_cited();
    match reported && check.reviewed_on.as_ref().is_none_or(|day| day.from <= on) {
        true => Done::Yes(check.reviewed_on.clone(), of_the(check)),
        false => Done::No,
    }
}

/// Whether the council was told of a year. Of a check whose steps are not recorded here, nothing
/// shows it.
pub(super) fn of_result(check: Option<&ProgressCheck>, on: Day) -> Done {
    match check.filter(|check| !check.steps.is_empty()) {
        Some(check) => of_check_step(check, CheckTransition::ReportToCouncil, on),
        None => Done::Untold,
    }
}

/// The first such step of a check: opening it again to correct it does not undo what was done.
fn of_check_step(check: &ProgressCheck, step: CheckTransition, on: Day) -> Done {
    match check.steps.iter().find(|it| it.transition == step && it.on <= on) {
        Some(it) => Done::Yes(Some(terms::whole(it.on)), of_the(check)),
        None => Done::No,
    }
}

fn of_the(check: &ProgressCheck) -> Evidence {
    Evidence { check: Some(check.id), ..Evidence::default() }
}

/// The dates by which steps of these kinds were said to be taken in a making of the plan.
pub(super) fn announced(
    milestones: &[Milestone],
    kinds: &[MilestoneKind],
    pass: i32,
) -> Vec<AnnouncedDate> {
    let named = milestones.iter().filter(|it| it.pass == pass && kinds.contains(&it.kind));
    let dates = named.filter_map(|it| {
        let (planned_on, reported_kind) = (it.planned_on.clone()?, it.reported_kind.clone());
        Some(AnnouncedDate { milestone: it.id, planned_on, reported_kind })
    });
    dates.collect()
}

/// What is known of a plan on a day.
pub(super) fn known(plan: Option<&Plan>, milestones: &[Milestone], on: Day) -> Known {
    let held = milestones.iter().filter_map(|it| Some((it, it.held_on.clone()?)));
    let last =
        held.filter(|(_, held)| held.from <= on).max_by_key(|(_, held)| (held.to, held.from));
    Known {
        plan_status: plan.map(|plan| plan.status),
        reported_status: plan.and_then(|plan| plan.reported_status.clone()),
        last_milestone: last.map(|(it, held_on)| LastMilestone {
            milestone: it.id,
            kind: it.kind,
            reported_kind: it.reported_kind.clone(),
            held_on,
        }),
    }
}
