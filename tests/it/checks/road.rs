//! The steps of a check, in their order, each with its rule and who may take it.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

use super::{committee, id, noted, on, world};

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
async fn a_header_that_is_sent_must_hold_beside_the_revision_in_the_body() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let it = world(&officer).await;
    it.assess(&officer).await;
    let path = format!("{}/transitions", it.path());
    let step = async |transition: &str, revision: &Value, header: &str| {
        let body = json!({ "transition": transition, "revision": revision, "on": "2025-03-10" });
        let request = officer.request("POST".parse().expect("a method"), &path);
        let reply = officer.send(request.header("if-match", header).json(&body)).await;
        (reply.status, reply.body["code"].as_str().unwrap_or_default().to_owned(), reply.body)
    };
    let read = officer.fetch(&it.path()).await;
    let (tag, now) = (read.header("etag").to_owned(), read.body["revision"].clone());
    let old = json!("1");
    for (revision, header, status, code) in [
        (&now, "\"1\"", 412, "CONFLICT"),
        (&now, "\"1\", \"2\"", 412, "CONFLICT"),
        (&now, "W/\"1\"", 412, "CONFLICT"),
        (&now, "soon", 400, "INVALID"),
        (&old, "\"1\"", 412, "CONFLICT"),
        // The header holds, the body does not.
        (&old, tag.as_str(), 409, "CONFLICT"),
        (&old, "*", 409, "CONFLICT"),
    ] {
        let told = step("SELF_ASSESS", revision, header).await;
        assert_eq!((told.0, told.1.as_str()), (status, code), "{revision} {header} {}", told.2);
    }
    let (status, body) = officer
        .post(&path, json!({ "transition": "SELF_ASSESS", "revision": "1", "on": "2025-03-10" }))
        .await;
    assert_eq!((status, &body["code"]), (409, &json!("CONFLICT")), "{body}");
    assert_eq!(officer.get(&it.path()).await.1["revision"], now, "nothing was done");
    let (status, _, body) = step("SELF_ASSESS", &now, &tag).await;
    assert_eq!((status, &body["state"]), (200, &json!("SELF_ASSESSED")), "{body}");
    let several = format!("\"1\", \"{}\"", body["revision"].as_str().expect("a revision"));
    let (status, _, body) = step("ADVISE", &body["revision"], &several).await;
    assert_eq!((status, &body["state"]), (200, &json!("ADVISED")), "{body}");
    let (status, _, body) = step("DELIBERATE", &body["revision"], "*").await;
    assert_eq!((status, &body["state"]), (200, &json!("DELIBERATED")), "{body}");
    server.stop().await;
}
