//! Advice cases: asked, taken on, asked back, answered, replied to point by point, closed; between
//! those who work on the plan and the one organization that is asked.

mod late;
mod parties;
mod refused;
mod road;

use api::access::Role;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, TestServer};

const DAY: i64 = 24 * 60 * 60;
const ACT: &str = "jeonbuk:ORG-ACT";
const KECO: &str = "jeonbuk:ORG-KECO";
const JBCNC: &str = "jeonbuk:ORG-JBCNC";

fn text<'a>(thing: &'a Value, field: &str) -> &'a str {
    thing[field].as_str().unwrap_or_else(|| panic!("{field} of {thing}"))
}

fn path(case: &Value) -> String {
    format!("/api/v1/advice-cases/{}", text(case, "id"))
}

/// The id of an organization of the data pack.
async fn organization(client: &Client, name: &str) -> String {
    let (_, all) = client.get("/api/v1/organizations?limit=500").await;
    let all = all["items"].as_array().expect("items").clone();
    let found = all.iter().find(|it| it["externalId"] == name).expect("an organization");
    text(found, "id").to_owned()
}

/// A draft of a region's next plan, with a measure in it: the plan as it is read, and the measure.
async fn draft(officer: &Client, region: &str) -> (Value, Value) {
    let new = json!({ "region": { "code": region }, "title": "숨은 초안", "round": 2 });
    let (status, plan) = officer.post("/api/v1/plans", new).await;
    assert_eq!(status, 201, "{plan}");
    let new = json!({ "plan": plan["id"], "family": "MITIGATION", "title": "숨은 과제" });
    let (status, measure) = officer.post("/api/v1/measures", new).await;
    assert_eq!(status, 201, "{measure}");
    let (_, plan) = officer.get(&format!("/api/v1/plans/{}", text(&plan, "id"))).await;
    (plan, measure)
}

fn with(mut thing: Value, more: Value) -> Value {
    let more = more.as_object().cloned().unwrap_or_default();
    thing.as_object_mut().expect("an object").extend(more);
    thing
}

fn question(plan: &Value, adviser: &str) -> Value {
    json!({ "plan": plan["id"], "adviser": adviser, "contentRevision": plan["contentRevision"],
        "title": "감축량 검토", "question": "감축량이 과다한가요?" })
}

async fn asked(asker: &Client, new: Value) -> Value {
    let (status, case) = asker.post("/api/v1/advice-cases", new).await;
    assert_eq!(status, 201, "{case}");
    case
}

/// A step in REST, of what was read.
async fn step(client: &Client, path: &str, read: &Value, body: Value) -> (u16, Value) {
    let tag = format!("\"{}\"", text(read, "revision"));
    let request = client.request(Method::POST, path).header("if-match", tag).json(&body);
    let reply = client.send(request).await;
    (reply.status, reply.body)
}

async fn taken(client: &Client, verb: &str, case: &Value, body: Value) -> Value {
    let (status, case) = step(client, &format!("{}/{verb}", path(case)), case, body).await;
    assert_eq!(status, 200, "{verb} {case}");
    case
}

/// A step in GraphQL: its payload.
async fn mutate(client: &Client, mutation: &str, of_type: &str, input: Value) -> Value {
    let query = format!(
        "mutation($input: {of_type}!) {{ it: {mutation}(input: $input) {{
            adviceCase {{ id revision state dueOn stoppedOn items {{ id number revision reply }} }}
            errors {{ code path message(lang: EN) currentRevision }} }} }}"
    );
    let (_, body) = client.gql_with(&query, json!({ "input": input })).await;
    assert!(body.get("errors").is_none(), "{body}");
    body["data"]["it"].clone()
}

fn three_points() -> Value {
    json!([{ "severity": "MUST", "basis": "탄소중립기본법 제12조", "text": "기준연도를 밝히세요" },
        { "severity": "SHOULD", "text": "원단위를 다시 보세요" },
        { "severity": "NOTE", "text": "다른 시·군 사례가 있습니다" }])
}

/// The titles in an inbox, in both dialects, which agree.
async fn inbox(client: &Client) -> Vec<String> {
    let query = "{ viewer { inbox { totalCount nodes { title } } }
        adviceCases(filter: { box: INBOX }, first: 100) { totalCount nodes { title } } }";
    let data = client.data(query).await;
    let (_, listed) = client.get("/api/v1/advice-cases?box=inbox&total=true").await;
    let titles = |list: &Value| {
        let list = list.as_array().expect("a list").iter();
        list.map(|case| text(case, "title").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(data["viewer"]["inbox"], data["adviceCases"], "{data}");
    assert_eq!(titles(&data["adviceCases"]["nodes"]), titles(&listed["items"]));
    assert_eq!(data["adviceCases"]["totalCount"], listed["total"]);
    titles(&listed["items"])
}

/// What of a draft and its measure a caller comes by, through every door, now and as of a moment.
async fn reads(client: &Client, plan: &Value, measure: &Value) -> (usize, usize) {
    let (plan_id, measure_id) = (text(plan, "id"), text(measure, "id"));
    let then = text(plan, "contentRevision");
    let query = format!(
        r#"{{ plan(id: "{plan_id}") {{ title }} node(id: "{measure_id}") {{ id }}
          plans(filter: {{ round: {{ eq: 2 }} }}) {{ nodes {{ title }} }}
          measures(filter: {{ planId: "{plan_id}" }}) {{ nodes {{ title }} }}
          search(text: "숨은") {{ nodes {{ id }} }} }}"#
    );
    let doors = [
        format!("/api/v1/plans/{plan_id}"),
        format!("/api/v1/measures/{measure_id}"),
        "/api/v1/measures?limit=500".to_owned(),
        "/api/v1/plans?limit=500".to_owned(),
        "/api/v1/search?text=숨은".to_owned(),
    ];
    let (mut open, mut all) = (0, 0);
    for moment in ["", then] {
        for door in &doors {
            let mark = if door.contains('?') { '&' } else { '?' };
            let at = if moment.is_empty() { String::new() } else { format!("{mark}asOf={moment}") };
            let (status, body) = client.get(&format!("{door}{at}")).await;
            let seen = body.to_string().contains("숨은");
            assert_eq!(seen, status == 200 && seen, "{door} {body}");
            (open, all) = (open + usize::from(seen), all + 1);
        }
        let at = if moment.is_empty() { String::new() } else { format!("?asOf={moment}") };
        let ask = client.request(Method::POST, &format!("/graphql{at}"));
        let body = client.send(ask.json(&json!({ "query": query }))).await.body;
        assert!(body.get("errors").is_none(), "{body}");
        let data = &body["data"];
        let found = [
            &data["plan"],
            &data["node"],
            &data["plans"]["nodes"][0],
            &data["measures"]["nodes"][0],
            &data["search"]["nodes"][0],
        ];
        open += found.iter().filter(|it| !it.is_null()).count();
        all += found.len();
    }
    (open, all)
}

/// Cases of one plan, in every state that a step may meet.
struct World {
    officer: Client,
    advisor: Client,
    act: String,
    plan: Value,
    measure: Value,
    requested: Value,
    accepted: Value,
    paused: Value,
    answered: Value,
    withdrawn: Value,
    declined: Value,
}

async fn world(server: &TestServer) -> World {
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let advisor = server.acting_for(Role::Advisor, "KR", ACT).await;
    let act = organization(&officer, ACT).await;
    let (plan, measure) = draft(&officer, "52110").await;
    let case = async || asked(&officer, question(&plan, &act)).await;
    let accepted = async || taken(&advisor, "accept", &case().await, json!({})).await;
    let answer = json!({ "items": three_points() });
    World {
        requested: case().await,
        accepted: accepted().await,
        paused: taken(&advisor, "question", &accepted().await, json!({ "question": "?" })).await,
        answered: taken(&advisor, "answer", &accepted().await, answer).await,
        withdrawn: taken(&officer, "withdraw", &case().await, json!({})).await,
        declined: taken(&advisor, "decline", &case().await, json!({ "reason": "인력" })).await,
        officer: officer.clone(),
        advisor: advisor.clone(),
        act,
        plan,
        measure,
    }
}

async fn latest(server: &TestServer) -> String {
    let reply = server.anonymous().fetch("/api/v1/sectors").await;
    reply.header("dure-revision").to_owned()
}
