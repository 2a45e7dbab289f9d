//! What public law asks, and how plans hang together.

use api::access::{Action, Role};
use reqwest::Method;
use serde_json::json;
use tests::{Client, TestServer};

use super::operations::{Operation, Site, World, made};

pub(super) async fn operations(server: &TestServer, it: &World) -> Vec<Operation> {
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let duties = officer.get("/api/v1/obligations?region=52110&rule=ADOPT_FIRST_PLAN").await.1;
    let duty = duties["items"][0]["id"].as_str().expect("an id").to_owned();
    let extend = format!("/api/v1/obligations/{duty}/extend");
    let extension = extension(server).await;
    let withdraw = format!("/api/v1/extensions/{extension}/withdraw");
    let link = link(&officer, it).await;
    let (plan, nothing) = (&it.plan, || json!({}));
    let links = format!("/api/v1/plans/{plan}/links");
    let (long, one) = ("긴 사유".repeat(9_000), format!("/api/v1/links/{link}"));
    let at = json!({ "id": link, "revision": "0" });
    let operation = |mutation, (method, path), fields, named, needs| Operation {
        mutation,
        rest: Some((mutation, method, path)),
        fields,
        named,
        needs,
    };
    let edits = (Action::EditPlan, Site::Plan);
    vec![
        operation(
            "extendObligation",
            (Method::POST, extend),
            json!({ "until": "soon", "reason": " " }),
            json!({ "id": duty }),
            (Action::OverseeProgress, Site::Region),
        ),
        operation(
            "withdrawExtension",
            (Method::POST, withdraw),
            json!({ "reason": "." }),
            json!({ "id": extension, "revision": "0" }),
            (Action::OverseeProgress, Site::Region),
        ),
        operation(
            "createLink",
            (Method::POST, links),
            json!({ "kind": "REFINES", "from": it.target, "to": "sector_x" }),
            json!({ "plan": plan }),
            edits,
        ),
        operation(
            "updateLink",
            (Method::PATCH, one.clone()),
            json!({ "reason": long }),
            at.clone(),
            edits,
        ),
        operation("deleteLink", (Method::DELETE, one), nothing(), at, edits),
    ]
}

/// More time for a duty of the city that everybody is told of.
async fn extension(server: &TestServer) -> String {
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let statistics = "/api/v1/obligations?region=52110&rule=SUBMIT_STATISTICS&year=2026";
    let duty = province.get(statistics).await.1["items"][0]["id"].clone();
    let path = format!("/api/v1/obligations/{}/extend", duty.as_str().expect("an id"));
    let (status, duty) =
        province.post(&path, json!({ "until": "2099-12-31", "reason": "자료 지연" })).await;
    assert_eq!(status, 200, "{duty}");
    duty["extensions"][0]["id"].as_str().expect("an id").to_owned()
}

/// A link from the plan to the province's, which it is pinned to whatever its cycle.
async fn link(officer: &Client, it: &World) -> String {
    let above = officer.get("/api/v1/regions/52/plans").await.1["items"][0]["id"].clone();
    let path = format!("/api/v1/plans/{}", it.plan);
    let tag = officer.fetch(&path).await.header("etag").to_owned();
    let (status, plan) = officer.patch(&path, &tag, json!({ "parent": { "plan": above } })).await;
    assert_eq!(status, 200, "{plan}");
    let above = above.as_str().expect("an id");
    let targets = officer.get(&format!("/api/v1/plans/{above}/targets")).await.1;
    let new = json!({ "kind": "IMPLEMENTS", "from": it.target, "to": targets["items"][0]["id"] });
    made(officer, &format!("{path}/links"), new).await
}

/// What is read: duties are everybody's, their evidence is of who sees the plan (tried in
/// `obligations`), and so are links (in `links`).
pub(super) const READS: &[&str] = &[
    "obligation",
    "obligations",
    "obligationRules",
    "getObligation",
    "getExtension",
    "listObligations",
    "listObligationRules",
    "getCalendar",
    "link",
    "getLink",
    "listPlanLinks",
];
