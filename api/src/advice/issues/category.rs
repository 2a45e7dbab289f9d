//! What kinds of difficulties there are: the codes of the data pack of Jeonbuk, and those of the
//! offices' own list. They grew apart and speak of the same things, so each says which of the
//! others it corresponds to. A code is never renamed.

use async_graphql::{Enum, SimpleObject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Code, Error, Result};
use crate::message;
use crate::name::Name;

/// What difficulties are about, in a few words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IssueTheme {
    /// Data that are missing or wrong.
    Data,
    /// What is counted, from which base, and how targets fit together.
    Targets,
    /// The making of plans, and how good they are.
    Planning,
    /// People, knowledge and organization.
    Capacity,
    /// Money.
    Money,
    /// Carrying plans out, and checking that.
    Delivery,
    /// What the public gets to see.
    Openness,
    /// Whom it burdens and whom it serves.
    Fairness,
}

/// Which list a category is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CategoryList {
    /// The data pack of Jeonbuk.
    Pack,
    /// The offices' own.
    Offices,
}

/// A kind of difficulty.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct IssueCategory {
    /// Its code, as `data_gap`.
    pub code: String,
    /// Its name.
    #[graphql(flatten)]
    pub name: Name,
    /// What is meant.
    #[graphql(skip)]
    pub description: Name,
    /// What it is about.
    pub theme: IssueTheme,
    /// Which list it is from.
    pub list: CategoryList,
    /// The codes of the other list that speak of the same.
    pub mapped: Vec<String>,
}

/// A code, its names, what is meant, its theme.
type Entry = (&'static str, [&'static str; 2], [&'static str; 2], IssueTheme);

use IssueTheme::{Capacity, Data, Delivery, Fairness, Money, Openness, Planning, Targets};

const PACK: [Entry; 17] = [
    (
        "planning_difficulty",
        ["계획 수립의 어려움", "Difficulties in planning"],
        [
            "계획을 세우는 절차와 경로, 비용을 정하기 어려움",
            "Procedure, pathways and costs are hard to settle",
        ],
        Planning,
    ),
    (
        "expertise",
        ["전문성", "Expertise"],
        ["전문가 자문이나 지원 조직이 모자람", "Advice or a body that supports is missing"],
        Capacity,
    ),
    (
        "disclosure",
        ["공개", "Disclosure"],
        ["계획이나 실적이 공개되지 않음", "Plans or results are not published"],
        Openness,
    ),
    (
        "target_basis",
        ["목표의 기준", "Basis of targets"],
        [
            "총배출과 순배출, 기준연도 등 무엇을 기준으로 하는지 다름",
            "Gross or net, which base year: targets stand on unlike bases",
        ],
        Targets,
    ),
    (
        "plan_quality",
        ["계획의 질", "Quality of plans"],
        [
            "경로가 뒤로 몰리거나 과제와 재원이 구체적이지 않음",
            "Late pathways, vague measures and money",
        ],
        Planning,
    ),
    (
        "regional_gap",
        ["지역 격차", "Gaps between regions"],
        [
            "큰 도시와 농어촌의 여건과 성과가 다름",
            "Cities and the country differ in means and results",
        ],
        Capacity,
    ),
    (
        "schedule",
        ["일정", "Schedule"],
        [
            "제출, 점검, 사업이 늦어지거나 늦어질 우려",
            "Filing, checks or works are late, or may be",
        ],
        Delivery,
    ),
    (
        "budget",
        ["재정", "Budget"],
        ["재원이 모자라거나 확실하지 않음", "Money is short or uncertain"],
        Money,
    ),
    (
        "conflict",
        ["갈등과 피해", "Conflict and harm"],
        ["전환 과정에서 피해를 보는 사람이 있음", "The transition harms some"],
        Fairness,
    ),
    (
        "review_quality",
        ["점검의 질", "Quality of checks"],
        ["지연·미달성의 사유와 조치가 얇음", "Reasons and corrective actions are thin"],
        Delivery,
    ),
    (
        "governance",
        ["추진체계", "Governance"],
        ["전담 조직이나 총괄 체계가 없음", "No unit is in charge"],
        Capacity,
    ),
    (
        "data_quality",
        ["자료의 질", "Quality of data"],
        ["단위가 틀리거나 수치가 서로 맞지 않음", "Wrong units, figures that do not agree"],
        Data,
    ),
    (
        "target_alignment",
        ["목표의 정합성", "Alignment of targets"],
        ["상위 계획의 목표와 맞지 않음", "Targets do not fit those of the plan above"],
        Targets,
    ),
    (
        "implementation_risk",
        ["이행 위험", "Risk to delivery"],
        ["여건이 바뀌어 계획대로 되지 않을 우려", "Circumstances may keep it from being done"],
        Delivery,
    ),
    (
        "data_gap",
        ["자료 공백", "Gaps in data"],
        ["통계나 활동자료가 없음", "Statistics or activity data are missing"],
        Data,
    ),
    (
        "authority_scope",
        ["관리권한", "Scope of authority"],
        [
            "어느 배출이 지자체의 관리권한인지의 문제",
            "Which emissions are a local government's to manage",
        ],
        Targets,
    ),
    (
        "equity",
        ["형평성", "Equity"],
        ["지역과 계층 사이의 배분이 고르지 않음", "Unequal shares between places and people"],
        Fairness,
    ),
];

const OFFICES: [Entry; 14] = [
    (
        "activity_data_missing",
        ["활동자료 미제출", "Activity data missing"],
        [
            "활동자료가 모이지 않아 위에서 나누어 추정함",
            "Activity data were not collected, totals are estimated top-down",
        ],
        Data,
    ),
    (
        "scope_confusion",
        ["산정 범위 혼동", "Scope confusion"],
        [
            "관리권한과 총배출, 총량과 순량, 포함 부문이 섞임",
            "Managed or total, gross or net, which sectors: mixed up",
        ],
        Targets,
    ),
    (
        "double_counting",
        ["이중 계상", "Double counting"],
        ["같은 감축이나 배출을 두 곳에서 셈", "The same reduction or emission is counted twice"],
        Targets,
    ),
    (
        "baseline_method",
        ["기준배출·전망 방법", "Baseline method"],
        [
            "전망 방법이나 지침이 바뀌어 기준값이 달라짐",
            "Outlook methods and guidelines restate the base",
        ],
        Targets,
    ),
    (
        "upper_plan_alignment",
        ["상위 계획과의 연계", "Alignment with the plan above"],
        [
            "시·군의 합이 도와 다르고 기간이 어긋남",
            "Municipalities do not add up to the province, periods shift",
        ],
        Targets,
    ),
    (
        "backloaded_path",
        ["뒤로 몰린 경로", "Back-loaded path"],
        ["감축이 마지막 해에 몰림", "Most of the reduction comes in the last year"],
        Planning,
    ),
    (
        "sink_dependence",
        ["흡수원 의존", "Dependence on sinks"],
        ["순량으로는 크고 총량으로는 작은 감축", "Large when net, small when gross"],
        Targets,
    ),
    (
        "copy_paste_measures",
        ["판박이 과제", "Copied measures"],
        ["어디나 같은 과제", "The same measures everywhere"],
        Planning,
    ),
    (
        "budget_uncertain",
        ["불확실한 재원", "Uncertain money"],
        ["재원과 집행, 인력이 분명하지 않음", "Funding, execution and staff are unclear"],
        Money,
    ),
    (
        "indicator_definition",
        ["지표의 정의", "Definition of indicators"],
        [
            "산출과 성과, 누적과 연간, 원단위가 정해지지 않음",
            "Output or outcome, cumulative or yearly, tonnes per unit: undefined",
        ],
        Data,
    ),
    (
        "publication_delay",
        ["공개 지연", "Late publication"],
        ["계획이 아직 게시되지 않음", "The plan is not posted yet"],
        Openness,
    ),
    (
        "delay_reason_missing",
        ["지연 사유 부족", "Reasons for delay missing"],
        [
            "지연·미달성의 사유와 조치계획이 없음",
            "Delays are told without reasons or corrective actions",
        ],
        Delivery,
    ),
    (
        "unit_error",
        ["단위 오류", "Unit errors"],
        ["톤, 천톤, 만톤을 잘못 씀", "Tonnes, kilotonnes and ten thousands mixed up"],
        Data,
    ),
    (
        "capacity",
        ["인력", "Capacity"],
        ["전담 인력이 없거나 자주 바뀜", "No dedicated staff, or it rotates"],
        Capacity,
    ),
];

/// Which codes of the offices' list correspond to which of the pack's.
const MAPPED: [(&str, &[&str]); 14] = [
    ("activity_data_missing", &["data_gap"]),
    ("scope_confusion", &["authority_scope", "target_basis"]),
    ("double_counting", &["authority_scope"]),
    ("baseline_method", &["target_basis"]),
    ("upper_plan_alignment", &["target_alignment"]),
    ("backloaded_path", &["plan_quality"]),
    ("sink_dependence", &["target_basis"]),
    ("copy_paste_measures", &["plan_quality"]),
    ("budget_uncertain", &["budget"]),
    ("indicator_definition", &["data_quality"]),
    ("publication_delay", &["disclosure", "schedule"]),
    ("delay_reason_missing", &["review_quality"]),
    ("unit_error", &["data_quality"]),
    ("capacity", &["expertise", "governance"]),
];

fn entries() -> impl Iterator<Item = (&'static Entry, CategoryList)> {
    let pack = PACK.iter().map(|entry| (entry, CategoryList::Pack));
    pack.chain(OFFICES.iter().map(|entry| (entry, CategoryList::Offices)))
}

/// Every category there is: first the pack's, then the offices'.
pub fn list() -> Vec<IssueCategory> {
    let category = |(entry, list): (&Entry, CategoryList)| {
        let (code, [ko, en], [meant_ko, meant_en], theme) = *entry;
        IssueCategory {
            code: code.to_owned(),
            name: Name { ko: ko.to_owned(), en: Some(en.to_owned()) },
            description: Name { ko: meant_ko.to_owned(), en: Some(meant_en.to_owned()) },
            theme,
            list,
            mapped: mapped(code).into_iter().map(str::to_owned).collect(),
        }
    };
    entries().map(category).collect()
}

/// The codes of the other list that speak of the same as this one.
pub fn mapped(code: &str) -> Vec<&'static str> {
    let others = MAPPED.iter().filter(|(_, pack)| pack.contains(&code)).map(|(office, _)| *office);
    let own = MAPPED.iter().filter(|(office, _)| *office == code).flat_map(|(_, pack)| *pack);
    own.copied().chain(others).collect()
}

/// The codes of a theme.
pub fn of_theme(theme: IssueTheme) -> impl Iterator<Item = &'static str> {
    entries().map(|(entry, _)| entry).filter(move |entry| entry.3 == theme).map(|entry| entry.0)
}

/// A code as a caller gives it. `INVALID`, with the list, for one that is not on it.
pub fn parse(text: &str) -> Result<String> {
    let text = text.trim();
    if entries().any(|(entry, _)| entry.0 == text) {
        return Ok(text.to_owned());
    }
    let known: Vec<&str> = entries().map(|(entry, _)| entry.0).collect();
    Err(Error::new(Code::Invalid, message::unknown_category(&known.join(", "))))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_stands_once_and_corresponds_to_codes_of_the_other_list() {
        let all = list();
        let codes: HashSet<&str> = all.iter().map(|it| it.code.as_str()).collect();
        assert_eq!((codes.len(), all.len()), (31, 31));
        for category in &all {
            for other in &category.mapped {
                let other = all.iter().find(|it| it.code == *other).expect("a code of the list");
                assert_ne!(other.list, category.list, "{}", category.code);
                assert!(other.mapped.contains(&category.code), "{} and back", category.code);
            }
            let alone = category.list == CategoryList::Pack;
            assert!(alone || !category.mapped.is_empty(), "{}", category.code);
        }
    }
}
