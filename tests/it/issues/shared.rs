//! Who reads an issue, what it is about, and what the log says of both.

use api::access::Role;
use api::identity::{self, NewGrant};
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};
use tests::{Client, PASSWORD, TestServer};

use super::{act, id, plan_of, tag, told};

#[tokio::test]
async fn an_issue_is_the_provinces_until_who_decides_makes_it_public() {
    let server = TestServer::start().await;
    let deciding = server.signed_in(Role::MunicipalOfficer, "52190").await;
    let clerk = {
        server.account("clerk@52190.example", PASSWORD).await;
        let grant = NewGrant::to_account("clerk@52190.example", Role::MunicipalOfficer, "52190");
        identity::add_grant(&server.operator(), grant).await.expect("a grant");
        server.sign_in("clerk@52190.example", PASSWORD).await
    };
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let strangers = [
        server.anonymous(),
        server.signed_in(Role::ProvinceOfficer, "48").await,
        server.signed_in(Role::Contractor, "52110").await,
    ];
    let open = json!({ "visibility": "PUBLIC" });
    let mut new = json!({ "region": { "code": "52190" }, "category": "data_gap", "title": "유일무이한 자료" });
    let issue = {
        new["visibility"] = json!("PUBLIC");
        let (status, body) = clerk.post("/api/v1/issues", new.clone()).await;
        assert_eq!((status, &body["errors"][0]["pointer"]), (403, &json!("/visibility")), "{body}");
        new["visibility"] = json!("INTERNAL");
        let (status, body) = clerk.post("/api/v1/issues", new.clone()).await;
        assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/visibility")), "{body}");
        new["visibility"] = Value::Null;
        clerk.post("/api/v1/issues", new).await.1
    };
    assert_eq!((&issue["visibility"], &issue["state"]), (&json!("PROVINCE"), &json!("OPEN")));
    let path = format!("/api/v1/issues/{}", id(&issue));
    let sees = async |asker: &Client| {
        let there = asker.get(&path).await.0 == 200;
        let (_, list) = asker.get("/api/v1/issues?region=52190&total=true").await;
        assert_eq!(list["total"], i32::from(there));
        let (_, found) = asker.get("/api/v1/search?text=유일무이한&total=true").await;
        assert_eq!(found["total"], i32::from(there));
        there
    };
    assert!(sees(&neighbour).await && sees(&clerk).await && sees(&centre).await);
    for stranger in &strangers {
        assert!(!sees(stranger).await);
        // Nor do they learn of it by trying.
        let (status, _) = act(stranger, &issue, "solve", json!({ "solution": "x" })).await;
        assert_eq!(status, 404);
        let said = stranger.post(&format!("{path}/comments"), json!({ "text": "x" })).await;
        assert_eq!(said.0, 404);
    }
    let (status, _) = clerk.patch(&path, &tag(&issue), open.clone()).await;
    assert_eq!(status, 403, "who reads it is not for everybody there to say");
    assert_eq!(neighbour.patch(&path, &tag(&issue), open.clone()).await.0, 403);
    let (status, public) = deciding.patch(&path, &tag(&issue), open).await;
    assert_eq!((status, &public["visibility"]), (200, &json!("PUBLIC")), "{public}");
    for stranger in &strangers {
        assert!(sees(stranger).await);
    }
    let shut = json!({ "visibility": "PROVINCE" });
    assert_eq!(clerk.patch(&path, &tag(&public), shut.clone()).await.0, 403);
    assert_eq!(centre.patch(&path, &tag(&public), shut).await.0, 200, "who curates may, too");
    let then = format!("{path}?asOf={}", public["revision"].as_str().expect("a revision"));
    assert_eq!(strangers[0].get(&then).await.0, 404, "what was withdrawn has no public past");
    assert_eq!(neighbour.get(&then).await.0, 200);
    server.stop().await;
}

#[tokio::test]
async fn region_plan_measure_and_sector_belong_together() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (plan, other) = (plan_of("52110", &officer).await, plan_of("52140", &officer).await);
    let new =
        json!({ "plan": plan, "family": "MITIGATION", "title": "전기버스", "sector": "TRANSPORT" });
    let measure = id(&officer.post("/api/v1/measures", new).await.1);
    let issue = told(&officer, "52110", "budget", json!({ "measure": measure })).await;
    assert_eq!(
        (&issue["planId"], &issue["sector"]),
        (&json!(plan), &json!("TRANSPORT")),
        "its measure says the rest"
    );
    let refused = |more: Value| {
        let mut new =
            json!({ "region": { "code": "52110" }, "category": "budget", "title": "재원" });
        new.as_object_mut()
            .expect("an object")
            .extend(more.as_object().cloned().unwrap_or_default());
        new
    };
    for (more, pointer, status) in [
        (json!({ "plan": other, "measure": measure }), "/measure", 422),
        (json!({ "plan": other }), "/plan", 422),
        (json!({ "measure": measure, "sector": "WASTE" }), "/sector", 422),
        (json!({ "sector": "OCEAN" }), "/sector", 404),
        (json!({ "measure": "measure_01jz7p4k9vf3b8m2xq6r0t5w1y" }), "/measure", 404),
        (json!({ "measure": plan }), "/measure", 422),
    ] {
        let (told, body) = officer.post("/api/v1/issues", refused(more.clone())).await;
        assert_eq!(
            (told, &body["errors"][0]["pointer"]),
            (status, &json!(pointer)),
            "{more} {body}"
        );
    }
    for filter in [
        format!("measure={measure}"),
        "sector=TRANSPORT".to_owned(),
        format!("plan={plan}&state=OPEN&category=budget"),
    ] {
        let (_, found) = officer.get(&format!("/api/v1/issues?{filter}")).await;
        assert_eq!(found["items"][0]["id"], issue["id"], "{filter}");
    }
    let query = format!(
        r#"{{ issue(id: "{}") {{ plan {{ id }} measure {{ title }} sector {{ code }} }} }}"#,
        id(&issue)
    );
    let data = officer.data(&query).await;
    assert_eq!(data["issue"]["measure"]["title"], "전기버스");
    let path = format!("/api/v1/issues/{}", id(&issue));
    let (_, moved) = officer.patch(&path, &tag(&issue), json!({ "plan": null })).await;
    assert_eq!(moved["errors"][0]["pointer"], "/measure", "a measure has a plan");
    let (_, bare) =
        officer.patch(&path, &tag(&issue), json!({ "plan": null, "measure": null })).await;
    assert_eq!((&bare["measureId"], &bare["sector"]), (&Value::Null, &json!("TRANSPORT")));
    server.stop().await;
}

#[tokio::test]
async fn the_log_says_who_could_see_an_issue_and_what_was_said_about_it() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let draft = json!({ "region": { "code": "52110" }, "title": "초안", "round": 2 });
    let draft = id(&officer.post("/api/v1/plans", draft).await.1);
    let issue = told(&officer, "52110", "budget", json!({ "plan": draft })).await;
    let said = format!("/api/v1/issues/{}/comments", id(&issue));
    assert_eq!(officer.post(&said, json!({ "text": "재원이 없음" })).await.0, 201);
    let path = format!("/api/v1/plans/{draft}");
    let plan = officer.fetch(&path).await.header("etag").to_owned();
    let (_, public) = officer.patch(&path, &plan, json!({ "visibility": "PUBLIC" })).await;
    let open = json!({ "visibility": "PUBLIC" });
    let (_, shown) =
        officer.patch(&format!("/api/v1/issues/{}", id(&issue)), &tag(&issue), open).await;
    let db = Database::connect(&server.database().config.url).await.expect("the database");
    let items = async |revision: &Value| -> Vec<[String; 3]> {
        let seq: i64 = revision.as_str().expect("a revision").parse().expect("a number");
        let sql = "SELECT kind, visible_before, visible_after FROM change_item WHERE seq = $1 ORDER BY kind";
        let ask = Statement::from_sql_and_values(db.get_database_backend(), sql, [seq.into()]);
        let rows = db.query_all_raw(ask).await.expect("items");
        let text = |row: &sea_orm::QueryResult, column: &str| {
            row.try_get::<String>("", column).expect("a text")
        };
        rows.iter()
            .map(|row| ["kind", "visible_before", "visible_after"].map(|it| text(row, it)))
            .collect()
    };
    let moved = |kind: &str, before: &str, after: &str| [kind, before, after].map(str::to_owned);
    assert_eq!(
        items(&public["revision"]).await,
        [
            moved("COMMENT", "INTERNAL", "PROVINCE"),
            moved("ISSUE", "INTERNAL", "PROVINCE"),
            moved("PLAN", "INTERNAL", "PUBLIC")
        ],
        "no more than the issue's own"
    );
    assert_eq!(
        items(&shown["revision"]).await,
        [moved("COMMENT", "PROVINCE", "PUBLIC"), moved("ISSUE", "PROVINCE", "PUBLIC")],
        "what was said goes with it"
    );
    assert_eq!(server.anonymous().get(&said).await.1["items"].as_array().map(Vec::len), Some(1));
    db.close().await.expect("a closed connection");
    server.stop().await;
}
