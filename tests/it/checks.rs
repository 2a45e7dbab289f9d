//! The road of a yearly check, step by step (Framework Act, Art. 13), and what it keeps.

mod found;
mod kept;
mod money;
mod road;

use serde_json::{Value, json};
use tests::Client;

fn kt(amount: &str) -> Value {
    json!({ "amount": amount, "unit": "KT" })
}

fn krw(amount: &str) -> Value {
    json!({ "amount": amount, "unit": "KRW" })
}

fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("no id: {thing}")).to_owned()
}

async fn made(maker: &Client, path: &str, new: Value) -> Value {
    let (status, thing) = maker.post(path, new).await;
    assert_eq!(status, 201, "{path} {thing}");
    thing
}

/// A plan of Jeonju's that is a draft, with three measures of mitigation, one that was decided
/// before, one that was given up, and one that prepares the ground; and its check of 2024.
struct World {
    plan: String,
    check: String,
    /// The measures that are to be assessed.
    measures: [String; 3],
    indicator: String,
}

async fn world(officer: &Client) -> World {
    let plan = json!({ "region": { "code": "52110" }, "title": "제2차 계획", "round": 2 });
    let plan = id(&made(officer, "/api/v1/plans", plan).await);
    let measure = async |more: Value| {
        let mut new = json!({ "plan": plan, "family": "MITIGATION" });
        new.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("one"));
        id(&made(officer, "/api/v1/measures", new).await)
    };
    let budget = |fund: &str, sum: &str| json!({ "year": 2024, "fund": fund, "planned": krw(sum) });
    let first = measure(json!({ "title": "그린리모델링", "sector": "BUILDING",
        "reductions": [{ "year": 2024, "reduction": kt("100") }, { "year": 2030, "reduction": kt("700") }],
        "budgets": [budget("NATIONAL", "5000"), budget("MUNICIPAL", "3000")] }));
    let first = first.await;
    let second = measure(json!({ "title": "전기차 보급", "sector": "TRANSPORT",
        "reductions": [{ "year": 2024, "reduction": kt("50.5") }],
        "budgets": [budget("NATIONAL", "7000")] }));
    let second = second.await;
    let third = measure(json!({ "title": "수소차 보급", "sector": "TRANSPORT" })).await;
    measure(json!({ "title": "앞서 정한 일", "status": "PRECURSOR" })).await;
    measure(json!({ "title": "그만둔 일", "status": "STOPPED" })).await;
    measure(json!({ "title": "환경 교육", "family": "RESPONSE_BASE" })).await;
    let (_, definitions) = officer.get("/api/v1/indicator-definitions?limit=100").await;
    let definitions = definitions["items"].as_array().cloned().unwrap_or_default();
    let whole = definitions.iter().find(|it| it["decimals"] == 0).expect("a count");
    let indicator = json!({ "definition": whole["id"], "plan": plan, "measure": first });
    let indicator = id(&made(officer, "/api/v1/indicators", indicator).await);
    let value = |amount: &str| json!({ "value": { "amount": amount, "unit": whole["unit"] } });
    let path = format!("/api/v1/indicators/{indicator}");
    let goal = officer.put(&format!("{path}/goals/2024?kind=ANNUAL"), None, value("200")).await;
    assert_eq!(goal.0, 200, "{}", goal.1);
    let seen = officer.put(&format!("{path}/observations/2024"), None, value("150")).await;
    assert_eq!(seen.0, 200, "{}", seen.1);
    let check = json!({ "plan": plan, "year": 2024, "kind": "BASIC_PLAN" });
    let check = id(&made(officer, "/api/v1/progress-checks", check).await);
    World { plan, check, measures: [first, second, third], indicator }
}

impl World {
    fn path(&self) -> String {
        format!("/api/v1/progress-checks/{}", self.check)
    }

    fn assessment(&self, n: usize) -> String {
        format!("{}/assessments/{}", self.path(), self.measures[n])
    }

    async fn assess(&self, officer: &Client) {
        for (n, assessment) in [
            json!({ "grade": "ACHIEVED", "achievedReduction": kt("110"), "budgets": [
                { "fund": "NATIONAL", "executed": krw("4000") },
                { "fund": "PRIVATE_OTHER", "executed": krw("900") }] }),
            json!({ "grade": "DELAYED", "achievedReduction": kt("40.25"), "reason": "출고 지연",
                "correctiveAction": "물량 확보", "budgets": [{ "fund": "NATIONAL", "executed": krw("3500") }] }),
            json!({ "grade": "NOT_DUE" }),
        ]
        .into_iter()
        .enumerate()
        {
            let (status, body) = officer.put(&self.assessment(n), None, assessment).await;
            assert_eq!(status, 200, "{body}");
        }
    }

    /// Takes a step by REST, at the current revision.
    async fn step(&self, asker: &Client, step: Value) -> (u16, Value) {
        let (_, check) = asker.get(&self.path()).await;
        let mut body = json!({ "revision": check["revision"] });
        body.as_object_mut().expect("an object").extend(step.as_object().cloned().expect("one"));
        asker.post(&format!("{}/transitions", self.path()), body).await
    }

    /// The same by GraphQL.
    async fn mutate(&self, asker: &Client, step: Value) -> Value {
        let (_, check) = asker.get(&self.path()).await;
        let mut input = json!({ "id": self.check, "revision": check["revision"] });
        input.as_object_mut().expect("an object").extend(step.as_object().cloned().expect("one"));
        let query = "mutation($input: TransitionProgressCheckInput!) {
            transitionProgressCheck(input: $input) { progressCheck { state revision
              steps { transition state on dueOn isLate note exemption organization { externalId } revision } }
            errors { code path message } } }";
        let (_, body) = asker.gql_with(query, json!({ "input": input })).await;
        body["data"]["transitionProgressCheck"].clone()
    }
}

fn on(transition: &str, day: &str) -> Value {
    json!({ "transition": transition, "on": day })
}

fn noted(transition: &str, day: &str) -> Value {
    json!({ "transition": transition, "on": day, "note": "사업비 집행을 앞당길 것" })
}

async fn committee(asker: &Client) -> Value {
    let query = r#"{ organizations(filter: { kind: { eq: COMMITTEE } }, first: 100) { nodes { id externalId } } }"#;
    let data = asker.data(query).await;
    let all = data["organizations"]["nodes"].as_array().expect("nodes").clone();
    let ours = all.iter().find(|it| it["externalId"] == "jeonbuk:ORG-52110-CMT");
    ours.expect("Jeonju's committee")["id"].clone()
}
