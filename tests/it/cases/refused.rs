//! What does not fit is refused, and changes nothing.

use api::access::Role;
use api::date::Day;
use reqwest::Method;
use serde_json::{Value, json};
use tests::TestServer;

use super::{
    ACT, asked, draft, latest, mutate, organization, path, question, step, text, three_points,
    with, world,
};

#[tokio::test]
async fn a_step_that_does_not_fit_is_refused_and_changes_nothing() {
    let server = TestServer::start().await;
    let it = world(&server).await;
    let before = latest(&server).await;
    let point = |case: &Value, n: usize| format!("items/{}/reply", text(&case["items"][n], "id"));
    let first = point(&it.answered, 0);
    let guard = "GUARD_FAILED";
    let points = json!({ "items": three_points() });
    let answers = |items: Value| json!({ "items": items });
    let many = json!([{ "severity": "COULD", "text": "." }]);
    let long = answers(vec![many[0].clone(); 101].into());
    let unfounded = answers(json!([{ "severity": "MUST", "text": "." }]));
    let blank = answers(json!([many[0], { "severity": "COULD", "text": " " }]));
    let (nothing, asks, says) = (json!({}), json!({ "question": "?" }), json!({ "reply": "." }));
    let why = json!({ "reason": "." });
    let (by_officer, by_advisor) = (&it.officer, &it.advisor);
    for (client, case, verb, body, code, pointer) in [
        (by_advisor, &it.accepted, "accept", &nothing, guard, ""),
        (by_advisor, &it.withdrawn, "accept", &nothing, guard, ""),
        (by_advisor, &it.declined, "accept", &nothing, guard, ""),
        (by_advisor, &it.accepted, "decline", &why, guard, ""),
        (by_advisor, &it.requested, "decline", &json!({ "reason": " " }), "INVALID", "/reason"),
        (by_advisor, &it.requested, "question", &asks, guard, ""),
        (by_advisor, &it.paused, "question", &asks, guard, ""),
        (by_advisor, &it.answered, "question", &asks, guard, ""),
        (by_advisor, &it.accepted, "question", &json!({ "question": "" }), "INVALID", "/question"),
        (by_officer, &it.accepted, "reply", &says, guard, ""),
        (by_officer, &it.paused, "reply", &json!({ "reply": " " }), "INVALID", "/reply"),
        (by_advisor, &it.requested, "answer", &points, guard, ""),
        (by_advisor, &it.paused, "answer", &points, guard, ""),
        (by_advisor, &it.answered, "answer", &points, guard, ""),
        (by_advisor, &it.withdrawn, "answer", &points, guard, ""),
        (by_advisor, &it.accepted, "answer", &answers(json!([])), "INVALID", "/items"),
        (by_advisor, &it.accepted, "answer", &long, "INVALID", "/items"),
        (by_advisor, &it.accepted, "answer", &unfounded, "INVALID", "/items/0/basis"),
        (by_advisor, &it.accepted, "answer", &blank, "INVALID", "/items/1/text"),
        (by_officer, &it.answered, "close", &nothing, guard, ""),
        (by_officer, &it.accepted, "close", &nothing, guard, ""),
        (by_officer, &it.answered, "withdraw", &nothing, guard, ""),
        (by_officer, &it.withdrawn, "withdraw", &nothing, guard, ""),
        // A point of another case is none of this one.
        (
            by_officer,
            &it.accepted,
            first.as_str(),
            &json!({ "reply": "ACCEPTED" }),
            "NOT_FOUND",
            "/item",
        ),
        // Neither side takes the other's steps.
        (by_officer, &it.requested, "accept", &nothing, "FORBIDDEN", ""),
        (by_officer, &it.accepted, "answer", &points, "FORBIDDEN", ""),
        (by_advisor, &it.answered, "close", &nothing, "FORBIDDEN", ""),
        (by_advisor, &it.requested, "withdraw", &nothing, "FORBIDDEN", ""),
    ] {
        let (_, told) = step(client, &format!("{}/{verb}", path(case)), case, body.clone()).await;
        let at = told["errors"][0]["pointer"].as_str().unwrap_or_default();
        assert_eq!((told["code"].as_str(), at), (Some(code), pointer), "{verb} {told}");
        let korean = client.in_lang("ko");
        let (_, told) = step(&korean, &format!("{}/{verb}", path(case)), case, body.clone()).await;
        let hangul = |letter: char| ('가'..='힣').contains(&letter);
        assert!(text(&told, "detail").contains(hangul), "{told}");
    }

    // What is replied to a point must be explained, and what resolved it must have.
    let to = format!("{}/{first}", path(&it.answered));
    let by = |revision: &Value| json!({ "reply": "ACCEPTED", "resolvedBy": revision });
    let nothing_of_the_plan = it.requested["revision"].clone();
    for (reply, pointer) in [
        (json!({ "reply": "PARTLY" }), "/reason"),
        (json!({ "reply": "DECLINED" }), "/reason"),
        (json!({ "reply": "LATER" }), "/reply"),
        (by(&it.plan["contentRevision"]), "/resolvedBy"),
        (by(&it.plan["revision"]), "/resolvedBy"),
        (by(&nothing_of_the_plan), "/resolvedBy"),
        (by(&json!("999999")), "/resolvedBy"),
        (by(&json!("x")), "/resolvedBy"),
    ] {
        let (status, told) = step(&it.officer, &to, &it.answered["items"][0], reply.clone()).await;
        assert_eq!(
            (status, &told["errors"][0]["pointer"]),
            (422, &json!(pointer)),
            "{reply} {told}"
        );
    }

    // A step says at which revision the case was read.
    let accept = format!("{}/accept", path(&it.requested));
    let (status, _) = it.advisor.post(&accept, json!({})).await;
    assert_eq!(status, 428);
    let stale = json!({ "revision": "1" });
    assert_eq!(step(&it.advisor, &accept, &stale, json!({})).await.0, 412);
    let input = json!({ "id": it.requested["id"], "revision": "1" });
    let told = mutate(&it.advisor, "acceptCase", "AcceptCaseInput", input).await;
    assert_eq!(told["errors"][0]["code"], "CONFLICT");
    assert_eq!(told["errors"][0]["currentRevision"], it.requested["revision"]);
    let input = json!({ "id": it.withdrawn["id"], "revision": it.withdrawn["revision"] });
    let told = mutate(&it.advisor, "acceptCase", "AcceptCaseInput", input).await;
    assert_eq!(told["errors"][0]["code"], guard);
    assert!(text(&told["errors"][0], "message").contains("WITHDRAWN"), "{told}");
    assert_eq!(latest(&server).await, before, "nothing was written");
    server.stop().await;
}

#[tokio::test]
async fn what_is_asked_is_a_question_about_the_plan_to_somebody_who_advises_there() {
    let server = TestServer::start().await;
    let it = world(&server).await;
    let (other, foreign) = {
        let iksan = server.signed_in(Role::MunicipalOfficer, "52140").await;
        draft(&iksan, "52140").await
    };
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let province = server.anonymous().get("/api/v1/regions/52/plans").await.1["items"][0].clone();
    let target = &server
        .anonymous()
        .get(&format!("/api/v1/plans/{}/targets", text(&province, "id")))
        .await
        .1["items"][0];
    let before = latest(&server).await;
    let jri = organization(&it.officer, "jeonbuk:ORG-JRI").await;
    let jjcnc = organization(&it.officer, "jeonbuk:ORG-JJCNC").await;
    let today = Day::parse(text(&it.requested, "askedOn")).expect("a day");
    let nobody = "organization_01jz7p4k9vf3b8m2xq6r0t5w1y";
    let gone = "measure_01jz7p4k9vf3b8m2xq6r0t5w1y";
    let with_field = |about: &Value, field: &str| json!({ "about": about, "field": field });
    for (more, code, pointer) in [
        (json!({ "title": " " }), "INVALID", "/title"),
        (json!({ "question": "" }), "INVALID", "/question"),
        (json!({ "dueOn": today.plus_days(-1).to_string() }), "INVALID", "/dueOn"),
        (json!({ "dueOn": today.plus_days(400).to_string() }), "INVALID", "/dueOn"),
        (json!({ "dueOn": "2027-02-30" }), "INVALID", "/dueOn"),
        (json!({ "adviser": jri }), "INVALID", "/adviser"),
        (json!({ "adviser": nobody }), "NOT_FOUND", "/adviser"),
        (json!({ "adviser": "region_x" }), "INVALID", "/adviser"),
        (json!({ "contentRevision": "1" }), "INVALID", "/contentRevision"),
        (json!({ "contentRevision": "999999" }), "INVALID", "/contentRevision"),
        (json!({ "contentRevision": "-1" }), "INVALID", "/contentRevision"),
        (json!({ "about": other["id"] }), "INVALID", "/about"),
        (json!({ "about": foreign["id"] }), "NOT_FOUND", "/about"),
        (json!({ "about": target["id"] }), "INVALID", "/about"),
        (json!({ "about": gone }), "NOT_FOUND", "/about"),
        (with_field(&it.plan["id"], "reductions"), "INVALID", "/field"),
        (with_field(&it.measure["id"], "base_year"), "INVALID", "/field"),
        (json!({ "plan": other["id"] }), "NOT_FOUND", "/plan"),
        (json!({ "plan": province["id"] }), "FORBIDDEN", ""),
    ] {
        let new = with(question(&it.plan, &it.act), more.clone());
        let (_, told) = it.officer.post("/api/v1/advice-cases", new).await;
        let at = told["errors"][0]["pointer"].as_str().unwrap_or_default();
        assert_eq!((told["code"].as_str(), at), (Some(code), pointer), "{more} {told}");
    }
    // A centre of one city does not work in another.
    let elsewhere = question(&other, &jjcnc);
    let (status, told) = neighbour.post("/api/v1/advice-cases", elsewhere).await;
    assert_eq!((status, &told["errors"][0]["pointer"]), (422, &json!("/adviser")), "{told}");
    assert_eq!(latest(&server).await, before, "nothing was written");

    // Each kind of thing, by a field as it stands on the wire; the revision is that of its contents.
    for (about, field, kind) in
        [(&it.plan, "baseYear", "PLAN"), (&it.measure, "department", "MEASURE")]
    {
        let more = json!({ "about": about["id"], "field": field, "dueOn": today.to_string() });
        let case = asked(&it.officer, with(question(&it.plan, &jjcnc), more)).await;
        assert_eq!(
            (&case["about"]["kind"], &case["about"]["field"]),
            (&json!(kind), &json!(field))
        );
    }
    let later = json!({ "contentRevision": it.requested["revision"] });
    let case = asked(&it.officer, with(question(&it.plan, &it.act), later)).await;
    assert_eq!(case["contentRevision"], it.plan["contentRevision"], "nothing moved since");

    // Sent twice under one key, it is asked once.
    let send = async || {
        let request = it.officer.request(Method::POST, "/api/v1/advice-cases");
        let request = request.header("idempotency-key", "one");
        it.officer.send(request.json(&question(&it.plan, &it.act))).await
    };
    let (first, second) = (send().await, send().await);
    assert_eq!((first.status, second.status), (201, 201), "{}", second.body);
    assert_eq!(first.body, second.body);
    server.stop().await;
}

#[tokio::test]
async fn of_two_answers_one_counts() {
    let server = TestServer::start().await;
    let it = world(&server).await;
    let colleague = server.acting_for(Role::Advisor, "KR", ACT).await;
    let to = format!("{}/answer", path(&it.accepted));
    let answer = json!({ "items": three_points() });
    let (one, two) = tokio::join!(
        step(&it.advisor, &to, &it.accepted, answer.clone()),
        step(&colleague, &to, &it.accepted, answer)
    );
    let mut told = [one.0, two.0];
    told.sort_unstable();
    assert_eq!(told, [200, 412], "{} {}", one.1, two.1);
    let (_, case) = it.officer.get(&path(&it.accepted)).await;
    assert_eq!(case["items"].as_array().map(Vec::len), Some(3));
    server.stop().await;
}
