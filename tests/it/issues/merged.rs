//! Duplicates become one, and what is sent twice is done once.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

use super::{act, id, plan_of, tag, told};

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
