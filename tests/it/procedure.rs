//! The making of a plan as a process: each step, what the law asks before it, and who may take it.

mod adopted;
mod kept;
mod once;
mod rights;
mod road;
mod rules;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::Client;

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A draft of a city's next plan, for two years.
async fn draft(officer: &Client) -> String {
    draft_of(officer, 2).await
}

/// The same, of any cycle.
async fn draft_of(officer: &Client, round: i32) -> String {
    let new = json!({ "region": { "code": "52110" }, "title": "다음 계획(안)", "round": round,
        "period": { "start": 2030, "end": 2031 } });
    let (status, plan) = officer.post("/api/v1/plans", new).await;
    assert_eq!(status, 201, "{plan}");
    text(&plan["id"]).to_owned()
}

async fn read(asker: &Client, plan: &str) -> Value {
    asker.get(&format!("/api/v1/plans/{plan}")).await.1
}

/// Takes a step of a plan as it is now.
async fn step(by: &Client, plan: &str, name: &str, held_on: &str, more: Value) -> (u16, Value) {
    let read = read(by, plan).await["contentRevision"].clone();
    let mut body = json!({ "transition": name, "contentRevision": read, "heldOn": held_on });
    let more = more.as_object().cloned().unwrap_or_default();
    body.as_object_mut().expect("an object").extend(more);
    by.post(&format!("/api/v1/plans/{plan}/transitions"), body).await
}

async fn taken(by: &Client, plan: &str, name: &str, held_on: &str, more: Value) -> Value {
    let (status, plan) = step(by, plan, name, held_on, more).await;
    assert_eq!(status, 200, "{name}: {plan}");
    plan
}

/// The rules that keep a step from being taken.
async fn guards(asker: &Client, plan: &str, name: &str) -> BTreeSet<String> {
    let (status, steps) = asker.get(&format!("/api/v1/plans/{plan}/transitions")).await;
    assert_eq!(status, 200, "{steps}");
    let items = steps["items"].as_array().expect("steps");
    assert_eq!(items.len(), 11);
    let step = items.iter().find(|step| step["name"] == name).expect("a step");
    let reasons = step["reasons"].as_array().expect("reasons");
    assert_eq!(step["allowed"], reasons.is_empty(), "{step}");
    reasons.iter().map(|reason| text(&reason["guard"]).to_owned()).collect()
}

fn set(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(ToString::to_string).collect()
}

async fn measure(officer: &Client, plan: &str, title: &str) -> String {
    let new = json!({ "plan": plan, "family": "MITIGATION", "title": title });
    let (status, measure) = officer.post("/api/v1/measures", new).await;
    assert_eq!(status, 201, "{measure}");
    text(&measure["id"]).to_owned()
}

async fn patched(by: &Client, path: &str, change: Value) {
    let tag = by.fetch(path).await.header("etag").to_owned();
    let (status, body) = by.patch(path, &tag, change).await;
    assert_eq!(status, 200, "{body}");
}

async fn government(asker: &Client) -> Value {
    let query = r#"{ organizations(filter: { region: { code: "52110" } }, first: 100) { nodes { id externalId } } }"#;
    let data = asker.data(query).await;
    let nodes = data["organizations"]["nodes"].as_array().expect("organizations");
    let city = nodes.iter().find(|it| it["externalId"] == "jeonbuk:ORG-52110");
    city.expect("the city")["id"].clone()
}

/// All that the law asks to stand in a plan before its committee deliberates.
async fn complete(officer: &Client, plan: &str) {
    patched(officer, &format!("/api/v1/plans/{plan}"), json!({ "baseYear": 2018 })).await;
    let target = json!({ "sector": "TOTAL", "year": 2030, "baseYear": 2018,
        "reduction": { "amount": "1500", "unit": "KT" } });
    let (status, made) = officer.post(&format!("/api/v1/plans/{plan}/targets"), target).await;
    assert_eq!(status, 201, "{made}");
}

const CONTENTS: [&str; 2] = ["BASE_YEAR_BEFORE_DELIBERATION", "TARGET_BEFORE_DELIBERATION"];
