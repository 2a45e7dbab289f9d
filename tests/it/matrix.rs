//! Who may do what, tried on every operation that the two dialects have: one that is not listed here
//! fails.
//!
//! What is expected is worked out from the policy. An operation is called with a revision that is
//! long gone or a value that cannot be, so that who may do it is refused for that, and nothing moves.

use std::collections::BTreeSet;

use api::access::{Action, Reach, Role, Scope, policy};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, PASSWORD, TestServer};

/// Where an operation is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Site {
    /// In the plan of 52110.
    Plan,
    /// In 52110, to no plan of it.
    Region,
    /// Everywhere that measures by a definition: in the province.
    Province,
    /// Anywhere at all.
    Anywhere,
}

/// One operation, in both dialects: whatever is left out of a dialect is not there.
struct Operation {
    mutation: &'static str,
    rest: Option<(&'static str, Method, String)>,
    /// What a body and an input both have.
    fields: Value,
    /// What only the input has: what an address says in REST.
    named: Value,
    needs: (Action, Site),
}

/// What the operations are about.
struct World {
    plan: String,
    target: String,
    measure: String,
    indicator: String,
    definition: String,
    milestone: String,
    check: String,
    issue: String,
    forum: String,
    organization: String,
    statistic: String,
    emission: String,
}

async fn made(maker: &Client, path: &str, new: Value) -> String {
    let (status, thing) = maker.post(path, new).await;
    assert_eq!(status, 201, "{path} {thing}");
    thing["id"].as_str().expect("an id").to_owned()
}

async fn world(server: &TestServer) -> World {
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let id = |thing: &Value| thing["id"].as_str().expect("an id").to_owned();
    let first = async |path: &str| id(&officer.get(path).await.1["items"][0]);
    let plan = first("/api/v1/regions/52110/plans").await;
    let region = json!({ "code": "52110" });
    let definition = first("/api/v1/indicator-definitions").await;
    let measure = json!({ "plan": plan, "family": "RESPONSE_BASE", "title": "교육" });
    let measure = made(&officer, "/api/v1/measures", measure).await;
    let indicator = json!({ "definition": definition, "plan": plan });
    let indicator = made(&officer, "/api/v1/indicators", indicator).await;
    let check = json!({ "plan": plan, "year": 2026, "kind": "BASIC_PLAN" });
    let check = made(&officer, "/api/v1/progress-checks", check).await;
    let milestone = json!({ "kind": "OTHER", "summary": "회의" });
    let milestone = made(&officer, &format!("/api/v1/plans/{plan}/milestones"), milestone).await;
    let target =
        json!({ "label": "교육", "year": 2045, "removals": { "amount": "1", "unit": "KT" } });
    let category = officer.get("/api/v1/issues?limit=1").await.1["items"][0]["category"].clone();
    let issue = json!({ "region": region, "category": category, "title": "자료 부족" });
    let forum = json!({ "region": region, "title": "포럼" });
    let organization =
        json!({ "name": { "ko": "전주시 기후과" }, "kind": "DEPARTMENT", "region": region });
    let statistic = first("/api/v1/regions/52110/statistics").await;
    let emission = first("/api/v1/regions/52110/emissions").await;
    World {
        target: made(&officer, &format!("/api/v1/plans/{plan}/targets"), target).await,
        issue: made(&officer, "/api/v1/issues", issue).await,
        forum: made(&officer, "/api/v1/forums", forum).await,
        organization: made(&centre, "/api/v1/organizations", organization).await,
        plan,
        measure,
        indicator,
        definition,
        milestone,
        check,
        statistic,
        emission,
    }
}

/// Every operation that changes what the service is about.
fn operations(it: &World) -> Vec<Operation> {
    use Action::{
        CheckProgress, EditFacts, EditPlan, EditReference, PublishPlan, ShareIssues, StartPlan,
    };
    use Site::{Anywhere, Plan, Province, Region};
    let World { plan, target, measure, indicator, definition, milestone, check, .. } = it;
    let region = json!({ "code": "52110" });
    let nothing = || json!({});
    let mut all = Vec::new();
    let mut add = |mutation, rest, fields: Value, named: Value, needs| {
        all.push(Operation { mutation, rest, fields, named, needs });
    };
    let long = "긴 제목".repeat(200);
    let post = |name, path: &str| Some((name, Method::POST, path.to_owned()));
    let put = |name, path: String| Some((name, Method::PUT, path));

    add(
        "createPlan",
        post("createPlan", "/api/v1/plans"),
        json!({ "region": region, "title": long }),
        nothing(),
        (StartPlan, Region),
    );
    add(
        "createTarget",
        post("createTarget", &format!("/api/v1/plans/{plan}/targets")),
        json!({ "sector": "SINK", "year": 2030 }),
        json!({ "plan": plan }),
        (EditPlan, Plan),
    );
    add(
        "createMeasure",
        post("createMeasure", "/api/v1/measures"),
        json!({ "plan": plan, "family": "MITIGATION", "title": long }),
        nothing(),
        (EditPlan, Plan),
    );
    add(
        "createIndicator",
        post("createIndicator", "/api/v1/indicators"),
        json!({ "plan": plan, "definition": definition, "note": " " }),
        nothing(),
        (EditPlan, Plan),
    );
    add(
        "createMilestone",
        post("createMilestone", &format!("/api/v1/plans/{plan}/milestones")),
        json!({ "kind": "OTHER", "heldOn": "someday" }),
        json!({ "plan": plan }),
        (EditPlan, Plan),
    );
    add(
        "createProgressCheck",
        post("createProgressCheck", "/api/v1/progress-checks"),
        json!({ "plan": plan, "year": 1800, "kind": "BASIC_PLAN" }),
        nothing(),
        (CheckProgress, Plan),
    );
    add(
        "createIssue",
        post("createIssue", "/api/v1/issues"),
        json!({ "region": region, "category": "data_gap", "title": long }),
        nothing(),
        (ShareIssues, Region),
    );
    add(
        "createForum",
        post("createForum", "/api/v1/forums"),
        json!({ "region": region, "title": long }),
        nothing(),
        (ShareIssues, Region),
    );
    add(
        "createOrganization",
        post("createOrganization", "/api/v1/organizations"),
        json!({ "region": region, "kind": "NGO", "name": { "ko": long } }),
        nothing(),
        (EditReference, Region),
    );
    add(
        "recordEmissions",
        put("recordRegionEmissions", "/api/v1/regions/52110/emissions".to_owned()),
        json!({ "rows": [{ "year": 1800 }] }),
        json!({ "region": region }),
        (EditFacts, Region),
    );
    add(
        "recordStatistic",
        put(
            "recordRegionStatistic",
            "/api/v1/regions/52110/statistics/POPULATION/someday".to_owned(),
        ),
        json!({ "value": "1", "unit": "명" }),
        json!({ "region": region, "stat": "POPULATION", "period": "someday" }),
        (EditFacts, Region),
    );
    let quantity = json!({ "value": { "amount": "1.0000001", "unit": "?" } });
    add(
        "setGoal",
        put("setGoal", format!("/api/v1/indicators/{indicator}/goals/2030")),
        quantity.clone(),
        json!({ "indicator": indicator, "period": "2030" }),
        (EditPlan, Plan),
    );
    add(
        "recordObservation",
        put("recordObservation", format!("/api/v1/indicators/{indicator}/observations/2024")),
        quantity,
        json!({ "indicator": indicator, "period": "2024" }),
        (EditFacts, Region),
    );
    add(
        "assessMeasure",
        put("assessMeasure", format!("/api/v1/progress-checks/{check}/assessments/{measure}")),
        json!({ "grade": "DELAYED" }),
        json!({ "check": check, "measure": measure }),
        (CheckProgress, Plan),
    );
    add(
        "createIndicatorDefinition",
        None,
        json!({ "code": "x", "nameKo": long, "unit": "대", "direction": "UP" }),
        nothing(),
        (EditReference, Anywhere),
    );

    let patch = Some(("updatePlan", Method::PATCH, format!("/api/v1/plans/{plan}")));
    add(
        "updatePlan",
        patch,
        json!({ "visibility": "PROVINCE" }),
        json!({ "id": plan, "revision": "0" }),
        (PublishPlan, Plan),
    );

    let delete = |name, path: String| Some((name, Method::DELETE, path));
    let stale = json!({ "revision": "0" });
    let with = |more: Value| {
        let mut named = stale.clone();
        named
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().cloned().unwrap_or_default());
        named
    };
    add(
        "removeGoal",
        delete("removeGoal", format!("/api/v1/indicators/{indicator}/goals/2030")),
        nothing(),
        with(json!({ "indicator": indicator, "period": "2030" })),
        (EditPlan, Plan),
    );
    add(
        "removeObservation",
        delete("removeObservation", format!("/api/v1/indicators/{indicator}/observations/2024")),
        nothing(),
        with(json!({ "indicator": indicator, "period": "2024" })),
        (EditFacts, Region),
    );
    add(
        "removeAssessment",
        delete(
            "removeAssessment",
            format!("/api/v1/progress-checks/{check}/assessments/{measure}"),
        ),
        nothing(),
        with(json!({ "check": check, "measure": measure })),
        (CheckProgress, Plan),
    );
    add(
        "deleteStatistic",
        delete("deleteStatistic", format!("/api/v1/statistics/{}", it.statistic)),
        nothing(),
        with(json!({ "id": it.statistic })),
        (EditFacts, Region),
    );
    add(
        "deleteEmission",
        delete("deleteEmission", format!("/api/v1/emissions/{}", it.emission)),
        nothing(),
        with(json!({ "id": it.emission })),
        (EditFacts, Region),
    );
    add(
        "updateIndicatorDefinition",
        None,
        nothing(),
        with(json!({ "id": definition })),
        (EditReference, Province),
    );

    for (noun, update, remove, path, id, needs) in [
        ("Plan", "updatePlan", "deletePlan", "plans", plan, (EditPlan, Plan)),
        ("Target", "updateTarget", "deleteTarget", "targets", target, (EditPlan, Plan)),
        ("Measure", "updateMeasure", "deleteMeasure", "measures", measure, (EditPlan, Plan)),
        (
            "Indicator",
            "updateIndicator",
            "deleteIndicator",
            "indicators",
            indicator,
            (EditPlan, Plan),
        ),
        (
            "Milestone",
            "updateMilestone",
            "deleteMilestone",
            "milestones",
            milestone,
            (EditPlan, Plan),
        ),
        (
            "Check",
            "updateProgressCheck",
            "deleteProgressCheck",
            "progress-checks",
            check,
            (CheckProgress, Plan),
        ),
        ("Issue", "updateIssue", "deleteIssue", "issues", &it.issue, (ShareIssues, Region)),
        ("Forum", "updateForum", "deleteForum", "forums", &it.forum, (ShareIssues, Region)),
        (
            "Organization",
            "updateOrganization",
            "deleteOrganization",
            "organizations",
            &it.organization,
            (EditReference, Region),
        ),
    ] {
        let path = format!("/api/v1/{path}/{id}");
        let named = with(json!({ "id": id }));
        add(update, Some((update, Method::PATCH, path.clone())), nothing(), named.clone(), needs);
        let needs = if noun == "Plan" { (StartPlan, Plan) } else { needs };
        add(remove, delete(remove, path), nothing(), named, needs);
    }
    all
}

/// What is tried elsewhere, and where: it is about who is asking, not about where something is.
const ELSEWHERE: [(&str, &str); 16] = [
    ("createAccount", "access"),
    ("updateAccount", "access"),
    ("disableAccount", "access"),
    ("inviteAccount", "access"),
    ("activateAccount", "access"),
    ("addGrant", "access"),
    ("revokeGrant", "access"),
    ("handOverGrant", "access"),
    ("createClient", "clients"),
    ("rotateClientSecret", "clients"),
    ("revokeClient", "clients"),
    ("createToken", "clients"),
    ("changeOwnPassword", "sessions"),
    ("createSession", "sessions"),
    ("endSession", "sessions"),
    ("refreshSession", "sessions"),
];

/// What is read, in either dialect, by whom: the administration, or everybody of themselves (tried in
/// `access`, `clients` and `sessions`); everybody; who sees the plan it hangs on (tried below).
const READ_BY_STAFF_OR_OWNER: &[&str] = &[
    "account",
    "accounts",
    "clients",
    "getAccount",
    "getClient",
    "getGrant",
    "grant",
    "grants",
    "listAccounts",
    "listClients",
    "listGrants",
    "getMe",
    "viewer",
];
const READ_BY_ALL: &[&str] = &[
    "emission",
    "forum",
    "forums",
    "getEmission",
    "getForum",
    "getKeys",
    "getOpenApi",
    "getOrganization",
    "getRegion",
    "getSector",
    "getSource",
    "getStatistic",
    "indicatorDefinitions",
    "listForums",
    "listIndicatorDefinitions",
    "listOrganizations",
    "listRegionEmissions",
    "listRegionStatistics",
    "listRegions",
    "listSectors",
    "listSources",
    "mapRegions",
    "organization",
    "organizations",
    "sectors",
    "service",
    "sources",
];
const READ_BY_WHO_SEES_THE_PLAN: &[&str] = &[
    "listGoals",
    "getAssessment",
    "getIndicator",
    "getIssue",
    "getMeasure",
    "getMilestone",
    "getPlan",
    "getPlanParent",
    "getProgressCheck",
    "getTarget",
    "indicator",
    "indicators",
    "issue",
    "issues",
    "listAssessments",
    "listIndicators",
    "listIssues",
    "listMeasures",
    "listObservations",
    "listPlanChildren",
    "listPlanIndicators",
    "listPlanIssues",
    "listPlanMeasures",
    "listPlanMilestones",
    "listPlanSectors",
    "listPlanTargets",
    "listPlans",
    "listProgressChecks",
    "listRegionPlans",
    "measure",
    "measures",
    "milestone",
    "node",
    "nodes",
    "plan",
    "plans",
    "progressCheck",
    "progressChecks",
    "region",
    "regions",
    "search",
];

/// Somebody who tries.
struct Caller {
    name: String,
    client: Client,
    /// What they may be, and where; nothing for who is not, or not any more.
    role: Option<(Role, &'static str)>,
    /// Whether the contract is for this plan.
    drafts: bool,
}

async fn callers(server: &TestServer, plan: &str) -> Vec<Caller> {
    let caller =
        |name: &str, client, role| Caller { name: name.to_owned(), client, role, drafts: false };
    let mut all = vec![caller("nobody", server.anonymous(), None)];
    for (role, region) in [
        (Role::MunicipalOfficer, "52110"),
        (Role::MunicipalOfficer, "52140"),
        (Role::ProvinceOfficer, "52"),
        (Role::ProvinceOfficer, "48"),
        (Role::SupportCentre, "52"),
        (Role::SupportCentre, "48"),
        (Role::Advisor, "KR"),
        (Role::Admin, "KR"),
        (Role::Admin, "48"),
    ] {
        let client = server.signed_in(role, region).await;
        all.push(caller(&format!("{} {region}", role.as_str()), client, Some((role, region))));
    }
    let (_, others) = server.anonymous().get("/api/v1/regions/52140/plans").await;
    let other = others["items"][0]["id"].as_str().expect("an id");
    for (name, region, plan, drafts) in
        [("contract", "52110", plan, true), ("other contract", "52140", other, false)]
    {
        let email = format!("{}@contract.example", region);
        server.account(&email, PASSWORD).await;
        server.contract(&email, region, plan).await;
        let client = server.sign_in(&email, PASSWORD).await;
        all.push(Caller {
            name: name.to_owned(),
            client,
            role: Some((Role::Contractor, "52110")),
            drafts,
        });
    }
    server.account("over@52110.example", PASSWORD).await;
    let soon = server.now().plus_seconds(1);
    server.grant("over@52110.example", Role::MunicipalOfficer, "52110", Some(soon)).await;
    server.wait(2);
    let over = server.sign_in("over@52110.example", PASSWORD).await;
    all.push(caller("whose grant is over", over, None));
    all
}

impl Caller {
    fn may(&self, (action, site): (Action, Site)) -> bool {
        let Some((role, region)) = self.role else { return false };
        let there = if site == Site::Province { "52" } else { "52110" };
        let below = region == "KR" || there.starts_with(region);
        match policy::reach(role, true, action) {
            Reach::Nowhere => false,
            Reach::Plan => self.drafts && site == Site::Plan,
            Reach::Own => region == there,
            // A definition is everybody's: who keeps reference data anywhere may make one.
            Reach::Below => below || site == Site::Anywhere,
        }
    }
}

async fn by_rest(client: &Client, operation: &Operation) -> Option<String> {
    let (_, method, path) = operation.rest.as_ref()?;
    let mut request = client.request(method.clone(), path);
    if [Method::PATCH, Method::DELETE].contains(method) {
        request = request.header("if-match", "\"0\"");
    }
    if *method != Method::DELETE {
        request = request.json(&operation.fields);
    }
    let reply = client.send(request).await;
    Some(reply.body["code"].as_str().unwrap_or("DONE").to_owned())
}

async fn by_graphql(client: &Client, operation: &Operation, inputs: &Value) -> String {
    let Operation { mutation, fields, named, .. } = operation;
    let mut input = fields.as_object().cloned().unwrap_or_default();
    input.extend(named.as_object().cloned().unwrap_or_default());
    let of_type = inputs[mutation].as_str().unwrap_or_else(|| panic!("no mutation {mutation}"));
    let query = format!(
        "mutation($input: {of_type}!) {{ it: {mutation}(input: $input) {{ errors {{ code }} }} }}"
    );
    let (_, body) = client.gql_with(&query, json!({ "input": input })).await;
    let told = [&body["errors"][0]["extensions"]["code"], &body["data"]["it"]["errors"][0]["code"]];
    told.iter().find_map(|code| code.as_str()).unwrap_or("DONE").to_owned()
}

/// The input type of each mutation.
async fn inputs(server: &TestServer) -> Value {
    let query =
        "{ __schema { mutationType { fields { name args { type { ofType { name } } } } } } }";
    let data = server.anonymous().data(query).await;
    let fields = data["__schema"]["mutationType"]["fields"].as_array().cloned().unwrap_or_default();
    let input = |field: &Value| field["args"][0]["type"]["ofType"]["name"].clone();
    let pairs = fields
        .iter()
        .map(|field| (field["name"].as_str().unwrap_or_default().to_owned(), input(field)));
    Value::Object(pairs.collect())
}

#[tokio::test]
async fn every_operation_is_open_to_those_whom_the_policy_names_and_to_nobody_else() {
    let server = TestServer::start().await;
    let it = world(&server).await;
    let (operations, inputs) = (operations(&it), inputs(&server).await);
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
            let refused = if caller.name == "nobody" { "UNAUTHENTICATED" } else { "FORBIDDEN" };
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
    let (operations, inputs) = (operations(&it), inputs(&server).await);
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
    let operations = operations(&it);
    let mut known: BTreeSet<&str> = ELSEWHERE.iter().map(|(name, _)| *name).collect();
    known.extend(operations.iter().map(|operation| operation.mutation));
    known.extend(operations.iter().filter_map(|operation| Some(operation.rest.as_ref()?.0)));
    for reads in [READ_BY_STAFF_OR_OWNER, READ_BY_ALL, READ_BY_WHO_SEES_THE_PLAN] {
        known.extend(reads);
    }
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
    let (operations, inputs) = (operations(&it), inputs(&server).await);
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
