//! GraphQL over HTTP, point by point of its specification: well-formed requests, media types in
//! both directions, statuses for both, methods, and what an answer holds.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Reply, TestServer};

const NEW: &str = "application/graphql-response+json";
const OLD: &str = "application/json";

async fn post(client: &Client, form: &str, accept: &str, body: &str) -> Reply {
    let request = client.request(Method::POST, "/graphql").header("content-type", form);
    client.send(request.header("accept", accept).body(body.to_owned())).await
}

async fn get(client: &Client, query: &[(&str, &str)]) -> Reply {
    let request = client.request(Method::GET, "/graphql").header("accept", NEW);
    client.send(request.query(query)).await
}

fn code(reply: &Reply) -> &Value {
    &reply.body["errors"][0]["extensions"]["code"]
}

#[tokio::test]
async fn a_request_that_is_not_well_formed_is_400_in_either_form() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    for body in [
        "",
        "{",
        "null",
        "7",
        "\"{ sectors { code } }\"",
        "{}",
        r#"{"query":null}"#,
        r#"{"query":7}"#,
        r#"{"query":"   "}"#,
        r#"{"query":"{ sectors { code } }","operationName":7}"#,
        r#"{"query":"{ sectors { code } }","variables":"{}"}"#,
        r#"{"query":"{ sectors { code } }","variables":[]}"#,
        r#"{"query":"{ sectors { code } }","extensions":7}"#,
        r#"{"query":"{ sectors { code } }","extensions":[]}"#,
        r#"[{"query":"{ sectors { code } }"}]"#,
    ] {
        for accept in [NEW, OLD] {
            let reply = post(&anybody, OLD, accept, body).await;
            assert_eq!(reply.status, 400, "{accept} {body} {}", reply.body);
            assert_eq!(reply.header("content-type"), format!("{accept}; charset=utf-8"));
            assert!(reply.body.get("data").is_none() && code(&reply).is_string(), "{}", reply.body);
        }
    }
    // What may be left out may be null, and what is not known is not in the way.
    for body in [
        r#"{"query":"{ sectors { code } }","variables":null,"operationName":null,"extensions":null}"#,
        r#"{"query":"{ sectors { code } }","variables":{},"extensions":{"mine":1},"id":7}"#,
    ] {
        assert_eq!(post(&anybody, OLD, NEW, body).await.status, 200, "{body}");
    }
    server.stop().await;
}

#[tokio::test]
async fn statuses_follow_the_form_of_the_answer() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let two = "query A { sectors { code } } query B { regions { code } }";
    let typed = "query($c: String!) { region(by: { code: $c }) { code } }";
    for (body, new, old) in [
        (json!({ "query": "{ sectors { code } }" }), 200, 200),
        // The document cannot be parsed, or does not fit the schema.
        (json!({ "query": "{ sectors {" }), 400, 200),
        (json!({ "query": "{ sektors { code } }" }), 400, 200),
        // Which operation to run cannot be told.
        (json!({ "query": two }), 400, 200),
        (json!({ "query": two, "operationName": "C" }), 400, 200),
        (json!({ "query": two, "operationName": "B" }), 200, 200),
        (json!({ "query": "{ sectors { code } }", "operationName": "C" }), 400, 200),
        (json!({ "query": typed, "variables": { "c": "52" } }), 200, 200),
        // A field failed: the rest of the answer is there.
        (json!({ "query": "{ plan(id: \"nonsense\") { id } }" }), 200, 200),
        // Too much was asked for: not a fault of the document.
        (json!({ "query": format!("{{ {} }}", "x ".repeat(9_000)) }), 400, 400),
    ] {
        for (accept, status) in [(NEW, new), (OLD, old)] {
            let reply = post(&anybody, OLD, accept, &body.to_string()).await;
            assert_eq!(reply.status, status, "{accept} {body} {}", reply.body);
            assert!(reply.header("content-type").starts_with(accept));
            let executed = reply.body.get("data").is_some();
            assert_eq!(executed, new == 200, "{accept} {body} {}", reply.body);
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn forms_are_negotiated() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let body = json!({ "query": "{ sectors { code } }" }).to_string();
    for (accept, form) in [
        ("*/*", NEW),
        ("application/*", NEW),
        ("application/json;q=0.5, application/graphql-response+json", NEW),
        ("application/json; charset=utf-8, application/graphql-response+json;q=0.9", OLD),
        ("application/graphql-response+json; charset=utf-8, application/json;q=0.9", NEW),
        ("text/plain, */*;q=0.1", NEW),
    ] {
        let reply = post(&anybody, OLD, accept, &body).await;
        assert_eq!(reply.status, 200, "{accept}");
        assert_eq!(reply.header("content-type"), format!("{form}; charset=utf-8"), "{accept}");
    }
    for accept in ["text/plain", "image/png", "application/json;q=0"] {
        assert_eq!(post(&anybody, OLD, accept, &body).await.status, 406, "{accept}");
    }
    for form in ["application/json; charset=UTF-8", "application/json;charset=\"utf-8\""] {
        assert_eq!(post(&anybody, form, NEW, &body).await.status, 200, "{form}");
    }
    for form in [
        "application/json; charset=euc-kr",
        "application/graphql",
        "text/plain",
        "multipart/form-data",
    ] {
        let reply = post(&anybody, form, NEW, &body).await;
        assert_eq!((reply.status, code(&reply)), (415, &json!("UNSUPPORTED_MEDIA_TYPE")), "{form}");
    }
    let none = anybody.request(Method::POST, "/graphql").body(body);
    assert_eq!(anybody.send(none).await.status, 415, "no type is none we read");
    server.stop().await;
}

#[tokio::test]
async fn queries_may_be_got() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let sectors = "{ sectors { code } }";
    for (query, status) in [
        (&[("query", sectors)][..], 200),
        (&[("query", sectors), ("variables", ""), ("operationName", ""), ("extensions", "")], 200),
        (&[("query", sectors), ("variables", "{}"), ("extensions", "{}")], 200),
        (&[("query", sectors), ("variables", "[]")], 400),
        (&[("query", sectors), ("variables", "{")], 400),
        (&[("query", sectors), ("extensions", "7")], 400),
        (&[("query", sectors), ("query", sectors)], 400),
        (&[("query", sectors), ("asOf", "1"), ("asOf", "1")], 400),
        (&[("operationName", "A")], 400),
        (&[], 400),
    ] {
        let reply = get(&anybody, query).await;
        assert_eq!(reply.status, status, "{query:?} {}", reply.body);
    }
    let both = r#"query Q { sectors { code } } mutation M { deletePlan(input: { id: "x", revision: "1" }) { id } }"#;
    assert_eq!(get(&anybody, &[("query", both), ("operationName", "Q")]).await.status, 200);
    let reply = get(&anybody, &[("query", both), ("operationName", "M")]).await;
    assert_eq!((reply.status, code(&reply)), (405, &json!("METHOD_NOT_ALLOWED")));
    assert_eq!(reply.header("allow"), "GET, HEAD, POST");
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let reply = anybody.send(anybody.request(method.clone(), "/graphql")).await;
        assert_eq!((reply.status, reply.header("allow")), (405, "GET, HEAD, POST"), "{method}");
    }
    let head = anybody.request(Method::HEAD, "/graphql").query(&[("query", sectors)]);
    let head = anybody.send(head).await;
    assert_eq!((head.status, head.body), (200, json!("")));
    server.stop().await;
}

#[tokio::test]
async fn an_answer_holds_what_it_may_and_says_where_it_failed() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let query = r#"{ fine: sectors { code } plan(id: "nonsense") { id } }"#;
    let reply = post(&anybody, OLD, NEW, &json!({ "query": query }).to_string()).await;
    let members: Vec<&String> = reply.body.as_object().expect("an object").keys().collect();
    assert!(members.iter().all(|it| ["data", "errors", "extensions"].contains(&it.as_str())));
    assert_eq!(reply.body["data"]["plan"], Value::Null);
    assert!(reply.body["data"]["fine"].is_array());
    let error = &reply.body["errors"][0];
    assert_eq!(error["path"], json!(["plan"]));
    assert!(error["message"].is_string() && error["locations"][0]["line"].is_number());
    let fine =
        post(&anybody, OLD, NEW, &json!({ "query": "{ sectors { code } }" }).to_string()).await;
    assert!(fine.body.get("errors").is_none(), "no errors, no member");
    server.stop().await;
}

#[tokio::test]
async fn a_browser_gets_a_console_that_brings_everything_with_it() {
    let server = TestServer::empty().await;
    let anybody = server.anonymous();
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let request = anybody.request(Method::GET, "/graphql").header("accept", browser);
    let reply = anybody.send(request).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(reply.header("content-security-policy").contains("default-src 'self'"));
    let page = reply.body.as_str().expect("a page");
    for file in ["/console/console.js", "/console/console.css"] {
        assert!(page.contains(file), "{file}");
        let reply = anybody.fetch(file).await;
        assert_eq!(reply.status, 200, "{file}");
        assert!(!reply.body.to_string().contains("://"), "{file} names another origin");
    }
    assert!(!page.contains("://"), "the page names another origin");
    assert_eq!(anybody.get("/console/other.js").await.0, 404);
    server.stop().await;
}
