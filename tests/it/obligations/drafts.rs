//! Nobody is told of a draft by what is due.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

use super::{TODAY, adoption, duties, duty, id, load};

#[tokio::test]
async fn what_happens_in_a_draft_changes_nothing_of_what_others_are_told() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let strangers = [server.anonymous(), server.signed_in(Role::MunicipalOfficer, "52140").await];
    let calendar = async |asker: &Client| {
        let reply = asker.fetch("/api/v1/calendar.ics?region=52110").await;
        // When it was last looked at is not what it holds.
        let lines = reply.body.as_str().expect("a calendar").lines();
        lines.filter(|line| !line.starts_with("DTSTAMP")).map(str::to_owned).collect::<Vec<_>>()
    };
    let all = format!("region=52110&on={TODAY}");
    let mut before = Vec::new();
    for stranger in &strangers {
        before.push((duties(stranger, &all).await, calendar(stranger).await));
    }
    // A draft of the second cycle that was adopted, with what is planned and checked.
    let plan = "P-52110-2,52110,초안,municipal_basic,2,,,,,,,,,,,,,,,in_progress,,,,S001,,B,";
    load(&server, &[plan], &[]).await;
    let draft = officer.get("/api/v1/regions/52110/plans").await.1["items"][0].clone();
    let own = format!("/api/v1/plans/{}", id(&draft));
    let tag = officer.fetch(&own).await.header("etag").to_owned();
    let (status, body) = officer.patch(&own, &tag, json!({ "visibility": "INTERNAL" })).await;
    assert_eq!(status, 200, "{body}");
    load(&server, &[plan], &[&adoption("E904", "P-52110-2", "52110", "2025-06-30")]).await;
    let path = format!("{own}/milestones");
    let planned = json!({ "kind": "SUBMISSION", "plannedOn": "2026-07-30" });
    assert_eq!(officer.post(&path, planned).await.0, 201);
    let check = json!({ "plan": id(&draft), "year": 2025, "kind": "BASIC_PLAN", "reviewedOn": "2026-05-20" });
    let (status, check) = officer.post("/api/v1/progress-checks", check).await;
    assert_eq!(status, 201, "{check}");
    let report = duty(&officer, &format!("{all}&rule=REPORT_PROGRESS&year=2026")).await;
    assert_eq!(report["status"], "OVERDUE", "a day that somebody typed is no report");
    let source = officer.get("/api/v1/sources?limit=1").await.1["items"][0].clone();
    let (path, tag) = (
        format!("/api/v1/progress-checks/{}", id(&check)),
        officer
            .fetch(&format!("/api/v1/progress-checks/{}", id(&check)))
            .await
            .header("etag")
            .to_owned(),
    );
    let told = json!({ "sources": [source["id"]] });
    let (status, told) = officer.patch(&path, &tag, told).await;
    assert_eq!(status, 200, "{told}");
    let own = duty(&officer, &format!("{all}&rule=SUBMIT_PLAN&year=2025")).await;
    assert_eq!((&own["due"]["text"], &own["cycle"]), (&json!("2025-07-31"), &json!(2)));
    let report = duty(&officer, &format!("{all}&rule=REPORT_PROGRESS&year=2026")).await;
    assert_eq!(report["status"], "DONE");
    let (status, extended) = province
        .post(
            &format!("/api/v1/obligations/{}/extend", id(&own)),
            json!({ "until": "2027-08-31", "reason": "초안" }),
        )
        .await;
    assert_eq!(status, 200, "{extended}");
    for (stranger, before) in strangers.iter().zip(&before) {
        let after = (duties(stranger, &all).await, calendar(stranger).await);
        assert_eq!(after, *before);
        let path = format!("/api/v1/obligations/{}", id(&own));
        assert_eq!(stranger.get(&path).await.0, 404, "there is no such duty for them");
        let extension = &extended["extensions"][0];
        let path = format!("/api/v1/extensions/{}", id(extension));
        assert_eq!(stranger.get(&path).await.0, 404);
        for thing in [&own, extension] {
            let query = format!(r#"{{ node(id: "{}") {{ id }} }}"#, id(thing));
            assert_eq!(stranger.data(&query).await["node"], Value::Null);
            assert_eq!(officer.data(&query).await["node"]["id"], thing["id"]);
        }
        let (status, _) = stranger.get(&format!("/api/v1/obligations?plan={}", id(&draft))).await;
        assert_eq!(status, 404);
    }
    assert_ne!(calendar(&officer).await, before[0].1, "its officer sees what is planned");

    // Withdrawn, the first plan says nothing to strangers either: the duty stays.
    let first = officer.get("/api/v1/regions/52110/plans").await.1["items"][1].clone();
    let tag = format!("\"{}\"", first["revision"].as_str().expect("a revision"));
    let hidden = json!({ "visibility": "INTERNAL" });
    let path = format!("/api/v1/plans/{}", id(&first));
    assert_eq!(officer.patch(&path, &tag, hidden).await.0, 200);
    let told = duty(&strangers[0], &format!("{all}&rule=ADOPT_FIRST_PLAN")).await;
    assert_eq!((&told["planId"], &told["evidence"]), (&Value::Null, &Value::Null));
    assert_eq!((&told["announced"], &told["known"]["planStatus"]), (&json!([]), &Value::Null));
    assert_eq!(told["due"]["text"], "2025-04");
    server.stop().await;
}
