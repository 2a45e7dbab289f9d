//! Issues that offices share: told, discussed, solved, found by others, and brought together.

mod found;
mod merged;
mod shared;
mod talked;

use serde_json::{Value, json};
use tests::Client;

fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("an id: {thing}")).to_owned()
}

fn tag(thing: &Value) -> String {
    format!("\"{}\"", thing["revision"].as_str().unwrap_or_else(|| panic!("a revision: {thing}")))
}

/// Tells of a difficulty.
async fn told(teller: &Client, region: &str, category: &str, more: Value) -> Value {
    let mut new =
        json!({ "region": { "code": region }, "category": category, "title": "에너지 자료 부족" });
    let more = more.as_object().cloned().unwrap_or_default();
    new.as_object_mut().expect("an object").extend(more);
    let (status, issue) = teller.post("/api/v1/issues", new).await;
    assert_eq!(status, 201, "{issue}");
    issue
}

/// Does something to an issue that is as it was read.
async fn act(actor: &Client, issue: &Value, verb: &str, body: Value) -> (u16, Value) {
    let path = format!("/api/v1/issues/{}/{verb}", id(issue));
    let request = actor.request("POST".parse().expect("a method"), &path);
    let reply = actor.send(request.header("if-match", tag(issue)).json(&body)).await;
    (reply.status, reply.body)
}

async fn plan_of(region: &str, asker: &Client) -> String {
    let (_, plans) = asker.get(&format!("/api/v1/regions/{region}/plans")).await;
    id(&plans["items"][0])
}
