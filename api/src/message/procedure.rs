//! The sentences of the process of a plan.

use std::borrow::Cow;

use super::Text;

messages! {
    rule(ko: &str, en: &str): "{ko}.", "{en}.";
    by_its_step(verb: &str): "법에 조건이 있는 단계는 기록만 할 수 없습니다. {verb}(REST에서는 POST /plans/…/transitions)로 진행해 주세요.",
        "The law has rules for this step, so it is not only noted: use {verb}, or POST /plans/…/transitions in REST.";
    its_version_stays(): "이 단계에서 계획의 판이 확정되었으므로 지우거나 다른 단계로 바꿀 수 없습니다.",
        "A version of the plan was frozen at this step: it cannot be removed or become another.";
    its_documents_stay(): "이 단계에서 계획의 판이 확정되었으므로 문서를 지울 수 없습니다.",
        "A version of the plan was frozen at this step: its documents stay.";
    not_yet(): "아직 오지 않은 날입니다. 예정일은 plannedOn에 써 주세요.",
        "That day is still to come: a planned one is plannedOn.";
    of_another_step(step: &str): "{step} 단계에만 쓰는 항목입니다.", "Only for the step {step}.";
    outcome_or_exemption(): "위원회의 의결 결과(outcome)나 심의를 생략한 까닭(exemption) 가운데 하나만 써 주세요.",
        "Give the committee's outcome, or an exemption that says why there was no deliberation; one of them.";
    version_or_revision(): "판 번호나 변경 번호(revision) 가운데 하나만 써 주세요.",
        "Give the number of a version or a revision; one of them.";
    not_before(): "앞선 시점이 뒤에 옵니다.", "What is compared from must come before what is compared to.";
}
