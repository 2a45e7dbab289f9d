//! How checks are read with all that hangs on them.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

use super::{World, committee, id, made, on, world};

const SHAPE: &str = r#"{ progressChecks(filter: { region: { code: "52110" } }, first: 100) { nodes { state
    steps { transition organization { id } } availableTransitions { name allowed }
    computed { sectors { sector { code } } budgets { fund } }
    assessments { budgets { fund } values { indicator { id } } measure { title } } } } }"#;

#[tokio::test]
async fn checks_with_all_that_hangs_on_them_take_as_many_statements_for_more_of_them() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let body = committee(&officer).await;
    let it = world(&officer).await;
    it.assess(&officer).await;
    let step = |day: &str| json!({ "transition": "SELF_ASSESS", "on": day, "organization": body });
    assert_eq!(it.step(&officer, step("2025-03-10")).await.0, 200);
    let few = server.taken(&officer, SHAPE).await;
    for year in [2025, 2023] {
        let check = json!({ "plan": it.plan, "year": year, "kind": "BASIC_PLAN" });
        let check = id(&made(&officer, "/api/v1/progress-checks", check).await);
        let it = World {
            plan: it.plan.clone(),
            check,
            measures: it.measures.clone(),
            indicator: it.indicator.clone(),
        };
        it.assess(&officer).await;
        assert_eq!(it.step(&officer, step("2026-01-10")).await.0, 200);
        if year == 2023 {
            assert_eq!(it.step(&officer, on("DELIBERATE", "2026-01-11")).await.0, 200);
            assert_eq!(it.step(&officer, on("SUBMIT", "2026-01-12")).await.0, 200);
        }
    }
    few.grows_not(&server.taken(&officer, SHAPE).await, "fund");
    server.stop().await;
}

async fn created(maker: &Client, plan: &str, year: i32, more: Value) -> String {
    let mut check = json!({ "plan": plan, "year": year, "kind": "RESPONSE_BASE" });
    check.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("one"));
    id(&made(maker, "/api/v1/progress-checks", check).await)
}

/// The checks that fit, by id, in pages of two, and how many there are said to be.
async fn found(asker: &Client, filter: &str) -> (Vec<String>, u64) {
    let (mut ids, mut after) = (Vec::new(), Value::Null);
    loop {
        let query = format!(
            "{{ progressChecks(filter: {filter}, first: 2, after: {after}) {{ totalCount nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let page = asker.data(&query).await["progressChecks"].take();
        ids.extend(page["nodes"].as_array().expect("nodes").iter().map(id));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] != true {
            return (ids, page["totalCount"].as_u64().expect("a count"));
        }
    }
}

#[tokio::test]
async fn checks_are_found_by_the_state_that_they_tell() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let body = committee(&officer).await;
    let it = world(&officer).await;
    // What is reported of a deliberation counts until the first step, and only with a day.
    created(&officer, &it.plan, 2024, json!({ "reviewers": [body] })).await;
    created(&officer, &it.plan, 2023, json!({ "reviewedOn": "2024-05-20" })).await;
    let reported = json!({ "reviewers": [body], "reviewedOn": "2025-05-20" });
    created(&officer, &it.plan, 2022, reported.clone()).await;
    let mut beside = reported.clone();
    beside["kind"] = json!("ADAPTATION");
    created(&officer, &it.plan, 2024, beside).await;
    it.assess(&officer).await;
    let tag = officer.fetch(&it.path()).await.header("etag").to_owned();
    assert_eq!(officer.patch(&it.path(), &tag, reported).await.0, 200);
    assert_eq!(it.step(&officer, on("SELF_ASSESS", "2025-05-21")).await.0, 200);
    for asker in [&officer, &server.anonymous()] {
        let all = asker.data("{ progressChecks(first: 100) { nodes { id state } } }").await;
        let all = all["progressChecks"]["nodes"].as_array().cloned().expect("checks");
        let of = |fits: &dyn Fn(Option<&str>) -> bool| -> Vec<String> {
            all.iter().filter(|check| fits(check["state"].as_str())).map(id).collect()
        };
        for (filter, fits) in [
            ("{ state: { eq: DELIBERATED } }", of(&|state| state == Some("DELIBERATED"))),
            ("{ state: { eq: PLANNED } }", of(&|state| state == Some("PLANNED"))),
            ("{ state: { eq: SELF_ASSESSED } }", of(&|state| state == Some("SELF_ASSESSED"))),
            (
                "{ state: { in: [PLANNED, SELF_ASSESSED] } }",
                of(&|state| matches!(state, Some("PLANNED" | "SELF_ASSESSED"))),
            ),
            (
                "{ state: { ne: DELIBERATED } }",
                of(&|state| state.is_some_and(|state| state != "DELIBERATED")),
            ),
            ("{ not: { state: { eq: DELIBERATED } } }", of(&|state| state != Some("DELIBERATED"))),
            ("{ state: { in: [] } }", Vec::new()),
            ("{ state: { eq: COMPILED } }", Vec::new()),
        ] {
            let count = fits.len() as u64;
            assert_eq!(found(asker, filter).await, (fits, count), "{filter}");
        }
    }
    for (state, count) in [("DELIBERATED", 3), ("PLANNED", 2), ("SELF_ASSESSED", 1), ("OPINION", 0)]
    {
        let path = format!("/api/v1/progress-checks?state={state}&total=true&limit=1");
        let (_, page) = officer.get(&path).await;
        assert_eq!(page["total"], count, "{state} {page}");
        let states = page["items"].as_array().expect("items").iter().all(|it| it["state"] == state);
        assert!(states, "{page}");
        assert_eq!(page["next"].is_null(), count < 2, "{page}");
    }
    let (_, draft) =
        server.anonymous().get("/api/v1/progress-checks?state=PLANNED&total=true").await;
    assert_eq!(draft["total"], 0, "a draft's check is not told of by its state");
    server.stop().await;
}
