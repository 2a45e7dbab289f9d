//! Milestones: what is known of the making of each plan, and how it is entered.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

async fn plan_of(asker: &Client, region: &str) -> String {
    let (_, plans) = asker.get(&format!("/api/v1/regions/{region}/plans")).await;
    plans["items"][0]["id"].as_str().expect("an id").to_owned()
}

async fn milestones(asker: &Client, region: &str) -> Vec<Value> {
    let path = format!("/api/v1/plans/{}/milestones", plan_of(asker, region).await);
    let (status, mut body) = asker.get(&path).await;
    assert_eq!(status, 200, "{body}");
    body["items"].as_array_mut().expect("items").drain(..).collect()
}

fn named<'a>(milestones: &'a [Value], name: &str) -> &'a Value {
    milestones.iter().find(|it| it["externalId"] == name).expect("a milestone")
}

#[tokio::test]
async fn what_the_pack_knows_of_a_plan_is_all_there() {
    let server = TestServer::start().await;
    let query = r#"{ plans(first: 100) { nodes { milestones {
        externalId kind reportedKind plannedOn { text precision } heldOn { text precision }
        endedOn { text } place participants summary hosts { externalId name(lang: EN) }
        plan { externalId } provenance { confidence note sources { externalId } } } } } }"#;
    let data = server.anonymous().data(query).await;
    let plans = data["plans"]["nodes"].as_array().expect("plans").iter();
    let all: Vec<Value> =
        plans.flat_map(|plan| plan["milestones"].as_array().expect("milestones").clone()).collect();
    assert_eq!(all.len(), 70);

    let deliberated = named(&all, "jeonbuk:E008");
    assert_eq!(deliberated["kind"], "DELIBERATION");
    assert_eq!(deliberated["reportedKind"], "committee_deliberation");
    assert_eq!(deliberated["heldOn"], json!({ "text": "2024-02-01", "precision": "DAY" }));
    assert_eq!(deliberated["hosts"][0]["externalId"], "jeonbuk:ORG-JB-CMT");
    assert_eq!(deliberated["provenance"]["confidence"], "A");
    let sources = json!([{ "externalId": "jeonbuk:S005" }, { "externalId": "jeonbuk:S006" }]);
    assert_eq!(deliberated["provenance"]["sources"], sources);

    let comments = named(&all, "jeonbuk:E004");
    assert_eq!((&comments["kind"], &comments["place"]), (&json!("HEARING"), &json!("온라인")));
    assert_eq!(comments["endedOn"]["text"], "2023-12-18");
    assert_eq!(comments["provenance"]["note"], "Pressian gives the start as 4 December");
    let established = named(&all, "jeonbuk:E009");
    assert_eq!(established["heldOn"], json!({ "text": "2024-04", "precision": "MONTH" }));
    let launch = named(&all, "jeonbuk:E002");
    assert_eq!(launch["heldOn"]["precision"], "YEAR");
    assert_eq!((&launch["kind"], &launch["participants"]), (&json!("OTHER"), &json!(20)));
    let undated = named(&all, "jeonbuk:E014");
    assert_eq!((&undated["heldOn"], &undated["plannedOn"]), (&Value::Null, &Value::Null));
    assert_eq!(undated["kind"], "OTHER", "it tells of no plan");
    let derived = named(&all, "jeonbuk:E025");
    assert_eq!(derived["provenance"]["confidence"], "C");
    // A day that was only announced is planned, as is a deadline.
    assert_eq!(named(&all, "jeonbuk:E044")["plannedOn"]["text"], "2024-11-20");
    let due: Vec<&Value> = all.iter().filter(|it| it["kind"] == "SUBMISSION").collect();
    assert_eq!(due.len(), 12);
    for due in due {
        assert!(due["plannedOn"].is_object() && due["heldOn"].is_null(), "{due}");
    }
    server.stop().await;
}

#[tokio::test]
async fn they_come_by_day_and_those_without_one_last() {
    let server = TestServer::start().await;
    let jeonju = milestones(&server.anonymous(), "52110").await;
    let day = |it: &Value| {
        let date = if it["heldOn"].is_null() { &it["plannedOn"] } else { &it["heldOn"] };
        date["from"].as_str().unwrap_or("9999").to_owned()
    };
    let days: Vec<String> = jeonju.iter().map(day).collect();
    let mut sorted = days.clone();
    sorted.sort();
    assert_eq!(days, sorted);
    assert_eq!(days.last().map(String::as_str), Some("9999"), "one is not dated");
    let hosts: Vec<&Value> = jeonju.iter().map(|it| &it["hosts"][0]["name"]["ko"]).collect();
    assert!(hosts.contains(&&json!("전주시")), "{hosts:?}");
    server.stop().await;
}

#[tokio::test]
async fn one_is_entered_changed_and_removed_and_moves_its_plan() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let plan = plan_of(&officer, "52140").await;
    let content = "query($id: ID!) { plan(id: $id) { revision contentRevision } }";
    let (_, before) = officer.gql_with(content, json!({ "id": plan })).await;
    let query = r#"{ organizations(first: 100) { nodes { id externalId } } }"#;
    let data = officer.data(query).await;
    let nodes = data["organizations"]["nodes"].as_array().expect("organizations");
    let of = |name: &str| {
        let found = nodes.iter().find(|it| it["externalId"] == name).expect("an organization");
        found["id"].clone()
    };
    let hosts = [of("jeonbuk:ORG-52140-CMT"), of("jeonbuk:ORG-52140")];

    let query = "mutation($input: CreateMilestoneInput!) { createMilestone(input: $input) {
        milestone { id revision kind heldOn { text } hosts { externalId } plan { id } }
        errors { code path } } }";
    let input = json!({ "plan": plan, "kind": "HEARING", "heldOn": "2025-06-20",
        "endedOn": "2025-06", "place": "시청 대회의실", "participants": 80, "hosts": hosts });
    let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
    let made = &body["data"]["createMilestone"]["milestone"];
    assert_eq!(body["data"]["createMilestone"]["errors"], json!([]), "{body}");
    let two =
        json!([{ "externalId": "jeonbuk:ORG-52140-CMT" }, { "externalId": "jeonbuk:ORG-52140" }]);
    assert_eq!(made["hosts"], two, "in the order they were given");
    let (_, after) = officer.gql_with(content, json!({ "id": plan })).await;
    assert_eq!(after["data"]["plan"]["revision"], before["data"]["plan"]["revision"]);
    assert_eq!(after["data"]["plan"]["contentRevision"], made["revision"]);

    let path = format!("/api/v1/milestones/{}", made["id"].as_str().expect("an id"));
    let tag = officer.fetch(&path).await.header("etag").to_owned();
    let (status, turned) =
        officer.patch(&path, &tag, json!({ "hosts": [hosts[1], hosts[0]] })).await;
    assert_eq!(status, 200, "{turned}");
    assert_ne!(turned["revision"], made["revision"], "who held it is a part of it");
    assert_eq!(turned["hosts"][0]["id"], hosts[1]);
    let tag = format!("\"{}\"", turned["revision"].as_str().expect("a revision"));
    let (_, cleared) = officer.patch(&path, &tag, json!({ "place": null, "hosts": null })).await;
    assert_eq!((&cleared["place"], &cleared["hosts"]), (&Value::Null, &json!([])));
    assert_eq!(cleared["participants"], 80, "what is left out stays");
    let then = format!("{path}?asOf={}", turned["revision"].as_str().expect("a revision"));
    assert_eq!(officer.get(&then).await.1["place"], "시청 대회의실");

    let (status, _) = officer.patch(&path, &tag, json!({ "place": "x" })).await;
    assert_eq!(status, 412, "a stale tag");
    let tag = format!("\"{}\"", cleared["revision"].as_str().expect("a revision"));
    assert_eq!(officer.delete(&path, &tag).await.0, 204);
    assert_eq!(officer.get(&path).await.0, 404);
    assert_eq!(server.anonymous().get(&then).await.0, 200, "the plan is public, and so its past");
    server.stop().await;
}

#[tokio::test]
async fn a_milestone_that_cannot_be_is_refused_with_its_field() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let path = format!("/api/v1/plans/{}/milestones", plan_of(&officer, "52140").await);
    let before = milestones(&officer, "52140").await.len();
    let nobody = "organization_01jz7p4k9vf3b8m2xq6r0t5w1y";
    for (input, pointer, code) in [
        (json!({ "kind": "HEARING", "heldOn": "2025-13" }), "/heldOn", "INVALID"),
        (json!({ "kind": "HEARING", "participants": -1 }), "/participants", "INVALID"),
        (json!({ "kind": "HEARING", "place": " " }), "/place", "INVALID"),
        (json!({ "kind": "HEARING", "hosts": [nobody] }), "/hosts/0", "NOT_FOUND"),
        (json!({ "kind": "HEARING", "hosts": ["plan_x"] }), "/hosts/0", "INVALID"),
        (json!({ "kind": "HEARING", "sources": ["source_x"] }), "/sources/0", "INVALID"),
        (json!({ "kind": "PARTY" }), "/kind", "INVALID"),
        (json!({ "heldOn": "2025" }), "/kind", "INVALID"),
        (json!({ "kind": "OTHER", "externalId": "mine" }), "/externalId", "INVALID"),
        (
            json!({ "kind": "HEARING", "heldOn": "2025-05-02", "endedOn": "2025-04" }),
            "/endedOn",
            "INVALID",
        ),
    ] {
        let (status, body) = officer.post(&path, input.clone()).await;
        assert_eq!(body["code"], code, "{input} {body}");
        assert_eq!(status, if code == "NOT_FOUND" { 404 } else { 422 });
        assert_eq!(body["errors"][0]["pointer"], pointer, "{body}");
    }
    assert_eq!(milestones(&officer, "52140").await.len(), before, "nothing was written");
    let own = milestones(&officer, "52140").await;
    let own = &own[0];
    let change = json!({ "input": { "id": own["id"], "revision": own["revision"], "kind": null } });
    let query = "mutation($input: UpdateMilestoneInput!) { updateMilestone(input: $input) {
        milestone { id } errors { code path } } }";
    let (_, body) = officer.gql_with(query, change).await;
    let error = json!([{ "code": "INVALID", "path": ["input", "kind"] }]);
    assert_eq!(body["data"]["updateMilestone"]["errors"], error, "{body}");
    server.stop().await;
}

#[tokio::test]
async fn only_who_edits_the_plan_writes_and_only_who_sees_it_reads() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let plan = plan_of(&officer, "52110").await;
    let path = format!("/api/v1/plans/{plan}/milestones");
    let new = json!({ "kind": "CONSULTATION", "heldOn": "2025-05" });
    assert_eq!(neighbour.post(&path, new.clone()).await.0, 403);
    assert_eq!(province.post(&path, new.clone()).await.0, 403, "a city's plan is the city's");
    assert_eq!(server.anonymous().post(&path, new.clone()).await.0, 401);

    let draft = json!({ "region": { "code": "52110" }, "title": "제2차 계획(안)", "round": 2 });
    let (_, draft) = officer.post("/api/v1/plans", draft).await;
    let hidden = format!("/api/v1/plans/{}/milestones", draft["id"].as_str().expect("an id"));
    let (status, made) = officer.post(&hidden, new.clone()).await;
    assert_eq!(status, 201, "{made}");
    let own = format!("/api/v1/milestones/{}", made["id"].as_str().expect("an id"));
    let tag = format!("\"{}\"", made["revision"].as_str().expect("a revision"));
    for stranger in [&neighbour, &server.anonymous()] {
        assert_eq!(stranger.get(&own).await.0, 404);
        assert_eq!(stranger.get(&hidden).await.0, 404);
        assert_eq!(stranger.post(&hidden, new.clone()).await.0, 404);
        assert_eq!(stranger.patch(&own, &tag, json!({ "kind": "OTHER" })).await.0, 404);
        assert_eq!(stranger.delete(&own, &tag).await.0, 404);
        let query = format!(
            "{{ node(id: {}) {{ id }} milestone(id: {}) {{ id }} }}",
            made["id"], made["id"]
        );
        assert_eq!(stranger.data(&query).await, json!({ "node": null, "milestone": null }));
    }
    assert_eq!(province.get(&own).await.0, 200, "the province reads drafts below it");
    server.stop().await;
}
