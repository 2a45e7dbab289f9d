//! Every number of the change log is a state that can be read again.

use std::collections::BTreeMap;

use api::access::Role;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};
use tests::{Client, TestServer};

/// Something an officer does; numbers pick among what there is.
#[derive(Clone, Debug)]
enum Act {
    Start,
    Rename(usize, u8),
    Open(usize, u8),
    Promise(usize, i32, u32),
    Restate(usize, u32),
    TakeBack(usize),
    Drop(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        2 => Just(Act::Start),
        2 => (0..9_usize, 0..3_u8).prop_map(|(plan, name)| Act::Rename(plan, name)),
        2 => (0..9_usize, 0..3_u8).prop_map(|(plan, to)| Act::Open(plan, to)),
        4 => (0..9_usize, 2025..2035_i32, 1..9_u32).prop_map(|(plan, year, kt)| Act::Promise(plan, year, kt)),
        3 => (0..9_usize, 1..9_u32).prop_map(|(target, kt)| Act::Restate(target, kt)),
        2 => (0..9_usize).prop_map(Act::TakeBack),
        1 => (0..9_usize).prop_map(Act::Drop),
    ]
}

const WORLD: &str = r#"{ plans(filter: { region: { code: "52110" } }, first: 100) { totalCount nodes {
    id title visibility revision contentRevision sectors { label }
    targets(kind: [FINAL, DRAFT]) { id year revision reduction { exact } base { exact } } } } }"#;

async fn world(asker: &Client) -> Value {
    asker.data(WORLD).await["plans"].take()
}

fn pick<'a>(things: &'a [&'a Value], n: usize) -> Option<&'a Value> {
    if things.is_empty() { None } else { Some(things[n % things.len()]) }
}

/// Does it. Refused may be only what clashes with what is there; nobody else writes meanwhile.
async fn perform(officer: &Client, act: &Act, world: &Value) {
    let all: Vec<&Value> = world["nodes"].as_array().expect("plans").iter().collect();
    let targets: Vec<&Value> =
        all.iter().flat_map(|plan| plan["targets"].as_array().expect("targets")).collect();
    let plan_path = |plan: &Value| format!("/api/v1/plans/{}", plan["id"].as_str().expect("an id"));
    let target_path = |it: &Value| format!("/api/v1/targets/{}", it["id"].as_str().expect("an id"));
    let tag = |thing: &Value| format!("\"{}\"", thing["revision"].as_str().expect("a revision"));
    let kt = |kt: &u32| json!({ "amount": kt.to_string(), "unit": "KT" });
    let done = match act {
        Act::Start => {
            let new = json!({ "region": { "code": "52110" }, "title": "초안" });
            Some(officer.post("/api/v1/plans", new).await)
        }
        Act::Rename(n, name) => match pick(&all, *n) {
            None => None,
            Some(plan) => {
                let change = json!({ "title": format!("{name}번 이름") });
                Some(officer.patch(&plan_path(plan), &tag(plan), change).await)
            }
        },
        Act::Open(n, to) => match pick(&all, *n) {
            None => None,
            Some(plan) => {
                let to = ["INTERNAL", "PROVINCE", "PUBLIC"][usize::from(*to)];
                let change = json!({ "visibility": to });
                Some(officer.patch(&plan_path(plan), &tag(plan), change).await)
            }
        },
        Act::Promise(n, year, amount) => match pick(&all, *n) {
            None => None,
            Some(plan) => {
                let new = json!({ "sector": "AGRI", "year": year, "reduction": kt(amount) });
                Some(officer.post(&format!("{}/targets", plan_path(plan)), new).await)
            }
        },
        Act::Restate(n, amount) => match pick(&targets, *n) {
            None => None,
            Some(target) => {
                let change = json!({ "reduction": kt(amount) });
                Some(officer.patch(&target_path(target), &tag(target), change).await)
            }
        },
        Act::TakeBack(n) => match pick(&targets, *n) {
            None => None,
            Some(target) => Some(officer.delete(&target_path(target), &tag(target)).await),
        },
        Act::Drop(n) => match pick(&all, *n) {
            None => None,
            Some(plan) => Some(officer.delete(&plan_path(plan), &tag(plan)).await),
        },
    };
    let clash = |act: &Act| matches!(act, Act::Promise(..) | Act::Drop(_));
    if let Some((status, body)) = done {
        let fine = (200..300).contains(&status) || (status == 409 && clash(act));
        assert!(fine, "{act:?}: {status} {body}");
    }
}

async fn remembers(acts: Vec<Act>) {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let latest = async || {
        let reply = officer.fetch("/api/v1/sectors").await;
        reply.header("dure-revision").parse::<i64>().expect("a revision")
    };
    let mut remembered = BTreeMap::new();
    let mut now = world(&officer).await;
    remembered.insert(latest().await, now.clone());
    for act in &acts {
        perform(&officer, act, &now).await;
        now = world(&officer).await;
        let before = remembered.insert(latest().await, now.clone());
        assert!(before.is_none_or(|before| before == now), "{act:?} changed without a number");
    }
    for (revision, then) in &remembered {
        let path = format!("/graphql?asOf={revision}");
        let ask = officer.request("POST".parse().expect("a method"), &path);
        let mut reply = officer.send(ask.json(&json!({ "query": WORLD }))).await;
        assert_eq!(&reply.body["data"]["plans"].take(), then, "as of {revision} of {acts:?}");
    }
    let db = Database::connect(&server.database().config.url).await.expect("the database");
    let count = async |sql: &str| {
        let ask = Statement::from_string(db.get_database_backend(), format!("SELECT {sql} AS n"));
        let row = db.query_one_raw(ask).await.expect("an answer").expect("a row");
        row.try_get::<Option<i64>>("", "n").expect("a number").unwrap_or(0)
    };
    assert_eq!(
        count("(SELECT count(*) FROM change)").await,
        count("(SELECT max(seq) FROM change)").await,
        "numbers have no gaps"
    );
    let empty = "(SELECT count(*) FROM change WHERE seq NOT IN (SELECT seq FROM change_item))";
    assert_eq!(count(empty).await, 0, "a change without items takes no number");
    let backwards =
        "(SELECT count(*) FROM change a JOIN change b ON b.seq = a.seq + 1 WHERE b.at < a.at)";
    assert_eq!(count(backwards).await, 0, "time never runs backwards");
    db.close().await.expect("a closed connection");
    server.stop().await;
}

#[test]
fn as_of_any_revision_is_the_state_that_was() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config =
        Config { cases: 3, max_shrink_iters: 20, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&vec(act(), 20..30), |acts| {
            runtime.block_on(remembers(acts));
            Ok(())
        })
        .expect("a past that is what it was");
}

#[tokio::test]
async fn a_time_reads_the_last_state_before_it() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let plan = &plans["items"][0];
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().expect("an id"));
    let before = server.now();
    server.wait(60);
    let tag = format!("\"{}\"", plan["revision"].as_str().expect("a revision"));
    assert_eq!(officer.patch(&path, &tag, json!({ "title": "새 이름" })).await.0, 200);
    let (status, then) = server.anonymous().get(&format!("{path}?asOf={before}")).await;
    assert_eq!((status, &then["title"]), (200, &plan["title"]));
    let (_, now) = server.anonymous().get(&path).await;
    assert_eq!(now["title"], "새 이름");
    // Before everything, there was nothing.
    let (status, _) = server.anonymous().get(&format!("{path}?asOf=1999-01-01T00:00:00Z")).await;
    assert_eq!(status, 404);
    server.stop().await;
}

#[tokio::test]
async fn the_past_is_not_written_and_the_future_not_read() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let new = json!({ "region": { "code": "52110" }, "title": "어제의 계획" });
    let (status, body) = officer.post("/api/v1/plans?asOf=1", new).await;
    assert_eq!((status, &body["code"]), (409, &json!("READ_ONLY_MOMENT")));
    let query = json!({ "query": r#"mutation { createPlan(input: { region: { code: "52110" }, title: "x" }) { plan { id } errors { code } } }"# });
    let (status, body) = officer.post("/graphql?asOf=1", query).await;
    assert_eq!(
        (status, &body["errors"][0]["extensions"]["code"]),
        (200, &json!("READ_ONLY_MOMENT"))
    );
    for moment in ["1000000", "2999-01-01T00:00:00Z"] {
        let query = json!({ "query": "{ sectors { code } }" });
        let (_, body) = officer.post(&format!("/graphql?asOf={moment}"), query).await;
        let told = &body["errors"][0]["extensions"];
        assert_eq!((&told["code"], &told["field"]), (&json!("INVALID"), &json!("asOf")), "{body}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_change_of_visibility_lists_everything_it_reveals() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let new = json!({ "region": { "code": "52110" }, "title": "초안" });
    let (_, plan) = officer.post("/api/v1/plans", new).await;
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().expect("an id"));
    for year in [2030, 2031] {
        let new =
            json!({ "sector": "SINK", "year": year, "removals": { "amount": "1", "unit": "KT" } });
        assert_eq!(officer.post(&format!("{path}/targets"), new).await.0, 201);
    }
    let tag = officer.fetch(&path).await.header("etag").to_owned();
    let (_, public) = officer.patch(&path, &tag, json!({ "visibility": "PUBLIC" })).await;
    let db = Database::connect(&server.database().config.url).await.expect("the database");
    let seq: i64 = public["revision"].as_str().expect("a revision").parse().expect("a number");
    let sql = "SELECT kind, op, visible_before, visible_after FROM change_item WHERE seq = $1 ORDER BY kind";
    let ask = Statement::from_sql_and_values(db.get_database_backend(), sql, [seq.into()]);
    let rows = db.query_all_raw(ask).await.expect("items");
    let items = rows.iter().map(|row| {
        let text = |column: &str| row.try_get::<String>("", column).expect("a text");
        [text("kind"), text("op"), text("visible_before"), text("visible_after")]
    });
    let items: Vec<[String; 4]> = items.collect();
    let moved = |kind: &str| [kind, "UPSERT", "INTERNAL", "PUBLIC"].map(str::to_owned);
    assert_eq!(items, [moved("PLAN"), moved("TARGET"), moved("TARGET")]);
    db.close().await.expect("a closed connection");
    server.stop().await;
}

#[tokio::test]
async fn a_running_server_tells_when_something_changed() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let mut committed = server.committed();
    committed.mark_unchanged();
    let new = json!({ "region": { "code": "52110" }, "title": "초안" });
    let (_, plan) = officer.post("/api/v1/plans", new).await;
    tokio::time::timeout(std::time::Duration::from_secs(5), committed.changed())
        .await
        .expect("a wake-up")
        .expect("a writer");
    assert_eq!(committed.borrow().to_string(), plan["revision"].as_str().expect("a revision"));
    server.stop().await;
}
