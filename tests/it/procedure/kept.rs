//! What an edit of a milestone may not do to the steps that were taken, and what it may.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, PASSWORD, TestServer};

use super::{complete, draft, step, taken, text};

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

/// Takes a milestone away.
async fn removed(officer: &Client, milestone: &str) -> (u16, Value) {
    officer.delete(&format!("/api/v1/milestones/{milestone}"), "*").await
}

async fn noted(officer: &Client, plan: &str, new: Value) -> String {
    let (status, milestone) = officer.post(&format!("/api/v1/plans/{plan}/milestones"), new).await;
    assert_eq!(status, 201, "{milestone}");
    text(&milestone["id"]).to_owned()
}

#[tokio::test]
async fn what_was_noted_by_mistake_is_taken_back_where_no_step_relied_on_it() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = draft(&officer).await;
    complete(&officer, &plan).await;
    taken(&officer, &plan, "HEAR", "2026-03-01", json!({})).await;
    let consultation = |day: &str| json!({ "kind": "CONSULTATION", "heldOn": day });
    let first = noted(&officer, &plan, consultation("2026-03-02")).await;
    taken(&officer, &plan, "DELIBERATE", "2026-03-10", json!({ "outcome": "AS_PROPOSED" })).await;
    taken(&officer, &plan, "ADOPT", "2026-03-20", json!({})).await;
    let rule = "The governor must be consulted before the plan is adopted (Enforcement Decree, Art. 7(1)).";
    let relied_on = async |milestone: &str| {
        let (status, body) = removed(&officer, milestone).await;
        assert_eq!((status, text(&body["detail"])), (409, rule), "{body}");
    };
    relied_on(&first).await;
    // Of two, the later one goes; so does one that came after the adoption, or has no day.
    for new in
        [consultation("2026-03-15"), consultation("2026-04-15"), json!({ "kind": "CONSULTATION" })]
    {
        let second = noted(&officer, &plan, new).await;
        assert_eq!(removed(&officer, &second).await.0, 204);
    }
    // One without a day that was noted afterwards does not stand for the one that was there.
    let undated = noted(&officer, &plan, json!({ "kind": "CONSULTATION" })).await;
    relied_on(&first).await;
    assert_eq!(removed(&officer, &undated).await.0, 204);
    // One that was held in time and noted afterwards does; from then on it is the one.
    let second = noted(&officer, &plan, consultation("2026-03-15")).await;
    assert_eq!(removed(&officer, &first).await.0, 204);
    relied_on(&second).await;
    server.stop().await;
}

#[tokio::test]
async fn what_a_source_tells_of_relied_on_nothing_that_is_noted_here() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    // Its source calls it adopted, on no day.
    let plan = text(&plans["items"][0]["id"]);
    assert_eq!(plans["items"][0]["status"], "ADOPTED");
    for kind in ["CONSULTATION", "HEARING"] {
        for new in [json!({ "kind": kind, "heldOn": "2026-03" }), json!({ "kind": kind })] {
            let milestone = noted(&officer, plan, new).await;
            let (status, body) = removed(&officer, &milestone).await;
            assert_eq!(status, 204, "{body}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_hearing_is_over_when_the_committee_deliberates() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = draft(&officer).await;
    complete(&officer, &plan).await;
    let rule =
        "Residents must be heard before the committee deliberates (Enforcement Decree, Art. 7(2))";
    let hearing = json!({ "kind": "HEARING", "heldOn": "2026-03-01", "endedOn": "2026-03-20" });
    let hearing = noted(&officer, &plan, hearing).await;
    let passed = json!({ "outcome": "AS_PROPOSED" });
    let (status, body) = step(&officer, &plan, "DELIBERATE", "2026-03-10", passed.clone()).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (409, &json!("/heldOn")), "{body}");
    assert_eq!(body["detail"], format!("{rule}: it was on 2026-03-01–2026-03-20."));
    taken(&officer, &plan, "DELIBERATE", "2026-03-20", passed).await;
    let path = format!("/api/v1/milestones/{hearing}");
    for (ended, expected) in [("2026-03-21", 409), ("2026-04", 409), ("2026-03", 200)] {
        let tag = officer.fetch(&path).await.header("etag").to_owned();
        let (status, body) = officer.patch(&path, &tag, json!({ "endedOn": ended })).await;
        assert_eq!(status, expected, "{ended}: {body}");
        if status == 409 {
            assert_eq!(
                (text(&body["code"]), text(&body["detail"])),
                ("GUARD_FAILED", &*format!("{rule}."))
            );
            assert_eq!(body["errors"][0]["pointer"], "/endedOn");
        }
    }
    server.stop().await;
}
