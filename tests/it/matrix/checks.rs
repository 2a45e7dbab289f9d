//! The road of yearly checks: each of its steps takes a right of its own.

use api::access::Action;
use reqwest::Method;
use serde_json::json;
use tests::TestServer;

use super::operations::{Operation, Site, World};

pub(super) const READS: &[&str] = &["getPlanAnnex", "listProgressCheckTransitions"];

pub(super) async fn operations(_server: &TestServer, it: &World) -> Vec<Operation> {
    use Action::{CheckProgress, DecidePlan, OverseeProgress};
    let path = format!("/api/v1/progress-checks/{}/transitions", it.check);
    let steps = [
        ("SELF_ASSESS", CheckProgress),
        ("ADVISE", CheckProgress),
        ("DELIBERATE", DecidePlan),
        ("SUBMIT", DecidePlan),
        ("COMPILE", OverseeProgress),
        ("GIVE_OPINION", OverseeProgress),
        ("REPORT_TO_COUNCIL", DecidePlan),
        ("REOPEN", DecidePlan),
    ];
    let mut all: Vec<Operation> = steps
        .into_iter()
        .map(|(step, action)| Operation {
            mutation: "transitionProgressCheck",
            rest: Some(("transitionProgressCheck", Method::POST, path.clone())),
            fields: json!({ "transition": step, "revision": "0", "note": "시험" }),
            named: json!({ "id": it.check }),
            needs: (action, Site::Plan),
        })
        .collect();
    all.push(Operation {
        mutation: "reopenProgressCheck",
        rest: None,
        fields: json!({ "revision": "0", "note": "시험" }),
        named: json!({ "id": it.check }),
        needs: (DecidePlan, Site::Plan),
    });
    all
}
