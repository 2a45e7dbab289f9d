//! Money and values of assessments that cannot be.

use api::access::Role;
use serde_json::{Value, json};
use tests::TestServer;

use super::{krw, world};

#[tokio::test]
async fn money_and_values_that_cannot_be_are_refused_at_their_place() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let it = world(&officer).await;
    let with = |budgets: Value| json!({ "grade": "ACHIEVED", "budgets": budgets });
    for (input, pointer) in [
        (
            with(json!([{ "fund": "NATIONAL", "executed": krw("-1") }])),
            "/budgets/0/executed/amount",
        ),
        (
            with(json!([{ "fund": "NATIONAL", "executed": krw("1.5") }])),
            "/budgets/0/executed/amount",
        ),
        (with(json!([{ "fund": "NATIONAL" }])), "/budgets/0/executed"),
        (
            with(
                json!([{ "fund": "NATIONAL", "executed": krw("1") }, { "fund": "NATIONAL", "executed": krw("2") }]),
            ),
            "/budgets/1",
        ),
        (with(Value::Null), "/budgets"),
        (json!({ "grade": "NOT_ACHIEVED", "reason": "예산 삭감" }), "/correctiveAction"),
    ] {
        let (status, body) = officer.put(&it.assessment(0), None, input.clone()).await;
        assert_eq!(
            (status, &body["errors"][0]["pointer"]),
            (422, &json!(pointer)),
            "{input} {body}"
        );
    }
    // Fund by fund: what is not named stays, null takes one away, and the check is told.
    it.assess(&officer).await;
    let (_, before) = officer.get(&it.path()).await;
    let (_, assessment) = officer.get(&it.assessment(0)).await;
    let tag = format!("\"{}\"", assessment["revision"].as_str().expect("a revision"));
    let change = json!({ "budgets": [{ "fund": "PRIVATE_OTHER", "executed": null }] });
    let (status, less) = officer.put(&it.assessment(0), Some(&tag), change).await;
    assert_eq!(status, 200, "{less}");
    let funds: Vec<&Value> =
        less["budgets"].as_array().expect("budgets").iter().map(|it| &it["fund"]).collect();
    assert_eq!(funds, [&json!("NATIONAL"), &json!("MUNICIPAL")]);
    assert_ne!(less["revision"], assessment["revision"], "its money is a part of it");
    let (_, after) = officer.get(&it.path()).await;
    assert_ne!(after["revision"], before["revision"]);
    // A body that shows what others wrote has another tag when they write.
    let tag = officer.fetch(&it.assessment(0)).await.header("etag").to_owned();
    let path = format!("/api/v1/indicators/{}/observations/2024", it.indicator);
    let (_, seen) = officer.get(&format!("/api/v1/indicators/{}/observations", it.indicator)).await;
    let read = format!("\"{}\"", seen["items"][0]["revision"].as_str().expect("a revision"));
    assert_eq!(officer.delete(&path, &read).await.0, 204);
    let reply = officer.fetch(&it.assessment(0)).await;
    assert_ne!(reply.header("etag"), tag);
    assert_eq!(reply.body["revision"], less["revision"]);
    let (tag, change) = (reply.header("etag"), json!({ "grade": "ON_TRACK" }));
    let (status, _) = officer.put(&it.assessment(0), Some(tag), change).await;
    assert_eq!(status, 200, "its first part is what a write compares");
    server.stop().await;
}
