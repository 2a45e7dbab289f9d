//! What is due and planned, for calendar programs.

use api::access::Role;
use api::date::Day;
use serde_json::json;
use tests::TestServer;

use super::{duty, id, plan_of};

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
