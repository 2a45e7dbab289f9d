//! What is submitted and made public is what was adopted.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

use super::{complete, draft_of, guards, patched, set, step, taken, text};

/// A plan that was adopted here, and what it said frozen.
async fn adopted(officer: &Client, round: i32) -> String {
    let plan = draft_of(officer, round).await;
    adopt(officer, &plan).await;
    plan
}

async fn adopt(officer: &Client, plan: &str) {
    complete(officer, plan).await;
    for (name, more) in [
        ("HEAR", json!({})),
        ("CONSULT", json!({})),
        ("DELIBERATE", json!({ "outcome": "AS_PROPOSED" })),
        ("ADOPT", json!({})),
    ] {
        taken(officer, plan, name, "2026-04", more).await;
    }
}

async fn says(officer: &Client, plan: &str, vision: Value) {
    patched(officer, &format!("/api/v1/plans/{plan}"), json!({ "vision": vision })).await;
}

#[tokio::test]
async fn what_was_edited_since_it_was_adopted_is_amended_before_it_is_submitted_or_made_public() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = draft_of(&officer, 2).await;
    let measure = json!({ "plan": plan, "title": "교육", "family": "RESPONSE_BASE" });
    let (status, measure) = officer.post("/api/v1/measures", measure).await;
    assert_eq!(status, 201, "{measure}");
    let measure = format!("/api/v1/measures/{}", text(&measure["id"]));
    adopt(&officer, &plan).await;
    let departed = set(&["SUBMITTED_AS_ADOPTED"]);
    let open = async |rules: &[&str]| {
        for name in ["SUBMIT", "PUBLISH"] {
            assert_eq!(guards(&officer, &plan, name).await, set(rules), "{name}");
        }
        assert_eq!(guards(&officer, &plan, "REPORT_TO_COUNCIL").await, set(&[]));
    };
    // Work that is only noted is nothing that the plan says.
    let path = format!("/api/v1/plans/{plan}/milestones");
    let note = json!({ "kind": "OTHER", "summary": "설명회" });
    assert_eq!(officer.post(&path, note).await.0, 201);
    open(&[]).await;
    // So is how far its measures have come.
    patched(&officer, &measure, json!({ "status": "ONGOING" })).await;
    open(&[]).await;
    // But not that one is given up.
    patched(&officer, &measure, json!({ "status": "STOPPED" })).await;
    open(&["SUBMITTED_AS_ADOPTED"]).await;
    patched(&officer, &measure, json!({ "status": "DONE" })).await;
    open(&[]).await;

    says(&officer, &plan, json!("다른 비전")).await;
    open(&["SUBMITTED_AS_ADOPTED"]).await;
    let rule = "The contents have changed since the plan was adopted: amend it first.";
    for name in ["SUBMIT", "PUBLISH"] {
        let (status, body) = step(&officer, &plan, name, "2026-05", json!({})).await;
        assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")), "{body}");
        assert_eq!(body["detail"], rule);
    }
    let korean = officer.in_lang("ko");
    let (_, body) = step(&korean, &plan, "SUBMIT", "2026-05", json!({})).await;
    assert_eq!(body["detail"], "확정한 뒤에 내용이 바뀌었습니다. 먼저 변경 절차를 밟아 주세요.");
    let query = "mutation($input: PlanStepInput!) { submitPlan(input: $input) {
        plan { id } version { id } errors { code message(lang: EN) } } }";
    let read = super::read(&officer, &plan).await["contentRevision"].clone();
    let input = json!({ "id": plan, "contentRevision": read, "heldOn": "2026-05" });
    let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
    let told = json!({ "plan": null, "version": null,
        "errors": [{ "code": "GUARD_FAILED", "message": rule }] });
    assert_eq!(body["data"]["submitPlan"], told);
    let (_, versions) = officer.get(&format!("/api/v1/plans/{plan}/versions?total=true")).await;
    assert_eq!(versions["total"], 1, "nothing was frozen");

    // Taken back, it says what was adopted.
    says(&officer, &plan, Value::Null).await;
    open(&[]).await;
    says(&officer, &plan, json!("다른 비전")).await;
    taken(&officer, &plan, "AMEND_MINOR", "2026-05", json!({})).await;
    open(&[]).await;
    taken(&officer, &plan, "SUBMIT", "2026-05", json!({})).await;
    // What was submitted is no measure of what is made public: what was adopted is.
    says(&officer, &plan, Value::Null).await;
    assert_eq!(guards(&officer, &plan, "PUBLISH").await, departed);
    says(&officer, &plan, json!("다른 비전")).await;
    taken(&officer, &plan, "PUBLISH", "2026-06", json!({})).await;
    // Amended in substance it is adopted anew, and that is the one rule to tell of.
    says(&officer, &plan, json!("또 다른 비전")).await;
    taken(&officer, &plan, "AMEND_MAJOR", "2026-06", json!({})).await;
    says(&officer, &plan, Value::Null).await;
    assert_eq!(guards(&officer, &plan, "SUBMIT").await, set(&["SUBMISSION_AFTER_ADOPTION"]));
    server.stop().await;
}

#[tokio::test]
async fn a_plan_that_only_its_source_calls_adopted_is_compared_with_nothing() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let plan = text(&plans["items"][0]["id"]).to_owned();
    taken(&officer, &plan, "SUBMIT", "2025-05", json!({})).await;
    says(&officer, &plan, json!("다른 비전")).await;
    taken(&officer, &plan, "SUBMIT", "2025-06", json!({})).await;
    server.stop().await;
}

#[tokio::test]
async fn comparing_plans_with_what_was_adopted_takes_as_many_statements_for_six_as_for_one() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let query = r#"{ region(by: { code: "52110" }) { plans {
        availableTransitions { name reasons { guard } } } } }"#;
    let departed = async |round: i32| {
        let plan = adopted(&officer, round).await;
        says(&officer, &plan, json!("다른 비전")).await;
    };
    departed(2).await;
    let few = server.taken(&officer, query).await;
    for round in 3..8 {
        departed(round).await;
    }
    let many = server.taken(&officer, query).await;
    let rule = "SUBMITTED_AS_ADOPTED";
    assert_eq!((few.count(rule), many.count(rule)), (2, 12), "submitted and made public");
    few.grows_not(&many, rule);
    server.stop().await;
}
