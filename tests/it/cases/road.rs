//! The road of a case, from the question to the last reply.

use api::access::Role;
use api::date::Day;
use serde_json::{Value, json};
use tests::{Client, TestServer};

use super::{
    ACT, DAY, JBCNC, KECO, asked, draft, inbox, mutate, organization, path, question, reads, step,
    taken, text, three_points, with,
};

#[tokio::test]
async fn a_question_reaches_its_adviser_alone_and_comes_back_answered() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let advisor = server.acting_for(Role::Advisor, "KR", ACT).await;
    let (plan, measure) = draft(&officer, "52110").await;
    let act = organization(&officer, ACT).await;
    assert_eq!(reads(&advisor, &plan, &measure).await.0, 0, "before it is asked");

    let about = json!({ "about": measure["id"], "field": "reductions" });
    let case = asked(&officer, with(question(&plan, &act), about)).await;
    assert_eq!(
        (&case["state"], &case["contentRevision"], &case["about"]),
        (
            &json!("REQUESTED"),
            &plan["contentRevision"],
            &json!({ "kind": "MEASURE", "id": measure["id"], "field": "reductions" })
        )
    );
    let asked_on = Day::parse(text(&case, "askedOn")).expect("a day");
    assert_eq!(case["dueOn"], json!(asked_on.plus_days(30).to_string()));

    // It is in the inbox of who is asked, in the outbox of who asks, and nowhere else.
    assert_eq!(inbox(&advisor).await, ["감축량 검토"]);
    let sent = "{ adviceCases(filter: { box: SENT }) { nodes { title plan { title } measure { title } } } }";
    let sent = officer.data(sent).await["adviceCases"]["nodes"].clone();
    assert_eq!(
        sent,
        json!([{ "title": "감축량 검토", "plan": { "title": "숨은 초안" }, "measure": { "title": "숨은 과제" } }])
    );
    assert_eq!(inbox(&officer).await, [""; 0]);
    for other in [
        server.acting_for(Role::Advisor, "KR", KECO).await,
        server.acting_for(Role::Advisor, "48", ACT).await,
        server.acting_for(Role::SupportCentre, "48", JBCNC).await,
        server.signed_in(Role::Advisor, "KR").await,
        server.signed_in(Role::MunicipalOfficer, "52140").await,
        server.anonymous(),
    ] {
        assert_eq!(inbox(&other).await, [""; 0]);
        assert_eq!(other.get(&path(&case)).await.0, 404);
        assert_eq!(reads(&other, &plan, &measure).await.0, 0);
    }
    // A centre of the region sees its drafts, and so the case; it is not asked.
    let centre = server.acting_for(Role::SupportCentre, "52", JBCNC).await;
    assert_eq!((centre.get(&path(&case)).await.0, inbox(&centre).await.len()), (200, 0));

    // While it is open, who is asked reads the draft, as it was asked about too, and writes nothing.
    let (open, all) = reads(&advisor, &plan, &measure).await;
    assert_eq!(open, all, "while it is open");
    let change = json!({ "title": "남의 계획" });
    let tag = format!("\"{}\"", text(&plan, "revision"));
    let plan_path = format!("/api/v1/plans/{}", text(&plan, "id"));
    assert_eq!(advisor.patch(&plan_path, &tag, change.clone()).await.0, 403);
    let can = format!(
        r#"{{ viewer {{ can(action: SEE_DRAFTS, plan: "{}") {{ allowed }} }} }}"#,
        text(&plan, "id")
    );
    assert_eq!(advisor.data(&can).await["viewer"]["can"]["allowed"], true);

    let of = |case: &Value| json!({ "id": case["id"], "revision": case["revision"] });
    let accepted = mutate(&advisor, "acceptCase", "AcceptCaseInput", of(&case)).await;
    let accepted = &accepted["adviceCase"];
    assert_eq!(accepted["state"], "ACCEPTED");
    let case = taken(&advisor, "question", accepted, json!({ "question": "단위는?" })).await;
    assert_eq!(case["stoppedOn"], case["askedOn"], "{case}");

    // The clock stands, over days in which tokens run out.
    server.wait(3 * DAY);
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let advisor = server.acting_for(Role::Advisor, "KR", ACT).await;
    let input = with(of(&case), json!({ "reply": "톤입니다" }));
    let replied = mutate(&officer, "replyToQuestion", "ReplyToQuestionInput", input).await;
    let case = &replied["adviceCase"];
    assert_eq!(case["dueOn"], json!(asked_on.plus_days(33).to_string()));
    assert_eq!(case["stoppedOn"], Value::Null);

    let answer = json!({ "summary": "대체로 좋습니다", "items": three_points() });
    let input = with(of(case), answer);
    let answered = mutate(&advisor, "answerCase", "AnswerCaseInput", input).await;
    let case = answered["adviceCase"].clone();
    assert_eq!(case["state"], "ANSWERED", "{answered}");

    let (status, changed) = officer.patch(&plan_path, &tag, change).await;
    assert_eq!(status, 200, "{changed}");
    let resolved = json!({ "reply": "ACCEPTED", "resolvedBy": changed["revision"] });
    let input = json!({ "case": case["id"], "item": case["items"][0]["id"],
        "revision": case["items"][0]["revision"] });
    let told = mutate(&officer, "replyToItem", "ReplyToItemInput", with(input, resolved)).await;
    assert_eq!(told["adviceCase"]["items"][0]["reply"], "ACCEPTED", "{told}");
    let item = |n: usize| {
        let item = &case["items"][n];
        (format!("{}/items/{}/reply", path(&case), text(item, "id")), item)
    };
    let (to, second) = item(1);
    let partly = json!({ "reply": "PARTLY", "reason": "자료가 없습니다" });
    let (status, second) = step(&officer, &to, second, partly).await;
    assert_eq!((status, &second["reply"]), (200, &json!("PARTLY")));

    let read = officer.get(&path(&case)).await.1;
    let (status, refused) =
        step(&officer, &format!("{}/close", path(&case)), &read, json!({})).await;
    assert_eq!((status, &refused["code"]), (409, &json!("GUARD_FAILED")));
    let third = text(&case["items"][2], "id");
    assert!(text(&refused, "detail").contains(&format!("3 ({third})")), "{refused}");
    let (to, third) = item(2);
    let declined = json!({ "reply": "DECLINED", "reason": "여건이 다릅니다" });
    assert_eq!(step(&officer, &to, third, declined).await.0, 200);
    let read = officer.get(&path(&case)).await.1;
    let closed = taken(&officer, "close", &read, json!({})).await;
    assert_eq!((&closed["state"], &closed["overdueBy"]), (&json!("CLOSED"), &json!(0)));
    assert_eq!(closed["items"][0]["resolvedBy"], changed["revision"]);

    // At once, and in the past as well; the case itself stays readable to who answered it.
    assert_eq!(reads(&advisor, &plan, &measure).await.0, 0, "after it is closed");
    assert_eq!(advisor.get(&path(&case)).await.1, closed);
    let query = format!(
        r#"{{ adviceCase(id: "{0}") {{ planId plan {{ title }} measure {{ title }} adviser {{ externalId }}
          region {{ code }} questions {{ number reply }} items {{ number severity basis text reply reason }}
          events {{ kind by accountId }} }} node(id: "{0}") {{ __typename }} }}"#,
        text(&case, "id")
    );
    let data = advisor.data(&query).await;
    let seen = &data["adviceCase"];
    assert_eq!((&seen["plan"], &seen["measure"]), (&Value::Null, &Value::Null));
    assert_eq!((&seen["planId"], &seen["adviser"]["externalId"]), (&plan["id"], &json!(ACT)));
    assert_eq!(seen["questions"], json!([{ "number": 1, "reply": "톤입니다" }]));
    assert_eq!(data["node"]["__typename"], "AdviceCase");
    let happened: Vec<(&str, &str)> = seen["events"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| (text(event, "kind"), text(event, "by")))
        .collect();
    assert_eq!(
        happened,
        [
            ("REQUESTED", "ASKER"),
            ("ACCEPTED", "ADVISER"),
            ("QUESTIONED", "ADVISER"),
            ("REPLIED", "ASKER"),
            ("ANSWERED", "ADVISER"),
            ("ITEM_REPLIED", "ASKER"),
            ("ITEM_REPLIED", "ASKER"),
            ("ITEM_REPLIED", "ASKER"),
            ("CLOSED", "ASKER"),
        ]
    );
    let me = officer.get("/api/v1/me").await.1;
    assert_eq!(seen["events"][8]["accountId"], me["id"]);

    // What it was is read as of the revisions its events name.
    let (_, events) = officer.get(&format!("{}/events", path(&case))).await;
    let then = text(&events["items"][1], "revision");
    let (_, then) = advisor.get(&format!("{}?asOf={then}", path(&case))).await;
    assert_eq!((&then["state"], &then["items"]), (&json!("ACCEPTED"), &json!([])));
    server.stop().await;
}

#[tokio::test]
async fn many_cases_take_as_many_statements_as_one() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let advisor = server.acting_for(Role::Advisor, "KR", ACT).await;
    let act = organization(&officer, ACT).await;
    let (plan, measure) = draft(&officer, "52110").await;
    let (own, _) = draft(&province, "52").await;
    let one = async |asker: &Client, plan: &Value, more: Value| {
        let case = asked(asker, with(question(plan, &act), more)).await;
        let case = taken(&advisor, "accept", &case, json!({})).await;
        let case = taken(&advisor, "question", &case, json!({ "question": "?" })).await;
        let case = taken(asker, "reply", &case, json!({ "reply": "." })).await;
        taken(&advisor, "answer", &case, json!({ "items": three_points() })).await
    };
    let query = r#"{ regions(within: { code: "52" }) { code }
        adviceCases(first: 50) { totalCount nodes { title plan { title adviceCases { title } } region { code }
          adviser { externalId } measure { title } questions { number } items { text } events { kind } overdueBy } } }"#;
    one(&officer, &plan, json!({ "about": measure["id"] })).await;
    let few = server.taken(&province, query).await;
    assert_eq!(few.data["adviceCases"]["totalCount"], 1);
    for _ in 0..3 {
        one(&officer, &plan, json!({ "about": measure["id"] })).await;
        one(&province, &own, json!({})).await;
    }
    let many = server.taken(&province, query).await;
    assert_eq!(many.data["adviceCases"]["totalCount"], 7);
    few.grows_not(&many, "text");
    server.stop().await;
}
