//! What is amended in substance is submitted again, by a month of its own.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

use super::{TODAY, duties, id};

/// Takes a step of a plan as it is now.
async fn taken(by: &Client, plan: &str, name: &str, held_on: &str, outcome: Option<&str>) {
    let own = format!("/api/v1/plans/{plan}");
    let content = by.get(&own).await.1["contentRevision"].clone();
    let step = json!({ "transition": name, "contentRevision": content, "heldOn": held_on,
        "outcome": outcome });
    let (status, body) = by.post(&format!("{own}/transitions"), step).await;
    assert_eq!(status, 200, "{name}: {body}");
}

/// The duties by a rule about the plan of the second cycle, one for each making.
async fn of_second(asker: &Client, rule: &str) -> Vec<Value> {
    let mut found = duties(asker, &format!("region=52110&rule={rule}&on={TODAY}")).await;
    found.retain(|it| it["cycle"] == 2);
    found.sort_by_key(|it| it["pass"].as_i64());
    found
}

/// A plan of the second cycle, adopted and submitted in time.
async fn submitted(officer: &Client) -> String {
    let new = json!({ "region": { "code": "52110" }, "title": "제2차 계획(안)", "round": 2,
        "baseYear": 2018, "period": { "start": 2030, "end": 2031 } });
    let (status, plan) = officer.post("/api/v1/plans", new).await;
    assert_eq!(status, 201, "{plan}");
    let plan = id(&plan).to_owned();
    let target = json!({ "sector": "TOTAL", "year": 2030, "baseYear": 2018,
        "reduction": { "amount": "1500", "unit": "KT" } });
    let (status, made) = officer.post(&format!("/api/v1/plans/{plan}/targets"), target).await;
    assert_eq!(status, 201, "{made}");
    made_in(officer, &plan, "2026-04").await;
    taken(officer, &plan, "ADOPT", "2026-04-30", None).await;
    taken(officer, &plan, "SUBMIT", "2026-05-20", None).await;
    plan
}

/// What must come before a plan is adopted, in a month.
async fn made_in(officer: &Client, plan: &str, month: &str) {
    taken(officer, plan, "HEAR", &format!("{month}-02"), None).await;
    taken(officer, plan, "DELIBERATE", &format!("{month}-06"), Some("AS_PROPOSED")).await;
    taken(officer, plan, "CONSULT", &format!("{month}-08"), None).await;
}

#[tokio::test]
async fn an_amendment_in_substance_is_to_be_submitted_within_a_month_of_its_own_adoption() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let plan = submitted(&officer).await;
    taken(&officer, &plan, "AMEND_MINOR", "2026-06-01", None).await;
    let first = of_second(&officer, "SUBMIT_PLAN").await;
    assert_eq!(first.len(), 1, "small points need no other adoption: {first:#?}");
    assert_eq!((&first[0]["status"], &first[0]["pass"]), (&json!("DONE"), &json!(1)));
    let told = |duty: &Value| {
        ["id", "due", "lastDay", "status", "doneOn", "evidence", "extensions"]
            .map(|field| duty[field].clone())
    };

    // Begun, it is known that it will have to be; adopted, by when.
    taken(&officer, &plan, "AMEND_MAJOR", "2026-08-03", None).await;
    let both = of_second(&officer, "SUBMIT_PLAN").await;
    assert_eq!((both.len(), told(&both[0])), (2, told(&first[0])));
    assert_eq!((&both[1]["status"], &both[1]["due"]), (&json!("NOT_YET_KNOWN"), &Value::Null));
    assert_eq!(id(&both[1]), format!("{}_2", id(&both[0])));
    assert_eq!(both[1]["name"]["en"], "Submit the amended plan to the Minister and the governor");
    made_in(&officer, &plan, "2026-09").await;
    taken(&officer, &plan, "ADOPT", "2026-09-14", None).await;
    let both = of_second(&officer, "SUBMIT_PLAN").await;
    assert_eq!((both.len(), told(&both[0])), (2, told(&first[0])));
    let again = &both[1];
    assert_eq!(
        (&again["lastDay"], &again["status"], &again["overdueBy"]),
        (&json!("2026-10-14"), &json!("OVERDUE"), &json!(41))
    );
    assert_eq!(again["dueSource"]["kind"], "FROZEN");
    assert_eq!(again["dueSource"]["eventOn"]["text"], "2026-09-14");
    let path = format!("/api/v1/obligations/{}", id(again));
    let in_time = officer.get(&format!("{path}?on=2026-10-14")).await.1;
    assert_eq!((&in_time["id"], &in_time["status"]), (&again["id"], &json!("DUE")));
    let council = of_second(&officer, "REPORT_PLAN_TO_COUNCIL").await;
    assert_eq!((council.len(), &council[1]["pass"]), (2, &json!(2)), "{council:#?}");
    assert_eq!(of_second(&officer, "ADOPT_NEXT_PLAN").await.len(), 1, "asked once a cycle");

    // More time for the one is none for the other.
    let more = json!({ "until": "2077-01-29", "reason": "의회 일정" });
    let (status, extended) = province.post(&format!("{path}/extend"), more).await;
    assert_eq!((status, &extended["lastDay"]), (200, &json!("2077-01-29")), "{extended}");
    let both = of_second(&officer, "SUBMIT_PLAN").await;
    assert_eq!(told(&both[0]), told(&first[0]));
    assert_eq!(both[1]["extendedTo"], "2077-01-29");
    let extension = &both[1]["extensions"][0];
    let tag = format!("\"{}\"", extension["revision"].as_str().expect("a revision"));
    let withdraw = format!("/api/v1/extensions/{}/withdraw", id(extension));
    let request = province.request("POST".parse().expect("POST"), &withdraw);
    let request = request.header("if-match", tag).json(&json!({ "reason": "실수" }));
    assert_eq!(province.send(request).await.status, 200);

    taken(&officer, &plan, "SUBMIT", "2026-11-02", None).await;
    let both = of_second(&officer, "SUBMIT_PLAN").await;
    assert_eq!(told(&both[0]), told(&first[0]));
    assert_eq!(
        (&both[1]["status"], &both[1]["doneOn"]["text"], &both[1]["overdueBy"]),
        (&json!("DONE_LATE"), &json!("2026-11-02"), &json!(19))
    );
    // It is a draft: nobody else is told of its second making.
    let stranger = server.anonymous();
    assert_eq!(of_second(&stranger, "SUBMIT_PLAN").await, Vec::<Value>::new());
    assert_eq!(stranger.get(&path).await.0, 404);
    let rules = stranger.data("{ obligationRules { code ofAmendments } }").await;
    let rules = rules["obligationRules"].as_array().expect("rules").clone();
    for rule in rules {
        let asked = ["SUBMIT_PLAN", "REPORT_PLAN_TO_COUNCIL"];
        let asked = asked.contains(&rule["code"].as_str().expect("a code"));
        assert_eq!(rule["ofAmendments"], asked, "{rule}");
    }
    server.stop().await;
}
