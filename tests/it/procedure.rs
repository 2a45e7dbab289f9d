//! The making of a plan as a process: each step, what the law asks before it, and who may take it.

use std::collections::BTreeSet;

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, PASSWORD, TestServer};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A draft of a city's next plan, for two years.
async fn draft(officer: &Client) -> String {
    let new = json!({ "region": { "code": "52110" }, "title": "제2차 계획(안)", "round": 2,
        "period": { "start": 2030, "end": 2031 } });
    let (status, plan) = officer.post("/api/v1/plans", new).await;
    assert_eq!(status, 201, "{plan}");
    text(&plan["id"]).to_owned()
}

async fn read(asker: &Client, plan: &str) -> Value {
    asker.get(&format!("/api/v1/plans/{plan}")).await.1
}

/// Takes a step of a plan as it is now.
async fn step(by: &Client, plan: &str, name: &str, held_on: &str, more: Value) -> (u16, Value) {
    let read = read(by, plan).await["contentRevision"].clone();
    let mut body = json!({ "transition": name, "contentRevision": read, "heldOn": held_on });
    let more = more.as_object().cloned().unwrap_or_default();
    body.as_object_mut().expect("an object").extend(more);
    by.post(&format!("/api/v1/plans/{plan}/transitions"), body).await
}

async fn taken(by: &Client, plan: &str, name: &str, held_on: &str, more: Value) -> Value {
    let (status, plan) = step(by, plan, name, held_on, more).await;
    assert_eq!(status, 200, "{name}: {plan}");
    plan
}

/// The rules that keep a step from being taken.
async fn guards(asker: &Client, plan: &str, name: &str) -> BTreeSet<String> {
    let (status, steps) = asker.get(&format!("/api/v1/plans/{plan}/transitions")).await;
    assert_eq!(status, 200, "{steps}");
    let items = steps["items"].as_array().expect("steps");
    assert_eq!(items.len(), 11);
    let step = items.iter().find(|step| step["name"] == name).expect("a step");
    let reasons = step["reasons"].as_array().expect("reasons");
    assert_eq!(step["allowed"], reasons.is_empty(), "{step}");
    reasons.iter().map(|reason| text(&reason["guard"]).to_owned()).collect()
}

fn set(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(ToString::to_string).collect()
}

async fn measure(officer: &Client, plan: &str, title: &str) -> String {
    let new = json!({ "plan": plan, "family": "MITIGATION", "title": title });
    let (status, measure) = officer.post("/api/v1/measures", new).await;
    assert_eq!(status, 201, "{measure}");
    text(&measure["id"]).to_owned()
}

async fn patched(by: &Client, path: &str, change: Value) {
    let tag = by.fetch(path).await.header("etag").to_owned();
    let (status, body) = by.patch(path, &tag, change).await;
    assert_eq!(status, 200, "{body}");
}

async fn government(asker: &Client) -> Value {
    let query = r#"{ organizations(filter: { region: { code: "52110" } }, first: 100) { nodes { id externalId } } }"#;
    let data = asker.data(query).await;
    let nodes = data["organizations"]["nodes"].as_array().expect("organizations");
    let city = nodes.iter().find(|it| it["externalId"] == "jeonbuk:ORG-52110");
    city.expect("the city")["id"].clone()
}

/// All that the law asks to stand in a plan before its committee deliberates.
async fn complete(officer: &Client, plan: &str) {
    patched(officer, &format!("/api/v1/plans/{plan}"), json!({ "baseYear": 2018 })).await;
    let target = json!({ "sector": "TOTAL", "year": 2030, "baseYear": 2018,
        "reduction": { "amount": "1500", "unit": "KT" } });
    let (status, made) = officer.post(&format!("/api/v1/plans/{plan}/targets"), target).await;
    assert_eq!(status, 201, "{made}");
}

const CONTENTS: [&str; 2] = ["BASE_YEAR_BEFORE_DELIBERATION", "TARGET_BEFORE_DELIBERATION"];

#[tokio::test]
async fn what_must_stand_in_a_plan_before_the_committee_is_told_all_at_once_and_mended_one_by_one()
{
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = draft(&officer).await;
    let own = measure(&officer, &plan, "전기차 보급").await;
    measure(&officer, &plan, "그만둔 일").await;
    let (_, listed) = officer.get(&format!("/api/v1/plans/{plan}/measures")).await;
    let stopped = format!("/api/v1/measures/{}", text(&listed["items"][1]["id"]));
    patched(&officer, &stopped, json!({ "status": "STOPPED" })).await;
    let base = json!({ "plan": plan, "family": "RESPONSE_BASE", "title": "교육" });
    assert_eq!(officer.post("/api/v1/measures", base).await.0, 201);

    let mut missing = set(&CONTENTS);
    missing.extend(set(&[
        "HEARING_BEFORE_DELIBERATION",
        "MEASURE_SECTOR_BEFORE_DELIBERATION",
        "MEASURE_LEAD_BEFORE_DELIBERATION",
        "MEASURE_UNIT_BEFORE_DELIBERATION",
        "MEASURE_GOALS_BEFORE_DELIBERATION",
    ]));
    assert_eq!(guards(&officer, &plan, "DELIBERATE").await, missing);
    let passed = json!({ "outcome": "AS_PROPOSED" });
    let (status, body) = step(&officer, &plan, "DELIBERATE", "2026-03-02", passed.clone()).await;
    assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")), "{body}");
    let told: Vec<&str> =
        body["errors"].as_array().expect("errors").iter().map(|it| text(&it["message"])).collect();
    assert_eq!(told.len(), missing.len(), "{told:?}");
    let hearing =
        "Residents must be heard before the committee deliberates (Enforcement Decree, Art. 7(2)).";
    assert_eq!((body["detail"].as_str(), told[0]), (Some(hearing), hearing));
    assert!(told.iter().any(|it| it.ends_with(": 1 measures (전기차 보급).")), "{told:?}");
    let korean = officer.in_lang("ko");
    let (_, body) = step(&korean, &plan, "DELIBERATE", "2026-03-02", passed.clone()).await;
    assert_eq!(
        body["detail"],
        "지방위원회 심의 전에 주민 의견을 들어야 합니다(시행령 제7조제2항)."
    );

    let path = format!("/api/v1/measures/{own}");
    let kt = |year: i32| json!({ "year": year, "reduction": { "amount": "1", "unit": "KT" } });
    for (change, code) in [
        (json!({ "sector": "TRANSPORT" }), "MEASURE_SECTOR_BEFORE_DELIBERATION"),
        (json!({ "lead": government(&officer).await }), "MEASURE_LEAD_BEFORE_DELIBERATION"),
        (
            json!({ "quantity": { "unit": "대", "goal": "300" } }),
            "MEASURE_UNIT_BEFORE_DELIBERATION",
        ),
        (json!({ "reductions": [kt(2030)] }), ""),
        (json!({ "reductions": [kt(2031)] }), "MEASURE_GOALS_BEFORE_DELIBERATION"),
    ] {
        patched(&officer, &path, change).await;
        missing.remove(code);
        assert_eq!(guards(&officer, &plan, "DELIBERATE").await, missing, "after {code}");
    }
    // An indicator says what is counted, and its goals are goals of the measure.
    patched(&officer, &path, json!({ "quantity": null })).await;
    let none = json!({ "reductions": [{ "year": 2031, "reduction": null }] });
    patched(&officer, &path, none).await;
    let definition = officer.get("/api/v1/indicator-definitions").await.1["items"][0].clone();
    let new = json!({ "plan": plan, "measure": own, "definition": definition["id"] });
    let (status, indicator) = officer.post("/api/v1/indicators", new).await;
    assert_eq!(status, 201, "{indicator}");
    missing.insert("MEASURE_GOALS_BEFORE_DELIBERATION".to_owned());
    assert_eq!(guards(&officer, &plan, "DELIBERATE").await, missing);
    let goal = format!("/api/v1/indicators/{}/goals/2031-H2", text(&indicator["id"]));
    let value = json!({ "value": { "amount": "5", "unit": definition["unit"] } });
    let (status, body) = officer.put(&goal, None, value).await;
    assert!(status < 300, "{body}");
    missing.remove("MEASURE_GOALS_BEFORE_DELIBERATION");
    assert_eq!(guards(&officer, &plan, "DELIBERATE").await, missing);

    complete(&officer, &plan).await;
    assert_eq!(guards(&officer, &plan, "DELIBERATE").await, set(&["HEARING_BEFORE_DELIBERATION"]));
    taken(&officer, &plan, "HEAR", "2026-03-10", json!({ "participants": 60 })).await;
    assert_eq!(guards(&officer, &plan, "DELIBERATE").await, set(&[]));
    // Not before the hearing, and not tomorrow.
    let (status, body) = step(&officer, &plan, "DELIBERATE", "2026-03-02", passed.clone()).await;
    let error = &body["errors"][0];
    assert_eq!((status, &error["pointer"]), (409, &json!("/heldOn")), "{body}");
    let late = "Residents must be heard before the committee deliberates (Enforcement Decree, Art. 7(2)): it was on 2026-03-10.";
    assert_eq!(error["message"], late);
    let (status, body) = step(&officer, &plan, "DELIBERATE", "2999-01", passed.clone()).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/heldOn")), "{body}");
    // Nor before there was a law to ask for a plan.
    for day in ["2020", "2022-03-24"] {
        let (status, body) = step(&officer, &plan, "CONSULT", day, json!({})).await;
        assert_eq!((status, &body["errors"][0]["pointer"]), (409, &json!("/heldOn")), "{body}");
        assert!(text(&body["detail"]).contains("2022-03-25"), "{body}");
    }
    let (_, body) = step(&officer, &plan, "ADOPT", "2022", json!({})).await;
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(2), "its rules held by the end of it");
    taken(&officer, &plan, "DELIBERATE", "2026-03", passed).await;
    server.stop().await;
}

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

#[tokio::test]
async fn what_does_not_fit_its_step_is_refused_at_its_field() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = draft(&officer).await;
    let path = format!("/api/v1/plans/{plan}/transitions");
    let read = read(&officer, &plan).await["contentRevision"].clone();
    let of = |name: &str, more: Value| {
        let mut body = json!({ "transition": name, "contentRevision": read, "heldOn": "2026-01" });
        let more = more.as_object().cloned().unwrap_or_default();
        body.as_object_mut().expect("an object").extend(more);
        body
    };
    let nobody = "plan_01jz7p4k9vf3b8m2xq6r0t5w1y";
    for (body, pointer, code) in [
        (json!({ "contentRevision": read, "heldOn": "2026" }), "/transition", "INVALID"),
        (json!({ "transition": "HEAR", "heldOn": "2026" }), "/contentRevision", "INVALID"),
        (json!({ "transition": "HEAR", "contentRevision": read }), "/heldOn", "INVALID"),
        (of("HEAR", json!({ "contentRevision": "x" })), "/contentRevision", "INVALID"),
        (of("HEAR", json!({ "contentRevision": "1" })), "/contentRevision", "CONFLICT"),
        (of("HEAR", json!({ "heldOn": "soon" })), "/heldOn", "INVALID"),
        (of("HEAR", json!({ "endedOn": "2025" })), "/endedOn", "INVALID"),
        (of("HEAR", json!({ "outcome": "AMENDED" })), "/outcome", "INVALID"),
        (of("ADOPT", json!({ "exemption": "없음" })), "/exemption", "INVALID"),
        (of("ADOPT", json!({ "successor": plan })), "/successor", "INVALID"),
        (of("DELIBERATE", json!({})), "/outcome", "INVALID"),
        (
            of("DELIBERATE", json!({ "outcome": "AMENDED", "exemption": "없음" })),
            "/outcome",
            "INVALID",
        ),
        (of("DELIBERATE", json!({ "exemption": " " })), "/exemption", "INVALID"),
        (of("SUPERSEDE", json!({})), "/successor", "INVALID"),
        (of("SUPERSEDE", json!({ "successor": nobody })), "/successor", "NOT_FOUND"),
        (of("HEAR", json!({ "hosts": ["organization_x"] })), "/hosts/0", "INVALID"),
        (of("HEAR", json!({ "kind": "HEARING" })), "/kind", "INVALID"),
        (of("PUBLISH_IT", json!({})), "/transition", "INVALID"),
    ] {
        let (_, answer) = officer.post(&path, body.clone()).await;
        assert_eq!(answer["code"], code, "{body} {answer}");
        assert_eq!(answer["errors"][0]["pointer"], pointer, "{answer}");
        assert_eq!(code == "CONFLICT", answer["currentRevision"] == read, "{answer}");
    }
    let (_, after) = officer.get(&format!("/api/v1/plans/{plan}/milestones")).await;
    assert_eq!(after["items"], json!([]), "nothing was written");
    let query = "mutation($input: PlanStepInput!) { adoptPlan(input: $input) {
        plan { id } errors { code path currentRevision } } }";
    let input = json!({ "id": plan, "contentRevision": "1", "heldOn": "2026" });
    let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
    let error = json!([{ "code": "CONFLICT", "path": ["input", "contentRevision"], "currentRevision": read }]);
    assert_eq!(body["data"]["adoptPlan"]["errors"], error, "{body}");
    server.stop().await;
}

#[tokio::test]
async fn of_two_who_move_a_plan_at_once_one_wins() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let other = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let plan = text(&plans["items"][0]["id"]).to_owned();
    let path = format!("/api/v1/plans/{plan}/transitions");
    for _ in 0..5 {
        let read = read(&officer, &plan).await["contentRevision"].clone();
        let body = json!({ "transition": "SUBMIT", "contentRevision": read, "heldOn": "2025-05" });
        let both = tokio::join!(officer.post(&path, body.clone()), other.post(&path, body));
        let mut told = [both.0.0, both.1.0];
        told.sort_unstable();
        assert_eq!(told, [200, 409], "{both:?}");
        let lost = if both.0.0 == 409 { both.0.1 } else { both.1.1 };
        assert_eq!(lost["code"], "CONFLICT", "{lost}");
    }
    let (_, versions) = officer.get(&format!("/api/v1/plans/{plan}/versions")).await;
    let numbers = versions["items"].as_array().expect("versions").iter();
    let numbers: Vec<_> = numbers.map(|version| version["number"].as_i64()).collect();
    assert_eq!(numbers, (1..=5).map(Some).collect::<Vec<_>>());
    server.stop().await;
}

#[tokio::test]
async fn a_step_that_is_sent_twice_under_one_key_is_taken_once() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let plan = &plans["items"][0];
    let path = format!("/api/v1/plans/{}", text(&plan["id"]));
    let body = json!({ "transition": "SUBMIT", "contentRevision": plan["contentRevision"], "heldOn": "2025-05" });
    let send = async || {
        let post =
            officer.request("POST".parse().expect("a method"), &format!("{path}/transitions"));
        officer.send(post.header("idempotency-key", "submit").json(&body)).await
    };
    let (first, again) = (send().await, send().await);
    assert_eq!((first.status, again.status), (200, 200), "{} {}", first.body, again.body);
    assert_eq!(first.body, again.body);
    let (_, versions) = officer.get(&format!("{path}/versions?total=true")).await;
    assert_eq!(versions["total"], 1);
    server.stop().await;
}

#[tokio::test]
async fn who_edits_takes_what_does_not_bind_and_who_decides_the_rest() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = draft(&officer).await;
    complete(&officer, &plan).await;
    server.account("drafter@contract.example", PASSWORD).await;
    server.contract("drafter@contract.example", "52110", &plan).await;
    let contractor = server.sign_in("drafter@contract.example", PASSWORD).await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;

    taken(&contractor, &plan, "HEAR", "2026-03", json!({})).await;
    taken(&contractor, &plan, "CONSULT", "2026-03", json!({})).await;
    let passed = json!({ "outcome": "AS_PROPOSED" });
    let (status, body) = step(&contractor, &plan, "DELIBERATE", "2026-04", passed.clone()).await;
    assert_eq!((status, &body["code"]), (403, &json!("FORBIDDEN")), "{body}");
    let (_, steps) = contractor.get(&format!("/api/v1/plans/{plan}/transitions")).await;
    let of = |name: &str| {
        let items = steps["items"].as_array().expect("steps");
        items.iter().find(|it| it["name"] == name).expect("a step").clone()
    };
    assert_eq!(of("HEAR")["allowed"], true);
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

#[tokio::test]
async fn milestones_are_no_way_around_a_step() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = draft(&officer).await;
    complete(&officer, &plan).await;
    let path = format!("/api/v1/plans/{plan}/milestones");
    for new in [
        json!({ "kind": "ADOPTION", "heldOn": "2026-04" }),
        json!({ "kind": "ADOPTION" }),
        json!({ "kind": "DELIBERATION", "heldOn": "2026-04", "plannedOn": "2026-03" }),
    ] {
        let (status, body) = officer.post(&path, new).await;
        assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")), "{body}");
        assert!(text(&body["detail"]).contains("Plan, or POST /plans/…/transitions"), "{body}");
    }
    let (_, body) = officer.post(&path, json!({ "kind": "HEARING", "heldOn": "2999" })).await;
    assert_eq!(body["errors"][0]["pointer"], "/heldOn", "{body}");
    // Planned, it may stand there; it may not become done by hand.
    let planned = json!({ "kind": "ADOPTION", "plannedOn": "2026-12" });
    let (status, planned) = officer.post(&path, planned).await;
    assert_eq!(status, 201, "{planned}");
    let own = |milestone: &Value| format!("/api/v1/milestones/{}", text(&milestone["id"]));
    let edited = async |milestone: &Value, change: Value| {
        let tag = officer.fetch(&own(milestone)).await.header("etag").to_owned();
        officer.patch(&own(milestone), &tag, change).await
    };
    for change in [json!({ "heldOn": "2026-04" }), json!({ "plannedOn": null })] {
        let (status, body) = edited(&planned, change).await;
        assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")), "{body}");
    }
    assert_eq!(edited(&planned, json!({ "plannedOn": "2026-11" })).await.0, 200);

    let (_, early) =
        officer.post(&path, json!({ "kind": "HEARING", "heldOn": "2026-03-01" })).await;
    let (_, late) = officer.post(&path, json!({ "kind": "HEARING", "heldOn": "2026-03-05" })).await;
    let passed = json!({ "outcome": "AS_PROPOSED" });
    taken(&officer, &plan, "DELIBERATE", "2026-04-01", passed).await;
    taken(&officer, &plan, "CONSULT", "2026-04-05", json!({})).await;
    taken(&officer, &plan, "ADOPT", "2026-04-10", json!({})).await;
    let removed = async |milestone: &Value| {
        let tag = officer.fetch(&own(milestone)).await.header("etag").to_owned();
        officer.delete(&own(milestone), &tag).await
    };
    let (_, all) = officer.get(&path).await;
    let of = |kind: &str| {
        let all = all["items"].as_array().expect("milestones");
        all.iter().find(|it| it["kind"] == kind && it["heldOn"].is_object()).expect("one").clone()
    };
    // One of two hearings is enough; the last one is not to be taken away.
    assert_eq!(removed(&late).await.0, 204);
    let hearing =
        "Residents must be heard before the committee deliberates (Enforcement Decree, Art. 7(2)).";
    let (status, body) = removed(&early).await;
    assert_eq!((status, text(&body["detail"])), (409, hearing), "{body}");
    let (status, body) = edited(&early, json!({ "heldOn": "2026-04-02" })).await;
    assert_eq!((status, text(&body["detail"])), (409, hearing), "behind what relied on it: {body}");
    assert_eq!(body["errors"][0]["pointer"], "/heldOn");
    let (status, _) = edited(&early, json!({ "kind": "OTHER" })).await;
    assert_eq!(status, 409);
    assert_eq!(edited(&early, json!({ "heldOn": "2026-03-20", "place": "시청" })).await.0, 200);
    let (status, body) = removed(&of("DELIBERATION")).await;
    assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")), "{body}");
    assert!(text(&body["detail"]).contains("Art. 11(4), 22(4)"), "{body}");
    let (status, body) = removed(&of("ADOPTION")).await;
    assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")), "{body}");
    assert!(text(&body["detail"]).starts_with("A version of the plan was frozen"), "{body}");
    assert_eq!(edited(&of("ADOPTION"), json!({ "summary": "시장 결재" })).await.0, 200);
    // What binds is not for who only edits.
    server.account("drafter@contract.example", PASSWORD).await;
    server.contract("drafter@contract.example", "52110", &plan).await;
    let contractor = server.sign_in("drafter@contract.example", PASSWORD).await;
    let tag = contractor.fetch(&own(&of("DELIBERATION"))).await.header("etag").to_owned();
    let note = json!({ "summary": "x" });
    assert_eq!(contractor.patch(&own(&of("DELIBERATION")), &tag, note).await.0, 403);
    server.stop().await;
}

#[tokio::test]
async fn the_rules_can_be_read() {
    let server = TestServer::empty().await;
    let (status, rest) = server.anonymous().get("/api/v1/procedure/guards").await;
    assert_eq!(status, 200);
    let data = server.anonymous().data("{ guards { code transitions planKinds article { ko en } validFrom validTo ko: text(lang: KO) en: text(lang: EN) } }").await;
    let guards = data["guards"].as_array().expect("guards");
    let items = rest["items"].as_array().expect("items");
    assert_eq!(guards.len(), items.len());
    for (guard, item) in guards.iter().zip(items) {
        for name in ["code", "transitions", "planKinds", "article", "validFrom", "validTo"] {
            assert_eq!(guard[name], item[name]);
        }
        assert_eq!((&guard["ko"], &guard["en"]), (&item["text"]["ko"], &item["text"]["en"]));
        assert_eq!(guard["article"].is_null(), guard["validFrom"].is_null(), "{guard}");
    }
    let consultation = items.iter().find(|it| it["code"] == "CONSULTATION_BEFORE_ADOPTION");
    let consultation = consultation.expect("a rule");
    assert_eq!(consultation["planKinds"], json!(["MUNICIPAL_BASIC"]));
    assert_eq!(consultation["article"]["ko"], "시행령 제7조제1항");
    assert_eq!(consultation["validFrom"], "2022-03-25");
    assert_eq!(consultation["text"]["ko"], "확정 전에 시·도지사와 협의해야 합니다.");
    server.stop().await;
}
