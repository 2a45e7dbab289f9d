//! What tokens are good for: our keys, another issuer's, and what nobody signed; and that secrets
//! are in no answer and no log.

use api::access::{Role, Scope};
use api::config::Oidc;
use api::identity::{Issuer, Keys};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Method;
use sea_orm::{ConnectionTrait as _, Database, Statement};
use serde_json::{Value, json};
use tests::{PASSWORD, TestServer};

const ISSUER: &str = "https://sso.agency.example";

fn signed(key: &SigningKey, kid: &str, claims: &Value) -> String {
    let der = key.to_pkcs8_der().expect("a key");
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(der.as_bytes()))
        .expect("a token")
}

fn published(key: &SigningKey, kid: &str) -> String {
    let x = URL_SAFE_NO_PAD.encode(key.verifying_key().to_bytes());
    json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": x }] })
        .to_string()
}

#[tokio::test]
async fn an_agencys_own_issuer_is_believed_about_its_people_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = folder.path().join("jwks.json");
    let (key, other) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
    std::fs::write(&keys, published(&key, "agency-1")).expect("a file");
    let (issuer, audience) = (ISSUER.to_owned(), "dure".to_owned());
    let oidc = Oidc { issuer, audience, keys: keys.clone(), claim: "email".to_owned() };
    let server = TestServer::trusting(Some(Issuer::open(oidc).expect("an issuer"))).await;
    server.account("agent@agency.example", PASSWORD).await;
    let exp = server.now().seconds() + 300;
    let good = json!({ "iss": ISSUER, "aud": "dure", "sub": "7", "exp": exp, "email": "Agent@Agency.example" });
    let status = async |token: &str| server.anonymous().with_token(token).get("/api/v1/me").await;
    let (code, me) = status(&signed(&key, "agency-1", &good)).await;
    assert_eq!((code, &me["email"]), (200, &json!("agent@agency.example")), "{me}");
    for (claim, value) in [
        ("iss", json!("https://other.example")),
        ("iss", json!("dure")),
        ("aud", json!("somebody-else")),
        ("aud", Value::Null),
        ("exp", json!(exp - 301)),
        ("exp", Value::Null),
        ("nbf", json!(exp)),
        ("email", json!("nobody@agency.example")),
        ("email", json!(7)),
        ("email_verified", json!(false)),
    ] {
        let mut wrong = good.clone();
        wrong[claim] = value.clone();
        assert_eq!(status(&signed(&key, "agency-1", &wrong)).await.0, 401, "{claim} {value}");
    }
    assert_eq!(status(&signed(&other, "agency-1", &good)).await.0, 401, "not its key");
    assert_eq!(status(&signed(&other, "agency-2", &good)).await.0, 401, "a key nobody knows");
    let public = URL_SAFE_NO_PAD.encode(key.verifying_key().to_bytes());
    let header = Header { kid: Some("agency-1".to_owned()), ..Header::new(Algorithm::HS256) };
    let confused =
        jsonwebtoken::encode(&header, &good, &EncodingKey::from_secret(public.as_bytes()));
    assert_eq!(status(&confused.expect("a token")).await.0, 401, "a public key is no secret");
    std::fs::write(&keys, published(&other, "agency-2")).expect("a file");
    server.wait(10);
    assert_eq!(status(&signed(&other, "agency-2", &good)).await.0, 200, "it has a new key");
    server.stop().await;
}

#[tokio::test]
async fn a_newer_key_signs_and_the_older_is_still_read() {
    let server = TestServer::empty().await;
    server.account("a@x.example", PASSWORD).await;
    let before = server.sign_in("a@x.example", PASSWORD).await;
    let known = async || {
        let reply = server.anonymous().fetch("/.well-known/jwks.json").await;
        assert!(reply.header("cache-control").contains("max-age"));
        let keys = reply.body["keys"].as_array().expect("keys").clone();
        assert!(
            keys.iter()
                .all(|key| key["kty"] == "OKP" && key["alg"] == "EdDSA" && key.get("d").is_none())
        );
        keys
    };
    assert_eq!(known().await.len(), 1);
    let kid = Keys::rotate(&server.database().folder().join("keys")).expect("a key");
    server.wait(60);
    let keys = known().await;
    assert_eq!((keys.len(), &keys[1]["kid"]), (2, &json!(kid)));
    let after = server.sign_in("a@x.example", PASSWORD).await;
    let header = after.token().split('.').next().expect("a header");
    let header: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).expect("text")).expect("JSON");
    assert_eq!(header["kid"], json!(kid));
    for client in [before, after] {
        assert_eq!(client.get("/api/v1/me").await.0, 200);
    }
    server.stop().await;
}

#[tokio::test]
async fn what_nobody_of_ours_signed_is_refused() {
    let server = TestServer::empty().await;
    server.account("a@x.example", PASSWORD).await;
    let good = server.sign_in("a@x.example", PASSWORD).await;
    let (_, me) = good.get("/api/v1/me").await;
    let stranger = SigningKey::from_bytes(&[3; 32]);
    let exp = server.now().seconds() + 300;
    let claims =
        json!({ "iss": "dure", "sub": me["id"], "iat": exp - 300, "exp": exp, "scope": "read" });
    let header = good.token().split('.').next().expect("a header");
    let header: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).expect("text")).expect("JSON");
    let ours = header["kid"].as_str().expect("an id");
    for (kid, claims) in [("strange", &claims), (ours, &claims), ("", &claims)] {
        let forger = server.anonymous().with_token(&signed(&stranger, kid, claims));
        let reply = forger.fetch("/api/v1/me").await;
        assert_eq!(
            (reply.status, reply.header("www-authenticate")),
            (401, "Bearer realm=\"dure\"")
        );
        let body = json!({ "query": "{ viewer { id } }" });
        let reply = forger.send(forger.request(Method::POST, "/graphql").json(&body)).await;
        assert_eq!(
            (reply.status, reply.header("www-authenticate")),
            (401, "Bearer realm=\"dure\"")
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn the_log_holds_ids_and_neither_names_nor_secrets() {
    let server = TestServer::start().await;
    let admin = server.signed_in(Role::Admin, "KR").await;
    let machine =
        server.machine(&[Scope::WritePlans, Scope::Read], Role::MunicipalOfficer, "52110").await;
    let (_, invited) = admin
        .post(
            "/api/v1/accounts/invitations",
            json!({ "email": "secret@x.example", "name": "숨은 이름" }),
        )
        .await;
    let new = json!({ "region": { "code": "52110" }, "title": "기계의 초안" });
    assert_eq!(machine.client.post("/api/v1/plans", new).await.0, 201);
    let token = invited["token"].as_str().expect("a token");
    let bare = token.split_once('.').expect("two parts").1;

    let db = Database::connect(&server.database().config.url).await.expect("the database");
    let mut texts = String::new();
    for sql in [
        "SELECT action AS a, coalesce(request, '') AS b FROM change",
        "SELECT kind AS a, op AS b FROM change_item",
        "SELECT token_hash AS a, '' AS b FROM invitation",
        "SELECT token_hash AS a, '' AS b FROM session",
        "SELECT secret_hash AS a, '' AS b FROM client_secret",
        "SELECT password_hash AS a, '' AS b FROM credential",
    ] {
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await;
        for row in rows.expect("rows") {
            for column in ["a", "b"] {
                texts += &row.try_get::<String>("", column).expect("a text");
                texts.push('\n');
            }
        }
    }
    for secret in [bare, &machine.secret, PASSWORD, "secret@x.example", "숨은 이름"] {
        assert!(!texts.contains(secret), "{secret}");
    }
    let sql = "SELECT count(*) AS n FROM change WHERE client IS NOT NULL AND actor IS NULL AND action = 'createPlan'";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await;
    let count: i64 = row.expect("a row").expect("a row").try_get("", "n").expect("a number");
    assert_eq!(count, 1, "the log says which machine it was");
    db.close().await.expect("a closed connection");

    let everything = "{ accounts { nodes { id email name disabled grants { id } } } clients { id name scopes } viewer { id } }";
    let seen = admin.data(everything).await.to_string();
    for secret in [bare, machine.secret.as_str(), PASSWORD] {
        assert!(!seen.contains(secret));
    }
    server.stop().await;
}
