//! Duties as a list: filtered, paged, followed, and as cheap for all as for one.

use serde_json::{Value, json};
use tests::TestServer;

use super::{TODAY, duties, duty, id, plan_of};

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
