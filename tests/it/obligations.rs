//! What public law asks of each body: computed for all of them, fixed by events, extended with a
//! reason, and told to nobody who may not know the event.

use std::collections::BTreeMap;

use api::access::Role;
use api::date::{Day, PartialDate, terms};
use api::exchange::{self, Pack};
use proptest::prelude::proptest;
use serde_json::{Value, json};
use tests::{Client, TestServer};

const TODAY: &str = "2026-11-24";

async fn duties(asker: &Client, query: &str) -> Vec<Value> {
    let (status, body) = asker.get(&format!("/api/v1/obligations?limit=500&{query}")).await;
    assert_eq!(status, 200, "{query} {body}");
    body["items"].as_array().expect("items").clone()
}

async fn duty(asker: &Client, query: &str) -> Value {
    let found = duties(asker, query).await;
    assert_eq!(found.len(), 1, "{query}: {found:#?}");
    found[0].clone()
}

fn id(thing: &Value) -> &str {
    thing["id"].as_str().expect("an id")
}

async fn plan_of(asker: &Client, region: &str) -> String {
    let (_, plans) = asker.get(&format!("/api/v1/regions/{region}/plans")).await;
    id(&plans["items"][0]).to_owned()
}

/// The pack with more plans and events in it, loaded by its owner: what sources tell is not bound by
/// the rules of taking steps.
async fn load(server: &TestServer, plans: &[&str], events: &[&str]) {
    let mut pack = Pack::jeonbuk();
    for (file, rows) in [("plans.csv", plans), ("procedure_events.csv", events)] {
        let text = String::from_utf8(pack.files[file].clone()).expect("UTF-8");
        let text = format!("{}\n{}\n", text.trim_end(), rows.join("\n"));
        pack.files.insert(file.to_owned(), text.trim_end().as_bytes().to_vec());
    }
    let report = exchange::load(&server.operator(), pack).await.expect("a load");
    assert!(report.loaded, "{report:?}");
}

fn adoption(name: &str, plan: &str, region: &str, day: &str) -> String {
    format!("{name},{plan},{region},plan_established,{day},day,,,,,계획 수립,S001,,B,")
}

#[tokio::test]
async fn all_fourteen_had_to_adopt_by_april_2025_and_what_is_known_of_each_is_told() {
    let server = TestServer::start().await;
    let query = r#"{ obligations(within: { code: "52" }, rule: [ADOPT_FIRST_PLAN], on: "2026-11-24", first: 100) {
        totalCount nodes { region { code } organization { name(lang: KO) } cycle year status overdueBy lastDay
          name(lang: KO) article { ko } due { text precision } doneOn { text }
          dueSource { kind eventOn { text } fixedOn { text } dueIfCorrected { text } milestone { externalId } }
          evidence { reportedStatus milestone { id } } announced { plannedOn { text } reportedKind }
          plan { externalId } known { planStatus lastMilestone { heldOn { text } reportedKind } } } } }"#;
    let data = server.anonymous().data(query).await;
    assert_eq!(data["obligations"]["totalCount"], 14);
    let nodes = data["obligations"]["nodes"].as_array().expect("duties");
    let of: BTreeMap<&str, &Value> =
        nodes.iter().map(|it| (it["region"]["code"].as_str().expect("a code"), it)).collect();
    for duty in nodes {
        assert_eq!(duty["due"], json!({ "text": "2025-04", "precision": "MONTH" }), "{duty}");
        assert_eq!(duty["lastDay"], "2025-04-30", "over only when the month is");
        let source = &duty["dueSource"];
        assert_eq!(
            (&source["kind"], &source["eventOn"]["text"]),
            (&json!("FROZEN"), &json!("2024-04"))
        );
        assert_eq!(source["milestone"]["externalId"], "jeonbuk:E009");
        assert_eq!(source["dueIfCorrected"], Value::Null);
        assert_eq!(duty["article"]["ko"], "법 부칙 제3조");
    }
    assert_eq!(of["52110"]["organization"]["name"], "전주시");
    assert_eq!(of["52110"]["name"], "제1차 기본계획 수립");

    // Nothing but the duty is known of nine of them, and five have news.
    let required = |it: &&&Value| it["known"]["planStatus"] == "REQUIRED";
    assert_eq!(nodes.iter().collect::<Vec<_>>().iter().filter(required).count(), 9);
    let stands = |code: &str| (of[code]["status"].clone(), of[code]["known"]["planStatus"].clone());
    for code in ["52110", "52180", "52790"] {
        assert_eq!(
            stands(code),
            (json!("DONE_UNCLEAR"), json!("ADOPTED")),
            "adopted, nobody says when"
        );
        assert_eq!(of[code]["evidence"]["reportedStatus"], "adopted");
        assert_eq!(of[code]["overdueBy"], Value::Null);
    }
    for code in ["52140", "52210"] {
        assert_eq!(stands(code), (json!("OVERDUE"), json!("IN_PROGRESS")));
    }
    assert_eq!(of["52140"]["known"]["lastMilestone"]["heldOn"]["text"], "2025-08-13");
    assert_eq!(of["52180"]["known"]["lastMilestone"]["heldOn"]["text"], "2025-04-17");
    for code in ["52130", "52190", "52710", "52720", "52730", "52740", "52750", "52770", "52800"] {
        assert_eq!(stands(code), (json!("OVERDUE"), json!("REQUIRED")));
        assert_eq!(of[code]["overdueBy"], 573, "since 30 April 2025");
    }

    // The pack's events name eleven of them, and give Jeongeup two dates.
    let announced = |code: &str| {
        let dates = of[code]["announced"].as_array().expect("dates").iter();
        dates.map(|it| it["plannedOn"]["text"].as_str().expect("a date")).collect::<Vec<_>>()
    };
    assert_eq!(announced("52180"), ["2025-03-29", "2025-04"]);
    let named: Vec<&str> = of.keys().copied().filter(|code| !announced(code).is_empty()).collect();
    assert_eq!(named.len(), 11);
    for code in ["52130", "52750", "52800"] {
        assert!(!named.contains(&code), "{code}");
    }
    server.stop().await;
}

#[tokio::test]
async fn each_rule_binds_each_body_whether_or_not_anything_was_filed() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let (status, rules) = anybody.get("/api/v1/obligation-rules").await;
    assert_eq!((status, rules["items"].as_array().map(Vec::len)), (200, Some(10)));
    let data = anybody.data("{ obligationRules { code name article { ko en } levels validFrom validTo after months yearlyOn } }").await;
    let adaptation = data["obligationRules"].as_array().expect("rules").iter();
    let adaptation = adaptation.clone().find(|it| it["code"] == "REPORT_ADAPTATION").expect("it");
    assert_eq!(
        (&adaptation["yearlyOn"], &adaptation["validTo"]),
        (&json!("04-30"), &json!("2027-09-22"))
    );

    // The province: one year after the nation's plan of 2023-04, done in the month it was due.
    let own = format!("region=52&on={TODAY}");
    let adopted = duty(&anybody, &format!("{own}&rule=ADOPT_FIRST_PLAN")).await;
    assert_eq!((&adopted["due"]["text"], &adopted["status"]), (&json!("2024-04"), &json!("DONE")));
    let submitted = duty(&anybody, &format!("{own}&rule=SUBMIT_PLAN")).await;
    assert_eq!(
        (&submitted["due"]["text"], &submitted["status"]),
        (&json!("2024-05"), &json!("OVERDUE"))
    );
    assert_eq!(submitted["article"]["en"], "Enforcement Decree, Art. 6(4)");
    let council = duty(&anybody, &format!("{own}&rule=REPORT_PLAN_TO_COUNCIL")).await;
    assert_eq!(
        (&council["due"], &council["status"]),
        (&Value::Null, &json!("DUE")),
        "no day to be late by"
    );
    assert_eq!(council["dueSource"]["kind"], "WITHOUT_DELAY");

    // Its first check is of 2024, those of the municipalities of 2025.
    let progress = duties(&anybody, &format!("{own}&rule=REPORT_PROGRESS")).await;
    let shown: Vec<_> = progress
        .iter()
        .map(|it| (it["ofYear"].as_i64(), it["due"]["text"].as_str(), it["status"].as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            (Some(2024), Some("2025-06-02"), Some("DONE")), // 31 May is a Saturday
            (Some(2025), Some("2026-06-01"), Some("OVERDUE")), // a Sunday
            (Some(2026), Some("2027-05-31"), Some("DUE")),
        ]
    );
    assert_eq!(progress[0]["doneOn"]["text"], "2025-05-22");
    assert_eq!(progress[0]["dueSource"]["byRule"]["text"], "2025-05-31");
    assert!(progress[0]["evidence"]["check"].as_str().is_some_and(|it| it.starts_with("check_")));
    let late =
        duties(&anybody, &format!("within=52&on={TODAY}&rule=REPORT_PROGRESS&status=OVERDUE"))
            .await;
    assert_eq!(late.len(), 14);
    assert!(late.iter().all(|it| it["ofYear"] == 2025 && it["overdueBy"] == 176), "{late:#?}");

    // Adaptation: two told in time, one without a day; statistics are shown by nothing here.
    let adaptation =
        duties(&anybody, &format!("within=52&on={TODAY}&rule=REPORT_ADAPTATION&year=2025")).await;
    let mut counts = BTreeMap::new();
    for duty in &adaptation {
        *counts.entry(duty["status"].as_str().expect("a status")).or_insert(0) += 1;
    }
    assert_eq!(counts, BTreeMap::from([("DONE", 2), ("DONE_UNCLEAR", 1), ("OVERDUE", 11)]));
    let ends = duties(&anybody, "region=52110&on=2028-01-01&rule=REPORT_ADAPTATION").await;
    assert_eq!(ends.last().expect("some")["year"], 2027, "Art. 40 ends in 2027");
    let statistics =
        duties(&anybody, &format!("region=52110&on={TODAY}&rule=SUBMIT_STATISTICS&year=2026"))
            .await;
    assert_eq!(statistics[0]["status"], "UNTOLD");

    // A body is bound while it is there: as what it is since 2024-01-18.
    let all = duties(&anybody, &format!("region=52110&on={TODAY}")).await;
    let year = |it: &Value| it["year"].as_i64().unwrap_or(9999);
    assert!(all.iter().all(|it| year(it) >= 2024), "{all:#?}");
    for (code, error) in [("52111", 0), ("KR", 0)] {
        assert_eq!(
            duties(&anybody, &format!("region={code}")).await.len(),
            error,
            "no such government"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn who_is_late_is_a_list_to_filter_page_and_follow() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let late = format!("within=52&status=OVERDUE&rule=ADOPT_FIRST_PLAN&on={TODAY}");
    let all: Vec<String> =
        duties(&anybody, &late).await.iter().map(|it| id(it).to_owned()).collect();
    assert_eq!(all.len(), 11);
    let (mut paged, mut next) = (Vec::new(), String::new());
    loop {
        let (_, page) =
            anybody.get(&format!("/api/v1/obligations?{late}&limit=4&total=true{next}")).await;
        assert_eq!(page["total"], 11);
        paged.extend(page["items"].as_array().expect("items").iter().map(|it| id(it).to_owned()));
        let Some(cursor) = page["next"].as_str() else { break };
        next = format!("&after={cursor}");
    }
    assert_eq!(paged, all);
    let (status, body) = anybody.get(&format!("/api/v1/obligations?limit=4{next}")).await;
    assert_eq!((status, &body["code"]), (400, &json!("BAD_CURSOR")), "of another list");

    // Before the month is over nobody is late; on the day after, those are of whom nothing is known.
    let on = |day: &str| format!("within=52&rule=ADOPT_FIRST_PLAN&status=OVERDUE&on={day}");
    assert_eq!(duties(&anybody, &on("2025-04-30")).await.len(), 0);
    let day_after = duties(&anybody, &on("2025-05-01")).await;
    assert_eq!((day_after.len(), &day_after[0]["overdueBy"]), (11, &json!(1)));

    // The same by its plan, its region, its id, in either dialect.
    let plan = plan_of(&anybody, "52190").await;
    let query = format!(
        r#"{{ plan(id: "{plan}") {{ obligations(status: [OVERDUE], on: "{TODAY}") {{ id rule }} }}
        region(by: {{ code: "45190" }}) {{ obligations(rule: [ADOPT_FIRST_PLAN], on: "{TODAY}") {{ id plan {{ id }} }} }} }}"#
    );
    let data = anybody.data(&query).await;
    let of_region = &data["region"]["obligations"][0];
    assert_eq!(of_region["plan"]["id"], plan.as_str());
    let of_plan = data["plan"]["obligations"].as_array().expect("duties");
    assert_eq!(of_plan[0]["id"], of_region["id"]);
    assert_eq!(of_plan.iter().filter(|it| it["rule"] == "REPORT_PROGRESS").count(), 1);
    let path = format!("/api/v1/obligations/{}?on={TODAY}", id(of_region));
    let one = anybody.fetch(&path).await;
    assert_eq!((one.status, &one.body["region"]["code"]), (200, &json!("52190")));
    assert!(one.header("etag").starts_with("W/"), "it is computed");
    assert_eq!(
        duty(&anybody, &format!("plan={plan}&rule=ADOPT_FIRST_PLAN&on={TODAY}")).await,
        one.body
    );

    for (path, status, field) in [
        ("/api/v1/obligations?rule=PARTY", 400, "/rule"),
        ("/api/v1/obligations?on=2025-13-01", 422, "/on"),
        ("/api/v1/obligations?within=99", 404, "/within"),
        ("/api/v1/obligations?plan=plan_x", 422, "/plan"),
        ("/api/v1/obligations/obligation_x", 422, "/id"),
    ] {
        let (told, body) = anybody.get(path).await;
        assert_eq!((told, &body["errors"][0]["pointer"]), (status, &json!(field)), "{path} {body}");
    }
    let nobody = one.body["id"].as_str().expect("an id").replace("_1", "_9");
    let query = format!(r#"{{ obligation(id: "{nobody}") {{ id }} }}"#);
    assert_eq!(anybody.data(&query).await["obligation"], Value::Null);
    server.stop().await;
}

#[tokio::test]
async fn a_deadline_is_fixed_by_its_event_and_a_later_correction_shows_beside_it() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let anybody = server.anonymous();
    let plan = plan_of(&officer, "52140").await;
    let submit = format!("region=52140&rule=SUBMIT_PLAN&on={TODAY}");
    assert_eq!(duty(&anybody, &submit).await["status"], "NOT_YET_KNOWN");

    let revision = async || {
        let reply = anybody.fetch("/api/v1/sectors").await;
        reply.header("dure-revision").to_owned()
    };
    let before = revision().await;
    load(&server, &[], &[&adoption("E901", "P-52140-1", "52140", "2025-08-29")]).await;
    let fixed = duty(&anybody, &submit).await;
    assert_eq!(fixed["due"]["text"], "2025-09-29", "one month, the first day not counted");
    assert_eq!(
        (&fixed["status"], &fixed["dueSource"]["kind"]),
        (&json!("OVERDUE"), &json!("FROZEN"))
    );
    let late = duty(&anybody, &format!("region=52140&rule=ADOPT_FIRST_PLAN&on={TODAY}")).await;
    assert_eq!((&late["status"], &late["overdueBy"]), (&json!("DONE_LATE"), &json!(121)));
    // What was told before is what is told of that moment.
    let then = format!("/api/v1/obligations?{submit}&asOf={before}");
    assert_eq!(anybody.get(&then).await.1["items"][0]["status"], "NOT_YET_KNOWN");

    let event = fixed["dueSource"]["milestone"].as_str().expect("a milestone");
    let own = format!("/api/v1/milestones/{event}");
    let tag = officer.fetch(&own).await.header("etag").to_owned();
    let (status, moved) = officer.patch(&own, &tag, json!({ "heldOn": "2025-09-12" })).await;
    assert_eq!(status, 200, "{moved}");
    let after = duty(&anybody, &submit).await;
    assert_eq!((&after["due"], &after["lastDay"]), (&fixed["due"], &fixed["lastDay"]));
    let source = &after["dueSource"];
    assert_eq!(source["fixedOn"]["text"], "2025-08-29");
    assert_eq!(source["eventOn"]["text"], "2025-09-12");
    assert_eq!(source["dueIfCorrected"]["text"], "2025-10-12");

    // The event taken back, nothing is due by it; entered anew, it is fixed anew.
    let tag = format!("\"{}\"", moved["revision"].as_str().expect("a revision"));
    let (status, body) = officer.delete(&own, &tag).await;
    assert_eq!(status, 204, "{body}");
    assert_eq!(duty(&anybody, &submit).await["due"], Value::Null);
    load(&server, &[], &[&adoption("E902", "P-52140-1", "52140", "2025-02-28")]).await;
    assert_eq!(duty(&anybody, &submit).await["due"]["text"], "2025-03-31", "all of March");

    // It was submitted on the last day, which the day before it was not.
    let content = officer.get(&format!("/api/v1/plans/{plan}")).await.1["contentRevision"].clone();
    let step =
        json!({ "transition": "SUBMIT", "contentRevision": content, "heldOn": "2025-03-31" });
    let (status, body) = officer.post(&format!("/api/v1/plans/{plan}/transitions"), step).await;
    assert_eq!(status, 200, "{body}");
    let done = duty(&anybody, &submit).await;
    assert_eq!((&done["status"], &done["doneOn"]["text"]), (&json!("DONE"), &json!("2025-03-31")));
    assert!(done["evidence"]["milestone"].as_str().is_some_and(|it| it.starts_with("milestone_")));
    let earlier = "region=52140&rule=SUBMIT_PLAN&on=2025-03-30";
    assert_eq!(duty(&anybody, earlier).await["status"], "DUE");
    server.stop().await;
}

#[tokio::test]
async fn loading_the_pack_again_moves_no_deadline_and_later_cycles_have_six_months() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let due = format!("within=52&rule=ADOPT_FIRST_PLAN&on={TODAY}");
    let before = duties(&anybody, &due).await;
    load(&server, &[], &[]).await;
    assert_eq!(duties(&anybody, &due).await, before);

    let next = format!("within=52&rule=ADOPT_NEXT_PLAN&on={TODAY}");
    assert_eq!(duties(&anybody, &next).await, Vec::<Value>::new(), "no plan above, no cycle");
    let plan =
        "P-52-2,52,제2차 전북 기본계획,province_basic,2,,,,,,,,,,,,,,,in_progress,,,,S001,,B,";
    load(&server, &[plan], &[]).await;
    let known = duties(&anybody, &next).await;
    assert_eq!(known.len(), 14);
    assert!(known.iter().all(|it| it["status"] == "NOT_YET_KNOWN" && it["cycle"] == 2));
    load(&server, &[plan], &[&adoption("E903", "P-52-2", "52", "2026-08-31")]).await;
    let known = duties(&anybody, &next).await;
    // The period begins with the first of September, and the last of February 2027 is a Sunday before
    // a holiday.
    assert!(known.iter().all(|it| it["lastDay"] == "2027-03-02"), "{known:#?}");
    assert_eq!(known[0]["dueSource"]["byRule"]["text"], "2027-02-28");
    assert_eq!(known[0]["article"]["en"], "Enforcement Decree, Art. 7(1)");
    server.stop().await;
}

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

#[tokio::test]
async fn what_happens_in_a_draft_changes_nothing_of_what_others_are_told() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let strangers = [server.anonymous(), server.signed_in(Role::MunicipalOfficer, "52140").await];
    let calendar = async |asker: &Client| {
        let reply = asker.fetch("/api/v1/calendar.ics?region=52110").await;
        // When it was last looked at is not what it holds.
        let lines = reply.body.as_str().expect("a calendar").lines();
        lines.filter(|line| !line.starts_with("DTSTAMP")).map(str::to_owned).collect::<Vec<_>>()
    };
    let all = format!("region=52110&on={TODAY}");
    let mut before = Vec::new();
    for stranger in &strangers {
        before.push((duties(stranger, &all).await, calendar(stranger).await));
    }
    // A draft of the second cycle that was adopted, with what is planned and checked.
    let plan = "P-52110-2,52110,초안,municipal_basic,2,,,,,,,,,,,,,,,in_progress,,,,S001,,B,";
    load(&server, &[plan], &[]).await;
    let draft = officer.get("/api/v1/regions/52110/plans").await.1["items"][0].clone();
    let own = format!("/api/v1/plans/{}", id(&draft));
    let tag = officer.fetch(&own).await.header("etag").to_owned();
    let (status, body) = officer.patch(&own, &tag, json!({ "visibility": "INTERNAL" })).await;
    assert_eq!(status, 200, "{body}");
    load(&server, &[plan], &[&adoption("E904", "P-52110-2", "52110", "2025-06-30")]).await;
    let path = format!("{own}/milestones");
    let planned = json!({ "kind": "SUBMISSION", "plannedOn": "2026-07-30" });
    assert_eq!(officer.post(&path, planned).await.0, 201);
    let check = json!({ "plan": id(&draft), "year": 2025, "kind": "BASIC_PLAN", "reviewedOn": "2026-05-20" });
    let (status, check) = officer.post("/api/v1/progress-checks", check).await;
    assert_eq!(status, 201, "{check}");
    let report = duty(&officer, &format!("{all}&rule=REPORT_PROGRESS&year=2026")).await;
    assert_eq!(report["status"], "OVERDUE", "a day that somebody typed is no report");
    let source = officer.get("/api/v1/sources?limit=1").await.1["items"][0].clone();
    let (path, tag) = (
        format!("/api/v1/progress-checks/{}", id(&check)),
        officer
            .fetch(&format!("/api/v1/progress-checks/{}", id(&check)))
            .await
            .header("etag")
            .to_owned(),
    );
    let told = json!({ "sources": [source["id"]] });
    let (status, told) = officer.patch(&path, &tag, told).await;
    assert_eq!(status, 200, "{told}");
    let own = duty(&officer, &format!("{all}&rule=SUBMIT_PLAN&year=2025")).await;
    assert_eq!((&own["due"]["text"], &own["cycle"]), (&json!("2025-07-31"), &json!(2)));
    let report = duty(&officer, &format!("{all}&rule=REPORT_PROGRESS&year=2026")).await;
    assert_eq!(report["status"], "DONE");
    let (status, extended) = province
        .post(
            &format!("/api/v1/obligations/{}/extend", id(&own)),
            json!({ "until": "2027-08-31", "reason": "초안" }),
        )
        .await;
    assert_eq!(status, 200, "{extended}");
    for (stranger, before) in strangers.iter().zip(&before) {
        let after = (duties(stranger, &all).await, calendar(stranger).await);
        assert_eq!(after, *before);
        let path = format!("/api/v1/obligations/{}", id(&own));
        assert_eq!(stranger.get(&path).await.0, 404, "there is no such duty for them");
        let (status, _) = stranger.get(&format!("/api/v1/obligations?plan={}", id(&draft))).await;
        assert_eq!(status, 404);
    }
    assert_ne!(calendar(&officer).await, before[0].1, "its officer sees what is planned");

    // Withdrawn, the first plan says nothing to strangers either: the duty stays.
    let first = officer.get("/api/v1/regions/52110/plans").await.1["items"][1].clone();
    let tag = format!("\"{}\"", first["revision"].as_str().expect("a revision"));
    let hidden = json!({ "visibility": "INTERNAL" });
    let path = format!("/api/v1/plans/{}", id(&first));
    assert_eq!(officer.patch(&path, &tag, hidden).await.0, 200);
    let told = duty(&strangers[0], &format!("{all}&rule=ADOPT_FIRST_PLAN")).await;
    assert_eq!((&told["planId"], &told["evidence"]), (&Value::Null, &Value::Null));
    assert_eq!((&told["announced"], &told["known"]["planStatus"]), (&json!([]), &Value::Null));
    assert_eq!(told["due"]["text"], "2025-04");
    server.stop().await;
}

#[tokio::test]
async fn a_calendar_is_one_that_other_programs_read() {
    let server = TestServer::start().await;
    // Years around this one are in it, and the service's clock is the machine's.
    let year = Day::in_seoul(server.now()).0.year();
    let anybody = server.anonymous();
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = plan_of(&officer, "52110").await;
    let planned = json!({ "kind": "HEARING", "plannedOn": format!("{year}-09"),
        "summary": "공청회; 시청, 대회의실\n둘째 줄" });
    let (status, hearing) =
        officer.post(&format!("/api/v1/plans/{plan}/milestones"), planned).await;
    assert_eq!(status, 201, "{hearing}");
    let path = "/api/v1/calendar.ics?region=52110";
    let reply = anybody.fetch(path).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.header("content-type"), "text/calendar; charset=utf-8");
    let text = reply.body.as_str().expect("a calendar");
    assert!(
        text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
            && text.ends_with("END:VCALENDAR\r\n")
    );
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");
    let text = text.replace("\r\n ", "");
    let events: Vec<&str> = text.split("BEGIN:VEVENT\r\n").skip(1).collect();
    let of = |uid: &str| {
        let found = events.iter().find(|it| it.contains(&format!("UID:{uid}@dure\r\n")));
        *found.unwrap_or_else(|| panic!("no {uid} in {text}"))
    };
    let hearing = of(id(&hearing));
    assert!(hearing.contains(&format!("DTSTART;VALUE=DATE:{year}0901\r\n")), "{hearing}");
    assert!(
        hearing.contains(&format!("DTEND;VALUE=DATE:{year}1001\r\n")),
        "to the end of the month"
    );
    assert!(
        hearing.contains(&format!("공청회\\; 시청\\, 대회의실\\n둘째 줄 ({year}-09)\r\n")),
        "{hearing}"
    );
    let report = duty(&anybody, &format!("region=52110&rule=REPORT_PROGRESS&year={year}")).await;
    let last = report["lastDay"].as_str().expect("a day").replace('-', "");
    let event = of(id(&report));
    assert!(event.contains(&format!("DTSTART;VALUE=DATE:{last}\r\n")), "{event}");
    assert!(event.contains("SUMMARY:기본계획 추진상황 점검 결과 제출\r\n"), "{event}");
    assert!(event.contains("DTSTAMP:20") && event.contains("Z\r\n"), "{event}");
    let uids: Vec<&str> = text.lines().filter(|line| line.starts_with("UID:")).collect();
    let distinct: std::collections::BTreeSet<&&str> = uids.iter().collect();
    assert_eq!(distinct.len(), uids.len());

    let tag = reply.header("etag").to_owned();
    let request = anybody.request("GET".parse().expect("GET"), path).header("if-none-match", tag);
    assert_eq!(anybody.send(request).await.status, 304);
    let english = anybody.fetch(&format!("{path}&lang=EN")).await;
    assert!(
        english.body.as_str().expect("text").contains("Report how far the basic plan has come")
    );

    // A government has its region's, a committee what it holds.
    let (_, bodies) = anybody.get("/api/v1/organizations?region=52110&limit=100").await;
    let bodies = bodies["items"].as_array().expect("organizations").clone();
    let body = |name: &str| {
        id(bodies.iter().find(|it| it["externalId"] == name).expect("an organization")).to_owned()
    };
    let city = body("jeonbuk:ORG-52110");
    let own = anybody.fetch(&format!("/api/v1/calendar.ics?organization={city}")).await;
    let own = own.body.as_str().expect("a calendar").replace("\r\n ", "");
    assert!(own.contains(id(&report)) && own.contains("공청회"), "{own}");
    let committee = body("jeonbuk:ORG-52110-CMT");
    let planned = json!({ "kind": "DELIBERATION", "plannedOn": format!("{year}-10-07"), "hosts": [committee] });
    let (status, session) =
        officer.post(&format!("/api/v1/plans/{plan}/milestones"), planned).await;
    assert_eq!(status, 201, "{session}");
    let theirs = anybody.fetch(&format!("/api/v1/calendar.ics?organization={committee}")).await;
    let theirs = theirs.body.as_str().expect("a calendar").to_owned();
    assert_eq!(theirs.matches("BEGIN:VEVENT").count(), 1, "{theirs}");
    assert!(theirs.contains(id(&session)));

    for (query, status) in [
        ("", 422),
        ("?region=52110&organization=organization_x", 422),
        ("?region=99999", 404),
        ("?organization=organization_x", 422),
        ("?organization=organization_01jz7p4k9vf3b8m2xq6r0t5w1y", 404),
    ] {
        assert_eq!(anybody.get(&format!("/api/v1/calendar.ics{query}")).await.0, status, "{query}");
    }
    server.stop().await;
}

#[tokio::test]
async fn duties_of_all_take_as_many_statements_as_those_of_one() {
    let server = TestServer::start().await;
    let fields = r#"obligations(rule: [ADOPT_FIRST_PLAN], on: "2026-11-24") { rule region { code }
        organization { name } plan { title } evidence { milestone { id } check { id } }
        dueSource { milestone { id } } announced { milestone { id } }
        known { lastMilestone { milestone { id } } } }"#;
    let one = format!(r#"{{ region(by: {{ code: "52110" }}) {{ {fields} }} }}"#);
    let all = format!(r#"{{ regions(within: {{ code: "52" }}) {{ {fields} }} }}"#);
    let anybody = server.anonymous();
    let (one, all) = (server.taken(&anybody, &one).await, server.taken(&anybody, &all).await);
    one.grows_not(&all, "rule");
    server.stop().await;
}

proptest! {
    #[test]
    fn a_period_of_months_is_as_long_as_the_months_are(number in 0_i64..60_000, months in 1_u8..25) {
        let event = Day::in_seoul(api::access::Timestamp(number * 86_400_000_000));
        let last = terms::months_after(event, months).expect("a day");
        let long = event.days_to(last);
        let least = i32::from(months) * 28;
        let most = i32::from(months) * 31;
        assert!((least..=most).contains(&long), "{event} {months} {last}");
        // A later event never has an earlier end.
        let next = Day(event.0.next_day().expect("a day"));
        assert!(terms::months_after(next, months).expect("a day") >= last);
        // And the month that follows is no shorter than what a half-known date is given.
        let month = PartialDate::parse(&event.to_string()[..7]).expect("a month");
        let due = terms::period_after(&month, months).expect("a month");
        assert!(due.from <= last && last <= due.to, "{event} {last} {}", due.text);
    }

    #[test]
    fn a_deadline_moves_to_a_day_that_offices_work_and_never_far(number in 19_000_i64..22_300) {
        let day = Day::in_seoul(api::access::Timestamp(number * 86_400_000_000));
        let moved = terms::working_day(day);
        // 추석 and 개천절 around a weekend make the longest row of days off.
        assert!((0..=10).contains(&day.days_to(moved)), "{day} {moved}");
        assert_eq!(terms::working_day(moved), moved);
        let weekday = moved.0.weekday().number_from_monday();
        assert!(weekday <= 5, "{moved}");
    }
}
