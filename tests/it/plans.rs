//! Plans: started, changed and removed by who edits them, in both dialects.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

async fn started(officer: &Client, title: &str) -> Value {
    let new = json!({ "region": { "code": "45110" }, "title": title, "round": 2 });
    let (status, plan) = officer.post("/api/v1/plans", new).await;
    assert_eq!(status, 201, "{plan}");
    plan
}

fn path_of(plan: &Value) -> String {
    format!("/api/v1/plans/{}", plan["id"].as_str().expect("an id"))
}

fn tag_of(plan: &Value) -> String {
    let text = |name: &str| plan[name].as_str().expect("a revision").to_owned();
    format!("\"{}.{}\"", text("revision"), text("contentRevision"))
}

#[tokio::test]
async fn a_plan_starts_as_a_draft_of_its_region() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = started(&officer, "  제2차 계획  ").await;
    assert_eq!(plan["title"], "제2차 계획");
    assert_eq!(plan["region"]["code"], "52110", "a former code is understood");
    assert_eq!(plan["kind"], "MUNICIPAL_BASIC");
    assert_eq!((&plan["visibility"], &plan["status"]), (&json!("INTERNAL"), &json!("IN_PROGRESS")));
    let reply = officer.fetch(&path_of(&plan)).await;
    assert_eq!(reply.header("etag"), tag_of(&plan));
    assert_eq!(reply.header("dure-revision"), plan["revision"].as_str().expect("a revision"));
    server.stop().await;
}

#[tokio::test]
async fn a_change_says_what_it_read_and_takes_only_what_it_names() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = started(&officer, "초안").await;
    let change =
        json!({ "vision": "함께", "period": { "start": 2035, "end": 2044 }, "baseYear": 2018 });
    let (status, changed) = officer.patch(&path_of(&plan), &tag_of(&plan), change).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!((&changed["title"], &changed["vision"]), (&json!("초안"), &json!("함께")));

    let query = r#"mutation($id: ID!, $revision: String!) {
        updatePlan(input: { id: $id, revision: $revision, vision: null, title: "새 이름" }) {
          plan { title vision baseYear period { start end } revision } errors { code } } }"#;
    let variables = json!({ "id": changed["id"], "revision": changed["revision"] });
    let (_, body) = officer.gql_with(query, variables).await;
    let plan = &body["data"]["updatePlan"]["plan"];
    assert_eq!(plan["title"], "새 이름");
    assert_eq!(plan["vision"], Value::Null);
    assert_eq!((&plan["baseYear"], &plan["period"]["end"]), (&json!(2018), &json!(2044)));

    // What changes nothing is no change: no revision, no history.
    let before = plan["revision"].as_str().expect("a revision").to_owned();
    let variables = json!({ "id": changed["id"], "revision": before });
    let query = r#"mutation($id: ID!, $revision: String!) {
        updatePlan(input: { id: $id, revision: $revision, title: "새 이름" }) { plan { revision } } }"#;
    let (_, body) = officer.gql_with(query, variables).await;
    assert_eq!(body["data"]["updatePlan"]["plan"]["revision"], before.as_str());
    server.stop().await;
}

#[tokio::test]
async fn a_stale_revision_is_a_conflict_that_names_the_current_one() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = started(&officer, "초안").await;
    let (path, tag) = (path_of(&plan), tag_of(&plan));
    let (_, newer) = officer.patch(&path, &tag, json!({ "title": "하나" })).await;

    let (status, body) = officer.patch(&path, &tag, json!({ "title": "둘" })).await;
    assert_eq!((status, &body["code"]), (412, &json!("CONFLICT")));
    assert_eq!(body["currentRevision"], newer["revision"]);
    let (status, body) = officer.delete(&path, &tag).await;
    assert_eq!((status, &body["code"]), (412, &json!("CONFLICT")));

    let query = r#"mutation($id: ID!, $revision: String!) {
        updatePlan(input: { id: $id, revision: $revision, title: "둘" }) {
          plan { id } errors { code path message currentRevision } } }"#;
    let variables = json!({ "id": plan["id"], "revision": plan["revision"] });
    let (status, body) = officer.gql_with(query, variables).await;
    let error = &body["data"]["updatePlan"]["errors"][0];
    assert_eq!((status, &error["code"]), (200, &json!("CONFLICT")));
    assert_eq!(error["path"], json!(["input", "revision"]));
    assert_eq!(error["currentRevision"], newer["revision"]);

    let no_header = officer.request("PATCH".parse().expect("a method"), &path).json(&json!({}));
    let reply = officer.send(no_header).await;
    assert_eq!((reply.status, &reply.body["code"]), (428, &json!("PRECONDITION_REQUIRED")));
    assert_eq!(officer.get(&path).await.1["title"], "하나", "nothing of it happened");
    server.stop().await;
}

#[tokio::test]
async fn of_many_who_change_a_plan_at_once_one_wins_and_nothing_is_lost() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = started(&officer, "초안").await;
    let (path, tag) = (path_of(&plan), tag_of(&plan));
    let mut racing = tokio::task::JoinSet::new();
    for n in 0..16 {
        let (officer, path, tag) = (officer.clone(), path.clone(), tag.clone());
        racing.spawn(async move {
            officer.patch(&path, &tag, json!({ "title": format!("{n}번째") })).await
        });
    }
    let answers = racing.join_all().await;
    let won: Vec<&Value> = answers.iter().filter(|it| it.0 == 200).map(|it| &it.1).collect();
    let lost = answers.iter().filter(|it| it.0 == 412 && it.1["code"] == "CONFLICT").count();
    assert_eq!((won.len(), lost), (1, 15), "{answers:?}");
    assert_eq!(officer.get(&path).await.1["title"], won[0]["title"]);
    server.stop().await;
}

#[tokio::test]
async fn bad_input_is_told_with_its_field_in_both_dialects() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let before = officer.fetch("/api/v1/plans?limit=1").await.header("dure-revision").to_owned();
    let code = json!({ "code": "52110" });
    let cases = [
        (json!({ "region": code, "title": " " }), "/title", "INVALID"),
        (json!({ "region": code, "title": "가".repeat(301) }), "/title", "INVALID"),
        (json!({ "region": code, "title": "x", "round": 0 }), "/round", "INVALID"),
        (json!({ "region": code, "title": "x", "baseYear": 99999 }), "/baseYear", "INVALID"),
        (
            json!({ "region": code, "title": "x", "period": { "start": 2030, "end": 2020 } }),
            "/period/end",
            "INVALID",
        ),
        (
            json!({ "region": code, "title": "x", "vision": "가".repeat(20_001) }),
            "/vision",
            "INVALID",
        ),
        (json!({ "region": { "code": "99999" }, "title": "x" }), "/region", "NOT_FOUND"),
        (json!({ "region": { "id": "region_x" }, "title": "x" }), "/region/id", "INVALID"),
        (json!({ "region": code, "title": "x", "kind": "NATIONAL_BASIC" }), "/kind", "INVALID"),
        (json!({ "region": { "code": "52111" }, "title": "x" }), "/region", "INVALID"),
    ];
    for (input, pointer, code) in cases {
        let (status, body) = officer.post("/api/v1/plans", input.clone()).await;
        let wanted = if code == "NOT_FOUND" { 404 } else { 422 };
        assert_eq!((status, &body["code"]), (wanted, &json!(code)), "{body}");
        assert_eq!(body["errors"][0]["pointer"], pointer, "{body}");

        let query = "mutation($input: NewPlan!) { createPlan(input: $input) { plan { id } errors { code path message } } }";
        let (status, body) = officer.gql_with(query, json!({ "input": input })).await;
        let error = &body["data"]["createPlan"]["errors"][0];
        assert_eq!((status, &error["code"]), (200, &json!(code)), "{body}");
        let path: Vec<&str> = std::iter::once("input").chain(pointer[1..].split('/')).collect();
        assert_eq!(error["path"], json!(path));
        assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()));
    }
    // All that is wrong, at once.
    let all =
        json!({ "region": code, "title": "", "round": 99, "period": { "start": 1, "end": 2 } });
    let (_, body) = officer.post("/api/v1/plans", all).await;
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(4), "{body}");
    let after = officer.fetch("/api/v1/plans?limit=1").await.header("dure-revision").to_owned();
    assert_eq!(before, after, "nothing was written");
    server.stop().await;
}

#[tokio::test]
async fn what_a_caller_may_not_set_is_not_a_field() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    for field in ["reportedStatus", "externalId", "revision", "approval", "id"] {
        let new = json!({ "region": { "code": "52110" }, "title": "x", field: "adopted" });
        let (status, body) = officer.post("/api/v1/plans", new).await;
        assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!(format!("/{field}"))));
    }
    server.stop().await;
}

#[tokio::test]
async fn only_who_edits_a_region_makes_its_plans() {
    let server = TestServer::start().await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let new = json!({ "region": { "code": "52110" }, "title": "남의 계획" });
    let (status, body) = neighbour.post("/api/v1/plans", new.clone()).await;
    assert_eq!((status, &body["code"]), (403, &json!("FORBIDDEN")));
    assert!(
        body["detail"].as_str().is_some_and(|text| text.contains("MUNICIPAL_OFFICER")),
        "{body}"
    );
    let (status, body) = server.anonymous().post("/api/v1/plans", new).await;
    assert_eq!((status, &body["code"]), (401, &json!("UNAUTHENTICATED")));

    let query = r#"mutation { createPlan(input: { region: { code: "52110" }, title: "남의 계획" }) { plan { id } } }"#;
    let (_, body) = neighbour.gql(query).await;
    assert_eq!(body["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let (_, body) = server.anonymous().gql(query).await;
    assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");

    // A public plan of another region is seen, and refused as such.
    let (_, plans) = neighbour.get("/api/v1/regions/52110/plans").await;
    let plan = &plans["items"][0];
    let (status, _) = neighbour.patch(&path_of(plan), &tag_of(plan), json!({ "title": "x" })).await;
    assert_eq!(status, 403);
    server.stop().await;
}

#[tokio::test]
async fn a_plan_is_removed_only_when_nothing_is_promised_in_it() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = started(&officer, "초안").await;
    let new = json!({ "sector": "TOTAL", "year": 2040, "reductionRate": { "amount": "70", "unit": "PERCENT" } });
    let (_, target) = officer.post(&format!("{}/targets", path_of(&plan)), new).await;
    let tag = officer.fetch(&path_of(&plan)).await.header("etag").to_owned();
    assert_ne!(tag, tag_of(&plan), "the content moved");
    assert!(tag.starts_with(&format!("\"{}.", plan["revision"].as_str().expect("a revision"))));

    let (status, body) = officer.delete(&path_of(&plan), &tag).await;
    assert_eq!((status, &body["code"]), (409, &json!("CONFLICT")), "{body}");
    let target_path = format!("/api/v1/targets/{}", target["id"].as_str().expect("an id"));
    let target_tag = format!("\"{}\"", target["revision"].as_str().expect("a revision"));
    assert_eq!(officer.delete(&target_path, &target_tag).await.0, 204);
    assert_eq!(officer.delete(&path_of(&plan), &tag).await.0, 204);
    assert_eq!(officer.get(&path_of(&plan)).await.0, 404);
    server.stop().await;
}
