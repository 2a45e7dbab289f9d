//! What others build on. A difference is either a mistake or belongs into the same commit.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::TestServer;

fn committed(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)
}

fn compare(file: &str, now: &str, command: &str) {
    let path = committed(file);
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = before.lines().zip(now.lines()).position(|(before, now)| before != now);
    let line = differs.unwrap_or_else(|| before.lines().count().min(now.lines().count())) + 1;
    assert!(before == now, "{file} differs at line {line}; to refresh it:\n  {command} > {file}");
}

#[test]
fn the_graphql_schema_is_the_committed_one() {
    let command = "cargo run --quiet -- schema graphql";
    compare("schema.graphql", &api::graphql::sdl(), command);
}

#[test]
fn the_rest_description_is_the_committed_one() {
    let now = api::rest::openapi_json().expect("a description");
    compare("openapi.json", &now, "cargo run --quiet -- schema openapi");
}

#[test]
fn the_configuration_manual_is_the_committed_one() {
    let command = "cargo run --quiet -- schema configuration";
    compare("docs/configuration.md", &api::config::manual(), command);
}

#[tokio::test]
async fn everything_in_the_schema_is_described() {
    let query = "{ __schema { types { name kind description
        fields(includeDeprecated: true) { name description args { name description } }
        inputFields { name description } enumValues(includeDeprecated: true) { name description } } } }";
    let server = TestServer::empty().await;
    let data = server.anonymous().data(query).await;
    let bare = |thing: &Value| thing["description"].as_str().unwrap_or_default().is_empty();
    let mut silent = Vec::new();
    for of_type in data["__schema"]["types"].as_array().expect("types") {
        let name = of_type["name"].as_str().expect("a name");
        // Introspection and `ID` are the specification's.
        if name.starts_with("__") || name == "ID" {
            continue;
        }
        if bare(of_type) {
            silent.push(name.to_owned());
        }
        for part in ["fields", "inputFields", "enumValues"] {
            for field in of_type[part].as_array().into_iter().flatten() {
                let place = format!("{name}.{}", field["name"].as_str().expect("a name"));
                let arguments = field["args"].as_array().into_iter().flatten();
                let arguments = arguments.filter(|argument| bare(argument));
                silent.extend(arguments.map(|argument| format!("{place}({})", argument["name"])));
                if bare(field) {
                    silent.push(place);
                }
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new());
    server.stop().await;
}

#[test]
fn every_operation_of_the_rest_dialect_says_what_it_answers() {
    let document = serde_json::to_value(api::rest::openapi()).expect("json");
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let place = format!("{method} {path}");
            assert!(operation["operationId"].is_string(), "{place}");
            let told = operation["summary"].is_string() || operation["description"].is_string();
            assert!(told, "{place}");
            let responses = operation["responses"].as_object().expect("responses");
            let refused = responses.contains_key("4XX") || path.ends_with("openapi.json");
            assert!(refused && responses.keys().any(|status| status.starts_with('2')), "{place}");
        }
    }
}
