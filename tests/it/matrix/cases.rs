//! The operations of advice cases, tried on one that is over: its adviser sees the plan no more.

use api::access::{Action, Role};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, TestServer};

use super::operations::{Operation, Site, World};

pub(super) const READS: &[&str] = &[
    "adviceCase",
    "adviceCases",
    "getAdviceCase",
    "getAdviceItem",
    "listAdviceCases",
    "listAdviceEvents",
    "listPlanAdviceCases",
];

async fn step(client: &Client, path: &str, of: &Value, body: Value) -> Value {
    let tag = format!("\"{}\"", of["revision"].as_str().expect("a revision"));
    let request = client.request(Method::POST, path).header("if-match", tag).json(&body);
    let reply = client.send(request).await;
    assert_eq!(reply.status, 200, "{path} {}", reply.body);
    reply.body
}

pub(super) async fn operations(server: &TestServer, it: &World) -> Vec<Operation> {
    use Action::{AskAdvice, GiveAdvice};
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let advisor = server.acting_for(Role::Advisor, "KR", "jeonbuk:ORG-ACT").await;
    let (_, plan) = officer.get(&format!("/api/v1/plans/{}", it.plan)).await;
    let act = advisor.get("/api/v1/me").await.1["grants"][0]["organizationId"].clone();
    let new = |title: &str| {
        json!({ "plan": it.plan, "adviser": act, "title": title, "question": "?",
            "contentRevision": plan["contentRevision"] })
    };
    let (status, case) = officer.post("/api/v1/advice-cases", new("감축량")).await;
    assert_eq!(status, 201, "{case}");
    let path = format!("/api/v1/advice-cases/{}", case["id"].as_str().expect("an id"));
    let verb = |verb: &str| format!("{path}/{verb}");
    let case = step(&advisor, &verb("accept"), &case, json!({})).await;
    let answer = json!({ "items": [{ "severity": "NOTE", "text": "좋습니다" }] });
    let case = step(&advisor, &verb("answer"), &case, answer).await;
    let item = &case["items"][0];
    let replied = verb(&format!("items/{}/reply", item["id"].as_str().expect("an id")));
    step(&officer, &replied, item, json!({ "reply": "ACCEPTED" })).await;
    step(&officer, &verb("close"), &officer.get(&path).await.1, json!({})).await;

    let in_case = json!({ "id": case["id"], "revision": "0" });
    let of_item = json!({ "case": case["id"], "item": item["id"], "revision": "0" });
    let steps = [
        ("acceptCase", verb("accept"), json!({}), GiveAdvice),
        ("declineCase", verb("decline"), json!({ "reason": "." }), GiveAdvice),
        ("askBack", verb("question"), json!({ "question": "?" }), GiveAdvice),
        ("answerCase", verb("answer"), json!({ "items": [] }), GiveAdvice),
        ("replyToQuestion", verb("reply"), json!({ "reply": "." }), AskAdvice),
        ("replyToItem", replied, json!({ "reply": "ACCEPTED" }), AskAdvice),
        ("closeCase", verb("close"), json!({}), AskAdvice),
        ("withdrawCase", verb("withdraw"), json!({}), AskAdvice),
    ];
    let steps = steps.into_iter().map(|(mutation, path, fields, action)| Operation {
        mutation,
        rest: Some((mutation, Method::POST, path)),
        fields,
        named: if mutation == "replyToItem" { of_item.clone() } else { in_case.clone() },
        needs: (action, Site::Case),
    });
    let ask = Operation {
        mutation: "createAdviceCase",
        rest: Some(("createAdviceCase", Method::POST, "/api/v1/advice-cases".to_owned())),
        fields: new(""),
        named: json!({}),
        needs: (AskAdvice, Site::Plan),
    };
    steps.chain([ask]).collect()
}
