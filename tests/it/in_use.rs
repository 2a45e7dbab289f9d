//! What cannot go because others refer to it says what they are, as far as the caller sees them.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

async fn made(by: &Client, path: &str, new: Value) -> Value {
    let (status, thing) = by.post(path, new).await;
    assert_eq!(status, 201, "{path} {thing}");
    thing
}

fn path(things: &str, thing: &Value) -> String {
    format!("/api/v1/{things}/{}", thing["id"].as_str().expect("an id"))
}

/// Why it cannot go.
async fn refused(by: &Client, path: &str) -> String {
    let tag = by.fetch(path).await.header("etag").to_owned();
    let (status, body) = by.delete(path, &tag).await;
    assert_eq!((status, &body["code"]), (409, &json!("CONFLICT")), "{body}");
    body["detail"].as_str().expect("a sentence").to_owned()
}

#[tokio::test]
async fn what_still_refers_to_a_thing_is_named_and_counted() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let new = json!({ "region": { "code": "52110" }, "title": "초안", "round": 2 });
    let plan = made(&officer, "/api/v1/plans", new).await;
    let own = path("plans", &plan);
    for year in [2030, 2035, 2040] {
        let new =
            json!({ "label": "교육", "year": year, "removals": { "amount": "1", "unit": "KT" } });
        made(&officer, &format!("{own}/targets"), new).await;
    }
    let measure = json!({ "plan": plan["id"], "family": "RESPONSE_BASE", "title": "교육" });
    let measure = made(&officer, "/api/v1/measures", measure).await;
    assert_eq!(
        refused(&officer, &own).await,
        "It is still referred to by 1 measure and 3 targets."
    );
    assert_eq!(officer.get(&path("measures", &measure)).await.0, 200);

    // The same in the other dialect, in either language.
    let query = "mutation($input: DeletePlanInput!) { deletePlan(input: $input) {
        id errors { code ko: message(lang: KO) en: message(lang: EN) } } }";
    let read = officer.get(&own).await.1;
    let input = json!({ "id": plan["id"], "revision": read["revision"] });
    let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
    let error = &body["data"]["deletePlan"]["errors"][0];
    assert_eq!(
        *error,
        json!({ "code": "CONFLICT", "en": "It is still referred to by 1 measure and 3 targets.",
            "ko": "아직 이것을 쓰는 것이 있습니다: 과제 1건, 목표 3건." })
    );
    server.stop().await;
}

#[tokio::test]
async fn what_refers_to_it_in_a_draft_of_others_is_not_told_of() {
    let server = TestServer::start().await;
    let centre = server.signed_in(Role::SupportCentre, "48").await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let body = json!({ "name": { "ko": "경남 연구소" }, "kind": "RESEARCH_INSTITUTE", "region": { "code": "48" } });
    let body = made(&centre, "/api/v1/organizations", body).await;
    let new = json!({ "region": { "code": "52110" }, "title": "초안", "round": 2 });
    let draft = made(&officer, "/api/v1/plans", new).await;
    let leads = |plan: &Value| json!({ "plan": plan["id"], "family": "RESPONSE_BASE", "title": "교육", "lead": body["id"] });
    made(&officer, "/api/v1/measures", leads(&draft)).await;
    let own = path("organizations", &body);
    assert_eq!(refused(&centre, &own).await, "Something else still refers to it.");

    // What everybody reads is, and it alone is counted.
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let public = plans["items"].as_array().expect("plans").iter();
    let public = public.clone().find(|it| it["visibility"] == "PUBLIC").expect("a public plan");
    made(&officer, "/api/v1/measures", leads(public)).await;
    assert_eq!(refused(&centre, &own).await, "It is still referred to by 1 measure.");
    server.stop().await;
}
