//! Yearly progress checks: what was reported of a year, and how it is entered.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

const CHECK: &str = r#"
    externalId year kind region { code } plan { externalId } reviewedOn { text }
    reviewers { externalId } grade summary
    reported { measures { total assessed achieved onTrack other }
      goodShare { exact unit status provenance { confidence } }
      goalReduction { exact unit } actualReduction { exact unit }
      achievementRate { exact provenance { confidence note sources { externalId } } }
      contradictions { rule } }
    computed { measures { total } goodShare { value status } actualReduction { value status }
      achievementRate { value } notComputed }
    sectors { sector { code } achievementRate { exact status }
      goalReduction { value status } provenance { confidence note sources { externalId } } }
    provenance { confidence note }"#;

async fn checks(asker: &Client) -> Vec<Value> {
    let data =
        asker.data(&format!("{{ progressChecks(first: 100) {{ nodes {{ {CHECK} }} }} }}")).await;
    data["progressChecks"]["nodes"].as_array().expect("nodes").clone()
}

fn named<'a>(checks: &'a [Value], name: &str) -> &'a Value {
    checks.iter().find(|it| it["externalId"] == name).expect("a check")
}

#[tokio::test]
async fn the_check_of_2024_answers_what_was_reported() {
    let server = TestServer::start().await;
    let all = checks(&server.anonymous()).await;
    assert_eq!(all.len(), 9);
    let check = named(&all, "jeonbuk:PR-52-2024");
    assert_eq!((&check["year"], &check["kind"]), (&json!(2024), &json!("BASIC_PLAN")));
    assert_eq!(check["plan"]["externalId"], "jeonbuk:P-52-1");
    assert_eq!(check["reviewedOn"]["text"], "2025-05-22");
    let reviewers =
        json!([{ "externalId": "jeonbuk:ORG-JB-CMT" }, { "externalId": "jeonbuk:ORG-KECO" }]);
    assert_eq!(check["reviewers"], reviewers);
    let reported = &check["reported"];
    let counts = json!({ "total": 72, "assessed": 70, "achieved": 49, "onTrack": 14, "other": 7 });
    assert_eq!(reported["measures"], counts);
    assert_eq!(reported["goalReduction"], json!({ "exact": "2560", "unit": "KT" }));
    assert_eq!(reported["actualReduction"], json!({ "exact": "2730", "unit": "KT" }));
    assert_eq!(reported["achievementRate"]["exact"], "106.6");
    let provenance = &reported["achievementRate"]["provenance"];
    let sources = json!([{ "externalId": "jeonbuk:S016" }, { "externalId": "jeonbuk:S017" }]);
    assert_eq!((&provenance["confidence"], &provenance["sources"]), (&json!("A"), &sources));
    // 63 of 70 are 90 %, and 2,730 of 2,560 kt are 106.6 %: what was reported agrees with itself.
    assert_eq!(reported["goodShare"]["exact"], "90");
    assert_eq!(reported["contradictions"], json!([]));

    let rates: Vec<(&Value, &Value)> = check["sectors"]
        .as_array()
        .expect("sectors")
        .iter()
        .map(|it| (&it["sector"]["code"], &it["achievementRate"]["exact"]))
        .collect();
    let stated = [("TRANSPORT", "102.7"), ("AGRI", "226.4"), ("SINK", "106.7")]
        .map(|(a, b)| (json!(a), json!(b)));
    assert_eq!(rates, stated.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>());
    for sector in check["sectors"].as_array().expect("sectors") {
        assert_eq!(sector["provenance"]["sources"], sources);
        assert_eq!(sector["goalReduction"], json!({ "value": null, "status": "NOT_REPORTED" }));
    }

    let computed = &check["computed"];
    assert_eq!(computed["measures"], Value::Null);
    assert_eq!(computed["actualReduction"], json!({ "value": null, "status": "PENDING" }));
    assert_eq!(computed["notComputed"], json!(["NO_ASSESSMENTS"]));
    server.stop().await;
}

#[tokio::test]
async fn checks_beside_a_plan_keep_their_odd_ends() {
    let server = TestServer::start().await;
    let all = checks(&server.anonymous()).await;
    let scheme = named(&all, "jeonbuk:PR-52-2023-PUB");
    assert_eq!((&scheme["plan"], &scheme["kind"]), (&Value::Null, &json!("PUBLIC_SECTOR")));
    assert_eq!(scheme["reviewedOn"], Value::Null);
    assert!(scheme["provenance"]["note"].as_str().is_some_and(|note| note.contains("46,365")));
    assert_eq!(scheme["reported"]["goodShare"]["status"], "NOT_REPORTED");
    assert_eq!(scheme["computed"]["notComputed"], json!(["NO_ASSESSMENTS", "NO_GOAL"]));
    assert_eq!(named(&all, "jeonbuk:PR-52-2024-B")["reported"]["measures"]["total"], 35);
    assert_eq!(named(&all, "jeonbuk:PR-52110-2024-AD")["grade"], "우수");
    assert_eq!(named(&all, "jeonbuk:PR-48880-2025")["reported"]["actualReduction"]["exact"], "1.5");

    let anybody = server.anonymous();
    for (filter, count) in [
        ("region=52", 4),
        ("within=52", 4),
        ("year=2024&kind=ADAPTATION", 3),
        ("region=45&year=2024", 2),
    ] {
        let (_, found) = anybody.get(&format!("/api/v1/progress-checks?{filter}&total=true")).await;
        assert_eq!(found["total"], count, "{filter} {found}");
    }
    let (_, tonnes) = anybody.get("/api/v1/progress-checks?kind=BASIC_PLAN&unit=T").await;
    assert_eq!(tonnes["items"][0]["reported"]["actualReduction"]["exact"], "2730000");
    let query = r#"{ region(by: { code: "52" }) { progressChecks { year } currentPlan { progressChecks { kind } } } }"#;
    let data = anybody.data(query).await;
    let years = json!([{ "year": 2024 }, { "year": 2024 }, { "year": 2023 }, { "year": 2019 }]);
    assert_eq!(data["region"]["progressChecks"], years);
    let kinds = json!([{ "kind": "BASIC_PLAN" }, { "kind": "RESPONSE_BASE" }]);
    assert_eq!(data["region"]["currentPlan"]["progressChecks"], kinds);
    server.stop().await;
}

fn kt(amount: &str) -> Value {
    json!({ "amount": amount, "unit": "KT" })
}

#[tokio::test]
async fn a_check_is_entered_changed_and_removed() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let plan = plans["items"][0]["id"].clone();
    let query = "mutation($input: NewProgressCheck!) { createProgressCheck(input: $input) {
        progressCheck { id revision region { code } reported { goalReduction { exact }
          contradictions { rule stated { exact } computed { exact } } } sectors { sector { code } } }
        errors { code path } } }";
    let percent = |amount: &str| json!({ "amount": amount, "unit": "PERCENT" });
    let input = json!({ "plan": plan, "year": 2025, "kind": "BASIC_PLAN", "reviewedOn": "2026-05",
        "measuresTotal": 120, "goalReduction": kt("100"), "actualReduction": kt("95"),
        "achievementRate": percent("96"),
        "sectors": [{ "sector": "WASTE", "goalReduction": kt("10") },
            { "sector": "BUILDING", "achievementRate": percent("80") }] });
    let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
    let made = &body["data"]["createProgressCheck"]["progressCheck"];
    assert_eq!(made["region"]["code"], "52110", "{body}");
    assert_eq!(made["reported"]["contradictions"][0]["computed"]["exact"], "95");
    assert_eq!(made["sectors"][0]["sector"]["code"], "BUILDING", "in the order of sectors");

    let (_, twice) = officer.gql_with(query, json!({ "input": input })).await;
    let error = json!([{ "code": "CONFLICT", "path": ["input", "year"] }]);
    assert_eq!(twice["data"]["createProgressCheck"]["errors"], error);

    let path = format!("/api/v1/progress-checks/{}", made["id"].as_str().expect("an id"));
    let tag = officer.fetch(&path).await.header("etag").to_owned();
    let change = json!({ "achievementRate": percent("95"), "measuresTotal": null,
        "sectors": [{ "sector": "WASTE", "goalReduction": kt("10") }] });
    let (status, changed) = officer.patch(&path, &tag, change).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!(changed["reported"]["contradictions"], json!([]));
    assert_eq!(changed["reported"]["measures"]["total"], Value::Null);
    assert_eq!(changed["sectors"].as_array().map(Vec::len), Some(1));
    let tag = format!("\"{}\"", changed["revision"].as_str().expect("a revision"));
    let (_, same) = officer
        .patch(
            &path,
            &tag,
            json!({ "sectors": [{ "sector": "WASTE", "goalReduction": kt("10.0") }] }),
        )
        .await;
    assert_eq!(same["revision"], changed["revision"], "nothing was changed");
    let (_, part) = officer.patch(&path, &tag, json!({ "sectors": [] })).await;
    assert_ne!(part["revision"], changed["revision"], "its sectors are a part of it");
    let tag = format!("\"{}\"", part["revision"].as_str().expect("a revision"));
    assert_eq!(officer.delete(&path, &tag).await.0, 204);
    let then = format!("{path}?asOf={}", changed["revision"].as_str().expect("a revision"));
    assert_eq!(officer.get(&then).await.1["sectors"][0]["sector"], "WASTE");
    server.stop().await;
}

#[tokio::test]
async fn a_check_that_cannot_be_is_refused_with_its_field() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let plan = plans["items"][0]["id"].clone();
    let of = |more: Value| {
        let mut check = json!({ "plan": plan, "year": 2025, "kind": "BASIC_PLAN" });
        let more = more.as_object().cloned().unwrap_or_default();
        check.as_object_mut().expect("an object").extend(more);
        check
    };
    let sector = |more: Value| of(json!({ "sectors": [more] }));
    for (input, pointer, code) in [
        (of(json!({ "year": 1900 })), "/year", "INVALID"),
        (of(json!({ "measuresTotal": -1 })), "/measuresTotal", "INVALID"),
        (of(json!({ "goalReduction": kt("99999999999") })), "/goalReduction/amount", "OVERFLOW"),
        (of(json!({ "reviewedOn": "May" })), "/reviewedOn", "INVALID"),
        (of(json!({ "region": { "code": "52140" } })), "/region", "INVALID"),
        (of(json!({ "plan": "plan_01jz7p4k9vf3b8m2xq6r0t5w1y" })), "/plan", "NOT_FOUND"),
        (of(json!({ "reviewers": ["organization_x"] })), "/reviewers/0", "INVALID"),
        (sector(json!({ "sector": "NONE" })), "/sectors/0/sector", "NOT_FOUND"),
        (sector(json!({ "sector": "WASTE" })), "/sectors/0/achievementRate", "INVALID"),
        (json!({ "year": 2025, "kind": "BASIC_PLAN" }), "/region", "INVALID"),
        (of(json!({ "computed": {} })), "/computed", "INVALID"),
    ] {
        let (status, body) = officer.post("/api/v1/progress-checks", input.clone()).await;
        assert_eq!(body["code"], code, "{input} {body}");
        assert_eq!(status, if code == "NOT_FOUND" { 404 } else { 422 });
        assert_eq!(body["errors"][0]["pointer"], pointer, "{body}");
    }
    // A plan is checked for the years that it covers.
    let draft = json!({ "region": { "code": "52110" }, "title": "제2차 계획(안)", "round": 2,
        "period": { "start": 2025, "end": 2034 } });
    let (status, draft) = officer.post("/api/v1/plans", draft).await;
    assert_eq!(status, 201, "{draft}");
    let of_year = |year: i32| of(json!({ "plan": draft["id"], "year": year }));
    let query = "mutation($input: NewProgressCheck!) { createProgressCheck(input: $input) {
        progressCheck { id revision } errors { code path message } } }";
    let create = async |year: i32| {
        let input = json!({ "input": of_year(year) });
        officer.gql_with(query, input).await.1["data"]["createProgressCheck"].take()
    };
    for year in [2024, 2035] {
        let outside = async |lang| {
            let asker = officer.in_lang(lang);
            asker.post("/api/v1/progress-checks", of_year(year)).await
        };
        let (status, body) = outside("ko").await;
        let error = json!([{ "pointer": "/year", "code": "INVALID",
            "message": "계획 기간(2025–2034)에 들지 않는 해입니다." }]);
        assert_eq!((status, &body["errors"]), (422, &error));
        let message = "That year is not one of the plan's period, 2025–2034.";
        assert_eq!(outside("en").await.1["errors"][0]["message"], message);
        let error = json!([{ "code": "INVALID", "path": ["input", "year"], "message": message }]);
        assert_eq!(create(year).await["errors"], error);
    }
    let last = create(2034).await["progressCheck"].take();
    let path = format!("/api/v1/progress-checks/{}", last["id"].as_str().expect("an id"));
    let tag = format!("\"{}\"", last["revision"].as_str().expect("a revision"));
    let (status, body) = officer.patch(&path, &tag, json!({ "year": 2035 })).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/year")), "{body}");
    let (status, body) = officer.patch(&path, &tag, json!({ "year": 2033 })).await;
    assert_eq!((status, &body["year"]), (200, &json!(2033)), "{body}");
    let scheme = json!({ "region": { "code": "52110" }, "year": 2024, "kind": "PUBLIC_SECTOR" });
    assert_eq!(officer.post("/api/v1/progress-checks", scheme).await.0, 201, "beside a plan");
    let (_, left) = officer.get("/api/v1/progress-checks?region=52110&year=2025&total=true").await;
    assert_eq!(left["total"], 1, "nothing was written beside the pack's rating");
    server.stop().await;
}

#[tokio::test]
async fn only_who_checks_a_region_writes_and_a_check_of_a_draft_is_hidden_with_it() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let new = json!({ "region": { "code": "52110" }, "year": 2026, "kind": "PUBLIC_SECTOR" });
    for (asker, wanted) in [(&neighbour, 403), (&centre, 403), (&province, 403)] {
        assert_eq!(asker.post("/api/v1/progress-checks", new.clone()).await.0, wanted);
    }
    assert_eq!(server.anonymous().post("/api/v1/progress-checks", new.clone()).await.0, 401);
    let (status, open) = officer.post("/api/v1/progress-checks", new).await;
    assert_eq!(status, 201, "{open}");
    let path = format!("/api/v1/progress-checks/{}", open["id"].as_str().expect("an id"));
    let tag = format!("\"{}\"", open["revision"].as_str().expect("a revision"));
    assert_eq!(server.anonymous().get(&path).await.0, 200, "one of no plan is everybody's");
    assert_eq!(neighbour.patch(&path, &tag, json!({ "grade": "A" })).await.0, 403);
    assert_eq!(neighbour.delete(&path, &tag).await.0, 403);

    let draft = json!({ "region": { "code": "52110" }, "title": "제2차 계획(안)", "round": 2 });
    let (_, draft) = officer.post("/api/v1/plans", draft).await;
    let new = json!({ "plan": draft["id"], "year": 2026, "kind": "BASIC_PLAN" });
    let (_, hidden) = officer.post("/api/v1/progress-checks", new.clone()).await;
    let path = format!("/api/v1/progress-checks/{}", hidden["id"].as_str().expect("an id"));
    assert_eq!(neighbour.post("/api/v1/progress-checks", new).await.0, 404);
    for (asker, seen) in [(&officer, 2), (&centre, 2), (&neighbour, 1), (&server.anonymous(), 1)] {
        let (_, list) = asker.get("/api/v1/progress-checks?year=2026&total=true").await;
        assert_eq!(list["total"], seen);
        assert_eq!(asker.get(&path).await.0, if seen == 2 { 200 } else { 404 });
    }
    server.stop().await;
}

#[tokio::test]
async fn measures_are_assessed_and_the_check_adds_them_up() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::ProvinceOfficer, "52").await;
    let (_, checks) = officer.get("/api/v1/progress-checks?region=52&kind=BASIC_PLAN").await;
    let check = &checks["items"][0];
    let path = format!("/api/v1/progress-checks/{}", check["id"].as_str().expect("an id"));
    let plan = check["planId"].as_str().expect("a plan");
    let (_, measures) = officer.get(&format!("/api/v1/plans/{plan}/measures?limit=4")).await;
    let of = |n: usize| {
        let id = measures["items"][n]["id"].as_str().expect("an id");
        format!("{path}/assessments/{id}")
    };
    let put = async |asker: &Client, path: &str, tag: Option<&str>, body: Value| {
        let request = asker.request("PUT".parse().expect("a method"), path).json(&body);
        let request = tag.iter().fold(request, |request, tag| request.header("If-Match", *tag));
        let reply = asker.send(request).await;
        (reply.status, reply.body)
    };
    let done = json!({ "grade": "ACHIEVED", "achievedReduction": kt("1200.5") });
    let (status, first) = put(&officer, &of(0), None, done.clone()).await;
    assert_eq!(status, 200, "{first}");
    assert_eq!(put(&officer, &of(1), None, json!({ "grade": "NOT_DUE" })).await.0, 200);
    let late = json!({ "grade": "DELAYED", "achievedReduction": kt("79.5") });
    let (status, body) = put(&officer, &of(2), None, late).await;
    let pointers = [&body["errors"][0]["pointer"], &body["errors"][1]["pointer"]];
    assert_eq!((status, pointers), (422, [&json!("/reason"), &json!("/correctiveAction")]));
    let late = json!({ "grade": "DELAYED", "achievedReduction": kt("79.5"), "reason": "부지 미확보",
        "correctiveAction": "하반기 부지 확정" });
    let (status, late) = put(&officer, &of(2), None, late).await;
    assert_eq!(status, 200, "{late}");

    let query = r#"{ progressChecks(filter: { year: { eq: 2024 }, kind: { eq: BASIC_PLAN } }) { nodes {
        computed { measures { total achieved onTrack delayed notAchieved notDue } statingReduction
          goodShare { exact status } actualReduction { exact } achievementRate { exact } notComputed }
        assessments { grade achievedReduction(unit: T) { exact unit } reason measure { title assessments { grade } } check { year } } } } }"#;
    let data = server.anonymous().data(query).await;
    let told = &data["progressChecks"]["nodes"][0];
    let counts = json!({ "total": 3, "achieved": 1, "onTrack": 0, "delayed": 1, "notAchieved": 0, "notDue": 1 });
    assert_eq!(told["computed"]["measures"], counts);
    assert_eq!(told["computed"]["goodShare"], json!({ "exact": "50", "status": "ESTIMATED" }));
    assert_eq!(told["computed"]["actualReduction"]["exact"], "1280");
    assert_eq!(told["computed"]["achievementRate"]["exact"], "50", "of the reported 2,560 kt");
    assert_eq!(
        (&told["computed"]["notComputed"], &told["computed"]["statingReduction"]),
        (&json!([]), &json!(2))
    );
    assert_eq!(
        told["assessments"][0]["achievedReduction"],
        json!({ "exact": "1200500", "unit": "T" })
    );
    assert_eq!(told["assessments"][2]["reason"], "부지 미확보");
    let of_measure = &told["assessments"][0]["measure"]["assessments"];
    assert_eq!(of_measure, &json!([{ "grade": told["assessments"][0]["grade"] }]));
    let (_, now) = officer.get(&path).await;
    assert_ne!(now["revision"], check["revision"], "what it adds up to is told with it");

    // Said again it needs the revision; a stale one is refused, and nobody else may.
    assert_eq!(put(&officer, &of(0), None, done.clone()).await.0, 428);
    assert_eq!(put(&officer, &of(0), Some("\"1\""), done.clone()).await.0, 412);
    let tag = format!("\"{}\"", first["revision"].as_str().expect("a revision"));
    let (_, same) = put(&officer, &of(0), Some(&tag), done).await;
    assert_eq!(same["revision"], first["revision"], "nothing was changed");
    let (_, less) = put(&officer, &of(0), Some(&tag), json!({ "grade": "ON_TRACK" })).await;
    assert_eq!(less["achievedReduction"]["exact"], "1200.5", "what is left out stays");
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52110").await;
    assert_eq!(put(&neighbour, &of(3), None, json!({ "grade": "NOT_DUE" })).await.0, 403);
    assert_eq!(put(&server.anonymous(), &of(3), None, json!({ "grade": "NOT_DUE" })).await.0, 401);
    let (status, body) = put(&officer, &of(3), None, json!({ "note": "x" })).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/grade")));

    let (_, others) = officer.get("/api/v1/measures?region=48&limit=1").await;
    let foreign = others["items"][0]["id"].as_str().expect("an id");
    let foreign = format!("{path}/assessments/{foreign}");
    let (status, body) = put(&officer, &foreign, None, json!({ "grade": "ACHIEVED" })).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/measure")));

    let tag = format!("\"{}\"", less["revision"].as_str().expect("a revision"));
    assert_eq!(officer.delete(&of(0), &tag).await.0, 204);
    assert_eq!(officer.get(&of(0)).await.0, 404);
    let (_, left) = officer.get(&format!("{path}/assessments")).await;
    assert_eq!(left["items"].as_array().map(Vec::len), Some(2));
    let then = format!("{}?asOf={}", of(0), first["revision"].as_str().expect("a revision"));
    assert_eq!(server.anonymous().get(&then).await.1["grade"], "ACHIEVED");
    server.stop().await;
}
