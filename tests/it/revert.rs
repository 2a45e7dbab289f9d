//! Things put as they were at an earlier revision, under the rules of today.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("an id: {thing}")).to_owned()
}

fn tag(thing: &Value) -> String {
    format!("\"{}\"", thing["revision"].as_str().unwrap_or_else(|| panic!("a revision: {thing}")))
}

async fn revert(actor: &Client, things: &str, thing: &Value, to: &Value) -> (u16, Value) {
    let path = format!("/api/v1/{things}/{}/revert", id(thing));
    let request = actor.request("POST".parse().expect("a method"), &path);
    let request = request.header("if-match", tag(thing)).json(&json!({ "toRevision": to }));
    let reply = actor.send(request).await;
    (reply.status, reply.body)
}

/// What a thing says, without what belongs to its last writing.
fn said(thing: &Value) -> Value {
    let mut thing = thing.clone();
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("revision");
                fields.remove("citation");
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut thing);
    thing
}

async fn plan_of(region: &str, asker: &Client) -> String {
    id(&asker.get(&format!("/api/v1/regions/{region}/plans")).await.1["items"][0])
}

#[tokio::test]
async fn a_target_goes_back_with_its_figures_and_where_they_come_from() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let plan = plan_of("52110", &officer).await;
    // One of the pack, with sources, confidence and notes.
    let (_, targets) = officer.get(&format!("/api/v1/plans/{plan}/targets")).await;
    let first = targets["items"].as_array().expect("targets").iter();
    let first =
        first.clone().find(|it| it["reductionRate"]["value"].is_number()).expect("a rate").clone();
    let path = format!("/api/v1/targets/{}", id(&first));
    let change = json!({ "reductionRate": { "amount": "12.5", "unit": "PERCENT" }, "base": null,
        "removals": { "amount": "3", "unit": "KT" }, "label": "잘못" });
    let (status, second) = officer.patch(&path, &tag(&first), change).await;
    assert_eq!(status, 200, "{second}");
    assert_ne!(said(&second), said(&first));
    let to = &first["revision"];
    assert_eq!(revert(&neighbour, "targets", &second, to).await.0, 403);
    assert_eq!(revert(&server.anonymous(), "targets", &second, to).await.0, 401);
    assert_eq!(revert(&officer, "targets", &first, to).await.0, 412, "it has moved on");
    assert_eq!(revert(&officer, "measures", &second, to).await.0, 404);
    let (status, back) = revert(&officer, "targets", &second, to).await;
    assert_eq!(status, 200, "{back}");
    assert_eq!(said(&back), said(&first), "to the letter");
    assert_ne!(back["revision"], first["revision"], "it is a new change");
    assert_eq!(
        officer
            .get(&format!("{path}?asOf={}", second["revision"].as_str().expect("a revision")))
            .await
            .1["label"],
        "잘못"
    );
    let (_, same) = revert(&officer, "targets", &back, to).await;
    assert_eq!(same["revision"], back["revision"], "what is so already is not written");

    for (to, status, code) in
        [("1000000", 422, "INVALID"), ("0", 404, "NOT_FOUND"), ("x", 422, "INVALID")]
    {
        let (told, body) = revert(&officer, "targets", &back, &json!(to)).await;
        assert_eq!((told, &body["code"]), (status, &json!(code)), "{to} {body}");
        assert_eq!(body["errors"][0]["pointer"], "/toRevision", "{body}");
    }
    // The rules of today hold: no two targets of a plan say the same.
    let new = |year: i32| json!({ "label": "산림", "year": year, "removals": { "amount": "1", "unit": "KT" } });
    let (_, one) = officer.post(&format!("/api/v1/plans/{plan}/targets"), new(2041)).await;
    let place = format!("/api/v1/targets/{}", id(&one));
    let (_, moved) = officer.patch(&place, &tag(&one), json!({ "year": 2042 })).await;
    assert_eq!(officer.post(&format!("/api/v1/plans/{plan}/targets"), new(2041)).await.0, 201);
    let (status, body) = revert(&officer, "targets", &moved, &one["revision"]).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (409, &json!("/year")), "{body}");
    assert_eq!(officer.get(&place).await.1, moved, "nothing was written");
    let query = r#"mutation($input: RevertToInput!) { revertTo(input: $input) { node { id } errors { code path } } }"#;
    let input = json!({ "id": plan, "revision": "1", "toRevision": "1" });
    let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
    assert_eq!(
        body["data"]["revertTo"]["errors"],
        json!([{ "code": "INVALID", "path": ["input", "id"] }]),
        "{body}"
    );
    server.stop().await;
}

#[tokio::test]
async fn measures_milestones_and_indicators_go_back_with_their_parts() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = plan_of("52110", &officer).await;
    let kt = |amount: &str| json!({ "amount": amount, "unit": "KT" });
    let new = json!({ "plan": plan, "family": "MITIGATION", "title": "전기버스", "sector": "TRANSPORT",
        "reductions": [{ "year": 2030, "reduction": kt("1") }, { "year": 2031, "reduction": kt("2") }],
        "budgets": [{ "year": 2030, "fund": "NATIONAL", "planned": { "amount": "5", "unit": "KRW" } }] });
    let (status, first) = officer.post("/api/v1/measures", new).await;
    assert_eq!(status, 201, "{first}");
    let path = format!("/api/v1/measures/{}", id(&first));
    let change = json!({ "title": "수소버스", "reductions": [{ "year": 2030, "reduction": null }, { "year": 2032, "reduction": kt("9") }],
        "budgets": [{ "year": 2030, "fund": "NATIONAL", "planned": null }] });
    let (status, second) = officer.patch(&path, &tag(&first), change).await;
    assert_eq!(status, 200, "{second}");
    let (status, back) = revert(&officer, "measures", &second, &first["revision"]).await;
    assert_eq!((status, said(&back)), (200, said(&first)), "{back}");

    let new = json!({ "kind": "KICKOFF", "heldOn": "2026-01-10", "summary": "착수",
        "hosts": [officer.get("/api/v1/organizations?limit=1").await.1["items"][0]["id"]] });
    let (_, first) = officer.post(&format!("/api/v1/plans/{plan}/milestones"), new).await;
    let path = format!("/api/v1/milestones/{}", id(&first));
    let (_, second) =
        officer.patch(&path, &tag(&first), json!({ "hosts": null, "heldOn": "2026-02" })).await;
    let (status, back) = revert(&officer, "milestones", &second, &first["revision"]).await;
    assert_eq!((status, said(&back)), (200, said(&first)), "{back}");

    let definition =
        officer.get("/api/v1/indicator-definitions?limit=1").await.1["items"][0]["id"].clone();
    let new = json!({ "definition": definition, "plan": plan, "note": "처음" });
    let (_, first) = officer.post("/api/v1/indicators", new).await;
    let path = format!("/api/v1/indicators/{}", id(&first));
    let (_, second) =
        officer.patch(&path, &tag(&first), json!({ "note": "나중", "sector": "WASTE" })).await;
    let query = r#"mutation($input: RevertToInput!) { revertTo(input: $input) { node { id ... on Indicator { sector { code } provenance { note } } } errors { code } } }"#;
    let input = json!({ "id": second["id"], "revision": second["revision"], "toRevision": first["revision"] });
    let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
    assert_eq!(
        body["data"]["revertTo"]["node"],
        json!({ "id": first["id"], "sector": null, "provenance": { "note": "처음" } }),
        "{body}"
    );
    server.stop().await;
}

#[tokio::test]
async fn issues_and_forums_go_back_but_for_what_others_have_a_say_in() {
    let server = TestServer::start().await;
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let stranger = server.signed_in(Role::ProvinceOfficer, "48").await;
    let new =
        json!({ "region": { "code": "52190" }, "category": "capacity", "title": "인력 부족" });
    let (_, first) = centre.post("/api/v1/issues", new).await;
    let path = format!("/api/v1/issues/{}", id(&first));
    let change = json!({ "title": "다른 말", "visibility": "PUBLIC" });
    let (_, second) = centre.patch(&path, &tag(&first), change).await;
    assert_eq!(revert(&stranger, "issues", &second, &first["revision"]).await.0, 403);
    let (status, back) = revert(&centre, "issues", &second, &first["revision"]).await;
    assert_eq!(
        (status, &back["title"], &back["visibility"]),
        (200, &json!("인력 부족"), &json!("PUBLIC")),
        "{back}"
    );

    // What it was told by is gone since: it cannot be as it was.
    let body =
        json!({ "name": { "ko": "없어질 기관" }, "kind": "NGO", "region": { "code": "52190" } });
    let (_, body) = centre.post("/api/v1/organizations", body).await;
    let (_, told) = centre.patch(&path, &tag(&back), json!({ "raisedBy": body["id"] })).await;
    let (_, untold) = centre.patch(&path, &tag(&told), json!({ "raisedBy": null })).await;
    let place = format!("/api/v1/organizations/{}", id(&body));
    assert_eq!(centre.delete(&place, &tag(&body)).await.0, 204);
    let (status, refused) = revert(&centre, "issues", &untold, &told["revision"]).await;
    assert_eq!(
        (status, &refused["errors"][0]["pointer"]),
        (409, &json!("/toRevision")),
        "{refused}"
    );
    assert!(refused["detail"].as_str().is_some_and(|text| text.contains("gone")), "{refused}");

    let host = centre.get("/api/v1/organizations?limit=1").await.1["items"][0]["id"].clone();
    let new = json!({ "region": { "code": "52190" }, "title": "포럼", "hosts": [host], "outcomes": ["하나", "둘"],
        "sessions": [{ "speakerLabel": "시군", "topic": "토론" }] });
    let (_, first) = centre.post("/api/v1/forums", new).await;
    let path = format!("/api/v1/forums/{}", id(&first));
    let change =
        json!({ "title": "다른 포럼", "hosts": null, "outcomes": ["셋"], "sessions": null });
    assert_eq!(centre.patch(&path, &tag(&first), change).await.0, 200);
    let seat = format!("{path}/participants/{}", host.as_str().expect("an id"));
    let (_, second) = centre.put(&seat, None, json!({ "people": 2 })).await;
    let (status, back) = revert(&centre, "forums", &second, &first["revision"]).await;
    assert_eq!(
        (status, &back["title"], &back["outcomes"]),
        (200, &json!("포럼"), &json!(["하나", "둘"])),
        "{back}"
    );
    assert_eq!((&back["hosts"], &back["sessions"]), (&first["hosts"], &first["sessions"]));
    assert_eq!(back["takingPart"][0]["people"], 2, "who takes part stays");
    server.stop().await;
}
