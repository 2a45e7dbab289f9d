//! What still refers to a thing that was to go, in words.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Text;

messages! {
    still_used(ko: &str, en: &str): "아직 이것을 쓰는 것이 있습니다: {ko}.", "It is still referred to by {en}.";
}

/// What refers to it, by kind and number: nothing where none of it has a name in the API.
pub fn in_use_by(things: &BTreeMap<&'static str, usize>) -> Option<Text> {
    let named = things.iter().filter_map(|(kind, count)| Some((word(kind)?, *count)));
    let (ko, en): (Vec<String>, Vec<String>) = named
        .map(|((ko, one, many), count)| {
            (format!("{ko} {count}건"), format!("{count} {}", if count == 1 { one } else { many }))
        })
        .unzip();
    let (last, before) = en.split_last()?;
    let en = match before {
        [] => last.clone(),
        before => format!("{} and {last}", before.join(", ")),
    };
    Some(still_used(&ko.join(", "), &en))
}

/// What a kind of thing is called: in Korean, of one in English, of many.
fn word(kind: &str) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match kind {
        "ASSESSMENT" => ("과제 평가", "assessment", "assessments"),
        "DOCUMENT" => ("문서", "document", "documents"),
        "EMISSION" => ("배출량", "figure of an inventory", "figures of inventories"),
        "EXTENSION" => ("기한 연장", "extension", "extensions"),
        "FOLLOW_UP" => ("후속 조치", "follow-up", "follow-ups"),
        "FORUM" => ("포럼", "forum", "forums"),
        "INDICATOR" => ("지표", "indicator", "indicators"),
        "INDICATOR_DEFINITION" => ("지표 정의", "indicator definition", "indicator definitions"),
        "INDICATOR_GOAL" => ("지표 목표값", "goal", "goals"),
        "LINK" => ("상위 계획과의 연결", "link", "links"),
        "MEASURE" => ("과제", "measure", "measures"),
        "MILESTONE" => ("추진 단계", "milestone", "milestones"),
        "OBSERVATION" => ("관측값", "observation", "observations"),
        "ORGANIZATION" => ("기관", "organization", "organizations"),
        "PLAN" => ("계획", "plan", "plans"),
        "PLAN_VERSION" => ("계획의 판", "version", "versions"),
        "PROGRESS_CHECK" => ("추진상황 점검", "progress check", "progress checks"),
        "REGION_STATISTIC" => ("지역 통계", "figure of a region", "figures of regions"),
        "TARGET" => ("목표", "target", "targets"),
        _ => return None,
    })
}
