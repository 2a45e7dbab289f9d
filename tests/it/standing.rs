//! How far a plan has come: worked out from its steps and its source's word whenever it is read.

use std::collections::BTreeMap;

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

const STATUSES: [&str; 10] = [
    "REQUIRED",
    "IN_PROGRESS",
    "CONSULTED",
    "HEARD",
    "FINAL_REPORTED",
    "DELIBERATED",
    "ADOPTED",
    "SUBMITTED",
    "IN_FORCE",
    "SUPERSEDED",
];

async fn counted(asker: &Client, filter: &str) -> Value {
    let query = format!("{{ plans(filter: {{ status: {filter} }}) {{ totalCount }} }}");
    asker.data(&query).await["plans"]["totalCount"].take()
}

#[tokio::test]
async fn the_real_plans_stand_where_their_steps_and_their_sources_put_them() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let data = anybody.data("{ plans(first: 100) { nodes { externalId status } } }").await;
    let plans = data["plans"]["nodes"].as_array().expect("plans");
    let mut by_status: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for plan in plans {
        let name = plan["externalId"].as_str().expect("a name");
        let status = plan["status"].as_str().expect("a status");
        by_status.entry(status).or_default().push(name.trim_start_matches("jeonbuk:"));
    }
    by_status.values_mut().for_each(|plans| plans.sort_unstable());
    let adopted = [
        "P-41-1",
        "P-44-1",
        "P-46890-1",
        "P-48-1",
        "P-52-1",
        "P-52110-1",
        "P-52180-1",
        "P-52790-1",
    ];
    let adopted: Vec<&str> = adopted.into_iter().chain(["P-KR-1"]).collect();
    let required = [
        "P-52130-1",
        "P-52190-1",
        "P-52710-1",
        "P-52720-1",
        "P-52730-1",
        "P-52740-1",
        "P-52750-1",
        "P-52770-1",
        "P-52800-1",
    ];
    let expected = BTreeMap::from([
        ("ADOPTED", adopted),
        // Its source calls it announced; its final report was given all the same.
        ("FINAL_REPORTED", vec!["P-46150-1", "P-48880-1"]),
        ("HEARD", vec!["P-48250-1"]),
        ("IN_PROGRESS", vec!["P-44760-1", "P-52140-1", "P-52210-1"]),
        // Declarations of a council and deadlines are no steps of a plan.
        ("REQUIRED", required.to_vec()),
    ]);
    assert_eq!(by_status, expected);
    for status in STATUSES {
        let there = by_status.get(status).map_or(0, Vec::len);
        assert_eq!(counted(&anybody, &format!("{{ eq: {status} }}")).await, there, "{status}");
        let others = plans.len() - there;
        assert_eq!(counted(&anybody, &format!("{{ ne: {status} }}")).await, others, "{status}");
    }
    assert_eq!(counted(&anybody, "{ in: [HEARD, ADOPTED] }").await, 10);
    assert_eq!(counted(&anybody, "{ eq: HEARD, ne: HEARD }").await, 0);
    server.stop().await;
}

#[tokio::test]
async fn a_step_that_was_taken_moves_the_status_and_one_that_is_planned_does_not() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52190").await;
    let (_, plans) = officer.get("/api/v1/regions/52190/plans").await;
    let plan = format!("/api/v1/plans/{}", plans["items"][0]["id"].as_str().expect("an id"));
    let status =
        async |as_of: &str| officer.get(&format!("{plan}{as_of}")).await.1["status"].clone();
    let noted = async |step: Value| {
        let (code, made) = officer.post(&format!("{plan}/milestones"), step).await;
        assert_eq!(code, 201, "{made}");
        made
    };
    assert_eq!(status("").await, "REQUIRED");
    noted(json!({ "kind": "HEARING", "plannedOn": "2026-12-10" })).await;
    noted(json!({ "kind": "OTHER", "heldOn": "2026-01" })).await;
    assert_eq!(status("").await, "REQUIRED", "planned, or none of its steps");
    let kickoff = noted(json!({ "kind": "KICKOFF", "heldOn": "2026-02" })).await;
    assert_eq!(status("").await, "IN_PROGRESS");
    let report = noted(json!({ "kind": "FINAL_REPORT", "heldOn": "2026-09" })).await;
    assert_eq!(status("").await, "FINAL_REPORTED");
    noted(json!({ "kind": "HEARING" })).await;
    assert_eq!(status("").await, "FINAL_REPORTED", "the furthest counts, not the latest");

    let path = format!("/api/v1/milestones/{}", report["id"].as_str().expect("an id"));
    let tag = format!("\"{}\"", report["revision"].as_str().expect("a revision"));
    assert_eq!(officer.delete(&path, &tag).await.0, 204);
    assert_eq!(status("").await, "HEARD", "told of without a day, it was held");
    let then = format!("?asOf={}", kickoff["revision"].as_str().expect("a revision"));
    assert_eq!(status(&then).await, "IN_PROGRESS");
    let listed = format!("/api/v1/plans?region=52190&status=IN_PROGRESS&total=true&{}", &then[1..]);
    assert_eq!(officer.get(&listed).await.1["total"], 1);
    server.stop().await;
}
