//! What the law asks of provinces, cities and counties, as data: who, what, by when, by which
//! article, and since when.
//!
//! Article numbers are those of the texts in force on 2026-10-08. What stood in the law from its
//! first day is valid since that day.

use async_graphql::{Enum, SimpleObject};
use entity::code;
use sea_orm::ActiveEnum as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::name::Name;
use crate::procedure::law::{Article, Validity};
use crate::progress::CheckKind;
use crate::region::RegionLevel;

/// What the law asks of a body.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enum, Serialize, Deserialize, ToSchema,
)]
#[graphql(remote = "code::ObligationRule", name = "ObligationCode")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ObligationCode {
    /// To adopt the first basic plan.
    AdoptFirstPlan,
    /// To adopt the basic plan of a later cycle.
    AdoptNextPlan,
    /// To submit an adopted plan.
    SubmitPlan,
    /// To report an adopted plan to the local council.
    ReportPlanToCouncil,
    /// To submit the region's greenhouse gas information and statistics.
    SubmitStatistics,
    /// To report how far the adaptation plan has come.
    ReportAdaptation,
    /// To report how far the basic plan has come.
    ReportProgress,
    /// To report the result of that check to the local council.
    ReportProgressToCouncil,
}

impl ObligationCode {
    /// The code as it stands on the wire.
    pub fn text(self) -> String {
        code::ObligationRule::from(self).to_value()
    }

    /// Reads a code, in capitals or not.
    pub(super) fn parse(text: &str) -> Option<Self> {
        code::ObligationRule::try_from_value(&text.to_ascii_uppercase()).ok().map(Self::from)
    }
}

/// One rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub code: ObligationCode,
    /// In Korean and in English.
    pub name: (&'static str, &'static str),
    /// The same of an amendment in substance, where the law asks it of that as well.
    pub amended: Option<(&'static str, &'static str)>,
    pub article: Article,
    /// Of a yearly duty, judged on the day it is due; of others, on the day of their event.
    pub validity: Validity,
    pub levels: &'static [RegionLevel],
    pub term: Term,
}

/// By when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// So many months after the plan of the region above was adopted.
    AfterUpperPlan(u8),
    /// So many months after the plan was adopted.
    AfterAdoption(u8),
    /// Once the plan is adopted, without delay: no day is fixed.
    Promptly,
    /// Each year on this day.
    Yearly { month: u8, day: u8, of: Yearly },
}

/// What a yearly duty is about, and what shows here that it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Yearly {
    /// Not about a year that the law names; nothing shows it here.
    Statistics,
    /// The year before, by a check of this kind.
    Check(CheckKind),
    /// The year before, by a check of the plan: from the year in which the first plan was made.
    CheckOfPlan,
    /// The same, where nothing shows it here.
    ResultOfCheck,
}

const BOTH: &[RegionLevel] = &[RegionLevel::Province, RegionLevel::Municipality];
const PROVINCES: &[RegionLevel] = &[RegionLevel::Province];
const MUNICIPALITIES: &[RegionLevel] = &[RegionLevel::Municipality];

/// The first day of the Framework Act and its Enforcement Decree.
const ACT: Validity = Validity::since("2022-03-25");

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: ObligationCode::AdoptFirstPlan,
        name: ("제1차 기본계획 수립", "Adopt the first basic plan"),
        amended: None,
        article: Article { ko: "법 부칙 제3조", en: "Framework Act, Addenda, Art. 3" },
        validity: ACT,
        levels: BOTH,
        term: Term::AfterUpperPlan(12),
    },
    Rule {
        code: ObligationCode::AdoptNextPlan,
        name: ("차기 시·도계획 수립", "Adopt the province's next plan"),
        amended: None,
        article: Article { ko: "시행령 제6조제1항", en: "Enforcement Decree, Art. 6(1)" },
        validity: ACT,
        levels: PROVINCES,
        term: Term::AfterUpperPlan(6),
    },
    Rule {
        code: ObligationCode::AdoptNextPlan,
        name: ("차기 시·군·구계획 수립", "Adopt the city's or county's next plan"),
        amended: None,
        article: Article { ko: "시행령 제7조제1항", en: "Enforcement Decree, Art. 7(1)" },
        validity: ACT,
        levels: MUNICIPALITIES,
        term: Term::AfterUpperPlan(6),
    },
    Rule {
        code: ObligationCode::SubmitPlan,
        name: ("시·도계획 제출(장관)", "Submit the plan to the Minister"),
        amended: Some(("변경한 시·도계획 제출(장관)", "Submit the amended plan to the Minister")),
        article: Article { ko: "시행령 제6조제4항", en: "Enforcement Decree, Art. 6(4)" },
        validity: ACT,
        levels: PROVINCES,
        term: Term::AfterAdoption(1),
    },
    Rule {
        code: ObligationCode::SubmitPlan,
        name: (
            "시·군·구계획 제출(장관, 시·도지사)",
            "Submit the plan to the Minister and the governor",
        ),
        amended: Some((
            "변경한 시·군·구계획 제출(장관, 시·도지사)",
            "Submit the amended plan to the Minister and the governor",
        )),
        article: Article { ko: "시행령 제7조제3항", en: "Enforcement Decree, Art. 7(3)" },
        validity: ACT,
        levels: MUNICIPALITIES,
        term: Term::AfterAdoption(1),
    },
    Rule {
        code: ObligationCode::ReportPlanToCouncil,
        name: ("수립한 계획의 지방의회 보고", "Report the adopted plan to the local council"),
        amended: Some((
            "변경한 계획의 지방의회 보고",
            "Report the amended plan to the local council",
        )),
        article: Article { ko: "법 제78조제2항", en: "Framework Act, Art. 78(2)" },
        validity: ACT,
        levels: BOTH,
        term: Term::Promptly,
    },
    Rule {
        code: ObligationCode::SubmitStatistics,
        name: (
            "지역 온실가스 정보·통계 제출",
            "Submit the region's greenhouse gas information and statistics",
        ),
        amended: None,
        article: Article { ko: "시행령 제39조제9항", en: "Enforcement Decree, Art. 39(9)" },
        validity: ACT,
        levels: BOTH,
        term: Term::Yearly { month: 3, day: 31, of: Yearly::Statistics },
    },
    Rule {
        code: ObligationCode::ReportAdaptation,
        name: ("기후위기 적응대책 점검 결과 제출", "Report how far the adaptation plan has come"),
        amended: None,
        article: Article { ko: "시행령 제43조제4항", en: "Enforcement Decree, Art. 43(4)" },
        // Art. 40 of the Act goes over into an act of its own on the day after.
        validity: Validity { from: Some("2022-03-25"), to: Some("2027-09-22") },
        levels: BOTH,
        term: Term::Yearly { month: 4, day: 30, of: Yearly::Check(CheckKind::Adaptation) },
    },
    Rule {
        code: ObligationCode::ReportProgress,
        name: ("기본계획 추진상황 점검 결과 제출", "Report how far the basic plan has come"),
        amended: None,
        article: Article {
            ko: "법 제13조제2항, 시행령 제8조제5항",
            en: "Framework Act, Art. 13(2); Enforcement Decree, Art. 8(5)",
        },
        validity: ACT,
        levels: BOTH,
        term: Term::Yearly { month: 5, day: 31, of: Yearly::CheckOfPlan },
    },
    Rule {
        code: ObligationCode::ReportProgressToCouncil,
        name: ("점검 결과의 지방의회 보고", "Report the result of the check to the local council"),
        amended: None,
        article: Article { ko: "시행령 제71조제3항", en: "Enforcement Decree, Art. 71(3)" },
        validity: ACT,
        levels: BOTH,
        term: Term::Yearly { month: 12, day: 31, of: Yearly::ResultOfCheck },
    },
];

/// The rule of this code for bodies of this level.
pub(super) fn of(code: ObligationCode, level: RegionLevel) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code && rule.levels.contains(&level))
}

/// The rule by which the plan of a cycle is to be adopted.
pub(super) fn adoption(cycle: i32) -> ObligationCode {
    if cycle == 1 { ObligationCode::AdoptFirstPlan } else { ObligationCode::AdoptNextPlan }
}

/// What sets a period going.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, ToSchema)]
#[graphql(name = "ObligationTrigger")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ObligationTrigger {
    /// The plan of the region above was adopted.
    UpperPlanAdopted,
    /// The plan was adopted.
    PlanAdopted,
}

/// A duty that the law gives to bodies of some level.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ObligationRule {
    /// Its code.
    pub code: ObligationCode,
    /// What is to be done.
    #[graphql(flatten)]
    pub name: Name,
    /// Where the law says so.
    pub article: Article,
    /// Whether it is asked again of each amendment in substance.
    pub of_amendments: bool,
    /// Whose duty it is.
    pub levels: Vec<RegionLevel>,
    /// The first day on which the rule holds, as `2022-03-25`.
    pub valid_from: Option<&'static str>,
    /// The last day on which it holds, where one is known.
    pub valid_to: Option<&'static str>,
    /// What sets the period going; null for yearly duties.
    pub after: Option<ObligationTrigger>,
    /// How many months there are from then. Null with `after`: without delay, by no fixed day.
    pub months: Option<i32>,
    /// The day of each year, as `05-31`.
    pub yearly_on: Option<String>,
}

/// The rules there are, in the order of a plan's life and of the year.
pub fn list() -> Vec<ObligationRule> {
    RULES.iter().map(described).collect()
}

fn described(rule: &Rule) -> ObligationRule {
    let (after, months, yearly_on) = match rule.term {
        Term::AfterUpperPlan(months) => {
            (Some(ObligationTrigger::UpperPlanAdopted), Some(months.into()), None)
        }
        Term::AfterAdoption(months) => {
            (Some(ObligationTrigger::PlanAdopted), Some(months.into()), None)
        }
        Term::Promptly => (Some(ObligationTrigger::PlanAdopted), None, None),
        Term::Yearly { month, day, .. } => (None, None, Some(format!("{month:02}-{day:02}"))),
    };
    ObligationRule {
        code: rule.code,
        name: rule.called(),
        article: rule.article,
        of_amendments: rule.amended.is_some(),
        levels: rule.levels.to_vec(),
        valid_from: rule.validity.from,
        valid_to: rule.validity.to,
        after,
        months,
        yearly_on,
    }
}

impl Rule {
    /// What is to be done, for people.
    pub fn called(&self) -> Name {
        named(self.name)
    }

    /// What is to be done in a making of the plan, for people.
    pub fn called_in(&self, pass: i32) -> Name {
        named(self.amended.filter(|_| pass > 1).unwrap_or(self.name))
    }
}

fn named((ko, en): (&str, &str)) -> Name {
    Name { ko: ko.to_owned(), en: Some(en.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_and_a_level_have_one_rule() {
        for rule in RULES {
            for level in rule.levels {
                let same = |it: &&Rule| it.code == rule.code && it.levels.contains(level);
                assert_eq!(RULES.iter().filter(same).count(), 1, "{:?} {level:?}", rule.code);
            }
            assert_eq!(ObligationCode::parse(&rule.code.text()), Some(rule.code));
        }
        assert_eq!(ObligationCode::parse("nothing"), None);
    }
}
