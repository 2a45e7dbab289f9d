//! Looking for things by words: in Korean and English, parts of words too, and nothing unseen.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

async fn names(asker: &Client, text: &str, kinds: &str) -> Vec<String> {
    let query = format!(
        r#"query($text: String!) {{ search(text: $text, first: 100{kinds}) {{ nodes {{ kind name(lang: KO) node {{ id }} id }} }} }}"#
    );
    let (status, body) = asker.gql_with(&query, json!({ "text": text })).await;
    assert_eq!(status, 200, "{body}");
    let hits = body["data"]["search"]["nodes"].as_array().cloned().unwrap_or_default();
    for hit in &hits {
        assert_eq!(hit["node"]["id"], hit["id"], "each leads to its thing");
    }
    hits.iter().filter_map(|hit| hit["name"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn two_syllables_of_korean_and_english_words_are_found() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    assert!(
        names(&anybody, "전주", "")
            .await
            .contains(&"제1차 전주시 탄소중립 녹색성장 기본계획".to_owned())
    );
    assert!(
        names(&anybody, "jeonju", "").await.contains(&"전주시".to_owned()),
        "in English, in small letters"
    );
    assert_eq!(names(&anybody, "연구원 전북", ", kinds: [ORGANIZATION]").await, ["전북연구원"]);
    assert_eq!(names(&anybody, "100%", "").await, Vec::<String>::new());
    let (_, rest) = anybody.get("/api/v1/search?text=전북연구원&total=true").await;
    assert_eq!(
        (&rest["total"], &rest["items"][0]["name"]["ko"]),
        (&json!(1), &json!("전북연구원")),
        "{rest}"
    );
    server.stop().await;
}

#[tokio::test]
async fn pages_go_through_all_kinds_once() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let all = names(&anybody, "시", "").await;
    assert!(all.len() > 40, "{all:?}");
    let (mut after, mut seen) = (Value::Null, Vec::new());
    let total = loop {
        let query = r#"query($after: String) { search(text: "시", first: 7, after: $after) {
            totalCount nodes { name(lang: KO) } pageInfo { hasNextPage endCursor } } }"#;
        let (_, body) = anybody.gql_with(query, json!({ "after": after })).await;
        let page = &body["data"]["search"];
        let nodes = page["nodes"].as_array().expect("nodes");
        seen.extend(nodes.iter().filter_map(|node| node["name"].as_str().map(str::to_owned)));
        if page["pageInfo"]["hasNextPage"] != true {
            break page["totalCount"].clone();
        }
        assert_eq!(nodes.len(), 7, "a page that others follow is full");
        after = page["pageInfo"]["endCursor"].clone();
    };
    assert_eq!(seen, all);
    assert_eq!(total, json!(all.len()));
    server.stop().await;
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_see() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let new = json!({ "region": { "code": "52110" }, "title": "비밀스러운 초안" });
    assert_eq!(officer.post("/api/v1/plans", new).await.0, 201);
    assert_eq!(names(&officer, "비밀스러운", "").await.len(), 1);
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    for asker in [&neighbour, &server.anonymous()] {
        assert_eq!(names(asker, "비밀스러운", "").await, Vec::<String>::new());
    }
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_looked_for_is_refused_with_its_field() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    for (path, pointer, code) in [
        ("/api/v1/search", "/text", "INVALID"),
        ("/api/v1/search?text=%20", "/text", "INVALID"),
        (
            "/api/v1/search?text=a%20b%20c%20d%20e%20f%20g%20h%20i%20j%20k",
            "/text",
            "LIMIT_EXCEEDED",
        ),
        ("/api/v1/search?text=a&after=nonsense", "/after", "BAD_CURSOR"),
    ] {
        let (_, body) = anybody.get(path).await;
        assert_eq!(
            (&body["code"], &body["errors"][0]["pointer"]),
            (&json!(code), &json!(pointer)),
            "{body}"
        );
    }
    server.stop().await;
}
