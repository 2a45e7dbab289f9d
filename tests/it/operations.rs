//! What those who run the service see and set: metrics, limits, rates, origins, headers, health.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use api::access::Role;
use api::exchange::{self, Pack};
use api::server::Front;
use api::wire::Limits;
use reqwest::Method;
use sea_orm::{ConnectionTrait, Database, DbBackend};
use serde_json::json;
use tests::{Client, Reply, TestServer};

fn unlimited() -> Limits {
    Limits { anonymous_per_minute: 0, signed_in_per_minute: 0, ..Limits::default() }
}

#[tokio::test]
async fn what_is_counted_is_on_a_port_of_its_own() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    anybody.get("/api/v1/regions/52").await;
    anybody.get("/api/v1/regions/99999").await;
    anybody.get("/nothing/of/this/kind").await;
    anybody.data("query Screen { sectors { code } }").await;
    for n in 0..210 {
        let body = json!({ "query": format!("query Q{n} {{ __typename }}") });
        anybody.send(anybody.request(Method::POST, "/graphql").json(&body)).await;
    }
    let page = server.metrics().await;
    for line in [
        r#"dure_http_requests_total{route="/api/v1/regions/{code}",method="GET",status="200"} 2"#,
        r#"dure_http_requests_total{route="/api/v1/regions/{code}",method="GET",status="404"} 1"#,
        r#"dure_http_requests_total{route="unmatched",method="GET",status="404"} 1"#,
        r#"dure_http_request_seconds_count{route="/api/v1/regions/{code}",method="GET"} 3"#,
        r#"dure_graphql_operations_total{kind="query",name="Screen"} 2"#,
        r#"dure_graphql_operations_total{kind="query",name="other"} "#,
        "dure_http_in_flight 0",
        "dure_changes_total 1",
        "dure_revision 1",
        "dure_writer_group_count 1",
        "dure_writer_queue 0",
        "dure_writer_well 1",
        r#"dure_pool_connections{pool="live"} "#,
        r#"dure_pool_idle{pool="past"} "#,
        "dure_statements_total ",
    ] {
        assert!(page.lines().any(|it| it.starts_with(line)), "{line} is not in\n{page}");
    }
    let names = page.lines().filter(|line| line.starts_with("dure_graphql_operations_total"));
    assert_eq!(names.count(), 201, "200 names and the others");
    assert_eq!(anybody.get("/metrics").await.0, 404, "not where everybody is");
    server.stop().await;
}

async fn from(client: &Client, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
    let request = client.request(method, path);
    client.send(headers.iter().fold(request, |it, (name, value)| it.header(*name, *value))).await
}

#[tokio::test]
async fn pages_of_other_origins_read_nothing_unless_they_are_named() {
    let (ours, theirs) = (("origin", "https://portal.example"), ("origin", "https://a.example"));
    let first = ("access-control-request-method", "PATCH");
    let closed = TestServer::empty().await;
    let anybody = closed.anonymous();
    let reply = from(&anybody, Method::GET, "/api/v1/sectors", &[ours]).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, ""));
    let reply = from(&anybody, Method::OPTIONS, "/api/v1/sectors", &[ours, first]).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (405, ""));
    closed.stop().await;

    let origins = vec!["https://portal.example".to_owned()];
    let front = Front { limits: unlimited(), origins, ..Front::default() };
    let open = TestServer::behind(front).await;
    let anybody = open.anonymous();
    let reply = from(&anybody, Method::OPTIONS, "/api/v1/plans/plan_x", &[ours, first]).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (204, ours.1));
    assert!(reply.header("access-control-allow-methods").contains("PATCH"));
    for sent in ["Authorization", "If-Match", "Idempotency-Key", "Content-Type"] {
        assert!(reply.header("access-control-allow-headers").contains(sent), "{sent}");
    }
    for path in ["/api/v1/sectors", "/api/v1/nothing", "/graphql?query={__typename}"] {
        let reply = from(&anybody, Method::GET, path, &[ours]).await;
        assert_eq!(reply.header("access-control-allow-origin"), ours.1, "{path}");
        assert_eq!(reply.header("access-control-allow-credentials"), "");
        for read in ["ETag", "Link", "Dure-Revision", "RateLimit", "Location"] {
            assert!(reply.header("access-control-expose-headers").contains(read), "{read}");
        }
        assert!(reply.header("vary").contains("Origin"));
        let reply = from(&anybody, Method::GET, path, &[theirs]).await;
        assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
    }
    open.stop().await;
}

#[tokio::test]
async fn every_answer_says_what_browsers_may_do_with_it() {
    let server = TestServer::empty().await;
    let anybody = server.anonymous();
    for (path, page) in [
        ("/livez", false),
        ("/api/v1/sectors", false),
        ("/api/v1/nothing", false),
        ("/graphql?query={__typename}", false),
        ("/problems/INVALID", true),
    ] {
        let reply = from(&anybody, Method::GET, path, &[]).await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "same-origin", "{path}");
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{path} {policy}");
        assert_eq!(policy.starts_with("default-src 'self'"), page, "{path} {policy}");
        assert_eq!(reply.header("strict-transport-security"), "", "that is the proxy's");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_request_that_takes_too_long_or_is_too_large_is_refused() {
    let limits = Limits { seconds: 1, depth: 5, body_bytes: 2_000, ..unlimited() };
    let server = TestServer::behind(Front { limits, ..Front::default() }).await;
    let anybody = server.anonymous();
    let address = server.url().replace("http://", "");
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("patience");
        let head = "POST /api/v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                    content-length: 100\r\nconnection: close\r\n\r\n{";
        stream.write_all(head.as_bytes()).expect("half a request");
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer.to_lowercase()
    });
    let answer = answer.await.expect("an answer");
    assert!(answer.starts_with("http/1.1 503"), "{answer}");
    assert!(answer.contains("retry-after: 1") && answer.contains("unavailable"), "{answer}");

    let long = format!("/api/v1/sectors?x={}", "x".repeat(62_000));
    let large = ("x-large", "x".repeat(40_000));
    for (path, header, status) in [
        (long.as_str(), ("x-small", "x"), 414),
        ("/api/v1/sectors", (large.0, large.1.as_str()), 431),
    ] {
        let reply = from(&anybody, Method::GET, path, &[header]).await;
        assert_eq!((reply.status, &reply.body["code"]), (status, &json!("LIMIT_EXCEEDED")));
    }
    let (status, body) = anybody.post("/api/v1/sessions", json!({ "x": "x".repeat(3_000) })).await;
    assert_eq!((status, &body["code"]), (413, &json!("TOO_LARGE")));
    assert!(body["detail"].as_str().is_some_and(|text| text.contains("2000")), "{body}");
    let (_, body) =
        anybody.gql("{ plans { nodes { parent { parent { parent { id } } } } } }").await;
    let told = body["errors"][0]["message"].as_str().unwrap_or_default();
    assert!(told.contains("depth up to 5"), "{body}");
    let data = anybody.data("{ service { limits { depth seconds bodyBytes aliases } } }").await;
    let shown = json!({ "depth": 5, "seconds": 1, "bodyBytes": 2000, "aliases": 50 });
    assert_eq!(data["service"]["limits"], shown);
    server.stop().await;
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let limits = Limits { anonymous_per_minute: 3, signed_in_per_minute: 5, ..Limits::default() };
    let front = Front { limits, proxies: 1, ..Front::default() };
    let server = TestServer::behind(front).await;
    exchange::load(&server.operator(), Pack::jeonbuk()).await.expect("a load");
    let anybody = server.anonymous();
    let ask = async |client: &Client, address: &str, path: &str| {
        // What a caller writes there comes before what the proxy adds.
        let told = format!("198.51.100.1, {address}");
        from(client, Method::GET, path, &[("x-forwarded-for", &told)]).await
    };
    for left in ["r=2", "r=1", "r=0"] {
        let reply = ask(&anybody, "203.0.113.7", "/api/v1/sectors").await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("ratelimit-policy"), r#""anonymous";q=3;w=60"#);
        assert!(reply.header("ratelimit").contains(left), "{:?}", reply.headers);
    }
    for path in ["/api/v1/sectors", "/graphql?query={__typename}"] {
        let reply = ask(&anybody, "203.0.113.7", path).await;
        assert_eq!((reply.status, &reply.body["code"]), (429, &json!("RATE_LIMITED")), "{path}");
        let wait: i64 = reply.header("retry-after").parse().expect("seconds");
        assert!((1..=20).contains(&wait), "{wait}");
    }
    assert_eq!(ask(&anybody, "203.0.113.7", "/livez").await.status, 200, "health is not counted");
    assert_eq!(ask(&anybody, "203.0.113.8", "/api/v1/sectors").await.status, 200, "somebody else");
    server.wait(20);
    assert_eq!(ask(&anybody, "203.0.113.7", "/api/v1/sectors").await.status, 200, "a while later");

    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let reply = ask(&officer, "203.0.113.9", "/api/v1/me").await;
    assert!(reply.header("ratelimit").starts_with(r#""anonymous";r=2"#), "not verified yet");
    for left in ["r=4", "r=3"] {
        let reply = ask(&officer, "203.0.113.9", "/api/v1/me").await;
        assert!(reply.header("ratelimit").starts_with(r#""signed-in""#), "{:?}", reply.headers);
        assert!(reply.header("ratelimit").contains(left), "{:?}", reply.headers);
    }
    let forged = anybody.with_token("x.y.z");
    for status in [401, 401, 429] {
        assert_eq!(ask(&forged, "203.0.113.9", "/api/v1/me").await.status, status);
    }
    server.stop().await;
}

#[tokio::test]
async fn it_is_not_ready_while_nothing_can_be_written() {
    let server = TestServer::empty().await;
    let anybody = server.anonymous();
    let db = Database::connect(&server.database().config.url).await.expect("the database");
    db.execute_unprepared("ALTER TABLE change RENAME TO change_away").await.expect("gone");
    let access = server.operator();
    let done = access.change("nothing", async |_| Ok(())).await;
    assert_eq!(done.err().map(|it| it.code()), Some(api::error::Code::Unavailable));
    let reply = anybody.fetch("/readyz").await;
    assert_eq!((reply.status, &reply.body["code"]), (503, &json!("UNAVAILABLE")));
    assert_eq!(reply.header("retry-after"), "1");
    assert_eq!(anybody.get("/livez").await.0, 200);
    db.execute_unprepared("ALTER TABLE change_away RENAME TO change").await.expect("back");
    access.change("nothing", async |_| Ok(())).await.expect("a change");
    assert_eq!(anybody.get("/readyz").await.0, 200);
    db.close().await.expect("a closed connection");
    server.stop().await;
}

#[tokio::test]
async fn the_past_is_unavailable_while_its_views_are_away() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    assert_eq!(anybody.get("/api/v1/sectors?asOf=1").await.0, 200);
    let db = Database::connect(&server.database().config.url).await.expect("the database");
    let away = match db.get_database_backend() {
        DbBackend::Postgres => "DROP SCHEMA past CASCADE",
        _ => "ALTER TABLE sector_history RENAME TO sector_away",
    };
    db.execute_unprepared(away).await.expect("gone");
    let reply = anybody.fetch("/api/v1/sectors?asOf=1").await;
    assert_eq!((reply.status, &reply.body["code"]), (503, &json!("UNAVAILABLE")), "{}", reply.body);
    let request = anybody.request(Method::GET, "/api/v1/sectors");
    assert_eq!(anybody.send(request).await.status, 200, "the present is there");
    db.close().await.expect("a closed connection");
    server.stop().await;
}
