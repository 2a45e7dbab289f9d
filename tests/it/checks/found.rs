//! How checks are read with all that hangs on them.

use api::access::Role;
use serde_json::json;
use tests::TestServer;

use super::{World, committee, id, made, on, world};

const SHAPE: &str = r#"{ progressChecks(filter: { region: { code: "52110" } }, first: 100) { nodes { state
    steps { transition organization { id } } availableTransitions { name allowed }
    computed { sectors { sector { code } } budgets { fund } }
    assessments { budgets { fund } values { indicator { id } } measure { title } } } } }"#;

#[tokio::test]
async fn checks_with_all_that_hangs_on_them_take_as_many_statements_for_more_of_them() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let body = committee(&officer).await;
    let it = world(&officer).await;
    it.assess(&officer).await;
    let step = |day: &str| json!({ "transition": "SELF_ASSESS", "on": day, "organization": body });
    assert_eq!(it.step(&officer, step("2025-03-10")).await.0, 200);
    let few = server.taken(&officer, SHAPE).await;
    for year in [2025, 2023] {
        let check = json!({ "plan": it.plan, "year": year, "kind": "BASIC_PLAN" });
        let check = id(&made(&officer, "/api/v1/progress-checks", check).await);
        let it = World {
            plan: it.plan.clone(),
            check,
            measures: it.measures.clone(),
            indicator: it.indicator.clone(),
        };
        it.assess(&officer).await;
        assert_eq!(it.step(&officer, step("2026-01-10")).await.0, 200);
        if year == 2023 {
            assert_eq!(it.step(&officer, on("DELIBERATE", "2026-01-11")).await.0, 200);
            assert_eq!(it.step(&officer, on("SUBMIT", "2026-01-12")).await.0, 200);
        }
    }
    few.grows_not(&server.taken(&officer, SHAPE).await, "fund");
    server.stop().await;
}
