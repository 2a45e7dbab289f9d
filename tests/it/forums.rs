//! What forums lead to: who takes part, which issues are discussed, what comes out, what follows.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("an id: {thing}")).to_owned()
}

fn tag(thing: &Value) -> String {
    format!("\"{}\"", thing["revision"].as_str().unwrap_or_else(|| panic!("a revision: {thing}")))
}

async fn organization(asker: &Client, name: &str) -> String {
    let data = asker.data("{ organizations(first: 100) { nodes { id externalId } } }").await;
    let nodes = data["organizations"]["nodes"].as_array().expect("organizations").clone();
    id(nodes.iter().find(|it| it["externalId"] == name).expect("an organization of this name"))
}

async fn made(maker: &Client, path: &str, new: Value) -> Value {
    let (status, thing) = maker.post(path, new).await;
    assert_eq!(status, 201, "{path} {thing}");
    thing
}

#[tokio::test]
async fn offices_say_themselves_that_they_take_part() {
    let server = TestServer::start().await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let namwon = server.signed_in(Role::MunicipalOfficer, "52190").await;
    let jeonju = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let stranger = server.signed_in(Role::ProvinceOfficer, "48").await;
    let (city, host) = (
        organization(&province, "jeonbuk:ORG-52190").await,
        organization(&province, "jeonbuk:ORG-JJCNC").await,
    );
    let new = json!({ "region": { "code": "52" }, "title": "제3차 도-시군 포럼", "heldOn": "2026-12-10", "hosts": [host] });
    let forum = made(&province, "/api/v1/forums", new).await;
    assert_eq!(forum["takingPart"], json!([]));
    let path = format!("/api/v1/forums/{}", id(&forum));
    let place = format!("{path}/participants/{city}");
    let people = |people: Value| json!({ "people": people });
    assert_eq!(stranger.put(&place, None, people(json!(3))).await.0, 403);
    assert_eq!(server.anonymous().put(&place, None, people(json!(3))).await.0, 401);
    let (status, joined) = namwon.put(&place, None, people(json!(3))).await;
    assert_eq!((status, &joined["takingPart"][0]["people"]), (200, &json!(3)), "{joined}");
    assert_ne!(joined["revision"], forum["revision"], "who takes part is a part of it");
    let (_, same) = namwon.put(&place, None, people(json!(3))).await;
    assert_eq!(same["revision"], joined["revision"]);
    let (_, body) = namwon.put(&place, None, people(json!(-1))).await;
    assert_eq!(body["errors"][0]["pointer"], "/people");
    // Jeonju's centre holds it, so Jeonju may say so, too.
    let (status, more) = jeonju.put(&place, None, people(Value::Null)).await;
    assert_eq!((status, &more["takingPart"][0]["people"]), (200, &Value::Null));
    let query = r#"mutation($input: JoinForumInput!) { joinForum(input: $input) { forum { takingPart { people organization { externalId } } } errors { code path } } }"#;
    let input = json!({ "forum": forum["id"], "organization": city, "people": 4 });
    let (_, body) = namwon.gql_with(query, json!({ "input": input })).await;
    assert_eq!(
        body["data"]["joinForum"]["forum"]["takingPart"],
        json!([{ "people": 4, "organization": { "externalId": "jeonbuk:ORG-52190" } }]),
        "{body}"
    );

    let (_, list) =
        server.anonymous().get(&format!("/api/v1/forums?organization={city}&total=true")).await;
    // It had held one before.
    assert_eq!((&list["total"], &list["items"][1]["id"]), (&json!(2), &forum["id"]));
    let speaker = organization(&province, "jeonbuk:ORG-KECO").await;
    let (_, list) = server.anonymous().get(&format!("/api/v1/forums?organization={speaker}")).await;
    let names: Vec<&Value> =
        list["items"].as_array().expect("forums").iter().map(|it| &it["externalId"]).collect();
    assert!(names.contains(&&json!("jeonbuk:F-DS-2")), "it spoke there: {names:?}");
    let leave = namwon.delete(&place, "\"0\"").await;
    assert_eq!(leave.0, 204, "{leave:?}");
    assert_eq!(namwon.delete(&place, "\"0\"").await.0, 404);
    let then = format!("{path}?asOf={}", joined["revision"].as_str().expect("a revision"));
    assert_eq!(server.anonymous().get(&then).await.1["takingPart"][0]["people"], 3);
    server.stop().await;
}

#[tokio::test]
async fn of_the_issues_discussed_one_sees_those_one_sees_anyway() {
    let server = TestServer::start().await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52190").await;
    let stranger = server.signed_in(Role::ProvinceOfficer, "48").await;
    let new = json!({ "region": { "code": "52190" }, "category": "capacity", "title": "인력" });
    let issue = made(&officer, "/api/v1/issues", new).await;
    let (_, issues) = server.anonymous().get("/api/v1/issues?region=KR&limit=1").await;
    let public = &issues["items"][0];
    let new = json!({ "region": { "code": "52" }, "title": "포럼", "outcomes": ["함께 뽑기", "교육"],
        "issues": [issue["id"], public["id"]] });
    let forum = made(&province, "/api/v1/forums", new).await;
    let path = format!("/api/v1/forums/{}", id(&forum));
    let count = |forum: &Value| forum["issues"].as_array().map(Vec::len);
    assert_eq!(count(&forum), Some(2));
    for blind in [&stranger, &server.anonymous()] {
        let (_, seen) = blind.get(&path).await;
        assert_eq!((count(&seen), &seen["issues"][0]["id"]), (Some(1), &public["id"]));
        let query = format!(
            r#"{{ forum(id: "{}") {{ outcomes issues {{ title forums {{ id }} }} }} }}"#,
            id(&forum)
        );
        let data = blind.data(&query).await;
        assert_eq!(
            data["forum"]["issues"],
            json!([{ "title": public["title"], "forums": [{ "id": forum["id"] }] }])
        );
        assert_eq!(data["forum"]["outcomes"], json!(["함께 뽑기", "교육"]));
        let asked = blind.get(&format!("/api/v1/forums?issue={}", id(&issue))).await;
        assert_eq!((asked.0, &asked.1["errors"][0]["pointer"]), (404, &json!("/issue")));
    }
    let (_, list) = officer.get(&format!("/api/v1/forums?issue={}&total=true", id(&issue))).await;
    assert_eq!(list["total"], 1);
    for (change, pointer) in [
        (json!({ "issues": [issue["id"], issue["id"]] }), "/issues/1"),
        (json!({ "issues": ["issue_01jz7p4k9vf3b8m2xq6r0t5w1y"] }), "/issues/0"),
        (json!({ "outcomes": ["교육", " "] }), "/outcomes/1"),
        (json!({ "heldOn": "2026-12-10", "endedOn": "2026-12-09" }), "/endedOn"),
    ] {
        let (_, body) = province.patch(&path, &tag(&forum), change.clone()).await;
        assert_eq!(body["errors"][0]["pointer"], pointer, "{change} {body}");
    }
    let query = r#"{ forums(filter: { outcome: { contains: "뽑기" } }) { nodes { id } } }"#;
    assert_eq!(officer.data(query).await["forums"]["nodes"][0]["id"], forum["id"]);
    // Who does not see an issue does not take it out by not naming it.
    let own = json!({ "region": { "code": "48" }, "category": "capacity", "title": "남의 일" });
    let hidden = made(&stranger, "/api/v1/issues", own).await;
    let nation = server.signed_in(Role::Admin, "KR").await;
    let all = json!({ "issues": [hidden["id"], issue["id"]] });
    let (status, both) = nation.patch(&path, &tag(&forum), all).await;
    assert_eq!((status, count(&both)), (200, Some(2)), "{both}");
    let (_, mine) = province.patch(&path, &tag(&both), json!({ "issues": null })).await;
    assert_eq!(count(&mine), Some(0));
    let (_, left) = nation.get(&path).await;
    assert_eq!((count(&left), &left["issues"][0]["id"]), (Some(1), &hidden["id"]));
    assert_eq!(province.delete(&path, &tag(&mine)).await.0, 204);
    server.stop().await;
}

#[tokio::test]
async fn what_was_promised_at_a_forum_is_due_and_done_by_its_owner() {
    let server = TestServer::start().await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let owner = server.signed_in(Role::MunicipalOfficer, "52190").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let city = organization(&province, "jeonbuk:ORG-52190").await;
    let new = json!({ "region": { "code": "52" }, "title": "포럼", "heldOn": "2026-03-10" });
    let forum = made(&province, "/api/v1/forums", new).await;
    let path = format!("/api/v1/forums/{}/follow-ups", id(&forum));
    let new = |due: &str| json!({ "text": "자료를 모아 보냄", "owner": city, "dueOn": due });
    for stranger in [&owner, &neighbour] {
        assert_eq!(stranger.post(&path, new("2026-06")).await.0, 403);
    }
    let (status, body) = province.post(&path, new("2026-02")).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/dueOn")), "{body}");
    let promise = made(&province, &path, new("2026-06")).await;
    let place = format!("/api/v1/follow-ups/{}", id(&promise));

    let query = format!(
        r#"{{ forum(id: "{}") {{ followUps {{ text owner {{ id }} late: overdue(on: "2026-07-01") then: overdue(on: "2026-06-30") }} }} node(id: "{}") {{ id }} }}"#,
        id(&forum),
        id(&promise)
    );
    let data = server.anonymous().data(&query).await;
    let shown = &data["forum"]["followUps"][0];
    assert_eq!(
        (&shown["late"], &shown["then"]),
        (&json!(true), &json!(false)),
        "a month is over at its end"
    );
    for (filter, count) in [
        ("overdue=true&on=2026-07-01", 1),
        ("overdue=true&on=2026-06-30", 0),
        ("overdue=false&on=2026-06-30", 1),
        ("overdue=true&on=2027-01-01", 1),
        ("done=true", 0),
        ("within=52", 0),
        ("region=52", 1),
    ] {
        let (_, list) =
            server.anonymous().get(&format!("/api/v1/follow-ups?{filter}&total=true")).await;
        assert_eq!(list["total"], count, "{filter}");
    }
    let (status, body) = server.anonymous().get("/api/v1/follow-ups?on=2026").await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/on")));
    // The forum cannot be moved beyond what was promised at it.
    let (_, body) = province
        .patch(
            &format!("/api/v1/forums/{}", id(&forum)),
            &tag(&forum),
            json!({ "heldOn": "2026-07" }),
        )
        .await;
    assert_eq!(body["errors"][0]["pointer"], "/heldOn");

    let finish = async |who: &Client, thing: &Value, done: Value| {
        let request = who.request("POST".parse().expect("a method"), &format!("{place}/complete"));
        let reply = who.send(request.header("if-match", tag(thing)).json(&done)).await;
        (reply.status, reply.body)
    };
    let done = json!({ "doneOn": "2026-05-20", "doneHow": "자료를 보냄" });
    assert_eq!(finish(&neighbour, &promise, done.clone()).await.0, 403);
    let (_, body) = finish(&owner, &promise, json!({ "doneOn": "2026-03-09" })).await;
    assert_eq!(body["errors"][0]["pointer"], "/doneOn");
    assert_eq!(owner.patch(&place, &tag(&promise), json!({ "dueOn": null })).await.0, 403);
    let (status, finished) = finish(&owner, &promise, done.clone()).await;
    assert_eq!((status, &finished["doneHow"]), (200, &json!("자료를 보냄")), "{finished}");
    assert_eq!(finish(&owner, &promise, done.clone()).await.0, 412, "it has moved on");
    // It is done once: who read that it is done is told so, in both dialects.
    let twice = json!({ "doneOn": "2026-05-21", "doneHow": "다시 보냄" });
    let (status, body) = finish(&owner, &finished, twice).await;
    assert_eq!((status, &body["code"]), (409, &json!("CONFLICT")), "{body}");
    assert_eq!(body["errors"][0]["pointer"], "/doneOn", "{body}");
    let query = "mutation($input: CompleteFollowUpInput!) { completeFollowUp(input: $input) { errors { code path } } }";
    let input =
        json!({ "id": promise["id"], "revision": finished["revision"], "doneOn": "2026-05-21" });
    let (_, body) = owner.gql_with(query, json!({ "input": input })).await;
    let error = json!([{ "code": "CONFLICT", "path": ["input", "doneOn"] }]);
    assert_eq!(body["data"]["completeFollowUp"]["errors"], error, "{body}");
    let (_, now) = owner.get(&place).await;
    assert_eq!(now, finished, "nothing was changed");
    let (_, list) = owner.get("/api/v1/follow-ups?overdue=true&on=2027-01-01&total=true").await;
    assert_eq!(list["total"], 0);
    let (_, body) = province.patch(&place, &tag(&finished), json!({ "owner": null })).await;
    assert_eq!(body["errors"][0]["pointer"], "/owner");
    let (_, open) = province.patch(&place, &tag(&finished), json!({ "doneOn": null })).await;
    assert_eq!((&open["doneOn"], &open["doneHow"]), (&Value::Null, &Value::Null));
    // Undone, it can be done again; the same request sent twice is one, and answers twice.
    let send = async || {
        let request =
            owner.request("POST".parse().expect("a method"), &format!("{place}/complete"));
        let request = request.header("if-match", tag(&open)).header("idempotency-key", "done");
        owner.send(request.json(&done)).await
    };
    let (first, again) = (send().await, send().await);
    assert_eq!((first.status, again.status), (200, 200), "{} {}", first.body, again.body);
    assert_eq!(again.body, first.body);
    assert_eq!(province.delete(&place, &tag(&first.body)).await.0, 204);
    server.stop().await;
}

#[tokio::test]
async fn forums_to_come_are_told_from_those_that_were() {
    let server = TestServer::start().await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let today = &server.now().to_string()[..10];
    let (year, month) = (&today[..4], &today[..7]);
    let forum = async |title: &str, held_on: &str, ended_on: Value| {
        let new = json!({ "region": { "code": "52190" }, "title": title, "heldOn": held_on, "endedOn": ended_on });
        made(&province, "/api/v1/forums", new).await
    };
    forum("지난해", "2025", Value::Null).await;
    forum("올해 언젠가", year, Value::Null).await;
    forum("이달", month, Value::Null).await;
    forum("먼 뒤", "2099-01-01", Value::Null).await;
    forum("이어지는", "2025-12-30", json!("2099-01-02")).await;
    let named = async |filter: &str| -> Vec<String> {
        let path = format!("/api/v1/forums?region=52190&{filter}");
        let (_, list) = server.anonymous().get(&path).await;
        let items = list["items"].as_array().cloned().unwrap_or_default();
        items.iter().filter_map(|it| it["title"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(named("upcoming=true").await, ["올해 언젠가", "이달", "먼 뒤", "이어지는"]);
    let past = named("upcoming=false").await;
    assert_eq!(past, ["기후위기·탄소중립 시대, 남원의 지속가능한 미래 포럼", "지난해"]);
    server.stop().await;
}
