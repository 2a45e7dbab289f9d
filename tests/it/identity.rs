//! Signing in, and what a token is good for.

use api::access::Role;
use api::identity::TOKEN_SECONDS;
use serde_json::json;
use tests::{PASSWORD, TestServer};

#[tokio::test]
async fn who_signs_in_is_known_and_told_what_they_may() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let query = r#"{ viewer { id name grants { role mayApprove region { code } }
        own: can(action: EDIT_PLAN, region: { code: "52110" }) { allowed reason }
        below: can(action: EDIT_PLAN, region: { code: "52111" }) { allowed }
        other: can(action: EDIT_PLAN, region: { code: "52140" }) { allowed reason whoMay } } }"#;
    let viewer = officer.data(query).await["viewer"].take();
    assert_eq!(
        viewer["grants"],
        json!([{ "role": "MUNICIPAL_OFFICER", "mayApprove": true, "region": { "code": "52110" } }])
    );
    assert_eq!(viewer["own"], json!({ "allowed": true, "reason": null }));
    assert_eq!(viewer["below"]["allowed"], true, "what lies below comes with it");
    assert_eq!(viewer["other"]["allowed"], false);
    assert_eq!(viewer["other"]["whoMay"], "ADMIN, PROVINCE_OFFICER, MUNICIPAL_OFFICER, CONTRACTOR");
    assert!(viewer["other"]["reason"].is_string());
    let (_, me) = officer.get("/api/v1/me").await;
    assert_eq!(me["id"], viewer["id"]);
    let (_, nobody) = server.anonymous().get("/api/v1/me").await;
    assert_eq!((&nobody["id"], &nobody["grants"]), (&json!(null), &json!([])));
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_answer_alike() {
    let server = TestServer::start().await;
    server.account("known@demo.example", PASSWORD).await;
    let mut told = Vec::new();
    for email in ["known@demo.example", "unknown@demo.example"] {
        let wanted = json!({ "email": email, "password": "wrong wrong wrong" });
        let (status, mut body) = server.anonymous().post("/api/v1/sessions", wanted).await;
        body.as_object_mut().expect("a problem").remove("requestId");
        told.push((status, body));
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0].0, 401);
    // Upper case and blanks around an address are the same address.
    server.sign_in(" Known@Demo.Example ", PASSWORD).await;
    server.stop().await;
}

#[tokio::test]
async fn a_token_that_is_not_ours_or_is_over_is_refused_in_both_dialects() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let good = officer.token().to_owned();
    let cut = &good[..good.len() - 4];
    for token in ["x", "", "a.b.c", cut] {
        let forger = officer.with_token(token);
        let (status, body) = forger.get("/api/v1/me").await;
        assert_eq!((status, &body["code"]), (401, &json!("UNAUTHENTICATED")), "{token}");
        let (status, body) = forger.gql("{ sectors { code } }").await;
        assert_eq!(status, 401);
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
    assert_eq!(officer.get("/api/v1/me").await.0, 200);
    server.wait(TOKEN_SECONDS);
    assert_eq!(officer.get("/api/v1/me").await.0, 401, "it is over");
    server.stop().await;
}

#[tokio::test]
async fn a_grant_ends_when_its_time_is_over() {
    let server = TestServer::start().await;
    server.account("short@demo.example", PASSWORD).await;
    let until = server.now().plus_seconds(60);
    server.grant("short@demo.example", Role::MunicipalOfficer, "52110", Some(until)).await;
    let officer = server.sign_in("short@demo.example", PASSWORD).await;
    let new = json!({ "region": { "code": "52110" }, "title": "초안" });
    let (status, plan) = officer.post("/api/v1/plans", new.clone()).await;
    assert_eq!(status, 201);
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().expect("an id"));
    assert_eq!(officer.get(&path).await.0, 200);
    server.wait(61);
    assert_eq!(officer.get(&path).await.0, 404, "a draft is gone with the right to see it");
    let then = format!("{path}?asOf={}", plan["revision"].as_str().expect("a revision"));
    assert_eq!(officer.get(&then).await.0, 404, "rights are today's, in the past too");
    assert_eq!(officer.post("/api/v1/plans", new).await.0, 403);
    server.stop().await;
}

#[tokio::test]
async fn no_answer_and_no_log_holds_a_password() {
    let server = TestServer::start().await;
    server.account("known@demo.example", PASSWORD).await;
    let short = json!({ "email": "known@demo.example" });
    let (status, body) = server.anonymous().post("/api/v1/sessions", short).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/password")));
    let wanted = json!({ "email": 7, "password": PASSWORD });
    let (_, body) = server.anonymous().post("/api/v1/sessions", wanted).await;
    assert!(!body.to_string().contains(PASSWORD), "{body}");
    server.stop().await;
}
