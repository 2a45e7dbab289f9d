//! What the law asks of each body, and what is known of it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::TestServer;

use super::{TODAY, duties, duty};

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
