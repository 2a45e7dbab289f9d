//! Issues that offices share and the forums at which they meet.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

fn named<'a>(things: &'a [Value], name: &str) -> &'a Value {
    things.iter().find(|it| it["externalId"] == name).expect("a thing of this name")
}

async fn organization(asker: &Client, name: &str) -> Value {
    let query = "{ organizations(first: 100) { nodes { id externalId } } }";
    let data = asker.data(query).await;
    let nodes = data["organizations"]["nodes"].as_array().expect("organizations").clone();
    named(&nodes, name)["id"].clone()
}

#[tokio::test]
async fn the_issues_of_the_pack_are_all_there() {
    let server = TestServer::start().await;
    let query = r#"{ issues(first: 100) { totalCount nodes { externalId level category title description
        raisedOn { text } raisedBy { externalId } advice advisedBy { externalId } region { code }
        plan { externalId } provenance { confidence note sources { externalId } } } } }"#;
    let data = server.anonymous().data(query).await;
    assert_eq!(data["issues"]["totalCount"], 30);
    let all = data["issues"]["nodes"].as_array().expect("nodes");
    let expertise = named(all, "jeonbuk:IS002");
    assert_eq!(
        (&expertise["category"], &expertise["level"]),
        (&json!("expertise"), &json!("MUNICIPAL"))
    );
    assert_eq!(expertise["raisedBy"]["externalId"], "jeonbuk:ORG-KECO");
    assert_eq!(expertise["advisedBy"]["externalId"], "jeonbuk:ORG-ACT");
    assert_eq!(expertise["raisedOn"]["text"], "2024-10-15");
    let two = json!([{ "externalId": "jeonbuk:S001" }, { "externalId": "jeonbuk:S002" }]);
    assert_eq!(expertise["provenance"]["sources"], two);
    let derived = named(all, "jeonbuk:IS022");
    assert_eq!(derived["plan"]["externalId"], "jeonbuk:P-52110-1");
    assert_eq!(derived["provenance"]["confidence"], "C");
    assert_eq!(derived["raisedBy"], Value::Null);
    // A plan of one province shows a difficulty of the whole nation.
    let nation = named(all, "jeonbuk:IS028");
    assert_eq!(nation["region"]["code"], "KR");
    assert_eq!(nation["plan"]["externalId"], "jeonbuk:P-48-1");
    assert_eq!(named(all, "jeonbuk:IS014")["raisedOn"]["text"], "2024");
    assert_eq!(named(all, "jeonbuk:IS010")["raisedOn"], Value::Null);

    let anybody = server.anonymous();
    for (filter, count) in [
        ("region=52", 12),
        ("within=52", 3),
        ("category=expertise", 4),
        ("level=PROVINCE", 9),
        ("title=%EA%B3%B5%EA%B0%9C", 2),
    ] {
        let (_, found) = anybody.get(&format!("/api/v1/issues?{filter}&total=true")).await;
        assert_eq!(found["total"], count, "{filter}");
    }
    let (_, plans) = anybody.get("/api/v1/regions/52/plans").await;
    let plan = plans["items"][0]["id"].as_str().expect("an id");
    let (_, of_plan) = anybody.get(&format!("/api/v1/plans/{plan}/issues")).await;
    let wanted = all.iter().filter(|it| it["plan"]["externalId"] == "jeonbuk:P-52-1").count();
    assert_eq!(of_plan["items"].as_array().map(Vec::len), Some(wanted));
    server.stop().await;
}

#[tokio::test]
async fn an_issue_is_shared_answered_and_taken_back() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52190").await;
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let query = "mutation($input: NewIssue!) { createIssue(input: $input) {
        issue { id revision region { code } raisedBy { externalId } } errors { code path } } }";
    let input = json!({ "region": { "code": "52190" }, "category": "data_gap", "level": "MUNICIPAL",
        "title": "에너지 사용량 자료 없음", "raisedOn": "2025-03",
        "raisedBy": organization(&officer, "jeonbuk:ORG-52190").await });
    let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
    let issue = &body["data"]["createIssue"]["issue"];
    assert_eq!(issue["raisedBy"]["externalId"], "jeonbuk:ORG-52190", "{body}");

    let path = format!("/api/v1/issues/{}", issue["id"].as_str().expect("an id"));
    assert_eq!(server.anonymous().get(&path).await.0, 404, "it is shared within the province");
    let tag = officer.fetch(&path).await.header("etag").to_owned();
    let body = organization(&centre, "jeonbuk:ORG-JBCNC").await;
    let answer = json!({ "advice": "한전 자료를 요청", "advisedBy": body });
    let (status, answered) = centre.patch(&path, &tag, answer).await;
    assert_eq!(status, 200, "{answered}");
    assert_eq!(answered["advisedBy"]["name"]["ko"], "전북탄소중립지원센터");
    assert_eq!(answered["raisedOn"]["precision"], "MONTH");
    let tag = format!("\"{}\"", answered["revision"].as_str().expect("a revision"));
    let (status, body) = officer.patch(&path, &tag, json!({ "title": null })).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/title")));
    let (_, back) = officer.patch(&path, &tag, json!({ "advisedBy": null })).await;
    assert_eq!((&back["advisedBy"], &back["advice"]), (&Value::Null, &answered["advice"]));
    let tag = format!("\"{}\"", back["revision"].as_str().expect("a revision"));
    assert_eq!(officer.delete(&path, &tag).await.0, 204);
    let then = format!("{path}?asOf={}", answered["revision"].as_str().expect("a revision"));
    assert_eq!(officer.get(&then).await.1["advice"], "한전 자료를 요청");
    server.stop().await;
}

#[tokio::test]
async fn an_issue_about_a_draft_is_seen_by_who_sees_the_draft() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let draft = json!({ "region": { "code": "52110" }, "title": "제2차 계획(안)", "round": 2 });
    let (_, draft) = officer.post("/api/v1/plans", draft).await;
    let new = json!({ "region": { "code": "52110" }, "plan": draft["id"], "category": "budget",
        "title": "재원이 없음" });
    assert_eq!(neighbour.post("/api/v1/issues", new.clone()).await.0, 403);
    assert_eq!(server.anonymous().post("/api/v1/issues", new.clone()).await.0, 401);
    let elsewhere = json!({ "region": { "code": "52140" }, "plan": draft["id"], "category": "budget",
        "title": "남의 초안" });
    let (status, body) = neighbour.post("/api/v1/issues", elsewhere).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (404, &json!("/plan")));

    let (status, issue) = officer.post("/api/v1/issues", new).await;
    assert_eq!(status, 201, "{issue}");
    let path = format!("/api/v1/issues/{}", issue["id"].as_str().expect("an id"));
    let tag = format!("\"{}\"", issue["revision"].as_str().expect("a revision"));
    for stranger in [&neighbour, &server.anonymous()] {
        assert_eq!(stranger.get(&path).await.0, 404);
        let (_, list) =
            stranger.get("/api/v1/issues?region=52110&category=budget&total=true").await;
        assert_eq!((&list["total"], &list["items"]), (&json!(0), &json!([])));
        assert_eq!(stranger.patch(&path, &tag, json!({ "title": "x" })).await.0, 404);
        assert_eq!(stranger.delete(&path, &tag).await.0, 404);
    }
    assert_eq!(centre.get(&path).await.0, 200);
    let (_, open) = officer.patch(&path, &tag, json!({ "plan": null })).await;
    assert_eq!(open["planId"], Value::Null);
    assert_eq!(neighbour.get(&path).await.0, 200, "about no plan, it is the province's");
    let then = format!("{path}?asOf={}", issue["revision"].as_str().expect("a revision"));
    assert_eq!(neighbour.get(&then).await.0, 404, "but was not then");
    server.stop().await;
}

#[tokio::test]
async fn the_forums_of_the_pack_are_all_there_with_their_talks() {
    let server = TestServer::start().await;
    let query = r#"{ forums(first: 100) { nodes { externalId series numberInSeries title heldOn { text precision }
        startTime place participants attendees agenda discussed outcomes region { code }
        hosts { externalId } sessions { number speaker { externalId } speakerLabel topic
          provenance { confidence note sources { externalId } } }
        provenance { confidence note sources { externalId } } } } }"#;
    let data = server.anonymous().data(query).await;
    let all = data["forums"]["nodes"].as_array().expect("nodes");
    assert_eq!(all.len(), 11);
    let talks: usize = all.iter().filter_map(|it| it["sessions"].as_array()).map(Vec::len).sum();
    assert_eq!(talks, 23);
    let forum = named(all, "jeonbuk:F-DS-2");
    assert_eq!((&forum["numberInSeries"], &forum["startTime"]), (&json!(2), &json!("14:00")));
    assert_eq!((&forum["participants"], &forum["region"]["code"]), (&json!(50), &json!("52")));
    let hosts = json!([{ "externalId": "jeonbuk:ORG-JB" }, { "externalId": "jeonbuk:ORG-JBCNC" }]);
    assert_eq!(forum["hosts"], hosts);
    assert_eq!(forum["provenance"]["note"], "seed article; \"about 50\"");
    let outcome = "도와 시군의 협력 필요성 공감, 도 차원의 지속 지원과 전문가 자문 약속";
    assert_eq!(forum["outcomes"], json!([outcome]));
    assert_eq!(named(all, "jeonbuk:F-DS-1")["outcomes"], json!([]));
    assert_eq!(forum["sessions"][0]["speaker"]["externalId"], "jeonbuk:ORG-KECO");
    assert_eq!(forum["sessions"][0]["provenance"]["confidence"], "A");
    let unknown = &named(all, "jeonbuk:F-WJ-2")["sessions"][0];
    assert_eq!(
        (&unknown["speaker"], &unknown["speakerLabel"]),
        (&Value::Null, &json!("이후연구소"))
    );
    assert_eq!(named(all, "jeonbuk:F-WJ-2")["heldOn"]["precision"], "YEAR");
    let noted = &named(all, "jeonbuk:F-DS-1")["sessions"][3];
    assert_eq!(noted["provenance"]["note"], "part 2 participant");
    let (_, list) = server.anonymous().get("/api/v1/forums?region=52&limit=2&total=true").await;
    assert_eq!((&list["total"], list["items"].as_array().map(Vec::len)), (&json!(6), Some(2)));
    assert_eq!(list["items"][0]["sessions"][0]["speaker"]["name"]["ko"], "환경부 기후전략과");
    let query = r#"{ forums(orderBy: [{ field: HELD_ON, direction: DESC }], first: 1,
        filter: { title: { contains: "도-시군" } }) { nodes { externalId } } }"#;
    let latest = server.anonymous().data(query).await;
    assert_eq!(latest["forums"]["nodes"][0]["externalId"], "jeonbuk:F-DS-2");
    server.stop().await;
}

#[tokio::test]
async fn a_forum_is_held_its_talks_replaced_and_it_is_taken_back() {
    let server = TestServer::start().await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let speaker = organization(&province, "jeonbuk:ORG-KECO").await;
    let new = json!({ "region": { "code": "52" }, "title": "제3차 도-시군 포럼", "heldOn": "2026-12",
        "startTime": "14:00", "hosts": [organization(&province, "jeonbuk:ORG-JB").await],
        "sessions": [{ "speaker": speaker, "topic": "이행점검" }, { "speakerLabel": "시군", "topic": "토론" }] });
    assert_eq!(officer.post("/api/v1/forums", new.clone()).await.0, 403);
    assert_eq!(server.anonymous().post("/api/v1/forums", new.clone()).await.0, 401);
    let (status, forum) = province.post("/api/v1/forums", new).await;
    assert_eq!(status, 201, "{forum}");
    let numbers: Vec<&Value> =
        forum["sessions"].as_array().expect("sessions").iter().map(|it| &it["number"]).collect();
    assert_eq!(numbers, [&json!(1), &json!(2)]);
    let path = format!("/api/v1/forums/{}", forum["id"].as_str().expect("an id"));
    let tag = format!("\"{}\"", forum["revision"].as_str().expect("a revision"));
    assert_eq!(officer.patch(&path, &tag, json!({ "place": "x" })).await.0, 403);

    let (_, same) = province
        .patch(
            &path,
            &tag,
            json!({ "sessions": [{ "speaker": speaker, "topic": "이행점검" },
            { "speakerLabel": "시군", "topic": "토론" }] }),
        )
        .await;
    assert_eq!(same["revision"], forum["revision"], "nothing was changed");
    let (_, fewer) = province
        .patch(&path, &tag, json!({ "sessions": [{ "speakerLabel": "시군", "topic": "토론" }] }))
        .await;
    assert_ne!(fewer["revision"], forum["revision"], "its talks are a part of it");
    assert_eq!(fewer["sessions"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&fewer["sessions"][0]["speaker"], &fewer["startTime"]),
        (&Value::Null, &json!("14:00"))
    );
    for (change, pointer) in [
        (json!({ "startTime": "25:00" }), "/startTime"),
        (json!({ "startTime": "2 pm" }), "/startTime"),
        (json!({ "title": null }), "/title"),
        (json!({ "numberInSeries": 0 }), "/numberInSeries"),
        (json!({ "sessions": [{ "speakerLabel": "시군" }, {}] }), "/sessions/1/topic"),
        (json!({ "sessions": [{ "topic": "x", "source": "source_x" }] }), "/sessions/0/source"),
        (json!({ "hosts": [speaker, speaker] }), "/hosts/1"),
    ] {
        let tag = format!("\"{}\"", fewer["revision"].as_str().expect("a revision"));
        let (status, body) = province.patch(&path, &tag, change.clone()).await;
        assert_eq!(
            (status, &body["errors"][0]["pointer"]),
            (422, &json!(pointer)),
            "{change} {body}"
        );
    }
    let tag = format!("\"{}\"", fewer["revision"].as_str().expect("a revision"));
    assert_eq!(province.delete(&path, &tag).await.0, 204);
    assert_eq!(server.anonymous().get(&path).await.0, 404);
    let then = format!("{path}?asOf={}", forum["revision"].as_str().expect("a revision"));
    assert_eq!(server.anonymous().get(&then).await.1["sessions"][0]["topic"], "이행점검");
    server.stop().await;
}

#[tokio::test]
async fn a_category_is_a_code_and_a_text_says_something() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52190").await;
    let issue = |more: Value| {
        let mut issue =
            json!({ "region": { "code": "52190" }, "category": "budget", "title": "재원" });
        issue
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().cloned().unwrap_or_default());
        issue
    };
    for (input, pointer, code) in [
        (issue(json!({ "category": "Target Basis" })), "/category", "INVALID"),
        (issue(json!({ "category": "" })), "/category", "INVALID"),
        (issue(json!({ "title": "x".repeat(301) })), "/title", "INVALID"),
        (issue(json!({ "level": "CITY" })), "/level", "INVALID"),
        (issue(json!({ "region": { "code": "99999" } })), "/region", "NOT_FOUND"),
        (
            issue(json!({ "raisedBy": "organization_01jz7p4k9vf3b8m2xq6r0t5w1y" })),
            "/raisedBy",
            "NOT_FOUND",
        ),
        (issue(json!({ "raisedBy": "region_x" })), "/raisedBy", "INVALID"),
        (issue(json!({ "raisedOn": "2024-02-30" })), "/raisedOn", "INVALID"),
    ] {
        let (status, body) = officer.post("/api/v1/issues", input.clone()).await;
        assert_eq!(body["code"], code, "{input} {body}");
        assert_eq!(status, if code == "NOT_FOUND" { 404 } else { 422 });
        assert_eq!(body["errors"][0]["pointer"], pointer, "{body}");
    }
    server.stop().await;
}
