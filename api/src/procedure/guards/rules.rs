use super::{Guard, GuardCode, Lack, Need};
use crate::plan::PlanKind;
use crate::procedure::MilestoneKind;
use crate::procedure::law::{Article, Validity};
use crate::procedure::steps::PlanTransition;

use GuardCode::{
    AdoptedOnce, AmendmentAfterAdoption, BaseYearBeforeDeliberation, ConsultationBeforeAdoption,
    CouncilReportAfterAdoption, DeliberationBeforeAdoption, HearingBeforeDeliberation,
    InForceAfterAdoption, InForceOnce, MeasureGoalsBeforeDeliberation,
    MeasureLeadBeforeDeliberation, MeasureSectorBeforeDeliberation, MeasureUnitBeforeDeliberation,
    NotBeforeTheAct, NotSuperseded, PublicationAfterAdoption, SubmissionAfterAdoption,
    SubmittedAsAdopted, SuccessorBeforeSuperseded, TargetBeforeDeliberation,
};
use PlanKind::{MunicipalBasic, NationalBasic, ProvinceBasic};
use PlanTransition::{
    Adopt, AmendMajor, AmendMinor, BringIntoForce, Deliberate, Publish, ReportToCouncil, Submit,
    Supersede,
};

const EVERY: &[PlanKind] = &[NationalBasic, ProvinceBasic, MunicipalBasic];
const LOCAL: &[PlanKind] = &[ProvinceBasic, MunicipalBasic];

/// The day on which the Act and its Decree came into force.
const IN_FORCE: &str = "2022-03-25";
const ACT: Validity = Validity::since(IN_FORCE);
/// A rule of this service, whenever.
const ALWAYS: Validity = Validity { from: None, to: None };

const fn article(ko: &'static str, en: &'static str) -> Option<Article> {
    Some(Article { ko, en })
}

const CONTENTS: Option<Article> = article(
    "탄소중립기본법 제11조제2항제2호, 제12조제2항",
    "Framework Act, Art. 11(2) item 2, 12(2)",
);

/// A rule of the law.
const fn law(
    code: GuardCode,
    (steps, kinds): (&'static [PlanTransition], &'static [PlanKind]),
    article: Option<Article>,
    (need, text): (Need, [&'static str; 2]),
) -> Guard {
    Guard { code, steps, kinds, article, validity: ACT, need, text }
}

/// A rule of this service, for every plan.
const fn ours(
    code: GuardCode,
    steps: &'static [PlanTransition],
    need: Need,
    text: [&'static str; 2],
) -> Guard {
    Guard { code, steps, kinds: EVERY, article: None, validity: ALWAYS, need, text }
}

const HEARD: (Need, [&str; 2]) = (
    Need::Done(MilestoneKind::Hearing),
    [
        "지방위원회 심의 전에 주민 의견을 들어야 합니다",
        "Residents must be heard before the committee deliberates",
    ],
);
const ADOPTED: Need = Need::Done(MilestoneKind::Adoption);
const SUBMITTED: (Need, [&str; 2]) =
    (ADOPTED, ["확정한 계획만 제출할 수 있습니다", "A plan is submitted after it was adopted"]);

/// Every rule, in the usual order of the steps.
pub(in crate::procedure) const GUARDS: [Guard; 23] = [
    law(
        HearingBeforeDeliberation,
        (&[Deliberate], &[MunicipalBasic]),
        article("시행령 제7조제2항", "Enforcement Decree, Art. 7(2)"),
        HEARD,
    ),
    law(
        HearingBeforeDeliberation,
        (&[Deliberate], &[ProvinceBasic]),
        article(
            "탄소중립기본법 제11조제3항, 시행령 제6조제2항",
            "Framework Act, Art. 11(3); Enforcement Decree, Art. 6(2)",
        ),
        HEARD,
    ),
    law(
        BaseYearBeforeDeliberation,
        (&[Deliberate], LOCAL),
        CONTENTS,
        (
            Need::BaseYear,
            [
                "지방위원회 심의 전에 감축의 기준연도가 있어야 합니다",
                "The plan must have a base year before the committee deliberates",
            ],
        ),
    ),
    law(
        TargetBeforeDeliberation,
        (&[Deliberate], LOCAL),
        CONTENTS,
        (
            Need::Target(2030),
            [
                "지방위원회 심의 전에 2030년 총량 감축목표가 있어야 합니다",
                "The plan must have a total target for 2030 before the committee deliberates",
            ],
        ),
    ),
    law(
        MeasureSectorBeforeDeliberation,
        (&[Deliberate], LOCAL),
        CONTENTS,
        (
            Need::Measures(Lack::Sector),
            [
                "지방위원회 심의 전에 모든 감축과제에 부문이 있어야 합니다",
                "Every mitigation measure must have a sector before the committee deliberates",
            ],
        ),
    ),
    law(
        MeasureLeadBeforeDeliberation,
        (&[Deliberate], LOCAL),
        CONTENTS,
        (
            Need::Measures(Lack::Lead),
            [
                "지방위원회 심의 전에 모든 감축과제에 주관 기관이 있어야 합니다",
                "Every mitigation measure must have an organization that leads it before the committee deliberates",
            ],
        ),
    ),
    law(
        MeasureUnitBeforeDeliberation,
        (&[Deliberate], LOCAL),
        CONTENTS,
        (
            Need::Measures(Lack::Unit),
            [
                "지방위원회 심의 전에 모든 감축과제에 물량의 단위나 지표가 있어야 합니다",
                "Every mitigation measure must have a unit of its quantity, or an indicator, before the committee deliberates",
            ],
        ),
    ),
    law(
        MeasureGoalsBeforeDeliberation,
        (&[Deliberate], LOCAL),
        CONTENTS,
        (
            Need::Measures(Lack::Goals),
            [
                "지방위원회 심의 전에 모든 감축과제에 계획기간의 연도별 목표가 있어야 합니다",
                "Every mitigation measure must have a goal for each year of the plan before the committee deliberates",
            ],
        ),
    ),
    law(
        ConsultationBeforeAdoption,
        (&[Adopt], &[MunicipalBasic]),
        article("시행령 제7조제1항", "Enforcement Decree, Art. 7(1)"),
        (
            Need::Done(MilestoneKind::Consultation),
            [
                "확정 전에 시·도지사와 협의해야 합니다",
                "The governor must be consulted before the plan is adopted",
            ],
        ),
    ),
    law(
        DeliberationBeforeAdoption,
        (&[Adopt], LOCAL),
        article("탄소중립기본법 제11조제4항, 제22조제4항", "Framework Act, Art. 11(4), 22(4)"),
        (
            Need::Done(MilestoneKind::Deliberation),
            [
                "확정 전에 지방위원회가 심의·의결했거나, 위원회가 없어 심의를 생략한다는 기록이 있어야 합니다",
                "Before the plan is adopted the committee must have deliberated, or it must be on record that there is none",
            ],
        ),
    ),
    law(
        DeliberationBeforeAdoption,
        (&[Adopt], &[NationalBasic]),
        article("탄소중립기본법 제10조", "Framework Act, Art. 10"),
        (
            Need::Done(MilestoneKind::Deliberation),
            [
                "확정 전에 국가위원회가 심의·의결해야 합니다",
                "The national committee must have deliberated before the plan is adopted",
            ],
        ),
    ),
    law(
        SubmissionAfterAdoption,
        (&[Submit], &[MunicipalBasic]),
        article(
            "탄소중립기본법 제12조제3항, 시행령 제7조제3항",
            "Framework Act, Art. 12(3); Enforcement Decree, Art. 7(3)",
        ),
        SUBMITTED,
    ),
    law(
        SubmissionAfterAdoption,
        (&[Submit], &[ProvinceBasic]),
        article(
            "탄소중립기본법 제11조제5항, 시행령 제6조제4항",
            "Framework Act, Art. 11(5); Enforcement Decree, Art. 6(4)",
        ),
        SUBMITTED,
    ),
    law(
        CouncilReportAfterAdoption,
        (&[ReportToCouncil], EVERY),
        article("탄소중립기본법 제78조제2항", "Framework Act, Art. 78(2)"),
        (
            ADOPTED,
            [
                "확정한 계획을 의회에 보고합니다",
                "A plan is reported to the council after it was adopted",
            ],
        ),
    ),
    ours(
        PublicationAfterAdoption,
        &[Publish],
        ADOPTED,
        ["확정한 계획만 공개할 수 있습니다", "A plan is made public after it was adopted"],
    ),
    ours(
        SubmittedAsAdopted,
        &[Submit, Publish],
        Need::AsAdopted,
        [
            "확정한 뒤에 내용이 바뀌었습니다. 먼저 변경 절차를 밟아 주세요",
            "The contents have changed since the plan was adopted: amend it first",
        ],
    ),
    ours(
        InForceAfterAdoption,
        &[BringIntoForce],
        ADOPTED,
        ["확정한 계획만 시행할 수 있습니다", "A plan comes into force after it was adopted"],
    ),
    law(
        AmendmentAfterAdoption,
        (&[AmendMinor, AmendMajor], EVERY),
        article("시행령 제6조제3항", "Enforcement Decree, Art. 6(3)"),
        (ADOPTED, ["확정한 계획만 변경할 수 있습니다", "A plan is amended after it was adopted"]),
    ),
    law(
        SuccessorBeforeSuperseded,
        (&[Supersede], EVERY),
        article("탄소중립기본법 제11조, 제12조", "Framework Act, Art. 11, 12"),
        (
            Need::Successor,
            [
                "같은 지역의 확정된 다른 계획만 이 계획을 대체할 수 있습니다",
                "Only another adopted plan of the same region, of this cycle or a later one, can take its place",
            ],
        ),
    ),
    ours(
        AdoptedOnce,
        &[Deliberate, Adopt],
        Need::NotDone(MilestoneKind::Adoption),
        [
            "이미 확정한 계획입니다. 고치려면 변경 절차를 밟아 주세요",
            "The plan was adopted already: amend it to change it",
        ],
    ),
    ours(
        InForceOnce,
        &[BringIntoForce],
        Need::NotDone(MilestoneKind::InForce),
        ["이미 시행 중인 계획입니다", "The plan is in force already"],
    ),
    ours(
        NotSuperseded,
        PlanTransition::ALL,
        Need::NotDone(MilestoneKind::Superseded),
        ["다른 계획으로 대체된 계획입니다", "Another plan has taken its place"],
    ),
    ours(
        NotBeforeTheAct,
        PlanTransition::ALL,
        Need::Since(IN_FORCE),
        [
            "탄소중립기본법 시행일(2022-03-25)보다 앞선 날일 수 없습니다",
            "No step of a plan under the Framework Act lies before 2022-03-25, when the Act came into force",
        ],
    ),
];
