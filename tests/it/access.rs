//! Who may do what: accounts and grants, who manages them, and how posts are handed over.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, PASSWORD, TestServer};

fn tag(thing: &Value) -> String {
    format!("\"{}\"", thing["revision"].as_str().expect("a revision"))
}

fn id(thing: &Value) -> &str {
    thing["id"].as_str().expect("an id")
}

async fn of_email(manager: &Client, email: &str) -> Value {
    let (_, found) = manager.get(&format!("/api/v1/accounts?email={email}")).await;
    found["items"][0].clone()
}

#[tokio::test]
async fn who_manages_access_opens_accounts_and_grants_roles_and_takes_them_away_at_once() {
    let server = TestServer::start().await;
    let admin = server.signed_in(Role::Admin, "KR").await;
    let wanted = json!({ "email": " New@City.example ", "name": "새 담당자" });
    let (status, account) = admin.post("/api/v1/accounts", wanted.clone()).await;
    assert_eq!((status, &account["email"]), (201, &json!("new@city.example")), "{account}");
    let (status, twice) = admin.post("/api/v1/accounts", wanted).await;
    assert_eq!((status, &twice["errors"][0]["pointer"]), (409, &json!("/email")));

    let grant = json!({ "account": id(&account), "role": "MUNICIPAL_OFFICER",
        "region": { "code": "52110" }, "validTo": "2099-01-01T00:00:00+09:00" });
    let (status, grant) = admin.post("/api/v1/grants", grant).await;
    assert_eq!(status, 201, "{grant}");
    assert_eq!(
        (&grant["mayApprove"], &grant["validTo"]),
        (&json!(false), &json!("2098-12-31T15:00:00Z"))
    );
    let (status, invited) =
        admin.post("/api/v1/accounts/invitations", json!({ "email": "new@city.example" })).await;
    assert_eq!(status, 201, "{invited}");
    let chosen = json!({ "token": invited["token"], "password": PASSWORD });
    assert_eq!(server.anonymous().post("/api/v1/accounts/activate", chosen.clone()).await.0, 204);
    let (status, again) = server.anonymous().post("/api/v1/accounts/activate", chosen).await;
    assert_eq!((status, &again["errors"][0]["pointer"]), (422, &json!("/token")), "only once");

    let officer = server.sign_in("new@city.example", PASSWORD).await;
    let viewer = officer
        .data("{ viewer { roles grants { id role validFrom validTo planId organization { id } region { code } plan { id } } } }")
        .await["viewer"]
        .take();
    assert_eq!(viewer["roles"], json!(["MUNICIPAL_OFFICER"]));
    assert_eq!(viewer["grants"][0]["id"], grant["id"]);
    assert_eq!(viewer["grants"][0]["validTo"], grant["validTo"]);
    let new = json!({ "region": { "code": "52110" }, "title": "초안" });
    assert_eq!(officer.post("/api/v1/plans", new.clone()).await.0, 201);

    let path = format!("/api/v1/grants/{}", id(&grant));
    assert_eq!(
        officer.delete(&path, &tag(&grant)).await.0,
        403,
        "it is theirs to see, not to take"
    );
    assert_eq!(admin.delete(&path, "\"1\"").await.0, 412);
    assert_eq!(admin.delete(&path, &tag(&grant)).await.0, 204);
    assert_eq!(officer.post("/api/v1/plans", new).await.0, 403);
    assert_eq!(admin.get(&path).await.0, 404);
    let then = format!("{path}?asOf={}", grant["revision"].as_str().expect("a revision"));
    assert_eq!(admin.get(&then).await.0, 200, "its past stays");

    let account = of_email(&admin, "new@city.example").await;
    let mutation = r"mutation($input: DisableAccountInput!) {
        disableAccount(input: $input) { account { disabled } errors { code path } } }";
    let input = json!({ "id": account["id"], "revision": account["revision"] });
    let (_, done) = admin.gql_with(mutation, json!({ "input": input })).await;
    assert_eq!(done["data"]["disableAccount"]["account"]["disabled"], true, "{done}");
    assert_eq!(officer.get("/api/v1/me").await.0, 401, "closed at once");
    server.stop().await;
}

#[tokio::test]
async fn nobody_sees_manages_or_grants_beyond_their_own_region() {
    let server = TestServer::start().await;
    let admin = server.signed_in(Role::Admin, "KR").await;
    let own = server.signed_in(Role::Admin, "52110").await;
    server.account("iksan@x.example", PASSWORD).await;
    server.grant("iksan@x.example", Role::MunicipalOfficer, "52140", None).await;
    let iksan = of_email(&admin, "iksan@x.example").await;
    let officer = server.sign_in("iksan@x.example", PASSWORD).await;

    let account = format!("/api/v1/accounts/{}", id(&iksan));
    let node = format!("{{ node(id: \"{}\") {{ id }} account(id: \"{0}\") {{ id }} }}", id(&iksan));
    for stranger in [&own, &server.anonymous()] {
        assert_eq!(stranger.get(&account).await.0, 404);
        assert_eq!(stranger.data(&node).await, json!({ "node": null, "account": null }));
        let change = json!({ "disabled": true });
        let (status, _) = stranger.patch(&account, &tag(&iksan), change).await;
        assert_eq!(status, 404, "unseen is unknown");
        let (_, listed) = stranger.get("/api/v1/accounts?total=true&email=iksan@x.example").await;
        assert_eq!((&listed["items"], &listed["total"]), (&json!([]), &json!(0)));
    }
    let (_, listed) = officer.get("/api/v1/accounts?total=true").await;
    assert_eq!((id(&listed["items"][0]), &listed["total"]), (id(&iksan), &json!(1)), "their own");
    let (_, grants) = officer.get("/api/v1/grants?total=true").await;
    assert_eq!(grants["total"], 1);
    let change = json!({ "disabled": false });
    assert_eq!(officer.patch(&account, &tag(&iksan), change).await.0, 403);
    let change = json!({ "name": "새 이름" });
    let (status, renamed) = officer.patch(&account, &tag(&iksan), change).await;
    assert_eq!((status, &renamed["name"]), (200, &json!("새 이름")));

    server.account("fresh@x.example", PASSWORD).await;
    for (region, status) in [("52140", 403), ("52", 403), ("KR", 403), ("52111", 201)] {
        let grant = json!({ "email": "fresh@x.example", "role": "SUPPORT_CENTRE",
            "region": { "code": region } });
        assert_eq!(own.post("/api/v1/grants", grant).await.0, status, "{region}");
    }
    let grant =
        json!({ "email": "fresh@x.example", "role": "ADMIN", "region": { "code": "52110" } });
    assert_eq!(officer.post("/api/v1/grants", grant.clone()).await.0, 403);
    assert_eq!(server.anonymous().post("/api/v1/grants", grant).await.0, 401);
    // The right to decide is passed on by who has it.
    server.account("lesser@x.example", PASSWORD).await;
    let lesser =
        json!({ "email": "lesser@x.example", "role": "ADMIN", "region": { "code": "52110" } });
    assert_eq!(admin.post("/api/v1/grants", lesser).await.0, 201);
    let lesser = server.sign_in("lesser@x.example", PASSWORD).await;
    let deciding = json!({ "email": "lesser@x.example", "role": "MUNICIPAL_OFFICER",
        "region": { "code": "52110" }, "mayApprove": true });
    assert_eq!(lesser.post("/api/v1/grants", deciding).await.0, 403);
    // Who is more elsewhere is not theirs to close or to invite.
    let both =
        json!({ "email": "fresh@x.example", "role": "ADMIN", "region": { "code": "52140" } });
    assert_eq!(admin.post("/api/v1/grants", both).await.0, 201);
    let fresh = of_email(&own, "fresh@x.example").await;
    let path = format!("/api/v1/accounts/{}", id(&fresh));
    assert_eq!(own.patch(&path, &tag(&fresh), json!({ "disabled": true })).await.0, 403);
    let invitation = json!({ "email": "fresh@x.example" });
    assert_eq!(own.post("/api/v1/accounts/invitations", invitation).await.0, 403);
    server.stop().await;
}

#[tokio::test]
async fn a_grant_that_does_not_fit_together_is_refused_at_its_fields() {
    let server = TestServer::start().await;
    let admin = server.signed_in(Role::Admin, "KR").await;
    server.account("a@x.example", PASSWORD).await;
    let good = json!({ "email": "a@x.example", "role": "CONTRACTOR", "region": { "code": "52110" },
        "plan": "jeonbuk:P-52110-1", "validTo": "2099-01-01T00:00:00Z" });
    let null = Value::Null;
    for (field, value, pointer) in [
        ("plan", null.clone(), "/plan"),
        ("plan", json!("jeonbuk:P-52140-1"), "/plan"),
        ("plan", json!("plan_unknown"), "/plan"),
        ("validTo", null.clone(), "/validTo"),
        ("validTo", json!("2001-01-01T00:00:00Z"), "/validTo"),
        ("validTo", json!("tomorrow"), "/validTo"),
        ("validFrom", json!("2099-06-01T00:00:00Z"), "/validTo"),
        ("role", json!("ADMIN"), "/plan"),
        ("role", json!("PROVINCE_OFFICER"), "/role"),
        ("region", json!({ "code": "99999" }), "/region"),
        ("email", json!("nobody@x.example"), "/email"),
        ("email", null, "/account"),
        ("organization", json!("organization_00000000000000000000000001"), "/organization"),
        ("accountId", json!("x"), "/accountId"),
        ("revision", json!("1"), "/revision"),
    ] {
        let mut wrong = good.clone();
        wrong[field] = value.clone();
        let (status, body) = admin.post("/api/v1/grants", wrong).await;
        let told: Vec<&str> = body["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|it| it["pointer"].as_str())
            .collect();
        assert!([404, 422].contains(&status) && told.contains(&pointer), "{field} {value}: {body}");
    }
    let officer =
        json!({ "email": "a@x.example", "role": "MUNICIPAL_OFFICER", "region": { "code": "52" } });
    assert_eq!(admin.post("/api/v1/grants", officer).await.0, 422, "of a city, not of a province");
    let (status, grant) = admin.post("/api/v1/grants", good).await;
    assert_eq!(status, 201, "{grant}");
    for body in [json!({ "disabled": true, "revision": "1" }), json!({ "email": "x@y.example" })] {
        let account = of_email(&admin, "a@x.example").await;
        let path = format!("/api/v1/accounts/{}", id(&account));
        assert_eq!(
            admin.patch(&path, &tag(&account), body).await.0,
            422,
            "not the caller's to set"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn a_contractor_drafts_one_plan_for_the_time_of_the_contract() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let mut drafts = Vec::new();
    for title in ["맡긴 초안", "다른 초안"] {
        let new = json!({ "region": { "code": "52110" }, "title": title, "round": 2 });
        drafts.push(officer.post("/api/v1/plans", new).await.1);
    }
    server.account("firm@x.example", PASSWORD).await;
    server.contract("firm@x.example", "52110", id(&drafts[0])).await;
    let firm = server.sign_in("firm@x.example", PASSWORD).await;
    let paths: Vec<String> =
        drafts.iter().map(|plan| format!("/api/v1/plans/{}", id(plan))).collect();
    assert_eq!(firm.get(&paths[0]).await.0, 200);
    assert_eq!(firm.get(&paths[1]).await.0, 404, "another draft of the same city");
    let title = json!({ "title": "고친 초안" });
    let (status, plan) = firm.patch(&paths[0], &tag(&drafts[0]), title.clone()).await;
    assert_eq!(status, 200, "{plan}");
    assert_eq!(firm.patch(&paths[1], &tag(&drafts[1]), title).await.0, 404);
    let publish = json!({ "visibility": "PUBLIC" });
    assert_eq!(firm.patch(&paths[0], &tag(&plan), publish).await.0, 403);
    assert_eq!(firm.delete(&paths[0], &tag(&plan)).await.0, 403);
    let new = json!({ "region": { "code": "52110" }, "title": "새 계획" });
    assert_eq!(firm.post("/api/v1/plans", new).await.0, 403);
    let query = format!(
        r#"{{ viewer {{ grants {{ role planId plan {{ title }} }}
        own: can(action: EDIT_PLAN, plan: "{}") {{ allowed }}
        city: can(action: EDIT_PLAN, region: {{ code: "52110" }}) {{ allowed reason }} }} }}"#,
        id(&plan)
    );
    let viewer = firm.data(&query).await["viewer"].take();
    assert_eq!(viewer["grants"][0]["plan"]["title"], "고친 초안");
    assert_eq!(
        (&viewer["own"]["allowed"], &viewer["city"]["allowed"]),
        (&json!(true), &json!(false))
    );
    // What the offices of a province share is not for who works on one plan.
    let shared = json!({ "visibility": "PROVINCE" });
    assert_eq!(officer.patch(&paths[1], &tag(&drafts[1]), shared).await.0, 200);
    assert_eq!(firm.get(&paths[1]).await.0, 404);
    server.wait(366 * 24 * 60 * 60);
    let late = server.sign_in("firm@x.example", PASSWORD).await;
    assert_eq!(late.get(&paths[0]).await.0, 404, "the contract is over");
    server.stop().await;
}

#[tokio::test]
async fn a_post_is_handed_over_in_one_change() {
    let server = TestServer::start().await;
    let admin = server.signed_in(Role::Admin, "KR").await;
    for email in ["old@x.example", "new@x.example"] {
        server.account(email, PASSWORD).await;
    }
    server.grant("old@x.example", Role::MunicipalOfficer, "52110", None).await;
    let old = server.sign_in("old@x.example", PASSWORD).await;
    let new = server.sign_in("new@x.example", PASSWORD).await;
    let other = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let (_, grants) = old.get("/api/v1/grants").await;
    let grant = grants["items"][0].clone();
    let path = format!("/api/v1/grants/{}/hand-over", id(&grant));
    let to = |email: &str| json!({ "email": email });
    let hand = async |by: &Client, email: &str| {
        let request = by.request(reqwest::Method::POST, &path).header("if-match", tag(&grant));
        let reply = by.send(request.json(&to(email))).await;
        (reply.status, reply.body)
    };
    assert_eq!(hand(&other, "new@x.example").await.0, 404, "not theirs to see");
    assert_eq!(hand(&old, "nobody@x.example").await.0, 404);
    assert_eq!(hand(&old, "old@x.example").await.0, 422);
    let before = server.anonymous().fetch("/api/v1/sectors").await;
    let (status, next) = hand(&old, "new@x.example").await;
    assert_eq!((status, &next["role"]), (201, &json!("MUNICIPAL_OFFICER")), "{next}");
    let after = server.anonymous().fetch("/api/v1/sectors").await;
    let number =
        |reply: &tests::Reply| reply.header("dure-revision").parse::<i64>().expect("a number");
    assert_eq!(number(&after), number(&before) + 1, "one change");
    let draft = json!({ "region": { "code": "52110" }, "title": "초안" });
    assert_eq!(old.post("/api/v1/plans", draft.clone()).await.0, 403);
    assert_eq!(new.post("/api/v1/plans", draft).await.0, 201);
    assert_eq!(hand(&old, "new@x.example").await.0, 403, "it is not theirs any more");
    // Who manages access hands it back, in the other dialect.
    let mutation = r"mutation($input: HandOverGrantInput!) { handOverGrant(input: $input) {
        grant { account { email } mayApprove } errors { code path } } }";
    let input = json!({ "id": next["id"], "revision": next["revision"], "email": "old@x.example" });
    let (_, done) = admin.gql_with(mutation, json!({ "input": input })).await;
    assert_eq!(
        done["data"]["handOverGrant"]["grant"]["account"]["email"], "old@x.example",
        "{done}"
    );
    server.stop().await;
}

#[tokio::test]
async fn why_somebody_may_not_is_told() {
    let server = TestServer::start().await;
    server.account("over@x.example", PASSWORD).await;
    let until = server.now().plus_seconds(60);
    server.grant("over@x.example", Role::ProvinceOfficer, "52", Some(until)).await;
    let admin = server.signed_in(Role::Admin, "KR").await;
    let lesser = json!({ "email": "over@x.example", "role": "MUNICIPAL_OFFICER", "region": { "code": "52110" } });
    assert_eq!(admin.post("/api/v1/grants", lesser).await.0, 201);
    let officer = server.sign_in("over@x.example", PASSWORD).await;
    server.wait(61);
    let query = r#"{ viewer {
        decide: can(action: PUBLISH_PLAN, region: { code: "52110" }) { allowed reason whoMay }
        over: can(action: START_PLAN, region: { code: "52" }) { allowed reason }
        never: can(action: MANAGE_ACCESS, region: { code: "52" }) { allowed reason } } }"#;
    let viewer = officer.data(query).await["viewer"].take();
    let reason = |name: &str| viewer[name]["reason"].as_str().unwrap_or_default().to_owned();
    assert!(reason("decide").contains("mayApprove"), "{viewer}");
    assert!(reason("over").contains("not in force"), "{viewer}");
    assert!(reason("never").contains("ADMIN"), "{viewer}");
    let nobody = server.anonymous().data(query).await["viewer"].take();
    assert!(
        nobody["over"]["reason"].as_str().is_some_and(|text| text.contains("Sign in")),
        "{nobody}"
    );
    let (_, neither) = officer.gql("{ viewer { can(action: EDIT_PLAN) { allowed } } }").await;
    assert_eq!(neither["errors"][0]["extensions"]["code"], "INVALID");
    server.stop().await;
}

#[tokio::test]
async fn the_relations_of_access_take_the_same_statements_however_many_rows() {
    let server = TestServer::start().await;
    let admin = server.signed_in(Role::Admin, "KR").await;
    let query = "{ accounts(first: 100) { nodes { email grants { role region { code } plan { id } account { name } client { name } } } } }";
    let few = server.taken(&admin, query).await;
    for n in 0..10 {
        let email = format!("a{n}@x.example");
        server.account(&email, PASSWORD).await;
        server.grant(&email, Role::MunicipalOfficer, "52110", None).await;
    }
    few.grows_not(&server.taken(&admin, query).await, "role");
    server.stop().await;
}
