//! The steps that the service watches over: each notes a milestone, and is allowed when the guards
//! of its law hold.

pub mod graphql;
mod judge;
pub mod rest;
mod take;

use async_graphql::Enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use judge::{AvailableTransition, Reason, available, available_of};
pub use take::{DeliberationOutcome, PlanStep, Stepped, transition};

use super::MilestoneKind;
use crate::access::Action;
use crate::plan::versions::VersionCause;

/// A step of a plan that the service watches over. Other milestones are facts that are only noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PlanTransition {
    /// The governor was consulted.
    Consult,
    /// Residents were heard.
    Hear,
    /// The committee deliberated, or it is put on record that there is none.
    Deliberate,
    /// It was adopted. Freezes a version.
    Adopt,
    /// It was submitted. Freezes a version.
    Submit,
    /// It was reported to the council.
    ReportToCouncil,
    /// It was made public, as on the portal of the ministry. Who may read it here is another thing:
    /// its `visibility`.
    Publish,
    /// It came into force.
    BringIntoForce,
    /// It was amended in small points: no committee need deliberate. Freezes a version.
    AmendMinor,
    /// An amendment in substance begins: the plan goes through its making again. Freezes what it
    /// said until then.
    AmendMajor,
    /// Another plan took its place.
    Supersede,
}

use PlanTransition::{
    Adopt, AmendMajor, AmendMinor, BringIntoForce, Consult, Deliberate, Hear, Publish,
    ReportToCouncil, Submit, Supersede,
};

impl PlanTransition {
    /// Every step, in its usual order.
    pub const ALL: &[Self] = &[
        Consult,
        Hear,
        Deliberate,
        Adopt,
        Submit,
        ReportToCouncil,
        Publish,
        BringIntoForce,
        AmendMinor,
        AmendMajor,
        Supersede,
    ];

    /// The milestone that it notes.
    pub const fn kind(self) -> MilestoneKind {
        match self {
            Consult => MilestoneKind::Consultation,
            Hear => MilestoneKind::Hearing,
            Deliberate => MilestoneKind::Deliberation,
            Adopt => MilestoneKind::Adoption,
            Submit => MilestoneKind::Submission,
            ReportToCouncil => MilestoneKind::CouncilReport,
            Publish => MilestoneKind::Publication,
            BringIntoForce => MilestoneKind::InForce,
            AmendMinor => MilestoneKind::AmendmentMinor,
            AmendMajor => MilestoneKind::AmendmentMajor,
            Supersede => MilestoneKind::Superseded,
        }
    }

    /// The step that notes milestones of this kind, if one does.
    pub(super) fn of(kind: MilestoneKind) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| step.kind() == kind)
    }

    /// What it takes to take it. What binds is for who decides; none is for who only drafts.
    pub const fn action(self) -> Action {
        match self {
            Consult | Hear | ReportToCouncil | Publish => Action::RunProcedure,
            Deliberate | Adopt | Submit | BringIntoForce | AmendMinor | AmendMajor | Supersede => {
                Action::DecidePlan
            }
        }
    }

    /// What the change log calls it, and GraphQL.
    pub const fn verb(self) -> &'static str {
        match self {
            Consult => "consultPlan",
            Hear => "hearPlan",
            Deliberate => "deliberatePlan",
            Adopt => "adoptPlan",
            Submit => "submitPlan",
            ReportToCouncil => "reportPlanToCouncil",
            Publish => "recordPlanPublication",
            BringIntoForce => "bringPlanIntoForce",
            AmendMinor | AmendMajor => "amendPlan",
            Supersede => "supersedePlan",
        }
    }

    /// Which version it freezes, if any.
    const fn cause(self) -> Option<VersionCause> {
        match self {
            Adopt => Some(VersionCause::Adoption),
            Submit => Some(VersionCause::Submission),
            AmendMinor => Some(VersionCause::AmendmentMinor),
            AmendMajor => Some(VersionCause::AmendmentMajor),
            Consult | Hear | Deliberate | ReportToCouncil | Publish | BringIntoForce
            | Supersede => None,
        }
    }
}
