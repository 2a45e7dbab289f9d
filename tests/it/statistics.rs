//! What is counted in regions: loaded, asked for in one go, written by who keeps the facts there;
//! and the regions on a map.

use api::access::Role;
use serde_json::{Value, json};
use tests::TestServer;

fn text<'a>(thing: &'a Value, name: &str) -> &'a str {
    thing[name].as_str().expect("a text")
}

fn tag_of(thing: &Value) -> String {
    format!("\"{}\"", text(thing, "revision"))
}

#[tokio::test]
async fn the_people_of_the_fourteen_add_up_to_those_of_the_province() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let query = r#"{ jeonbuk: region(by: { code: "52" }) {
        statistics(stat: "POPULATION", period: "2022-12") { exact unit name
          provenance { confidence approximate sources { externalId } } }
        children { code statistics(stat: "POPULATION", period: "2022-12") { exact unit region { code } } } } }"#;
    let data = anybody.data(query).await;
    let whole = &data["jeonbuk"]["statistics"][0];
    assert_eq!((&whole["exact"], &whole["unit"]), (&json!("1769607"), &json!("명")));
    assert_eq!(whole["provenance"]["sources"], json!([{ "externalId": "jeonbuk:S085" }]));
    let children = data["jeonbuk"]["children"].as_array().expect("regions");
    let people = children.iter().map(|child| {
        let figures = child["statistics"].as_array().expect("figures");
        assert_eq!(figures.len(), 1, "{child}");
        assert_eq!(figures[0]["region"]["code"], child["code"]);
        text(&figures[0], "exact").parse::<i64>().expect("a number")
    });
    assert_eq!((children.len(), people.sum::<i64>()), (14, 1_769_607));
    let (_, area) = anybody.get("/api/v1/regions/45/statistics?stat=AREA").await;
    let area = &area["items"][0];
    assert_eq!((&area["exact"], &area["value"]), (&json!("8066.43"), &json!(8066.43)));
    assert_eq!((&area["period"], &area["unit"]), (&Value::Null, &json!("km2")));
    let node = format!(r#"{{ node(id: "{}") {{ __typename }} }}"#, text(area, "id"));
    assert_eq!(anybody.data(&node).await["node"]["__typename"], "Statistic");
    server.stop().await;
}

#[tokio::test]
async fn the_facts_of_fourteen_regions_take_no_statement_each() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    for field in
        [r#"statistics(stat: "POPULATION")"#, r#"emissions(sector: "TOTAL")"#, "organizations"]
    {
        let query = |within: &str, level: &str| {
            format!(
                r#"{{ regions(within: {{ code: "{within}" }}, level: {level}) {{ level
                    {field} {{ id region {{ code }} provenance {{ sources {{ id }} }} }} }} }}"#
            )
        };
        let few = server.taken(&anybody, &query("KR", "PROVINCE")).await;
        let many = server.taken(&anybody, &query("52", "MUNICIPALITY")).await;
        assert!(few.count("provenance") > 0, "{field}");
        few.grows_not(&many, "level");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_figure_is_written_by_who_keeps_the_facts_of_its_region() {
    let server = TestServer::start().await;
    let (city, other) = (
        server.signed_in(Role::MunicipalOfficer, "52110").await,
        server.signed_in(Role::MunicipalOfficer, "52140").await,
    );
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let path = "/api/v1/regions/52110/statistics/POPULATION/2021-H2";
    let figure = json!({ "value": "635651", "unit": "명" });
    // A header that says nothing is no header left out.
    for (tag, refused) in [("W/\"1\"", 412), ("seen", 400)] {
        assert_eq!(city.put(path, Some(tag), figure.clone()).await.0, refused, "{tag}");
    }
    for (asker, wanted) in [(&server.anonymous(), 401), (&other, 403), (&city, 201)] {
        let (status, body) = asker.put(path, None, figure.clone()).await;
        assert_eq!(status, wanted, "{body}");
    }
    let (status, made) = city.put(path, None, figure).await;
    assert_eq!((status, &made["name"]["ko"]), (200, &json!("주민등록 인구")), "said again: {made}");
    assert_eq!(made["provenance"]["approximate"], false);

    // What is there already is overwritten by who has read it.
    let (_, sources) = centre.get("/api/v1/sources?limit=1").await;
    let figure = json!({ "value": "635000.5", "unit": "명", "approximate": true,
        "sources": [sources["items"][0]["id"]], "note": "추정" });
    let (status, body) = centre.put(path, None, figure.clone()).await;
    assert_eq!((status, &body["code"]), (428, &json!("PRECONDITION_REQUIRED")), "{body}");
    let (status, changed) = centre.put(path, Some(&tag_of(&made)), figure.clone()).await;
    assert_eq!((status, &changed["exact"]), (200, &json!("635000.5")), "{changed}");
    assert_eq!(changed["id"], made["id"]);
    assert_eq!(changed["provenance"]["approximate"], true);
    assert_eq!(changed["provenance"]["confidence"], "B");
    let (status, body) =
        city.put(path, Some(&tag_of(&made)), json!({ "value": 1, "unit": "명" })).await;
    assert_eq!((status, &body["currentRevision"]), (412, &changed["revision"]), "{body}");

    let one = format!("/api/v1/statistics/{}", text(&made, "id"));
    let (_, then) = city.get(&format!("{one}?asOf={}", text(&made, "revision"))).await;
    assert_eq!(then["exact"], "635651");
    let mutation = "mutation($input: DeleteStatisticInput!) { deleteStatistic(input: $input) {
        id errors { code path currentRevision } } }";
    let stale = json!({ "input": { "id": made["id"], "revision": made["revision"] } });
    let body = json!({ "query": mutation, "variables": stale });
    let request = city.request(reqwest::Method::POST, "/graphql").json(&body);
    // No header speaks for what a mutation has read.
    let reply = city.send(request.header("if-match", "*")).await;
    let errors = &reply.body["data"]["deleteStatistic"]["errors"];
    assert_eq!(errors[0]["code"], "CONFLICT", "{}", reply.body);
    assert_eq!(other.delete(&one, &tag_of(&changed)).await.0, 403);
    assert_eq!(city.delete(&one, &tag_of(&changed)).await.0, 204);
    assert_eq!(city.get(&one).await.0, 404);
    server.stop().await;
}

#[tokio::test]
async fn a_figure_that_says_nothing_sensible_is_refused_with_its_field() {
    let server = TestServer::start().await;
    let city = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let mutation = "mutation($input: RecordStatisticInput!) { recordStatistic(input: $input) {
        statistic { id exact } errors { code path } } }";
    let of = |extra: Value| {
        let mut input = json!({ "region": { "code": "52110" }, "stat": "POPULATION",
            "period": "2023-H1", "value": "1", "unit": "명" });
        let fields = extra.as_object().cloned().unwrap_or_default();
        input.as_object_mut().expect("an object").extend(fields);
        json!({ "input": input })
    };
    for (extra, field, code) in [
        (json!({ "value": "0.1234567" }), "value", "INVALID"),
        (json!({ "value": "99999999999999999999" }), "value", "OVERFLOW"),
        (json!({ "value": "많음" }), "value", "INVALID"),
        (json!({ "stat": "인구" }), "stat", "INVALID"),
        (json!({ "stat": "BICYCLES" }), "name", "INVALID"),
        (json!({ "period": "2023-H3" }), "period", "INVALID"),
        (json!({ "unit": " " }), "unit", "INVALID"),
        (json!({ "revision": "1" }), "revision", "NOT_FOUND"),
        (json!({ "region": { "code": "1" } }), "region", "NOT_FOUND"),
    ] {
        let (_, body) = city.gql_with(mutation, of(extra.clone())).await;
        let error = &body["data"]["recordStatistic"]["errors"][0];
        let told = (&error["code"], &error["path"]);
        assert_eq!(told, (&json!(code), &json!(["input", field])), "{extra}: {body}");
    }
    let (_, body) = city.gql_with(mutation, of(json!({ "value": "12.50" }))).await;
    assert_eq!(body["data"]["recordStatistic"]["statistic"]["exact"], "12.5", "{body}");
    server.stop().await;
}

#[tokio::test]
async fn regions_are_points_on_a_map() {
    let server = TestServer::start().await;
    let reply =
        server.anonymous().fetch("/api/v1/regions.geojson?within=52&level=MUNICIPALITY").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/geo+json"));
    assert_eq!(reply.body["type"], "FeatureCollection");
    let features = reply.body["features"].as_array().expect("features");
    assert_eq!(features.len(), 14);
    let (_, jeonju) = server.anonymous().get("/api/v1/regions/52110").await;
    let point = &jeonju["point"];
    assert_eq!(features[0]["properties"]["code"], "52110");
    assert_eq!(features[0]["id"], jeonju["id"]);
    assert_eq!(
        features[0]["geometry"],
        json!({ "type": "Point", "coordinates": [point["longitude"], point["latitude"]] })
    );
    assert!(point["longitude"].as_f64() > point["latitude"].as_f64(), "east of 126°, north of 33°");
    server.stop().await;
}
