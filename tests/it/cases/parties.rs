//! Who sees a case, and the draft it is about.

use api::access::{Role, Scope};
use api::id::AnyId;
use api::identity::{self, NewGrant};
use reqwest::Method;
use serde_json::json;
use tests::{PASSWORD, TestServer};

use super::{
    ACT, JBCNC, KECO, asked, inbox, organization, path, question, reads, step, taken, text, with,
    world,
};

#[tokio::test]
async fn a_case_is_between_those_who_work_on_the_plan_and_who_is_asked() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let act = organization(&officer, ACT).await;
    // The plan is everybody's: the case is not.
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let plan = plans["items"][0].clone();
    let case = asked(&officer, question(&plan, &act)).await;
    let contractor = async |region: &str| {
        let email = format!("{}@contract.example", uuid::Uuid::now_v7().simple());
        server.account(&email, PASSWORD).await;
        let (_, plans) = server.anonymous().get(&format!("/api/v1/regions/{region}/plans")).await;
        server.contract(&email, region, text(&plans["items"][0], "id")).await;
        server.sign_in(&email, PASSWORD).await
    };
    let own = contractor("52110").await;
    for (who, client, sees) in [
        ("nobody", server.anonymous(), false),
        ("its officer", officer.clone(), true),
        ("who drafts it", own.clone(), true),
        ("who drafts another", contractor("52140").await, false),
        ("a neighbour", server.signed_in(Role::MunicipalOfficer, "52140").await, false),
        ("the province", server.signed_in(Role::ProvinceOfficer, "52").await, true),
        ("another province", server.signed_in(Role::ProvinceOfficer, "48").await, false),
        ("the province's centre", server.signed_in(Role::SupportCentre, "52").await, true),
        ("another's centre", server.signed_in(Role::SupportCentre, "48").await, false),
        ("who is asked", server.acting_for(Role::Advisor, "KR", ACT).await, true),
        ("another agency", server.acting_for(Role::Advisor, "KR", KECO).await, false),
        ("an advisor of nobody", server.signed_in(Role::Advisor, "KR").await, false),
    ] {
        let status = if sees { 200 } else { 404 };
        let count = usize::from(sees);
        for door in [path(&case), format!("{}/events", path(&case))] {
            assert_eq!(client.get(&door).await.0, status, "{who}");
        }
        for list in [
            "/api/v1/advice-cases?total=true".to_owned(),
            format!("/api/v1/plans/{}/advice-cases", text(&plan, "id")),
            format!("/api/v1/advice-cases?total=true&asOf={}", text(&case, "revision")),
        ] {
            let (_, listed) = client.get(&list).await;
            assert_eq!(listed["items"].as_array().map(Vec::len), Some(count), "{who} {list}");
            assert!(listed["total"].is_null() || listed["total"] == count, "{who} {list}");
        }
        let query = format!(
            r#"{{ node(id: "{0}") {{ id }} adviceCase(id: "{0}") {{ id }}
              plan(id: "{1}") {{ adviceCases {{ id }} }}
              adviceCases(filter: {{ plan: "{1}" }}) {{ totalCount }} }}"#,
            text(&case, "id"),
            text(&plan, "id")
        );
        let data = client.data(&query).await;
        assert_eq!((data["node"].is_null(), data["adviceCase"].is_null()), (!sees, !sees), "{who}");
        assert_eq!(data["plan"]["adviceCases"].as_array().map(Vec::len), Some(count), "{who}");
        assert_eq!(data["adviceCases"]["totalCount"], count, "{who}");
    }
    // Who drafts the plan asks, too.
    let second = asked(&own, with(question(&plan, &act), json!({ "title": "용역사" }))).await;
    for (query, titles) in [
        ("plan", vec!["감축량 검토", "용역사"]),
        ("region=52110&state=REQUESTED", vec!["감축량 검토", "용역사"]),
        ("within=52&box=sent", vec!["감축량 검토", "용역사"]),
        ("state=ACCEPTED", vec![]),
        ("region=52140", vec![]),
        ("organization", vec!["감축량 검토", "용역사"]),
        ("changedAfter", vec!["용역사"]),
        ("late=true", vec![]),
    ] {
        let query = match query {
            "plan" => format!("plan={}", text(&plan, "id")),
            "organization" => format!("organization={act}"),
            "changedAfter" => format!("changedAfter={}", text(&case, "revision")),
            query => query.to_owned(),
        };
        let (_, listed) = officer.get(&format!("/api/v1/advice-cases?{query}")).await;
        let items = listed["items"].as_array().expect("items");
        let found: Vec<&str> = items.iter().map(|case| text(case, "title")).collect();
        assert_eq!(found, titles, "{query}");
    }
    // Of two centres that see the case by their region, it is in the inbox of the one that is asked.
    let centre = organization(&officer, JBCNC).await;
    asked(&officer, with(question(&plan, &centre), json!({ "title": "지원센터" }))).await;
    let asked_centre = server.acting_for(Role::SupportCentre, "52", JBCNC).await;
    let city = server.acting_for(Role::SupportCentre, "52110", "jeonbuk:ORG-JJCNC").await;
    assert_eq!(inbox(&asked_centre).await, ["지원센터"]);
    assert_eq!(inbox(&city).await, [""; 0]);
    let (_, seen) = city.get("/api/v1/advice-cases?total=true").await;
    assert_eq!(seen["total"], 3);
    // Writing of cases moves nobody's contents.
    let (_, after) = officer.get(&format!("/api/v1/plans/{}", text(&plan, "id"))).await;
    assert_eq!(after["contentRevision"], plan["contentRevision"]);
    assert_eq!(second["planId"], plan["id"]);
    server.stop().await;
}

#[tokio::test]
async fn a_draft_closes_to_its_adviser_with_the_last_open_case() {
    let server = TestServer::start().await;
    let it = world(&server).await;
    let (open, all) = reads(&it.advisor, &it.plan, &it.measure).await;
    assert_eq!(open, all);
    let keco = server.acting_for(Role::Advisor, "KR", KECO).await;
    let agency = organization(&it.officer, KECO).await;
    let case = asked(&it.officer, question(&it.plan, &agency)).await;
    assert_eq!(reads(&keco, &it.plan, &it.measure).await.0, all);
    assert_eq!(keco.get(&path(&it.requested)).await.0, 404, "a case of another agency");
    taken(&keco, "decline", &case, json!({ "reason": "다른 기관" })).await;
    assert_eq!(reads(&keco, &it.plan, &it.measure).await.0, 0, "what is declined is over");
    assert_eq!(keco.get(&path(&case)).await.1["reason"], "다른 기관");

    for open in [&it.requested, &it.accepted, &it.paused] {
        assert_eq!(reads(&it.advisor, &it.plan, &it.measure).await.0, all);
        taken(&it.officer, "withdraw", open, json!({ "reason": "철회" })).await;
    }
    assert_eq!(
        reads(&it.advisor, &it.plan, &it.measure).await.0,
        all,
        "one is still to be replied to"
    );
    for item in it.answered["items"].as_array().expect("items") {
        let to = format!("{}/items/{}/reply", path(&it.answered), text(item, "id"));
        assert_eq!(step(&it.officer, &to, item, json!({ "reply": "ACCEPTED" })).await.0, 200);
    }
    let read = it.officer.get(&path(&it.answered)).await.1;
    taken(&it.officer, "close", &read, json!({})).await;
    assert_eq!(reads(&it.advisor, &it.plan, &it.measure).await.0, 0);
    // What is closed stays as it is.
    let item = &read["items"][0];
    let to = format!("{}/items/{}/reply", path(&read), text(item, "id"));
    let (status, told) = step(&it.officer, &to, item, json!({ "reply": "ACCEPTED" })).await;
    assert_eq!((status, &told["code"]), (409, &json!("GUARD_FAILED")));
    server.stop().await;
}

#[tokio::test]
async fn who_advises_reads_as_far_as_the_grant_and_the_token_go() {
    let server = TestServer::start().await;
    let it = world(&server).await;
    let everything = reads(&it.advisor, &it.plan, &it.measure).await.0;
    let accept = format!("{}/accept", path(&it.requested));
    for (scopes, sees, told) in
        [(&[Scope::Read][..], true, "FORBIDDEN"), (&[Scope::WritePlans], false, "NOT_FOUND")]
    {
        let machine = server.machine(scopes, Role::Advisor, "KR").await;
        let mut grant = NewGrant::to_account("", Role::Advisor, "KR");
        (grant.email, grant.client) = (None, Some(AnyId(machine.id.clone())));
        grant.organization = Some(AnyId(it.act.clone()));
        identity::add_grant(&server.operator(), grant).await.expect("a grant");
        let open = reads(&machine.client, &it.plan, &it.measure).await.0;
        assert_eq!(open, if sees { everything } else { 0 }, "{scopes:?}");
        assert_eq!(inbox(&machine.client).await.is_empty(), !sees, "{scopes:?}");
        let (_, refused) = step(&machine.client, &accept, &it.requested, json!({})).await;
        assert_eq!(refused["code"], told, "{scopes:?}");
    }
    // A grant for one plan opens what is asked about that plan.
    let (_, plans) = server.anonymous().get("/api/v1/regions/52110/plans").await;
    for (plan, sees) in [(&it.plan, true), (&plans["items"][0], false)] {
        let email = format!("{}@act.example", uuid::Uuid::now_v7().simple());
        server.account(&email, PASSWORD).await;
        let mut grant = NewGrant::to_account(&email, Role::Advisor, "KR");
        grant.organization = Some(AnyId(it.act.clone()));
        grant.plan = Some(AnyId(text(plan, "id").to_owned()));
        identity::add_grant(&server.operator(), grant).await.expect("a grant");
        let advisor = server.sign_in(&email, PASSWORD).await;
        assert_eq!(inbox(&advisor).await.is_empty(), !sees);
        let open = reads(&advisor, &it.plan, &it.measure).await.0;
        assert_eq!(open, if sees { everything } else { 0 });
    }
    // A step that is sent twice under one key is taken once.
    let send = async || {
        let tag = format!("\"{}\"", text(&it.requested, "revision"));
        let request = it.advisor.request(Method::POST, &accept).header("if-match", tag);
        it.advisor.send(request.header("idempotency-key", "accept-1").json(&json!({}))).await
    };
    let (first, second) = (send().await, send().await);
    assert_eq!((first.status, second.status), (200, 200), "{}", second.body);
    assert_eq!((&first.body["state"], &first.body), (&json!("ACCEPTED"), &second.body));
    server.stop().await;
}
