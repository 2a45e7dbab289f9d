//! Organizations: loaded with what belongs to what, kept by who keeps reference data, under all
//! the names they ever had.

use api::access::Role;
use api::exchange::{self, Pack};
use serde_json::{Value, json};
use tests::{Client, TestServer};

fn text<'a>(thing: &'a Value, name: &str) -> &'a str {
    thing[name].as_str().expect("a text")
}

fn path_of(organization: &Value) -> String {
    format!("/api/v1/organizations/{}", text(organization, "id"))
}

fn tag_of(organization: &Value) -> String {
    format!("\"{}\"", text(organization, "revision"))
}

async fn by_name(asker: &Client, name: &str) -> Value {
    let (_, found) = asker.get(&format!("/api/v1/organizations?name={name}")).await;
    found["items"][0].clone()
}

#[tokio::test]
async fn organizations_know_their_region_their_kin_and_the_plans_they_draft() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let query = r#"{
        organizations(filter: { kind: { eq: SUPPORT_CENTRE }, name: { contains: "전주시" } },
          orderBy: [{ field: NAME }]) { totalCount nodes {
            externalId name(lang: KO) english: name(lang: EN) role region { code }
            parent { externalId children { externalId } } formerNames { name }
            provenance { confidence sources { externalId } } } }
        region(by: { code: "52180" }) { organizations { externalId parent { externalId } }
          currentPlan { contractors { externalId kind } } } }"#;
    let data = anybody.data(query).await;
    let centre = &data["organizations"]["nodes"][0];
    assert_eq!(data["organizations"]["totalCount"], 1);
    assert_eq!(centre["externalId"], "jeonbuk:ORG-JJCNC");
    assert_eq!(centre["english"], "Jeonju Carbon Neutrality Support Center");
    assert_eq!(centre["region"]["code"], "52110");
    assert_eq!(centre["parent"]["externalId"], "jeonbuk:ORG-JJRI");
    assert_eq!(centre["parent"]["children"], json!([{ "externalId": "jeonbuk:ORG-JJCNC" }]));
    assert_eq!(centre["provenance"]["sources"][0]["externalId"], "jeonbuk:S028");
    let jeongeup = &data["region"];
    assert_eq!(
        jeongeup["organizations"],
        json!([
            { "externalId": "jeonbuk:ORG-52180", "parent": null },
            { "externalId": "jeonbuk:ORG-52180-CMT", "parent": { "externalId": "jeonbuk:ORG-52180" } },
        ])
    );
    let contractor = json!([{ "externalId": "jeonbuk:ORG-JGEC", "kind": "CONTRACTOR" }]);
    assert_eq!(jeongeup["currentPlan"]["contractors"], contractor);

    let (_, plans) = anybody.get("/api/v1/regions/52110/plans").await;
    let contractors = plans["items"][0]["contractors"].as_array().expect("ids").clone();
    let named = |id: &Value| format!("/api/v1/organizations/{}", id.as_str().expect("an id"));
    assert_eq!(contractors.len(), 2);
    let (_, first) = anybody.get(&named(&contractors[0])).await;
    let (_, second) = anybody.get(&named(&contractors[1])).await;
    assert_eq!(text(&first, "externalId"), "jeonbuk:ORG-JGEC");
    assert_eq!(text(&second, "externalId"), "jeonbuk:ORG-JJRI");
    let (_, all) = anybody.get("/api/v1/organizations?total=true&limit=500").await;
    assert_eq!(all["total"], 58);
    let (_, below) =
        anybody.get("/api/v1/organizations?within=52&kind=MUNICIPALITY&total=true").await;
    assert_eq!(below["total"], 14);
    let node = format!(r#"{{ node(id: "{}") {{ __typename id }} }}"#, text(&first, "id"));
    assert_eq!(anybody.data(&node).await["node"]["__typename"], "Organization");
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_is_renamed_keeps_its_id_and_its_former_name() {
    let server = TestServer::start().await;
    let admin = server.signed_in(Role::Admin, "KR").await;
    let ministry = by_name(&admin, "환경부(현").await;
    assert_eq!(ministry["name"]["ko"], "환경부(현 기후에너지환경부)", "kept as the source has it");
    let change = json!({ "name": { "ko": "기후에너지환경부" }, "formerNames": [
        { "name": { "ko": "환경처" }, "validTo": "1994-12-23" },
        { "name": { "ko": "환경부", "en": "Ministry of Environment" }, "validFrom": "1994-12-23", "validTo": "2025-09-30" } ] });
    let (status, renamed) = admin.patch(&path_of(&ministry), &tag_of(&ministry), change).await;
    assert_eq!(status, 200, "{renamed}");
    assert_eq!(renamed["id"], ministry["id"]);
    assert_eq!(renamed["name"], json!({ "ko": "기후에너지환경부", "en": null }));
    let former: Vec<&Value> = renamed["formerNames"]
        .as_array()
        .expect("names")
        .iter()
        .map(|it| &it["name"]["ko"])
        .collect();
    assert_eq!(former, ["환경부", "환경처"], "the latest first");
    assert_eq!(renamed["formerNames"][0]["validTo"]["text"], "2025-09-30");
    let sources = [&renamed, &ministry].map(|it| &it["provenance"]["sources"]);
    assert_eq!(sources[0], sources[1], "what is not named stays");

    // Names are a part of it: they alone give it a new revision, and its past keeps them.
    let change = json!({ "formerNames": [{ "name": { "ko": "환경부" } }] });
    let (status, again) = admin.patch(&path_of(&ministry), &tag_of(&renamed), change.clone()).await;
    assert_eq!((status, again["formerNames"].as_array().map(Vec::len)), (200, Some(1)), "{again}");
    assert_ne!(again["revision"], renamed["revision"]);
    let (_, same) = admin.patch(&path_of(&ministry), &tag_of(&again), change).await;
    assert_eq!(same["revision"], again["revision"], "what changes nothing is no change");
    let then = format!("{}?asOf={}", path_of(&ministry), text(&renamed, "revision"));
    assert_eq!(admin.get(&then).await.1["formerNames"], renamed["formerNames"]);
    let (status, _) = admin.patch(&path_of(&ministry), &tag_of(&renamed), json!({})).await;
    assert_eq!(status, 412);
    server.stop().await;
}

#[tokio::test]
async fn reference_data_are_written_by_who_keeps_them_there() {
    let server = TestServer::start().await;
    let new = |region: Value| json!({ "name": { "ko": "기후행동센터" }, "kind": "AGENCY", "region": region });
    let (jeonju, nation) = (json!({ "code": "52110" }), json!({ "code": "KR" }));
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let city = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let other = server.signed_in(Role::ProvinceOfficer, "48").await;
    let admin = server.signed_in(Role::Admin, "KR").await;
    for (asker, region, wanted) in [
        (&server.anonymous(), &jeonju, 401),
        (&city, &jeonju, 403),
        (&other, &jeonju, 403),
        (&province, &jeonju, 201),
        (&centre, &jeonju, 201),
        (&province, &nation, 403),
        (&province, &Value::Null, 403),
        (&admin, &nation, 201),
        (&admin, &Value::Null, 201),
    ] {
        let (status, body) = asker.post("/api/v1/organizations", new(region.clone())).await;
        assert_eq!(status, wanted, "{region}: {body}");
    }

    let (_, made) = province.post("/api/v1/organizations", new(jeonju)).await;
    let (path, tag) = (path_of(&made), tag_of(&made));
    for asker in [&city, &other] {
        assert_eq!(asker.patch(&path, &tag, json!({ "role": "자문" })).await.0, 403);
        assert_eq!(asker.delete(&path, &tag).await.0, 403);
    }
    // Nor does it go where its keeper has no say.
    for region in [json!({ "code": "48" }), nation, Value::Null] {
        let (status, body) = province.patch(&path, &tag, json!({ "region": region })).await;
        assert_eq!((status, &body["code"]), (403, &json!("FORBIDDEN")), "{region}");
    }
    let ministry = by_name(&province, "환경부(현").await;
    assert_eq!(province.delete(&path_of(&ministry), &tag_of(&ministry)).await.0, 403);

    let mutation = "mutation($input: DeleteOrganizationInput!) {
        deleteOrganization(input: $input) { id errors { code path } } }";
    let input = json!({ "id": made["id"], "revision": made["revision"] });
    let (_, refused) = city.gql_with(mutation, json!({ "input": input })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
    let (_, gone) = province.gql_with(mutation, json!({ "input": input })).await;
    assert_eq!(gone["data"]["deleteOrganization"]["id"], made["id"], "{gone}");
    assert_eq!(province.get(&path).await.0, 404);
    assert_eq!(
        server.anonymous().get(&format!("{path}?asOf={}", text(&made, "revision"))).await.0,
        200
    );

    // What others refer to stays.
    let contractor = by_name(&province, "전북녹색환경지원센터").await;
    let (status, body) = province.delete(&path_of(&contractor), &tag_of(&contractor)).await;
    assert_eq!((status, &body["code"]), (409, &json!("CONFLICT")), "{body}");
    assert_eq!(province.get(&path_of(&contractor)).await.0, 200);
    server.stop().await;
}

#[tokio::test]
async fn bad_input_is_told_with_its_field() {
    let server = TestServer::start().await;
    let admin = server.signed_in(Role::Admin, "KR").await;
    let jeonbuk = by_name(&admin, "전북특별자치도%20기후환경정책과").await;
    let parent = jeonbuk["parentId"].clone();
    assert!(parent.is_string(), "{jeonbuk}");
    let (path, tag) = (path_of(&jeonbuk), tag_of(&jeonbuk));
    let unknown = "organization_01jz7p4k9vf3b8m2xq6r0t5w1y";
    for (change, pointer, code) in [
        (json!({ "name": null }), "/name", "INVALID"),
        (json!({ "kind": null }), "/kind", "INVALID"),
        (json!({ "name": { "ko": "  " } }), "/name/ko", "INVALID"),
        (json!({ "parent": jeonbuk["id"] }), "/parent", "INVALID"),
        (json!({ "parent": unknown }), "/parent", "NOT_FOUND"),
        (json!({ "parent": "plan_1" }), "/parent", "INVALID"),
        (json!({ "region": { "code": "99999" } }), "/region", "NOT_FOUND"),
        (json!({ "source": "source_01jz7p4k9vf3b8m2xq6r0t5w1y" }), "/source", "NOT_FOUND"),
        (json!({ "validFrom": "2025", "validTo": "2024-12" }), "/validTo", "INVALID"),
        (json!({ "validFrom": "2025-02-30" }), "/validFrom", "INVALID"),
        (
            json!({ "formerNames": [{ "name": { "ko": "가" } }, { "name": { "ko": "가" } }] }),
            "/formerNames/1",
            "INVALID",
        ),
        (
            json!({ "formerNames": [{ "name": { "ko": "가" }, "validTo": "어제" }] }),
            "/formerNames/0/validTo",
            "INVALID",
        ),
    ] {
        let (status, body) = admin.patch(&path, &tag, change.clone()).await;
        assert!((400..500).contains(&status), "{change}: {body}");
        let told = &body["errors"][0];
        assert_eq!((&told["pointer"], &told["code"]), (&json!(pointer), &json!(code)), "{change}");
    }
    // The one above would lie below the one below it.
    let above = format!("/api/v1/organizations/{}", parent.as_str().expect("an id"));
    let (_, state) = admin.get(&above).await;
    let change = json!({ "parent": jeonbuk["id"] });
    let (status, body) = admin.patch(&above, &tag_of(&state), change).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/parent")), "{body}");

    let mutation =
        "mutation($input: CreateOrganizationInput!) { createOrganization(input: $input) {
        organization { id } errors { code path } } }";
    let input = json!({ "name": { "ko": "가", "en": "" }, "kind": "NGO", "note": "\u{7}" });
    let mutation = mutation.replace("CreateOrganizationInput", "NewOrganization");
    let (_, body) = admin.gql_with(&mutation, json!({ "input": input })).await;
    let errors = &body["data"]["createOrganization"]["errors"];
    assert_eq!(errors[0]["path"], json!(["input", "name", "en"]), "{body}");
    assert_eq!(errors[1]["path"], json!(["input", "note"]), "{body}");
    server.stop().await;
}

#[tokio::test]
async fn a_pack_without_its_organizations_keeps_what_it_names() {
    let server = TestServer::empty().await;
    let mut pack = Pack::jeonbuk();
    let organizations = pack.files.remove("organizations.csv").expect("a file");
    // Contractors may be missing; who held, raised or reviewed something may not.
    for file in ["procedure_events.csv", "progress_reports.csv", "progress_sector_results.csv"] {
        pack.files.remove(file);
    }
    for file in ["issues.csv", "forums.csv", "forum_sessions.csv"] {
        pack.files.remove(file);
    }
    let report = exchange::load(&server.operator(), pack.clone()).await.expect("a load");
    assert!(report.loaded, "{report:?}");
    let plans = |report: &exchange::Report| {
        report.files.iter().find(|file| file.file == "plans.csv").expect("a file").clone()
    };
    let kept: Vec<String> = plans(&report).kept.iter().map(|it| it.reference.clone()).collect();
    assert_eq!(kept, ["ORG-JGEC", "ORG-JJRI", "ORG-JGEC"]);

    // Those above may come after those below; nothing may lie above itself.
    let text = String::from_utf8(organizations).expect("UTF-8");
    let (head, rows) = text.split_once('\n').expect("a header");
    let reversed: Vec<&str> = rows.lines().rev().collect();
    let reversed = format!("{head}\n{}\n", reversed.join("\n"));
    let circular =
        reversed.replace("province_government,52,,", "province_government,52,ORG-JB-AGRI,");
    pack.files.insert("organizations.csv".to_owned(), circular.into_bytes());
    let report = exchange::load(&server.operator(), pack.clone()).await.expect("a report");
    assert!(!report.loaded);
    let file = report.files.iter().find(|file| file.file == "organizations.csv").expect("a file");
    assert_eq!(file.rejected[0].column, "parent_org_id", "{:?}", file.rejected);

    pack.files.insert("organizations.csv".to_owned(), reversed.into_bytes());
    let report = exchange::load(&server.operator(), pack).await.expect("a load");
    assert!(report.loaded, "{:?}", report.files);
    let file = plans(&report);
    assert_eq!((file.updated, file.unchanged, file.kept.len()), (2, 22, 0), "now they are held");
    server.stop().await;
}
