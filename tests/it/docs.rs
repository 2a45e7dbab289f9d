//! The pages for people: the description to try, the console. They bring everything with them.

use reqwest::Method;
use tests::{Reply, TestServer};

async fn page(server: &TestServer, path: &str) -> Reply {
    let anybody = server.anonymous();
    let request = anybody.request(Method::GET, path).header("accept", "text/html,*/*;q=0.5");
    anybody.send(request).await
}

#[tokio::test]
async fn the_pages_and_all_they_bring_come_from_here() {
    let server = TestServer::empty().await;
    for (path, files) in [
        ("/docs/", &["swagger-ui.css", "swagger-ui-bundle.js", "swagger-initializer.js"][..]),
        ("/graphql", &["console.css", "console.js"]),
    ] {
        let shown = page(&server, path).await;
        assert_eq!(shown.status, 200, "{path}");
        assert!(shown.header("content-type").starts_with("text/html"), "{path}");
        let policy = shown.header("content-security-policy");
        assert!(policy.contains("default-src 'self'") && !policy.contains("http"), "{policy}");
        let html = shown.body.as_str().expect("a page");
        let foreign = |part: &&str| part.contains("://") || part.starts_with("//");
        assert_eq!(html.split(['"', '\'']).find(foreign), None, "{path}");
        for file in files {
            assert!(html.contains(file), "{path} brings {file}");
            let folder = if path == "/docs/" { "/docs" } else { "/console" };
            let brought = page(&server, &format!("{folder}/{file}")).await;
            assert_eq!(brought.status, 200, "{file}");
            assert_eq!(brought.header("x-content-type-options"), "nosniff");
        }
    }
    let start = page(&server, "/docs/swagger-initializer.js").await;
    let start = start.body.as_str().expect("a script");
    assert!(start.contains("/api/v1/openapi.json") && !start.contains("petstore"), "{start}");
    server.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_told_as_a_problem() {
    let server = TestServer::empty().await;
    for path in ["/docs/nothing.js", "/docs/../Cargo.toml", "/docs/a/b", "/console/nothing.js"] {
        let reply = page(&server, path).await;
        assert_eq!((reply.status, reply.body["code"].as_str()), (404, Some("NOT_FOUND")), "{path}");
    }
    let head = server.anonymous().request(Method::HEAD, "/docs/");
    assert_eq!(server.anonymous().send(head).await.status, 200);
    let put = server.anonymous().request(Method::PUT, "/docs/");
    let reply = server.anonymous().send(put).await;
    assert_eq!((reply.status, reply.header("allow")), (405, "GET, HEAD"));
    server.stop().await;
}
