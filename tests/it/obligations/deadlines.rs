//! Deadlines are fixed by their events.

use api::access::Role;
use serde_json::{Value, json};
use tests::TestServer;

use super::{TODAY, adoption, duties, duty, load, plan_of};

#[tokio::test]
async fn a_deadline_is_fixed_by_its_event_and_a_later_correction_shows_beside_it() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let anybody = server.anonymous();
    let plan = plan_of(&officer, "52140").await;
    let submit = format!("region=52140&rule=SUBMIT_PLAN&on={TODAY}");
    assert_eq!(duty(&anybody, &submit).await["status"], "NOT_YET_KNOWN");

    let revision = async || {
        let reply = anybody.fetch("/api/v1/sectors").await;
        reply.header("dure-revision").to_owned()
    };
    let before = revision().await;
    load(&server, &[], &[&adoption("E901", "P-52140-1", "52140", "2025-08-29")]).await;
    let fixed = duty(&anybody, &submit).await;
    assert_eq!(fixed["due"]["text"], "2025-09-29", "one month, the first day not counted");
    assert_eq!(
        (&fixed["status"], &fixed["dueSource"]["kind"]),
        (&json!("OVERDUE"), &json!("FROZEN"))
    );
    let late = duty(&anybody, &format!("region=52140&rule=ADOPT_FIRST_PLAN&on={TODAY}")).await;
    assert_eq!((&late["status"], &late["overdueBy"]), (&json!("DONE_LATE"), &json!(121)));
    // What was told before is what is told of that moment.
    let then = format!("/api/v1/obligations?{submit}&asOf={before}");
    assert_eq!(anybody.get(&then).await.1["items"][0]["status"], "NOT_YET_KNOWN");

    let event = fixed["dueSource"]["milestone"].as_str().expect("a milestone");
    let own = format!("/api/v1/milestones/{event}");
    let tag = officer.fetch(&own).await.header("etag").to_owned();
    let (status, moved) = officer.patch(&own, &tag, json!({ "heldOn": "2025-09-12" })).await;
    assert_eq!(status, 200, "{moved}");
    let after = duty(&anybody, &submit).await;
    assert_eq!((&after["due"], &after["lastDay"]), (&fixed["due"], &fixed["lastDay"]));
    let source = &after["dueSource"];
    assert_eq!(source["fixedOn"]["text"], "2025-08-29");
    assert_eq!(source["eventOn"]["text"], "2025-09-12");
    assert_eq!(source["dueIfCorrected"]["text"], "2025-10-12");

    // The event taken back, nothing is due by it; entered anew, it is fixed anew.
    let tag = format!("\"{}\"", moved["revision"].as_str().expect("a revision"));
    let (status, body) = officer.delete(&own, &tag).await;
    assert_eq!(status, 204, "{body}");
    assert_eq!(duty(&anybody, &submit).await["due"], Value::Null);
    load(&server, &[], &[&adoption("E902", "P-52140-1", "52140", "2025-02-28")]).await;
    assert_eq!(duty(&anybody, &submit).await["due"]["text"], "2025-03-31", "all of March");

    // It was submitted on the last day, which the day before it was not.
    let content = officer.get(&format!("/api/v1/plans/{plan}")).await.1["contentRevision"].clone();
    let step =
        json!({ "transition": "SUBMIT", "contentRevision": content, "heldOn": "2025-03-31" });
    let (status, body) = officer.post(&format!("/api/v1/plans/{plan}/transitions"), step).await;
    assert_eq!(status, 200, "{body}");
    let done = duty(&anybody, &submit).await;
    assert_eq!((&done["status"], &done["doneOn"]["text"]), (&json!("DONE"), &json!("2025-03-31")));
    assert!(done["evidence"]["milestone"].as_str().is_some_and(|it| it.starts_with("milestone_")));
    let earlier = "region=52140&rule=SUBMIT_PLAN&on=2025-03-30";
    assert_eq!(duty(&anybody, earlier).await["status"], "DUE");
    server.stop().await;
}

#[tokio::test]
async fn loading_the_pack_again_moves_no_deadline_and_later_cycles_have_six_months() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let due = format!("within=52&rule=ADOPT_FIRST_PLAN&on={TODAY}");
    let before = duties(&anybody, &due).await;
    load(&server, &[], &[]).await;
    assert_eq!(duties(&anybody, &due).await, before);

    let next = format!("within=52&rule=ADOPT_NEXT_PLAN&on={TODAY}");
    assert_eq!(duties(&anybody, &next).await, Vec::<Value>::new(), "no plan above, no cycle");
    let plan =
        "P-52-2,52,제2차 전북 기본계획,province_basic,2,,,,,,,,,,,,,,,in_progress,,,,S001,,B,";
    load(&server, &[plan], &[]).await;
    let known = duties(&anybody, &next).await;
    assert_eq!(known.len(), 14);
    assert!(known.iter().all(|it| it["status"] == "NOT_YET_KNOWN" && it["cycle"] == 2));
    load(&server, &[plan], &[&adoption("E903", "P-52-2", "52", "2026-08-31")]).await;
    let known = duties(&anybody, &next).await;
    // The period begins with the first of September, and the last of February 2027 is a Sunday before
    // a holiday.
    assert!(known.iter().all(|it| it["lastDay"] == "2027-03-02"), "{known:#?}");
    assert_eq!(known[0]["dueSource"]["byRule"]["text"], "2027-02-28");
    assert_eq!(known[0]["article"]["en"], "Enforcement Decree, Art. 7(1)");
    server.stop().await;
}
