//! What the README shows is what the service does.

use std::path::Path;

use tests::TestServer;

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    std::fs::read_to_string(path).expect("a README")
}

fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let starts = text.split(fence.as_str()).skip(1);
    starts.filter_map(|rest| rest.split("```").next().map(str::to_owned)).collect()
}

#[tokio::test]
async fn its_graphql_documents_answer_without_errors() {
    let server = TestServer::start().await;
    let documents = blocks(&readme(), "graphql");
    assert!(!documents.is_empty());
    for document in documents {
        let data = server.anonymous().data(&document).await;
        let empty =
            data.as_object().is_some_and(|data| data.values().any(serde_json::Value::is_null));
        assert!(!empty, "{document} answers {data}");
    }
    server.stop().await;
}

#[tokio::test]
async fn its_rest_addresses_answer() {
    let server = TestServer::start().await;
    let text = readme();
    let base = "http://127.0.0.1:8080";
    let reads = text.lines().filter(|line| !line.contains("content-type"));
    let addresses: Vec<&str> = reads
        .filter_map(|line| line.split_once(base))
        .filter_map(|(_, rest)| rest.split(['\'', ' ']).next())
        .collect();
    assert!(addresses.len() >= 3, "{addresses:?}");
    for path in addresses {
        let (status, body) = server.anonymous().get(path).await;
        assert_eq!(status, 200, "{path} {body}");
    }
    server.stop().await;
}
