//! Sign-ins: how they are renewed, how they end, and what guessing comes to.

use api::access::Role;
use api::identity::{INVITATION_SECONDS, SESSION_SECONDS};
use serde_json::{Value, json};
use tests::{Client, PASSWORD, TestServer};

async fn session(server: &TestServer, email: &str) -> Value {
    let wanted = json!({ "email": email, "password": PASSWORD });
    let (status, body) = server.anonymous().post("/api/v1/sessions", wanted).await;
    assert_eq!(status, 201, "{body}");
    body
}

fn shown(server: &TestServer, session: &Value) -> Client {
    server.anonymous().with_token(session["accessToken"].as_str().expect("a token"))
}

async fn refresh(server: &TestServer, session: &Value) -> (u16, Value) {
    let wanted = json!({ "refreshToken": session["refreshToken"] });
    server.anonymous().post("/api/v1/sessions/refresh", wanted).await
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_one_used_twice_ends_the_sign_in() {
    let server = TestServer::empty().await;
    server.account("a@x.example", PASSWORD).await;
    let first = session(&server, "a@x.example").await;
    assert_eq!((&first["tokenType"], &first["expiresIn"]), (&json!("Bearer"), &json!(900)));
    let other = session(&server, "a@x.example").await;
    let (status, second) = refresh(&server, &first).await;
    assert_eq!(status, 201, "{second}");
    assert_ne!(first["refreshToken"], second["refreshToken"]);
    let (status, third) = refresh(&server, &second).await;
    assert_eq!(status, 201);
    assert_eq!(shown(&server, &third).get("/api/v1/me").await.0, 200);

    let (status, body) = refresh(&server, &first).await;
    assert_eq!((status, &body["code"]), (401, &json!("UNAUTHENTICATED")), "it was used before");
    assert_eq!(refresh(&server, &third).await.0, 401, "so the whole sign-in is over");
    assert_eq!(shown(&server, &third).get("/api/v1/me").await.0, 401, "at once");
    assert_eq!(shown(&server, &other).get("/api/v1/me").await.0, 200, "the other one is not");
    for token in ["", "x", "x.y", "0198f0a000007000800000000000abcd.AAAA"] {
        assert_eq!(refresh(&server, &json!({ "refreshToken": token })).await.0, 401, "{token}");
    }
    server.wait(SESSION_SECONDS);
    assert_eq!(refresh(&server, &other).await.0, 401, "it was not renewed in time");
    server.stop().await;
}

#[tokio::test]
async fn who_signs_out_or_changes_the_password_leaves_nobody_signed_in() {
    let server = TestServer::empty().await;
    server.account("a@x.example", PASSWORD).await;
    let (here, there) =
        (session(&server, "a@x.example").await, session(&server, "a@x.example").await);
    let me = shown(&server, &here);
    let ending = me.request(reqwest::Method::DELETE, "/api/v1/sessions/current");
    assert_eq!(me.send(ending).await.status, 204);
    assert_eq!(me.get("/api/v1/me").await.0, 401);
    assert_eq!(refresh(&server, &here).await.0, 401);
    let ending = server.anonymous().request(reqwest::Method::DELETE, "/api/v1/sessions/current");
    assert_eq!(server.anonymous().send(ending).await.status, 401);

    let (me, elsewhere) = (shown(&server, &there), session(&server, "a@x.example").await);
    let change = |old: &str, new: &str| json!({ "oldPassword": old, "newPassword": new });
    let (status, body) =
        me.post("/api/v1/me/password", change("wrong wrong wrong", "another one, long")).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/oldPassword")));
    let (status, body) = me.post("/api/v1/me/password", change(PASSWORD, "short")).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/newPassword")));
    let (status, body) =
        me.post("/api/v1/me/password?asOf=1", change(PASSWORD, "another one, long")).await;
    assert_eq!((status, &body["code"]), (409, &json!("READ_ONLY_MOMENT")));
    assert_eq!(me.post("/api/v1/me/password", change(PASSWORD, "another one, long")).await.0, 204);
    assert_eq!(me.get("/api/v1/me").await.0, 200, "this one stays");
    assert_eq!(shown(&server, &elsewhere).get("/api/v1/me").await.0, 401);
    let old = json!({ "email": "a@x.example", "password": PASSWORD });
    assert_eq!(server.anonymous().post("/api/v1/sessions", old).await.0, 401);
    server.sign_in("a@x.example", "another one, long").await;
    server.stop().await;
}

#[tokio::test]
async fn an_invitation_is_over_after_a_week_or_when_another_is_sent() {
    let server = TestServer::start().await;
    let admin = server.signed_in(Role::Admin, "KR").await;
    let who = json!({ "email": "a@x.example", "name": "초대받은 이" });
    let (status, unnamed) =
        admin.post("/api/v1/accounts/invitations", json!({ "email": "a@x.example" })).await;
    assert_eq!((status, &unnamed["errors"][0]["pointer"]), (422, &json!("/name")));
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let (status, invited) = admin.post("/api/v1/accounts/invitations", who.clone()).await;
        assert_eq!(status, 201, "{invited}");
        tokens.push(invited["token"].clone());
    }
    let choose = async |token: &Value| {
        let chosen = json!({ "token": token, "password": PASSWORD });
        server.anonymous().post("/api/v1/accounts/activate", chosen).await
    };
    assert_eq!(choose(&tokens[0]).await.0, 422, "the second took its place");
    let short = json!({ "token": tokens[1], "password": "short" });
    let (status, body) = server.anonymous().post("/api/v1/accounts/activate", short).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/password")));
    server.wait(INVITATION_SECONDS);
    assert_eq!(choose(&tokens[1]).await.0, 422, "it is over");
    server.stop().await;
}

#[tokio::test]
async fn guessing_ends_after_a_few_tries_alike_for_accounts_that_exist_and_that_do_not() {
    let server = TestServer::empty().await;
    server.account("known@x.example", PASSWORD).await;
    let attempt = async |email: &str, password: &str| {
        let wanted = json!({ "email": email, "password": password });
        let request =
            server.anonymous().request(reqwest::Method::POST, "/api/v1/sessions").json(&wanted);
        server.anonymous().send(request).await
    };
    for email in ["known@x.example", "unknown@x.example"] {
        for n in 0..5 {
            let reply = attempt(email, "wrong wrong wrong").await;
            assert_eq!(
                (reply.status, reply.header("www-authenticate")),
                (401, "Bearer realm=\"dure\""),
                "{n}"
            );
        }
        let reply = attempt(email, "wrong wrong wrong").await;
        assert_eq!((reply.status, &reply.body["code"]), (429, &json!("RATE_LIMITED")), "{email}");
        let wait: i64 = reply.header("retry-after").parse().expect("seconds");
        assert!((1..=900).contains(&wait), "{wait}");
    }
    assert_eq!(attempt("Known@X.example", PASSWORD).await.status, 429, "the right one waits, too");
    for n in 0..10 {
        attempt(&format!("{n}@x.example"), "wrong wrong wrong").await;
    }
    assert_eq!(attempt("other@x.example", PASSWORD).await.status, 429, "the address had its tries");
    server.wait(15 * 60);
    assert_eq!(attempt("known@x.example", PASSWORD).await.status, 201);
    server.stop().await;
}
