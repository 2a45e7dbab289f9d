//! From rules and facts to duties: nothing here reads anything.

use time::{Date, Month};

use super::evidence::{self, Done};
use super::facts::Facts;
use super::rules::{self, RULES, Rule, Term, Yearly};
use super::{
    DueKind, DueSource, Known, Obligation, ObligationCode, ObligationKey, ObligationStatus,
};
use crate::date::{Day, PartialDate, Precision, holidays_known, terms};
use crate::id::{AnyId, PlanId};
use crate::plan::{self, Plan};
use crate::procedure::{Milestone, MilestoneKind};
use crate::progress::CheckKind;
use crate::region::Region;

/// The duties of one region, on a day.
pub(super) fn of_region(region: &Region, facts: &Facts, on: Day) -> Vec<Obligation> {
    let body = Body { region, facts, on };
    let mut all = body.of_plans();
    all.extend(body.yearly());
    all
}

/// A body, and what is known.
#[derive(Clone, Copy)]
struct Body<'a> {
    region: &'a Region,
    facts: &'a Facts,
    on: Day,
}

/// A plan, if the caller sees one, and which making of it: 1, and one more with each amendment in
/// substance.
#[derive(Clone, Copy)]
struct Making<'a> {
    plan: Option<&'a Plan>,
    pass: i32,
}

/// When something is due, before extensions.
struct Due {
    /// By the rule.
    on: Option<PartialDate>,
    source: DueSource,
    /// The plan whose adoption sets it going.
    by: Option<PlanId>,
}

/// One duty before it is judged.
struct Draft<'a> {
    rule: &'static Rule,
    occurrence: i32,
    of_year: Option<i32>,
    making: Making<'a>,
    due: Due,
    done: Done,
    announced: &'static [MilestoneKind],
}

impl<'a> Body<'a> {
    fn plans(&self) -> &'a [Plan] {
        self.facts.plans.get(&self.region.id).map_or(&[], Vec::as_slice)
    }

    fn upper_plans(&self) -> &'a [Plan] {
        let above = self.region.parent_id.and_then(|above| self.facts.plans.get(&above));
        above.map_or(&[], Vec::as_slice)
    }

    fn milestones(&self, plan: Option<&Plan>) -> &'a [Milestone] {
        let found = plan.and_then(|plan| self.facts.milestones.get(&plan.id));
        found.map_or(&[], Vec::as_slice)
    }

    /// What is asked for each cycle: the first is asked of everybody, a later one once the plan
    /// above or the own one is there.
    fn of_plans(&self) -> Vec<Obligation> {
        let cycles = self.plans().iter().chain(self.upper_plans()).map(|plan| plan.round);
        let last = cycles.max().unwrap_or(1).max(1);
        let asked = |cycle: &i32| {
            *cycle == 1
                || of_cycle(self.plans(), *cycle).is_some()
                || of_cycle(self.upper_plans(), *cycle).is_some()
        };
        (1..=last).filter(asked).flat_map(|cycle| self.of_cycle(cycle)).collect()
    }

    fn of_cycle(&self, cycle: i32) -> Vec<Obligation> {
        let plan = of_cycle(self.plans(), cycle);
        let codes = [
            rules::adoption(cycle),
            ObligationCode::SubmitPlan,
            ObligationCode::ReportPlanToCouncil,
        ];
        let rules = codes.into_iter().filter_map(|code| rules::of(code, self.region.level));
        let drafts = rules.flat_map(|rule| {
            let last = if rule.amended.is_some() { self.last_pass(plan) } else { 1 };
            (1..=last).filter_map(move |pass| self.of_plan(rule, cycle, Making { plan, pass }))
        });
        drafts.filter_map(|draft| self.judged(draft)).collect()
    }

    /// Which making of a plan is the last: each amendment in substance begins one.
    fn last_pass(&self, plan: Option<&Plan>) -> i32 {
        self.milestones(plan).iter().map(|it| it.pass).max().unwrap_or(1)
    }

    fn of_plan(&self, rule: &'static Rule, cycle: i32, making: Making<'a>) -> Option<Draft<'a>> {
        let Making { plan, pass } = making;
        let milestones = self.milestones(plan);
        let step = |kind| evidence::of_step(milestones, kind, pass, self.on);
        let upper = Making { plan: of_cycle(self.upper_plans(), cycle), pass: 1 };
        let (due, done, announced): (_, _, &[MilestoneKind]) = match rule.term {
            Term::AfterUpperPlan(months) => (
                self.after(upper, rule, months),
                evidence::of_adoption(plan, milestones, pass, self.on),
                &[MilestoneKind::Adoption, MilestoneKind::Submission],
            ),
            Term::AfterAdoption(months) => (
                self.after(making, rule, months),
                step(MilestoneKind::Submission),
                &[MilestoneKind::Submission],
            ),
            Term::Promptly => (
                self.promptly(making),
                step(MilestoneKind::CouncilReport),
                &[MilestoneKind::CouncilReport],
            ),
            Term::Yearly { .. } => return None,
        };
        Some(Draft { rule, occurrence: cycle, of_year: None, making, due, done, announced })
    }

    /// So many months after a plan was adopted in a making: as it was fixed, or as it is known now.
    fn after(&self, Making { plan, pass }: Making<'_>, rule: &Rule, months: u8) -> Due {
        let adopted = |it: &&Milestone| it.kind == MilestoneKind::Adoption && it.pass == pass;
        let events = self.milestones(plan).iter().filter(adopted);
        let fixed = plan.and_then(|plan| self.facts.deadlines.get(&(plan.id, rule.code, pass)));
        let event = match fixed {
            Some(fixed) => events.into_iter().find(|it| it.id.0 == fixed.milestone_id),
            None => events
                .filter(|it| it.held_on.is_some())
                .min_by_key(|it| (it.held_on.as_ref().map(|held| held.to), it.id)),
        };
        let event_on = event.and_then(|it| it.held_on.clone());
        let now = event_on.as_ref().and_then(|held| terms::period_after(held, months));
        let read = |text: &String| PartialDate::parse(text).ok();
        let (kind, due, fixed_on) = match fixed {
            Some(fixed) => (DueKind::Frozen, read(&fixed.due_on), read(&fixed.fixed_on)),
            None if now.is_some() => (DueKind::Computed, now.clone(), None),
            None => (DueKind::Nothing, None, None),
        };
        let due_if_corrected = now.filter(|now| fixed.is_some() && Some(now) != due.as_ref());
        let milestone = event.map(|it| it.id);
        let source = DueSource { milestone, event_on, fixed_on, due_if_corrected, ..source(kind) };
        Due { on: due, source, by: plan.map(|plan| plan.id) }
    }

    fn promptly(&self, Making { plan, pass }: Making<'_>) -> Due {
        let adopted = evidence::of_adoption(plan, self.milestones(plan), pass, self.on);
        let Done::Yes(event_on, evidence) = adopted else {
            return Due { on: None, source: source(DueKind::Nothing), by: None };
        };
        let milestone = evidence.milestone;
        let source = DueSource { milestone, event_on, ..source(DueKind::WithoutDelay) };
        Due { on: None, source, by: plan.map(|plan| plan.id) }
    }

    /// What is asked each year, up to the year after the day that is asked about.
    fn yearly(&self) -> Vec<Obligation> {
        let rules = RULES.iter().filter(|rule| rule.levels.contains(&self.region.level));
        let drafts = rules.flat_map(|rule| {
            (FIRST..=self.on.0.year() + 1).filter_map(|year| self.in_year(rule, year))
        });
        drafts.filter_map(|draft| self.judged(draft)).collect()
    }

    fn in_year(&self, rule: &'static Rule, year: i32) -> Option<Draft<'a>> {
        let Term::Yearly { month, day, of } = rule.term else { return None };
        let on = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
        let on = terms::whole(Day(on));
        if !rule.validity.holds_on(&on.text) {
            return None;
        }
        let before = year - 1;
        let of_plan = matches!(of, Yearly::CheckOfPlan | Yearly::ResultOfCheck);
        if of_plan && self.first_year().is_none_or(|first| before < first) {
            return None;
        }
        let checks = self.facts.checks.get(&self.region.id).map_or(&[][..], Vec::as_slice);
        let check = |kind: CheckKind| checks.iter().find(|it| it.kind == kind && it.year == before);
        let (of_year, done) = match of {
            Yearly::Statistics => (None, Done::Untold),
            Yearly::Check(kind) => (Some(before), evidence::of_check(check(kind), self.on)),
            Yearly::CheckOfPlan => {
                (Some(before), evidence::of_check(check(CheckKind::BasicPlan), self.on))
            }
            Yearly::ResultOfCheck => {
                (Some(before), evidence::of_result(check(CheckKind::BasicPlan), self.on))
            }
        };
        let plan = plan::current(self.plans()).filter(|_| of_plan);
        let making = Making { plan, pass: 1 };
        let due = Due { on: Some(on), source: source(DueKind::Calendar), by: None };
        Some(Draft { rule, occurrence: year, of_year, making, due, done, announced: &[] })
    }

    /// The first year that is checked: that in which the first plan was adopted, or was to be.
    fn first_year(&self) -> Option<i32> {
        let plan = of_cycle(self.plans(), 1);
        let adopted = evidence::of_adoption(plan, self.milestones(plan), 1, self.on);
        if let Done::Yes(Some(adopted), _) = adopted {
            return Some(adopted.to.0.year());
        }
        let rule = rules::of(ObligationCode::AdoptFirstPlan, self.region.level)?;
        let Term::AfterUpperPlan(months) = rule.term else { return None };
        let upper = Making { plan: of_cycle(self.upper_plans(), 1), pass: 1 };
        let due = self.after(upper, rule, months).on;
        due.map(|due| due.to.0.year())
    }

    /// The duty as it stands; none of a body that is not there on its day.
    fn judged(&self, draft: Draft<'a>) -> Option<Obligation> {
        let Draft { rule, occurrence, of_year, making, due, done, announced } = draft;
        let Making { plan, pass } = making;
        let Due { on: by_rule, mut source, by: set_going_by } = due;
        if !by_rule.as_ref().is_none_or(|due| self.is_there(due)) {
            return None;
        }
        let key = ObligationKey { region: self.region.id, rule: rule.code, occurrence, pass };
        let given = self.facts.extensions.get(&key.text());
        let given = given.map_or(&[][..], Vec::as_slice);
        let holding = given.iter().filter(|it| it.withdrawal_reason.is_none());
        let longest = holding.max_by_key(|it| it.until);
        let extended_to = longest.map(|it| it.until);
        let by_holidays = by_rule.as_ref().map(|due| terms::working_day(due.to));
        let last_day = by_holidays.map(|day| extended_to.map_or(day, |until| until.max(day)));
        let (status, overdue_by) = self.status((last_day, source.kind), &done);
        source.holidays_known = by_rule.as_ref().is_some_and(|due| holidays_known(due.to.0.year()));
        let (done_on, evidence) = match done {
            Done::Yes(on, evidence) => (on, Some(evidence)),
            Done::No | Done::Untold => (None, None),
        };
        let milestones = self.milestones(plan);
        let known = match plan {
            Some(_) => evidence::known(plan, milestones, self.on),
            None => Known::default(),
        };
        Some(Obligation {
            id: AnyId(key.text()),
            rule: rule.code,
            name: rule.called_in(pass),
            article: rule.article,
            region: crate::region::RegionRef { id: self.region.id, code: self.region.code.clone() },
            organization: self.facts.governments.get(&self.region.id).cloned(),
            plan_id: plan.map(|plan| plan.id),
            cycle: (!rule.is_yearly()).then_some(occurrence),
            pass: (!rule.is_yearly()).then_some(pass),
            year: last_day.map(|day| day.0.year()),
            of_year,
            due: by_rule.as_ref().map(moved),
            due_source: DueSource { by_rule, ..source },
            extended_to,
            extension_reason: longest.map(|it| it.reason.clone()),
            extensions: given.to_vec(),
            last_day,
            status,
            overdue_by,
            done_on,
            evidence,
            announced: evidence::announced(milestones, announced, pass),
            known,
            set_going_by,
        })
    }

    /// Whether the body is in being when it is to do this.
    fn is_there(&self, due: &PartialDate) -> bool {
        let begun = self.region.valid_from.as_ref().is_none_or(|begin| begin.from <= due.to);
        let goes_on = self.region.valid_to.as_ref().is_none_or(|end| due.from <= end.to);
        begun && goes_on
    }

    fn status(
        &self,
        (last, kind): (Option<Day>, DueKind),
        done: &Done,
    ) -> (ObligationStatus, Option<i32>) {
        use ObligationStatus::{
            Done as InTime, DoneLate, DoneUnclear, Due, NotYetKnown, Overdue, Untold,
        };
        match (done, last) {
            (Done::Yes(..), None) if kind == DueKind::WithoutDelay => (InTime, None),
            (Done::Yes(Some(on), _), Some(last)) if on.to <= last => (InTime, None),
            (Done::Yes(Some(on), _), Some(last)) if on.from > last => {
                (DoneLate, Some(last.days_to(on.from)))
            }
            (Done::Yes(..), _) => (DoneUnclear, None),
            (_, None) if kind == DueKind::WithoutDelay => (Due, None),
            (_, None) => (NotYetKnown, None),
            (_, Some(last)) if self.on <= last => (Due, None),
            (Done::Untold, _) => (Untold, None),
            (Done::No, Some(last)) => (Overdue, Some(last.days_to(self.on))),
        }
    }
}

/// The year in which the Act came into force.
const FIRST: i32 = 2022;

impl Rule {
    fn is_yearly(&self) -> bool {
        matches!(self.term, Term::Yearly { .. })
    }
}

/// The plan of a cycle: the earliest, should there be several.
fn of_cycle(plans: &[Plan], cycle: i32) -> Option<&Plan> {
    plans.iter().find(|plan| plan.round == cycle)
}

fn source(kind: DueKind) -> DueSource {
    DueSource {
        kind,
        milestone: None,
        event_on: None,
        fixed_on: None,
        due_if_corrected: None,
        by_rule: None,
        holidays_known: false,
    }
}

/// A day moves to a working day; a month or year stays what it is.
fn moved(due: &PartialDate) -> PartialDate {
    match due.precision {
        Precision::Day => terms::whole(terms::working_day(due.to)),
        Precision::Month | Precision::Year => due.clone(),
    }
}
