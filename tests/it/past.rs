//! What is said to have happened has happened: no such day lies in the future.

use api::access::Role;
use api::date::Day;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, TestServer};

const NEVER: &str = "2999-01-01";

fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("an id: {thing}")).to_owned()
}

async fn made(maker: &Client, path: &str, new: Value) -> Value {
    let (status, thing) = maker.post(path, new).await;
    assert_eq!(status, 201, "{path} {thing}");
    thing
}

/// What a REST write of something at a revision is told, in Korean and in English.
async fn told(asker: &Client, (method, path): (&str, &str), body: &Value) -> [(u16, Value); 2] {
    let send = async |lang| {
        let method: Method = method.parse().expect("a method");
        let request = asker.in_lang(lang).request(method, path).header("if-match", "*");
        let reply = asker.send(request.json(body)).await;
        (reply.status, reply.body)
    };
    [send("ko").await, send("en").await]
}

#[tokio::test]
async fn no_day_on_which_something_happened_lies_in_the_future() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let today = Day::in_seoul(server.now()).to_string();
    let region = json!({ "code": "52110" });
    let issue = json!({ "region": region, "category": "data_gap", "title": "자료 없음" });
    let issue = made(&officer, "/api/v1/issues", issue).await;
    let forum = json!({ "region": region, "title": "포럼", "heldOn": NEVER });
    let later = made(&officer, "/api/v1/forums", forum).await;
    assert_eq!(later["heldOn"]["text"], NEVER, "a forum may be to come");
    let forum =
        made(&officer, "/api/v1/forums", json!({ "region": region, "title": "포럼" })).await;
    let data = officer.data("{ organizations(first: 1) { nodes { id } } }").await;
    let promise =
        json!({ "text": "보냄", "owner": data["organizations"]["nodes"][0]["id"], "dueOn": NEVER });
    let path = format!("/api/v1/forums/{}/follow-ups", id(&forum));
    let promise = made(&officer, &path, promise).await;
    let check = json!({ "region": region, "year": 2024, "kind": "PUBLIC_SECTOR" });
    let check = made(&officer, "/api/v1/progress-checks", check).await;
    let [issue_path, promise_path, check_path] =
        [("issues", &issue), ("follow-ups", &promise), ("progress-checks", &check)]
            .map(|(things, thing)| format!("/api/v1/{things}/{}", id(thing)));
    let raised =
        json!({ "region": region, "category": "data_gap", "title": "남", "raisedOn": NEVER });
    let checked =
        json!({ "region": region, "year": 2023, "kind": "PUBLIC_SECTOR", "reviewedOn": NEVER });
    let solved = json!({ "solution": "함께 모음", "solvedOn": NEVER });
    for (method, path, body, field) in [
        ("POST", "/api/v1/issues".to_owned(), raised, "raisedOn"),
        ("PATCH", issue_path.clone(), json!({ "raisedOn": "2999" }), "raisedOn"),
        ("POST", format!("{issue_path}/solve"), solved, "solvedOn"),
        ("PATCH", promise_path.clone(), json!({ "doneOn": "2999-01" }), "doneOn"),
        ("POST", format!("{promise_path}/complete"), json!({ "doneOn": NEVER }), "doneOn"),
        ("POST", "/api/v1/progress-checks".to_owned(), checked, "reviewedOn"),
        ("PATCH", check_path.clone(), json!({ "reviewedOn": NEVER }), "reviewedOn"),
    ] {
        let [(status, korean), (_, english)] = told(&officer, (method, &path), &body).await;
        let pointer = format!("/{field}");
        assert_eq!((status, &korean["code"]), (422, &json!("INVALID")), "{path} {korean}");
        assert_eq!(korean["errors"][0]["pointer"], pointer.as_str(), "{path} {korean}");
        let said =
            |body: &Value| body["errors"][0]["message"].as_str().unwrap_or_default().to_owned();
        assert_eq!(said(&korean), format!("아직 오지 않은 날입니다. 오늘은 {today}입니다."));
        assert_eq!(said(&english), format!("That day has not come: today is {today}."));
    }
    for (mutation, type_, input, field) in [
        (
            "solveIssue",
            "SolveIssueInput",
            json!({ "id": issue["id"], "solution": "x", "solvedOn": NEVER }),
            "solvedOn",
        ),
        (
            "completeFollowUp",
            "CompleteFollowUpInput",
            json!({ "id": promise["id"], "doneOn": NEVER }),
            "doneOn",
        ),
        (
            "updateProgressCheck",
            "UpdateProgressCheckInput",
            json!({ "id": check["id"], "reviewedOn": NEVER }),
            "reviewedOn",
        ),
    ] {
        let thing = [&issue, &promise, &check].into_iter().find(|it| it["id"] == input["id"]);
        let mut input = input;
        input["revision"] = thing.expect("the thing")["revision"].clone();
        let query = format!(
            "mutation($input: {type_}!) {{ {mutation}(input: $input) {{ errors {{ code path }} }} }}"
        );
        let (_, body) = officer.gql_with(&query, json!({ "input": input })).await;
        let wanted = json!([{ "code": "INVALID", "path": ["input", field] }]);
        assert_eq!(body["data"][mutation]["errors"], wanted, "{body}");
    }
    // Of a year that has begun it may have been a day that is over.
    let begun = json!({ "doneOn": &today[..4] });
    let [(status, body), _] = told(&officer, ("PATCH", &promise_path), &begun).await;
    assert_eq!((status, &body["doneOn"]["text"]), (200, &json!(today[..4])), "{body}");
    let [(status, body), _] =
        told(&officer, ("PATCH", &check_path), &json!({ "reviewedOn": today })).await;
    assert_eq!((status, &body["reviewedOn"]["text"]), (200, &json!(today)), "{body}");
    server.stop().await;
}
