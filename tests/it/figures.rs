//! The figures that the service must answer, to anybody, in both dialects.

use serde_json::{Value, json};
use tests::TestServer;

const PLAN: &str = r#"
    id title status period { start end } reportedMeasures vision
    sectors { sector { code } label reportedMeasures provenance { confidence sources { publisher } } }
    targets(year: 2030) {
      isTotal sector { code } kind externalId
      base { value exact unit status provenance { confidence sources { externalId title url } } }
      target { value exact status } reduction { value exact unit } reductionRate { exact unit }
    }"#;

async fn jeonbuk(server: &TestServer, code: &str) -> Value {
    let query = format!(
        "{{ region(by: {{ code: \"{code}\" }}) {{ code name(lang: EN) formerCodes {{ code }}
            children {{ code level }} currentPlan {{ {PLAN} }} }} }}"
    );
    server.anonymous().data(&query).await["region"].take()
}

fn by_sector(targets: &Value) -> Vec<(String, String)> {
    let targets = targets.as_array().expect("targets").iter();
    let targets = targets.filter(|target| target["sector"].is_object());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    targets.map(|it| (text(&it["sector"]["code"]), text(&it["reduction"]["exact"]))).collect()
}

#[tokio::test]
async fn jeonbuk_and_its_plan_answer_by_either_code() {
    let server = TestServer::start().await;
    let region = jeonbuk(&server, "52").await;
    assert_eq!(region, jeonbuk(&server, "45").await);
    assert_eq!(region["name"], "Jeonbuk State");
    assert_eq!(region["formerCodes"], json!([{ "code": "45" }]));
    assert_eq!(region["children"].as_array().expect("children").len(), 14);

    let plan = &region["currentPlan"];
    assert_eq!(plan["status"], "ADOPTED");
    assert_eq!(plan["period"], json!({ "start": 2024, "end": 2033 }));
    assert_eq!(plan["reportedMeasures"], 72);
    assert_eq!(plan["vision"], "함께하는 탄소중립 전환, 지자체 2050 탄소중립 선도");
    let measures = plan["sectors"].as_array().expect("sectors").iter();
    let measures: Vec<_> = measures
        .map(|it| (it["sector"]["code"].as_str(), it["reportedMeasures"].as_i64()))
        .collect();
    let stated = [
        ("ENERGY_INDUSTRY", 10),
        ("TRANSPORT", 8),
        ("BUILDING", 11),
        ("AGRI", 20),
        ("WASTE", 9),
        ("SINK", 6),
        ("POLICY", 8),
    ];
    assert_eq!(measures, stated.map(|(code, count)| (Some(code), Some(count))));

    let total = &plan["targets"][0];
    assert_eq!(total["isTotal"], true);
    assert_eq!(total["sector"], Value::Null);
    assert_eq!(total["externalId"], "jeonbuk:T001");
    assert_eq!(total["base"]["exact"], "25760");
    assert_eq!(total["base"]["value"], 25760.0);
    assert_eq!(total["base"]["unit"], "KT");
    assert_eq!(total["base"]["provenance"]["confidence"], "A");
    assert_eq!(total["base"]["provenance"]["sources"][0]["externalId"], "jeonbuk:S005");
    assert_eq!(total["target"]["exact"], "14680");
    assert_eq!(total["reduction"]["exact"], "11080");
    assert_eq!(total["reductionRate"], json!({ "exact": "43", "unit": "PERCENT" }));
    let reductions = by_sector(&plan["targets"]);
    for (sector, kt) in
        [("ENERGY_INDUSTRY", "3980"), ("BUILDING", "2960"), ("TRANSPORT", "870"), ("SINK", "1610")]
    {
        assert!(reductions.contains(&(sector.to_owned(), kt.to_owned())), "{reductions:?}");
    }
    assert!(reductions.iter().all(|(sector, _)| sector != "AGRI"), "nobody stated it alone");
    server.stop().await;
}

#[tokio::test]
async fn rest_answers_the_same_figures() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let (_, region) = anybody.get("/api/v1/regions/45110").await;
    assert_eq!((&region["code"], &region["name"]["ko"]), (&json!("52110"), &json!("전주시")));

    let (_, plans) = anybody.get("/api/v1/regions/45/plans").await;
    let plan = &plans["items"][0];
    assert_eq!(plan["reportedMeasures"], 72);
    assert_eq!(plan["reportedBudget"]["exact"], "4390000000000");
    assert_eq!(plan["reported"]["base"]["exact"], "25760");
    let path = format!("/api/v1/plans/{}/targets?year=2030", plan["id"].as_str().expect("an id"));
    let (_, targets) = anybody.get(&path).await;
    let total = &targets["items"][0];
    assert_eq!(total["base"]["exact"], "25760");
    assert_eq!(total["target"]["exact"], "14680");
    assert_eq!(total["reduction"]["exact"], "11080");
    assert_eq!(total["reductionRate"]["exact"], "43");
    assert_eq!(total["reduction"]["provenance"]["sources"][0]["externalId"], "jeonbuk:S005");
    assert_eq!(total["grossTarget"]["status"], "NOT_REPORTED");
    assert_eq!(total["grossTarget"]["value"], Value::Null);

    let (_, in_tonnes) = anybody.get(&format!("{path}&unit=T&sector=SINK")).await;
    assert_eq!(in_tonnes["items"][0]["reduction"]["exact"], "1610000");
    assert_eq!(in_tonnes["items"][0]["reduction"]["unit"], "T");
    server.stop().await;
}

#[tokio::test]
async fn the_14_plans_are_there_also_those_of_which_only_the_duty_is_known() {
    let server = TestServer::start().await;
    let query = r#"{ plans(filter: { within: { code: "52" } }, first: 50) {
        totalCount nodes { status region { code } parent { externalId } provenance { sources { title } } } } }"#;
    let plans = server.anonymous().data(query).await["plans"].take();
    assert_eq!(plans["totalCount"], 14);
    let nodes = plans["nodes"].as_array().expect("nodes");
    let of = |code: &str| nodes.iter().find(|plan| plan["region"]["code"] == code);
    let stated = [
        ("52110", "ADOPTED"),
        ("52140", "IN_PROGRESS"),
        ("52180", "ADOPTED"),
        ("52210", "IN_PROGRESS"),
        ("52790", "ADOPTED"),
        ("52190", "REQUIRED"),
        ("52800", "REQUIRED"),
    ];
    for (code, status) in stated {
        assert_eq!(of(code).expect("a plan")["status"], status, "{code}");
    }
    for plan in nodes {
        assert_eq!(plan["parent"]["externalId"], "jeonbuk:P-52-1");
        assert!(!plan["provenance"]["sources"].as_array().expect("sources").is_empty());
    }
    let (_, rest) =
        server.anonymous().get("/api/v1/plans?within=52&status=REQUIRED&total=true").await;
    assert_eq!(rest["total"], 9);
    server.stop().await;
}

#[tokio::test]
async fn what_contradicts_itself_is_kept_and_flagged() {
    let server = TestServer::start().await;
    let query = r#"{ plans(filter: { region: { code: "46150" } }) { nodes { targets(year: 2030) {
        base { exact } target { exact } reduction { exact }
        contradictions { rule stated { exact } computed { exact } } } } } }"#;
    let target = server.anonymous().data(query).await["plans"]["nodes"][0]["targets"][0].take();
    assert_eq!(target["reduction"]["exact"], "703");
    assert_eq!(
        target["contradictions"],
        json!([{ "rule": "base - target = reduction", "stated": { "exact": "703" }, "computed": { "exact": "702" } }])
    );

    // Printed as 726 t, surely kilotonnes: kept as printed, and not a target by default.
    let query = r#"{ plans(filter: { region: { code: "52180" } }) { nodes {
        usual: targets(year: 2030) { kind } printed: targets(kind: AS_PRINTED) {
            target(unit: T) { exact provenance { note } } } } } }"#;
    let plan = server.anonymous().data(query).await["plans"]["nodes"][0].take();
    assert_eq!(plan["usual"], json!([{ "kind": "FINAL" }]));
    assert_eq!(plan["printed"][0]["target"]["exact"], "726");
    server.stop().await;
}

#[tokio::test]
async fn a_name_comes_in_the_language_asked_for() {
    let server = TestServer::start().await;
    let query = r#"{ region(by: { code: "52110" }) { name nameLang en: name(lang: EN) } }"#;
    let korean = server.anonymous().in_lang("ko-KR,ko;q=0.9").data(query).await;
    assert_eq!(korean["region"], json!({ "name": "전주시", "nameLang": "KO", "en": "Jeonju-si" }));
    let english = server.anonymous().in_lang("en").data(query).await;
    assert_eq!(english["region"]["name"], "Jeonju-si");
    server.stop().await;
}
