//! What public law asks of each body: computed for all of them, fixed by events, extended with a
//! reason, and told to nobody who may not know the event.

mod amendments;
mod calendar;
mod deadlines;
mod drafts;
mod extensions;
mod lists;
mod rules;
mod terms;

use api::exchange::{self, Pack};
use serde_json::Value;
use tests::{Client, TestServer};

const TODAY: &str = "2026-11-24";

async fn duties(asker: &Client, query: &str) -> Vec<Value> {
    let (status, body) = asker.get(&format!("/api/v1/obligations?limit=500&{query}")).await;
    assert_eq!(status, 200, "{query} {body}");
    body["items"].as_array().expect("items").clone()
}

async fn duty(asker: &Client, query: &str) -> Value {
    let found = duties(asker, query).await;
    assert_eq!(found.len(), 1, "{query}: {found:#?}");
    found[0].clone()
}

fn id(thing: &Value) -> &str {
    thing["id"].as_str().expect("an id")
}

async fn plan_of(asker: &Client, region: &str) -> String {
    let (_, plans) = asker.get(&format!("/api/v1/regions/{region}/plans")).await;
    id(&plans["items"][0]).to_owned()
}

/// The pack with more plans and events in it, loaded by its owner: what sources tell is not bound by
/// the rules of taking steps.
async fn load(server: &TestServer, plans: &[&str], events: &[&str]) {
    let mut pack = Pack::jeonbuk();
    for (file, rows) in [("plans.csv", plans), ("procedure_events.csv", events)] {
        let text = String::from_utf8(pack.files[file].clone()).expect("UTF-8");
        let text = format!("{}\n{}\n", text.trim_end(), rows.join("\n"));
        pack.files.insert(file.to_owned(), text.trim_end().as_bytes().to_vec());
    }
    let report = exchange::load(&server.operator(), pack).await.expect("a load");
    assert!(report.loaded, "{report:?}");
}

fn adoption(name: &str, plan: &str, region: &str, day: &str) -> String {
    format!("{name},{plan},{region},plan_established,{day},day,,,,,계획 수립,S001,,B,")
}
