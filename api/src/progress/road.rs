use async_graphql::Enum;
use entity::code;
use serde::{Deserialize, Serialize};
use time::{Date, Month};
use utoipa::ToSchema;

use crate::access::Action;
use crate::date::{Day, terms};

/// How far the yearly check of a plan has come (Framework Act, Art. 13).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enum, Serialize, Deserialize, ToSchema,
)]
#[graphql(name = "ProgressState", remote = "code::CheckState")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = ProgressState)]
pub enum CheckState {
    /// It is to be made.
    Planned,
    /// The body has judged each of its measures (자체 점검).
    SelfAssessed,
    /// It was advised on, as by the Korea Environment Corporation.
    Advised,
    /// The local committee deliberated on it (Art. 13(2)).
    Deliberated,
    /// It was submitted: nothing of it changes any more.
    Submitted,
    /// The ministry made it part of its report (Enforcement Decree, Art. 8(7)).
    Compiled,
    /// It was told what should be better.
    Opinion,
    /// It was reported to the local council (Art. 78).
    CouncilReported,
}

/// What moves the yearly check of a plan on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(name = "ProgressTransition", remote = "code::CheckTransition")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = ProgressTransition)]
pub enum CheckTransition {
    /// The body has judged each of its measures. For who checks progress.
    SelfAssess,
    /// It was advised on. For who checks progress.
    Advise,
    /// The local committee deliberated on it (Framework Act, Art. 13(2)). For who decides.
    Deliberate,
    /// It is submitted, by 31 May (Enforcement Decree, Art. 8(5)). For who decides.
    Submit,
    /// The ministry makes it part of its report, by 31 July (Art. 8(7)). For who oversees progress.
    Compile,
    /// What should be better is told; `note` says what. For who oversees progress.
    GiveOpinion,
    /// It is reported to the local council, by 31 December (Art. 71(3)). For who decides.
    ReportToCouncil,
    /// A submitted check is opened again; `note` says why. For who decides.
    Reopen,
}

impl CheckTransition {
    /// Every transition, in the order of the road.
    pub const ALL: [Self; 8] = [
        Self::SelfAssess,
        Self::Advise,
        Self::Deliberate,
        Self::Submit,
        Self::Compile,
        Self::GiveOpinion,
        Self::ReportToCouncil,
        Self::Reopen,
    ];

    /// The right that it takes.
    pub const fn action(self) -> Action {
        match self {
            Self::SelfAssess | Self::Advise => Action::CheckProgress,
            Self::Deliberate | Self::Submit | Self::ReportToCouncil | Self::Reopen => {
                Action::DecidePlan
            }
            Self::Compile | Self::GiveOpinion => Action::OverseeProgress,
        }
    }

    /// What the change log calls it.
    pub(super) const fn verb(self) -> &'static str {
        match self {
            Self::SelfAssess => "selfAssessProgressCheck",
            Self::Advise => "adviseProgressCheck",
            Self::Deliberate => "deliberateProgressCheck",
            Self::Submit => "submitProgressCheck",
            Self::Compile => "compileProgressCheck",
            Self::GiveOpinion => "giveOpinionOnProgressCheck",
            Self::ReportToCouncil => "reportProgressCheckToCouncil",
            Self::Reopen => "reopenProgressCheck",
        }
    }

    /// How far it brings a check.
    pub(super) const fn leads_to(self) -> CheckState {
        match self {
            Self::SelfAssess | Self::Reopen => CheckState::SelfAssessed,
            Self::Advise => CheckState::Advised,
            Self::Deliberate => CheckState::Deliberated,
            Self::Submit => CheckState::Submitted,
            Self::Compile => CheckState::Compiled,
            Self::GiveOpinion => CheckState::Opinion,
            Self::ReportToCouncil => CheckState::CouncilReported,
        }
    }

    /// Whether it says nothing without a note: what should be better, why it is opened again.
    pub(super) const fn needs_note(self) -> bool {
        matches!(self, Self::GiveOpinion | Self::Reopen)
    }

    /// The last day on which it is in time, for the check of a year; none where the law sets none.
    /// A deadline that falls on a weekend ends with the Monday after it.
    pub(super) fn due_on(self, year: i32) -> Option<Day> {
        let (month, day) = match self {
            Self::Submit => (Month::May, 31),
            Self::Compile => (Month::July, 31),
            Self::ReportToCouncil => (Month::December, 31),
            Self::SelfAssess
            | Self::Advise
            | Self::Deliberate
            | Self::GiveOpinion
            | Self::Reopen => return None,
        };
        let due = Date::from_calendar_date(year.checked_add(1)?, month, day).ok()?;
        Some(terms::working_day(Day(due)))
    }
}

impl CheckState {
    /// Whether nothing of the check may change any more.
    pub(super) fn is_frozen(self) -> bool {
        self >= Self::Submitted
    }
}

/// Whether nothing of the check in this row may change any more.
pub(super) fn is_frozen(row: &entity::progress_check::Model) -> bool {
    row.state.is_some_and(|state| CheckState::from(state).is_frozen())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_on_a_weekend_ends_with_the_monday_after_it() {
        for (transition, year, due) in [
            (CheckTransition::Submit, 2024, "2025-06-02"), // 31 May 2025 is a Saturday
            (CheckTransition::Submit, 2025, "2026-06-01"), // 31 May 2026 is a Sunday
            (CheckTransition::Submit, 2026, "2027-05-31"),
            (CheckTransition::Compile, 2025, "2026-07-31"),
            (CheckTransition::ReportToCouncil, 2025, "2026-12-31"),
        ] {
            assert_eq!(transition.due_on(year).map(|day| day.to_string()).as_deref(), Some(due));
        }
        assert_eq!(CheckTransition::Deliberate.due_on(2025), None);
        assert_eq!(CheckTransition::Submit.due_on(i32::MAX), None);
    }
}
