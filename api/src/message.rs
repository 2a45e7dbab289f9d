//! Every sentence a person may read, in Korean and English, side by side.
//!
//! A function a message, so that a missing language or a wrong argument does not compile
//! (`docs/decisions/0005`).

use std::borrow::Cow;

use async_graphql::Enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The languages the service speaks. Korean comes first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema,
)]
#[graphql(name = "Lang")]
#[serde(rename_all = "UPPERCASE")]
pub enum Lang {
    /// Korean, 한국어.
    #[default]
    #[serde(alias = "ko")]
    Ko,
    /// English.
    #[serde(alias = "en")]
    En,
}

impl Lang {
    /// The first of our languages that an `Accept-Language` header asks for; Korean otherwise.
    pub fn of_header(header: &str) -> Self {
        let mut wanted: Vec<(f32, Self)> = header.split(',').filter_map(wanted).collect();
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        wanted.first().map_or(Self::Ko, |(_, lang)| *lang)
    }
}

fn wanted(part: &str) -> Option<(f32, Lang)> {
    let mut pieces = part.trim().split(';');
    let tag = pieces.next()?.trim().to_ascii_lowercase();
    let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.parse().ok());
    let lang = match tag.split('-').next()? {
        "ko" => Lang::Ko,
        "en" => Lang::En,
        _ => return None,
    };
    Some((weight.unwrap_or(1.0), lang))
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    ko: Cow<'static, str>,
    en: Cow<'static, str>,
}

impl Text {
    /// The sentence in one language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ko => &self.ko,
            Lang::En => &self.en,
        }
    }
}

/// Declares messages: name(arguments): Korean, English.
macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*): $ko:literal, $en:literal;)+) => {$(
        $(#[$doc])*
        #[expect(missing_docs, reason = "the sentence says what it is for")]
        pub fn $name($($arg: $type),*) -> Text {
            messages!(@text $ko, $en $(, $arg)*)
        }
    )+};
    (@text $ko:literal, $en:literal) => {
        Text { ko: Cow::Borrowed($ko), en: Cow::Borrowed($en) }
    };
    (@text $ko:literal, $en:literal, $($arg:ident),+) => {
        Text { ko: Cow::Owned(format!($ko)), en: Cow::Owned(format!($en)) }
    };
}

mod in_use;
mod sharing;

pub use in_use::*;
pub use sharing::*;
pub mod annex;
mod checks;

pub use checks::*;
pub mod procedure;

messages! {
    unauthenticated(): "로그인이 필요합니다. Authorization: Bearer 토큰을 보내 주세요.",
        "Sign in first: send an Authorization: Bearer token.";
    bad_token(): "토큰이 올바르지 않거나 기한이 지났습니다. 다시 로그인해 주세요.",
        "The token is invalid or has expired. Sign in again.";
    bad_credentials(): "전자우편이나 비밀번호가 맞지 않습니다.",
        "The e-mail address or the password is wrong.";
    forbidden(action: &str, who: &str): "이 지역에서 ‘{action}’ 권한이 없습니다. 할 수 있는 역할: {who}.",
        "You may not {action} in this region. Roles that may: {who}.";
    scope_missing(scope: &str): "이 클라이언트의 토큰에는 ‘{scope}’ 범위(scope)가 없습니다.",
        "This client's token lacks the scope {scope}.";
    no_grant_here(who: &str): "이 지역에서 이 일을 할 권한을 받지 않았습니다. 할 수 있는 역할: {who}.",
        "No grant here allows this. Roles that may: {who}.";
    grant_not_in_force(role: &str, from: &str, to: &str): "{role} 권한이 지금은 유효하지 않습니다(기간: {from} ~ {to}).",
        "The grant as {role} is not in force now: it runs from {from} to {to}.";
    needs_may_approve(): "결정권(mayApprove)이 있는 권한이 필요합니다.",
        "A grant with the right to decide (mayApprove) is needed.";
    no_machine(): "기계 클라이언트는 할 수 없습니다.", "No machine may do this.";
    too_many_tries(seconds: u32): "시도가 너무 잦습니다. {seconds}초 뒤에 다시 해 주세요.",
        "Too many tries. Try again in {seconds} seconds.";
    one_holder(): "account, email, client 가운데 하나만 주세요.",
        "Give one of account, email and client.";
    plan_needed(role: &str): "{role} 권한에는 계획이 필요합니다.", "A grant as {role} is for one plan: name it.";
    period_needed(role: &str): "{role} 권한에는 끝나는 때가 필요합니다.", "A grant as {role} is for a period: say when it ends.";
    plan_not_narrowing(role: &str): "{role} 권한은 계획 하나로 좁힐 수 없습니다.", "A grant as {role} cannot be narrowed to one plan.";
    plan_elsewhere(): "이 지역의 계획이 아닙니다.", "Not a plan of this region or below it.";
    role_level(role: &str): "{role} 역할을 이 수준의 지역에 줄 수 없습니다.", "The role {role} is not for regions of this level.";
    account_disabled(): "닫힌 계정입니다.", "This account is closed.";
    same_holder(): "이미 이 계정의 권한입니다.", "This account holds the grant already.";
    only_people(): "사람의 권한만 넘겨줄 수 있습니다.", "Only grants of people can be handed over.";
    only_people_here(): "로그인한 사람만 할 수 있습니다.", "This is for people who have signed in.";
    region_or_plan(): "지역(region)이나 계획(plan)을 주세요.", "Give a region or a plan.";
    no_scopes(): "범위(scope)를 하나 이상 주세요.", "Give at least one scope.";
    in_the_past(): "지난 때입니다.", "That time is over.";
    bad_invitation(): "초대가 올바르지 않거나 기한이 지났습니다. 새로 받아 주세요.",
        "The invitation is invalid or over. Ask for another.";
    wrong_password(): "지금 비밀번호가 맞지 않습니다.", "That is not the present password.";
    not_found(noun: &str): "찾을 수 없습니다: {noun}.", "Not found: {noun}.";
    no_route(path: &str): "이런 주소가 없습니다: {path}.", "There is nothing at {path}.";
    wrong_method(allowed: &str): "이 주소에서 쓸 수 있는 메서드: {allowed}.",
        "Methods allowed here: {allowed}.";
    invalid_input(): "입력을 고쳐 주세요.", "Some of the input needs mending.";
    required(): "값이 필요합니다.", "A value is required.";
    not_null(): "비울 수 없는 값입니다. 바꾸지 않으려면 빼 주세요.",
        "This cannot be taken away: leave it out to keep it.";
    of_no_figure(): "수치와 함께 주세요. 출처와 메모는 수치에 붙습니다.",
        "Give it together with a figure: sources and notes belong to figures.";
    unknown_field(name: &str, known: &str): "모르는 항목입니다: {name}. 쓸 수 있는 항목: {known}.",
        "Unknown field {name}. Known: {known}.";
    unparsable(detail: &str): "읽을 수 없는 본문입니다: {detail}.", "The body cannot be read: {detail}.";
    malformed_id(expected: &str): "잘못된 식별자입니다. {expected}… 형태여야 합니다.",
        "Malformed id; one of the form {expected}… is expected.";
    malformed_obligation(): "잘못된 식별자입니다. 법정 의무의 식별자는 지역, 규칙, 차수나 연도로 이루어집니다: obligation_01j…_report_progress_2026.",
        "Malformed id; that of an obligation is made of region, rule, and cycle or year: obligation_01j…_report_progress_2026.";
    no_character(): "쓸 수 없는 제어 문자(U+0000 등)가 있습니다.", "It holds a control character, such as U+0000, that no text may have.";
    blank(): "빈 글일 수 없습니다.", "The text may not be blank.";
    too_long(max: usize): "최대 {max}자입니다.", "At most {max} characters.";
    out_of_range(min: &str, max: &str): "{min}에서 {max} 사이여야 합니다.",
        "Must lie between {min} and {max}.";
    not_a_number(): "십진수가 아닙니다. 예: \"11080\" 또는 \"0.726\".",
        "Not a decimal number. Write, for example, \"11080\" or \"0.726\".";
    too_many_digits(digits: u32): "소수점 아래 {digits}자리까지만 쓸 수 있습니다. 반올림하지 않습니다.",
        "At most {digits} digits after the point; nothing is rounded.";
    negative(): "음수일 수 없습니다.", "May not be negative.";
    overflow(): "수가 너무 큽니다.", "The number is too large to store.";
    in_the_future(today: &str): "아직 오지 않은 날입니다. 오늘은 {today}입니다.", "That day has not come: today is {today}.";
    not_a_date(): "날짜가 아닙니다. 2024, 2024-02, 2024-02-01 가운데 하나로 써 주세요.",
        "Not a date. Write 2024, 2024-02 or 2024-02-01.";
    end_before_start(): "끝이 시작보다 앞섭니다.", "The end lies before the start.";
    not_after_base_year(): "목표연도는 기준연도보다 뒤여야 합니다.",
        "The year of a target must lie after its base year.";
    one_of_sector_or_label(): "부문(sector)이나 이름(label) 가운데 하나는 있어야 합니다. 합계는 sector \"TOTAL\"입니다.",
        "Give a sector or a label; the total is sector \"TOTAL\".";
    other_region(): "계획의 지역과 다릅니다.", "Not the region of its plan.";
    no_figure(): "수치가 하나는 있어야 합니다: base, target, grossTarget, reduction, removals, reductionRate, shareOfReduction.",
        "Give at least one figure: base, target, grossTarget, reduction, removals, reductionRate or shareOfReduction.";
    target_exists(): "같은 부문, 연도, 종류, 날짜의 목표가 이미 있습니다. 그것을 고쳐 주세요.",
        "This plan already has a target of this sector, label, year, kind and day: change that one.";
    not_a_period(): "기간이 아닙니다. 2024, 2024-H1, 2024-Q3, 2024-05 가운데 하나로 써 주세요.",
        "Not a period. Write 2024, 2024-H1, 2024-Q3 or 2024-05.";
    other_unit(unit: &str): "이 지표의 단위는 ‘{unit}’입니다.", "The unit of this indicator is {unit}.";
    other_plan(): "다른 계획의 과제입니다.", "A measure of another plan.";
    not_a_code(): "코드는 영문 대문자, 숫자, -, _만 쓸 수 있습니다.", "A code has capitals, digits, - and _ only.";
    is_measured(): "이미 값이 있는 지표의 단위와 자릿수는 바꿀 수 없습니다. 새로 정의해 주세요.",
        "Values were recorded in this unit and to these digits: define another indicator.";
    number_and_key(): "수치가 있으면 수치가 없는 까닭을 함께 쓸 수 없습니다.",
        "Give a number, or why there is none, not both.";
    number_or_key(): "수치(value)를 쓰거나, 수치가 없는 까닭(status, reason)을 써 주세요.",
        "Give a value, or a status that says why there is none, with a reason.";
    total_is_no_sector(): "합계(TOTAL)는 부문이 아닙니다. 실제 부문을 골라 주세요.",
        "TOTAL stands for all sectors and is none of them: choose one.";
    no_tonnes(): "대응기반 과제(RESPONSE_BASE)에는 감축량이 없습니다.",
        "A measure of the response base reduces no tonnes.";
    said_twice(): "같은 항목이 두 번 있습니다.", "This is said twice.";
    no_quantity(): "목표(goal)나 기준값(baseline) 가운데 하나는 있어야 합니다.",
        "Give a goal or a baseline.";
    no_money(): "계획액(planned)이나 집행액(executed)을 써 주세요. null은 지웁니다.",
        "Give planned or executed; null takes one away.";
    check_exists(): "같은 지역, 계획, 연도, 종류의 점검이 이미 있습니다. 그것을 고쳐 주세요.",
        "There already is a check of this region, plan, year and kind: change that one.";
    reason_needed(): "지연(DELAYED)과 미달성(NOT_ACHIEVED)에는 사유(reason)와 조치계획(correctiveAction)이 필요합니다.",
        "What is DELAYED or NOT_ACHIEVED needs a reason and a corrective action.";
    not_of_the_plan(): "이 점검의 계획에 있는 과제가 아닙니다.", "Not a measure of the plan of this check.";
    not_a_time(): "시각이 아닙니다. 14:00처럼 써 주세요.", "Not a time of day. Write, for example, 14:00.";
    above_itself(): "자기 자신이나 아래에 있는 것을 위에 둘 수 없습니다.",
        "Nothing may lie above itself: choose another parent.";
    number_with_notation(): "수치와 통계 기호(notation key)를 함께 쓸 수 없습니다. 하나만 써 주세요.",
        "A number and a notation key exclude each other: give one of them.";
    number_or_notation(): "수치(amount)나 비중(share)이 있어야 합니다. 없으면 그 까닭을 통계 기호(status)와 reason으로 써 주세요.",
        "Give an amount or a share; or, where there is none, a notation key as status with its reason.";
    not_by_hand(): "예시 자료(ILLUSTRATIVE)는 데이터 묶음으로만 들어옵니다.",
        "Illustrative figures come with data packs only.";
    not_a_stat(): "대문자, 숫자, 밑줄로 된 50자까지의 코드여야 합니다. 예: POPULATION.",
        "A code of up to 50 capitals, digits and underscores is expected, such as POPULATION.";
    email_taken(): "이미 쓰이는 전자우편입니다.", "This e-mail address is taken.";
    not_an_email(): "전자우편 주소가 아닙니다.", "Not an e-mail address.";
    not_the_plan_above(): "바로 위 지역의 계획이 아닙니다.", "Not a plan of the region just above.";
    not_of_parent(): "이 계획이 따르는 상위 계획의 목표나 과제가 아닙니다.", "Not a target or measure of the plan above that this plan is made from.";
    not_in_plan(): "이 계획의 목표나 과제가 아닙니다.", "Not a target or measure of this plan.";
    not_in_version(version: i32): "상위 계획의 제{version}판에는 없는 목표나 과제입니다.", "The plan above had no such target or measure at version {version}.";
    target_or_measure(): "목표(target_…)나 과제(measure_…)의 식별자를 주세요.", "Give the id of a target (target_…) or a measure (measure_…).";
    deviation_needs_reason(): "상위 계획과 다르게(DEVIATES) 정할 때에는 그 사유(reason)가 필요합니다.", "What DEVIATES from the plan above needs a reason.";
    link_exists(): "같은 종류의 연결이 이미 있습니다. 그것을 고쳐 주세요.", "There already is a link of this kind between these two: change that one.";
    body_is_gone(ko: &str, en: &str, body_ko: &str, body_en: &str, until: &str): "{body_ko}은(는) {until}까지 있던 기관이어서 {ko} 기한을 연장할 수 없습니다.",
        "{body_en} was there until {until}: {en} cannot be extended for it any more.";
    region_or_organization(): "지역(region)이나 기관(organization) 가운데 하나만 주세요.", "Give a region or an organization, and not both.";
    of_year(year: i32): "{year}년도분", "For {year}";
    extended(until: &str, reason: &str): "{until}까지 연장: {reason}", "Extended to {until}: {reason}";
    done_on(day: &str): "이행: {day}", "Done: {day}";
    done_already(ko: &str, en: &str): "{ko}은(는) 이미 이행되어 연장할 것이 없습니다.", "{en} was done already: there is nothing to extend.";
    without_delay(ko: &str, en: &str): "{ko}은(는) 지체 없이 할 일로, 연장할 날짜가 정해져 있지 않습니다.",
        "{en} is to be done without delay: there is no day to extend.";
    extension_withdrawn(): "이미 철회한 연장입니다.", "This extension was withdrawn already.";
    not_yet_due(ko: &str, en: &str): "{ko}의 기한이 아직 정해지지 않아 연장할 수 없습니다.", "It is not known yet when {en} is due: there is nothing to extend.";
    not_later(ko: &str, en: &str, last: &str): "{ko}의 지금 기한인 {last}보다 뒤여야 합니다.", "Must lie after {last}, the last day for {en} as it is.";
    stale(current: i64): "그사이 바뀌었습니다. 지금 판은 {current}입니다. 다시 읽고 고쳐 주세요.",
        "It was changed meanwhile and is now at revision {current}. Read it again and redo your change.";
    weak_tag(): "약한 태그(W/)로는 바꿀 수 없습니다. 그 항목의 ETag를 보내 주세요.",
        "A weak tag (W/) matches nothing: send the ETag of the thing itself.";
    only_once(): "한 번만 쓸 수 있습니다.", "May be given only once.";
    key_of_another(): "이 키는 다른 요청에 이미 쓰였습니다. 새 키를 써 주세요.",
        "This key was used for another request: choose a new one.";
    bad_key(longest: usize): "키는 1–{longest}자여야 합니다.", "A key has 1 to {longest} characters.";
    revision_needed(): "If-Match 헤더에 읽은 판(ETag)을 적어 주세요.",
        "Send the revision you read (its ETag) as If-Match.";
    taken(): "이미 있는 값과 겹칩니다.", "It clashes with something that exists.";
    in_use(): "다른 것이 이것을 쓰고 있습니다.", "Something else still refers to it.";
    not_a_revision(): "판이 아닙니다. 숫자만 써 주세요.", "Not a revision: digits only.";
    not_a_moment(): "시점이 아닙니다. 판 번호나 2026-01-31T09:00:00+09:00 같은 때를 써 주세요.",
        "Not a moment: give a revision, or a time such as 2026-01-31T09:00:00+09:00.";
    future_moment(latest: i64): "아직 오지 않은 시점은 읽을 수 없습니다. 지금 판은 {latest}입니다.",
        "The future cannot be read. The latest revision is {latest}.";
    read_only_moment(): "지난 시점에는 쓸 수 없습니다. asOf 없이 보내 주세요.",
        "The past cannot be written. Send this without asOf.";
    bad_cursor(): "이 목록의 커서가 아닙니다. 같은 필터와 순서로 받은 커서만 쓸 수 있습니다.",
        "Not a cursor of this list: use one you got with the same filter and order.";
    page_limit(max: u32, asked: i64): "한 번에 1에서 {max}까지 받을 수 있습니다(요청: {asked}). 나머지는 커서로 이어 받으세요.",
        "A page holds 1 to {max} (asked: {asked}). Follow the cursors for the rest.";
    both_directions(): "first/after와 last/before를 함께 쓸 수 없습니다.",
        "Use first and after, or last and before, not both.";
    too_many_ids(max: usize): "한 번에 {max}개까지 물을 수 있습니다.", "At most {max} ids at a time.";
    body_too_large(max: usize): "본문이 너무 큽니다. 최대 {max}바이트입니다.",
        "The body is too large. At most {max} bytes.";
    empty_file(): "빈 파일입니다.", "The file is empty.";
    file_too_large(most: u64): "파일이 너무 큽니다. 최대 {most}바이트입니다. 나누거나 줄여 주세요.",
        "The file is too large. At most {most} bytes: split it or make it smaller.";
    file_type_not_taken(taken: &str): "이런 파일은 받지 않습니다. 받는 것: {taken}.",
        "Files of this type are not taken. Taken are {taken}.";
    file_name_ends(endings: &str): "파일 이름은 .{endings} 로 끝나야 합니다.",
        "The name of such a file ends in .{endings}.";
    file_is_not(media_type: &str): "파일 내용이 {media_type} 이(가) 아닙니다.",
        "What is in the file is not {media_type}.";
    not_a_file_name(): "폴더가 없는 파일 이름을 써 주세요.", "Give the name of a file, without folders.";
    holds_no_documents(): "계획, 이행 단계, 점검, 자문, 애로, 포럼의 id를 써 주세요.",
        "Give the id of a plan, milestone, progress check, advice case, issue or forum.";
    request_limit(what: &str, may: usize, is: usize): "요청의 {what}는 {may}바이트까지입니다(이 요청: {is}).",
        "A request may have {what} up to {may} bytes; this one has {is}.";
    rate_limited(seconds: i64): "요청이 너무 많습니다. {seconds}초 뒤에 다시 보내 주세요.",
        "Too many requests. Send this again in {seconds} seconds.";
    took_too_long(seconds: u32): "{seconds}초 안에 답하지 못했습니다. 나누어 묻거나 잠시 뒤 다시 시도해 주세요.",
        "There was no answer within {seconds} seconds. Ask for less, or try again shortly.";
    fragment_cycle(): "프래그먼트가 서로를 끝없이 부릅니다.", "Fragments spread each other without end.";
    document_limit(what: &str, may: usize, is: usize): "GraphQL 문서의 {what}는 {may}까지입니다(이 문서: {is}). 나누어 물어 주세요.",
        "A GraphQL document may have {what} up to {may}; this one has {is}. Ask in parts.";
    unknown_parameter(name: &str, hint: &str): "모르는 매개변수입니다: {name}. {hint}",
        "Unknown parameter {name}. {hint}";
    did_you_mean(known: &str): "쓸 수 있는 것: {known}.", "Known here: {known}.";
    bad_parameter(detail: &str): "매개변수를 읽을 수 없습니다: {detail}.",
        "A parameter cannot be read: {detail}.";
    mutation_over_get(): "GET으로는 query만 실행합니다. mutation은 POST로 보내 주세요.",
        "GET runs queries only. Send mutations by POST.";
    unsupported_media_type(): "application/json으로 보내 주세요.", "Send application/json.";
    not_acceptable(): "application/graphql-response+json이나 application/json으로만 답합니다.",
        "The answer comes as application/graphql-response+json or application/json only.";
    batch_refused(): "배열 묶음은 받지 않습니다. 질의를 하나씩 보내 주세요.",
        "Batches are not accepted. Send one query a request.";
    at_most(most: usize, asked: usize): "최대 {most}개입니다(요청: {asked}).", "At most {most} (asked: {asked}).";
    no_own_plan(): "이 지역은 기본계획을 세우지 않습니다. 시·군이나 시·도를 골라 주세요.",
        "This region makes no basic plan of its own: choose its city, county or province.";
    kind_of_region(kind: &str): "이 지역의 계획은 {kind}입니다.", "A plan of this region is {kind}.";
    not_an_object(): "본문은 JSON 객체여야 합니다.", "The body must be a JSON object.";
    variables_object(): "variables는 JSON 객체여야 합니다.", "The variables must be a JSON object.";
    graphql_body(): "본문은 query가 있는 JSON 객체여야 합니다.",
        "The body must be a JSON object with a query.";
    other_data(): "이 데이터베이스에는 다른 자료가 있어 시연을 시작하지 않습니다. DURE_DATA_DIR로 빈 폴더를 가리켜 주세요.",
        "This database holds other data, so the demonstration does not touch it. Point DURE_DATA_DIR to an empty folder.";
    unavailable(): "지금은 처리할 수 없습니다. 잠시 뒤 다시 시도해 주세요.",
        "Not available at the moment. Try again shortly.";
    past_unavailable(): "지난 시점을 지금은 읽을 수 없습니다.", "The past cannot be read at the moment.";
    internal(): "내부 오류입니다. 요청 번호를 알려 주시면 찾아보겠습니다.",
        "An error of ours. Tell us the request id and we will look into it.";
}

mod cases;

pub use cases::*;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins_and_korean_is_the_default() {
        for (header, lang) in [
            ("", Lang::Ko),
            ("fr", Lang::Ko),
            ("en-US,en;q=0.9", Lang::En),
            ("ko-KR,ko;q=0.9,en;q=0.8", Lang::Ko),
            ("fr, en;q=0.5, ko;q=0.4", Lang::En),
            ("en;q=0.3, ko;q=nonsense", Lang::Ko),
        ] {
            assert_eq!(Lang::of_header(header), lang, "{header}");
        }
    }
}
