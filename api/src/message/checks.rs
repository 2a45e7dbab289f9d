//! What yearly checks are refused for, with the rule and its article.

use std::borrow::Cow;

use super::Text;

messages! {
    check_not_of_the_act(): "기본계획의 추진상황 점검(기본법 제13조)만 이 절차를 따릅니다.",
        "Only checks of basic plans go this road (Framework Act, Art. 13).";
    check_is_frozen(): "제출된 점검은 바꿀 수 없습니다. 사유를 적어 다시 열어 주세요(REOPEN; 기본법 제13조제2항).",
        "A submitted check does not change: reopen it first, with a reason (Framework Act, Art. 13(2)).";
    check_was_submitted(): "한 번 제출한 점검은 지우거나 다른 해의 것으로 바꿀 수 없습니다(기본법 제13조제2항).",
        "A check that was once submitted is not removed, nor made one of another year (Framework Act, Art. 13(2)).";
    outside_the_period(period: &str): "계획 기간({period})에 들지 않는 해입니다.",
        "That year is not one of the plan's period, {period}.";
    measures_to_assess(count: usize, titles: &str): "평가하지 않은 과제가 {count}개 있습니다(기본법 제13조제1항): {titles}.",
        "{count} measures are not assessed yet (Framework Act, Art. 13(1)): {titles}.";
    nothing_to_assess(): "계획에 점검할 과제가 없습니다(기본법 제13조제1항).",
        "The plan has no measure to assess (Framework Act, Art. 13(1)).";
    self_assessment_first(): "먼저 자체 점검을 해야 합니다(기본법 제13조제1항).",
        "The body assesses itself first (Framework Act, Art. 13(1)).";
    deliberation_first(): "제출 전에 지방위원회가 심의해야 합니다(기본법 제13조제2항). 위원회가 없으면 exemption에 적어 주세요(제22조제4항).",
        "The local committee deliberates before submission (Framework Act, Art. 13(2)); where there is none, say so as exemption (Art. 22(4)).";
    submission_first(): "제출된 점검만 취합합니다(시행령 제8조제7항).",
        "Only what was submitted is compiled (Enforcement Decree, Art. 8(7)).";
    compilation_first(): "취합된 점검에만 개선의견을 냅니다(기본법 제13조).",
        "Opinions are given on what was compiled (Framework Act, Art. 13).";
    submission_before_council(): "제출된 결과를 의회에 보고합니다(기본법 제78조, 시행령 제71조제3항).",
        "What is reported to the council is what was submitted (Framework Act, Art. 78; Enforcement Decree, Art. 71(3)).";
    not_submitted(): "제출된 점검만 다시 열 수 있습니다.", "Only a submitted check can be reopened.";
    past_this_step(state: &str): "이미 이 단계를 지났습니다. 지금 단계: {state}.",
        "The check is past this step and stands at {state}.";
    before_earlier_step(earliest: &str): "앞선 단계({earliest})보다 이를 수 없습니다.",
        "Not before the step it follows, which was on {earliest}.";
    only_at_submission(): "제출(SUBMIT)할 때만 씁니다(기본법 제22조제4항).",
        "This is for submission only (Framework Act, Art. 22(4)).";
}
