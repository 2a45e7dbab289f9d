use std::collections::HashMap;

use entity::{assessment, code, progress_check, progress_reviewer, progress_step};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait as _, Condition, Iterable as _};
use uuid::Uuid;

use super::road::{CheckState, CheckTransition};
use super::{assessments, steps};
use crate::access::Access;
use crate::error::{Error, Result};
use crate::filter::codes;
use crate::id::PlanId;
use crate::measure::{self, MeasureFamily, PlannedMeasure};
use crate::message::{self, Text};
use crate::organization::{self, OrganizationKind, OrganizationRef};

/// Where a check stands, as far as its next steps depend on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Situation {
    /// Whether the Act has it made this way.
    statutory: bool,
    /// The state its last step left; none before its first step.
    recorded: Option<CheckState>,
    /// Whether a committee is reported to have looked at it.
    reported: bool,
    /// The steps since it was last reopened.
    taken: Vec<CheckTransition>,
    /// How many measures are to be assessed.
    measures: usize,
    /// Those that are not, by title.
    missing: Vec<String>,
    /// Whether it is said that there is no committee.
    exempt: bool,
}

/// A rule that must hold before a step, with what it says when it does not.
struct Guard {
    of: &'static [CheckTransition],
    holds: fn(&Situation, CheckTransition) -> bool,
    broken: fn(&Situation) -> Text,
}

use CheckTransition::{
    Advise, Compile, Deliberate, GiveOpinion, Reopen, ReportToCouncil, SelfAssess, Submit,
};

/// The rules, as the Act and its decree set them.
const GUARDS: &[Guard] = &[
    Guard {
        of: &CheckTransition::ALL,
        holds: |it, _| it.statutory,
        broken: |_| message::check_not_of_the_act(),
    },
    Guard {
        of: &[Advise, Deliberate, Submit],
        holds: |it, step| {
            it.state() >= CheckState::SelfAssessed || (step == Submit && it.reported())
        },
        broken: |_| message::self_assessment_first(),
    },
    Guard {
        of: &[SelfAssess, Submit],
        holds: |it, _| it.measures > 0,
        broken: |_| message::nothing_to_assess(),
    },
    Guard {
        of: &[SelfAssess, Submit],
        holds: |it, _| it.missing.is_empty(),
        broken: |it| message::measures_to_assess(it.missing.len(), &it.missing_titles()),
    },
    Guard {
        of: &[Submit],
        holds: |it, _| it.state() >= CheckState::Deliberated || it.reported() || it.exempt,
        broken: |_| message::deliberation_first(),
    },
    Guard {
        of: &[Compile],
        holds: |it, _| it.state().is_frozen(),
        broken: |_| message::submission_first(),
    },
    Guard {
        of: &[GiveOpinion],
        holds: |it, _| it.taken.contains(&Compile),
        broken: |_| message::compilation_first(),
    },
    Guard {
        of: &[ReportToCouncil],
        holds: |it, _| it.state().is_frozen(),
        broken: |_| message::submission_before_council(),
    },
    Guard {
        of: &[Reopen],
        holds: |it, _| it.state().is_frozen(),
        broken: |_| message::not_submitted(),
    },
    Guard {
        of: &[SelfAssess, Advise, Deliberate, Submit],
        holds: |it, step| it.state() < step.leads_to(),
        broken: |it| message::past_this_step(&it.state_code()),
    },
    // The ministry and the council do not wait for each other.
    Guard {
        of: &[Compile, GiveOpinion, ReportToCouncil],
        holds: |it, step| !it.taken.contains(&step),
        broken: |it| message::past_this_step(&it.state_code()),
    },
];

/// The bodies that deliberate.
const COMMITTEE: OrganizationKind = OrganizationKind::Committee;

/// More titles than these say no more.
const NAMED: usize = 5;

impl Situation {
    /// Where these checks stand. Who calls has seen them.
    pub(super) async fn of(
        access: &Access,
        rows: &[progress_check::Model],
    ) -> Result<HashMap<Uuid, Self>> {
        let ids = || rows.iter().map(|row| row.id);
        let steps = steps::rows_of(access, ids()).await?;
        let reviewers = organization::rosters::<progress_reviewer::Entity>(access, ids()).await?;
        let assessed = assessments::rows_of(access, ids()).await?;
        let plans = rows.iter().filter_map(|row| row.plan_id).map(PlanId);
        let measures = measure::planned(access, plans, &[]).await?;
        let situations = rows.iter().map(|row| {
            let beside = Beside {
                steps: steps.get(&row.id).map_or(&[][..], Vec::as_slice),
                reviewers: reviewers.get(&row.id).map_or(&[][..], Vec::as_slice),
                assessed: assessed.get(&row.id).map_or(&[][..], Vec::as_slice),
                measures: &measures,
            };
            (row.id, Self::described(row, &beside))
        });
        Ok(situations.collect())
    }

    /// Where one check stands.
    pub(super) async fn of_one(access: &Access, row: &progress_check::Model) -> Result<Self> {
        let one = Self::of(access, std::slice::from_ref(row)).await?.remove(&row.id);
        one.ok_or_else(|| Error::impossible("a check without a situation"))
    }

    fn described(row: &progress_check::Model, beside: &Beside<'_>) -> Self {
        let to_assess = beside.measures.iter().filter(|measure| {
            row.plan_id == Some(measure.plan.0)
                && measure.is_promised
                && family_of(row.kind) == Some(measure.family)
        });
        let missing = to_assess.clone().filter(|measure| {
            beside.assessed.iter().all(|assessment| assessment.measure_id != measure.id.0)
        });
        Self {
            statutory: is_statutory(row),
            recorded: row.state.map(Into::into),
            reported: is_deliberated(row, beside.reviewers),
            taken: steps::round(beside.steps).iter().map(|step| step.transition.into()).collect(),
            measures: to_assess.count(),
            missing: missing.map(|measure| measure.title.clone()).collect(),
            exempt: false,
        }
    }

    /// The same where it is said that there is no committee to deliberate.
    pub(super) fn without_committee(self, exempt: bool) -> Self {
        Self { exempt, ..self }
    }

    /// The state its steps have left.
    pub(super) fn state(&self) -> CheckState {
        self.recorded.unwrap_or(CheckState::Planned)
    }

    /// Whether what is reported counts: until its first step, when the steps speak for themselves.
    fn reported(&self) -> bool {
        self.reported && self.recorded.is_none()
    }

    /// Every reason why a step cannot be taken; none where it can.
    pub(super) fn reasons(&self, transition: CheckTransition) -> Vec<Text> {
        let broken = GUARDS.iter().filter(|guard| guard.of.contains(&transition));
        let broken = broken.filter(|guard| !(guard.holds)(self, transition));
        let reasons = broken.map(|guard| (guard.broken)(self));
        // What does not go this road at all lacks nothing else.
        if self.statutory { reasons.collect() } else { reasons.take(1).collect() }
    }

    fn missing_titles(&self) -> String {
        let rest = if self.missing.len() > NAMED { ", …" } else { "" };
        let named: Vec<&str> = self.missing.iter().take(NAMED).map(String::as_str).collect();
        format!("{}{rest}", named.join(", "))
    }

    fn state_code(&self) -> String {
        sea_orm::ActiveEnum::to_value(&code::CheckState::from(self.state()))
    }
}

struct Beside<'a> {
    steps: &'a [progress_step::Model],
    reviewers: &'a [OrganizationRef],
    assessed: &'a [assessment::Model],
    measures: &'a [PlannedMeasure],
}

/// The state of a check, if it is one that the Act has made this way: what its steps say, or, before
/// the first, what is reported of it.
pub(super) fn state_of(
    row: &progress_check::Model,
    reviewers: &[OrganizationRef],
) -> Option<CheckState> {
    let reported = || match is_deliberated(row, reviewers) {
        true => CheckState::Deliberated,
        false => CheckState::Planned,
    };
    is_statutory(row).then(|| row.state.map_or_else(reported, Into::into))
}

/// The checks whose state, as `state_of` tells it, fits.
pub(super) fn in_state(fits: impl Fn(CheckState) -> bool) -> Condition {
    use progress_check::Column;
    let of_a_plan = code::CheckKind::iter().filter(|kind| family_of(*kind).is_some());
    let recorded = codes(Column::State, |state: code::CheckState| fits(state.into()));
    let mut fitting =
        Condition::any().add(Condition::all().add(Column::State.is_not_null()).add(recorded));
    for (state, reported) in
        [(CheckState::Deliberated, deliberated()), (CheckState::Planned, deliberated().not())]
    {
        if fits(state) {
            fitting = fitting.add(Condition::all().add(Column::State.is_null()).add(reported));
        }
    }
    Condition::all()
        .add(Column::PlanId.is_not_null())
        .add(Column::Kind.is_in(of_a_plan))
        .add(fitting)
}

/// The checks of which `is_deliberated` holds.
fn deliberated() -> Condition {
    use progress_reviewer::{Column, Entity};
    let reviewed = Query::select()
        .column(Column::CheckId)
        .from(Entity)
        .and_where(Column::OrganizationId.in_subquery(organization::of_kind(COMMITTEE)))
        .to_owned();
    Condition::all()
        .add(progress_check::Column::ReviewedOn.is_not_null())
        .add(progress_check::Column::Id.in_subquery(reviewed))
}

/// Whether it is a check of a basic plan, as Art. 13 asks for one.
fn is_statutory(row: &progress_check::Model) -> bool {
    row.plan_id.is_some() && family_of(row.kind).is_some()
}

/// The measures that a check of this kind judges.
const fn family_of(kind: code::CheckKind) -> Option<MeasureFamily> {
    match kind {
        code::CheckKind::BasicPlan => Some(MeasureFamily::Mitigation),
        code::CheckKind::ResponseBase => Some(MeasureFamily::ResponseBase),
        code::CheckKind::Adaptation
        | code::CheckKind::PublicSector
        | code::CheckKind::AnnualResult
        | code::CheckKind::ExternalRating => None,
    }
}

/// A committee is among those who looked at it on a day: what is reported of its deliberation.
fn is_deliberated(row: &progress_check::Model, reviewers: &[OrganizationRef]) -> bool {
    let committee = |it: &OrganizationRef| it.kind == COMMITTEE;
    row.reviewed_on.is_some() && reviewers.iter().any(committee)
}
