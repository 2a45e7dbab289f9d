//! Machines: how they get a token, what its scopes let them do, and how it ends.

use api::access::{Role, Scope};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Reply, TestServer};

async fn ask(server: &TestServer, form: &[(&str, &str)], basic: Option<(&str, &str)>) -> Reply {
    let anonymous = server.anonymous();
    let mut request = anonymous.request(Method::POST, "/oauth/token").form(form);
    if let Some((id, secret)) = basic {
        request = request.basic_auth(id, Some(secret));
    }
    anonymous.send(request).await
}

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

#[tokio::test]
async fn a_machine_gets_a_token_for_its_secret_as_oauth_says() {
    let server = TestServer::start().await;
    let scopes = [Scope::Read, Scope::WriteFacts];
    let machine = server.machine(&scopes, Role::SupportCentre, "52").await;
    let (id, secret) = (machine.id.as_str(), machine.secret.as_str());
    let reply = ask(&server, &[GRANT], Some((id, secret))).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, "no-store"));
    assert_eq!(
        (&reply.body["token_type"], &reply.body["expires_in"], &reply.body["scope"]),
        (&json!("Bearer"), &json!(900), &json!("read write:facts"))
    );
    let in_form = [GRANT, ("client_id", id), ("client_secret", secret), ("scope", "read")];
    let reply = ask(&server, &in_form, None).await;
    assert_eq!((reply.status, &reply.body["scope"]), (200, &json!("read")));
    for (form, basic, status, error) in [
        (vec![GRANT], Some((id, "wrong")), 401, "invalid_client"),
        (vec![GRANT], Some(("client_00000000000000000000000001", secret)), 401, "invalid_client"),
        (vec![GRANT], Some(("", "")), 401, "invalid_client"),
        (vec![GRANT], None, 401, "invalid_client"),
        (vec![("grant_type", "password")], Some((id, secret)), 400, "unsupported_grant_type"),
        (vec![], Some((id, secret)), 400, "invalid_request"),
        (vec![GRANT, GRANT], Some((id, secret)), 400, "invalid_request"),
        (
            vec![GRANT, ("client_id", id), ("client_secret", secret)],
            Some((id, secret)),
            400,
            "invalid_request",
        ),
        (vec![GRANT, ("scope", "write:plans")], Some((id, secret)), 400, "invalid_scope"),
        (vec![GRANT, ("scope", "everything")], Some((id, secret)), 400, "invalid_scope"),
    ] {
        let reply = ask(&server, &form, basic).await;
        assert_eq!(
            (reply.status, &reply.body["error"]),
            (status, &json!(error)),
            "{form:?} {basic:?}"
        );
        assert_eq!(reply.header("www-authenticate").starts_with("Basic"), status == 401);
        assert!(!reply.body.to_string().contains(secret));
    }
    let json_body = server
        .anonymous()
        .post("/oauth/token", json!({ "grant_type": "client_credentials" }))
        .await;
    assert_eq!((json_body.0, &json_body.1["error"]), (400, &json!("invalid_request")));
    let wrong = server.anonymous().fetch("/oauth/token").await;
    assert_eq!((wrong.status, wrong.header("allow")), (405, "POST"));
    for _ in 0..5 {
        ask(&server, &[GRANT], Some((id, "wrong"))).await;
    }
    let reply = ask(&server, &[GRANT], Some((id, secret))).await;
    assert_eq!((reply.status, &reply.body["code"]), (429, &json!("RATE_LIMITED")));
    assert!(!reply.header("retry-after").is_empty());
    server.stop().await;
}

#[tokio::test]
async fn its_scopes_cap_its_grants_in_both_dialects() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let new = json!({ "region": { "code": "52110" }, "title": "초안" });
    let (_, draft) = officer.post("/api/v1/plans", new.clone()).await;
    let path = format!("/api/v1/plans/{}", draft["id"].as_str().expect("an id"));
    let writer =
        server.machine(&[Scope::Read, Scope::WritePlans], Role::MunicipalOfficer, "52110").await;
    let reader = server.machine(&[Scope::Read], Role::MunicipalOfficer, "52110").await;
    let blind = server.machine(&[Scope::WriteFacts], Role::MunicipalOfficer, "52110").await;
    assert_eq!(reader.client.get(&path).await.0, 200);
    assert_eq!(blind.client.get(&path).await.0, 404, "without read it sees what is published");
    assert_eq!(blind.client.get("/api/v1/regions/52110/plans").await.0, 200);

    let (status, body) = reader.client.post("/api/v1/plans", new.clone()).await;
    assert_eq!((status, &body["code"]), (403, &json!("FORBIDDEN")));
    assert!(body["detail"].as_str().is_some_and(|text| text.contains("write:plans")), "{body}");
    let mutation = r#"mutation { createPlan(input: { region: { code: "52110" }, title: "x" }) { plan { id } } }"#;
    let (_, body) = reader.client.gql(mutation).await;
    let error = &body["errors"][0];
    assert_eq!(error["extensions"]["code"], "FORBIDDEN");
    assert!(error["message"].as_str().is_some_and(|text| text.contains("write:plans")), "{body}");
    let query = r#"{ viewer { id clientId scopes roles grants { clientId } edit: can(action: EDIT_PLAN, region: { code: "52110" }) { allowed reason }
        manage: can(action: MANAGE_ACCESS, region: { code: "52110" }) { allowed reason } } }"#;
    let viewer = reader.client.data(query).await["viewer"].take();
    assert_eq!((&viewer["id"], &viewer["clientId"]), (&Value::Null, &json!(reader.id)));
    assert_eq!(
        (&viewer["scopes"], &viewer["roles"]),
        (&json!(["READ"]), &json!(["MUNICIPAL_OFFICER"]))
    );
    assert!(
        viewer["edit"]["reason"].as_str().is_some_and(|text| text.contains("write:plans")),
        "{viewer}"
    );
    assert_eq!(viewer["manage"]["allowed"], false);

    let (status, written) = writer.client.post("/api/v1/plans", new).await;
    assert_eq!(status, 201, "{written}");
    let elsewhere = json!({ "region": { "code": "52140" }, "title": "x" });
    assert_eq!(writer.client.post("/api/v1/plans", elsewhere).await.0, 403, "its grants hold, too");
    assert_eq!(
        writer
            .client
            .post("/api/v1/me/password", json!({ "oldPassword": "x", "newPassword": "y" }))
            .await
            .0,
        403
    );
    server.stop().await;
}

#[tokio::test]
async fn who_is_revoked_is_out_at_once_and_who_is_over_too() {
    let server = TestServer::start().await;
    let admin = server.signed_in(Role::Admin, "KR").await;
    let other = server.signed_in(Role::Admin, "52140").await;
    let machine = server.machine(&[Scope::Read], Role::MunicipalOfficer, "52110").await;
    let path = format!("/api/v1/clients/{}", machine.id);
    assert_eq!(machine.client.get(&path).await.0, 200, "it sees itself");
    assert_eq!(other.get(&path).await.0, 404);
    let secret_path = format!("{path}/secret");
    assert_eq!(other.post(&secret_path, json!({})).await.0, 404);
    let (status, rotated) = admin.post(&secret_path, json!({})).await;
    assert_eq!(status, 201, "{rotated}");
    let (id, old) = (machine.id.as_str(), machine.secret.as_str());
    assert_eq!(ask(&server, &[GRANT], Some((id, old))).await.status, 401);
    let new = rotated["clientSecret"].as_str().expect("a secret");
    assert_eq!(ask(&server, &[GRANT], Some((id, new))).await.status, 200);

    let (_, client) = admin.get(&path).await;
    let tag = format!("\"{}\"", client["revision"].as_str().expect("a revision"));
    assert_eq!(machine.client.get("/api/v1/me").await.0, 200);
    assert_eq!(admin.delete(&path, &tag).await.0, 204);
    assert_eq!(machine.client.get("/api/v1/me").await.0, 401);
    assert_eq!(ask(&server, &[GRANT], Some((id, new))).await.status, 401);

    let until = server.now().plus_seconds(60).to_string();
    let mutation = r"mutation($input: NewClient!) { createClient(input: $input) {
        client { id name scopes validTo grants { id } } clientSecret errors { code path } } }";
    let input = json!({ "name": "잠깐", "scopes": ["READ", "READ"], "validTo": until });
    let (_, opened) = admin.gql_with(mutation, json!({ "input": input })).await;
    let opened = &opened["data"]["createClient"];
    assert_eq!(opened["client"]["scopes"], json!(["READ"]), "{opened}");
    let (id, secret) = (
        opened["client"]["id"].as_str().expect("an id"),
        opened["clientSecret"].as_str().expect("a secret"),
    );
    let reply = ask(&server, &[GRANT], Some((id, secret))).await;
    let short =
        server.anonymous().with_token(reply.body["access_token"].as_str().expect("a token"));
    assert_eq!(short.get("/api/v1/me").await.0, 200);
    server.wait(61);
    assert_eq!(short.get("/api/v1/me").await.0, 401, "its time is over");
    assert_eq!(ask(&server, &[GRANT], Some((id, secret))).await.status, 401);
    for wrong in [
        json!({ "name": "x", "scopes": [] }),
        json!({ "name": "x", "scopes": ["all"] }),
        json!({ "name": "x", "scopes": ["read"], "id": "client_1" }),
    ] {
        assert_eq!(admin.post("/api/v1/clients", wrong.clone()).await.0, 422, "{wrong}");
    }
    let client = json!({ "name": "x", "scopes": ["read", "write:facts"] });
    assert_eq!(machine.client.post("/api/v1/clients", client.clone()).await.0, 401);
    let (status, opened) = admin.post("/api/v1/clients", client).await;
    assert_eq!(status, 201, "{opened}");
    assert_eq!(opened["client"]["scopes"], json!(["read", "write:facts"]));
    server.stop().await;
}
