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
    let document = api::rest::openapi().expect("a description");
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let place = format!("{method} {path}");
            let id = operation["operationId"].as_str().expect("an id");
            assert!(ids.insert(id.to_owned()), "{place}: {id} is another's");
            let told = operation["summary"].is_string() || operation["description"].is_string();
            assert!(told, "{place}");
            let responses = operation["responses"].as_object().expect("responses");
            assert!(responses.keys().any(|status| status.starts_with('2')), "{place}");
            assert!(!responses.contains_key("4XX"), "{place}: statuses one by one");
            // Machines get their tokens by another standard (RFC 6749), with its refusals.
            if path.ends_with("openapi.json") || path == "/oauth/token" {
                continue;
            }
            let mut refusals = vec!["400", "401", "404", "422", "429", "500", "503"];
            refusals.extend(match method.as_str() {
                "get" => &["304"][..],
                "post" => &["403", "409", "413", "415"],
                "delete" => &["403", "409", "412", "428"],
                _ => &["403", "409", "412", "413", "415", "428"],
            });
            for status in refusals {
                let told = responses.get(status).unwrap_or(&Value::Null);
                assert!(told["description"].is_string(), "{place}: {status}");
                let problem = &told["content"]["application/problem+json"];
                assert!(
                    status == "304" || problem["example"]["code"].is_string(),
                    "{place} {status}"
                );
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string(), "{place} {}", parameter["name"]);
            }
            let body = &operation["requestBody"]["content"]["application/json"];
            assert!(body.is_null() || body["example"].is_object(), "{place}: no example");
        }
    }
    let schemes = &document["components"]["securitySchemes"];
    assert!(schemes["bearer"].is_object() && schemes["client"]["flows"].is_object());
}

#[tokio::test]
async fn examples_of_bodies_are_read() {
    let document = api::rest::openapi().expect("a description");
    let server = TestServer::start().await;
    let officer = server.signed_in(api::access::Role::MunicipalOfficer, "52110").await;
    let body = |path: &str| {
        let content = &document["paths"][path]["post"]["requestBody"]["content"];
        content["application/json"]["example"].clone()
    };
    let mut new = body("/api/v1/plans");
    new["visibility"] = "INTERNAL".into();
    new["kind"] = "MUNICIPAL_BASIC".into();
    let (status, plan) = officer.post("/api/v1/plans", new).await;
    assert_eq!(status, 201, "{plan}");
    let path = format!("/api/v1/plans/{}/targets", plan["id"].as_str().expect("an id"));
    let mut new = body("/api/v1/plans/{id}/targets");
    new.as_object_mut().expect("an object").remove("sources");
    let (status, target) = officer.post(&path, new).await;
    assert!([201, 422].contains(&status), "{target}");
    assert_ne!(target["errors"][0]["message"], "A value is required.", "{target}");
    server.stop().await;
}
