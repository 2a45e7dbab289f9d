//! Who may do what, tried on every operation that the two dialects have: one that is not listed here
//! fails.
//!
//! What is expected is worked out from the policy. An operation is called with a revision that is
//! long gone or a value that cannot be, so that who may do it is refused for that, and nothing moves.

mod calendar;
mod callers;
mod cases;
mod checks;
mod documents;
mod listed;
mod operations;
mod procedure;
mod sharing;

use std::collections::BTreeSet;

use api::access::{Action, Reach, Role, Scope, policy};
use serde_json::{Value, json};
use tests::{PASSWORD, TestServer};

use callers::{by_graphql, by_rest, callers, inputs};
use listed::{ELSEWHERE, READ_BY_ALL, READ_BY_STAFF_OR_OWNER, READ_BY_WHO_SEES_THE_PLAN};
use operations::{Operation, Site, World, made, world};

/// Every operation that changes what the service is about, on this world.
async fn operations(server: &TestServer, it: &World) -> Vec<Operation> {
    let mut all = operations::operations(it);
    all.extend(documents::operations(server, it).await);
    all.extend(sharing::operations(server, it).await);
    all.extend(checks::operations(server, it).await);
    all.extend(calendar::operations(server, it).await);
    all.extend(procedure::operations(server, it).await);
    all.extend(cases::operations(server, it).await);
    all
}

/// Every read, whoever may.
fn reads() -> impl Iterator<Item = &'static str> {
    let all = [
        READ_BY_STAFF_OR_OWNER,
        READ_BY_ALL,
        READ_BY_WHO_SEES_THE_PLAN,
        documents::READS,
        sharing::READS,
        checks::READS,
        calendar::READS,
        procedure::READS,
        cases::READS,
    ];
    all.into_iter().flatten().copied()
}

#[tokio::test]
async fn every_operation_is_open_to_those_whom_the_policy_names_and_to_nobody_else() {
    let server = TestServer::start().await;
    let it = world(&server).await;
    let (operations, inputs) = (operations(&server, &it).await, inputs(&server).await);
    let callers = callers(&server, &it.plan).await;
    let latest = async || {
        let reply = server.anonymous().fetch("/api/v1/sectors").await;
        reply.header("dure-revision").to_owned()
    };
    let before = latest().await;
    let mut holes = Vec::new();
    for caller in &callers {
        for operation in &operations {
            let (by_rest, by_graphql) = (
                by_rest(&caller.client, operation).await,
                by_graphql(&caller.client, operation, &inputs).await,
            );
            let may = caller.may(operation.needs);
            let refused = match caller.name.as_str() {
                _ if !caller.sees(operation.needs.1) => "NOT_FOUND",
                "nobody" => "UNAUTHENTICATED",
                _ => "FORBIDDEN",
            };
            for (dialect, told) in [("REST", by_rest), ("GraphQL", Some(by_graphql))] {
                let Some(told) = told else { continue };
                let closed = ["UNAUTHENTICATED", "FORBIDDEN"].contains(&told.as_str());
                let fits = if may { !closed && told != "INTERNAL" } else { told == refused };
                if !fits {
                    holes.push(format!(
                        "{} {dialect} {}: {told}, may: {may}",
                        caller.name, operation.mutation
                    ));
                }
            }
        }
    }
    assert!(holes.is_empty(), "{} of them:\n{}", holes.len(), holes.join("\n"));
    assert_eq!(latest().await, before, "nothing was written");
    server.stop().await;
}

/// To who may not see a draft, it and all that hangs on it are not there: also when they write.
#[tokio::test]
async fn writing_to_a_draft_does_not_tell_a_stranger_that_it_exists() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    // The latest cycle is the first of its region's plans for who sees it.
    let new = json!({ "region": { "code": "52110" }, "title": "초안", "round": 9 });
    let draft = made(&officer, "/api/v1/plans", new).await;
    let it = world(&server).await;
    assert_eq!(it.plan, draft);
    let (operations, inputs) = (operations(&server, &it).await, inputs(&server).await);
    for caller in callers(&server, &it.plan).await {
        let sees = caller.may((Action::SeeDrafts, Site::Plan));
        for operation in operations.iter().filter(|it| it.needs.1 == Site::Plan) {
            let rest = by_rest(&caller.client, operation).await;
            let told = [rest, Some(by_graphql(&caller.client, operation, &inputs).await)];
            for told in told.into_iter().flatten() {
                let hidden = told == "NOT_FOUND";
                let who = format!("{} {}: {told}", caller.name, operation.mutation);
                assert!(sees || hidden, "{who}");
                let open = !sees || caller.may(operation.needs) || told == "FORBIDDEN";
                assert!(open, "{who}");
            }
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn no_operation_is_left_out() {
    let server = TestServer::start().await;
    let it = world(&server).await;
    let operations = operations(&server, &it).await;
    let mut known: BTreeSet<&str> = ELSEWHERE.iter().map(|(name, _)| *name).collect();
    known.extend(operations.iter().map(|operation| operation.mutation));
    known.extend(operations.iter().filter_map(|operation| Some(operation.rest.as_ref()?.0)));
    known.extend(reads());
    let queries = server.anonymous().data("{ __schema { queryType { fields { name } } } }").await;
    let queries =
        queries["__schema"]["queryType"]["fields"].as_array().cloned().unwrap_or_default();
    let queries = queries.iter().filter_map(|field| field["name"].as_str());
    let mutations = inputs(&server).await;
    let mut missing: Vec<String> = mutations
        .as_object()
        .expect("mutations")
        .keys()
        .filter(|name| !known.contains(name.as_str()))
        .cloned()
        .collect();
    missing.extend(queries.filter(|name| !known.contains(name)).map(str::to_owned));
    let document = api::rest::openapi().expect("a description");
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let name = operation["operationId"].as_str().unwrap_or_default();
            if !known.contains(name) {
                missing.push(format!("{method} {path} {name}"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "list them above, or say where they are tried");
    server.stop().await;
}

#[tokio::test]
async fn a_machine_does_what_its_scopes_and_its_grants_both_allow() {
    let server = TestServer::start().await;
    let it = world(&server).await;
    let (operations, inputs) = (operations(&server, &it).await, inputs(&server).await);
    for scopes in
        [&[Scope::Read][..], &[Scope::Read, Scope::WriteFacts], &[Scope::Read, Scope::WritePlans]]
    {
        let machine = server.machine(scopes, Role::MunicipalOfficer, "52110").await;
        for operation in &operations {
            let (action, site) = operation.needs;
            if [Site::Anywhere, Site::Province].contains(&site) {
                continue;
            }
            let granted = policy::reach(Role::MunicipalOfficer, true, action) == Reach::Below;
            let may = granted && policy::scope(action).is_some_and(|scope| scopes.contains(&scope));
            let told = by_graphql(&machine.client, operation, &inputs).await;
            assert_eq!(told != "FORBIDDEN", may, "{scopes:?} {}: {told}", operation.mutation);
            let told = by_rest(&machine.client, operation).await;
            assert!(
                told.is_none_or(|told| (told != "FORBIDDEN") == may),
                "{scopes:?} {}",
                operation.mutation
            );
        }
    }
    server.stop().await;
}

/// A draft with a draft of everything in it, through every door that a reader has.
#[tokio::test]
async fn a_draft_and_all_that_hangs_on_it_leaves_no_trace_for_who_may_not_see_it() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let mark = "숨은초안";
    let plan = made(
        &officer,
        "/api/v1/plans",
        json!({ "region": { "code": "52110" }, "title": mark, "round": 7 }),
    )
    .await;
    let definition = officer.get("/api/v1/indicator-definitions").await.1["items"][0]["id"].clone();
    let target =
        json!({ "label": mark, "year": 2041, "removals": { "amount": "1", "unit": "KT" } });
    let measure = made(
        &officer,
        "/api/v1/measures",
        json!({ "plan": plan, "family": "RESPONSE_BASE", "title": mark }),
    )
    .await;
    let indicator = made(
        &officer,
        "/api/v1/indicators",
        json!({ "definition": definition, "plan": plan, "measure": measure, "note": mark }),
    )
    .await;
    let check = made(
        &officer,
        "/api/v1/progress-checks",
        json!({ "plan": plan, "year": 2041, "kind": "BASIC_PLAN", "summary": mark }),
    )
    .await;
    let category = officer.get("/api/v1/issues?limit=1").await.1["items"][0]["category"].clone();
    let issue =
        json!({ "region": { "code": "52110" }, "plan": plan, "category": category, "title": mark });
    let ids = [
        made(&officer, &format!("/api/v1/plans/{plan}/targets"), target).await,
        made(
            &officer,
            &format!("/api/v1/plans/{plan}/milestones"),
            json!({ "kind": "OTHER", "summary": mark }),
        )
        .await,
        made(&officer, "/api/v1/issues", issue).await,
        plan.clone(),
        measure,
        indicator,
        check,
    ];
    let nodes = r#"query($ids: [ID!]!) { nodes(ids: $ids) { id } search(text: "숨은초안", first: 50) { totalCount nodes { id } } }"#;
    let lists = r#"{ plans(filter: { region: { code: "52110" } }, first: 100) { totalCount nodes { title
          indicators { nodes { provenance { note } } } milestones { summary } progressChecks { summary } issues { title } } }
        measures(first: 100, filter: { region: { code: "52110" } }) { totalCount nodes { title } }
        indicators(first: 100, filter: { region: { code: "52110" } }) { totalCount nodes { provenance { note } } }
        progressChecks(first: 100, filter: { region: { code: "52110" } }) { totalCount nodes { summary } }
        issues(first: 100) { totalCount nodes { title } }
        region(by: { code: "52110" }) { plans { title } indicators(first: 100) { totalCount nodes { provenance { note } } } progressChecks { summary } } }"#;
    let contractor = {
        server.account("other@contract.example", PASSWORD).await;
        let (_, others) = server.anonymous().get("/api/v1/regions/52140/plans").await;
        server
            .contract(
                "other@contract.example",
                "52140",
                others["items"][0]["id"].as_str().expect("an id"),
            )
            .await;
        server.sign_in("other@contract.example", PASSWORD).await
    };
    let blind = [
        server.anonymous(),
        server.signed_in(Role::MunicipalOfficer, "52140").await,
        server.signed_in(Role::Advisor, "KR").await,
        server.signed_in(Role::ProvinceOfficer, "48").await,
        contractor,
    ];
    let seeing = [
        officer.clone(),
        server.signed_in(Role::ProvinceOfficer, "52").await,
        server.signed_in(Role::SupportCentre, "52").await,
        server.signed_in(Role::Admin, "KR").await,
    ];
    let revision = officer.fetch("/api/v1/sectors").await.header("dure-revision").to_owned();
    let counts = |data: &Value| {
        let all = ["plans", "measures", "indicators", "progressChecks", "issues"];
        all.map(|name| data[name]["totalCount"].as_i64().unwrap_or(-1))
    };
    let (_, seen) = officer.gql(lists).await;
    for (client, sees) in
        blind.iter().map(|it| (it, false)).chain(seeing.iter().map(|it| (it, true)))
    {
        let (_, found) = client.gql_with(nodes, json!({ "ids": ids })).await;
        let there = found["data"]["nodes"]
            .as_array()
            .expect("nodes")
            .iter()
            .filter(|node| !node.is_null())
            .count();
        assert_eq!(there, if sees { ids.len() } else { 0 }, "{found}");
        assert_eq!(found["data"]["search"]["totalCount"], if sees { 3 } else { 0 }, "{found}");
        let (_, listed) = client.gql(lists).await;
        assert_eq!(listed.to_string().contains(mark), sees, "{listed}");
        let lower = counts(&seen["data"])
            .iter()
            .zip(counts(&listed["data"]))
            .all(|(all, some)| some < *all);
        assert_eq!(lower, !sees, "{listed}");
        for id in &ids {
            let noun = match id.split('_').next().unwrap_or_default() {
                "check" => "progress-checks".to_owned(),
                kind => format!("{kind}s"),
            };
            for path in
                [format!("/api/v1/{noun}/{id}"), format!("/api/v1/{noun}/{id}?asOf={revision}")]
            {
                let (status, body) = client.get(&path).await;
                assert_eq!(status, if sees { 200 } else { 404 }, "{path} {body}");
                assert!(sees || !body.to_string().contains(mark), "{body}");
            }
        }
    }
    server.stop().await;
}
