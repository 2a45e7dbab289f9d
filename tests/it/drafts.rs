//! A draft exists for those who work on it, and for nobody else: not in lists, counts, look-ups or
//! the past, and no error tells of it.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

/// A draft of Jeonju, as its officer makes it.
async fn draft(officer: &Client) -> Value {
    let query = r#"mutation { createPlan(input: {
        region: { code: "52110" }, title: "제2차 전주시 기본계획(안)", round: 2, baseYear: 2018 }) {
        plan { id revision contentRevision visibility status } errors { code path message } } }"#;
    let (_, body) = officer.gql(query).await;
    let payload = &body["data"]["createPlan"];
    assert_eq!(payload["errors"], json!([]), "{body}");
    payload["plan"].clone()
}

async fn target_in(officer: &Client, plan: &str) -> Value {
    let new =
        json!({ "sector": "TOTAL", "year": 2030, "reduction": { "amount": "1500", "unit": "KT" } });
    let (status, target) = officer.post(&format!("/api/v1/plans/{plan}/targets"), new).await;
    assert_eq!(status, 201, "{target}");
    target
}

/// Everything that would tell of a plan, to somebody who asks as of a moment or now.
async fn traces(asker: &Client, plan: &str, target: &str, as_of: Option<&str>) -> Vec<Value> {
    let at = as_of.map(|revision| format!("?asOf={revision}")).unwrap_or_default();
    let and = as_of.map(|revision| format!("&asOf={revision}")).unwrap_or_default();
    let query = json!({ "query": format!(
        r#"{{ plan(id: "{plan}") {{ title }} node(id: "{plan}") {{ id }} nodes(ids: ["{target}"]) {{ id }}
          plans(filter: {{ region: {{ code: "52110" }} }}) {{ totalCount nodes {{ round }} }}
          region(by: {{ code: "52110" }}) {{ plans {{ round targets {{ year }} }} }} }}"#) });
    let post =
        asker.request("POST".parse().expect("a method"), &format!("/graphql{at}")).json(&query);
    let mut found = vec![asker.send(post).await.body["data"].clone()];
    for path in [
        format!("/api/v1/plans/{plan}{at}"),
        format!("/api/v1/plans/{plan}/targets{at}"),
        format!("/api/v1/plans/{plan}/sectors{at}"),
        format!("/api/v1/plans/{plan}/children{at}"),
        format!("/api/v1/targets/{target}{at}"),
        format!("/api/v1/plans?region=52110&total=true{and}"),
        format!("/api/v1/regions/52110/plans{at}"),
    ] {
        let (status, mut body) = asker.get(&path).await;
        if let Some(body) = body.as_object_mut() {
            body.remove("requestId");
        }
        found.push(json!([status, body]));
    }
    found
}

fn says(traces: &[Value], what: &str) -> bool {
    traces.iter().any(|trace| trace.to_string().contains(what))
}

#[tokio::test]
async fn a_stranger_cannot_tell_a_draft_exists() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let plan = draft(&officer).await;
    let id = plan["id"].as_str().expect("an id").to_owned();
    let target = target_in(&officer, &id).await;
    let target_id = target["id"].as_str().expect("an id").to_owned();
    let now = target["revision"].as_str().expect("a revision").to_owned();

    let made_up = ("plan_01jz7p4k9vf3b8m2xq6r0t5w1y", "target_01jz7p4k9vf3b8m2xq6r0t5w1y");
    for stranger in [server.anonymous(), neighbour.clone()] {
        for as_of in [None, Some(now.as_str())] {
            let asked = traces(&stranger, &id, &target_id, as_of).await;
            let nothing = traces(&stranger, made_up.0, made_up.1, as_of).await;
            assert_eq!(asked, nothing, "a draft answers as what is not there does");
            assert!(!says(&asked, "1500"), "{asked:#?}");
        }
    }
    for as_of in [None, Some(now.as_str())] {
        let own = traces(&officer, &id, &target_id, as_of).await;
        assert_eq!(own[0]["plans"]["totalCount"], 2);
        assert!(says(&own, "1500"), "its officer sees it, then as now");
    }

    // Nor can it be written to, or found out by trying.
    for (asker, wanted) in [(&neighbour, "NOT_FOUND"), (&server.anonymous(), "NOT_FOUND")] {
        let (status, body) = asker.patch(&format!("/api/v1/plans/{id}"), "\"1\"", json!({})).await;
        assert_eq!((status, &body["code"]), (404, &json!(wanted)));
        let (status, _) = asker.delete(&format!("/api/v1/targets/{target_id}"), "\"1\"").await;
        assert_eq!(status, 404);
    }
    server.stop().await;
}

#[tokio::test]
async fn what_is_published_appears_and_what_is_withdrawn_is_gone_from_the_past_too() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let id = draft(&officer).await["id"].as_str().expect("an id").to_owned();
    let target = target_in(&officer, &id).await["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/v1/plans/{id}");
    let mut published = String::new();
    for (visibility, neighbour_sees, public_sees) in
        [("PROVINCE", true, false), ("PUBLIC", true, true), ("INTERNAL", false, false)]
    {
        let tag = officer.fetch(&path).await.header("etag").to_owned();
        let (status, body) = officer.patch(&path, &tag, json!({ "visibility": visibility })).await;
        assert_eq!(status, 200, "{body}");
        if visibility == "PUBLIC" {
            published = body["revision"].as_str().expect("a revision").to_owned();
        }
        let sees = async |asker: &Client| {
            let targets = asker.get(&format!("/api/v1/targets/{target}")).await.0 == 200;
            assert_eq!(asker.get(&path).await.0 == 200, targets, "{visibility}");
            targets
        };
        assert_eq!(sees(&neighbour).await, neighbour_sees, "{visibility}");
        assert_eq!(sees(&server.anonymous()).await, public_sees, "{visibility}");
    }
    let then = format!("{path}?asOf={published}");
    assert_eq!(server.anonymous().get(&then).await.0, 404, "a withdrawn plan has no public past");
    assert_eq!(neighbour.get(&then).await.0, 404);
    assert_eq!(officer.get(&then).await.0, 200, "its officer sees what it was");
    server.stop().await;
}

#[tokio::test]
async fn a_target_removed_from_a_public_plan_stays_in_its_public_past() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let plan = plans["items"][0]["id"].as_str().expect("an id").to_owned();
    let new =
        json!({ "sector": "WASTE", "year": 2030, "reduction": { "amount": "12.5", "unit": "KT" } });
    let (_, target) = officer.post(&format!("/api/v1/plans/{plan}/targets"), new).await;
    let path = format!("/api/v1/targets/{}", target["id"].as_str().expect("an id"));
    let revision = target["revision"].as_str().expect("a revision").to_owned();
    assert_eq!(officer.delete(&path, &format!("\"{revision}\"")).await.0, 204);

    assert_eq!(server.anonymous().get(&path).await.0, 404);
    let (status, then) = server.anonymous().get(&format!("{path}?asOf={revision}")).await;
    assert_eq!((status, &then["reduction"]["exact"]), (200, &json!("12.5")));
    server.stop().await;
}

#[tokio::test]
async fn a_removed_draft_has_a_past_for_its_own_region_only() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = draft(&officer).await;
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().expect("an id"));
    let revision = plan["revision"].as_str().expect("a revision").to_owned();
    assert_eq!(officer.delete(&path, &format!("\"{revision}\"")).await.0, 204);
    let then = format!("{path}?asOf={revision}");
    assert_eq!(officer.get(&path).await.0, 404);
    assert_eq!(officer.get(&then).await.0, 200);
    assert_eq!(server.anonymous().get(&then).await.0, 404);
    server.stop().await;
}
