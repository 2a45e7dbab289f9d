//! What must have been done before a step: rules as data, each with its article and the days on
//! which it holds.

mod rules;

use async_graphql::{Enum, SimpleObject};
use serde::Serialize;
use utoipa::ToSchema;

use super::MilestoneKind;
use super::law::{Article, Validity};
use super::steps::PlanTransition;
use crate::date::Day;
use crate::name::Name;
use crate::plan::PlanKind;

pub(super) use rules::GUARDS;

/// A rule that a step of a plan must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GuardCode {
    /// Residents are heard before the committee deliberates.
    HearingBeforeDeliberation,
    /// The base year stands in the plan before the committee deliberates.
    BaseYearBeforeDeliberation,
    /// A total target for 2030 stands in the plan before the committee deliberates.
    TargetBeforeDeliberation,
    /// Every mitigation measure has a sector before the committee deliberates.
    MeasureSectorBeforeDeliberation,
    /// Every mitigation measure has an organization that leads it before the committee deliberates.
    MeasureLeadBeforeDeliberation,
    /// Every mitigation measure says what is counted before the committee deliberates: the unit of
    /// its quantity, or an indicator.
    MeasureUnitBeforeDeliberation,
    /// Every mitigation measure has a goal for each year of the plan before the committee
    /// deliberates: a reduction, or a goal of one of its indicators.
    MeasureGoalsBeforeDeliberation,
    /// The governor is consulted before adoption.
    ConsultationBeforeAdoption,
    /// The committee deliberates before adoption, or it is on record that there is none.
    DeliberationBeforeAdoption,
    /// Only what was adopted is submitted.
    SubmissionAfterAdoption,
    /// Only what was adopted is reported to the council.
    CouncilReportAfterAdoption,
    /// Only what was adopted is made public.
    PublicationAfterAdoption,
    /// What is submitted or made public says what was adopted, or amended since.
    SubmittedAsAdopted,
    /// Only what was adopted comes into force.
    InForceAfterAdoption,
    /// Only what was adopted is amended.
    AmendmentAfterAdoption,
    /// The plan that takes its place is an adopted one of the same region.
    SuccessorBeforeSuperseded,
    /// What was adopted is amended, not deliberated on or adopted again.
    AdoptedOnce,
    /// It comes into force once.
    InForceOnce,
    /// Nothing more is done with a plan that another has replaced.
    NotSuperseded,
    /// No step of a plan lies before the day on which the Act came into force.
    NotBeforeTheAct,
}

/// A rule that a step of a plan must keep, as anybody may read it.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct PlanGuard {
    /// Its code; the same rule may stand in another article for another kind of plan.
    pub code: GuardCode,
    /// The steps that it is a rule of.
    pub transitions: Vec<PlanTransition>,
    /// The kinds of plans that it is for.
    pub plan_kinds: Vec<PlanKind>,
    /// Where it stands in the law; null for a rule of this service.
    pub article: Option<Article>,
    /// From which day it holds; null where none is known.
    pub valid_from: Option<Day>,
    /// To which day it holds; null where none is known.
    pub valid_to: Option<Day>,
    /// What it says.
    #[graphql(skip)]
    pub text: Name,
}

/// Every rule, in the usual order of the steps.
pub fn all() -> Vec<PlanGuard> {
    GUARDS.iter().map(PlanGuard::from).collect()
}

impl From<&Guard> for PlanGuard {
    fn from(guard: &Guard) -> Self {
        let [ko, en] = guard.text;
        let day = |text: Option<&str>| text.and_then(|text| Day::parse(text).ok());
        Self {
            code: guard.code,
            transitions: guard.steps.to_vec(),
            plan_kinds: guard.kinds.to_vec(),
            article: guard.article,
            valid_from: day(guard.validity.from),
            valid_to: day(guard.validity.to),
            text: Name { ko: format!("{ko}."), en: Some(format!("{en}.")) },
        }
    }
}

/// A rule, as it is judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard {
    pub code: GuardCode,
    pub steps: &'static [PlanTransition],
    pub kinds: &'static [PlanKind],
    pub article: Option<Article>,
    pub validity: Validity,
    pub need: Need,
    /// In Korean and English, without a full stop.
    pub text: [&'static str; 2],
}

/// What a rule needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// That this was done in this making of the plan, no later than the step.
    Done(MilestoneKind),
    /// That this was not done in this making of the plan.
    NotDone(MilestoneKind),
    /// That the plan has a base year.
    BaseYear,
    /// That the plan has a total target for this year.
    Target(i32),
    /// That no mitigation measure lacks this.
    Measures(Lack),
    /// That the plan says what it said when it was adopted, or amended since.
    AsAdopted,
    /// That another plan can take its place.
    Successor,
    /// That the step is not before this day.
    Since(&'static str),
}

/// What a measure may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack {
    Sector,
    Lead,
    Unit,
    Goals,
}
