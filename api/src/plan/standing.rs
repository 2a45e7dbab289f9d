//! How far a plan has come is no column of it: it is worked out, whenever it is read, from the
//! steps of its making and from what a source called it, and so can never differ from them.

use std::collections::HashMap;

use async_graphql::Enum;
use entity::code;
use entity::milestone;
use entity::plan::{self, Column};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Access;
use crate::error::Result;
use crate::filter;

/// How far a plan has come: the furthest step there is evidence of, whatever the order in which
/// steps were taken.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enum, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PlanStatus {
    /// The law asks for it; nothing else is known.
    Required,
    /// It is being made.
    InProgress,
    /// The governor was consulted (Enforcement Decree, Art. 7(1)).
    Consulted,
    /// Residents were heard (Enforcement Decree, Art. 7(2)).
    Heard,
    /// The final report was given.
    FinalReported,
    /// The local committee deliberated on it (Framework Act, Art. 11(4)).
    Deliberated,
    /// It was adopted.
    Adopted,
    /// It was submitted (Framework Act, Art. 11(5), 12(3)).
    Submitted,
    /// It is in force.
    InForce,
    /// Another took its place.
    Superseded,
}

use PlanStatus::{
    Adopted, Consulted, Deliberated, FinalReported, Heard, InForce, InProgress, Required,
    Submitted, Superseded,
};

impl PlanStatus {
    /// Every status, from nothing done to replaced.
    const ALL: [Self; 10] = [
        Required,
        InProgress,
        Consulted,
        Heard,
        FinalReported,
        Deliberated,
        Adopted,
        Submitted,
        InForce,
        Superseded,
    ];

    /// Whether it was adopted, and nothing has taken its place.
    pub fn is_adopted(self) -> bool {
        (Adopted..Superseded).contains(&self)
    }

    /// What a source's word is evidence of; nothing for a word that is not known.
    pub fn of_reported(word: &str) -> Option<Self> {
        REPORTED.iter().find(|(known, _)| *known == word).map(|(_, status)| *status)
    }

    /// Where a plan stands by a source's word and the furthest of its steps.
    pub(super) fn of(word: Option<&str>, reached: Option<Self>) -> Self {
        let begun = || word.and_then(Self::of_reported).unwrap_or(InProgress);
        reached.map_or_else(begun, |reached| reached.max(begun()))
    }
}

/// What sources call it. A plan nobody has reported on is being made by whoever entered it, and so
/// is one under any other word; "announced" is not legal adoption.
const REPORTED: [(&str, PlanStatus); 7] = [
    ("required", Required),
    ("in_progress", InProgress),
    ("announced", InProgress),
    ("hearing", Heard),
    ("final_briefing", FinalReported),
    ("deliberated", Deliberated),
    ("adopted", Adopted),
];

/// What the steps of its making are evidence of. A step of no kind of its own tells nothing; only
/// what was adopted can be amended.
const STEPS: [(code::MilestoneKind, PlanStatus); 20] = {
    use code::MilestoneKind as Kind;
    [
        (Kind::Kickoff, InProgress),
        (Kind::SituationAnalysis, InProgress),
        (Kind::Inventory, InProgress),
        (Kind::Targets, InProgress),
        (Kind::Measures, InProgress),
        (Kind::ResponseBase, InProgress),
        (Kind::InterimReport, InProgress),
        (Kind::Advice, InProgress),
        (Kind::CouncilReport, InProgress),
        (Kind::Publication, InProgress),
        (Kind::Consultation, Consulted),
        (Kind::Hearing, Heard),
        (Kind::FinalReport, FinalReported),
        (Kind::Deliberation, Deliberated),
        (Kind::Adoption, Adopted),
        (Kind::AmendmentMinor, Adopted),
        (Kind::AmendmentMajor, Adopted),
        (Kind::Submission, Submitted),
        (Kind::InForce, InForce),
        (Kind::Superseded, Superseded),
    ]
};

/// The steps that were taken: held, or told of without any day, and not only planned. A plan that
/// the committee held back, or that no committee could deliberate on, was not deliberated on.
fn taken() -> Condition {
    use milestone::Column::{Exemption, HeldOn, Outcome, PlannedOn};
    Condition::all()
        .add(Condition::any().add(HeldOn.is_not_null()).add(PlannedOn.is_null()))
        .add(
            Condition::any()
                .add(Outcome.is_null())
                .add(Outcome.ne(code::DeliberationOutcome::HeldBack)),
        )
        .add(Exemption.is_null())
}

/// How far the steps of these plans, which the caller has seen, have come; nothing for a plan of
/// which no step was taken.
pub(super) async fn reached(
    access: &Access,
    plans: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, PlanStatus>> {
    let steps = milestone::Entity::find()
        .select_only()
        .column(milestone::Column::PlanId)
        .column(milestone::Column::Kind)
        .distinct()
        .filter(access.any_of(milestone::Column::PlanId, plans))
        .filter(taken());
    let steps: Vec<(Uuid, code::MilestoneKind)> =
        steps.into_tuple().all(&access.db().await?).await?;
    let mut reached: HashMap<Uuid, PlanStatus> = HashMap::new();
    for (plan, kind) in steps {
        let Some((_, status)) = STEPS.iter().find(|(known, _)| *known == kind) else { continue };
        let furthest = reached.entry(plan).or_insert(*status);
        *furthest = (*furthest).max(*status);
    }
    Ok(reached)
}

/// The plans whose status is one of those that fit.
pub(super) fn is(fits: impl Fn(PlanStatus) -> bool) -> Condition {
    let mut any = Condition::any().add(filter::nothing());
    for (n, status) in PlanStatus::ALL.iter().enumerate().filter(|(_, status)| fits(**status)) {
        let beyond = PlanStatus::ALL.get(n + 1).map(|next| at_least(*next).not());
        any = any.add(Condition::all().add(at_least(*status)).add_option(beyond));
    }
    any
}

/// The plans that have come as far as this, or further.
fn at_least(status: PlanStatus) -> Condition {
    let word = Column::ReportedStatus;
    let by_word = match status {
        Required => return Condition::all().add(Column::Id.is_not_null()),
        InProgress => Condition::any().add(word.is_null()).add(word.ne(REPORTED[0].0)),
        _ => {
            let words =
                REPORTED.iter().filter(|(_, known)| *known >= status).map(|(word, _)| *word);
            Condition::all().add(word.is_not_null()).add(word.is_in(words))
        }
    };
    Condition::any().add(by_word).add(Expr::exists(steps_from(status)))
}

fn steps_from(status: PlanStatus) -> SelectStatement {
    let of_plan = Expr::col((milestone::Entity, milestone::Column::PlanId));
    let kinds = STEPS.iter().filter(|(_, known)| *known >= status).map(|(kind, _)| *kind);
    Query::select()
        .expr(Expr::val(1))
        .from(milestone::Entity)
        .and_where(of_plan.equals((plan::Entity, Column::Id)))
        .and_where(milestone::Column::Kind.is_in(kinds))
        .cond_where(taken())
        .to_owned()
}
