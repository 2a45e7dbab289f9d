//! The road of a yearly check, step by step (Framework Act, Art. 13), and what it keeps.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

fn kt(amount: &str) -> Value {
    json!({ "amount": amount, "unit": "KT" })
}

fn krw(amount: &str) -> Value {
    json!({ "amount": amount, "unit": "KRW" })
}

fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("no id: {thing}")).to_owned()
}

async fn made(maker: &Client, path: &str, new: Value) -> Value {
    let (status, thing) = maker.post(path, new).await;
    assert_eq!(status, 201, "{path} {thing}");
    thing
}

/// A plan of Jeonju's that is a draft, with three measures of mitigation, one that was decided
/// before, and one that prepares the ground; and its check of 2024.
struct World {
    plan: String,
    check: String,
    /// The measures that are to be assessed.
    measures: [String; 3],
    indicator: String,
}

async fn world(officer: &Client) -> World {
    let plan = json!({ "region": { "code": "52110" }, "title": "제2차 계획", "round": 2 });
    let plan = id(&made(officer, "/api/v1/plans", plan).await);
    let measure = async |more: Value| {
        let mut new = json!({ "plan": plan, "family": "MITIGATION" });
        new.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("one"));
        id(&made(officer, "/api/v1/measures", new).await)
    };
    let budget = |fund: &str, sum: &str| json!({ "year": 2024, "fund": fund, "planned": krw(sum) });
    let first = measure(json!({ "title": "그린리모델링", "sector": "BUILDING",
        "reductions": [{ "year": 2024, "reduction": kt("100") }, { "year": 2030, "reduction": kt("700") }],
        "budgets": [budget("NATIONAL", "5000"), budget("MUNICIPAL", "3000")] }));
    let first = first.await;
    let second = measure(json!({ "title": "전기차 보급", "sector": "TRANSPORT",
        "reductions": [{ "year": 2024, "reduction": kt("50.5") }],
        "budgets": [budget("NATIONAL", "7000")] }));
    let second = second.await;
    let third = measure(json!({ "title": "수소차 보급", "sector": "TRANSPORT" })).await;
    measure(json!({ "title": "앞서 정한 일", "status": "PRECURSOR" })).await;
    measure(json!({ "title": "환경 교육", "family": "RESPONSE_BASE" })).await;
    let (_, definitions) = officer.get("/api/v1/indicator-definitions?limit=100").await;
    let definitions = definitions["items"].as_array().cloned().unwrap_or_default();
    let whole = definitions.iter().find(|it| it["decimals"] == 0).expect("a count");
    let indicator = json!({ "definition": whole["id"], "plan": plan, "measure": first });
    let indicator = id(&made(officer, "/api/v1/indicators", indicator).await);
    let value = |amount: &str| json!({ "value": { "amount": amount, "unit": whole["unit"] } });
    let path = format!("/api/v1/indicators/{indicator}");
    let goal = officer.put(&format!("{path}/goals/2024?kind=ANNUAL"), None, value("200")).await;
    assert_eq!(goal.0, 200, "{}", goal.1);
    let seen = officer.put(&format!("{path}/observations/2024"), None, value("150")).await;
    assert_eq!(seen.0, 200, "{}", seen.1);
    let check = json!({ "plan": plan, "year": 2024, "kind": "BASIC_PLAN" });
    let check = id(&made(officer, "/api/v1/progress-checks", check).await);
    World { plan, check, measures: [first, second, third], indicator }
}

impl World {
    fn path(&self) -> String {
        format!("/api/v1/progress-checks/{}", self.check)
    }

    fn assessment(&self, n: usize) -> String {
        format!("{}/assessments/{}", self.path(), self.measures[n])
    }

    async fn assess(&self, officer: &Client) {
        for (n, assessment) in [
            json!({ "grade": "ACHIEVED", "achievedReduction": kt("110"), "budgets": [
                { "fund": "NATIONAL", "executed": krw("4000") },
                { "fund": "PRIVATE_OTHER", "executed": krw("900") }] }),
            json!({ "grade": "DELAYED", "achievedReduction": kt("40.25"), "reason": "출고 지연",
                "correctiveAction": "물량 확보", "budgets": [{ "fund": "NATIONAL", "executed": krw("3500") }] }),
            json!({ "grade": "NOT_DUE" }),
        ]
        .into_iter()
        .enumerate()
        {
            let (status, body) = officer.put(&self.assessment(n), None, assessment).await;
            assert_eq!(status, 200, "{body}");
        }
    }

    /// Takes a step by REST, at the current revision.
    async fn step(&self, asker: &Client, step: Value) -> (u16, Value) {
        let (_, check) = asker.get(&self.path()).await;
        let mut body = json!({ "revision": check["revision"] });
        body.as_object_mut().expect("an object").extend(step.as_object().cloned().expect("one"));
        asker.post(&format!("{}/transitions", self.path()), body).await
    }

    /// The same by GraphQL.
    async fn mutate(&self, asker: &Client, step: Value) -> Value {
        let (_, check) = asker.get(&self.path()).await;
        let mut input = json!({ "id": self.check, "revision": check["revision"] });
        input.as_object_mut().expect("an object").extend(step.as_object().cloned().expect("one"));
        let query = "mutation($input: TransitionProgressCheckInput!) {
            transitionProgressCheck(input: $input) { progressCheck { state revision
              steps { transition state on dueOn isLate note exemption organization { externalId } revision } }
            errors { code path message } } }";
        let (_, body) = asker.gql_with(query, json!({ "input": input })).await;
        body["data"]["transitionProgressCheck"].clone()
    }
}

fn on(transition: &str, day: &str) -> Value {
    json!({ "transition": transition, "on": day })
}

fn noted(transition: &str, day: &str) -> Value {
    json!({ "transition": transition, "on": day, "note": "사업비 집행을 앞당길 것" })
}

async fn committee(asker: &Client) -> Value {
    let query = r#"{ organizations(filter: { kind: { eq: COMMITTEE } }, first: 100) { nodes { id externalId } } }"#;
    let data = asker.data(query).await;
    let all = data["organizations"]["nodes"].as_array().expect("nodes").clone();
    let ours = all.iter().find(|it| it["externalId"] == "jeonbuk:ORG-52110-CMT");
    ours.expect("Jeonju's committee")["id"].clone()
}

#[tokio::test]
async fn a_check_goes_its_whole_road_and_every_step_has_its_rule() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let it = world(&officer).await;
    let refused = async |asker: &Client, step: Value, sentence: &str| {
        let (status, body) = it.step(asker, step.clone()).await;
        assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")), "{step} {body}");
        let reasons = body["errors"].to_string();
        assert!(reasons.contains(sentence), "{step} {body}");
        assert_eq!(body["errors"][0]["pointer"], "/transition");
        let by_graphql = it.mutate(asker, step).await;
        assert_eq!(by_graphql["errors"][0]["code"], "GUARD_FAILED", "{by_graphql}");
        assert_eq!(by_graphql["errors"][0]["path"], json!(["input", "transition"]));
    };
    // Nothing is assessed: all that the mitigation family promises is missing, by name.
    refused(&officer, on("SELF_ASSESS", "2025-03-10"), "3 measures are not assessed").await;
    refused(&officer, on("SELF_ASSESS", "2025-03-10"), "그린리모델링, 전기차 보급, 수소차 보급")
        .await;
    refused(&officer, on("DELIBERATE", "2025-05-22"), "Art. 13(1)").await;
    it.assess(&officer).await;

    let (status, told) = it.step(&officer, on("SELF_ASSESS", "2025-03-10")).await;
    assert_eq!((status, &told["state"]), (200, &json!("SELF_ASSESSED")), "{told}");
    refused(&officer, on("SELF_ASSESS", "2025-03-11"), "stands at SELF_ASSESSED").await;
    refused(&officer, on("SUBMIT", "2025-05-23"), "Art. 13(2)").await;
    let (status, told) = it.step(&officer, on("ADVISE", "2025-04-02")).await;
    assert_eq!((status, &told["state"]), (200, &json!("ADVISED")));

    // Days are in order and have come.
    let (status, early) = it.step(&officer, on("DELIBERATE", "2025-04-01")).await;
    assert_eq!((status, &early["errors"][0]["pointer"]), (422, &json!("/on")), "{early}");
    assert!(early["errors"][0]["message"].to_string().contains("2025-04-02"), "{early}");
    for day in ["2999-01-01", "soon", "2025-05"] {
        let (status, body) = it.step(&officer, on("DELIBERATE", day)).await;
        assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/on")), "{body}");
    }
    let body = committee(&officer).await;
    let step = json!({ "transition": "DELIBERATE", "on": "2025-05-22", "organization": body });
    let told = it.mutate(&officer, step).await;
    assert_eq!(told["progressCheck"]["state"], "DELIBERATED", "{told}");
    let step = &told["progressCheck"]["steps"][2];
    assert_eq!(step["organization"]["externalId"], "jeonbuk:ORG-52110-CMT");
    assert_eq!((&step["dueOn"], &step["isLate"]), (&Value::Null, &Value::Null));

    // 31 May 2025 was a Saturday: the Monday after it was in time, this Thursday is not, and is taken.
    refused(&province, on("COMPILE", "2025-06-05"), "Decree, Art. 8(7)").await;
    refused(&officer, on("REPORT_TO_COUNCIL", "2025-06-05"), "Art. 71(3)").await;
    let told = it.mutate(&officer, on("SUBMIT", "2025-06-05")).await;
    let submitted = told["progressCheck"].clone();
    let step = &submitted["steps"][3];
    assert_eq!((&step["dueOn"], &step["isLate"]), (&json!("2025-06-02"), &json!(true)), "{told}");
    assert_eq!(step["revision"], submitted["revision"]);
    refused(&province, noted("GIVE_OPINION", "2025-09-01"), "compiled").await;
    let (_, told) = it.step(&province, on("COMPILE", "2025-07-20")).await;
    assert_eq!((&told["state"], &told["steps"][4]["isLate"]), (&json!("COMPILED"), &json!(false)));
    let (status, told) = it.step(&province, on("GIVE_OPINION", "2025-09-01")).await;
    assert_eq!((status, &told["errors"][0]["pointer"]), (422, &json!("/note")), "{told}");
    let (_, told) = it.step(&province, noted("GIVE_OPINION", "2025-09-01")).await;
    assert_eq!(told["state"], "OPINION", "{told}");
    refused(&province, noted("GIVE_OPINION", "2025-09-02"), "stands at OPINION").await;
    let (status, told) = it.step(&officer, on("REPORT_TO_COUNCIL", "2025-12-20")).await;
    assert_eq!((status, &told["state"]), (200, &json!("COUNCIL_REPORTED")), "{told}");
    assert_eq!(told["steps"].as_array().map(Vec::len), Some(7));
    assert!(told["steps"][6]["accountId"].as_str().is_some_and(|it| it.starts_with("account_")));

    // As of its submission it stands where it stood.
    let then = format!("{}?asOf={}", it.path(), submitted["revision"].as_str().expect("one"));
    let (_, then) = officer.get(&then).await;
    assert_eq!(
        (&then["state"], then["steps"].as_array().map(Vec::len)),
        (&json!("SUBMITTED"), Some(4))
    );
    server.stop().await;
}

#[tokio::test]
async fn a_submitted_check_keeps_its_numbers_whatever_becomes_of_the_plan() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let it = world(&officer).await;
    it.assess(&officer).await;
    let query = format!(
        r#"{{ progressCheck(id: "{}") {{ revision state
        computed {{ measures {{ total achieved delayed notDue }} goalReduction {{ exact status }} statingGoal
          actualReduction {{ exact }} statingReduction measuredRate {{ exact provenance {{ derivation }} }} comparedMeasures
          achievementRate {{ status }} notComputed
          sectors {{ sector {{ code }} measures {{ total notDue }} goalReduction {{ exact status }} actualReduction {{ exact }}
            achievementRate {{ exact status }} comparedMeasures }}
          budgets {{ fund planned {{ exact }} executed {{ exact }} executionRate {{ exact }} statingPlanned statingExecuted comparedMeasures }} }}
        assessments {{ measureTitle goalReduction(unit: T) {{ exact }} achievementRate {{ exact }}
          budgets {{ fund planned {{ exact }} executed {{ exact }} rate {{ exact }} }}
          values {{ indicator {{ id }} goal {{ exact }} actual {{ exact }} rate {{ exact }} status }} }} }} }}"#,
        it.check
    );
    let shown = async || officer.data(&query).await["progressCheck"].take();
    let open = shown().await;
    let computed = &open["computed"];
    assert_eq!(
        computed["measures"],
        json!({ "total": 3, "achieved": 1, "delayed": 1, "notDue": 1 })
    );
    assert_eq!(computed["goalReduction"], json!({ "exact": "150.5", "status": "ESTIMATED" }));
    assert_eq!((&computed["statingGoal"], &computed["statingReduction"]), (&json!(2), &json!(2)));
    assert_eq!(computed["actualReduction"]["exact"], "150.25");
    // 150.25 of 150.5; nothing was reported, so there is no rate of what was reported.
    assert_eq!(computed["measuredRate"]["exact"], "99.833887");
    assert_eq!(
        (&computed["achievementRate"]["status"], &computed["notComputed"]),
        (&json!("PENDING"), &json!(["NO_GOAL"]))
    );
    let building = json!({ "sector": { "code": "BUILDING" }, "measures": { "total": 1, "notDue": 0 },
        "goalReduction": { "exact": "100", "status": "ESTIMATED" }, "actualReduction": { "exact": "110" },
        "achievementRate": { "exact": "110", "status": "ESTIMATED" }, "comparedMeasures": 1 });
    assert_eq!(computed["sectors"][0], building);
    let transport = json!({ "sector": { "code": "TRANSPORT" }, "measures": { "total": 2, "notDue": 1 },
        "goalReduction": { "exact": "50.5", "status": "ESTIMATED" }, "actualReduction": { "exact": "40.25" },
        "achievementRate": { "exact": "79.70297", "status": "ESTIMATED" }, "comparedMeasures": 1 });
    assert_eq!(computed["sectors"][1], transport);
    let exact = |sum: &str| json!({ "exact": sum });
    let budgets = json!([
        { "fund": "NATIONAL", "planned": exact("12000"), "executed": exact("7500"), "executionRate": exact("62.5"),
          "statingPlanned": 2, "statingExecuted": 2, "comparedMeasures": 2 },
        { "fund": "MUNICIPAL", "planned": exact("3000"), "executed": null, "executionRate": null,
          "statingPlanned": 1, "statingExecuted": 0, "comparedMeasures": 0 },
        { "fund": "PRIVATE_OTHER", "planned": null, "executed": exact("900"), "executionRate": null,
          "statingPlanned": 0, "statingExecuted": 1, "comparedMeasures": 0 }]);
    assert_eq!(computed["budgets"], budgets);
    let first = &open["assessments"][0];
    assert_eq!(
        (&first["goalReduction"]["exact"], &first["achievementRate"]["exact"]),
        (&json!("100000"), &json!("110"))
    );
    let value = json!([{ "indicator": { "id": it.indicator }, "goal": exact("200"), "actual": exact("150"),
        "rate": exact("75"), "status": "REPORTED" }]);
    assert_eq!(first["values"], value);

    for step in [
        on("SELF_ASSESS", "2025-03-10"),
        on("DELIBERATE", "2025-05-22"),
        on("SUBMIT", "2025-05-30"),
    ] {
        let (status, body) = it.step(&officer, step).await;
        assert_eq!(status, 200, "{body}");
    }
    let submitted = shown().await;
    assert_eq!(
        (&submitted["computed"], &submitted["assessments"]),
        (&open["computed"], &open["assessments"])
    );

    // Nothing of it changes: not itself, not an assessment.
    let frozen = |(status, body): (u16, Value)| {
        assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")), "{body}");
        assert!(body["detail"].to_string().contains("Art. 13(2)"), "{body}");
    };
    let tag = format!("\"{}\"", submitted["revision"].as_str().expect("a revision"));
    frozen(officer.patch(&it.path(), &tag, json!({ "summary": "다시" })).await);
    frozen(officer.delete(&it.path(), &tag).await);
    let (_, assessment) = officer.get(&it.assessment(0)).await;
    let of_it = format!("\"{}\"", assessment["revision"].as_str().expect("a revision"));
    frozen(officer.put(&it.assessment(0), Some(&of_it), json!({ "grade": "ON_TRACK" })).await);
    frozen(officer.delete(&it.assessment(0), &of_it).await);

    // What it relies on may change or not, but its own numbers stay.
    let measure = format!("/api/v1/measures/{}", it.measures[0]);
    let tag = officer.fetch(&measure).await.header("etag").to_owned();
    assert_eq!(officer.delete(&measure, &tag).await.0, 409, "an assessment is about it");
    let change = json!({ "title": "그린리모델링 확대", "sector": "WASTE", "reductions": [{ "year": 2024, "reduction": kt("999") }],
        "budgets": [{ "year": 2024, "fund": "NATIONAL", "planned": krw("1") }] });
    assert_eq!(officer.patch(&measure, &tag, change).await.0, 200);
    let indicator = format!("/api/v1/indicators/{}", it.indicator);
    for part in ["goals/2024?kind=ANNUAL", "observations/2024"] {
        let path = format!("{indicator}/{part}");
        let (_, indicator) = officer.get(&format!("{indicator}/observations")).await;
        let read = indicator["items"][0]["revision"].as_str().map(str::to_owned);
        let (_, goals) = officer.get(&format!("/api/v1/indicators/{}/goals", it.indicator)).await;
        let of_goal = goals["items"][0]["revision"].as_str().map(str::to_owned);
        let revision = if part.starts_with("goals") { of_goal } else { read };
        let tag = format!("\"{}\"", revision.expect("a revision"));
        assert_eq!(officer.delete(&path, &tag).await.0, 204, "{path}");
    }
    let tag = officer.fetch(&indicator).await.header("etag").to_owned();
    assert_eq!(officer.delete(&indicator, &tag).await.0, 409, "a submitted check relies on it");
    let later = shown().await;
    assert_eq!(
        (&later["computed"], &later["assessments"]),
        (&open["computed"], &open["assessments"])
    );

    // What the measure is called now is told of the measure itself.
    let titles = format!(
        r#"{{ progressCheck(id: "{}") {{ assessments {{ measureTitle measure {{ title }} }} }} }}"#,
        it.check
    );
    let named = officer.data(&titles).await["progressCheck"]["assessments"][0].take();
    let both = json!({ "measureTitle": "그린리모델링", "measure": { "title": "그린리모델링 확대" } });
    assert_eq!(named, both);
    let (_, by_rest) = officer.get(&it.assessment(0)).await;
    assert_eq!(by_rest["measureTitle"], "그린리모델링", "{by_rest}");
    assert_eq!(officer.get(&measure).await.1["title"], "그린리모델링 확대");

    // Opened again with a reason, it is judged by the plan as it is; what was submitted stays.
    let reopen =
        "mutation($input: ReopenProgressCheckInput!) { reopenProgressCheck(input: $input) {
        progressCheck { state steps { transition note } } errors { code path } } }";
    let input = |note: &str| {
        json!({ "input": { "id": it.check, "revision": later["revision"],
        "on": "2025-06-20", "note": note } })
    };
    let (_, blank) = officer.gql_with(reopen, input(" ")).await;
    let told = &blank["data"]["reopenProgressCheck"]["errors"];
    assert_eq!(told, &json!([{ "code": "INVALID", "path": ["input", "note"] }]));
    let (_, told) = officer.gql_with(reopen, input("집계 오류 정정")).await;
    let check = &told["data"]["reopenProgressCheck"]["progressCheck"];
    assert_eq!(check["state"], "SELF_ASSESSED", "{told}");
    assert_eq!(check["steps"][3], json!({ "transition": "REOPEN", "note": "집계 오류 정정" }));
    let again = shown().await;
    assert_eq!(again["computed"]["goalReduction"]["exact"], "1049.5");
    let first = &again["assessments"][0];
    assert_eq!(first["values"][0]["status"], "NOT_REPORTED");
    assert_eq!(first["measureTitle"], "그린리모델링 확대");
    assert_eq!(first["budgets"][0]["planned"]["exact"], "1");
    let path = format!("/graphql?asOf={}", submitted["revision"].as_str().expect("a revision"));
    let request = officer.request("POST".parse().expect("a method"), &path);
    let then = officer.send(request.json(&json!({ "query": query }))).await;
    let goal = &then.body["data"]["progressCheck"]["computed"]["goalReduction"];
    assert_eq!(goal["exact"], "150.5", "{}", then.body);
    let title = &then.body["data"]["progressCheck"]["assessments"][0]["measureTitle"];
    assert_eq!(title, "그린리모델링");
    let (_, now) = officer.get(&it.path()).await;
    let tag = format!("\"{}\"", now["revision"].as_str().expect("a revision"));
    frozen(officer.delete(&it.path(), &tag).await);
    // It has to be deliberated on again, and not before the day it was opened.
    let (status, body) = it.step(&officer, on("SUBMIT", "2025-06-25")).await;
    assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")));
    let (status, body) = it.step(&officer, on("DELIBERATE", "2025-06-19")).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/on")));
    assert_eq!(it.step(&officer, on("DELIBERATE", "2025-06-24")).await.0, 200);
    let (status, body) = it.step(&officer, on("SUBMIT", "2025-06-25")).await;
    assert_eq!((status, &body["steps"][5]["isLate"]), (200, &json!(true)), "{body}");
    server.stop().await;
}

#[tokio::test]
async fn each_step_is_for_who_may_take_it_and_says_why_not() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let it = world(&officer).await;
    let path = format!("{}/transitions", it.path());
    let query = format!(
        r#"{{ progressCheck(id: "{}") {{ availableTransitions {{ name allowed reasons whoMay dueOn isLate }} }} }}"#,
        it.check
    );
    let offers = async |asker: &Client| {
        let by_graphql = asker.data(&query).await["progressCheck"]["availableTransitions"].take();
        let (_, by_rest) = asker.get(&path).await;
        assert_eq!(by_rest["items"], by_graphql);
        by_graphql.as_array().cloned().expect("transitions")
    };
    let names = |offers: &[Value], allowed: bool| {
        let fits = offers.iter().filter(|it| it["allowed"] == allowed);
        fits.map(|it| it["name"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let first = offers(&officer).await;
    assert_eq!(first.len(), 8);
    assert_eq!(names(&first, true), Vec::<String>::new());
    assert_eq!(first[0]["reasons"].as_array().map(Vec::len), Some(1), "{first:?}");
    assert_eq!((&first[3]["dueOn"], &first[3]["isLate"]), (&json!("2025-06-02"), &json!(true)));
    assert!(
        first[3]["whoMay"]
            .as_str()
            .is_some_and(|who| who.contains("MUNICIPAL_OFFICER (mayApprove)"))
    );
    let in_korean = officer.in_lang("ko").data(&query).await;
    let reason = in_korean["progressCheck"]["availableTransitions"][3]["reasons"].to_string();
    assert!(reason.contains("기본법 제13조제2항") && reason.contains("제22조제4항"), "{reason}");
    it.assess(&officer).await;
    assert_eq!(names(&offers(&officer).await, true), ["SELF_ASSESS"]);
    // The province sees the draft and takes none of its steps; it oversees what was submitted.
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let theirs = offers(&province).await;
    assert_eq!(names(&theirs, true), Vec::<String>::new());
    assert!(theirs[0]["reasons"][0].to_string().contains("Roles that may"), "{theirs:?}");
    assert_eq!(it.step(&officer, on("SELF_ASSESS", "2025-03-10")).await.0, 200);
    assert_eq!(names(&offers(&officer).await, true), ["ADVISE", "DELIBERATE"]);
    for asker in [server.signed_in(Role::SupportCentre, "52").await, province.clone()] {
        let (status, body) = it.step(&asker, on("DELIBERATE", "2025-05-22")).await;
        assert_eq!((status, &body["code"]), (403, &json!("FORBIDDEN")), "{body}");
    }
    for blind in [
        server.signed_in(Role::MunicipalOfficer, "52140").await,
        server.signed_in(Role::Advisor, "KR").await,
        server.signed_in(Role::Contractor, "52110").await,
        server.anonymous(),
    ] {
        let wanted = json!({ "transition": "DELIBERATE", "revision": "1" });
        let (status, body) = blind.post(&path, wanted).await;
        assert_eq!((status, &body["code"]), (404, &json!("NOT_FOUND")), "{body}");
        assert_eq!(blind.get(&path).await.0, 404);
        assert_eq!(blind.data(&query).await["progressCheck"], Value::Null);
    }
    // Without a committee there is no deliberation, where that is said (Art. 22(4)).
    let (status, body) =
        it.step(&officer, json!({ "transition": "ADVISE", "exemption": "x" })).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/exemption")), "{body}");
    let exempt =
        json!({ "transition": "SUBMIT", "on": "2025-05-30", "exemption": "위원회가 아직 없음" });
    let (status, body) = it.step(&officer, exempt).await;
    assert_eq!((status, &body["state"]), (200, &json!("SUBMITTED")), "{body}");
    assert_eq!(body["steps"][1]["exemption"], "위원회가 아직 없음");
    assert_eq!(names(&offers(&officer).await, true), ["REPORT_TO_COUNCIL", "REOPEN"]);
    assert_eq!(names(&offers(&province).await, true), ["COMPILE"]);
    // The council does not wait for the ministry, nor the ministry for the council.
    assert_eq!(
        it.step(&officer, on("REPORT_TO_COUNCIL", "2025-06-10")).await.1["state"],
        "COUNCIL_REPORTED"
    );
    let (status, body) = it.step(&province, on("COMPILE", "2025-07-20")).await;
    assert_eq!((status, &body["state"]), (200, &json!("COUNCIL_REPORTED")), "{body}");
    assert_eq!(body["steps"][3]["transition"], "COMPILE");
    assert!(!it.plan.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn what_is_reported_of_a_deliberation_counts_and_what_is_no_such_check_stays_out() {
    let server = TestServer::start().await;
    let data = server
        .anonymous()
        .data("{ progressChecks(first: 100) { nodes { id externalId state steps { on } } } }")
        .await;
    let all = data["progressChecks"]["nodes"].as_array().cloned().expect("checks");
    let of = |name: &str| {
        all.iter()
            .find(|it| it["externalId"] == name)
            .unwrap_or_else(|| panic!("no {name}"))
            .clone()
    };
    // A committee looked on 22 May 2025. No step was recorded here, and none is made up.
    for name in ["jeonbuk:PR-52-2024", "jeonbuk:PR-52-2024-B"] {
        assert_eq!((&of(name)["state"], &of(name)["steps"]), (&json!("DELIBERATED"), &json!([])));
    }
    for name in ["jeonbuk:PR-52110-2024-AD", "jeonbuk:PR-52-2019-PUB", "jeonbuk:PR-52110-2025-GCOM"]
    {
        assert_eq!(of(name)["state"], Value::Null);
    }
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let path = format!("/api/v1/progress-checks/{}", id(&of("jeonbuk:PR-52110-2024-AD")));
    let (_, check) = officer.get(&path).await;
    let step = json!({ "transition": "SELF_ASSESS", "revision": check["revision"] });
    let (status, body) = officer.post(&format!("{path}/transitions"), step).await;
    assert_eq!((status, &body["code"]), (409, &json!("GUARD_FAILED")));
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(1), "{body}");

    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let check = of("jeonbuk:PR-52-2024");
    let (_, whole) = province.get(&format!("/api/v1/progress-checks/{}", id(&check))).await;
    let plan = whole["planId"].as_str().expect("a plan");
    let (_, measures) = province.get(&format!("/api/v1/plans/{plan}/measures?limit=500")).await;
    let measures = measures["items"].as_array().cloned().expect("measures");
    let mut left = measures.iter().filter(|it| it["family"] == "MITIGATION").count();
    let path = format!("/api/v1/progress-checks/{}", id(&check));
    for measure in measures.iter().filter(|it| it["family"] == "MITIGATION") {
        let (_, offers) = province.get(&format!("{path}/transitions")).await;
        let reasons = offers["items"][3]["reasons"].to_string();
        assert!(reasons.contains(&format!("{left} measures")), "{reasons}");
        let assessment = format!("{path}/assessments/{}", id(measure));
        assert_eq!(province.put(&assessment, None, json!({ "grade": "ON_TRACK" })).await.0, 200);
        left -= 1;
    }
    let (_, whole) = province.get(&path).await;
    let submit =
        |day: &str| json!({ "transition": "SUBMIT", "revision": whole["revision"], "on": day });
    let (status, body) = province.post(&format!("{path}/transitions"), submit("2025-05-21")).await;
    assert_eq!(
        (status, &body["errors"][0]["pointer"]),
        (422, &json!("/on")),
        "before the committee"
    );
    let (status, body) = province.post(&format!("{path}/transitions"), submit("2025-05-30")).await;
    assert_eq!((status, &body["state"]), (200, &json!("SUBMITTED")), "{body}");
    // A data pack still brings what was reported, and takes no step back.
    let pack = api::exchange::Pack::jeonbuk();
    let report = api::exchange::load(&server.operator(), pack).await.expect("a load");
    assert!(report.loaded, "{report:?}");
    assert_eq!(province.get(&path).await.1["state"], "SUBMITTED");
    server.stop().await;
}

#[tokio::test]
async fn of_two_who_submit_at_once_one_is_told_that_it_moved() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let it = world(&officer).await;
    it.assess(&officer).await;
    assert_eq!(it.step(&officer, on("SELF_ASSESS", "2025-03-10")).await.0, 200);
    assert_eq!(it.step(&officer, on("DELIBERATE", "2025-05-22")).await.0, 200);
    let (_, check) = officer.get(&it.path()).await;
    let path = format!("{}/transitions", it.path());
    let submit =
        json!({ "transition": "SUBMIT", "revision": check["revision"], "on": "2025-05-30" });
    let (one, other) =
        tokio::join!(officer.post(&path, submit.clone()), officer.post(&path, submit.clone()));
    let mut told = [(one.0, one.1["code"].clone()), (other.0, other.1["code"].clone())];
    told.sort_by_key(|(status, _)| *status);
    assert_eq!(told, [(200, Value::Null), (409, json!("CONFLICT"))]);
    let (_, after) = officer.get(&it.path()).await;
    assert_eq!(after["steps"].as_array().map(Vec::len), Some(3));
    server.stop().await;
}

#[tokio::test]
async fn money_and_values_that_cannot_be_are_refused_at_their_place() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let it = world(&officer).await;
    let with = |budgets: Value| json!({ "grade": "ACHIEVED", "budgets": budgets });
    for (input, pointer) in [
        (
            with(json!([{ "fund": "NATIONAL", "executed": krw("-1") }])),
            "/budgets/0/executed/amount",
        ),
        (
            with(json!([{ "fund": "NATIONAL", "executed": krw("1.5") }])),
            "/budgets/0/executed/amount",
        ),
        (with(json!([{ "fund": "NATIONAL" }])), "/budgets/0/executed"),
        (
            with(
                json!([{ "fund": "NATIONAL", "executed": krw("1") }, { "fund": "NATIONAL", "executed": krw("2") }]),
            ),
            "/budgets/1",
        ),
        (with(Value::Null), "/budgets"),
        (json!({ "grade": "NOT_ACHIEVED", "reason": "예산 삭감" }), "/correctiveAction"),
    ] {
        let (status, body) = officer.put(&it.assessment(0), None, input.clone()).await;
        assert_eq!(
            (status, &body["errors"][0]["pointer"]),
            (422, &json!(pointer)),
            "{input} {body}"
        );
    }
    // Fund by fund: what is not named stays, null takes one away, and the check is told.
    it.assess(&officer).await;
    let (_, before) = officer.get(&it.path()).await;
    let (_, assessment) = officer.get(&it.assessment(0)).await;
    let tag = format!("\"{}\"", assessment["revision"].as_str().expect("a revision"));
    let change = json!({ "budgets": [{ "fund": "PRIVATE_OTHER", "executed": null }] });
    let (status, less) = officer.put(&it.assessment(0), Some(&tag), change).await;
    assert_eq!(status, 200, "{less}");
    let funds: Vec<&Value> =
        less["budgets"].as_array().expect("budgets").iter().map(|it| &it["fund"]).collect();
    assert_eq!(funds, [&json!("NATIONAL"), &json!("MUNICIPAL")]);
    assert_ne!(less["revision"], assessment["revision"], "its money is a part of it");
    let (_, after) = officer.get(&it.path()).await;
    assert_ne!(after["revision"], before["revision"]);
    // A body that shows what others wrote has another tag when they write.
    let tag = officer.fetch(&it.assessment(0)).await.header("etag").to_owned();
    let path = format!("/api/v1/indicators/{}/observations/2024", it.indicator);
    let (_, seen) = officer.get(&format!("/api/v1/indicators/{}/observations", it.indicator)).await;
    let read = format!("\"{}\"", seen["items"][0]["revision"].as_str().expect("a revision"));
    assert_eq!(officer.delete(&path, &read).await.0, 204);
    let reply = officer.fetch(&it.assessment(0)).await;
    assert_ne!(reply.header("etag"), tag);
    assert_eq!(reply.body["revision"], less["revision"]);
    let (tag, change) = (reply.header("etag"), json!({ "grade": "ON_TRACK" }));
    let (status, _) = officer.put(&it.assessment(0), Some(tag), change).await;
    assert_eq!(status, 200, "its first part is what a write compares");
    server.stop().await;
}

const SHAPE: &str = r#"{ progressChecks(filter: { region: { code: "52110" } }, first: 100) { nodes { state
    steps { transition organization { id } } availableTransitions { name allowed }
    computed { sectors { sector { code } } budgets { fund } }
    assessments { budgets { fund } values { indicator { id } } measure { title } } } } }"#;

#[tokio::test]
async fn checks_with_all_that_hangs_on_them_take_as_many_statements_for_more_of_them() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let body = committee(&officer).await;
    let it = world(&officer).await;
    it.assess(&officer).await;
    let step = |day: &str| json!({ "transition": "SELF_ASSESS", "on": day, "organization": body });
    assert_eq!(it.step(&officer, step("2025-03-10")).await.0, 200);
    let few = server.taken(&officer, SHAPE).await;
    for year in [2025, 2023] {
        let check = json!({ "plan": it.plan, "year": year, "kind": "BASIC_PLAN" });
        let check = id(&made(&officer, "/api/v1/progress-checks", check).await);
        let it = World {
            plan: it.plan.clone(),
            check,
            measures: it.measures.clone(),
            indicator: it.indicator.clone(),
        };
        it.assess(&officer).await;
        assert_eq!(it.step(&officer, step("2026-01-10")).await.0, 200);
        if year == 2023 {
            assert_eq!(it.step(&officer, on("DELIBERATE", "2026-01-11")).await.0, 200);
            assert_eq!(it.step(&officer, on("SUBMIT", "2026-01-12")).await.0, 200);
        }
    }
    few.grows_not(&server.taken(&officer, SHAPE).await, "fund");
    server.stop().await;
}
