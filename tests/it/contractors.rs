//! A contractor drafts one plan, for the time of the contract, and sees nothing else that is not
//! everybody's: through the whole of the process, in both dialects.

use api::access::{Role, Timestamp};
use api::id::AnyId;
use api::identity::{self, NewGrant};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, PASSWORD, TestServer};

async fn made(maker: &Client, path: &str, new: Value) -> String {
    let (status, thing) = maker.post(path, new).await;
    assert_eq!(status, 201, "{path} {thing}");
    thing["id"].as_str().expect("an id").to_owned()
}

/// A draft with one of everything in it, every text of which holds the mark.
struct Draft {
    plan: String,
    target: String,
    measure: String,
    milestone: String,
    indicator: String,
    check: String,
    issue: String,
}

impl Draft {
    async fn of(officer: &Client, region: &str, (round, mark): (i32, &str)) -> Self {
        let plan = json!({ "region": { "code": region }, "title": mark, "round": round });
        let plan = made(officer, "/api/v1/plans", plan).await;
        let part = format!("/api/v1/plans/{plan}");
        let target =
            json!({ "label": mark, "year": 2041, "removals": { "amount": "1", "unit": "KT" } });
        let measure = json!({ "plan": plan, "family": "MITIGATION", "title": mark });
        let measure = made(officer, "/api/v1/measures", measure).await;
        let definition = definition(officer).await;
        let indicator = json!({ "definition": definition["id"], "plan": plan, "measure": measure, "note": mark });
        let check = json!({ "plan": plan, "year": 2041, "kind": "BASIC_PLAN", "summary": mark });
        let category =
            officer.get("/api/v1/issues?limit=1").await.1["items"][0]["category"].clone();
        let issue = json!({ "region": { "code": region }, "plan": plan, "category": category, "title": mark });
        let milestone = json!({ "kind": "OTHER", "summary": mark });
        Self {
            target: made(officer, &format!("{part}/targets"), target).await,
            milestone: made(officer, &format!("{part}/milestones"), milestone).await,
            indicator: made(officer, "/api/v1/indicators", indicator).await,
            check: made(officer, "/api/v1/progress-checks", check).await,
            issue: made(officer, "/api/v1/issues", issue).await,
            plan,
            measure,
        }
    }

    /// Where each thing in it is.
    fn paths(&self) -> Vec<String> {
        let Self { plan, target, measure, milestone, indicator, check, issue } = self;
        let mut paths = vec![
            format!("plans/{plan}"),
            format!("targets/{target}"),
            format!("measures/{measure}"),
            format!("milestones/{milestone}"),
            format!("indicators/{indicator}"),
            format!("indicators/{indicator}/goals"),
            format!("indicators/{indicator}/observations"),
            format!("progress-checks/{check}"),
            format!("progress-checks/{check}/assessments"),
            format!("progress-checks/{check}/transitions"),
            format!("issues/{issue}"),
        ];
        for part in [
            "sectors",
            "targets",
            "measures",
            "milestones",
            "indicators",
            "issues",
            "annex",
            "parent",
            "children",
        ] {
            paths.push(format!("plans/{plan}/{part}"));
        }
        paths.into_iter().map(|path| format!("/api/v1/{path}")).collect()
    }

    fn ids(&self) -> Vec<&str> {
        let Self { plan, target, measure, milestone, indicator, check, issue } = self;
        [plan, target, measure, milestone, indicator, check, issue].map(String::as_str).to_vec()
    }
}

async fn definition(asker: &Client) -> Value {
    let (_, definitions) = asker.get("/api/v1/indicator-definitions?limit=100").await;
    let all = definitions["items"].as_array().cloned().unwrap_or_default();
    all.into_iter().find(|it| it["decimals"] == 0).expect("a count")
}

/// Whoever is asked for the drafts of Jeonju and Iksan by every list there is.
const LISTS: &str = r#"{ search(text: "숨은", first: 50) { totalCount nodes { id name } }
    plans(first: 50) { totalCount nodes { title targets { label } milestones { summary } progressChecks { summary }
      issues { title } measures(first: 20) { nodes { title } } indicators(first: 20) { nodes { provenance { note } } } } }
    measures(first: 100) { totalCount nodes { title } } indicators(first: 100) { nodes { provenance { note } } }
    progressChecks(first: 100) { totalCount nodes { summary } } issues(first: 100) { totalCount nodes { title } }
    region(by: { code: "52110" }) { plans { title } progressChecks { summary } }
    other: region(by: { code: "52140" }) { plans { title } progressChecks { summary } } }"#;

const REST_LISTS: [&str; 8] = [
    "/api/v1/plans?limit=500",
    "/api/v1/regions/52110/plans",
    "/api/v1/regions/52140/plans",
    "/api/v1/measures?limit=500",
    "/api/v1/indicators?limit=500",
    "/api/v1/progress-checks?limit=500",
    "/api/v1/issues?limit=500",
    "/api/v1/search?text=숨은",
];

const CONTRACT: &str = "draft@contract.example";

async fn contracted(
    server: &TestServer,
    plan: &str,
    (from, to): (Option<Timestamp>, Timestamp),
) -> Client {
    server.account(CONTRACT, PASSWORD).await;
    let mut grant = NewGrant::to_account(CONTRACT, Role::Contractor, "52110");
    grant.plan = Some(AnyId(plan.to_owned()));
    (grant.valid_from, grant.valid_to) = (from, Some(to));
    identity::add_grant(&server.operator(), grant).await.expect("a grant");
    server.sign_in(CONTRACT, PASSWORD).await
}

#[tokio::test]
async fn a_contract_opens_one_plan_and_leaves_the_rest_closed() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let ours = Draft::of(&officer, "52110", (2, "맡은초안")).await;
    let other = Draft::of(&officer, "52110", (3, "숨은초안하나")).await;
    let theirs = Draft::of(&neighbour, "52140", (2, "숨은초안둘")).await;
    // What the offices of the province share is for offices.
    let shared = json!({ "region": { "code": "52140" }, "title": "숨은초안셋", "round": 3, "visibility": "PROVINCE" });
    let shared = made(&neighbour, "/api/v1/plans", shared).await;
    assert_eq!(officer.get(&format!("/api/v1/plans/{shared}")).await.0, 200);
    let revision = officer.fetch("/api/v1/sectors").await.header("dure-revision").to_owned();
    let year = server.now().plus_seconds(365 * 24 * 60 * 60);
    let contractor = contracted(&server, &ours.plan, (None, year)).await;

    for path in ours.paths() {
        let (status, body) = contractor.get(&path).await;
        assert!(status == 200 || path.ends_with("/parent"), "{path} {status} {body}");
    }
    let mark = |path: &str| if path.contains('?') { '&' } else { '?' };
    for path in
        other.paths().into_iter().chain(theirs.paths()).chain([format!("/api/v1/plans/{shared}")])
    {
        for path in [path.clone(), format!("{path}{}asOf={revision}", mark(&path))] {
            let (status, body) = contractor.get(&path).await;
            assert_eq!((status, &body["code"]), (404, &json!("NOT_FOUND")), "{path} {body}");
        }
    }
    for path in REST_LISTS {
        for path in [path.to_owned(), format!("{path}{}asOf={revision}", mark(path))] {
            let (status, body) = contractor.get(&path).await;
            assert!(status == 200 && !body.to_string().contains("숨은초안"), "{path} {body}");
        }
    }
    let (_, listed) = contractor.gql(LISTS).await;
    assert!(listed.get("errors").is_none() && !listed.to_string().contains("숨은초안"), "{listed}");
    assert!(listed.to_string().contains("맡은초안"), "{listed}");
    assert_eq!(listed["data"]["search"]["totalCount"], 0);
    let (_, seen) = officer.gql(LISTS).await;
    assert!(seen.to_string().contains("숨은초안하나"), "the lists would show it: {seen}");
    let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    for (draft, count) in [(&ours, 7), (&other, 0), (&theirs, 0)] {
        let (_, found) = contractor.gql_with(nodes, json!({ "ids": draft.ids() })).await;
        let found = found["data"]["nodes"].as_array().cloned().expect("nodes");
        assert_eq!(found.iter().filter(|node| !node.is_null()).count(), count);
    }
    server.stop().await;
}

/// What is tried on a draft by REST: a contractor does the first part of it on their own.
fn drafting(draft: &Draft, definition: &Value) -> Vec<(Method, String, Value)> {
    let Draft { plan, target, measure, milestone, indicator, .. } = draft;
    let value = json!({ "value": { "amount": "5", "unit": definition["unit"] } });
    let path = |path: String| format!("/api/v1/{path}");
    vec![
        (
            Method::POST,
            path(format!("plans/{plan}/targets")),
            json!({ "label": "새 목표", "year": 2042, "removals": { "amount": "2", "unit": "KT" } }),
        ),
        (
            Method::POST,
            path("measures".to_owned()),
            json!({ "plan": plan, "family": "MITIGATION", "title": "새 과제", "sector": "BUILDING" }),
        ),
        (
            Method::POST,
            path(format!("plans/{plan}/milestones")),
            json!({ "kind": "KICKOFF", "heldOn": "2025-03-02" }),
        ),
        (
            Method::POST,
            path("indicators".to_owned()),
            json!({ "plan": plan, "definition": definition["id"], "measure": measure }),
        ),
        (Method::PUT, path(format!("indicators/{indicator}/goals/2030")), value),
        (Method::PATCH, path(format!("plans/{plan}")), json!({ "vision": "새 전망" })),
        (Method::PATCH, path(format!("targets/{target}")), json!({ "year": 2043 })),
        (Method::PATCH, path(format!("measures/{measure}")), json!({ "department": "기후과" })),
        (Method::PATCH, path(format!("milestones/{milestone}")), json!({ "summary": "고침" })),
        (Method::PATCH, path(format!("indicators/{indicator}")), json!({ "note": "고침" })),
    ]
}

/// What is not for contractors to do, to the plan of their own or beside it.
fn beyond(draft: &Draft, definition: &Value) -> Vec<(Method, String, Value)> {
    let Draft { plan, measure, milestone, indicator, check, issue, .. } = draft;
    let path = |path: String| format!("/api/v1/{path}");
    let value = json!({ "value": { "amount": "5", "unit": definition["unit"] } });
    let step = |step: &str| json!({ "transition": step, "revision": "1", "note": "x" });
    let mut all = vec![
        (Method::PATCH, path(format!("plans/{plan}")), json!({ "visibility": "PUBLIC" })),
        (Method::DELETE, path(format!("plans/{plan}")), Value::Null),
        (Method::PUT, path(format!("indicators/{indicator}/observations/2024")), value),
        (
            Method::PUT,
            path(format!("progress-checks/{check}/assessments/{measure}")),
            json!({ "grade": "ACHIEVED" }),
        ),
        (Method::PATCH, path(format!("progress-checks/{check}")), json!({ "summary": "x" })),
        (Method::DELETE, path(format!("progress-checks/{check}")), Value::Null),
        (
            Method::POST,
            path("progress-checks".to_owned()),
            json!({ "plan": plan, "year": 2042, "kind": "BASIC_PLAN" }),
        ),
        (Method::PATCH, path(format!("issues/{issue}")), json!({ "title": "x" })),
        // What the law names is for the office, also where it is only noted.
        (Method::PATCH, path(format!("milestones/{milestone}")), json!({ "kind": "HEARING" })),
        (Method::DELETE, path(format!("milestones/{milestone}")), Value::Null),
    ];
    for kind in ["HEARING", "CONSULTATION", "COUNCIL_REPORT", "ADOPTION", "SUPERSEDED"] {
        let planned = json!({ "kind": kind, "plannedOn": "2030" });
        all.push((Method::POST, path(format!("plans/{plan}/milestones")), planned));
    }
    for transition in ["HEAR", "CONSULT", "REPORT_TO_COUNCIL", "PUBLISH"] {
        let taken = json!({ "transition": transition, "contentRevision": "1", "heldOn": "2026" });
        all.push((Method::POST, path(format!("plans/{plan}/transitions")), taken));
    }
    for transition in ["SELF_ASSESS", "DELIBERATE", "SUBMIT", "COMPILE", "REOPEN"] {
        all.push((
            Method::POST,
            path(format!("progress-checks/{check}/transitions")),
            step(transition),
        ));
    }
    all
}

async fn tried(
    asker: &Client,
    (method, path, body): &(Method, String, Value),
    tag: &str,
) -> (u16, Value) {
    let mut request = asker.request(method.clone(), path);
    if [Method::PATCH, Method::DELETE].contains(method) {
        request = request.header("if-match", tag);
    }
    if *method != Method::DELETE {
        request = request.json(body);
    }
    let reply = asker.send(request).await;
    (reply.status, reply.body)
}

#[tokio::test]
async fn a_contractor_drafts_the_one_plan_and_decides_nothing() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let ours = Draft::of(&officer, "52110", (2, "맡은초안")).await;
    let other = Draft::of(&officer, "52110", (3, "숨은초안하나")).await;
    let theirs = Draft::of(&neighbour, "52140", (2, "숨은초안둘")).await;
    let year = server.now().plus_seconds(365 * 24 * 60 * 60);
    let contractor = contracted(&server, &ours.plan, (None, year)).await;
    let definition = definition(&contractor).await;

    for attempt in drafting(&ours, &definition) {
        let (status, body) = tried(&contractor, &attempt, "*").await;
        assert!([200, 201].contains(&status), "{attempt:?} {body}");
    }
    let create = "mutation($input: NewMeasure!) { createMeasure(input: $input) { measure { title } errors { code path } } }";
    let new = |plan: &str| json!({ "input": { "plan": plan, "family": "MITIGATION", "title": "새 과제" } });
    let (_, done) = contractor.gql_with(create, new(&ours.plan)).await;
    assert_eq!(done["data"]["createMeasure"]["measure"]["title"], "새 과제", "{done}");
    for closed in [&other, &theirs] {
        let (_, told) = contractor.gql_with(create, new(&closed.plan)).await;
        let error = json!([{ "code": "NOT_FOUND", "path": ["input", "plan"] }]);
        assert_eq!(told["data"]["createMeasure"]["errors"], error, "{told}");
        // What they cannot see is not there, whatever they try on it.
        for attempt in drafting(closed, &definition).into_iter().chain(beyond(closed, &definition))
        {
            let (status, body) = tried(&contractor, &attempt, "*").await;
            assert_eq!((status, &body["code"]), (404, &json!("NOT_FOUND")), "{attempt:?} {body}");
        }
        // Nor does what is theirs reach what is not.
        let reaching =
            json!({ "plan": ours.plan, "definition": definition["id"], "measure": closed.measure });
        let (status, body) = contractor.post("/api/v1/indicators", reaching).await;
        assert_eq!((status, &body["errors"][0]["pointer"]), (404, &json!("/measure")), "{body}");
    }
    for attempt in beyond(&ours, &definition) {
        let (status, body) = tried(&contractor, &attempt, "*").await;
        assert_eq!((status, &body["code"]), (403, &json!("FORBIDDEN")), "{attempt:?} {body}");
    }
    let region = json!({ "code": "52110" });
    let category = officer.get("/api/v1/issues?limit=1").await.1["items"][0]["category"].clone();
    for (method, path, body) in [
        (Method::POST, "plans", json!({ "region": region, "title": "또 하나", "round": 9 })),
        (
            Method::POST,
            "issues",
            json!({ "region": region, "plan": ours.plan, "category": category, "title": "x" }),
        ),
        (Method::POST, "issues", json!({ "region": region, "category": category, "title": "x" })),
        (Method::POST, "forums", json!({ "region": region, "title": "x" })),
        (
            Method::POST,
            "organizations",
            json!({ "region": region, "kind": "NGO", "name": { "ko": "x" } }),
        ),
        (
            Method::POST,
            "progress-checks",
            json!({ "region": region, "year": 2042, "kind": "PUBLIC_SECTOR" }),
        ),
        (Method::POST, "indicators", json!({ "region": region, "definition": definition["id"] })),
        (Method::PUT, "regions/52110/emissions", json!({ "rows": [{ "year": 2024 }] })),
        (
            Method::PUT,
            "regions/52110/statistics/POPULATION/2024",
            json!({ "value": "1", "unit": "명" }),
        ),
    ] {
        let attempt = (method, format!("/api/v1/{path}"), body);
        let (status, body) = tried(&contractor, &attempt, "*").await;
        assert_eq!((status, &body["code"]), (403, &json!("FORBIDDEN")), "{attempt:?} {body}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_contract_begins_and_ends_at_its_minute_for_a_token_that_is_there_already() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let draft = Draft::of(&officer, "52110", (2, "맡은초안")).await;
    let now = server.now();
    let (from, to) = (now.plus_seconds(120), now.plus_seconds(600));
    // One token for all of it: it is good for a quarter of an hour, the contract for less.
    let contractor = contracted(&server, &draft.plan, (Some(from), to)).await;
    let path = format!("/api/v1/plans/{}", draft.plan);
    let query = format!(
        r#"{{ plan(id: "{}") {{ title }} viewer {{ can(action: EDIT_PLAN, plan: "{}") {{ allowed }} }} }}"#,
        draft.plan, draft.plan
    );
    let query = query.as_str();
    let open = async || {
        let (status, _) = contractor.get(&path).await;
        let (_, told) = contractor.gql(query).await;
        let by_graphql = told["data"]["plan"]["title"] == "맡은초안";
        assert_eq!(status == 200, by_graphql, "{told}");
        let milestone = json!({ "kind": "OTHER", "summary": "회의" });
        let (written, body) = contractor.post(&format!("{path}/milestones"), milestone).await;
        assert_eq!(written, if by_graphql { 201 } else { 404 }, "{body}");
        by_graphql
    };
    assert!(!open().await, "before it begins");
    server.wait(60);
    assert!(!open().await, "a minute before");
    server.wait(61);
    assert!(open().await, "from then on");
    let revision = contractor.fetch(&path).await.header("dure-revision").to_owned();
    assert!(!revision.is_empty());
    server.wait(419);
    assert!(open().await, "in its last minute");
    server.wait(60);
    assert!(!open().await, "it is over");
    // Nor is what could be read then readable as it was then: rights are today's.
    assert_eq!(contractor.get(&format!("{path}?asOf={revision}")).await.0, 404);
    let again = server.sign_in(CONTRACT, PASSWORD).await;
    assert_eq!(again.get(&path).await.0, 404, "another sign-in opens nothing");
    assert_eq!(officer.get(&path).await.0, 200);
    server.stop().await;
}
