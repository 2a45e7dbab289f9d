//! What a submitted check keeps.

use api::access::Role;
use serde_json::{Value, json};
use tests::TestServer;

use super::{krw, kt, on, world};

#[tokio::test]
async fn a_submitted_check_keeps_its_numbers_whatever_becomes_of_the_plan() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let it = world(&officer).await;
    it.assess(&officer).await;
    let query = format!(
        r#"{{ progressCheck(id: "{}") {{ revision state
        computed {{ measures {{ total achieved delayed notDue }} goalReduction {{ exact status }} statingGoal
          actualReduction {{ exact }} statingReduction measuredRate {{ exact provenance {{ derivation }} }} comparedMeasures
          achievementRate {{ status }} notComputed
          sectors {{ sector {{ code }} measures {{ total notDue }} goalReduction {{ exact status }} actualReduction {{ exact }}
            achievementRate {{ exact status }} comparedMeasures }}
          budgets {{ fund planned {{ exact }} executed {{ exact }} executionRate {{ exact }} statingPlanned statingExecuted comparedMeasures }} }}
        assessments {{ measureTitle goalReduction(unit: T) {{ exact }} achievementRate {{ exact }}
          budgets {{ fund planned {{ exact }} executed {{ exact }} rate {{ exact }} }}
          values {{ indicator {{ id }} goal {{ exact }} actual {{ exact }} rate {{ exact }} status }} }} }} }}"#,
        it.check
    );
    let shown = async || officer.data(&query).await["progressCheck"].take();
    let open = shown().await;
    let computed = &open["computed"];
    assert_eq!(
        computed["measures"],
        json!({ "total": 3, "achieved": 1, "delayed": 1, "notDue": 1 })
    );
    assert_eq!(computed["goalReduction"], json!({ "exact": "150.5", "status": "ESTIMATED" }));
    assert_eq!((&computed["statingGoal"], &computed["statingReduction"]), (&json!(2), &json!(2)));
    assert_eq!(computed["actualReduction"]["exact"], "150.25");
    // 150.25 of 150.5; nothing was reported, so there is no rate of what was reported.
    assert_eq!(computed["measuredRate"]["exact"], "99.833887");
    assert_eq!(
        (&computed["achievementRate"]["status"], &computed["notComputed"]),
        (&json!("PENDING"), &json!(["NO_GOAL"]))
    );
    let building = json!({ "sector": { "code": "BUILDING" }, "measures": { "total": 1, "notDue": 0 },
        "goalReduction": { "exact": "100", "status": "ESTIMATED" }, "actualReduction": { "exact": "110" },
        "achievementRate": { "exact": "110", "status": "ESTIMATED" }, "comparedMeasures": 1 });
    assert_eq!(computed["sectors"][0], building);
    let transport = json!({ "sector": { "code": "TRANSPORT" }, "measures": { "total": 2, "notDue": 1 },
        "goalReduction": { "exact": "50.5", "status": "ESTIMATED" }, "actualReduction": { "exact": "40.25" },
        "achievementRate": { "exact": "79.70297", "status": "ESTIMATED" }, "comparedMeasures": 1 });
    assert_eq!(computed["sectors"][1], transport);
    let exact = |sum: &str| json!({ "exact": sum });
    let budgets = json!([
        { "fund": "NATIONAL", "planned": exact("12000"), "executed": exact("7500"), "executionRate": exact("62.5"),
          "statingPlanned": 2, "statingExecuted": 2, "comparedMeasures": 2 },
        { "fund": "MUNICIPAL", "planned": exact("3000"), "executed": null, "executionRate": null,
          "statingPlanned": 1, "statingExecuted": 0, "comparedMeasures": 0 },
        { "fund": "PRIVATE_OTHER", "planned": null, "executed": exact("900"), "executionRate": null,
          "statingPlanned": 0, "statingExecuted": 1, "comparedMeasures": 0 }]);
    assert_eq!(computed["budgets"], budgets);
    let first = &open["assessments"][0];
    assert_eq!(
        (&first["goalReduction"]["exact"], &first["achievementRate"]["exact"]),
        (&json!("100000"), &json!("110"))
    );
    let value = json!([{ "indicator": { "id": it.indicator }, "goal": exact("200"), "actual": exact("150"),
        "rate": exact("75"), "status": "REPORTED" }]);
    assert_eq!(first["values"], value);

    for step in [
        on("SELF_ASSESS", "2025-03-10"),
        on("DELIBERATE", "2025-05-22"),
        on("SUBMIT", "2025-05-30"),
    ] {
        let (status, body) = it.step(&officer, step).await;
        assert_eq!(status, 200, "{body}");
    }
    let submitted = shown().await;
    assert_eq!(
        (&submitted["computed"], &submitted["assessments"]),
        (&open["computed"], &open["assessments"])
    );

    // Nothing of it changes: not itself, not an assessment.
    let frozen = |(status, body): (u16, Value)| {
        assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")), "{body}");
        assert!(body["detail"].to_string().contains("Art. 13(2)"), "{body}");
    };
    let tag = format!("\"{}\"", submitted["revision"].as_str().expect("a revision"));
    frozen(officer.patch(&it.path(), &tag, json!({ "summary": "다시" })).await);
    frozen(officer.delete(&it.path(), &tag).await);
    let (_, assessment) = officer.get(&it.assessment(0)).await;
    let of_it = format!("\"{}\"", assessment["revision"].as_str().expect("a revision"));
    frozen(officer.put(&it.assessment(0), Some(&of_it), json!({ "grade": "ON_TRACK" })).await);
    frozen(officer.delete(&it.assessment(0), &of_it).await);

    // What it relies on may change or not, but its own numbers stay.
    let measure = format!("/api/v1/measures/{}", it.measures[0]);
    let tag = officer.fetch(&measure).await.header("etag").to_owned();
    assert_eq!(officer.delete(&measure, &tag).await.0, 409, "an assessment is about it");
    let change = json!({ "title": "그린리모델링 확대", "sector": "WASTE", "reductions": [{ "year": 2024, "reduction": kt("999") }],
        "budgets": [{ "year": 2024, "fund": "NATIONAL", "planned": krw("1") }] });
    assert_eq!(officer.patch(&measure, &tag, change).await.0, 200);
    let indicator = format!("/api/v1/indicators/{}", it.indicator);
    for part in ["goals/2024?kind=ANNUAL", "observations/2024"] {
        let path = format!("{indicator}/{part}");
        let (_, indicator) = officer.get(&format!("{indicator}/observations")).await;
        let read = indicator["items"][0]["revision"].as_str().map(str::to_owned);
        let (_, goals) = officer.get(&format!("/api/v1/indicators/{}/goals", it.indicator)).await;
        let of_goal = goals["items"][0]["revision"].as_str().map(str::to_owned);
        let revision = if part.starts_with("goals") { of_goal } else { read };
        let tag = format!("\"{}\"", revision.expect("a revision"));
        assert_eq!(officer.delete(&path, &tag).await.0, 204, "{path}");
    }
    let tag = officer.fetch(&indicator).await.header("etag").to_owned();
    assert_eq!(officer.delete(&indicator, &tag).await.0, 409, "a submitted check relies on it");
    let later = shown().await;
    assert_eq!(
        (&later["computed"], &later["assessments"]),
        (&open["computed"], &open["assessments"])
    );

    // What the measure is called now is told of the measure itself.
    let titles = format!(
        r#"{{ progressCheck(id: "{}") {{ assessments {{ measureTitle measure {{ title }} }} }} }}"#,
        it.check
    );
    let named = officer.data(&titles).await["progressCheck"]["assessments"][0].take();
    let both =
        json!({ "measureTitle": "그린리모델링", "measure": { "title": "그린리모델링 확대" } });
    assert_eq!(named, both);
    let (_, by_rest) = officer.get(&it.assessment(0)).await;
    assert_eq!(by_rest["measureTitle"], "그린리모델링", "{by_rest}");
    assert_eq!(officer.get(&measure).await.1["title"], "그린리모델링 확대");

    // Opened again with a reason, it is judged by the plan as it is; what was submitted stays.
    let reopen =
        "mutation($input: ReopenProgressCheckInput!) { reopenProgressCheck(input: $input) {
        progressCheck { state steps { transition note } } errors { code path } } }";
    let input = |note: &str| {
        json!({ "input": { "id": it.check, "revision": later["revision"],
        "on": "2025-06-20", "note": note } })
    };
    let (_, blank) = officer.gql_with(reopen, input(" ")).await;
    let told = &blank["data"]["reopenProgressCheck"]["errors"];
    assert_eq!(told, &json!([{ "code": "INVALID", "path": ["input", "note"] }]));
    let (_, told) = officer.gql_with(reopen, input("집계 오류 정정")).await;
    let check = &told["data"]["reopenProgressCheck"]["progressCheck"];
    assert_eq!(check["state"], "SELF_ASSESSED", "{told}");
    assert_eq!(check["steps"][3], json!({ "transition": "REOPEN", "note": "집계 오류 정정" }));
    let again = shown().await;
    assert_eq!(again["computed"]["goalReduction"]["exact"], "1049.5");
    let first = &again["assessments"][0];
    assert_eq!(first["values"][0]["status"], "NOT_REPORTED");
    assert_eq!(first["measureTitle"], "그린리모델링 확대");
    assert_eq!(first["budgets"][0]["planned"]["exact"], "1");
    let path = format!("/graphql?asOf={}", submitted["revision"].as_str().expect("a revision"));
    let request = officer.request("POST".parse().expect("a method"), &path);
    let then = officer.send(request.json(&json!({ "query": query }))).await;
    let goal = &then.body["data"]["progressCheck"]["computed"]["goalReduction"];
    assert_eq!(goal["exact"], "150.5", "{}", then.body);
    let title = &then.body["data"]["progressCheck"]["assessments"][0]["measureTitle"];
    assert_eq!(title, "그린리모델링");
    let (_, now) = officer.get(&it.path()).await;
    let tag = format!("\"{}\"", now["revision"].as_str().expect("a revision"));
    frozen(officer.delete(&it.path(), &tag).await);
    // Open or not, what was once submitted is of its year and kind.
    for other in [json!({ "year": 2023 }), json!({ "kind": "RESPONSE_BASE" })] {
        let (status, body) = officer.patch(&it.path(), &tag, other.clone()).await;
        assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")), "{other} {body}");
        assert_eq!(body["errors"][0]["pointer"], "/year", "{body}");
        let mut input = other;
        input["id"] = json!(it.check);
        input["revision"] = now["revision"].clone();
        let update = "mutation($input: UpdateProgressCheckInput!) {
            updateProgressCheck(input: $input) { errors { code path } } }";
        let (_, told) = officer.gql_with(update, json!({ "input": input })).await;
        let errors = json!([{ "code": "GUARD_FAILED", "path": ["input", "year"] }]);
        assert_eq!(told["data"]["updateProgressCheck"]["errors"], errors);
    }
    // It has to be deliberated on again, and not before the day it was opened.
    let (status, body) = it.step(&officer, on("SUBMIT", "2025-06-25")).await;
    assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")));
    let (status, body) = it.step(&officer, on("DELIBERATE", "2025-06-19")).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/on")));
    assert_eq!(it.step(&officer, on("DELIBERATE", "2025-06-24")).await.0, 200);
    let (status, body) = it.step(&officer, on("SUBMIT", "2025-06-25")).await;
    assert_eq!((status, &body["steps"][5]["isLate"]), (200, &json!(true)), "{body}");
    server.stop().await;
}
