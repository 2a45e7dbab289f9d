//! What is said of requests for advice.

use std::borrow::Cow;

use super::Text;

messages! {
    not_in_its_name(): "이 기관의 이름으로 받은 권한이 없습니다. 권한(grant)에 이 기관(organization)이 있어야 합니다.",
        "You hold no grant in the name of this organization: a grant that names it as its organization is needed.";
    no_adviser(kind: &str): "자문하는 기관이 아닙니다({kind}). 전문기관(AGENCY)이나 지원센터(SUPPORT_CENTRE)를 골라 주세요.",
        "This organization ({kind}) does not advise: choose an AGENCY or a SUPPORT_CENTRE.";
    advises_elsewhere(): "이 계획의 지역에서 일하는 기관이 아닙니다. 그 지역이나 위 지역의 기관을 골라 주세요.",
        "This organization does not work where the plan is: choose one of its region or of one above it.";
    adviser_is_gone(): "없어진 기관입니다.", "This organization is no more.";
    not_in_the_plan(): "이 계획에 있는 것이 아닙니다.", "Not something in this plan.";
    not_its_contents(): "이 계획의 내용판(contentRevision)이 아닙니다. 계획에서 읽은 contentRevision을 보내 주세요.",
        "Not a revision of this plan's contents: send the contentRevision that you read with the plan.";
    not_its_change(): "물은 판보다 뒤에 이 계획의 내용을 바꾼 판이 아닙니다.",
        "Not a change of this plan's contents after those that were asked about.";
    basis_needed(): "반드시(MUST) 고칠 것에는 근거(basis)가 필요합니다.",
        "What must be done needs a basis: the law, the guideline or the reason.";
    reply_reason_needed(): "일부 반영(PARTLY)과 미반영(DECLINED)에는 사유(reason)가 필요합니다.",
        "What is followed partly or not at all needs a reason.";
    nothing_resolved(): "미반영(DECLINED)에는 고친 판(resolvedBy)이 없습니다.",
        "What is not followed is resolved by no change: leave resolvedBy out.";
    how_many(min: usize, max: usize): "{min}–{max}개여야 합니다.", "Give {min} to {max} of them.";
    case_state(state: &str, wanted: &str): "이 자문 요청은 지금 {state} 상태입니다. 이 단계는 {wanted} 상태에서만 밟을 수 있습니다.",
        "This request for advice is {state}; this step is for one that is {wanted}.";
    question_open(): "아직 답하지 않은 질문이 있습니다. 요청한 쪽이 먼저 답해야 합니다.",
        "A question to the asker is open: it must be replied to first.";
    no_question_open(): "답을 기다리는 질문이 없습니다.", "No question is open that could be replied to.";
    items_open(items: &str): "자문 의견마다 회신해야 끝낼 수 있습니다. 회신하지 않은 의견: {items}.",
        "A case is closed when every point of the answer is replied to. Not replied to yet: {items}.";
}
