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
async fn a_duty_is_found_by_its_id_alone() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let ids: Vec<String> = duties(&anybody, "within=52&rule=ADOPT_FIRST_PLAN")
        .await
        .iter()
        .map(|it| id(it).to_owned())
        .collect();
    let asked = |ids: &[String]| {
        let fields = "id __typename ... on Obligation { rule region { code } status }";
        format!("{{ nodes(ids: {}) {{ {fields} }} }}", json!(ids))
    };
    let data = anybody.data(&asked(&ids)).await;
    let nodes = data["nodes"].as_array().expect("nodes");
    assert_eq!(nodes.iter().map(id).collect::<Vec<_>>(), ids, "in the order asked");
    assert!(nodes.iter().all(|it| it["__typename"] == "Obligation"), "{nodes:#?}");
    assert!(nodes.iter().all(|it| it["rule"] == "ADOPT_FIRST_PLAN" && it["status"].is_string()));
    let (one, all) = (asked(&ids[..1]), asked(&ids));
    let (one, all) = (server.taken(&anybody, &one).await, server.taken(&anybody, &all).await);
    one.grows_not(&all, "rule");

    // A year or a region of which nothing is asked is nothing; what is no such id is told why.
    let elsewhere = id(&duties(&anybody, "region=52&rule=ADOPT_FIRST_PLAN").await[0]).to_owned();
    let (body, rest) = elsewhere["obligation_".len()..].split_once('_').expect("a region");
    let last = if body.ends_with('0') { '1' } else { '0' };
    let nobody = format!("obligation_{}{last}_{rest}", &body[..body.len() - 1]);
    for nothing in [ids[0].replace("_plan_1", "_plan_9"), nobody] {
        let query =
            format!(r#"{{ node(id: "{nothing}") {{ id }} obligation(id: "{nothing}") {{ id }} }}"#);
        let data = anybody.data(&query).await;
        assert_eq!((&data["node"], &data["obligation"]), (&Value::Null, &Value::Null));
        let (status, told) = anybody.get(&format!("/api/v1/obligations/{nothing}")).await;
        assert_eq!((status, &told["code"]), (404, &json!("NOT_FOUND")), "{nothing}");
    }
    for wrong in [ids[0].replace("_plan_1", "_plan_01"), "obligation_x".to_owned()] {
        let (_, told) = anybody.gql(&format!(r#"{{ node(id: "{wrong}") {{ id }} }}"#)).await;
        let error = &told["errors"][0];
        assert_eq!(
            (&told["data"]["node"], &error["extensions"]["code"]),
            (&Value::Null, &json!("INVALID"))
        );
        let (_, problem) = anybody.get(&format!("/api/v1/obligations/{wrong}")).await;
        for text in [&error["message"], &problem["errors"][0]["message"]] {
            assert!(text.as_str().expect("text").contains("_report_progress_2026"), "{text}");
        }
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
