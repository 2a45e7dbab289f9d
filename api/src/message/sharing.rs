//! What is said about issues and forums, and about looking back.

use std::borrow::Cow;

use super::Text;

messages! {
    unknown_category(known: &str): "모르는 이슈 유형입니다. 쓸 수 있는 코드: {known}.",
        "No category of issues. Known: {known}.";
    who_makes_public(who: &str): "공개 범위는 그 지역의 결정권자(mayApprove)나 이슈를 모으는 역할이 정합니다: {who}.",
        "Who reads an issue is for those who decide in its region (mayApprove), or who bring issues together: {who}.";
    shared_no_narrower(): "이슈는 도내 공유(PROVINCE)나 공개(PUBLIC)입니다.",
        "An issue is shared within its province (PROVINCE) or public (PUBLIC).";
    not_its_region(region: &str): "이 계획은 {region} 지역의 것입니다. 이슈의 지역을 맞추어 주세요.",
        "That plan is of the region {region}: an issue about it is told there.";
    not_its_measure(): "이 과제는 다른 계획의 것입니다.", "That measure stands in another plan.";
    not_its_sector(sector: &str): "이 과제의 부문은 {sector}입니다.", "The sector of that measure is {sector}.";
    is_solved(): "이미 해결된 이슈입니다.", "The issue is solved already.";
    not_solved(): "해결되지 않은 이슈는 다시 열 수 없습니다.", "Only a solved issue can be reopened.";
    is_merged(): "다른 이슈에 합쳐진 이슈입니다. 그 이슈에서 하거나 먼저 되돌려 주세요.",
        "The issue was merged into another one: go on there, or take the merge back first.";
    not_merged(): "합쳐진 이슈가 아닙니다.", "The issue was not merged.";
    into_itself(): "자기 자신에 합칠 수 없습니다.", "An issue cannot be merged into itself.";
    into_merged(): "그 이슈도 합쳐진 이슈입니다. 남은 이슈를 골라 주세요.",
        "That issue was merged itself: choose the one that stays.";
    into_hidden(): "합칠 이슈를 볼 수 없게 되는 사람이 있습니다. 더 넓게 공유된 쪽을 남겨 주세요.",
        "Some who read this issue could not read that one: keep the one that is shared more widely.";
    not_own_comment(): "자기가 쓴 의견만 고칠 수 있습니다.", "Only who wrote a comment may change it.";
    not_own_nor_curated(who: &str): "자기가 쓴 의견이 아니면 이슈를 모으는 역할만 지울 수 있습니다: {who}.",
        "A comment is removed by who wrote it, or by who brings issues together there: {who}.";
    due_before_forum(): "포럼보다 앞선 기한입니다.", "That is due before the forum is held.";
    done_before_forum(): "포럼보다 앞선 날짜입니다.", "That lies before the forum.";
    is_done(): "이미 한 일입니다. 언제 어떻게 했는지 고치려면 updateFollowUp(REST에서는 PATCH)을 써 주세요.",
        "That is done already: updateFollowUp, or PATCH in REST, corrects when and how.";
    done_needs_a_day(): "어떻게 했는지 쓰려면 한 날짜(doneOn)도 써 주세요.",
        "Say when it was done (doneOn), if you say how.";
    not_a_participant(): "참여 기관이 아닙니다.", "That organization does not take part.";
    without_source(): "출처를 밝히지 않음", "without a stated source";
    as_of(revision: i64, day: &str): "판 {revision}({day}) 기준", "as of revision {revision} ({day})";
    approximately(): "어림값", "approximate";
    derived(how: &str): "계산값: {how}", "derived: {how}";
    confidence(grade: &str): "신뢰도 {grade}", "confidence {grade}";
    no_mark(): "아직 본 곳을 표시하지 않았습니다. 어느 판(revision)부터인지 써 주세요.",
        "You have not marked what you have seen: say since which revision.";
    not_yet(): "아직 없는 판(revision)입니다.", "There is no such revision yet.";
    cannot_revert(kinds: &str): "되돌릴 수 있는 것: {kinds}.", "What can be reverted: {kinds}.";
    was_not_there(): "그 판(revision)에는 없었거나 볼 수 없었습니다.",
        "It was not there at that revision, or not for you to see.";
    refers_to_what_is_gone(): "그때 가리키던 것이 지금은 없어 되돌릴 수 없습니다.",
        "It cannot be reverted: what it referred to then is gone.";
}
