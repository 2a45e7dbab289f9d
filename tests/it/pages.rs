//! Pages: walking a list gives each row once, in order, whichever way and however large the steps.

use api::access::Role;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use tests::{Client, TestServer};

const QUERY: &str =
    "query($order: [PlanOrder!], $first: Int, $after: String, $last: Int, $before: String) {
    plans(orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { id title round period { start } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

async fn page(asker: &Client, variables: Value) -> Value {
    let (status, mut body) = asker.gql_with(QUERY, variables).await;
    assert!(status == 200 && body.get("errors").is_none(), "{body}");
    body["data"]["plans"].take()
}

fn nodes(page: &Value) -> Vec<Value> {
    page["edges"].as_array().expect("edges").iter().map(|edge| edge["node"].clone()).collect()
}

async fn forward(asker: &Client, order: &Value, size: u32) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = page(asker, json!({ "order": order, "first": size, "after": after })).await;
        found.extend(nodes(&page));
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

async fn backward(asker: &Client, order: &Value, size: u32) -> Vec<Value> {
    let (mut found, mut before) = (Vec::new(), Value::Null);
    loop {
        let page = page(asker, json!({ "order": order, "last": size, "before": before })).await;
        found.splice(0..0, nodes(&page));
        if page["pageInfo"]["hasPreviousPage"] == false {
            return found;
        }
        before = page["pageInfo"]["startCursor"].clone();
    }
}

/// What a list must be in the order of: nothing comes last, ties by id.
fn sorted(mut all: Vec<Value>, order: &[(&str, bool)]) -> Vec<Value> {
    let key = |node: &Value, field: &str| match field {
        "TITLE" => node["title"].clone(),
        "ROUND" => node["round"].clone(),
        "PERIOD_START" => node["period"]["start"].clone(),
        _ => node["id"].clone(),
    };
    let compare = |a: &Value, b: &Value| match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_i64().cmp(&b.as_i64()),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        _ => std::cmp::Ordering::Equal,
    };
    all.sort_by(|a, b| {
        let terms = order.iter().map(|(field, descending)| {
            let (a, b) = (key(a, field), key(b, field));
            let nulls = a.is_null().cmp(&b.is_null());
            let values = compare(&a, &b);
            nulls.then(if *descending { values.reverse() } else { values })
        });
        let by_terms = terms.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then);
        by_terms.then(compare(&a["id"], &b["id"]))
    });
    all
}

#[test]
fn walking_a_list_either_way_gives_each_row_once_in_order() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = runtime.block_on(TestServer::start());
    let asker = server.anonymous();
    let all = runtime.block_on(forward(&asker, &json!([]), 100));
    assert_eq!(all.len(), 24);
    let fields = ["CREATED", "TITLE", "ROUND", "PERIOD_START"];
    let term = (0..fields.len(), any::<bool>());
    let strategy = (proptest::collection::vec(term, 0..3), 1..12_u32);
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&strategy, |(terms, size)| {
            let terms: Vec<(&str, bool)> =
                terms.iter().map(|(n, down)| (fields[*n], *down)).collect();
            let order = terms.iter().map(|(field, down)| {
                json!({ "field": field, "direction": if *down { "DESC" } else { "ASC" } })
            });
            let order = Value::Array(order.collect());
            let wanted = sorted(all.clone(), &terms);
            prop_assert_eq!(&runtime.block_on(forward(&asker, &order, size)), &wanted);
            prop_assert_eq!(&runtime.block_on(backward(&asker, &order, size)), &wanted);
            Ok(())
        })
        .expect("pages");
    runtime.block_on(server.stop());
}

#[tokio::test]
async fn a_page_stays_where_it_is_while_rows_come() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let order = json!([{ "field": "TITLE", "direction": "ASC" }]);
    let first = page(&officer, json!({ "order": order, "first": 10 })).await;
    let rest = json!({ "order": order, "first": 100, "after": first["pageInfo"]["endCursor"] });
    let before = nodes(&page(&officer, rest.clone()).await);
    let new = json!({ "region": { "code": "52110" }, "title": "!" });
    assert_eq!(officer.post("/api/v1/plans", new).await.0, 201);
    assert_eq!(nodes(&page(&officer, rest).await), before, "a row before the cursor moves nothing");
    server.stop().await;
}

#[tokio::test]
async fn a_cursor_fits_its_own_list_only() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let by_title = json!([{ "field": "TITLE", "direction": "ASC" }]);
    let cursor =
        page(&anybody, json!({ "order": by_title, "first": 1 })).await["pageInfo"]["endCursor"]
            .take();
    for (order, query) in [
        (json!([]), QUERY.to_owned()),
        (json!([{ "field": "TITLE", "direction": "DESC" }]), QUERY.to_owned()),
        (by_title.clone(), QUERY.replace("plans(", "plans(filter: { round: { eq: 1 } }, ")),
    ] {
        let variables = json!({ "order": order, "first": 1, "after": cursor });
        let (_, body) = anybody.gql_with(&query, variables).await;
        assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_CURSOR", "{body}");
    }
    server.stop().await;
}

#[tokio::test]
async fn text_is_in_the_order_of_code_points() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let (_, first) = anybody.get("/api/v1/sources?limit=500").await;
    let titles: Vec<&str> = first["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|it| it["title"].as_str())
        .collect();
    let mut ordered = titles.clone();
    ordered.sort_unstable();
    assert_eq!(titles, ordered);
    assert_eq!(titles.len(), 158);
    server.stop().await;
}

#[tokio::test]
async fn filters_compare_and_combine() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    for (filter, count) in [
        (r#"{ title: { contains: "전주" } }"#, 1),
        (r#"{ title: { contains: "100%" } }"#, 0),
        (r#"{ title: { contains: "_" } }"#, 0),
        (r#"{ status: { in: [REQUIRED, HEARD] } }"#, 10),
        (r#"{ status: { ne: REQUIRED }, within: { code: "45" } }"#, 5),
        (r#"{ kind: { eq: PROVINCE_BASIC } }"#, 4),
        (r#"{ periodStart: { gte: 2025 } }"#, 4),
        (r#"{ periodStart: { isNull: true } }"#, 17),
        (r#"{ not: { periodStart: { isNull: true } } }"#, 7),
        // A plan without a first year does not start in 2024.
        (r#"{ not: { periodStart: { eq: 2024 } } }"#, 22),
        (r#"{ not: {} }"#, 0),
        (r#"{ or: [{ region: { code: "52" } }, { region: { code: "48" } }] }"#, 2),
        (r#"{ and: [{ within: { code: "52" } }, { round: { eq: 2 } }] }"#, 0),
        (r#"{ or: [] }"#, 0),
        (r#"{ visibility: { eq: PUBLIC } }"#, 24),
        // By what hangs on them.
        (r#"{ measures: { some: { title: { contains: "수소" } } } }"#, 2),
        (r#"{ measures: { none: {} } }"#, 19),
        (r#"{ measures: { every: { sector: "AGRI" } }, within: { code: "KR" } }"#, 18),
        (r#"{ measures: { some: {} , none: { sector: "WASTE" } } }"#, 3),
        (r#"{ indicators: { some: { sector: "SINK" } } }"#, 1),
    ] {
        let data = anybody.data(&format!("{{ plans(filter: {filter}) {{ totalCount }} }}")).await;
        assert_eq!(data["plans"]["totalCount"], count, "{filter}");
    }
    let data =
        anybody.data("{ measures(filter: { indicators: { some: {} } }) { totalCount } }").await;
    assert_eq!(data["measures"]["totalCount"], 7);
    let (_, body) = anybody
        .gql(r#"{ plans(filter: { measures: { every: { sector: "NONE" } } }) { totalCount } }"#)
        .await;
    let told = &body["errors"][0]["extensions"];
    assert_eq!(
        (&told["code"], &told["field"]),
        (&json!("NOT_FOUND"), &json!("filter.measures.every.sector")),
        "{body}"
    );
    server.stop().await;
}
