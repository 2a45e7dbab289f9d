//! Measures: what plans will have done, with their tonnes and money year by year.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

async fn plan_of(asker: &Client, region: &str) -> String {
    let (_, plans) = asker.get(&format!("/api/v1/regions/{region}/plans")).await;
    plans["items"][0]["id"].as_str().expect("an id").to_owned()
}

fn path_of(measure: &Value) -> String {
    format!("/api/v1/measures/{}", measure["id"].as_str().expect("an id"))
}

fn tag_of(thing: &Value) -> String {
    format!("\"{}\"", thing["revision"].as_str().expect("a revision"))
}

fn t(year: i32, amount: &str) -> Value {
    json!({ "year": year, "reduction": { "amount": amount, "unit": "T" } })
}

fn won(amount: &str) -> Value {
    json!({ "amount": amount, "unit": "KRW" })
}

async fn created(officer: &Client, new: Value) -> Value {
    let (status, measure) = officer.post("/api/v1/measures", new).await;
    assert_eq!(status, 201, "{measure}");
    measure
}

#[tokio::test]
async fn the_measures_of_jeonbuk_answer_with_quantity_money_and_source() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let query = r#"{ region(by: { code: "52" }) { currentPlan {
        measures(first: 100, orderBy: { field: CREATED }) { totalCount nodes { externalId title family status
          reportedStatus approval sector { code } plan { externalId } quantity { goal { value exact unit } goalYear
          baseline { exact } baselineYear } budgets { year fund planned { exact unit } executed { exact }
          provenance { sources { externalId } } } reductions { year }
          provenance { confidence note sources { externalId publisher } } } } } } }"#;
    let measures = anybody.data(query).await["region"]["currentPlan"]["measures"].take();
    assert_eq!(measures["totalCount"], 23);
    let nodes = measures["nodes"].as_array().expect("nodes");
    let of = |id: &str| nodes.iter().find(|it| it["externalId"] == id).expect("a measure");
    let cars = of("jeonbuk:M004");
    assert_eq!(cars["sector"]["code"], "TRANSPORT");
    assert_eq!((&cars["family"], &cars["status"]), (&json!("MITIGATION"), &json!("PLANNED")));
    let goal = json!({ "value": 20_000.0, "exact": "20000", "unit": "대" });
    assert_eq!(cars["quantity"]["goal"], goal);
    assert_eq!(cars["quantity"]["goalYear"], 2030);
    assert_eq!(cars["quantity"]["baseline"]["exact"], "2000");
    assert_eq!(cars["provenance"]["sources"][0]["externalId"], "jeonbuk:S006");
    assert_eq!(cars["plan"]["externalId"], "jeonbuk:P-52-1");
    assert_eq!((&cars["budgets"], &cars["reductions"]), (&json!([]), &json!([])));
    let farms = of("jeonbuk:M015");
    assert_eq!(farms["quantity"]["goal"]["unit"], "천톤CO2eq");
    let money = &farms["budgets"][0];
    assert_eq!(money["planned"], json!({ "exact": "348100000000", "unit": "KRW" }));
    assert_eq!((&money["year"], &money["fund"]), (&json!(2025), &json!("UNSTATED")));
    assert_eq!(money["executed"], Value::Null, "nobody stated it");
    assert_eq!(money["provenance"]["sources"][0]["externalId"], "jeonbuk:S082");
    let points = of("jeonbuk:M020");
    assert_eq!(
        (&points["status"], &points["reportedStatus"]),
        (&json!("ENDED"), &json!("done_unknown"))
    );

    let plan = plan_of(&anybody, "52").await;
    let path = format!("/api/v1/plans/{plan}/measures?total=true&sector=TRANSPORT&title=수소차");
    let (_, rest) = anybody.get(&path).await;
    assert_eq!(rest["total"], 2);
    let cars = &rest["items"][0];
    assert_eq!(cars["quantity"]["goal"]["exact"], "20000");
    assert_eq!((&cars["sector"], &cars["planId"]), (&json!("TRANSPORT"), &json!(plan)));
    assert_eq!(cars["provenance"]["sources"][0]["externalId"], "jeonbuk:S006");
    let (_, all) = anybody.get("/api/v1/measures?total=true&includePrecursors=true&limit=1").await;
    assert_eq!(all["total"], 58);
    let reply = anybody.fetch(&path_of(cars)).await;
    assert_eq!((reply.status, reply.header("etag")), (200, tag_of(cars).as_str()));
    server.stop().await;
}

#[tokio::test]
async fn precursors_come_only_when_asked_for() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let query = r#"{ plans(filter: { region: { code: "52110" } }) { nodes {
        usual: measures { totalCount nodes { id } }
        all: measures(filter: { includePrecursors: true }) { totalCount }
        named: measures(filter: { or: [{ status: { eq: PRECURSOR } }] }) { totalCount nodes { status } }
        without: measures(filter: { not: { status: { eq: PRECURSOR } } }) { totalCount } } } }"#;
    let plan = anybody.data(query).await["plans"]["nodes"][0].take();
    assert_eq!(plan["usual"], json!({ "totalCount": 0, "nodes": [] }));
    assert_eq!(plan["all"]["totalCount"], 9);
    assert_eq!(plan["named"]["totalCount"], 9);
    assert_eq!(plan["named"]["nodes"][0]["status"], "PRECURSOR");
    assert_eq!(plan["without"]["totalCount"], 0);

    let path = format!("/api/v1/plans/{}/measures?total=true", plan_of(&anybody, "52110").await);
    for (and, total) in [("", 0), ("&includePrecursors=true", 9), ("&status=PRECURSOR", 9)] {
        assert_eq!(anybody.get(&format!("{path}{and}")).await.1["total"], total, "{and}");
    }
    server.stop().await;
}

#[tokio::test]
async fn measures_are_found_by_their_plan_and_read_page_by_page() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let query = r#"query($plans: PlanFilter, $region: RegionBy) {
        measures(filter: { plan: $plans, region: $region, family: { eq: MITIGATION } }) { totalCount } }"#;
    let filters = [
        (json!({ "plans": { "region": { "code": "52140" } } }), 11),
        (json!({ "region": { "code": "52140" } }), 11),
        (json!({ "plans": { "status": { "eq": "REQUIRED" } }, "region": { "code": "52140" } }), 0),
        (json!({ "plans": { "not": { "region": { "code": "52" } } } }), 21),
    ];
    for (variables, total) in filters {
        let (_, body) = anybody.gql_with(query, variables.clone()).await;
        assert_eq!(body["data"]["measures"]["totalCount"], total, "{variables} {body}");
    }

    // Each plan has pages of its own, forward and backward, in the same order.
    let whole = r#"{ plans(filter: { within: { code: "KR" } }, first: 40) { nodes {
        measures(first: 100, orderBy: [{ field: TITLE, direction: DESC }]) { nodes { title } } } } }"#;
    let whole = anybody.data(whole).await["plans"]["nodes"].take();
    let paged = r#"query($after: String, $before: String, $first: Int, $last: Int) {
        plans(filter: { region: { code: "52140" } }) { nodes { measures(orderBy: [{ field: TITLE, direction: DESC }],
          first: $first, after: $after, last: $last, before: $before) {
          totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { title } } } } }"#;
    let titles = |page: &Value| {
        let nodes = page["nodes"].as_array().expect("nodes").iter();
        nodes.map(|it| it["title"].as_str().expect("a title").to_owned()).collect::<Vec<_>>()
    };
    let whole = whole.as_array().expect("plans").iter().map(|it| titles(&it["measures"]));
    let whole = whole.max_by_key(|it| if it.len() == 11 { 1 } else { 0 }).expect("a plan");
    let page = async |variables: Value| {
        let (_, mut body) = anybody.gql_with(paged, variables).await;
        body["data"]["plans"]["nodes"][0]["measures"].take()
    };
    let (mut after, mut found) = (Value::Null, Vec::new());
    loop {
        let page = page(json!({ "first": 4, "after": after })).await;
        assert_eq!(page["totalCount"], 11, "{page}");
        found.extend(titles(&page));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(found, whole);
    let last = page(json!({ "last": 4 })).await;
    assert_eq!(titles(&last), whole[7..]);
    assert_eq!(last["pageInfo"]["hasPreviousPage"], true);
    let middle = page(json!({ "last": 4, "before": last["pageInfo"]["startCursor"] })).await;
    assert_eq!(titles(&middle), whole[3..7]);

    let foreign =
        r#"{ plans { nodes { measures(first: 1, after: "bm9wZQ") { nodes { title } } } } }"#;
    let (_, body) = anybody.gql(foreign).await;
    assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_CURSOR", "{body}");
    server.stop().await;
}

#[tokio::test]
async fn a_measure_is_put_into_a_plan_and_changed_year_by_year() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let plan = plan_of(&officer, "52140").await;
    let (_, sources) = officer.get("/api/v1/sources?limit=1").await;
    let source = sources["items"][0]["id"].clone();
    let (_, organizations) = officer.get("/api/v1/organizations?limit=1").await;
    let lead = organizations["items"][0]["id"].clone();
    let new = json!({ "plan": plan, "lead": lead, "sector": "BUILDING", "family": "MITIGATION", "title": " 공공건물 단열 ",
        "department": "환경과", "sources": [source], "note": "내부 검토",
        "quantity": { "unit": "동", "goal": "12.50", "goalYear": 2030, "baseline": "3" },
        "reductions": [t(2030, "1200.000001"), t(2027, "300")],
        "budgets": [{ "year": 2027, "fund": "NATIONAL", "planned": won("500000000") },
            { "fund": "UNSTATED", "planned": won("1") }] });
    let measure = created(&officer, new).await;
    assert_eq!(
        (&measure["title"], &measure["status"]),
        (&json!("공공건물 단열"), &json!("PLANNED"))
    );
    assert_eq!(measure["leadId"], lead);
    let led = format!("/api/v1/measures?total=true&lead={}", lead.as_str().expect("an id"));
    assert_eq!(officer.get(&led).await.1["total"], 1);
    assert_eq!(measure["quantity"]["goal"]["exact"], "12.5");
    assert_eq!(measure["quantity"]["baseline"]["exact"], "3");
    assert_eq!(measure["reductions"][0]["year"], 2027, "by year");
    assert_eq!(measure["reductions"][1]["reduction"]["exact"], "1.200000001");
    assert_eq!(measure["reductions"][1]["provenance"]["sources"][0]["id"], source);
    assert_eq!(measure["budgets"][1]["year"], Value::Null, "without a year comes last");

    // Other years and funds stay; what is said of a fund is said figure by figure.
    let query = "mutation($input: UpdateMeasureInput!) { updateMeasure(input: $input) { measure { revision title
        department lead { id } quantity { goalYear } status reductions { year reduction(unit: T) { exact unit } } provenance { note }
        budgets { year fund planned { exact } executed { exact } } } errors { code path message } } }";
    let input = json!({ "id": measure["id"], "revision": measure["revision"], "quantity": null, "department": null,
        "status": "ONGOING", "reductions": [{ "year": 2027, "reduction": null }, t(2031, "7")],
        "budgets": [{ "year": 2027, "fund": "NATIONAL", "executed": won("450000000") },
            { "fund": "UNSTATED", "planned": null }] });
    let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
    let changed = &body["data"]["updateMeasure"]["measure"];
    assert_eq!(
        changed["reductions"],
        json!([
            { "year": 2030, "reduction": { "exact": "1200.000001", "unit": "T" } },
            { "year": 2031, "reduction": { "exact": "7", "unit": "T" } }
        ]),
        "{body}"
    );
    assert_eq!(
        changed["budgets"],
        json!([{ "year": 2027, "fund": "NATIONAL", "planned": { "exact": "500000000" },
            "executed": { "exact": "450000000" } }])
    );
    assert_eq!(changed["lead"]["id"], lead);
    assert_eq!((&changed["quantity"], &changed["department"]), (&Value::Null, &Value::Null));
    assert_eq!(changed["provenance"]["note"], "내부 검토", "what was not named stays");

    // A figure is a part of its measure, and what says nothing new is no change.
    let path = path_of(&measure);
    let only = json!({ "reductions": [t(2031, "8")] });
    let (_, newer) = officer.patch(&path, &tag_of(changed), only.clone()).await;
    assert_ne!(newer["revision"], changed["revision"], "{newer}");
    let (_, same) = officer.patch(&path, &tag_of(&newer), only).await;
    assert_eq!(same["revision"], newer["revision"]);
    let (status, stale) = officer.patch(&path, &tag_of(&measure), json!({ "title": "x" })).await;
    assert_eq!((status, &stale["currentRevision"]), (412, &newer["revision"]));
    let (_, then) = officer
        .get(&format!("{path}?unit=T&asOf={}", measure["revision"].as_str().expect("one")))
        .await;
    assert_eq!(then["reductions"][0]["reduction"]["exact"], "300", "{then}");
    assert_eq!(then["quantity"]["unit"], Value::Null);
    let (_, moved) = officer.get(&format!("/api/v1/plans/{plan}")).await;
    assert_eq!(moved["contentRevision"], newer["revision"]);

    assert_eq!(officer.delete(&path, &tag_of(&newer)).await.0, 204);
    assert_eq!(officer.get(&path).await.0, 404);
    server.stop().await;
}

#[tokio::test]
async fn the_response_base_has_no_tonnes() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let plan = plan_of(&officer, "52140").await;
    let base = json!({ "plan": plan, "family": "RESPONSE_BASE", "title": "기후시민학교" });
    let mut with_tonnes = base.clone();
    with_tonnes["reductions"] = json!([t(2030, "1")]);
    let (status, body) = officer.post("/api/v1/measures", with_tonnes).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/reductions")), "{body}");
    let base = created(&officer, base).await;
    let path = path_of(&base);
    let (status, _) =
        officer.patch(&path, &tag_of(&base), json!({ "reductions": [t(2030, "1")] })).await;
    assert_eq!(status, 422);

    let new = json!({ "plan": plan, "family": "MITIGATION", "title": "숲", "reductions": [t(2030, "5")] });
    let forest = created(&officer, new).await;
    let turned = json!({ "family": "RESPONSE_BASE" });
    assert_eq!(officer.patch(&path_of(&forest), &tag_of(&forest), turned).await.0, 422);
    let turned =
        json!({ "family": "RESPONSE_BASE", "reductions": [{ "year": 2030, "reduction": null }] });
    assert_eq!(officer.patch(&path_of(&forest), &tag_of(&forest), turned).await.0, 200);
    server.stop().await;
}

#[tokio::test]
async fn bad_input_about_a_measure_is_told_with_its_field() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let plan = plan_of(&officer, "52140").await;
    let before = officer.fetch("/api/v1/measures?limit=1").await.header("dure-revision").to_owned();
    let of = |more: Value| {
        let mut new = json!({ "plan": plan, "family": "MITIGATION", "title": "과제" });
        let more = more.as_object().expect("an object").clone();
        new.as_object_mut().expect("an object").extend(more);
        new
    };
    let unseen = "plan_01jz7p4k9vf3b8m2xq6r0t5w1y";
    let cases = [
        (of(json!({ "title": " " })), "/title", "INVALID"),
        (of(json!({ "plan": "measure_x" })), "/plan", "INVALID"),
        (of(json!({ "plan": unseen })), "/plan", "NOT_FOUND"),
        (of(json!({ "sector": "NONE" })), "/sector", "NOT_FOUND"),
        (of(json!({ "sector": "TOTAL" })), "/sector", "INVALID"),
        (of(json!({ "lead": "organization_01jz7p4k9vf3b8m2xq6r0t5w1y" })), "/lead", "NOT_FOUND"),
        (of(json!({ "department": "가".repeat(101) })), "/department", "INVALID"),
        (of(json!({ "quantity": { "unit": "대" } })), "/quantity/goal", "INVALID"),
        (
            of(json!({ "quantity": { "unit": "대", "goal": "1.2345678" } })),
            "/quantity/goal",
            "INVALID",
        ),
        (
            of(json!({ "quantity": { "unit": "대", "goal": "99999999999999999999" } })),
            "/quantity/goal",
            "OVERFLOW",
        ),
        (
            of(json!({ "quantity": { "unit": "대", "goal": "1", "goalYear": 1800 } })),
            "/quantity/goalYear",
            "INVALID",
        ),
        (of(json!({ "reductions": [t(1800, "1")] })), "/reductions/0/year", "INVALID"),
        (of(json!({ "reductions": [t(2030, "1"), t(2030, "2")] })), "/reductions/1", "INVALID"),
        (
            of(json!({ "reductions": [t(2030, "0.0000001")] })),
            "/reductions/0/reduction/amount",
            "INVALID",
        ),
        (of(json!({ "reductions": [{ "year": 2030 }] })), "/reductions/0/reduction", "INVALID"),
        (of(json!({ "budgets": [{ "fund": "NATIONAL" }] })), "/budgets/0/planned", "INVALID"),
        (
            of(json!({ "budgets": [{ "fund": "NATIONAL", "planned": won("1.5") }] })),
            "/budgets/0/planned/amount",
            "INVALID",
        ),
        (
            of(json!({ "budgets": [{ "fund": "NATIONAL", "planned": won("-1") }] })),
            "/budgets/0/planned/amount",
            "INVALID",
        ),
        (of(json!({ "sources": ["source_x"] })), "/sources/0", "INVALID"),
    ];
    for (input, pointer, code) in cases {
        let (status, body) = officer.post("/api/v1/measures", input.clone()).await;
        let wanted = if code == "NOT_FOUND" { 404 } else { 422 };
        assert_eq!((status, &body["code"]), (wanted, &json!(code)), "{input} {body}");
        assert_eq!(body["errors"][0]["pointer"], pointer, "{body}");
        let query = "mutation($input: NewMeasure!) { createMeasure(input: $input) { measure { id } errors { code path } } }";
        let (_, body) = officer.gql_with(query, json!({ "input": input })).await;
        let error = &body["data"]["createMeasure"]["errors"][0];
        let path: Vec<&str> = std::iter::once("input").chain(pointer[1..].split('/')).collect();
        assert_eq!((&error["code"], &error["path"]), (&json!(code), &json!(path)), "{body}");
    }
    for field in ["approval", "externalId", "revision", "reportedStatus"] {
        let (status, body) = officer.post("/api/v1/measures", of(json!({ field: "REGION" }))).await;
        assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!(format!("/{field}"))));
    }
    // What must be there is not taken away.
    let (_, measures) = officer.get(&format!("/api/v1/plans/{plan}/measures?limit=1")).await;
    let measure = &measures["items"][0];
    for field in ["title", "family", "status", "reductions", "budgets"] {
        let (status, body) =
            officer.patch(&path_of(measure), &tag_of(measure), json!({ field: null })).await;
        assert_eq!(
            (status, &body["errors"][0]["pointer"]),
            (422, &json!(format!("/{field}"))),
            "{body}"
        );
    }
    let after = officer.fetch("/api/v1/measures?limit=1").await.header("dure-revision").to_owned();
    assert_eq!(before, after, "nothing was written");
    server.stop().await;
}

#[tokio::test]
async fn only_who_edits_a_plan_changes_its_measures_and_a_draft_shows_none() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let plan = plan_of(&officer, "52140").await;
    let new = json!({ "plan": plan, "family": "MITIGATION", "title": "과제" });
    let (_, measures) = officer.get(&format!("/api/v1/plans/{plan}/measures?limit=1")).await;
    let measure = &measures["items"][0];
    let (path, tag) = (path_of(measure), tag_of(measure));
    for (stranger, status) in [(&neighbour, 403), (&province, 403), (&server.anonymous(), 401)] {
        assert_eq!(stranger.post("/api/v1/measures", new.clone()).await.0, status);
        assert_eq!(stranger.patch(&path, &tag, json!({ "title": "x" })).await.0, status);
        assert_eq!(stranger.delete(&path, &tag).await.0, status);
    }

    let draft = json!({ "region": { "code": "52140" }, "title": "초안", "round": 2 });
    let (_, draft) = officer.post("/api/v1/plans", draft).await;
    let new = json!({ "plan": draft["id"], "family": "MITIGATION", "title": "비밀 과제" });
    let hidden = created(&officer, new.clone()).await;
    let path = path_of(&hidden);
    assert_eq!(province.get(&path).await.0, 200, "the province sees the drafts below it");
    let query = format!(
        r#"{{ measure(id: {0}) {{ id }} node(id: {0}) {{ id }}
          measures(filter: {{ title: {{ contains: "비밀" }} }}) {{ totalCount nodes {{ id }} }} }}"#,
        hidden["id"]
    );
    for stranger in [&neighbour, &server.anonymous()] {
        assert_eq!(stranger.get(&path).await.0, 404);
        assert_eq!(stranger.patch(&path, &tag_of(&hidden), json!({})).await.0, 404);
        assert_eq!(stranger.post("/api/v1/measures", new.clone()).await.0, 404);
        assert_eq!(stranger.get("/api/v1/measures?title=비밀&total=true").await.1["total"], 0);
        let path = format!("/api/v1/plans/{}/measures", draft["id"].as_str().expect("an id"));
        assert_eq!(stranger.get(&path).await.0, 404);
        let nothing =
            json!({ "measure": null, "node": null, "measures": { "totalCount": 0, "nodes": [] } });
        assert_eq!(stranger.data(&query).await, nothing);
    }
    server.stop().await;
}
