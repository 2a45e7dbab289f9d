//! Who may do what: one table, printed by a test.

use async_graphql::Enum;
use entity::code::Role as Stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::id::RegionId;

/// What somebody may be, in a region and everything below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "Stored")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Keeps the service: accounts, clients, grants, and what is entered wrongly.
    Admin,
    /// An official of the province: makes its plan, and sees what its cities and counties make.
    ProvinceOfficer,
    /// An official of a city or county: makes its plan.
    MunicipalOfficer,
    /// A carbon neutrality support centre: sees all drafts of its region, keeps its figures.
    SupportCentre,
    /// Drafts one plan, for the time of the contract.
    Contractor,
    /// Advises on the plans of which it is asked.
    Advisor,
}

impl Role {
    /// Every role.
    pub const ALL: &[Self] = &[
        Self::Admin,
        Self::ProvinceOfficer,
        Self::MunicipalOfficer,
        Self::SupportCentre,
        Self::Contractor,
        Self::Advisor,
    ];

    /// The code of the role.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "ADMIN",
            Self::ProvinceOfficer => "PROVINCE_OFFICER",
            Self::MunicipalOfficer => "MUNICIPAL_OFFICER",
            Self::SupportCentre => "SUPPORT_CENTRE",
            Self::Contractor => "CONTRACTOR",
            Self::Advisor => "ADVISOR",
        }
    }

    /// Whether its grants are for one plan.
    pub const fn is_for_one_plan(self) -> bool {
        matches!(self, Self::Contractor)
    }

    /// Whether a grant of it may be narrowed to one plan.
    pub const fn may_be_narrowed(self) -> bool {
        !matches!(self, Self::Admin)
    }
}

/// What one may or may not do in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Read plans that are not published.
    SeeDrafts,
    /// Start or remove a plan.
    StartPlan,
    /// Change a plan and what it holds: sectors, targets, measures, indicators, goals, milestones.
    EditPlan,
    /// Decide who may read a plan.
    PublishPlan,
    /// Write what is known of a region: emissions, statistics, observations.
    EditFacts,
    /// Write yearly progress checks.
    CheckProgress,
    /// Write organizations and the definitions of indicators.
    EditReference,
    /// Tell of difficulties, and hold forums.
    ShareIssues,
    /// Note and take the steps of a plan that the law names: hearing, consultation, reports.
    RunProcedure,
    /// Take the steps of a plan or a check that bind: deliberation, adoption, submission, amendment.
    DecidePlan,
    /// Ask for advice on a plan, and answer what was advised.
    AskAdvice,
    /// Take on a request for advice, and advise.
    GiveAdvice,
    /// Receive yearly checks, tell what should be better, and extend deadlines.
    OverseeProgress,
    /// Put difficulties that are the same into one.
    CurateIssues,
    /// Open and close accounts and clients, and grant them roles.
    ManageAccess,
}

impl Action {
    /// Every action.
    pub const ALL: &[Self] = &[
        Self::SeeDrafts,
        Self::StartPlan,
        Self::EditPlan,
        Self::PublishPlan,
        Self::EditFacts,
        Self::CheckProgress,
        Self::EditReference,
        Self::ShareIssues,
        Self::RunProcedure,
        Self::DecidePlan,
        Self::AskAdvice,
        Self::GiveAdvice,
        Self::OverseeProgress,
        Self::CurateIssues,
        Self::ManageAccess,
    ];

    /// The code of the action.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SeeDrafts => "SEE_DRAFTS",
            Self::StartPlan => "START_PLAN",
            Self::EditPlan => "EDIT_PLAN",
            Self::PublishPlan => "PUBLISH_PLAN",
            Self::EditFacts => "EDIT_FACTS",
            Self::CheckProgress => "CHECK_PROGRESS",
            Self::EditReference => "EDIT_REFERENCE",
            Self::ShareIssues => "SHARE_ISSUES",
            Self::RunProcedure => "RUN_PROCEDURE",
            Self::DecidePlan => "DECIDE_PLAN",
            Self::AskAdvice => "ASK_ADVICE",
            Self::GiveAdvice => "GIVE_ADVICE",
            Self::OverseeProgress => "OVERSEE_PROGRESS",
            Self::CurateIssues => "CURATE_ISSUES",
            Self::ManageAccess => "MANAGE_ACCESS",
        }
    }
}

/// What a machine client may be used for. Its scopes cap its grants.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enum, Serialize, Deserialize, ToSchema,
)]
pub enum Scope {
    /// `read`: what its grants let it see beyond what is published.
    #[serde(rename = "read")]
    Read,
    /// `write:facts`: emissions, statistics, observations, checks, organizations, definitions.
    #[serde(rename = "write:facts")]
    WriteFacts,
    /// `write:plans`: plans and what they hold, issues and forums.
    #[serde(rename = "write:plans")]
    WritePlans,
    /// `import`: rows in bulk.
    #[serde(rename = "import")]
    Import,
    /// `changes`: the feed of changes.
    #[serde(rename = "changes")]
    Changes,
    /// `webhooks`: being told of changes.
    #[serde(rename = "webhooks")]
    Webhooks,
}

impl Scope {
    /// Every scope.
    pub const ALL: &[Self] = &[
        Self::Read,
        Self::WriteFacts,
        Self::WritePlans,
        Self::Import,
        Self::Changes,
        Self::Webhooks,
    ];

    /// The scope as tokens carry it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::WriteFacts => "write:facts",
            Self::WritePlans => "write:plans",
            Self::Import => "import",
            Self::Changes => "changes",
            Self::Webhooks => "webhooks",
        }
    }

    /// Scopes separated by blanks, each once; none where one is unknown.
    pub fn parse_list(text: &str) -> Option<Vec<Self>> {
        let known = |word: &str| Self::ALL.iter().copied().find(|scope| scope.as_str() == word);
        let mut scopes = text.split_whitespace().map(known).collect::<Option<Vec<Self>>>()?;
        scopes.sort_unstable();
        scopes.dedup();
        Some(scopes)
    }

    /// Scopes, separated by blanks.
    pub fn list(scopes: &[Self]) -> String {
        scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// The scope that a client needs to do this; none where no machine ever may.
pub const fn scope(action: Action) -> Option<Scope> {
    match action {
        Action::SeeDrafts => Some(Scope::Read),
        Action::EditFacts
        | Action::CheckProgress
        | Action::EditReference
        | Action::OverseeProgress => Some(Scope::WriteFacts),
        Action::StartPlan
        | Action::EditPlan
        | Action::PublishPlan
        | Action::ShareIssues
        | Action::RunProcedure
        | Action::DecidePlan
        | Action::AskAdvice
        | Action::GiveAdvice
        | Action::CurateIssues => Some(Scope::WritePlans),
        Action::ManageAccess => None,
    }
}

/// How far a right goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Nowhere.
    Nowhere,
    /// The one plan that the grant is for.
    Plan,
    /// The region of the grant, and nothing below it.
    Own,
    /// The region of the grant and everything below it.
    Below,
}

impl Reach {
    /// The reach, as the table of the policy shows it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nowhere => "✘",
            Self::Plan => "plan",
            Self::Own => "own",
            Self::Below => "below",
        }
    }
}

/// How far a role, with or without the right to decide, may do this.
pub const fn reach(role: Role, may_approve: bool, action: Action) -> Reach {
    use Action::{
        AskAdvice, CheckProgress, CurateIssues, DecidePlan, EditFacts, EditPlan, EditReference,
        GiveAdvice, OverseeProgress, PublishPlan, RunProcedure, SeeDrafts, ShareIssues, StartPlan,
    };
    match (role, action) {
        // Deciding is never anybody's by role alone.
        (Role::Contractor | Role::SupportCentre | Role::Advisor, PublishPlan | DecidePlan) => {
            Reach::Nowhere
        }
        (_, PublishPlan | DecidePlan) if !may_approve => Reach::Nowhere,
        (Role::Admin, _) => Reach::Below,
        // A city's plan is the city's: the province reads it and advises.
        (
            Role::ProvinceOfficer,
            StartPlan | EditPlan | PublishPlan | CheckProgress | RunProcedure | DecidePlan
            | AskAdvice,
        ) => Reach::Own,
        (
            Role::ProvinceOfficer,
            SeeDrafts | EditFacts | EditReference | ShareIssues | OverseeProgress | CurateIssues,
        ) => Reach::Below,
        (
            Role::MunicipalOfficer,
            SeeDrafts | StartPlan | EditPlan | PublishPlan | EditFacts | CheckProgress
            | ShareIssues | RunProcedure | DecidePlan | AskAdvice,
        ) => Reach::Below,
        (
            Role::SupportCentre,
            SeeDrafts | EditFacts | EditReference | ShareIssues | GiveAdvice | CurateIssues,
        ) => Reach::Below,
        // Who drafts a plan does not run its procedure.
        (Role::Contractor, SeeDrafts | EditPlan | AskAdvice) => Reach::Plan,
        // What is advised on is seen while it is asked, by the case and not by the role.
        (Role::Advisor, GiveAdvice) => Reach::Below,
        (
            Role::ProvinceOfficer
            | Role::MunicipalOfficer
            | Role::SupportCentre
            | Role::Contractor
            | Role::Advisor,
            _,
        ) => Reach::Nowhere,
    }
}

/// The roles that may do this, for who may not.
pub fn who_may(action: Action) -> String {
    let may = |role: &Role| {
        let by_role = reach(*role, false, action) > Reach::Nowhere;
        let suffix = if by_role { "" } else { " (mayApprove)" };
        let ever = reach(*role, true, action) > Reach::Nowhere;
        ever.then(|| format!("{}{suffix}", role.as_str()))
    };
    Role::ALL.iter().filter_map(may).collect::<Vec<_>>().join(", ")
}

/// Where something is done: in a region, to a plan of it if to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// The region.
    pub region: Uuid,
    /// The plan, where it is about one.
    pub plan: Option<Uuid>,
}

impl Site {
    /// To this plan of this region.
    pub const fn of_plan(region: Uuid, plan: Uuid) -> Self {
        Self { region, plan: Some(plan) }
    }
}

impl From<RegionId> for Site {
    fn from(region: RegionId) -> Self {
        Self { region: region.0, plan: None }
    }
}
