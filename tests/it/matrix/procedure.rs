//! The steps of plans, and what they leave.

use api::access::Action;
use reqwest::Method;
use serde_json::json;
use tests::TestServer;

use super::operations::{Operation, Site, World};

/// What is read by everybody, or by who sees the plan.
pub(super) const READS: &[&str] = &[
    "diffPlan",
    "getPlanVersion",
    "guards",
    "listGuards",
    "listPlanTransitions",
    "listPlanVersions",
    "planVersion",
];

/// Every step, of a plan that has moved on since.
pub(super) async fn operations(_server: &TestServer, it: &World) -> Vec<Operation> {
    use Action::{DecidePlan, RunProcedure};
    let steps = [
        ("consultPlan", "CONSULT", json!({}), RunProcedure),
        ("hearPlan", "HEAR", json!({}), RunProcedure),
        ("deliberatePlan", "DELIBERATE", json!({ "outcome": "AS_PROPOSED" }), DecidePlan),
        ("adoptPlan", "ADOPT", json!({}), DecidePlan),
        ("submitPlan", "SUBMIT", json!({}), DecidePlan),
        ("reportPlanToCouncil", "REPORT_TO_COUNCIL", json!({}), RunProcedure),
        ("recordPlanPublication", "PUBLISH", json!({}), RunProcedure),
        ("bringPlanIntoForce", "BRING_INTO_FORCE", json!({}), DecidePlan),
        ("supersedePlan", "SUPERSEDE", json!({ "successor": it.plan }), DecidePlan),
        ("amendPlan", "AMEND_MAJOR", json!({}), DecidePlan),
    ];
    let operation = |(mutation, transition, more, action): (_, &str, serde_json::Value, _)| {
        let mut fields =
            json!({ "transition": transition, "contentRevision": "0", "heldOn": "2026-05" });
        let more = more.as_object().cloned().unwrap_or_default();
        fields.as_object_mut().expect("an object").extend(more);
        // In GraphQL the mutation is the step.
        let mut named = json!({ "id": it.plan, "transition": null });
        if mutation == "amendPlan" {
            named["scope"] = "MAJOR".into();
        }
        let path = format!("/api/v1/plans/{}/transitions", it.plan);
        let rest = Some(("transitionPlan", Method::POST, path));
        Operation { mutation, rest, fields, named, needs: (action, Site::Plan) }
    };
    steps.into_iter().map(operation).collect()
}
