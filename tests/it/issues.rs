//! Issues that offices share: told, discussed, solved, found by others, and brought together.

use api::access::Role;
use api::identity::{self, NewGrant};
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};
use tests::{Client, PASSWORD, TestServer};

fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("an id: {thing}")).to_owned()
}

fn tag(thing: &Value) -> String {
    format!("\"{}\"", thing["revision"].as_str().unwrap_or_else(|| panic!("a revision: {thing}")))
}

/// Tells of a difficulty.
async fn told(teller: &Client, region: &str, category: &str, more: Value) -> Value {
    let mut new =
        json!({ "region": { "code": region }, "category": category, "title": "에너지 자료 부족" });
    let more = more.as_object().cloned().unwrap_or_default();
    new.as_object_mut().expect("an object").extend(more);
    let (status, issue) = teller.post("/api/v1/issues", new).await;
    assert_eq!(status, 201, "{issue}");
    issue
}

/// Does something to an issue that is as it was read.
async fn act(actor: &Client, issue: &Value, verb: &str, body: Value) -> (u16, Value) {
    let path = format!("/api/v1/issues/{}/{verb}", id(issue));
    let request = actor.request("POST".parse().expect("a method"), &path);
    let reply = actor.send(request.header("if-match", tag(issue)).json(&body)).await;
    (reply.status, reply.body)
}

async fn plan_of(region: &str, asker: &Client) -> String {
    let (_, plans) = asker.get(&format!("/api/v1/regions/{region}/plans")).await;
    id(&plans["items"][0])
}

#[tokio::test]
async fn categories_are_a_list_of_two_origins_that_correspond_to_each_other() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let data = anybody
        .data("{ issueCategories { code theme list mapped name(lang: EN) description(lang: KO) } }")
        .await;
    let all = data["issueCategories"].as_array().expect("categories");
    assert_eq!(all.len(), 31);
    let of = |code: &str| all.iter().find(|it| it["code"] == code).expect("a code");
    assert_eq!(of("capacity")["mapped"], json!(["expertise", "governance"]));
    assert_eq!(of("expertise")["mapped"], json!(["capacity"]));
    assert_eq!(of("unit_error")["name"], "Unit errors");
    let (_, listed) = anybody.get("/api/v1/issue-categories").await;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(31));
    // Every code of the pack is on the list; the offices' find them when asked.
    for (filter, count) in [
        ("category=capacity", 0),
        ("category=capacity&includeMapped=true", 7),
        ("category=expertise&includeMapped=true", 4),
        ("theme=DATA", 6),
        ("sector=TRANSPORT", 0),
        ("state=SOLVED", 0),
    ] {
        let (_, found) = anybody.get(&format!("/api/v1/issues?{filter}&total=true")).await;
        assert_eq!(found["total"], count, "{filter}");
    }
    let officer = server.signed_in(Role::MunicipalOfficer, "52190").await;
    let new = json!({ "region": { "code": "52190" }, "category": "weather", "title": "날씨" });
    let (status, body) = officer.post("/api/v1/issues", new).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/category")));
    assert!(body["errors"][0]["message"].as_str().is_some_and(|it| it.contains("data_gap")));
    server.stop().await;
}

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
async fn a_solution_is_found_by_others_with_the_same_difficulty() {
    let server = TestServer::start().await;
    let jeonju = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let iksan = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let stranger = server.signed_in(Role::ProvinceOfficer, "48").await;
    let solved =
        told(&jeonju, "52110", "activity_data_missing", json!({ "sector": "BUILDING" })).await;
    let same = told(&iksan, "52140", "data_gap", json!({ "sector": "BUILDING" })).await;
    let public = told(&iksan, "52140", "data_gap", json!({ "visibility": "PUBLIC" })).await;

    let draft = json!({ "region": { "code": "52110" }, "title": "초안", "round": 2 });
    let draft = id(&jeonju.post("/api/v1/plans", draft).await.1);
    let how = json!({ "solution": "한국전력과 협약을 맺어 동별 사용량을 받음", "solvedOn": "2026-03", "plan": draft });
    assert_eq!(act(&iksan, &solved, "solve", how.clone()).await.0, 403, "it is Jeonju's");
    let (status, done) = act(&jeonju, &solved, "solve", how.clone()).await;
    assert_eq!((status, &done["state"]), (200, &json!("SOLVED")), "{done}");
    assert_eq!(done["solution"]["planId"], json!(draft));
    let (status, again) = act(&jeonju, &done, "solve", how).await;
    assert_eq!((status, &again["code"]), (409, &json!("GUARD_FAILED")));
    let (status, blank) =
        act(&iksan, &same, "solve", json!({ "solution": " ", "solvedOn": "x" })).await;
    assert_eq!((status, blank["errors"].as_array().map(Vec::len)), (422, Some(2)), "{blank}");

    let similar = async |asker: &Client, issue: &Value| -> Vec<Value> {
        let query = format!(
            r#"{{ issue(id: "{}") {{ similar(first: 4) {{ id state solution {{ text solvedOn {{ text }} plan {{ id }} }} }} }} }}"#,
            id(issue)
        );
        let data = asker.data(&query).await;
        data["issue"]["similar"].as_array().cloned().unwrap_or_default()
    };
    let found = similar(&iksan, &same).await;
    assert_eq!((found.len(), &found[0]["id"]), (4, &solved["id"]), "solved ones first: {found:#?}");
    assert_eq!(found[0]["solution"]["solvedOn"]["text"], "2026-03");
    assert_eq!(
        found[0]["solution"]["plan"],
        Value::Null,
        "a draft of Jeonju is not Iksan's to see"
    );
    assert_eq!(found[1]["id"], public["id"], "then the latest of the same category");
    let from_outside = similar(&stranger, &public).await;
    assert!(from_outside.iter().all(|it| it["id"] != solved["id"] && it["id"] != same["id"]));
    let (_, rest) = iksan.get(&format!("/api/v1/issues/{}/similar?limit=1", id(&same))).await;
    assert_eq!(
        (&rest["items"][0]["id"], rest["items"].as_array().map(Vec::len)),
        (&solved["id"], Some(1))
    );
    let path = format!("/api/v1/issues/{}/similar?limit=21", id(&same));
    assert_eq!(iksan.get(&path).await.1["code"], "LIMIT_EXCEEDED");

    for (asker, count) in [(&iksan, 1), (&stranger, 0)] {
        for path in [
            "/api/v1/search?text=동별 사용량&total=true",
            "/api/v1/issues?text=협약 동별&state=SOLVED&total=true",
        ] {
            assert_eq!(asker.get(path).await.1["total"], count, "{path}");
        }
    }
    // Nor does a link keep the draft.
    let place = format!("/api/v1/plans/{draft}");
    let its = jeonju.fetch(&place).await.header("etag").to_owned();
    assert_eq!(jeonju.delete(&place, &its).await.0, 204);
    let (_, unlinked) = jeonju.get(&format!("/api/v1/issues/{}", id(&solved))).await;
    assert_eq!(unlinked["solution"]["planId"], Value::Null);
    let (status, open) = act(&jeonju, &done, "reopen", json!({ "reason": "협약이 끝남" })).await;
    assert_eq!((status, &open["state"], &open["solution"]), (200, &json!("OPEN"), &Value::Null));
    let (_, said) = jeonju.get(&format!("/api/v1/issues/{}/comments", id(&solved))).await;
    assert_eq!(said["items"][0]["text"], "협약이 끝남");
    assert_eq!(act(&jeonju, &open, "reopen", json!({})).await.1["code"], "GUARD_FAILED");
    let then = format!(
        "/api/v1/issues/{}?asOf={}",
        id(&solved),
        done["revision"].as_str().expect("a revision")
    );
    assert_eq!(iksan.get(&then).await.1["solution"]["solvedOn"]["text"], "2026-03");
    server.stop().await;
}

#[tokio::test]
async fn offices_talk_about_an_issue_without_the_names_of_people() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52190").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let stranger = server.signed_in(Role::ProvinceOfficer, "48").await;
    let contractor = server.signed_in(Role::Contractor, "52110").await;
    let issue = told(&officer, "52190", "capacity", json!({})).await;
    let path = format!("/api/v1/issues/{}/comments", id(&issue));
    let (status, first) = neighbour.post(&path, json!({ "text": "우리도 그렇습니다" })).await;
    assert_eq!(status, 201, "{first}");
    assert_eq!(first["author"]["region"]["code"], "52140");
    assert_eq!(
        (&first["author"]["role"], &first["mine"]),
        (&json!("MUNICIPAL_OFFICER"), &json!(true))
    );
    assert!(!first.to_string().contains("담당자"), "no account's name: {first}");
    let (_, second) = centre.post(&path, json!({ "text": "교육을 열겠습니다" })).await;
    let (_, now) = officer.get(&format!("/api/v1/issues/{}", id(&issue))).await;
    assert_eq!(now["revision"], issue["revision"], "talking about it does not change it");

    let query = format!(
        r#"{{ issue(id: "{}") {{ comments(first: 1) {{ totalCount nodes {{ text mine author {{ role region {{ code }} organization {{ id }} }} }} pageInfo {{ hasNextPage }} }} }} node(id: "{}") {{ id }} }}"#,
        id(&issue),
        id(&first)
    );
    let data = officer.data(&query).await;
    let page = &data["issue"]["comments"];
    assert_eq!((&page["totalCount"], &page["pageInfo"]["hasNextPage"]), (&json!(2), &json!(true)));
    assert_eq!(
        (&page["nodes"][0]["text"], &page["nodes"][0]["mine"]),
        (&json!("우리도 그렇습니다"), &json!(false))
    );
    let (_, listed) = officer.get(&format!("{path}?limit=1&total=true")).await;
    assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(2), &first["id"]));
    for blind in [&stranger, &contractor, &server.anonymous()] {
        assert_eq!(blind.get(&path).await.0, 404);
        assert_eq!(blind.get(&format!("/api/v1/comments/{}", id(&first))).await.0, 404);
        assert_eq!(blind.data(&query).await, json!({ "issue": null, "node": null }));
    }

    let mine = format!("/api/v1/comments/{}", id(&first));
    let other = json!({ "text": "우리도 사람이 없습니다" });
    assert_eq!(officer.patch(&mine, &tag(&first), other.clone()).await.0, 403);
    assert_eq!(centre.patch(&mine, &tag(&first), other.clone()).await.0, 403, "nor who curates");
    let (status, edited) = neighbour.patch(&mine, &tag(&first), other.clone()).await;
    assert_eq!((status, edited["editedAt"].is_string()), (200, true), "{edited}");
    assert_eq!(neighbour.patch(&mine, &tag(&first), other).await.0, 412);
    assert_eq!(officer.delete(&mine, &tag(&edited)).await.0, 403, "not one's own");
    assert_eq!(centre.delete(&mine, &tag(&edited)).await.0, 204, "who curates may");
    let theirs = format!("/api/v1/comments/{}", id(&second));
    let gql = r#"mutation($input: DeleteCommentInput!) { deleteComment(input: $input) { id errors { code } } }"#;
    let input = json!({ "id": second["id"], "revision": second["revision"] });
    let (_, gone) = centre.gql_with(gql, json!({ "input": input })).await;
    assert_eq!(gone["data"]["deleteComment"]["id"], second["id"], "{gone}");
    assert_eq!(centre.get(&theirs).await.0, 404);
    server.stop().await;
}

#[tokio::test]
async fn duplicates_become_one_and_nobody_sees_more_than_before() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52190").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let stays = told(&officer, "52190", "data_gap", json!({ "visibility": "PUBLIC" })).await;
    let duplicate = told(&neighbour, "52140", "data_gap", json!({ "title": "같은 어려움" })).await;
    let third = told(&neighbour, "52140", "data_gap", json!({ "title": "또 같은 어려움" })).await;
    let path = |issue: &Value| format!("/api/v1/issues/{}", id(issue));
    let said = |issue: &Value| format!("{}/comments", path(issue));
    centre.post(&said(&duplicate), json!({ "text": "도내에서만" })).await;
    centre.post(&said(&stays), json!({ "text": "모두에게" })).await;
    let (_, duplicate) =
        act(&neighbour, &duplicate, "solve", json!({ "solution": "한전 자료" })).await;

    let into = |issue: &Value| json!({ "into": issue["id"] });
    assert_eq!(act(&neighbour, &duplicate, "merge", into(&stays)).await.0, 403);
    let (status, body) = act(&centre, &stays, "merge", into(&duplicate)).await;
    assert_eq!(
        (status, &body["code"]),
        (409, &json!("GUARD_FAILED")),
        "everybody reads the one, not the other"
    );
    let (status, body) = act(&centre, &stays, "merge", into(&stays)).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/into")));
    // The third goes into the duplicate, and follows it.
    let (status, third) = act(&centre, &third, "merge", into(&duplicate)).await;
    assert_eq!((status, &third["mergedInto"]), (200, &duplicate["id"]), "{third}");
    let (status, merged) = act(&centre, &duplicate, "merge", into(&stays)).await;
    assert_eq!(
        (status, &merged["state"], &merged["mergedInto"]),
        (200, &json!("MERGED"), &stays["id"]),
        "{merged}"
    );
    let (_, third) = centre.get(&path(&third)).await;
    assert_eq!(third["mergedInto"], stays["id"], "no way has more than one step");
    for (issue, target) in [(&stays, &third), (&merged, &stays), (&third, &merged)] {
        let (_, body) = act(&centre, issue, "merge", into(target)).await;
        assert_eq!(body["code"], "GUARD_FAILED", "no circles: {body}");
    }
    let (_, body) = act(&neighbour, &merged, "solve", json!({ "solution": "x" })).await;
    assert_eq!(body["code"], "GUARD_FAILED");
    let (_, body) = neighbour.post(&said(&merged), json!({ "text": "x" })).await;
    assert_eq!(body["code"], "GUARD_FAILED");

    // What was said there is shown here, to who could read it before.
    let texts = async |asker: &Client| -> Vec<String> {
        let (_, list) = asker.get(&said(&stays)).await;
        let items = list["items"].as_array().cloned().unwrap_or_default();
        items.iter().filter_map(|it| it["text"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(texts(&neighbour).await, ["도내에서만", "모두에게"]);
    assert_eq!(texts(&server.anonymous()).await, ["모두에게"]);
    let query = format!(
        r#"{{ issue(id: "{}") {{ duplicates {{ title solution {{ text }} mergedInto {{ id }} }} }} }}"#,
        id(&stays)
    );
    let data = neighbour.data(&query).await;
    assert_eq!(data["issue"]["duplicates"][0]["solution"]["text"], "한전 자료");
    assert_eq!(server.anonymous().data(&query).await["issue"]["duplicates"], json!([]));
    for (filter, count) in [("region=52140", 0), ("region=52140&state=MERGED", 2)] {
        let (_, list) = neighbour.get(&format!("/api/v1/issues?{filter}&total=true")).await;
        assert_eq!(list["total"], count, "{filter}");
    }
    let (_, list) =
        neighbour.get(&format!("/api/v1/issues?mergedInto={}&total=true", id(&stays))).await;
    assert_eq!(list["total"], 2);
    let (_, body) = officer.delete(&path(&stays), &tag(&stays)).await;
    assert_eq!(body["code"], "CONFLICT", "others lead to it");

    // One that is not shared any more is not pointed at before who does not see it.
    let (_, back) = act(&centre, &merged, "unmerge", json!({})).await;
    assert_eq!(
        (&back["state"], &back["mergedInto"], &back["solution"]["text"]),
        (&json!("SOLVED"), &Value::Null, &json!("한전 자료"))
    );
    assert_eq!(texts(&neighbour).await, ["모두에게"]);
    assert_eq!(act(&centre, &back, "unmerge", json!({})).await.1["code"], "GUARD_FAILED");
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

#[tokio::test]
async fn similar_issues_and_what_is_said_take_as_many_statements_for_all() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52190").await;
    for _ in 0..12 {
        let issue = told(&officer, "52190", "budget", json!({ "visibility": "PUBLIC" })).await;
        let said = format!("/api/v1/issues/{}/comments", id(&issue));
        assert_eq!(officer.post(&said, json!({ "text": "재원" })).await.0, 201);
    }
    let query = |first: u32| {
        format!(
            r#"{{ issues(first: {first}, filter: {{ category: {{ in: ["budget", "expertise"] }} }}) {{ nodes {{ similar {{ title raisedBy {{ id }} }}
              comments(first: 2) {{ totalCount nodes {{ text author {{ region {{ code }} }} }} }} duplicates {{ id }} forums {{ title }} }} }} }}"#
        )
    };
    let anybody = server.anonymous();
    let few = server.taken(&anybody, &query(7)).await;
    few.grows_not(&server.taken(&anybody, &query(20)).await, "comments");
    server.stop().await;
}

/// A request that is sent again under its key is told what it became the first time.
#[tokio::test]
async fn what_is_sent_again_under_its_key_is_done_once() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52190").await;
    let issue = told(&officer, "52190", "budget", json!({})).await;
    let forum = json!({ "region": { "code": "52190" }, "title": "포럼" });
    let forum = id(&officer.post("/api/v1/forums", forum).await.1);
    let city = id(&officer.get("/api/v1/organizations?limit=1").await.1["items"][0]);
    let plan = plan_of("52190", &officer).await;
    let comments = format!("/api/v1/issues/{}/comments", id(&issue));
    let solve = format!("/api/v1/issues/{}/solve", id(&issue));
    for (key, path, body) in [
        ("a", comments.clone(), json!({ "text": "재원" })),
        (
            "b",
            format!("/api/v1/forums/{forum}/follow-ups"),
            json!({ "text": "자료", "owner": city }),
        ),
        (
            "c",
            "/api/v1/progress-checks".to_owned(),
            json!({ "plan": plan, "year": 2031, "kind": "BASIC_PLAN" }),
        ),
        ("d", solve, json!({ "solution": "국비" })),
    ] {
        let send = async || {
            let request = officer.request("POST".parse().expect("a method"), &path);
            let request = request.header("idempotency-key", key).header("if-match", tag(&issue));
            officer.send(request.json(&body)).await
        };
        let (first, again) = (send().await, send().await);
        assert!([200, 201].contains(&first.status), "{path} {}", first.body);
        assert_eq!(again.body["id"], first.body["id"], "{path} {}", again.body);
    }
    let (_, said) = officer.get(&format!("{comments}?total=true")).await;
    assert_eq!(said["total"], 1);
    server.stop().await;
}
