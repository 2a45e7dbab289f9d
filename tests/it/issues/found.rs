//! Issues found by category and by others with the same difficulty.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

use super::{act, id, told};

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
