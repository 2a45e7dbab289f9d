//! HTTP as each dialect promises it: statuses, media types, methods, limits, tags.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Reply, TestServer};

async fn post(client: &Client, content_type: &str, accept: Option<&str>, body: String) -> Reply {
    let request = client.request(Method::POST, "/graphql").header("content-type", content_type);
    let request = match accept {
        Some(accept) => request.header("accept", accept),
        None => request,
    };
    client.send(request.body(body)).await
}

#[tokio::test]
async fn graphql_over_http_answers_by_its_specification() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let good = json!({ "query": "{ sectors { code } }" }).to_string();
    let unknown = json!({ "query": "{ sektors { code } }" }).to_string();
    let broken = json!({ "query": "{ sectors {" }).to_string();
    let new = "application/graphql-response+json";
    for (content_type, accept, body, status, form) in [
        ("application/json", None, &good, 200, new),
        ("application/json; charset=utf-8", Some("*/*"), &good, 200, new),
        ("application/json", Some(new), &good, 200, new),
        ("application/json", Some("application/json"), &good, 200, "application/json"),
        ("application/json", Some(new), &unknown, 400, new),
        ("application/json", Some("application/json"), &unknown, 200, "application/json"),
        ("application/json", Some(new), &broken, 400, new),
        ("application/json", Some("text/html"), &good, 406, "application/problem+json"),
        ("text/plain", Some(new), &good, 415, new),
        ("multipart/form-data; boundary=x", Some(new), &good, 415, new),
        ("application/json", Some(new), &"{".to_owned(), 400, new),
        ("application/json", Some(new), &"7".to_owned(), 400, new),
        ("application/json", Some(new), &json!({ "query": "" }).to_string(), 400, new),
        ("application/json", Some(new), &format!("[{good}]"), 400, new),
    ] {
        let reply = post(&anybody, content_type, accept, body.clone()).await;
        assert_eq!(reply.status, status, "{content_type} {accept:?} {body} {}", reply.body);
        assert!(reply.header("content-type").starts_with(form), "{:?}", reply.headers);
        if status == 200 && form == new {
            assert!(reply.body["data"].is_object());
        } else if form == new {
            assert!(reply.body.get("data").is_none(), "a refused document has no data");
            assert!(reply.body["errors"][0]["extensions"]["code"].is_string(), "{}", reply.body);
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn queries_come_by_get_too_and_mutations_do_not() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let get = async |query: &[(&str, &str)]| {
        anybody.send(anybody.request(Method::GET, "/graphql").query(query)).await
    };
    let named =
        "query A { sectors { code } } query B($c: String!) { region(by: { code: $c }) { code } }";
    let reply =
        get(&[("query", named), ("operationName", "B"), ("variables", r#"{"c":"45"}"#)]).await;
    assert_eq!((reply.status, &reply.body["data"]["region"]["code"]), (200, &json!("52")));
    assert!(!reply.header("dure-revision").is_empty());
    assert_eq!(reply.body["extensions"]["revision"], reply.header("dure-revision"));

    let mutation = r#"mutation { deletePlan(input: { id: "x", revision: "1" }) { id } }"#;
    for mutation in [mutation, &mutation.replace("mutation", "mutation M")] {
        let reply = get(&[("query", mutation)]).await;
        assert_eq!(reply.status, 405, "{mutation}");
    }
    let reply = get(&[("query", mutation)]).await;
    assert_eq!(reply.body["errors"][0]["extensions"]["code"], "METHOD_NOT_ALLOWED");
    assert!(reply.header("allow").contains("POST"));
    let reply = anybody.send(anybody.request(Method::DELETE, "/graphql")).await;
    assert_eq!(reply.status, 405);
    server.stop().await;
}

#[tokio::test]
async fn bad_arguments_have_a_code_and_a_field() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    for (query, code, field) in [
        ("{ plans(first: 1000) { nodes { id } } }", "LIMIT_EXCEEDED", "first"),
        ("{ plans(first: 0) { nodes { id } } }", "LIMIT_EXCEEDED", "first"),
        ("{ plans(first: -1) { nodes { id } } }", "LIMIT_EXCEEDED", "first"),
        ("{ plans(last: 101) { nodes { id } } }", "LIMIT_EXCEEDED", "last"),
        ("{ plans(first: 1, last: 1) { nodes { id } } }", "INVALID", "last"),
        (r#"{ plans(after: "nonsense") { nodes { id } } }"#, "BAD_CURSOR", "after"),
        (r#"{ plan(id: "nonsense") { id } }"#, "INVALID", "id"),
        (r#"{ node(id: "target_1") { id } }"#, "INVALID", "id"),
        (r#"{ region(by: { id: "plan_1" }) { id } }"#, "INVALID", "id"),
        (r#"{ regions(within: { code: "99" }) { id } }"#, "NOT_FOUND", "within"),
        (
            r#"{ plans(filter: { region: { code: "99" } }) { nodes { id } } }"#,
            "NOT_FOUND",
            "region",
        ),
    ] {
        let (status, body) = anybody.gql(query).await;
        let told = &body["errors"][0]["extensions"];
        assert_eq!(
            (&told["code"], &told["field"]),
            (&json!(code), &json!(field)),
            "{query} {body}"
        );
        assert_eq!(status, 200, "a field failed, the document did not");
        let korean = anybody.in_lang("ko").gql(query).await.1["errors"][0]["message"].clone();
        assert_ne!(korean, body["errors"][0]["message"], "{query}");
    }
    // A look-up of what is unknown is no error.
    let unknown = r#"{ region(by: { code: "99999" }) { id } plan(id: "plan_01jz7p4k9vf3b8m2xq6r0t5w1y") { id } }"#;
    assert_eq!(anybody.data(unknown).await, json!({ "region": null, "plan": null }));
    // Nothing leaks the schema.
    let (_, body) = anybody.gql("{ plens { nodes { id } } }").await;
    assert!(!body.to_string().contains("Did you mean"), "{body}");
    server.stop().await;
}

#[tokio::test]
async fn rest_tells_every_refusal_as_a_problem() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    for (path, status, code) in [
        ("/api/v1/regions/99999", 404, "NOT_FOUND"),
        ("/api/v1/plans/plan_01jz7p4k9vf3b8m2xq6r0t5w1y", 404, "NOT_FOUND"),
        ("/api/v1/plans/nonsense", 422, "INVALID"),
        ("/api/v1/plans?limit=1000", 400, "LIMIT_EXCEEDED"),
        ("/api/v1/plans?limit=x", 400, "INVALID"),
        ("/api/v1/plans?after=nonsense", 400, "BAD_CURSOR"),
        ("/api/v1/plans?regoin=52", 400, "INVALID"),
        ("/api/v1/plans?region=99", 404, "NOT_FOUND"),
        ("/api/v1/plans?asOf=999999", 422, "INVALID"),
        ("/api/v1/plans?asOf=2999-01-01T00:00:00Z", 422, "INVALID"),
        ("/api/v1/plans?asOf=yesterday", 422, "INVALID"),
        ("/api/v1/nothing", 404, "NOT_FOUND"),
        ("/nothing", 404, "NOT_FOUND"),
        ("/problems/NOTHING", 404, "NOT_FOUND"),
    ] {
        let reply = anybody.fetch(path).await;
        assert_eq!(
            (reply.status, &reply.body["code"]),
            (status, &json!(code)),
            "{path} {}",
            reply.body
        );
        assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(reply.body["status"], status);
        assert_eq!(reply.body["requestId"], reply.header("x-request-id"));
        let page = reply.body["type"].as_str().expect("a type").to_owned();
        assert_eq!(anybody.get(&page).await.0, 200, "{page} is a page of ours");
        let korean = anybody.in_lang("ko").fetch(path).await.body;
        assert_ne!(korean["title"], reply.body["title"]);
    }
    let reply = anybody.fetch("/api/v1/plans?regoin=52").await;
    assert!(
        reply.body["detail"].as_str().is_some_and(|text| text.contains("region")),
        "{}",
        reply.body
    );
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_method_is_told_which_ones_there_are() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    for (method, path, allow) in [
        (Method::DELETE, "/api/v1/plans", "GET, HEAD, POST"),
        (Method::PUT, "/api/v1/plans/plan_x", "GET, HEAD, PATCH, DELETE"),
        (Method::POST, "/api/v1/regions/52", "GET, HEAD"),
        (Method::GET, "/api/v1/sessions", "POST"),
        (Method::POST, "/livez", "GET, HEAD"),
    ] {
        let reply = anybody.send(anybody.request(method.clone(), path)).await;
        assert_eq!(reply.status, 405, "{method} {path} {}", reply.body);
        assert_eq!(reply.header("allow"), allow, "{method} {path}");
        assert_eq!(reply.body["code"], "METHOD_NOT_ALLOWED");
    }
    let head = anybody.send(anybody.request(Method::HEAD, "/api/v1/sectors")).await;
    assert_eq!((head.status, head.body), (200, Value::String(String::new())));
    server.stop().await;
}

#[tokio::test]
async fn a_body_too_large_or_unreadable_is_refused_with_a_code() {
    let server = TestServer::start().await;
    let officer = server.signed_in(api::access::Role::MunicipalOfficer, "52110").await;
    let long = "가".repeat(400_000);
    let (status, body) = officer
        .post("/api/v1/plans", json!({ "region": { "code": "52110" }, "title": long }))
        .await;
    assert_eq!((status, &body["code"]), (413, &json!("TOO_LARGE")), "{body}");
    let reply =
        post(&officer, "application/json", None, json!({ "query": long }).to_string()).await;
    assert_eq!(reply.status, 413, "{}", reply.body);
    assert_eq!(reply.body["errors"][0]["extensions"]["code"], "TOO_LARGE");
    let comments = format!("{{ sectors {{ code }} }} #{}", "x".repeat(70_000));
    let reply =
        post(&officer, "application/json", None, json!({ "query": comments }).to_string()).await;
    assert_eq!(reply.body["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{}", reply.body);

    for (content_type, body, status) in [
        ("application/json", "{", 400),
        ("application/json", "", 400),
        ("application/json", r#"{"region":{"code":"52110"},"title":7}"#, 422),
        ("application/json", "[]", 422),
        ("text/plain", "{}", 415),
    ] {
        let request = officer.request(Method::POST, "/api/v1/plans");
        let request = request.header("content-type", content_type).body(body);
        let reply = officer.send(request).await;
        assert_eq!(reply.status, status, "{body} {}", reply.body);
        assert_eq!(reply.header("content-type"), "application/problem+json");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_tag_says_whether_a_thing_is_still_what_it_was() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    for path in
        ["/api/v1/sectors", "/api/v1/regions/52", "/api/v1/plans?region=52", "/api/v1/openapi.json"]
    {
        let first = anybody.fetch(path).await;
        let tag = first.header("etag").to_owned();
        assert!(!tag.is_empty(), "{path}");
        let request = anybody.request(Method::GET, path).header("if-none-match", &tag);
        let again = anybody.send(request).await;
        assert_eq!((again.status, again.header("etag")), (304, tag.as_str()), "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_list_says_where_it_goes_on() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let reply = anybody.fetch("/api/v1/sources?limit=100&kind=news").await;
    assert_eq!(reply.body["items"].as_array().map(Vec::len), Some(100));
    let link = reply.header("link").to_owned();
    let next = link.trim_start_matches('<').split('>').next().expect("an address").to_owned();
    assert!(link.ends_with("rel=\"next\""), "{link}");
    let reply = anybody.fetch(&next).await;
    assert_eq!(reply.body["items"].as_array().map(Vec::len), Some(22), "122 news in the pack");
    assert_eq!((reply.header("link"), &reply.body["next"]), ("", &Value::Null));
    server.stop().await;
}

#[tokio::test]
async fn it_is_alive_and_ready_and_knows_its_requests() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    assert_eq!(anybody.get("/livez").await.0, 200);
    assert_eq!(anybody.get("/readyz").await.0, 200);
    let request = anybody.request(Method::GET, "/livez").header("x-request-id", "mine-1");
    assert_eq!(anybody.send(request).await.header("x-request-id"), "mine-1");
    let request = anybody.request(Method::GET, "/livez").header("x-request-id", "not mine; no");
    assert_ne!(anybody.send(request).await.header("x-request-id"), "not mine; no");
    server.stop().await;
}

#[tokio::test]
async fn hostile_documents_are_refused_fast_with_the_numbers() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let plans = "plans(first: 100) { nodes {";
    let deep = format!("{{ {plans} {} id {} }} }} }}", "parent {".repeat(20), "}".repeat(20));
    let named = format!("query Page {deep}");
    let mut exponential = String::from("{ plans { nodes { ...f0 } } }");
    for n in 0..30 {
        exponential += &format!(" fragment f{n} on Plan {{ ...f{0} ...f{0} }}", n + 1);
    }
    exponential += " fragment f30 on Plan { id }";
    let aliases: Vec<String> = (0..60).map(|n| format!("a{n}: sectors {{ code }}")).collect();
    let directives = format!("{{ sectors {{ {} }} }}", "code @skip(if: false) ".repeat(60));
    let wide = format!("{{ {plans} targets {{ {} }} }} }} }}", "id year kind ".repeat(20));
    for (document, what) in [
        (deep, "depth up to 20"),
        (named, "depth up to 20"),
        ("{a".repeat(10_000), "tokens up to 5000"),
        (format!("{{ {} }}", aliases.join(" ")), "aliases up to 50"),
        (directives, "directives up to 50"),
        (exponential.clone(), "cost up to 20000"),
        (
            exponential.replace("{ plans { nodes { ...f0 } } }", "{ sectors { code } }"),
            "cost up to 20000",
        ),
        (
            exponential
                .replace("{ plans { nodes", "query A { sectors { code } } query B { plans { nodes"),
            "cost up to 20000",
        ),
        (wide, "cost up to 20000"),
        (format!("{{ {} }}", "x ".repeat(9_000)), "tokens up to 5000"),
    ] {
        let (status, body) = anybody.gql(&document).await;
        let error = &body["errors"][0];
        assert_eq!(
            (status, &error["extensions"]["code"]),
            (400, &json!("LIMIT_EXCEEDED")),
            "{body}"
        );
        assert!(error["message"].as_str().is_some_and(|text| text.contains(what)), "{error}");
    }
    // A limit hides no mistake: what is wrong is told first.
    let mistaken =
        format!("{{ nonsense {plans} {} id {} }} }} }}", "parent {".repeat(20), "}".repeat(20));
    let (_, body) = anybody.gql(&mistaken).await;
    assert_eq!(body["errors"][0]["extensions"]["code"], "GRAPHQL_INVALID", "{body}");
    // Fragments that spread each other are a mistake, and end.
    let cyclic = "{ sectors { ...a } } fragment a on Sector { ...b } fragment b on Sector { ...a }";
    let (status, body) = anybody.gql(cyclic).await;
    assert_eq!(
        (status, &body["errors"][0]["extensions"]["code"]),
        (400, &json!("GRAPHQL_INVALID"))
    );
    server.stop().await;
}

#[tokio::test]
async fn an_answer_says_what_it_cost_and_a_real_page_passes() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let (_, body) = anybody.gql("{ sectors { code kind } }").await;
    assert_eq!(body["extensions"]["cost"], 1 + 5 * 2);
    let page = r#"{ plans(first: 20) { nodes { title parent { title parent { title children { title
        region { name parent { name parent { name children { name plans { title targets {
          reduction { value provenance { sources { title } } } } } } } } } } } } } } }"#;
    let (status, body) = anybody.gql(page).await;
    assert_eq!(status, 400, "14 levels of lists within lists are too much at once: {body}");
    let page = page.replace("first: 20", "first: 1").replace("children { title", "parent { title");
    let (status, body) = anybody.gql(&page).await;
    assert!(status == 200 && body.get("errors").is_none(), "{body}");
    let introspection = "{ __schema { types { name fields { name args { name type { ...t } } type { ...t } } } } }
        fragment t on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType {
          kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";
    assert_eq!(anybody.gql(introspection).await.0, 200, "consoles ask this");
    let (_, body) =
        anybody.gql("{ service { limits { cost depth aliases directives tokens } } }").await;
    let limits =
        json!({ "cost": 20_000, "depth": 20, "aliases": 50, "directives": 50, "tokens": 5_000 });
    assert_eq!(body["data"]["service"]["limits"], limits);
    server.stop().await;
}

#[tokio::test]
async fn what_no_text_may_hold_is_refused_before_any_database_sees_it() {
    let server = TestServer::start().await;
    let officer = server.signed_in(api::access::Role::MunicipalOfficer, "52110").await;
    for path in ["/api/v1/regions/%00", "/api/v1/plans?title=%00", "/api/v1/regions/52?asOf=%00"] {
        let reply = officer.fetch(path).await;
        assert_eq!((reply.status, &reply.body["code"]), (400, &json!("INVALID")), "{path}");
    }
    let new = json!({ "region": { "code": "52110" }, "title": "a\u{0}b" });
    assert_eq!(officer.post("/api/v1/plans", new.clone()).await.0, 400);
    let new_bell = json!({ "region": { "code": "52110" }, "title": "a\u{7}b" });
    let (status, body) = officer.post("/api/v1/plans", new_bell).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/title")));
    let query = "query($code: String!) { region(by: { code: $code }) { id } }";
    let (status, body) = officer.gql_with(query, json!({ "code": "\u{0}" })).await;
    assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (400, &json!("INVALID")));
    let literal = r#"{ region(by: { code: "\u0000" }) { id } }"#;
    assert_eq!(officer.gql(literal).await.0, 400);

    // Odd, but text: looked up, and not there.
    for code in ["' OR 1=1 --", "😀", "%", "_", "\u{202e}52", &"5".repeat(10_000)] {
        let (status, body) = officer.gql_with(query, json!({ "code": code })).await;
        assert_eq!((status, &body["data"]["region"]), (200, &Value::Null), "{body}");
    }
    for variables in [json!([1]), json!("x"), json!(7)] {
        let (status, body) = officer.gql_with("{ sectors { code } }", variables).await;
        assert_eq!(
            (status, &body["errors"][0]["extensions"]["code"]),
            (400, &json!("GRAPHQL_INVALID"))
        );
    }
    // A plus that nobody escaped is still a plus.
    assert_eq!(officer.get("/api/v1/sectors?asOf=2026-01-01T09:00:00+09:00").await.0, 200);
    server.stop().await;
}

#[tokio::test]
async fn what_is_small_to_write_and_large_to_answer_is_refused() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let up_and_down = "children { parent { ".repeat(5);
    let query = format!(
        "{{ region(by: {{ code: \"52\" }}) {{ {up_and_down} code {} }} }}",
        "} }".repeat(5)
    );
    let deep = format!(
        "{{ plans(filter: {}{{}}{}) {{ totalCount }} }}",
        "{ not: ".repeat(125),
        "}".repeat(125)
    );
    for query in [query, deep] {
        let (status, body) = anybody.gql(&query).await;
        assert_eq!(
            (status, &body["errors"][0]["extensions"]["code"]),
            (400, &json!("LIMIT_EXCEEDED")),
            "{body}"
        );
    }
    let filtered = "query($f: PlansFilter, $o: [PlanOrder!]) { plans(filter: $f, orderBy: $o) { totalCount } }";
    let wide: Vec<Value> = (0..300).map(|_| json!({ "round": { "eq": 1 } })).collect();
    let many: Vec<Value> = (0..20).map(|_| json!({ "field": "TITLE" })).collect();
    let numbers: Vec<i32> = (0..60_000).collect();
    for variables in [
        json!({ "f": { "or": wide } }),
        json!({ "o": many }),
        json!({ "f": { "round": { "in": numbers } } }),
    ] {
        let (_, body) = anybody.gql_with(filtered, variables).await;
        assert_eq!(body["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{body}");
    }
    let (status, body) =
        anybody.get(&format!("/api/v1/plans?total=true&title={}", "a".repeat(40_000))).await;
    assert_eq!((status, &body["total"]), (200, &json!(0)));
    let officer = server.signed_in(api::access::Role::MunicipalOfficer, "52110").await;
    assert_eq!(officer.post("/api/v1/plans", json!([{ "code": "52110" }, "title"])).await.0, 422);
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let path =
        format!("/api/v1/plans/{}/targets", plans["items"][0]["id"].as_str().expect("an id"));
    let lossy = json!({ "sector": "AGRI", "year": 2030, "base": { "amount": 0.1, "unit": "KT" } });
    let (status, body) = officer.post(&path, lossy).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/base/amount")), "{body}");
    server.stop().await;
}
