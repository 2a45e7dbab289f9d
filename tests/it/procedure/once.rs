//! Steps that are taken at once, or twice.

use api::access::Role;
use serde_json::json;
use tests::TestServer;

use super::{read, text};

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
