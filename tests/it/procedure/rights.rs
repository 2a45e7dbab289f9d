//! Who takes which step.

use api::access::Role;
use api::identity::{self, NewGrant};
use serde_json::{Value, json};
use tests::{PASSWORD, TestServer};

use super::{complete, draft, step, taken, text};

#[tokio::test]
async fn who_runs_the_procedure_takes_what_does_not_bind_and_who_decides_the_rest() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = draft(&officer).await;
    complete(&officer, &plan).await;
    server.account("drafter@contract.example", PASSWORD).await;
    server.contract("drafter@contract.example", "52110", &plan).await;
    let contractor = server.sign_in("drafter@contract.example", PASSWORD).await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;

    server.account("clerk@city.example", PASSWORD).await;
    let clerk = NewGrant::to_account("clerk@city.example", Role::MunicipalOfficer, "52110");
    identity::add_grant(&server.operator(), clerk).await.expect("a grant");
    let clerk = server.sign_in("clerk@city.example", PASSWORD).await;
    for name in ["HEAR", "CONSULT"] {
        let (status, body) = step(&contractor, &plan, name, "2026-03", json!({})).await;
        assert_eq!((status, &body["code"]), (403, &json!("FORBIDDEN")), "{body}");
        taken(&clerk, &plan, name, "2026-03", json!({})).await;
    }
    let passed = json!({ "outcome": "AS_PROPOSED" });
    for drafter in [&contractor, &clerk] {
        let (status, body) = step(drafter, &plan, "DELIBERATE", "2026-04", passed.clone()).await;
        assert_eq!((status, &body["code"]), (403, &json!("FORBIDDEN")), "{body}");
    }
    let (_, steps) = contractor.get(&format!("/api/v1/plans/{plan}/transitions")).await;
    let of = |name: &str| {
        let items = steps["items"].as_array().expect("steps");
        items.iter().find(|it| it["name"] == name).expect("a step").clone()
    };
    let hear = of("HEAR");
    assert_eq!(hear["reasons"][0]["code"], "FORBIDDEN", "{hear}");
    assert_eq!(hear["whoMay"], "ADMIN, PROVINCE_OFFICER, MUNICIPAL_OFFICER");
    let deliberate = of("DELIBERATE");
    assert_eq!(deliberate["reasons"][0]["code"], "FORBIDDEN", "{deliberate}");
    assert_eq!(deliberate["reasons"][0]["guard"], Value::Null);
    assert_eq!(deliberate["reasons"].as_array().map(Vec::len), Some(1), "the rules are kept");
    // The province sees the draft and decides nothing of it.
    assert_eq!(step(&province, &plan, "HEAR", "2026-03", json!({})).await.0, 403);
    taken(&officer, &plan, "DELIBERATE", "2026-04", passed.clone()).await;

    let path = format!("/api/v1/plans/{plan}/transitions");
    let body = json!({ "transition": "ADOPT", "contentRevision": "1", "heldOn": "2026-05" });
    for stranger in [&neighbour, &server.anonymous()] {
        for hidden in [
            &path,
            &format!("/api/v1/plans/{plan}/versions"),
            &format!("/api/v1/plans/{plan}/diff?from=1"),
        ] {
            assert_eq!(stranger.get(hidden).await.0, 404, "{hidden}");
        }
        assert_eq!(stranger.post(&path, body.clone()).await.0, 404);
    }
    // The public reads why nobody signed in may move a plan that it sees.
    let (_, plans) = server.anonymous().get("/api/v1/regions/52140/plans").await;
    let open = text(&plans["items"][0]["id"]).to_owned();
    let (_, steps) = server.anonymous().get(&format!("/api/v1/plans/{open}/transitions")).await;
    assert_eq!(steps["items"][0]["reasons"][0]["code"], "UNAUTHENTICATED", "{steps}");
    server.stop().await;
}
