//! Versions of plans: what a plan said when it was adopted, submitted or amended, and what became
//! of it since.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

async fn made(by: &Client, path: &str, new: Value) -> String {
    let (status, thing) = by.post(path, new).await;
    assert_eq!(status, 201, "{path} {thing}");
    text(&thing["id"]).to_owned()
}

async fn patched(by: &Client, path: &str, change: Value) -> Value {
    let tag = by.fetch(path).await.header("etag").to_owned();
    let (status, body) = by.patch(path, &tag, change).await;
    assert_eq!(status, 200, "{body}");
    body
}

/// Adopts a plan of a city, and answers the version.
async fn adopted(by: &Client, plan: &str) -> Value {
    for (name, outcome) in
        [("HEAR", None), ("CONSULT", None), ("DELIBERATE", Some("AS_PROPOSED")), ("ADOPT", None)]
    {
        let (_, read) = by.get(&format!("/api/v1/plans/{plan}")).await;
        let step = json!({ "transition": name, "heldOn": "2026-05", "outcome": outcome,
            "contentRevision": read["contentRevision"] });
        let (status, body) = by.post(&format!("/api/v1/plans/{plan}/transitions"), step).await;
        assert_eq!(status, 200, "{body}");
    }
    by.get(&format!("/api/v1/plans/{plan}/versions/1")).await.1
}

/// A plan with a target, a measure and its indicator, written in one order or another.
async fn written(by: &Client, turned: bool) -> String {
    let new = json!({ "region": { "code": "52110" }, "title": "제2차 계획", "round": 2, "baseYear": 2018,
        "period": { "start": 2030, "end": 2030 } });
    let plan = made(by, "/api/v1/plans", new).await;
    let total = json!({ "sector": "TOTAL", "year": 2030, "baseYear": 2018,
        "base": { "amount": "4371", "unit": "KT" }, "target": { "amount": "3060", "unit": "KT" } });
    let sink =
        json!({ "sector": "SINK", "year": 2030, "removals": { "amount": "10", "unit": "KT" } });
    let government =
        by.get("/api/v1/organizations?region=52110&limit=1").await.1["items"][0]["id"].clone();
    let measure = |title: &str, amount: &str| {
        json!({ "plan": plan, "family": "MITIGATION", "sector": "TRANSPORT",
        "title": title, "lead": government, "quantity": { "unit": "대", "goal": amount },
        "reductions": [{ "year": 2030, "reduction": { "amount": amount, "unit": "T" } }] })
    };
    let mut targets = [total, sink];
    let mut measures = [measure("전기차", "300"), measure("수소차", "20")];
    if turned {
        targets.reverse();
        measures.reverse();
        patched(by, &format!("/api/v1/plans/{plan}"), json!({ "vision": "지나간 생각" })).await;
    }
    for target in targets {
        made(by, &format!("/api/v1/plans/{plan}/targets"), target).await;
    }
    let mut cars = String::new();
    for measure in measures {
        let is_cars = measure["title"] == "전기차";
        let id = made(by, "/api/v1/measures", measure).await;
        cars = if is_cars { id } else { cars };
    }
    let definition = by.get("/api/v1/indicator-definitions").await.1["items"][0].clone();
    let new = json!({ "plan": plan, "measure": cars, "definition": definition["id"] });
    let indicator = made(by, "/api/v1/indicators", new).await;
    let mut years = [2030, 2035];
    if turned {
        years.reverse();
        patched(by, &format!("/api/v1/plans/{plan}"), json!({ "vision": null })).await;
    }
    for year in years {
        let value = json!({ "value": { "amount": year.to_string(), "unit": definition["unit"] } });
        let path = format!("/api/v1/indicators/{indicator}/goals/{year}");
        assert!(by.put(&path, None, value).await.0 < 300);
    }
    plan
}

#[tokio::test]
async fn the_same_contents_have_the_same_hash_in_whatever_order_they_were_written() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let one = written(&officer, false).await;
    let other = written(&officer, true).await;
    let (first, second) = (adopted(&officer, &one).await, adopted(&officer, &other).await);
    assert_eq!(text(&first["hash"]).len(), 64, "{first}");
    assert_eq!(first["hash"], second["hash"]);
    assert_ne!(first["id"], second["id"]);
    server.stop().await;
}

#[tokio::test]
async fn a_version_is_read_as_it_was_and_told_apart_from_what_came_after() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = written(&officer, false).await;
    let version = adopted(&officer, &plan).await;
    let path = format!("/api/v1/plans/{plan}");
    let (_, now) = officer.get(&path).await;
    assert_eq!(now["contentRevision"], version["revision"], "nothing has moved since");
    assert_eq!((&version["number"], &version["why"]), (&json!(1), &json!("ADOPTION")));

    let (_, targets) = officer.get(&format!("{path}/targets?kind=FINAL")).await;
    let total =
        targets["items"].as_array().expect("targets").iter().find(|it| it["isTotal"] == true);
    let total = format!("/api/v1/targets/{}", text(&total.expect("a total")["id"]));
    patched(&officer, &total, json!({ "target": { "amount": "3000", "unit": "KT" } })).await;
    let (_, measures) = officer.get(&format!("{path}/measures")).await;
    let of = |title: &str| {
        let items = measures["items"].as_array().expect("measures");
        text(&items.iter().find(|it| it["title"] == title).expect("one")["id"]).to_owned()
    };
    let gone = format!("/api/v1/measures/{}", of("수소차"));
    let tag = officer.fetch(&gone).await.header("etag").to_owned();
    assert_eq!(officer.delete(&gone, &tag).await.0, 204);
    let new = json!({ "plan": plan, "family": "RESPONSE_BASE", "title": "교육" });
    let added = made(&officer, "/api/v1/measures", new).await;

    // What it said then, by the link that the version gives.
    let (status, then) = officer.get(text(&version["contents"])).await;
    assert_eq!((status, &then["status"]), (200, &json!("ADOPTED")), "{then}");
    let measures = format!("{path}/measures?total=true&asOf={}", text(&version["revision"]));
    assert_eq!(officer.get(&measures).await.1["total"], 2);

    let (status, diff) = officer.get(&format!("{path}/diff?from=1")).await;
    assert_eq!(status, 200, "{diff}");
    assert_eq!((&diff["from"], &diff["fromHash"]), (&version["revision"], &version["hash"]));
    assert_ne!(diff["toHash"], diff["fromHash"]);
    let all = diff["differences"].as_array().expect("differences");
    let told: Vec<(&str, &str, &str)> =
        all.iter().map(|it| (text(&it["kind"]), text(&it["change"]), text(&it["label"]))).collect();
    let expected = [
        ("TARGET", "CHANGED", "2030 TOTAL"),
        ("MEASURE", "ADDED", "교육"),
        ("MEASURE", "REMOVED", "수소차"),
    ];
    assert_eq!(told, expected);
    assert_eq!(all[0]["fields"], json!([{ "name": "target", "from": "3060 KT", "to": "3000 KT" }]));
    assert_eq!(all[1]["id"], added.as_str());
    let title = json!({ "name": "title", "from": null, "to": "교육" });
    assert!(all[1]["fields"].as_array().expect("fields").contains(&title), "{}", all[1]);
    let (_, me) = officer.get("/api/v1/me").await;
    for (difference, action) in all.iter().zip(["updateTarget", "createMeasure", "deleteMeasure"]) {
        let made_by = &difference["madeBy"];
        assert_eq!(made_by.as_array().map(Vec::len), Some(1), "{difference}");
        assert_eq!(
            (&made_by[0]["action"], &made_by[0]["name"]),
            (&json!(action), &json!("담당자"))
        );
        assert_eq!(made_by[0]["accountId"], me["id"]);
    }

    // Minor amendment: the next version, and nothing between it and now.
    let (_, read) = officer.get(&path).await;
    let query = "mutation($input: AmendPlanInput!) { amendPlan(input: $input) {
        plan { id status contentRevision } milestone { kind pass } version { number why hash revision } errors { code message path } } }";
    let input = json!({ "id": plan, "scope": "MINOR", "heldOn": "2026-06", "contentRevision": read["contentRevision"] });
    let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
    let done = &body["data"]["amendPlan"];
    assert_eq!(done["errors"], json!([]), "{body}");
    assert_eq!(done["milestone"], json!({ "kind": "AMENDMENT_MINOR", "pass": 1 }));
    assert_eq!(done["version"]["hash"], diff["toHash"]);
    assert_eq!(done["version"]["revision"], done["plan"]["contentRevision"]);
    let query = "query($id: ID!) { planVersion(plan: $id, number: 2) { why plan { id } }
        plan(id: $id) { diff(from: 1, to: 2) { differences { kind change label madeBy { name } } } } }";
    let (_, body) = officer.gql_with(query, json!({ "id": plan })).await;
    assert_eq!(body["data"]["planVersion"]["plan"]["id"], plan.as_str(), "{body}");
    let between = body["data"]["plan"]["diff"]["differences"].as_array().expect("differences");
    assert_eq!(between.len(), 4, "and the step itself: {between:?}");
    assert_eq!(between[3]["label"], "AMENDMENT_MINOR 2026-06");
    let five = (1..=5).map(|n| format!("a{n}: diff(fromRevision: \"{n}\") {{ to }}"));
    let five = five.collect::<Vec<_>>().join(" ");
    let (_, body) = officer.gql(&format!("{{ plan(id: \"{plan}\") {{ {five} }} }}")).await;
    assert_eq!(body["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{body}");
    let (_, same) = officer.get(&format!("{path}/diff?from=2&to=2")).await;
    assert_eq!(same["differences"], json!([]));
    let (_, by_revision) =
        officer.get(&format!("{path}/diff?fromRevision={}&to=2", text(&version["revision"]))).await;
    assert_eq!(by_revision["differences"].as_array().map(Vec::len), Some(4));
    server.stop().await;
}

#[tokio::test]
async fn the_public_learns_what_changed_and_not_by_whom() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let path = format!("/api/v1/plans/{}", text(&plans["items"][0]["id"]));
    let before = plans["items"][0]["contentRevision"].clone();
    patched(&officer, &path, json!({ "vision": "함께" })).await;
    let diff = format!("{path}/diff?fromRevision={}", text(&before));
    let (_, own) = officer.get(&diff).await;
    assert_eq!(own["differences"][0]["madeBy"][0]["name"], "담당자", "{own}");
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    for (reader, knows) in [(&server.anonymous(), false), (&neighbour, false), (&province, true)] {
        let (status, told) = reader.get(&diff).await;
        assert_eq!(status, 200, "{told}");
        let difference = &told["differences"][0];
        assert_eq!(difference["fields"][0]["name"], "vision", "{told}");
        let made_by = &difference["madeBy"][0];
        assert_eq!(made_by["action"], "updatePlan");
        assert_eq!(made_by["name"].is_string(), knows, "{made_by}");
        assert_eq!(made_by["accountId"].is_string(), knows);
    }
    for (query, status, pointer) in [
        ("", 422, "/from"),
        ("?from=9", 404, "/from"),
        ("?from=1&fromRevision=1", 422, "/from"),
        ("?fromRevision=x", 422, "/from"),
        ("?fromRevision=999999", 422, "/to"),
        ("?fromRevision=1&toRevision=999999", 422, "/to"),
        ("?from=one", 400, "/from"),
    ] {
        let (told, body) = server.anonymous().get(&format!("{path}/diff{query}")).await;
        assert_eq!(
            (told, &body["errors"][0]["pointer"]),
            (status, &json!(pointer)),
            "{query} {body}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn a_version_of_a_draft_stays_with_those_who_saw_it() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = written(&officer, false).await;
    let version = adopted(&officer, &plan).await;
    let path = format!("/api/v1/plans/{plan}");
    let anybody = server.anonymous();
    assert_eq!(anybody.get(&format!("{path}/versions")).await.0, 404);
    let query = format!(
        "{{ planVersion(plan: \"{plan}\", number: 1) {{ number }} node(id: {}) {{ id }} }}",
        version["id"]
    );
    assert_eq!(anybody.data(&query).await, json!({ "planVersion": null, "node": null }));

    let opened = patched(&officer, &path, json!({ "visibility": "PUBLIC" })).await;
    let (_, listed) = anybody.get(&format!("{path}/versions")).await;
    assert_eq!(listed["items"][0]["hash"], version["hash"]);
    assert_eq!(anybody.get(text(&version["contents"])).await.0, 404, "it was a draft then");
    assert_eq!(officer.get(text(&version["contents"])).await.0, 200);
    assert_eq!(anybody.get(&format!("{path}/diff?from=1")).await.0, 404);
    // Who may read it is not what it says.
    let (_, diff) = officer.get(&format!("{path}/diff?from=1")).await;
    assert_eq!(diff["fromHash"], diff["toHash"], "{opened}");
    let fields = json!([{ "name": "visibility", "from": "INTERNAL", "to": "PUBLIC" }]);
    assert_eq!(diff["differences"][0]["fields"], fields);
    for (path, status) in [("versions/2", 404), ("versions/one", 404), ("versions?limit=0", 400)] {
        let (told, body) = officer.get(&format!("/api/v1/plans/{plan}/{path}")).await;
        assert_eq!(told, status, "{path} {body}");
    }
    // A plan of which there are versions is not removed.
    let tag = officer.fetch(&path).await.header("etag").to_owned();
    assert_eq!(officer.delete(&path, &tag).await.0, 409);
    server.stop().await;
}
