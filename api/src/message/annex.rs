//! The words of the annex of a plan.

use std::borrow::Cow;

use super::Text;

messages! {
    annex_title(plan: &str): "{plan} 부속 표", "Annex of {plan}";
    head(): "계획 개요", "The plan";
    region(): "지역", "Region";
    period(): "계획기간", "Period";
    base_year(): "기준연도", "Base year";
    status(): "상태", "Status";
    round(): "차수", "Cycle";
    vision(): "비전", "Vision";
    reported_budget(): "보고된 총사업비(백만원)", "Budget as reported (million KRW)";
    targets(): "감축목표", "Reduction targets";
    measures_of(sector: &str): "감축대책: {sector}", "Mitigation measures: {sector}";
    no_sector(): "부문 미상", "sector not stated";
    response_base(): "대응기반 강화대책", "Response base";
    indicators(): "성과지표의 목표", "Goals of indicators";
    budgets(): "재원별 소요예산", "Budget by source";
    unit_mass(): "단위: 천톤CO2eq., %", "Unit: kt CO2eq., %";
    unit_reduction(): "단위: 천톤CO2eq.", "Unit: kt CO2eq.";
    unit_money(): "단위: 백만원", "Unit: million KRW";
    unit_own(): "단위: 지표별", "Unit: as each indicator has it";
    unit_none(): "단위: 과제별", "Unit: as each measure has it";
    sector(): "부문", "Sector";
    whole(): "총계", "Total";
    year(): "연도", "Year";
    sense(): "구분", "Kind";
    base(): "기준배출량", "Base-year emissions";
    target(): "목표배출량", "Target emissions";
    reduction(): "감축량", "Reduction";
    rate(): "감축률", "Reduction rate";
    basis(): "산정 기준", "Basis";
    measure(): "과제", "Measure";
    lead(): "주관", "Lead";
    quantity(): "물량 목표", "Quantity";
    indicator(): "지표", "Indicator";
    unit(): "단위", "Unit";
    undated(): "연도 미상", "No year";
    fund(): "재원", "Source";
    sum(): "합계", "Sum";
    sum_of_some(): "합계(값이 있는 과제/전체 과제)", "Sum (measures that state it/all)";
    by(year: i32): "{year}년까지", "by {year}";
    approximate(number: &str): "약 {number}", "about {number}";
    sources(): "자료", "Sources";
    no_sources(): "출처가 기록되지 않았습니다.", "No source is recorded.";
    nothing(): "등록된 내용이 없습니다.", "Nothing is entered.";
    may_overlap(): "재원이 나뉘지 않은 금액이 나뉜 금액과 겹칠 수 있어 더하지 않음",
        "Not added up: money whose source is not stated may be part of the money beside it";
    cited(plan: &str, revision: i64): "인용: 「{plan}」 두레 판 {revision} 기준(asOf={revision}).",
        "Cite as: {plan}, Dure, as of revision {revision} (asOf={revision}).";
}

/// What a code of a list is called; the code itself where nobody has a word for it.
pub fn word(list: &str, code: &str) -> Text {
    let known = WORDS.iter().find(|(of, known, ..)| (*of, *known) == (list, code));
    match known {
        Some((.., ko, en)) => Text { ko: Cow::Borrowed(ko), en: Cow::Borrowed(en) },
        None => Text { ko: Cow::Owned(code.to_owned()), en: Cow::Owned(code.to_owned()) },
    }
}

const WORDS: &[(&str, &str, &str, &str)] = &[
    ("status", "REQUIRED", "수립 의무", "required"),
    ("status", "IN_PROGRESS", "수립 중", "being made"),
    ("status", "CONSULTED", "시·도지사 협의 완료", "governor consulted"),
    ("status", "HEARD", "의견수렴 완료", "residents heard"),
    ("status", "FINAL_REPORTED", "최종보고 완료", "final report given"),
    ("status", "DELIBERATED", "지방위원회 심의 완료", "deliberated"),
    ("status", "ADOPTED", "확정", "adopted"),
    ("status", "SUBMITTED", "제출", "submitted"),
    ("status", "IN_FORCE", "시행 중", "in force"),
    ("status", "SUPERSEDED", "차기 계획으로 대체", "superseded"),
    ("target", "FINAL", "확정", "final"),
    ("target", "ANNUAL", "연도별", "annual"),
    ("target", "INTERIM", "중간", "interim"),
    ("goal", "FINAL", "최종", "final"),
    ("goal", "ANNUAL", "연도별", "annual"),
    ("goal", "INTERIM", "중간", "interim"),
    ("goal", "LEGAL", "법정", "legal"),
    ("fund", "NATIONAL", "국비", "national"),
    ("fund", "PROVINCE", "도비", "province"),
    ("fund", "MUNICIPAL", "시군비", "municipal"),
    ("fund", "PRIVATE_OTHER", "민자·기타", "private and other"),
    ("fund", "UNSTATED", "재원 미상", "not stated"),
    ("basis", "TOTAL", "지역 전체", "whole region"),
    ("basis", "MANAGED", "관리권한", "under local authority"),
    ("basis", "GROSS", "총배출", "gross"),
    ("basis", "NET", "순배출", "net"),
    ("basis", "DIRECT", "직접", "direct"),
    ("basis", "INDIRECT", "간접", "indirect"),
    ("basis", "BOTH", "직접·간접", "direct and indirect"),
    ("basis", "PRODUCTION", "생산 기준", "production"),
    ("basis", "CONSUMPTION", "소비 기준", "consumption"),
    ("basis", "UNSTATED", "미상", "not stated"),
    ("figure", "NOT_REPORTED", "보고되지 않음", "not reported"),
    ("figure", "NOT_ESTIMATED", "산정되지 않음(NE)", "not estimated (NE)"),
    ("figure", "NOT_OCCURRING", "발생하지 않음(NO)", "does not occur (NO)"),
    ("figure", "INCLUDED_ELSEWHERE", "다른 항목에 포함(IE)", "included elsewhere (IE)"),
    ("figure", "CONFIDENTIAL", "비공개(C)", "confidential (C)"),
    ("figure", "PENDING", "준비 중", "pending"),
    ("figure", "NOT_APPLICABLE", "해당 없음(NA)", "not applicable (NA)"),
];
