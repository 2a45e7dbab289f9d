//! What the law asks before a step, told all at once, and what does not fit a step.

use api::access::Role;
use serde_json::{Value, json};
use tests::TestServer;

use super::{
    CONTENTS, complete, draft, government, guards, measure, patched, read, set, step, taken, text,
};

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

#[tokio::test]
async fn no_step_ends_in_days_to_come_or_moves_to_before_the_act() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = draft(&officer).await;
    let late = json!({ "endedOn": "2999-01" });
    let (status, body) = step(&officer, &plan, "HEAR", "2026-03", late.clone()).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/endedOn")), "{body}");
    taken(&officer, &plan, "HEAR", "2026-03", json!({})).await;
    let milestones = format!("/api/v1/plans/{plan}/milestones");
    let new = json!({ "kind": "HEARING", "heldOn": "2026-03", "endedOn": "2999-01" });
    let (status, body) = officer.post(&milestones, new).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/endedOn")), "{body}");
    let (_, all) = officer.get(&milestones).await;
    let path = format!("/api/v1/milestones/{}", text(&all["items"][0]["id"]));
    let tag = officer.fetch(&path).await.header("etag").to_owned();
    let (status, body) = officer.patch(&path, &tag, late).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/endedOn")), "{body}");
    let early = json!({ "heldOn": "2022-03-24" });
    let (status, body) = officer.patch(&path, &tag, early).await;
    assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")), "{body}");
    assert_eq!(body["errors"][0]["pointer"], "/heldOn");
    assert!(text(&body["detail"]).contains("2022-03-25"), "{body}");
    let (status, body) = officer.patch(&path, &tag, json!({ "heldOn": "2022-03-25" })).await;
    assert_eq!(status, 200, "{body}");
    server.stop().await;
}

#[tokio::test]
async fn a_plan_that_was_held_back_after_it_had_passed_is_not_adopted() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = draft(&officer).await;
    complete(&officer, &plan).await;
    taken(&officer, &plan, "HEAR", "2026-03-01", json!({})).await;
    taken(&officer, &plan, "CONSULT", "2026-03-01", json!({})).await;
    for (outcome, day, rules) in [
        ("AS_PROPOSED", "2026-03-10", &[][..]),
        ("HELD_BACK", "2026-03-20", &["DELIBERATION_BEFORE_ADOPTION"]),
        ("AMENDED", "2026-03-30", &[]),
    ] {
        taken(&officer, &plan, "DELIBERATE", day, json!({ "outcome": outcome })).await;
        assert_eq!(guards(&officer, &plan, "ADOPT").await, set(rules), "{outcome}");
    }
    server.stop().await;
}
