//! Targets: set, changed and removed, with figures that are exact or refused.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

async fn plan_of(officer: &Client, region: &str) -> String {
    let (_, plans) = officer.get(&format!("/api/v1/regions/{region}/plans")).await;
    plans["items"][0]["id"].as_str().expect("an id").to_owned()
}

fn kt(amount: &str) -> Value {
    json!({ "amount": amount, "unit": "KT" })
}

#[tokio::test]
async fn a_target_is_set_and_changed_figure_by_figure() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let plan = plan_of(&officer, "52140").await;
    let (_, sources) = officer.get("/api/v1/sources?limit=2").await;
    let source = sources["items"][0]["id"].clone();
    let query = "mutation($input: CreateTargetInput!) { createTarget(input: $input) {
        target { id revision sector { code } base { exact } reduction { exact provenance { confidence note sources { id } } }
          plan { id } } errors { code path } } }";
    let input = json!({ "plan": plan, "sector": "BUILDING", "year": 2030, "baseYear": 2018,
        "base": kt("700.5"), "reduction": kt("210"), "sources": [source], "note": "내부 검토" });
    let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
    let target = &body["data"]["createTarget"]["target"];
    assert_eq!(target["base"]["exact"], "700.5", "{body}");
    assert_eq!(target["reduction"]["provenance"]["sources"], json!([{ "id": source }]));
    assert_eq!(target["reduction"]["provenance"]["note"], "내부 검토");

    let path = format!("/api/v1/targets/{}", target["id"].as_str().expect("an id"));
    let tag = officer.fetch(&path).await.header("etag").to_owned();
    let change = json!({ "reduction": { "amount": "220.25", "unit": "KT" }, "base": null });
    let (status, changed) = officer.patch(&path, &tag, change).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!(changed["reduction"]["exact"], "220.25");
    assert_eq!(changed["base"]["status"], "NOT_REPORTED");
    assert_ne!(changed["revision"], target["revision"], "its figures are a part of it");

    let (_, then) = officer.get(&format!("{path}?asOf={}", tag.trim_matches('"'))).await;
    assert_eq!(
        (&then["base"]["exact"], &then["reduction"]["exact"]),
        (&json!("700.5"), &json!("210"))
    );
    server.stop().await;
}

#[tokio::test]
async fn numbers_are_exact_or_refused_with_their_field() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let plan = plan_of(&officer, "52140").await;
    let path = format!("/api/v1/plans/{plan}/targets");
    let of = |figures: Value| {
        let mut target = json!({ "sector": "WASTE", "year": 2030 });
        target
            .as_object_mut()
            .expect("an object")
            .extend(figures.as_object().cloned().unwrap_or_default());
        target
    };
    let rate = |amount: &str| json!({ "amount": amount, "unit": "PERCENT" });
    let cases = [
        (of(json!({ "base": kt("0.0000000001") })), "/base/amount", "INVALID"),
        (of(json!({ "base": kt("99999999999") })), "/base/amount", "OVERFLOW"),
        (of(json!({ "base": kt("1,000") })), "/base/amount", "INVALID"),
        (of(json!({ "base": kt("NaN") })), "/base/amount", "INVALID"),
        (of(json!({ "base": kt("12345678.1234567891") })), "/base/amount", "INVALID"),
        (of(json!({ "removals": kt("-1") })), "/removals", "INVALID"),
        (of(json!({ "reductionRate": rate("1000.000001") })), "/reductionRate/amount", "INVALID"),
        (of(json!({ "base": { "amount": "1" } })), "/base/unit", "INVALID"),
        (of(json!({})), "/target", "INVALID"),
        (json!({ "year": 2030, "base": kt("1") }), "/sector", "INVALID"),
        (json!({ "sector": "NONE", "year": 2030, "base": kt("1") }), "/sector", "NOT_FOUND"),
        (json!({ "sector": "WASTE", "year": 1800, "base": kt("1") }), "/year", "INVALID"),
        (
            json!({ "sector": "WASTE", "year": 2030, "baseYear": 2030, "base": kt("1") }),
            "/year",
            "INVALID",
        ),
        (
            json!({ "sector": "WASTE", "year": 2030, "statedOn": "2024-13", "base": kt("1") }),
            "/statedOn",
            "INVALID",
        ),
        (
            json!({ "sector": "WASTE", "year": 2030, "sources": ["source_x"], "base": kt("1") }),
            "/sources/0",
            "INVALID",
        ),
    ];
    for (input, pointer, code) in cases {
        let (status, body) = officer.post(&path, input.clone()).await;
        assert_eq!(body["code"], code, "{input} {body}");
        assert_eq!(status, if code == "NOT_FOUND" { 404 } else { 422 });
        assert_eq!(body["errors"][0]["pointer"], pointer, "{body}");

        let mut input = input;
        input["plan"] = json!(plan);
        let query = "mutation($input: CreateTargetInput!) { createTarget(input: $input) { target { id } errors { code path } } }";
        let (status, body) = officer.gql_with(query, json!({ "input": input })).await;
        if pointer == "/base/unit" {
            // There the schema itself asks for it.
            assert_eq!(
                (status, &body["errors"][0]["extensions"]["code"]),
                (400, &json!("GRAPHQL_INVALID"))
            );
            assert!(
                body["errors"][0]["message"].as_str().is_some_and(|text| text.contains("unit"))
            );
            continue;
        }
        let error = &body["data"]["createTarget"]["errors"][0];
        assert_eq!(error["code"], code, "{body}");
        let wanted: Vec<&str> = std::iter::once("input").chain(pointer[1..].split('/')).collect();
        assert_eq!(error["path"], json!(wanted));
    }
    let (_, left) = officer.get(&format!("{path}?sector=WASTE")).await;
    assert_eq!(left["items"], json!([]), "nothing was written");
    server.stop().await;
}

#[tokio::test]
async fn a_plan_promises_one_thing_once() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let path = format!("/api/v1/plans/{}/targets", plan_of(&officer, "52140").await);
    let new = json!({ "sector": "SINK", "year": 2034, "removals": kt("3") });
    assert_eq!(officer.post(&path, new.clone()).await.0, 201);
    let (status, body) = officer.post(&path, new).await;
    assert_eq!((status, &body["code"]), (409, &json!("CONFLICT")));
    let draft = json!({ "sector": "SINK", "year": 2034, "kind": "DRAFT", "removals": kt("2") });
    assert_eq!(officer.post(&path, draft).await.0, 201, "another kind is another target");
    server.stop().await;
}

#[tokio::test]
async fn the_last_figure_of_a_target_cannot_be_taken_away() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let path = format!("/api/v1/plans/{}/targets", plan_of(&officer, "52140").await);
    let (_, target) =
        officer.post(&path, json!({ "label": "도시숲", "year": 2034, "removals": kt("3") })).await;
    let own = format!("/api/v1/targets/{}", target["id"].as_str().expect("an id"));
    let tag = format!("\"{}\"", target["revision"].as_str().expect("a revision"));
    let (status, body) = officer.patch(&own, &tag, json!({ "removals": null })).await;
    assert_eq!((status, &body["code"]), (422, &json!("INVALID")));
    assert_eq!(officer.get(&own).await.1["removals"]["exact"], "3", "half done is not done");
    server.stop().await;
}

#[tokio::test]
async fn a_neighbour_changes_no_target() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let path = format!("/api/v1/plans/{}/targets", plan_of(&officer, "52140").await);
    let (_, targets) = officer.get(&path).await;
    let target = &targets["items"][0];
    let own = format!("/api/v1/targets/{}", target["id"].as_str().expect("an id"));
    let tag = format!("\"{}\"", target["revision"].as_str().expect("a revision"));
    let new = json!({ "sector": "SINK", "year": 2034, "removals": kt("3") });
    assert_eq!(officer.post(&path, new.clone()).await.0, 403);
    assert_eq!(officer.patch(&own, &tag, json!({ "year": 2031 })).await.0, 403);
    assert_eq!(officer.delete(&own, &tag).await.0, 403);
    assert_eq!(server.anonymous().post(&path, new).await.0, 401);
    assert_eq!(server.anonymous().delete(&own, &tag).await.0, 401);
    server.stop().await;
}

#[tokio::test]
async fn a_base_that_is_the_plan_s_moves_the_tag_with_the_plan() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::ProvinceOfficer, "52").await;
    let plan = plan_of(&officer, "52").await;
    let (_, totals) =
        officer.get(&format!("/api/v1/plans/{plan}/targets?sector=TOTAL&year=2030")).await;
    let path = format!("/api/v1/targets/{}", totals["items"][0]["id"].as_str().expect("an id"));
    let before = officer.fetch(&path).await;
    assert_eq!(before.body["base"]["exact"], "25760");
    let own = format!("/api/v1/plans/{plan}");
    let tag = officer.fetch(&own).await.header("etag").to_owned();
    assert_eq!(officer.patch(&own, &tag, json!({ "baseYear": 2017 })).await.0, 200);
    let after = officer.fetch(&path).await;
    assert_eq!(after.body["base"]["status"], "NOT_REPORTED", "another year's base is not its own");
    assert_ne!(after.header("etag"), before.header("etag"));
    assert_eq!(after.body["revision"], before.body["revision"], "the target did not move");
    assert_eq!(
        officer.patch(&path, before.header("etag"), json!({ "label": "총량" })).await.0,
        200
    );
    server.stop().await;
}

#[tokio::test]
async fn one_unknown_sector_is_the_fault_of_its_own_field() {
    let server = TestServer::start().await;
    let query = r#"{ region(by: { code: "52" }) { currentPlan {
        good: targets(sector: "SINK") { id } bad: targets(sector: "NONE") { id } title } } }"#;
    let (_, body) = server.anonymous().gql(query).await;
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(1), "{body}");
    assert_eq!(body["errors"][0]["path"], json!(["region", "currentPlan", "bad"]));
    assert_eq!(body["errors"][0]["extensions"]["code"], "NOT_FOUND");
    server.stop().await;
}

#[tokio::test]
async fn what_must_be_is_not_taken_away_and_a_note_needs_its_figure() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let plan = plan_of(&officer, "52140").await;
    let (_, targets) = officer.get(&format!("/api/v1/plans/{plan}/targets")).await;
    let target = &targets["items"][0];
    let path = format!("/api/v1/targets/{}", target["id"].as_str().expect("an id"));
    let tag = format!("\"{}\"", target["revision"].as_str().expect("a revision"));
    for (change, pointer) in [
        (json!({ "year": null }), "/year"),
        (json!({ "kind": null }), "/kind"),
        (json!({ "note": "회의록" }), "/note"),
        (json!({ "base": null, "sources": [] }), "/sources"),
    ] {
        let (status, body) = officer.patch(&path, &tag, change.clone()).await;
        assert_eq!(
            (status, &body["errors"][0]["pointer"]),
            (422, &json!(pointer)),
            "{change} {body}"
        );
    }
    // Of a basis, too, what is left out stays.
    let basis = json!({ "basis": { "netting": "NET", "guideline": "IPCC 2006" } });
    let (_, changed) = officer.patch(&path, &tag, basis).await;
    let tag = format!("\"{}\"", changed["revision"].as_str().expect("a revision"));
    let basis = json!({ "basis": { "netting": null, "gwpSet": "AR5" } });
    let (_, changed) = officer.patch(&path, &tag, basis).await;
    let told = ["netting", "guideline", "gwpSet"].map(|name| changed["basis"][name].clone());
    assert_eq!(json!(told), json!(["UNSTATED", "IPCC 2006", "AR5"]), "{changed}");

    let own = format!("/api/v1/plans/{plan}");
    let tag = officer.fetch(&own).await.header("etag").to_owned();
    for field in ["title", "round", "visibility"] {
        let (status, body) = officer.patch(&own, &tag, json!({ field: null })).await;
        assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!(format!("/{field}"))));
    }
    // Half a period leaves the other half alone.
    let (_, changed) = officer.patch(&own, &tag, json!({ "period": { "start": 2025 } })).await;
    assert_eq!(changed["period"], json!({ "start": 2025, "end": 2034 }));

    // What is not found is named, too.
    let nobody = "target_00000000000000000000000000";
    let query = r#"mutation($id: ID!) { deleteTarget(input: { id: $id, revision: "1" }) { errors { code path } } }"#;
    let (_, body) = officer.gql_with(query, json!({ "id": nobody })).await;
    assert_eq!(
        body["data"]["deleteTarget"]["errors"],
        json!([{ "code": "NOT_FOUND", "path": ["input", "id"] }])
    );
    let query = r#"mutation($plan: ID!) { createTarget(input: { plan: $plan, sector: "SINK", year: 2030 }) { errors { code path } } }"#;
    let nowhere = "plan_00000000000000000000000000";
    let (_, body) = officer.gql_with(query, json!({ "plan": nowhere })).await;
    assert_eq!(
        body["data"]["createTarget"]["errors"],
        json!([{ "code": "NOT_FOUND", "path": ["input", "plan"] }])
    );
    server.stop().await;
}
