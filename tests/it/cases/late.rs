//! The clock of a case, by days of Seoul.

use api::access::Role;
use api::date::Day;
use serde_json::json;
use tests::TestServer;

use super::{
    ACT, DAY, asked, draft, organization, path, question, taken, text, three_points, with,
};

#[tokio::test]
async fn what_is_late_is_told_by_the_day_and_a_question_stops_the_clock() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let advisor = server.acting_for(Role::Advisor, "KR", ACT).await;
    let act = organization(&officer, ACT).await;
    let (plan, _) = draft(&officer, "52110").await;
    let today = Day::parse(text(&asked(&officer, question(&plan, &act)).await, "askedOn"));
    let today = today.expect("a day");
    let due = json!({ "title": "급함", "dueOn": today.plus_days(2).to_string() });
    let case = asked(&officer, with(question(&plan, &act), due)).await;
    let case = taken(&advisor, "accept", &case, json!({})).await;

    // Four days on, new tokens are changes of that day: so what is read again as of them agrees.
    server.wait(4 * DAY);
    let advisor = server.acting_for(Role::Advisor, "KR", ACT).await;
    let now = today.plus_days(4);
    let query = |on: &str| {
        format!(
            r#"{{ adviceCases(filter: {{ late: true {on} }}) {{ nodes {{ title overdueBy
              early: overdueBy(on: "{}") events {{ kind on at by }} }} }} }}"#,
            today.plus_days(2)
        )
    };
    let late = advisor.data(&query("")).await["adviceCases"]["nodes"].clone();
    assert_eq!(late.as_array().map(Vec::len), Some(1), "{late}");
    assert_eq!(
        (&late[0]["title"], &late[0]["overdueBy"], &late[0]["early"]),
        (&json!("급함"), &json!(2), &json!(0))
    );
    let told =
        json!({ "kind": "LATE", "on": today.plus_days(3).to_string(), "at": null, "by": null });
    assert_eq!(late[0]["events"][2], told, "{late}");
    let in_time = format!(r#", on: "{}""#, today.plus_days(2));
    assert_eq!(advisor.data(&query(&in_time)).await["adviceCases"]["nodes"], json!([]));
    let soon = format!(r#", on: "{}""#, today.plus_days(31));
    let soon = advisor.data(&query(&soon)).await["adviceCases"]["nodes"].clone();
    assert_eq!(soon.as_array().map(Vec::len), Some(2), "the other one, by then");
    let (_, listed) = advisor.get("/api/v1/advice-cases?late=true&box=inbox").await;
    assert_eq!(
        (listed["items"].as_array().map(Vec::len), &listed["items"][0]["overdueBy"]),
        (Some(1), &json!(2))
    );
    let (_, listed) = advisor.get("/api/v1/advice-cases?late=false&box=inbox").await;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    let reply = advisor.fetch(&path(&case)).await;
    let tag = format!("\"{}.{now}\"", text(&case, "revision"));
    assert_eq!((reply.header("etag"), &reply.body["overdueBy"]), (tag.as_str(), &json!(2)));

    // The days that were late stay late; those of the question do not count.
    let case = taken(&advisor, "question", &reply.body, json!({ "question": "?" })).await;
    server.wait(10 * DAY);
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (_, read) = officer.get(&path(&case)).await;
    assert_eq!((&read["overdueBy"], &read["stoppedOn"]), (&json!(2), &json!(now.to_string())));
    let read = taken(&officer, "reply", &read, json!({ "reply": "." })).await;
    assert_eq!(
        (&read["overdueBy"], &read["dueOn"]),
        (&json!(2), &json!(today.plus_days(12).to_string()))
    );
    let later = format!("{}?on={}", path(&case), today.plus_days(20));
    assert_eq!(officer.get(&later).await.1["overdueBy"], 8);
    let advisor = server.acting_for(Role::Advisor, "KR", ACT).await;
    let read = taken(&advisor, "answer", &read, json!({ "items": three_points() })).await;
    let later = format!("{}?on={}", path(&case), today.plus_days(90));
    assert_eq!(officer.get(&later).await.1["overdueBy"], 2, "as late as it was answered");
    assert_eq!(
        (&read["wantedBy"], &read["answeredOn"]),
        (&json!(today.plus_days(2).to_string()), &json!(today.plus_days(14).to_string()))
    );
    assert_eq!(officer.get(&format!("{}?on=soon", path(&case))).await.0, 422);
    server.stop().await;
}
