//! The whole road of a plan, and what takes its place.

use api::access::Role;
use serde_json::{Value, json};
use tests::TestServer;

use super::{complete, draft, guards, set, step, taken, text};

#[tokio::test]
async fn a_plan_goes_its_whole_road() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = draft(&officer).await;
    complete(&officer, &plan).await;
    for (name, rule) in [
        ("ADOPT", &["CONSULTATION_BEFORE_ADOPTION", "DELIBERATION_BEFORE_ADOPTION"][..]),
        ("SUBMIT", &["SUBMISSION_AFTER_ADOPTION"]),
        ("REPORT_TO_COUNCIL", &["COUNCIL_REPORT_AFTER_ADOPTION"]),
        ("PUBLISH", &["PUBLICATION_AFTER_ADOPTION"]),
        ("BRING_INTO_FORCE", &["IN_FORCE_AFTER_ADOPTION"]),
        ("AMEND_MINOR", &["AMENDMENT_AFTER_ADOPTION"]),
        ("AMEND_MAJOR", &["AMENDMENT_AFTER_ADOPTION"]),
        ("SUPERSEDE", &["SUCCESSOR_BEFORE_SUPERSEDED"]),
        ("HEAR", &[]),
        ("CONSULT", &[]),
    ] {
        assert_eq!(guards(&officer, &plan, name).await, set(rule), "{name}");
        if name == "SUPERSEDE" || rule.is_empty() {
            continue;
        }
        let (status, body) = step(&officer, &plan, name, "2026-05-01", json!({})).await;
        assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")), "{name} {body}");
        assert_eq!(body["errors"].as_array().map(Vec::len), Some(rule.len()), "{name} {body}");
    }
    assert_eq!(taken(&officer, &plan, "HEAR", "2026-03-10", json!({})).await["status"], "HEARD");
    let held_back = json!({ "outcome": "HELD_BACK" });
    let back = taken(&officer, &plan, "DELIBERATE", "2026-03-20", held_back).await;
    assert_eq!(back["status"], "HEARD", "held back is not deliberated");
    let (_, body) = step(&officer, &plan, "ADOPT", "2026-05-01", json!({})).await;
    let told = body["errors"].to_string();
    assert!(told.contains("(Framework Act, Art. 11(4), 22(4)): the plan was held back."), "{told}");
    let amended = json!({ "outcome": "AMENDED", "place": "시청", "participants": 12 });
    let passed = taken(&officer, &plan, "DELIBERATE", "2026-04-02", amended).await;
    assert_eq!(passed["status"], "DELIBERATED");
    let rule = set(&["CONSULTATION_BEFORE_ADOPTION"]);
    assert_eq!(guards(&officer, &plan, "ADOPT").await, rule);
    taken(&officer, &plan, "CONSULT", "2026-04", json!({})).await;

    let adopted = taken(&officer, &plan, "ADOPT", "2026-04-30", json!({})).await;
    assert_eq!(adopted["status"], "ADOPTED");
    for name in ["ADOPT", "DELIBERATE"] {
        assert_eq!(guards(&officer, &plan, name).await, set(&["ADOPTED_ONCE"]), "{name}");
    }
    let (status, body) = step(&officer, &plan, "SUBMIT", "2026-04-29", json!({})).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (409, &json!("/heldOn")), "{body}");
    let submitted = taken(&officer, &plan, "SUBMIT", "2026-05-20", json!({})).await;
    assert_eq!(submitted["status"], "SUBMITTED");
    taken(&officer, &plan, "REPORT_TO_COUNCIL", "2026-05-21", json!({})).await;
    taken(&officer, &plan, "PUBLISH", "2026-06", json!({})).await;
    let in_force = taken(&officer, &plan, "BRING_INTO_FORCE", "2026-07-01", json!({})).await;
    assert_eq!(in_force["status"], "IN_FORCE");
    assert_eq!(in_force["visibility"], "INTERNAL", "who may read it is another thing");
    assert_eq!(guards(&officer, &plan, "BRING_INTO_FORCE").await, set(&["IN_FORCE_ONCE"]));
    taken(&officer, &plan, "AMEND_MINOR", "2026-08-01", json!({})).await;

    // An amendment in substance goes through it all again; what is in force stays in force.
    let again = taken(&officer, &plan, "AMEND_MAJOR", "2026-09-01", json!({})).await;
    assert_eq!(again["status"], "IN_FORCE");
    let rules = ["CONSULTATION_BEFORE_ADOPTION", "DELIBERATION_BEFORE_ADOPTION"];
    assert_eq!(guards(&officer, &plan, "ADOPT").await, set(&rules));
    assert_eq!(guards(&officer, &plan, "DELIBERATE").await, set(&["HEARING_BEFORE_DELIBERATION"]));
    assert_eq!(guards(&officer, &plan, "AMEND_MINOR").await, set(&["AMENDMENT_AFTER_ADOPTION"]));
    taken(&officer, &plan, "HEAR", "2026-09-10", json!({})).await;
    let exempt = json!({ "exemption": "위원회가 없음" });
    taken(&officer, &plan, "DELIBERATE", "2026-09-11", exempt).await;
    taken(&officer, &plan, "CONSULT", "2026-09-12", json!({})).await;
    taken(&officer, &plan, "ADOPT", "2026-09-13", json!({})).await;

    let query = "query($id: ID!) { plan(id: $id) { status
        milestones { kind pass outcome exemption heldOn { text } }
        versions { number why milestone { kind } } } }";
    let (_, body) = officer.gql_with(query, json!({ "id": plan })).await;
    let whole = &body["data"]["plan"];
    let numbered: Vec<String> = whole["versions"]
        .as_array()
        .expect("versions")
        .iter()
        .map(|it| {
            format!("{} {} {}", it["number"], text(&it["why"]), text(&it["milestone"]["kind"]))
        })
        .collect();
    let expected = [
        "1 ADOPTION ADOPTION",
        "2 SUBMISSION SUBMISSION",
        "3 AMENDMENT_MINOR AMENDMENT_MINOR",
        "4 AMENDMENT_MAJOR AMENDMENT_MAJOR",
        "5 ADOPTION ADOPTION",
    ];
    assert_eq!(numbered, expected);
    let milestones = whole["milestones"].as_array().expect("milestones");
    let of = |kind: &str, pass: i32| {
        let fits = |it: &&Value| it["kind"] == kind && it["pass"] == pass;
        milestones.iter().find(fits).cloned().unwrap_or_default()
    };
    assert_eq!(of("DELIBERATION", 1)["outcome"], "HELD_BACK");
    assert_eq!(of("DELIBERATION", 2)["exemption"], "위원회가 없음");
    assert_eq!(of("AMENDMENT_MAJOR", 2)["heldOn"]["text"], "2026-09-01");
    server.stop().await;
}

#[tokio::test]
async fn a_plan_gives_way_to_an_adopted_one_of_its_region_alone() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let first = text(&plans["items"][0]["id"]).to_owned();
    let (_, others) = officer.get("/api/v1/regions/52180/plans").await;
    let neighbour = others["items"][0]["id"].clone();
    let next = draft(&officer).await;
    let rule = set(&["SUCCESSOR_BEFORE_SUPERSEDED"]);
    assert_eq!(guards(&officer, &first, "SUPERSEDE").await, rule, "a draft is no successor");
    for successor in [json!(next), neighbour, json!(first)] {
        let named = json!({ "successor": successor });
        let (status, body) = step(&officer, &first, "SUPERSEDE", "2026-06-01", named).await;
        assert_eq!((status, &body["errors"][0]["pointer"]), (409, &json!("/successor")), "{body}");
    }
    complete(&officer, &next).await;
    for (name, more) in [
        ("HEAR", json!({})),
        ("CONSULT", json!({})),
        ("DELIBERATE", json!({ "outcome": "AS_PROPOSED" })),
        ("ADOPT", json!({})),
    ] {
        taken(&officer, &next, name, "2026-05", more).await;
    }
    let query = r#"{ region(by: { code: "52110" }) { currentPlan { id } } }"#;
    let current = async || officer.data(query).await["region"]["currentPlan"]["id"].clone();
    assert_eq!(current().await, json!(next), "the latest that was adopted");
    assert_eq!(guards(&officer, &first, "SUPERSEDE").await, set(&[]));
    let named = json!({ "successor": next });
    let over = taken(&officer, &first, "SUPERSEDE", "2026-06-01", named).await;
    assert_eq!(over["status"], "SUPERSEDED");
    assert_eq!(guards(&officer, &first, "HEAR").await, set(&["NOT_SUPERSEDED"]));
    let query = "query($id: ID!) { plan(id: $id) { milestones { kind successor { id } } } }";
    let (_, body) = officer.gql_with(query, json!({ "id": first })).await;
    let expected = json!({ "kind": "SUPERSEDED", "successor": { "id": next } });
    assert!(body["data"]["plan"]["milestones"].as_array().expect("them").contains(&expected));
    // The public does not see the draft that took its place.
    let (_, body) = server.anonymous().gql_with(query, json!({ "id": first })).await;
    let hidden = json!({ "kind": "SUPERSEDED", "successor": null });
    assert!(
        body["data"]["plan"]["milestones"].as_array().expect("them").contains(&hidden),
        "{body}"
    );
    server.stop().await;
}

#[tokio::test]
async fn real_plans_go_on_from_what_is_known_of_them() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let plan = text(&plans["items"][0]["id"]).to_owned();
    // Its source calls it adopted: undated, but done.
    assert_eq!(guards(&officer, &plan, "SUBMIT").await, set(&[]));
    assert!(guards(&officer, &plan, "ADOPT").await.contains("ADOPTED_ONCE"));
    let submitted = taken(&officer, &plan, "SUBMIT", "2025-05", json!({})).await;
    assert_eq!(submitted["status"], "SUBMITTED");
    // A province is not consulted with itself, and is heard under another article.
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let new = json!({ "region": { "code": "52" }, "title": "제2차 도 계획(안)", "round": 2 });
    let (_, new) = province.post("/api/v1/plans", new).await;
    let own = text(&new["id"]);
    assert_eq!(guards(&province, own, "ADOPT").await, set(&["DELIBERATION_BEFORE_ADOPTION"]));
    let query = "query($id: ID!) { plan(id: $id) { availableTransitions {
        name allowed whoMay reasons { guard code article { ko en } text ko: text(lang: KO) } } } }";
    let (_, body) = province.gql_with(query, json!({ "id": own })).await;
    let steps = body["data"]["plan"]["availableTransitions"].as_array().expect("steps");
    let deliberate = steps.iter().find(|it| it["name"] == "DELIBERATE").expect("a step");
    let hearing = deliberate["reasons"].as_array().expect("reasons").iter();
    let hearing = hearing.filter(|it| it["guard"] == "HEARING_BEFORE_DELIBERATION");
    let article = json!({ "ko": "탄소중립기본법 제11조제3항, 시행령 제6조제2항",
        "en": "Framework Act, Art. 11(3); Enforcement Decree, Art. 6(2)" });
    let hearing: Vec<&Value> = hearing.collect();
    assert_eq!(hearing.len(), 1);
    assert_eq!((&hearing[0]["article"], &hearing[0]["code"]), (&article, &json!("GUARD_FAILED")));
    assert!(text(&hearing[0]["ko"]).starts_with("지방위원회 심의 전에"), "{hearing:?}");
    assert_eq!(
        deliberate["whoMay"],
        "ADMIN (mayApprove), PROVINCE_OFFICER (mayApprove), MUNICIPAL_OFFICER (mayApprove)"
    );
    server.stop().await;
}
