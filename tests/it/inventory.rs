//! Inventories: what regions emit, on which basis, from where; and what was only invented.

use api::access::Role;
use api::exchange::{self, Pack};
use serde_json::{Value, json};
use tests::{Client, TestServer};

fn text<'a>(thing: &'a Value, name: &str) -> &'a str {
    thing[name].as_str().expect("a text")
}

fn kt(amount: &str) -> Value {
    json!({ "amount": amount, "unit": "KT" })
}

const PATH: &str = "/api/v1/regions/52110/emissions";

async fn items(asker: &Client, path: &str) -> Vec<Value> {
    let (status, body) = asker.get(path).await;
    assert_eq!(status, 200, "{body}");
    body["items"].as_array().expect("items").clone()
}

#[tokio::test]
async fn an_inventory_is_kept_as_it_was_reported() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let query = r#"{ jeonbuk: region(by: { code: "52" }) {
        of2018: emissions(years: [2018], unit: T) { year isTotal sector { code } label gas status
          amount { exact unit } reportedScope
          provenance { confidence derivation note sources { externalId } } }
        of2006: emissions(years: [2006], sector: "TOTAL") { gas reportedGas amount { exact }
          share { exact unit } basis { guideline } }
        made: emissions(years: [2005], gas: CO2, basis: { accounting: PRODUCTION }) {
          amount { exact } share { exact } basis { accounting boundary } reportedScope }
        undated: emissions(sector: "TOTAL") { year amount { exact } } }
      jeonju: region(by: { code: "52110" }) { emissions(years: [2018]) { amount { exact }
          basis { boundary } } }
      chungnam: region(by: { code: "44" }) { emissions(sector: "SINK") { amount { exact }
          basis { boundary } reportedScope } } }"#;
    let data = anybody.data(query).await;
    let of2018 = data["jeonbuk"]["of2018"].as_array().expect("rows");
    assert_eq!(of2018.len(), 4);
    let total = &of2018[0];
    assert_eq!((&total["isTotal"], &total["sector"]), (&json!(true), &Value::Null));
    assert_eq!(total["amount"], json!({ "exact": "25760000", "unit": "T" }));
    assert_eq!(
        (&total["status"], &total["provenance"]["confidence"]),
        (&json!("REPORTED"), &json!("A"))
    );
    assert_eq!(total["provenance"]["sources"].as_array().map(Vec::len), Some(2));
    assert_eq!(total["provenance"]["note"], r#"KBS December 2023 gives 25,750"#);
    let derived = of2018.iter().find(|it| it["sector"]["code"] == "BUILDING").expect("buildings");
    assert_eq!(derived["status"], "ESTIMATED");
    assert_eq!(derived["provenance"]["derivation"], "2960/0.451");

    let gases: Vec<(&str, &Value)> = data["jeonbuk"]["of2006"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (text(row, "gas"), &row["reportedGas"]))
        .collect();
    assert_eq!(gases.len(), 5);
    assert_eq!(gases.iter().filter(|(gas, _)| *gas == "CO2").count(), 2, "energy and other");
    assert!(gases.contains(&("F_GASES", &json!("F-gases"))), "{gases:?}");
    let methane = &data["jeonbuk"]["of2006"].as_array().expect("rows")[2];
    assert_eq!((&methane["amount"], &methane["share"]["exact"]), (&Value::Null, &json!("8.1")));
    let made = &data["jeonbuk"]["made"];
    assert_eq!(made[0]["amount"]["exact"], "10585");
    assert_eq!(made[0]["share"]["exact"], "1.9");
    assert_eq!(made[0]["reportedScope"], "production based, CO2 only");
    let undated =
        data["jeonbuk"]["undated"].as_array().expect("rows").last().expect("a row").clone();
    assert_eq!(
        undated,
        json!({ "year": null, "amount": { "exact": "20926" } }),
        "known without its year"
    );
    assert_eq!(data["jeonju"]["emissions"][0]["basis"]["boundary"], "MANAGED");
    assert_eq!(data["chungnam"]["emissions"][0]["amount"]["exact"], "-1397.2");
    assert_eq!(data["chungnam"]["emissions"][0]["basis"]["boundary"], "MANAGED");
    let shares = items(&anybody, "/api/v1/regions/52/emissions?years=2006&sector=AGRI").await;
    assert_eq!(shares[0]["basis"]["guideline"], "IPCC 1996");
    assert_eq!(shares[0]["sector"], "AGRI");
    let id = text(&shares[0], "id");
    let both = format!(
        r#"{{ node(id: "{id}") {{ __typename id }} emission(id: "{id}") {{ region {{ code }} }} }}"#
    );
    assert_eq!(anybody.data(&both).await["emission"]["region"]["code"], "52");
    for (query, field) in
        [("years=2018,x", "years"), ("sector=NOTHING", "sector"), ("gas=XE", "gas")]
    {
        let (status, body) = anybody.get(&format!("/api/v1/regions/52/emissions?{query}")).await;
        assert!((400..500).contains(&status), "{body}");
        assert_eq!(body["errors"][0]["pointer"], format!("/{field}"), "{body}");
    }
    server.stop().await;
}

#[tokio::test]
async fn years_that_there_cannot_be_are_no_failure() {
    let server = TestServer::start().await;
    let query = r#"query($years: [Int!]) { region(by: { code: "52" }) { emissions(years: $years) { year } } }"#;
    let years: Vec<i32> = (1200..2030).chain([i32::MIN, i32::MAX]).collect();
    let (status, body) = server.anonymous().gql_with(query, json!({ "years": years })).await;
    assert_eq!(status, 200, "{body}");
    let found = body["data"]["region"]["emissions"].as_array().expect("rows");
    assert!(found.len() > 20 && found.iter().all(|row| row["year"].is_number()), "{body}");
    server.stop().await;
}

#[tokio::test]
async fn rows_are_written_all_or_none() {
    let server = TestServer::start().await;
    let city = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let other = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let (_, sources) = city.get("/api/v1/sources?limit=1").await;
    let basis = json!({ "boundary": "MANAGED", "netting": "GROSS", "guideline": "IPCC 2006", "gwpSet": "AR5" });
    let rows = json!({ "rows": [
        { "year": 2021, "sector": "BUILDING", "amount": kt("2353.6"), "basis": basis, "vintage": 2024,
          "sources": [sources["items"][0]["id"]] },
        { "year": 2021, "sector": "SINK", "amount": kt("-23.9"), "approximate": true },
        { "year": 2021, "sector": "WASTE", "status": "NOT_ESTIMATED", "reason": "시설 자료 없음" },
        { "year": 2021, "label": "농업기계", "share": { "amount": "3.5", "unit": "PERCENT" }, "derivation": "경유 사용량" },
    ] });
    for (asker, wanted) in [(&server.anonymous(), 401), (&other, 403)] {
        assert_eq!(asker.put(PATH, None, rows.clone()).await.0, wanted);
    }
    // What cannot even be read is told at its place, too.
    let unread = json!({ "rows": [{ "year": 2021 }, { "year": 2021, "gas": "H2O" }] });
    let (status, body) = city.put(PATH, None, unread).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/rows/1/gas")), "{body}");
    let (status, body) = city.put(PATH, None, rows.clone()).await;
    assert_eq!(status, 200, "{body}");
    let written = body["items"].as_array().expect("rows").clone();
    assert_eq!(written.len(), 4);
    assert_eq!(written[0]["basis"]["guideline"], "IPCC 2006");
    assert_eq!(
        (&written[0]["status"], &written[0]["provenance"]["confidence"]),
        (&json!("REPORTED"), &json!("B"))
    );
    assert_eq!(written[1]["amount"]["exact"], "-23.9");
    assert_eq!(
        (&written[2]["status"], &written[2]["amount"]),
        (&json!("NOT_ESTIMATED"), &Value::Null)
    );
    assert_eq!(
        (&written[3]["status"], &written[3]["provenance"]["confidence"]),
        (&json!("ESTIMATED"), &json!("C"))
    );

    // The same again writes nothing; one that differs is overwritten, and has a past.
    let (_, again) = city.put(PATH, None, rows).await;
    assert_eq!(again, body);
    let mutation = "mutation($input: RecordEmissionsInput!) { recordEmissions(input: $input) {
        emissions { id amount { exact } revision } errors { code path currentRevision } } }";
    let row = |revision: &Value| {
        json!({ "input": { "region": { "code": "52110" }, "rows": [
        { "year": 2021, "sector": "SINK", "amount": kt("-25"), "revision": revision } ] } })
    };
    let (_, changed) = province.gql_with(mutation, row(&written[1]["revision"])).await;
    let sink = &changed["data"]["recordEmissions"]["emissions"][0];
    assert_eq!(
        (&sink["id"], &sink["amount"]["exact"]),
        (&written[1]["id"], &json!("-25")),
        "{changed}"
    );
    let (_, stale) = city.gql_with(mutation, row(&written[1]["revision"])).await;
    let error = &stale["data"]["recordEmissions"]["errors"][0];
    assert_eq!(error["path"], json!(["input", "rows", "0", "revision"]), "{stale}");
    assert_eq!(error["currentRevision"], sink["revision"]);

    let one = format!("/api/v1/emissions/{}", text(sink, "id"));
    let (_, then) = city.get(&format!("{one}?asOf={}", text(&written[1], "revision"))).await;
    assert_eq!(then["amount"]["exact"], "-23.9");
    let tag = format!("\"{}\"", text(sink, "revision"));
    assert_eq!(other.delete(&one, &tag).await.0, 403);
    assert_eq!(city.delete(&one, "\"1\"").await.0, 412);
    assert_eq!(city.delete(&one, &tag).await.0, 204);
    assert_eq!(city.get(&one).await.0, 404);
    assert_eq!(items(&city, &format!("{PATH}?years=2021")).await.len(), 3);
    server.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_row_is_told_at_its_place() {
    let server = TestServer::start().await;
    let city = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let before = items(&city, PATH).await;
    let good = json!({ "year": 2022, "sector": "WASTE", "amount": kt("1") });
    let of = |extra: Value| {
        let mut row = json!({ "year": 2022, "sector": "BUILDING", "amount": kt("1") });
        let fields = extra.as_object().cloned().unwrap_or_default();
        row.as_object_mut().expect("an object").extend(fields);
        row
    };
    for (extra, field, code) in [
        (json!({ "status": "NOT_OCCURRING", "reason": "없음" }), "status", "INVALID"),
        (json!({ "status": "NOT_OCCURRING", "amount": null }), "reason", "INVALID"),
        (json!({ "amount": null }), "amount", "INVALID"),
        (json!({ "amount": kt("-1") }), "amount", "INVALID"),
        (json!({ "amount": kt("1.0000000001") }), "amount/amount", "INVALID"),
        (json!({ "amount": kt("99999999999") }), "amount/amount", "OVERFLOW"),
        (json!({ "year": 1899 }), "year", "INVALID"),
        (json!({ "vintage": 2999 }), "vintage", "INVALID"),
        (json!({ "sector": null }), "sector", "INVALID"),
        (json!({ "sector": "MAGIC" }), "sector", "NOT_FOUND"),
        (json!({ "status": "ILLUSTRATIVE" }), "status", "INVALID"),
        (json!({ "sources": ["source_01jz7p4k9vf3b8m2xq6r0t5w1y"] }), "sources/0", "NOT_FOUND"),
        (json!({ "basis": { "gwpSet": "" } }), "basis/gwpSet", "INVALID"),
        (json!({ "revision": "7" }), "revision", "NOT_FOUND"),
        (json!({ "sector": "WASTE" }), "", "INVALID"),
    ] {
        let rows = json!({ "rows": [good, of(extra.clone())] });
        let (status, body) = city.put(PATH, None, rows).await;
        assert!((400..500).contains(&status), "{extra}: {body}");
        let pointer = format!("/rows/1/{field}");
        let told = (&body["errors"][0]["pointer"], &body["errors"][0]["code"]);
        assert_eq!(told, (&json!(pointer.trim_end_matches('/')), &json!(code)), "{extra}: {body}");
    }
    // The body itself: what is no gas, no field, no row.
    for (rows, code) in [
        (json!([of(json!({ "gas": "XENON" }))]), 422),
        (json!([of(json!({ "approval": "PROVINCE" }))]), 422),
        (json!([of(json!({ "externalId": "jeonbuk:x" }))]), 422),
        (json!([]), 422),
        (json!(vec![good.clone(); 1_001]), 400),
    ] {
        let (status, body) = city.put(PATH, None, json!({ "rows": rows })).await;
        assert_eq!(status, code, "{body}");
        assert!(
            body["code"] != "INTERNAL" && text(&body["errors"][0], "pointer").starts_with("/rows")
        );
    }
    assert_eq!(items(&city, PATH).await, before, "nothing of it was written");
    server.stop().await;
}

#[tokio::test]
async fn what_was_invented_is_in_no_answer_that_does_not_ask_for_it() {
    let server = TestServer::start().await;
    let report = exchange::load(&server.operator(), Pack::illustrative()).await.expect("a load");
    assert!(report.loaded && report.skipped.is_empty(), "{report:?}");
    let rows: Vec<usize> = report.files.iter().map(|file| file.created).collect();
    assert_eq!(rows, [1, 504]);
    let again = exchange::load(&server.operator(), Pack::illustrative()).await.expect("a load");
    assert!(again.files.iter().all(|file| file.created + file.updated == 0), "{again:?}");

    let anybody = server.anonymous();
    let query = r#"{ regions(within: { code: "52" }, level: MUNICIPALITY) {
        real: emissions { status } all: emissions(years: [2018], includeIllustrative: true) {
          status sector { code } amount { value } provenance { sources { title } } } } }"#;
    let data = anybody.data(query).await;
    let regions = data["regions"].as_array().expect("regions");
    let (mut emitted, mut invented) = (0.0, 0);
    for region in regions {
        assert!(!region["real"].to_string().contains("ILLUSTRATIVE"), "{region}");
        let made_up = region["all"].as_array().expect("rows").iter();
        for row in made_up.filter(|row| row["status"] == "ILLUSTRATIVE") {
            let amount = row["amount"]["value"].as_f64().expect("a number");
            assert!(text(&row["provenance"]["sources"][0], "title").contains("실제 자료 아님"));
            invented += 1;
            match row["sector"]["code"] == "SINK" {
                true => assert!(amount < 0.0),
                false => emitted += amount,
            }
        }
    }
    assert_eq!((regions.len(), invented), (14, 84));
    assert!((emitted - 25_756.0).abs() < 0.001, "{emitted}");
    for (query, wanted) in
        [("", false), ("&includeIllustrative=false", false), ("&includeIllustrative=true", true)]
    {
        let path = format!("{PATH}?limit=500{query}");
        let found = items(&anybody, &path).await;
        assert_eq!(json!(found).to_string().contains("ILLUSTRATIVE"), wanted, "{query}");
    }

    // What is known stands beside it and not in its place.
    let city = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let rows = json!({ "rows": [{ "year": 2018, "sector": "BUILDING", "label": "건물", "amount": kt("2400") }] });
    assert_eq!(city.put(PATH, None, rows).await.0, 200);
    let path = format!("{PATH}?years=2018&sector=BUILDING");
    assert_eq!(items(&anybody, &path).await.len(), 1);
    assert_eq!(items(&anybody, &format!("{path}&includeIllustrative=true")).await.len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn the_rows_of_a_pack_say_a_number_or_why_there_is_none() {
    let server = TestServer::start().await;
    let mut pack = Pack::illustrative();
    let rows = [
        "region_code,year,sector_code,category_label_ko,gas,emissions_kt,share_pct,scope,status,reason,confidence",
        "52110,2020,WASTE,,CO2eq,,,,not_estimated,자료 없음,",
        "52110,2020,AGRI,,CO2eq,1,,,not_estimated,자료 없음,",
        "52110,2020,BUILDING,,CO2eq,,,,not_estimated,,",
        "52110,2020,TRANSPORT,,CO2eq,,,,,,",
        "52110,1800,TOTAL,,XE,1,,,guessed,,",
        "99999,2020,,,CO2eq,1,,,,,",
    ];
    pack.files.insert("emissions.csv".to_owned(), rows.join("\n").into_bytes());
    let report = exchange::load(&server.operator(), pack.clone()).await.expect("a report");
    assert!(!report.loaded);
    let told: Vec<(u64, &str)> =
        report.files[1].rejected.iter().map(|it| (it.line, it.column.as_str())).collect();
    for wanted in [
        (3, "status"),
        (4, "reason"),
        (5, "emissions_kt"),
        (6, "gas"),
        (6, "status"),
        (7, "region_code"),
        (7, "sector_code"),
    ] {
        assert!(told.contains(&wanted), "{wanted:?} in {told:?}");
    }
    assert!(told.iter().all(|(line, _)| *line != 2), "{told:?}");
    pack.files.insert("emissions.csv".to_owned(), rows[..2].join("\n").into_bytes());
    let report = exchange::load(&server.operator(), pack).await.expect("a load");
    assert!(report.loaded, "{:?}", report.files);
    let found = items(&server.anonymous(), &format!("{PATH}?years=2020")).await;
    assert_eq!(
        (&found[0]["status"], &found[0]["reason"]),
        (&json!("NOT_ESTIMATED"), &json!("자료 없음"))
    );
    server.stop().await;
}
