//! What REST makes of requests: keys that are done once, conditions, lists in parts.

use api::access::Role;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Reply, TestServer};

fn plan(title: &str) -> Value {
    json!({ "region": { "code": "52110" }, "title": title })
}

async fn keyed(client: &Client, path: &str, key: &str, body: &Value) -> Reply {
    let request = client.request(Method::POST, path).header("idempotency-key", key);
    client.send(request.json(body)).await
}

async fn count(client: &Client) -> Value {
    client.get("/api/v1/plans?region=52110&total=true").await.1["total"].clone()
}

#[tokio::test]
async fn a_request_with_a_key_is_done_once() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let before = count(&officer).await.as_u64().expect("a number");
    let mut racing = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let officer = officer.clone();
        racing.spawn(async move { keyed(&officer, "/api/v1/plans", "one", &plan("하나")).await });
    }
    let replies = racing.join_all().await;
    for reply in &replies {
        assert_eq!((reply.status, &reply.body["title"]), (201, &json!("하나")), "{}", reply.body);
        assert_eq!(reply.body["id"], replies[0].body["id"]);
        assert_eq!(reply.header("location"), replies[0].header("location"));
        assert_eq!(reply.header("etag"), replies[0].header("etag"));
    }
    assert_eq!(count(&officer).await, before + 1);

    // What became of it since then is another matter.
    let path = replies[0].header("location").to_owned();
    let tag = replies[0].header("etag").to_owned();
    assert_eq!(officer.patch(&path, &tag, json!({ "title": "둘" })).await.0, 200);
    let again = keyed(&officer, "/api/v1/plans", "\"one\"", &plan("하나")).await;
    assert_eq!((again.status, &again.body), (201, &replies[0].body));

    let other = keyed(&officer, "/api/v1/plans", "one", &plan("셋")).await;
    assert_eq!(
        (other.status, &other.body["errors"][0]["pointer"]),
        (422, &json!("/Idempotency-Key"))
    );
    let target = json!({ "sector": "AGRI", "year": 2030, "base": { "amount": "1", "unit": "KT" } });
    let place = format!("{path}/targets");
    let first = keyed(&officer, &place, "target", &target).await;
    let second = keyed(&officer, &place, "target", &target).await;
    assert_eq!((first.status, &second.body["id"]), (201, &first.body["id"]), "{}", first.body);
    assert_eq!(second.header("location"), first.header("location"));
    server.stop().await;
}

#[tokio::test]
async fn a_key_is_its_senders_own_for_a_day_and_failures_are_not_kept() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let colleague = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let path = "/api/v1/plans";
    assert_eq!(keyed(&officer, path, "k", &plan("")).await.status, 422);
    let first = keyed(&officer, path, "k", &plan("하나")).await;
    assert_eq!(first.status, 201, "a failure leaves the key free: {}", first.body);
    let theirs = keyed(&colleague, path, "k", &plan("하나")).await;
    assert_eq!(theirs.status, 201);
    assert_ne!(theirs.body["id"], first.body["id"]);
    let anybody = keyed(&server.anonymous(), path, "k", &plan("하나")).await;
    assert_eq!(anybody.status, 401);
    for key in ["", &"k".repeat(256)] {
        assert_eq!(keyed(&officer, path, key, &plan("하나")).await.status, 400, "{key}");
    }
    server.stop().await;
}

#[tokio::test]
async fn conditions_are_read_as_http_says() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (_, made) = officer.post("/api/v1/plans", plan("하나")).await;
    let path = format!("/api/v1/plans/{}", made["id"].as_str().expect("an id"));
    let revision = async || {
        let (_, plan) = officer.get(&path).await;
        plan["revision"].as_str().expect("a revision").to_owned()
    };
    for (tag, status) in [
        ("\"1\"", 412),
        ("\"1\", \"2\"", 412),
        ("W/\"{}\"", 412),
        ("\"nonsense\"", 400),
        ("", 428),
        ("\"{}\"", 200),
        ("\"{}.999\"", 200),
        ("\"1\", \"{}\"", 200),
        ("\"1\",W/\"2\",\"{}\"", 200),
        ("*", 200),
    ] {
        let told = tag.replace("{}", &revision().await);
        let new = json!({ "title": format!("이름 {status} {tag}") });
        let (answered, body) = officer.patch(&path, &told, new).await;
        assert_eq!(answered, status, "{told} {body}");
    }
    assert_eq!(officer.delete(&path, "*").await.0, 204);
    assert_eq!(officer.delete(&path, "*").await.0, 404, "nothing is no match");
    let reply = officer.fetch("/api/v1/plans?asOf=1&asOf=1").await;
    assert_eq!((reply.status, &reply.body["errors"][0]["pointer"]), (400, &json!("/asOf")));
    server.stop().await;
}

#[tokio::test]
async fn short_lists_come_in_parts_too() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let (_, province) = anybody.get("/api/v1/regions/52/plans").await;
    let plan = province["items"][0]["id"].as_str().expect("an id").to_owned();
    for list in [
        "/api/v1/regions?within=52".to_owned(),
        "/api/v1/sectors?".to_owned(),
        "/api/v1/regions/52/plans?".to_owned(),
        format!("/api/v1/plans/{plan}/children?"),
        format!("/api/v1/plans/{plan}/sectors?"),
        format!("/api/v1/plans/{plan}/targets?"),
    ] {
        let whole = anybody.fetch(&list).await;
        let all = whole.body["items"].as_array().expect("items").clone();
        assert!(!all.is_empty() && whole.body["next"].is_null(), "{list}");
        let (mut found, mut path) = (Vec::new(), format!("{list}&limit=2&total=true"));
        loop {
            let reply = anybody.fetch(&path).await;
            assert_eq!((reply.status, &reply.body["total"]), (200, &json!(all.len())), "{path}");
            found.extend(reply.body["items"].as_array().expect("items").clone());
            let Some(next) = reply.header("link").strip_prefix('<') else { break };
            path = next.split('>').next().expect("an address").to_owned();
        }
        assert_eq!(found, all, "{list}");
        let (_, body) = anybody.get(&format!("{list}&changedAfter=1")).await;
        assert_eq!(body["items"], json!([]), "{list}: all of it came with the first change");
        for (bad, status) in [("limit=501", 400), ("after=x", 400), ("changedAfter=x", 422)] {
            assert_eq!(anybody.get(&format!("{list}&{bad}")).await.0, status, "{list} {bad}");
        }
    }
    let (_, sectors) = anybody.get("/api/v1/sectors?limit=1").await;
    let cursor = sectors["next"].as_str().expect("a cursor");
    let (status, body) = anybody.get(&format!("/api/v1/regions?after={cursor}")).await;
    assert_eq!((status, &body["code"]), (400, &json!("BAD_CURSOR")), "another list's");
    server.stop().await;
}
