//! What changed since somebody last looked, each as far as they see it; and a line to cite by.

use api::access::Role;
use api::identity::{self, NewGrant};
use serde_json::{Value, json};
use tests::{Client, PASSWORD, TestServer};

fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("an id: {thing}")).to_owned()
}

async fn latest(asker: &Client) -> String {
    asker.fetch("/api/v1/sectors").await.header("dure-revision").to_owned()
}

async fn draft(officer: &Client) -> String {
    let new = json!({ "region": { "code": "52110" }, "title": "초안", "round": 2 });
    id(&officer.post("/api/v1/plans", new).await.1)
}

async fn target(officer: &Client, plan: &str, year: i32) -> Value {
    let new =
        json!({ "sector": "AGRI", "year": year, "removals": { "amount": "1", "unit": "KT" } });
    let (status, target) = officer.post(&format!("/api/v1/plans/{plan}/targets"), new).await;
    assert_eq!(status, 201, "{target}");
    target
}

/// The kinds of a plan with how many were added, changed and removed.
fn counts(summary: &Value, plan: &str) -> Vec<(String, [i64; 3])> {
    let plans = summary["plans"].as_array().cloned().unwrap_or_default();
    let of = plans.into_iter().find(|it| it["planId"] == plan).unwrap_or_default();
    let kinds = of["kinds"].as_array().cloned().unwrap_or_default();
    let count = |kind: &Value| {
        ["added", "changed", "removed"].map(|name| kind[name].as_i64().unwrap_or(-1))
    };
    kinds
        .iter()
        .map(|kind| (kind["kind"].as_str().unwrap_or_default().to_owned(), count(kind)))
        .collect()
}

async fn show(officer: &Client, plan: &str, visibility: &str) {
    let path = format!("/api/v1/plans/{plan}");
    let tag = officer.fetch(&path).await.header("etag").to_owned();
    let (status, body) = officer.patch(&path, &tag, json!({ "visibility": visibility })).await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn each_sees_what_changed_for_them() {
    let server = TestServer::start().await;
    let officer = {
        server.account("officer@52110.example", PASSWORD).await;
        let mut grant =
            NewGrant::to_account("officer@52110.example", Role::MunicipalOfficer, "52110");
        grant.may_approve = Some(true);
        let (_, bodies) = server.anonymous().get("/api/v1/organizations?limit=500").await;
        let bodies = bodies["items"].as_array().expect("organizations").clone();
        let city =
            bodies.iter().find(|it| it["externalId"] == "jeonbuk:ORG-52110").expect("Jeonju");
        grant.organization = Some(api::id::AnyId(id(city)));
        identity::add_grant(&server.operator(), grant).await.expect("a grant");
        server.sign_in("officer@52110.example", PASSWORD).await
    };
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let strangers = [server.anonymous(), server.signed_in(Role::MunicipalOfficer, "52140").await];
    let begin = latest(&officer).await;
    let plan = draft(&officer).await;
    let (kept, dropped) =
        (target(&officer, &plan, 2030).await, target(&officer, &plan, 2031).await);
    let drafted = latest(&officer).await;
    let path = format!("/api/v1/targets/{}", id(&kept));
    let tag = format!("\"{}\"", kept["revision"].as_str().expect("a revision"));
    let more = json!({ "removals": { "amount": "2", "unit": "KT" } });
    assert_eq!(officer.patch(&path, &tag, more).await.0, 200);
    let gone = format!("/api/v1/targets/{}", id(&dropped));
    let tag = format!("\"{}\"", dropped["revision"].as_str().expect("a revision"));
    assert_eq!(officer.delete(&gone, &tag).await.0, 204);

    let summary = async |asker: &Client, since: &str| {
        let (status, body) = asker.get(&format!("/api/v1/changes/summary?since={since}")).await;
        assert_eq!(status, 200, "{body}");
        body
    };
    for insider in [&officer, &centre] {
        // What came and went is not there.
        let all = counts(&summary(insider, &begin).await, &plan);
        assert_eq!(all, [("PLAN".to_owned(), [1, 0, 0]), ("TARGET".to_owned(), [1, 0, 0])]);
        let then = counts(&summary(insider, &drafted).await, &plan);
        assert_eq!(then, [("TARGET".to_owned(), [0, 1, 1])]);
    }
    let seen = summary(&centre, &drafted).await;
    let by = &seen["plans"][0]["kinds"][0]["things"][0]["last"]["by"];
    assert_eq!((&by["role"], &by["name"]), (&json!("MUNICIPAL_OFFICER"), &json!("담당자")));
    assert_eq!(by["organization"]["name"]["ko"], "전주시");
    for stranger in &strangers {
        let none = summary(stranger, &begin).await;
        assert_eq!((&none["plans"], &none["elsewhere"]), (&json!([]), &json!([])), "{none}");
        assert_eq!(
            stranger.get(&format!("/api/v1/changes/summary?since=1&plan={plan}")).await.0,
            404
        );
    }

    let before = latest(&officer).await;
    show(&officer, &plan, "PUBLIC").await;
    let public = latest(&officer).await;
    for stranger in &strangers {
        // What became visible is new, and only that change of it is told.
        let new = summary(stranger, &begin).await;
        let both = [("PLAN".to_owned(), [1, 0, 0]), ("TARGET".to_owned(), [1, 0, 0])];
        assert_eq!(counts(&new, &plan), both);
        let thing = &new["plans"][0]["kinds"][1]["things"][0];
        assert_eq!((&thing["times"], &thing["last"]["revision"]), (&json!(1), &json!(public)));
        assert_eq!(thing["last"]["by"]["name"], Value::Null, "names are for who works there");
        assert_eq!(thing["last"]["by"]["role"], "MUNICIPAL_OFFICER");
    }
    assert_eq!(counts(&summary(&officer, &before).await, &plan)[1].1, [0, 1, 0]);
    show(&officer, &plan, "INTERNAL").await;
    for stranger in &strangers {
        let gone = summary(stranger, &public).await;
        assert_eq!(
            counts(&gone, &plan),
            [("PLAN".to_owned(), [0, 0, 1]), ("TARGET".to_owned(), [0, 0, 1])]
        );
        assert_eq!(gone["plans"][0]["title"], Value::Null);
        assert_eq!(summary(stranger, &begin).await["plans"], json!([]), "it came and went");
    }
    let query = format!(
        r#"{{ changesSince(since: "{public}", region: {{ code: "52110" }}) {{ since revision complete plans {{ title plan {{ id }}
          kinds {{ kind things {{ change node {{ id }} last {{ action by {{ organization {{ externalId }} }} }} }} }} }} }} }}"#
    );
    let data = officer.data(&query).await;
    let plans = &data["changesSince"]["plans"];
    assert_eq!(
        (&plans[0]["plan"]["id"], &data["changesSince"]["complete"]),
        (&json!(plan), &json!(true))
    );
    let thing = &plans[0]["kinds"][1]["things"][0];
    assert_eq!(
        (&thing["node"]["id"], &thing["last"]["action"]),
        (&kept["id"], &json!("updatePlan"))
    );
    assert_eq!(thing["last"]["by"]["organization"]["externalId"], "jeonbuk:ORG-52110");
    let elsewhere = summary(&officer, &format!("{begin}&region=52140")).await;
    assert_eq!(elsewhere["plans"], json!([]));
    for asked in ["since=1000000", "since=x", "region=52110"] {
        let (status, body) = officer.get(&format!("/api/v1/changes/summary?{asked}")).await;
        assert_eq!(
            (status, &body["errors"][0]["pointer"]),
            (422, &json!("/since")),
            "{asked} {body}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn a_mark_is_ones_own_and_leaves_no_trace() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let plan = draft(&officer).await;
    let before = latest(&officer).await;
    let looked = r#"query($plan: ID) { viewer { lastLooked(plan: $plan) { planId revision } } }"#;
    let looked = async |asker: &Client, plan: Value| {
        let (_, body) = asker.gql_with(looked, json!({ "plan": plan })).await;
        body["data"]["viewer"]["lastLooked"].clone()
    };
    assert_eq!(looked(&officer, json!(plan)).await, Value::Null);
    let (status, mark) = officer.put("/api/v1/me/marks", None, json!({ "plan": plan })).await;
    assert_eq!((status, &mark["revision"]), (200, &json!(before)), "{mark}");
    assert_eq!(latest(&officer).await, before, "it is no change");
    target(&officer, &plan, 2030).await;
    let path = format!("/api/v1/changes/summary?plan={plan}");
    let (_, new) = officer.get(&path).await;
    assert_eq!(
        (&new["since"], counts(&new, &plan)),
        (&json!(before), vec![("TARGET".to_owned(), [1, 0, 0])])
    );
    let (status, body) = centre.get(&path).await;
    assert_eq!(
        (status, &body["errors"][0]["pointer"]),
        (422, &json!("/since")),
        "the centre never said"
    );

    let query = r#"mutation($input: MarkInput!) { markAsSeen(input: $input) { mark { planId revision } errors { code path } } }"#;
    let mark = async |asker: &Client, input: Value| {
        asker.gql_with(query, json!({ "input": input })).await.1
    };
    let body = mark(&officer, json!({})).await;
    assert_eq!(body["data"]["markAsSeen"]["mark"]["planId"], Value::Null, "{body}");
    let (_, none) = officer.get(&path).await;
    assert_eq!(none["plans"], json!([]), "the later of the two counts");
    let (_, marks) = officer.get("/api/v1/me/marks").await;
    assert_eq!(marks["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(looked(&officer, json!(plan)).await["revision"], json!(before));
    for (input, path) in [
        (json!({ "revision": "1000000" }), "revision"),
        (json!({ "plan": "plan_01jz7p4k9vf3b8m2xq6r0t5w1y" }), "plan"),
    ] {
        let body = mark(&officer, input).await;
        assert_eq!(
            body["data"]["markAsSeen"]["errors"][0]["path"],
            json!(["input", path]),
            "{body}"
        );
    }
    assert_eq!(server.anonymous().put("/api/v1/me/marks", None, json!({})).await.0, 401);
    assert_eq!(server.anonymous().get("/api/v1/me/marks").await.1["items"], json!([]));
    let machine =
        server.machine(&[api::access::Scope::Read], Role::MunicipalOfficer, "52110").await;
    assert_eq!(machine.client.put("/api/v1/me/marks", None, json!({})).await.0, 403);
    // A mark at a plan does not keep it.
    let empty = draft(&officer).await;
    officer.put("/api/v1/me/marks", None, json!({ "plan": empty })).await;
    let place = format!("/api/v1/plans/{empty}");
    let tag = officer.fetch(&place).await.header("etag").to_owned();
    assert_eq!(officer.delete(&place, &tag).await.0, 204);
    server.stop().await;
}

#[tokio::test]
async fn every_figure_has_a_line_to_cite_it_by() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let figure = "{ provenance { ko: citation(lang: KO) en: citation(lang: EN) confidence derivation sources { title } } }";
    let query = format!(
        r#"{{ region(by: {{ code: "52" }}) {{ plans {{ targets {{ reduction {figure} grossTarget {figure} }} }} }} }}"#
    );
    let data = anybody.data(&query).await;
    let revision = latest(&anybody).await;
    let (mut with, mut without) = (0, 0);
    let targets = data["region"]["plans"][0]["targets"].as_array().expect("targets").iter();
    let figures: Vec<&Value> =
        targets.flat_map(|it| [&it["reduction"], &it["grossTarget"]]).collect();
    for figure in figures {
        let it = &figure["provenance"];
        let sources = it["sources"].as_array().expect("sources");
        let (Some(en), Some(ko)) = (it["en"].as_str(), it["ko"].as_str()) else {
            without += 1;
            assert!(sources.is_empty() && it["confidence"].is_null(), "{it}");
            continue;
        };
        with += 1;
        let as_of = [format!("as of revision {revision} ("), format!("판 {revision}(")];
        for (line, as_of) in [en, ko].into_iter().zip(as_of) {
            assert!(line.contains(&as_of), "{line}");
            let title = |source: &Value| source["title"].as_str().expect("a title").to_owned();
            let named = |it: &Value| line.contains(title(it).trim_end_matches('.'));
            assert!(sources.iter().all(named), "{line}");
            for stray in [", ,", "; ;", ",;", "  ", "\n", "()", "“”", "「」"] {
                assert!(!line.contains(stray), "{stray:?} in {line}");
            }
        }
        let grade = it["confidence"].as_str().expect("a grade");
        assert!(en.ends_with(&format!("confidence {grade}")), "{en}");
    }
    assert!(with > 0 && without > 0, "{with} with and {without} without");
    // The same in REST, in both languages at once.
    let (_, plans) = anybody.get("/api/v1/regions/52/plans").await;
    let path = format!("/api/v1/plans/{}/targets", id(&plans["items"][0]));
    let (_, targets) = anybody.get(&path).await;
    let both = |figure: &&Value| {
        let line = &figure["provenance"]["citation"];
        line["en"].is_string() && line["ko"].is_string()
    };
    let targets = targets["items"].as_array().expect("targets").iter();
    let figures = targets.flat_map(|it| [&it["reduction"], &it["grossTarget"]]);
    assert_eq!(figures.filter(both).count(), with);
    server.stop().await;
}
