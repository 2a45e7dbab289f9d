//! More time, with a reason.

use api::access::Role;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, TestServer};

use super::{TODAY, duties, duty, id};

#[tokio::test]
async fn an_extension_gives_more_time_with_a_reason_to_a_body_that_is_there() {
    let server = TestServer::start().await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52190").await;
    let one = duty(&province, "region=52190&rule=ADOPT_FIRST_PLAN").await;
    let path = format!("/api/v1/obligations/{}/extend", id(&one));
    let until = |day: &str| json!({ "until": day, "reason": "의회 일정으로 심의가 늦어짐" });
    assert_eq!(officer.post(&path, until("2030-06-30")).await.0, 403, "not one's own");
    assert_eq!(server.anonymous().post(&path, until("2030-06-30")).await.0, 401);

    let (_, bodies) = province.get("/api/v1/organizations?region=52&limit=100").await;
    let bodies = bodies["items"].as_array().expect("organizations").iter();
    let body =
        bodies.clone().find(|it| it["externalId"] == "jeonbuk:ORG-JB").expect("the province");
    let mut first = until("2027-06-30");
    first["by"] = body["id"].clone();
    let (status, extended) = province.post(&path, first).await;
    assert_eq!(status, 200, "{extended}");
    assert_eq!((&extended["status"], &extended["lastDay"]), (&json!("DUE"), &json!("2027-06-30")));
    assert_eq!(extended["due"]["text"], "2025-04", "by the rule it was due before");
    let query = "mutation($input: ExtendObligationInput!) { extendObligation(input: $input) {
        obligation { status extendedTo extensionReason extensions { until by { externalId } } }
        errors { code path message } } }";
    let input = json!({ "id": one["id"], "until": "2027-12-31", "reason": "다시 연장" });
    let (_, again) = province.gql_with(query, json!({ "input": input })).await;
    let again = &again["data"]["extendObligation"];
    assert_eq!(again["obligation"]["extendedTo"], "2027-12-31");
    assert_eq!(again["obligation"]["extensionReason"], "다시 연장");
    let by = &again["obligation"]["extensions"];
    assert_eq!(by[1], json!({ "until": "2027-06-30", "by": { "externalId": "jeonbuk:ORG-JB" } }));
    let then = extended["extensions"][0]["revision"].as_str().expect("a revision");
    let (_, past) = province.get(&format!("/api/v1/obligations/{}?asOf={then}", id(&one))).await;
    assert_eq!(past["extendedTo"], "2027-06-30");
    let public = duty(&server.anonymous(), "region=52190&rule=ADOPT_FIRST_PLAN").await;
    assert_eq!(public["extendedTo"], "2027-12-31");

    let (_, wrong) = province.post(&path, until("2027-12-30")).await;
    assert_eq!(
        (&wrong["code"], &wrong["errors"][0]["pointer"]),
        (&json!("INVALID"), &json!("/until"))
    );
    assert!(
        wrong["errors"][0]["message"].as_str().expect("text").contains("2027-12-31"),
        "{wrong}"
    );
    for (new, pointer) in [
        (json!({ "until": "soon", "reason": "x" }), "/until"),
        (json!({ "until": "2028-01-31", "reason": " " }), "/reason"),
        (json!({ "until": "2028-01-31", "reason": "x", "by": "organization_x" }), "/by"),
    ] {
        let (status, told) = province.post(&path, new).await;
        assert_eq!((status, &told["errors"][0]["pointer"]), (422, &json!(pointer)), "{told}");
    }
    // Done, not dated, or without a day: there is nothing to extend, and the rule is named.
    for (region, rule, article) in [
        ("52", "ADOPT_FIRST_PLAN", "Addenda, Art. 3"),
        ("52140", "SUBMIT_PLAN", "Art. 7(3)"),
        ("52", "REPORT_PLAN_TO_COUNCIL", "Art. 78(2)"),
    ] {
        let duty = duty(&province, &format!("region={region}&rule={rule}")).await;
        let path = format!("/api/v1/obligations/{}/extend", id(&duty));
        let (status, told) = province.post(&path, until("2028-01-31")).await;
        assert_eq!((status, &told["code"]), (409, &json!("GUARD_FAILED")), "{told}");
        assert!(told["detail"].as_str().expect("text").contains(article), "{told}");
    }
    server.stop().await;
}

#[tokio::test]
async fn an_extension_given_by_mistake_is_withdrawn_with_a_reason_and_the_day_goes_back() {
    let server = TestServer::start().await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52190").await;
    let mine = "region=52190&rule=ADOPT_FIRST_PLAN";
    let before = duty(&province, mine).await;
    let extend = format!("/api/v1/obligations/{}/extend", id(&before));
    let until = |day: &str| json!({ "until": day, "reason": "심의 지연" });
    let (_, extended) = province.post(&extend, until("2077-06-30")).await;
    assert_eq!(province.post(&extend, until("2077-12-31")).await.0, 200);
    let given = duty(&province, mine).await["extensions"].clone();
    let (last, first) = (&given[0], &given[1]);
    assert_eq!(first, &extended["extensions"][0]);

    // As elsewhere: who, at which revision, and why.
    let own = format!("/api/v1/extensions/{}", id(last));
    let shown = officer.fetch(&own).await;
    assert_eq!((&shown.body, shown.body["obligationId"].as_str()), (last, Some(id(&before))));
    let tag = shown.header("etag").to_owned();
    assert_eq!(tag, format!("\"{}\"", last["revision"].as_str().expect("a revision")));
    let path = format!("{own}/withdraw");
    let withdraw = async |by: &Client, path: &str, tag: &str, reason: &str| {
        let request = by.request(Method::POST, path).header("if-match", tag);
        by.send(request.json(&json!({ "reason": reason }))).await
    };
    for (by, tag, reason, status, pointer) in [
        (&server.anonymous(), tag.as_str(), "실수", 401, None),
        (&officer, &tag, "실수", 403, None),
        (&province, "\"0\"", "실수", 412, None),
        (&province, &tag, " ", 422, Some("/reason")),
    ] {
        let told = withdraw(by, &path, tag, reason).await;
        assert_eq!(told.status, status, "{}", told.body);
        if let Some(pointer) = pointer {
            assert_eq!(told.body["errors"][0]["pointer"], pointer);
        }
    }
    assert_eq!(province.post(&path, json!({ "reason": "실수" })).await.0, 428);
    assert_eq!(duty(&province, mine).await["extensions"], given, "nothing moved");

    let told = withdraw(&province, &path, &tag, "다른 군과 혼동").await;
    assert_eq!(told.status, 200, "{}", told.body);
    assert_eq!(told.body["lastDay"], "2077-06-30", "the one before holds");
    assert_eq!(told.body["extensionReason"], "심의 지연");
    let kept = &told.body["extensions"][0];
    assert_eq!(
        (&kept["id"], &kept["until"], &kept["withdrawalReason"]),
        (&last["id"], &last["until"], &json!("다른 군과 혼동"))
    );
    let again = kept["revision"].as_str().expect("a revision");
    let again = withdraw(&province, &path, &format!("\"{again}\""), "또").await;
    assert_eq!((again.status, &again.body["code"]), (409, &json!("GUARD_FAILED")));

    // The other in the other dialect: then it is as if nothing had been given, but for what is told.
    let query = "mutation($input: WithdrawExtensionInput!) { withdrawExtension(input: $input) {
        obligation { status lastDay extendedTo extensionReason
          extensions { until withdrawalReason obligation { id } } } errors { code path } } }";
    let input = json!({ "id": first["id"], "revision": first["revision"], "reason": "혼동" });
    let (_, body) = province.gql_with(query, json!({ "input": input })).await;
    let done = &body["data"]["withdrawExtension"]["obligation"];
    for field in ["status", "lastDay", "extendedTo", "extensionReason"] {
        assert_eq!(done[field], before[field], "{field} {body}");
    }
    assert_eq!(done["extensions"][1]["withdrawalReason"], "혼동");
    assert_eq!(done["extensions"][1]["obligation"]["id"], before["id"]);
    let input =
        json!({ "id": "extension_01jz7p4k9vf3b8m2xq6r0t5w1y", "revision": "1", "reason": "x" });
    let (_, body) = province.gql_with(query, json!({ "input": input })).await;
    let error = &body["data"]["withdrawExtension"]["errors"][0];
    assert_eq!((&error["code"], &error["path"]), (&json!("NOT_FOUND"), &json!(["input", "id"])));

    // What was told then is told of then, and a day before the withdrawn ones may be given.
    let then = last["revision"].as_str().expect("a revision");
    let (_, past) = province.get(&format!("/api/v1/obligations/{}?asOf={then}", id(&before))).await;
    assert_eq!((&past["lastDay"], &past["extensions"]), (&json!("2077-12-31"), &given));
    let (status, anew) = province.post(&extend, until("2077-01-29")).await;
    assert_eq!((status, &anew["lastDay"]), (200, &json!("2077-01-29")), "{anew}");
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_no_longer_exists_gets_no_more_time() {
    use sea_orm::ConnectionTrait as _;
    let server = TestServer::start().await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    // Mergers come with data packs; here one is written as such a pack would.
    let db = sea_orm::Database::connect(&server.database().config.url).await.expect("a connection");
    let merged = "UPDATE region SET valid_to = '2025-12-31' WHERE code = '52710'";
    db.execute_unprepared(merged).await.expect("a merger");
    db.close().await.expect("a closed connection");
    let one = duty(&province, "region=52710&rule=ADOPT_FIRST_PLAN").await;
    let path = format!("/api/v1/obligations/{}/extend", id(&one));
    let (status, told) =
        province.post(&path, json!({ "until": "2030-01-31", "reason": "합병" })).await;
    assert_eq!((status, &told["code"]), (409, &json!("GUARD_FAILED")), "{told}");
    let text = told["detail"].as_str().expect("text");
    assert!(text.contains("Wanju-gun") && text.contains("2025-12-31"), "{text}");
    assert!(text.contains("Addenda, Art. 3"), "{text}");
    let later = duties(&province, &format!("region=52710&on={TODAY}&year=2026")).await;
    assert_eq!(later, Vec::<Value>::new(), "nothing is asked of it afterwards");
    server.stop().await;
}
