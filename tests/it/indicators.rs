//! Indicators: what is measured, what it is to reach and what it was, never rounded.

use api::access::Role;
use reqwest::Method;
use reqwest::header::IF_MATCH;
use serde_json::{Value, json};
use tests::{Client, TestServer};

async fn put(asker: &Client, path: &str, tag: Option<&str>, body: &Value) -> (u16, Value) {
    let request = asker.request(Method::PUT, path).json(body);
    let request = match tag {
        Some(tag) => request.header(IF_MATCH, tag),
        None => request,
    };
    let reply = asker.send(request).await;
    (reply.status, reply.body)
}

fn tag_of(thing: &Value) -> String {
    format!("\"{}\"", thing["revision"].as_str().expect("a revision"))
}

/// An indicator of the pack.
async fn indicator(asker: &Client, region: &str, name: &str) -> Value {
    let (_, all) = asker.get(&format!("/api/v1/indicators?region={region}&limit=100")).await;
    let wanted = format!("jeonbuk:{name}");
    let mut found = all["items"].as_array().expect("items").iter();
    found.find(|it| it["externalId"] == wanted).expect("an indicator").clone()
}

fn path_of(indicator: &Value) -> String {
    format!("/api/v1/indicators/{}", indicator["id"].as_str().expect("an id"))
}

fn count(amount: &str, unit: &str) -> Value {
    json!({ "value": { "amount": amount, "unit": unit } })
}

#[tokio::test]
async fn hydrogen_and_electric_cars_of_jeonbuk_answer_with_their_sources() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let query = r#"{ region(by: { code: "45" }) { currentPlan { indicators(first: 30) { totalCount nodes {
        externalId definition { code unit decimals direction } region { code } plan { externalId }
        measure { externalId } sector { code }
        goals { period { text from to } kind exact value unit provenance { note sources { externalId } } }
        observations { period { text } exact status provenance { approximate confidence derivation sources { externalId } } }
        early: observations(from: "2019", to: "2021-12") { period { text } }
        latest { period { text } exact provenance { approximate } } } } } } }"#;
    let all = anybody.data(query).await["region"]["currentPlan"]["indicators"].take();
    assert_eq!(all["totalCount"], 12, "{all}");
    let nodes = all["nodes"].as_array().expect("nodes");
    let of = |id: &str| nodes.iter().find(|it| it["externalId"] == id).expect("an indicator");
    let series = |it: &Value| {
        let observations = it["observations"].as_array().expect("a series").iter();
        let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
        observations.map(|it| (text(&it["period"]["text"]), text(&it["exact"]))).collect::<Vec<_>>()
    };
    let pairs = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>()
    };

    let hydrogen = of("jeonbuk:I-52-FCEV");
    assert_eq!(hydrogen["definition"]["code"], "FCEV");
    assert_eq!(
        (&hydrogen["region"]["code"], &hydrogen["sector"]["code"]),
        (&json!("52"), &json!("TRANSPORT"))
    );
    assert_eq!(hydrogen["measure"]["externalId"], "jeonbuk:M004");
    let goal = &hydrogen["goals"][0];
    assert_eq!(
        (&goal["exact"], &goal["unit"], &goal["kind"]),
        (&json!("20000"), &json!("대"), &json!("FINAL"))
    );
    assert_eq!(goal["period"], json!({ "text": "2030", "from": "2030-01-01", "to": "2030-12-31" }));
    assert_eq!(goal["provenance"]["sources"], json!([{ "externalId": "jeonbuk:S006" }]));
    let wanted = [
        ("2017-12", "1"),
        ("2020-12", "409"),
        ("2021-12", "1090"),
        ("2022-06", "1493"),
        ("2023", "2000"),
        ("2024-06", "2500"),
    ];
    assert_eq!(series(hydrogen), pairs(&wanted));
    let of_2023 = &hydrogen["observations"][4];
    assert_eq!(of_2023["provenance"]["approximate"], true);
    assert_eq!(of_2023["provenance"]["sources"][0]["externalId"], "jeonbuk:S006");
    let derived = &hydrogen["observations"][1];
    assert_eq!(
        (&derived["status"], &derived["provenance"]["derivation"]),
        (&json!("ESTIMATED"), &json!("1090-681"))
    );
    assert_eq!(hydrogen["latest"]["exact"], "2500");
    let early = json!([{ "period": { "text": "2020-12" } }, { "period": { "text": "2021-12" } }]);
    assert_eq!(hydrogen["early"], early);

    let wanted = [
        ("2017-12", "336"),
        ("2019-12", "1841"),
        ("2020-12", "3323"),
        ("2021-12", "7365"),
        ("2022-06", "9723"),
        ("2024-06", "22000"),
    ];
    assert_eq!(series(of("jeonbuk:I-52-EV")), pairs(&wanted));
    assert!(
        of("jeonbuk:I-52-EV")["observations"]
            .as_array()
            .expect("a series")
            .iter()
            .all(|it| it["provenance"]["sources"][0]["externalId"].is_string())
    );
    let share = of("jeonbuk:I-52-ECOSHARE");
    assert_eq!(
        (&share["definition"]["decimals"], &share["latest"]["exact"]),
        (&json!(1), &json!("7.3"))
    );

    let trees = indicator(&anybody, "52140", "I-52140-TREE").await;
    let (_, goals) = anybody.get(&format!("{}/goals", path_of(&trees))).await;
    let goal = &goals["items"][0];
    assert_eq!((&goal["exact"], &goal["period"]), (&json!("5000000"), &Value::Null));
    assert_eq!(goal["provenance"]["sources"][0]["externalId"], "jeonbuk:S046");
    assert_eq!(goal["provenance"]["note"], "goal year not stated");

    let path = path_of(&indicator(&anybody, "52", "I-52-FCEV").await);
    let (_, rest) = anybody.get(&format!("{path}/observations?from=2023&to=2023")).await;
    assert_eq!((&rest["items"][0]["exact"], &rest["items"][1]), (&json!("2000"), &Value::Null));
    assert_eq!(rest["items"][0]["provenance"]["sources"][0]["externalId"], "jeonbuk:S006");
    let (_, goals) = anybody.get(&format!("{path}/goals")).await;
    assert_eq!(goals["items"][0]["exact"], "20000");
    server.stop().await;
}

#[tokio::test]
async fn one_definition_serves_many_regions_and_another_name_is_another() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let (_, ev) = anybody.get("/api/v1/indicator-definitions?name=전기차&total=true").await;
    let codes: Vec<&str> = ev["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|it| it["code"].as_str())
        .collect();
    assert_eq!(codes, ["EV", "EV-48880", "EVNEW"], "two that share a code differ in name");

    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let (_, fcev) = anybody.get("/api/v1/indicator-definitions?code=FCEV").await;
    let fcev = &fcev["items"][0];
    let new =
        json!({ "definition": fcev["id"], "region": { "code": "52140" }, "sector": "TRANSPORT" });
    let (status, made) = officer.post("/api/v1/indicators", new).await;
    assert_eq!((status, &made["planId"]), (201, &Value::Null), "{made}");
    let query = r#"{ indicatorDefinitions(filter: { code: { eq: "FCEV" } }) { nodes { unit name(lang: EN)
        indicators { totalCount nodes { region { code } plan { id } } } } } }"#;
    let found = anybody.data(query).await["indicatorDefinitions"]["nodes"][0].take();
    assert_eq!(found["indicators"]["totalCount"], 2);
    let regions: Vec<&Value> = found["indicators"]["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|it| &it["region"]["code"])
        .collect();
    assert_eq!(regions, [&json!("52"), &json!("52140")]);

    // Definitions are reference data: an officer of a city makes none, the province does.
    let query = r#"mutation($input: NewIndicatorDefinition!) { createIndicatorDefinition(input: $input) {
        definition { id code decimals revision } errors { code path } } }"#;
    let input = json!({ "code": "BIKE", "nameKo": "자전거도로", "unit": "km", "decimals": 2, "direction": "UP" });
    let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
    assert_eq!(body["errors"][0]["extensions"]["code"], "FORBIDDEN", "{body}");
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let (_, body) = province.gql_with(query, json!({ "input": input })).await;
    let made = body["data"]["createIndicatorDefinition"]["definition"].clone();
    assert_eq!(made["decimals"], 2, "{body}");
    let (_, body) = province.gql_with(query, json!({ "input": input })).await;
    assert_eq!(body["data"]["createIndicatorDefinition"]["errors"][0]["code"], "CONFLICT");
    let update = "mutation($input: UpdateIndicatorDefinitionInput!) { updateIndicatorDefinition(input: $input) {
        definition { unit } errors { code path } } }";
    let input = json!({ "id": made["id"], "revision": made["revision"], "unit": "m" });
    let (_, body) = province.gql_with(update, json!({ "input": input })).await;
    assert_eq!(body["data"]["updateIndicatorDefinition"]["definition"]["unit"], "m", "{body}");
    let input = json!({ "id": fcev["id"], "revision": fcev["revision"], "decimals": 3 });
    let (_, body) = province.gql_with(update, json!({ "input": input })).await;
    let error = &body["data"]["updateIndicatorDefinition"]["errors"][0];
    assert_eq!(
        (&error["code"], &error["path"]),
        (&json!("CONFLICT"), &json!(["input", "decimals"])),
        "{body}"
    );
    server.stop().await;
}

#[tokio::test]
async fn what_was_recorded_is_overwritten_only_by_who_read_it() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let trees = indicator(&officer, "52140", "I-52140-TREE").await;
    let path = format!("{}/observations/2025-H1", path_of(&trees));
    let (status, first) = put(&officer, &path, None, &count("1200000", "그루")).await;
    assert_eq!(
        (status, &first["exact"], &first["status"]),
        (200, &json!("1200000"), &json!("REPORTED")),
        "{first}"
    );
    let (_, again) = put(&officer, &path, None, &count("1200000.0", "그루")).await;
    assert_eq!(again["revision"], first["revision"], "said again, nothing changes");
    let more = count("1300000", "그루");
    let (status, body) = put(&officer, &path, None, &more).await;
    assert_eq!((status, &body["code"]), (428, &json!("PRECONDITION_REQUIRED")), "{body}");
    let (status, second) = put(&officer, &path, Some(&tag_of(&first)), &more).await;
    assert_eq!((status, &second["exact"]), (200, &json!("1300000")));
    let (status, body) = put(&officer, &path, Some(&tag_of(&first)), &count("1", "그루")).await;
    assert_eq!((status, &body["currentRevision"]), (412, &second["revision"]), "{body}");

    // Neither moves the plan nor the indicator; a goal moves the plan.
    let (_, same) = officer.get(&path_of(&trees)).await;
    assert_eq!(same["revision"], trees["revision"]);
    let plan = format!("/api/v1/plans/{}", trees["planId"].as_str().expect("an id"));
    let (_, before) = officer.get(&plan).await;
    let goals = format!("{}/goals", path_of(&trees));
    let (status, goal) =
        put(&officer, &format!("{goals}/2030?kind=INTERIM"), None, &count("3000000", "그루")).await;
    assert_eq!((status, &goal["kind"]), (200, &json!("INTERIM")), "{goal}");
    let (_, after) = officer.get(&plan).await;
    assert_ne!(before["contentRevision"], after["contentRevision"]);
    let undated = format!("{goals}/undated");
    assert_eq!(put(&officer, &undated, None, &count("6000000", "그루")).await.0, 428);
    let (_, all) = officer.get(&goals).await;
    let changed =
        put(&officer, &undated, Some(&tag_of(&all["items"][1])), &count("6000000", "그루")).await;
    assert_eq!((changed.0, &changed.1["exact"]), (200, &json!("6000000")), "{all}");
    assert_eq!(officer.delete(&format!("{goals}/2030?kind=INTERIM"), &tag_of(&goal)).await.0, 204);

    let (status, body) = officer.delete(&path_of(&trees), &tag_of(&trees)).await;
    assert_eq!((status, &body["code"]), (409, &json!("CONFLICT")), "it has observations: {body}");
    assert_eq!(officer.delete(&path, &tag_of(&second)).await.0, 204);
    assert_eq!(officer.delete(&path_of(&trees), &tag_of(&trees)).await.0, 204);
    let at = second["revision"].as_str().expect("a revision");
    let (_, then) = officer.get(&format!("{}/observations?asOf={at}", path_of(&trees))).await;
    assert_eq!(then["items"][0]["exact"], "1300000");
    server.stop().await;
}

#[tokio::test]
async fn bad_values_are_refused_and_nothing_is_rounded() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let trees = indicator(&officer, "52140", "I-52140-TREE").await;
    let path = |period: &str| format!("{}/observations/{period}", path_of(&trees));
    let cases = [
        ("2025", count("1.5", "그루"), "/value/amount", "INVALID"),
        ("2025", count("99999999999999999999", "그루"), "/value/amount", "OVERFLOW"),
        ("2025", count("1", "대"), "/value/unit", "INVALID"),
        ("2025", json!({}), "/value", "INVALID"),
        ("2025", json!({ "status": "NOT_ESTIMATED" }), "/reason", "INVALID"),
        ("2025", json!({ "status": "FINAL", "reason": "x" }), "/status", "INVALID"),
        ("2025-H3", count("1", "그루"), "/period", "INVALID"),
        ("2025-13", count("1", "그루"), "/period", "INVALID"),
        ("1700", count("1", "그루"), "/period", "INVALID"),
    ];
    for (period, input, pointer, code) in cases {
        let (status, body) = put(&officer, &path(period), None, &input).await;
        assert_eq!((status, &body["code"]), (422, &json!(code)), "{input} {body}");
        assert_eq!(body["errors"][0]["pointer"], pointer, "{body}");
    }
    let mut both = count("1", "그루");
    both["status"] = json!("NOT_OCCURRING");
    let (_, body) = put(&officer, &path("2025"), None, &both).await;
    assert_eq!(body["errors"][0]["pointer"], "/status", "a number and a notation key: {body}");
    let key = json!({ "status": "NOT_ESTIMATED", "reason": "조사 전" });
    let (status, body) = put(&officer, &path("2025"), None, &key).await;
    assert_eq!((status, &body["value"], &body["reason"]), (200, &Value::Null, &json!("조사 전")));

    let query = "mutation($input: RecordObservationInput!) { recordObservation(input: $input) {
        observation { exact } errors { code path } } }";
    let input = json!({ "indicator": trees["id"], "period": "2024", "value": { "amount": "0.1", "unit": "그루" } });
    let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
    let error = &body["data"]["recordObservation"]["errors"][0];
    assert_eq!(error["path"], json!(["input", "value", "amount"]), "{body}");
    let input = json!({ "indicator": trees["id"], "period": "2024", "value": { "amount": "7", "unit": "그루" } });
    let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
    assert_eq!(body["data"]["recordObservation"]["observation"]["exact"], "7", "{body}");

    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let elsewhere = json!({ "definition": trees["definition"]["id"], "plan": plans["items"][0]["id"],
        "region": { "code": "52140" } });
    let (status, body) = officer.post("/api/v1/indicators", elsewhere).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/region")), "{body}");
    server.stop().await;
}

#[tokio::test]
async fn nobody_writes_for_another_region_and_a_draft_shows_no_indicator() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let trees = indicator(&officer, "52140", "I-52140-TREE").await;
    let (goal, observed) = (
        format!("{}/goals/2040", path_of(&trees)),
        format!("{}/observations/2020", path_of(&trees)),
    );
    let one = count("1", "그루");
    for (stranger, status) in [(&neighbour, 403), (&server.anonymous(), 401)] {
        assert_eq!(put(stranger, &goal, None, &one).await.0, status);
        assert_eq!(put(stranger, &observed, None, &one).await.0, status);
        assert_eq!(
            stranger.patch(&path_of(&trees), &tag_of(&trees), json!({ "note": "x" })).await.0,
            status
        );
        assert_eq!(stranger.delete(&path_of(&trees), &tag_of(&trees)).await.0, status);
    }
    // The support centre keeps facts, and makes no plans.
    assert_eq!(put(&centre, &goal, None, &one).await.0, 403);
    assert_eq!(put(&centre, &observed, None, &one).await.0, 200);

    let draft = json!({ "region": { "code": "52140" }, "title": "초안", "round": 2 });
    let (_, draft) = officer.post("/api/v1/plans", draft).await;
    let new = json!({ "definition": trees["definition"]["id"], "plan": draft["id"] });
    let (status, hidden) = officer.post("/api/v1/indicators", new.clone()).await;
    assert_eq!(status, 201, "{hidden}");
    let observed = format!("{}/observations/2020", path_of(&hidden));
    assert_eq!(put(&officer, &observed, None, &one).await.0, 200);
    let query = format!(
        r#"{{ indicator(id: {0}) {{ id }} node(id: {0}) {{ id }}
          indicators(filter: {{ region: {{ code: "52140" }} }}) {{ totalCount }}
          region(by: {{ code: "52140" }}) {{ indicators {{ totalCount nodes {{ latest {{ exact }} }} }} }} }}"#,
        hidden["id"]
    );
    for stranger in [&neighbour, &server.anonymous()] {
        assert_eq!(stranger.get(&path_of(&hidden)).await.0, 404);
        assert_eq!(stranger.get(&format!("{}/observations", path_of(&hidden))).await.0, 404);
        assert_eq!(put(stranger, &observed, None, &one).await.0, 404);
        assert_eq!(stranger.post("/api/v1/indicators", new.clone()).await.0, 404);
        let seen = stranger.data(&query).await;
        assert_eq!((&seen["indicator"], &seen["node"]), (&Value::Null, &Value::Null));
        assert_eq!(seen["indicators"]["totalCount"], 2);
        assert_eq!(seen["region"]["indicators"]["totalCount"], 2);
    }
    assert_eq!(officer.data(&query).await["indicators"]["totalCount"], 3);
    server.stop().await;
}
