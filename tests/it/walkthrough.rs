//! The page that tells how a plan is made is run, step by step, as it stands.
//!
//! A block says after its language who asks, and what is kept of the answer for the variables of later
//! blocks, as `graphql as=officer plan=createPlan.plan.id`. The `json` block after it is what the answer
//! holds, in which `…` stands for anything that is there.

use std::collections::BTreeMap;
use std::path::Path;

use api::access::Role;
use serde_json::{Map, Value};
use tests::{Client, TestServer};

/// One step of the page.
struct Step {
    /// What is asked: a GraphQL document, or an address.
    asked: String,
    is_address: bool,
    /// Who asks.
    who: String,
    /// What is kept: a variable, and where it stands in the answer.
    keeps: Vec<(String, String)>,
    /// What the answer holds.
    holds: Option<Value>,
}

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/process.md");
    std::fs::read_to_string(path).expect("the page")
}

fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for block in page.split("\n```").skip(1).step_by(2) {
        let (said, body) = block.split_once('\n').expect("a block");
        let mut words = said.split_whitespace();
        let language = words.next().unwrap_or_default();
        let mut pairs: Vec<(String, String)> = words
            .filter_map(|word| word.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        match language {
            "json" => {
                let step = steps.last_mut().expect("something asked before its answer");
                let holds = serde_json::from_str(body);
                step.holds = Some(holds.unwrap_or_else(|error| panic!("{error}: {body}")));
            }
            "graphql" | "http" => {
                let who = pairs.iter().position(|(name, _)| name == "as");
                let who = who.map(|at| pairs.remove(at).1).unwrap_or_default();
                let (asked, is_address) = (body.trim().to_owned(), language == "http");
                steps.push(Step { asked, is_address, who, keeps: pairs, holds: None });
            }
            _ => {}
        }
    }
    steps
}

/// The variables a document declares.
fn declared(document: &str) -> Vec<String> {
    let head = document.split('{').next().unwrap_or_default();
    let names = head.split('$').skip(1).filter_map(|rest| rest.split(':').next());
    names.map(|name| name.trim().to_owned()).collect()
}

/// What stands at a place of an answer, as `region.plans.0.id`.
fn at<'a>(answer: &'a Value, place: &str) -> &'a Value {
    place.split('.').fold(answer, |value, part| match part.parse::<usize>() {
        Ok(n) => &value[n],
        Err(_) => &value[part],
    })
}

/// Where an answer does not hold what it should.
fn missing(answer: &Value, holds: &Value, place: &str) -> Option<String> {
    match holds {
        Value::String(any) if any == "…" => {
            answer.is_null().then(|| format!("nothing at {place}"))
        }
        Value::Object(fields) => fields
            .iter()
            .find_map(|(name, field)| missing(&answer[name], field, &format!("{place}.{name}"))),
        Value::Array(items) => {
            let there = answer.as_array().map_or(0, Vec::len);
            if there != items.len() {
                return Some(format!("{there} at {place}, not {}", items.len()));
            }
            items
                .iter()
                .enumerate()
                .find_map(|(n, item)| missing(&answer[n], item, &format!("{place}.{n}")))
        }
        _ => (answer != holds).then(|| format!("{answer} at {place}, not {holds}")),
    }
}

async fn people(server: &TestServer) -> BTreeMap<&'static str, Client> {
    BTreeMap::from([
        ("anybody", server.anonymous()),
        ("officer", server.signed_in(Role::MunicipalOfficer, "52770").await),
        ("province", server.signed_in(Role::ProvinceOfficer, "52").await),
        ("neighbour", server.signed_in(Role::MunicipalOfficer, "52110").await),
        ("centre", server.acting_for(Role::SupportCentre, "52", "jeonbuk:ORG-JBCNC").await),
        ("advisor", server.acting_for(Role::Advisor, "KR", "jeonbuk:ORG-ACT").await),
    ])
}

#[tokio::test]
async fn the_page_on_the_making_of_a_plan_is_what_happens() {
    let server = TestServer::start().await;
    let people = people(&server).await;
    let steps = steps(&page());
    assert!(steps.len() > 20, "{} steps", steps.len());
    let mut kept = Map::new();
    for Step { asked, is_address, who, keeps, holds } in steps {
        let client = people.get(who.as_str()).unwrap_or_else(|| panic!("nobody is {who}"));
        let answer = if is_address {
            let path = kept.iter().fold(asked.replacen("GET ", "", 1), |path, (name, value)| {
                path.replace(&format!("{{{name}}}"), value.as_str().unwrap_or_default())
            });
            let (status, body) = client.get(&path).await;
            assert_eq!(status, 200, "{path} {body}");
            body
        } else {
            let variables: Map<String, Value> = declared(&asked)
                .into_iter()
                .map(|name| {
                    let value = kept.get(&name).cloned();
                    let value = value.unwrap_or_else(|| panic!("nobody kept {name}: {asked}"));
                    (name, value)
                })
                .collect();
            let (status, body) = client.gql_with(&asked, variables.into()).await;
            assert!(status == 200 && body.get("errors").is_none(), "{asked}: {body:#}");
            body["data"].clone()
        };
        if let Some(told) = missing_of(&answer, holds.as_ref()) {
            panic!("{told}\n{who}: {asked}\n{answer:#}");
        }
        for (name, place) in keeps {
            let value = at(&answer, &place).clone();
            assert!(!value.is_null(), "nothing at {place}: {asked}\n{answer:#}");
            kept.insert(name, value);
        }
    }
    server.stop().await;
}

fn missing_of(answer: &Value, holds: Option<&Value>) -> Option<String> {
    // A change that was refused is shown as such, or it is a mistake on the page.
    let refused = |payload: &Value| payload["errors"].as_array().is_some_and(|it| !it.is_empty());
    match holds {
        Some(holds) => missing(answer, holds, ""),
        None => {
            let payloads = answer.as_object().into_iter().flat_map(Map::values);
            payloads.filter(|payload| refused(payload)).map(ToString::to_string).next()
        }
    }
}
