//! Data packs: all of one or nothing, and the same twice.

use api::exchange::{self, FileReport, Pack, Report};
use serde_json::json;
use tests::TestServer;

fn edited(pack: &mut Pack, file: &str, edit: impl Fn(&str) -> String) {
    let text = String::from_utf8(pack.files[file].clone()).expect("UTF-8");
    pack.files.insert(file.to_owned(), edit(&text).into_bytes());
}

fn file<'a>(report: &'a Report, name: &str) -> &'a FileReport {
    report.files.iter().find(|file| file.file == name).expect("a file")
}

fn counts(file: &FileReport) -> [usize; 4] {
    [file.created, file.updated, file.unchanged, file.rejected.len()]
}

async fn revision(server: &TestServer) -> String {
    server.anonymous().fetch("/api/v1/sectors").await.header("dure-revision").to_owned()
}

#[tokio::test]
async fn a_pack_loads_once_and_changes_nothing_the_second_time() {
    let server = TestServer::empty().await;
    let report = exchange::load(&server.operator(), Pack::jeonbuk()).await.expect("a load");
    assert!(report.loaded);
    for (name, rows) in [
        ("sources.csv", 158),
        ("regions.csv", 27),
        ("organizations.csv", 58),
        ("sectors.csv", 14),
        ("region_statistics.csv", 138),
        ("emissions.csv", 49),
        ("plans.csv", 24),
        ("plan_sectors.csv", 45),
        ("targets.csv", 97),
        ("measures.csv", 58),
        ("indicators.csv", 21),
        ("indicator_goals.csv", 15),
        ("indicator_observations.csv", 42),
        ("procedure_events.csv", 70),
        ("progress_reports.csv", 9),
        ("progress_sector_results.csv", 3),
        ("issues.csv", 30),
        ("forums.csv", 11),
        ("forum_sessions.csv", 23),
    ] {
        assert_eq!(counts(file(&report, name)), [rows, 0, 0, 0], "{name}");
    }
    assert!(report.files.iter().all(|file| file.kept.is_empty()), "every reference is held");
    assert_eq!(report.skipped, Vec::<String>::new(), "nothing of the pack is left out");

    let before = revision(&server).await;
    let again = exchange::load(&server.operator(), Pack::jeonbuk()).await.expect("a load");
    assert!(again.loaded);
    for file in &again.files {
        assert_eq!(counts(file), [0, 0, counts(file)[2], 0], "{}", file.file);
    }
    assert_eq!(revision(&server).await, before, "nothing was written");
    server.stop().await;
}

#[tokio::test]
async fn a_broken_reference_loads_nothing_and_is_told_with_its_line() {
    let server = TestServer::empty().await;
    let mut pack = Pack::jeonbuk();
    edited(&mut pack, "targets.csv", |text| text.replace("T001,P-52-1,", "T001,P-99-9,"));
    edited(&mut pack, "plans.csv", |text| text.replace("P-52140-1,52140,", "P-52140-1,99999,"));
    let report = exchange::load(&server.operator(), pack).await.expect("a report");
    assert!(!report.loaded);
    let rejected = &file(&report, "targets.csv").rejected;
    assert_eq!((rejected[0].line, rejected[0].column.as_str()), (2, "plan_id"));
    assert_eq!(rejected[0].reason, "Not found: P-99-9.");
    let plans = &file(&report, "plans.csv").rejected;
    assert_eq!((plans.len(), plans[0].line, plans[0].column.as_str()), (1, 5, "region_code"));
    assert_eq!(revision(&server).await, "0", "nothing was loaded");
    let (_, sources) = server.anonymous().get("/api/v1/sources?total=true").await;
    assert_eq!(sources["total"], 0);
    server.stop().await;
}

#[tokio::test]
async fn a_corrected_row_is_the_only_one_that_changes() {
    let server = TestServer::start().await;
    let mut pack = Pack::jeonbuk();
    pack.files.retain(|file, _| file == "targets.csv");
    edited(&mut pack, "targets.csv", |text| {
        text.replace(
            "T001,P-52-1,52,TOTAL,,2030,reduction_kt,11080",
            "T001,P-52-1,52,TOTAL,,2030,reduction_kt,11080.5",
        )
    });
    let query = r#"{ plans(filter: { region: { code: "52" } }) { nodes { revision contentRevision
        targets(year: 2030, sector: "TOTAL") { id revision reduction { exact } } } } }"#;
    let before = server.anonymous().data(query).await["plans"]["nodes"][0].take();
    let report = exchange::load(&server.operator(), pack).await.expect("a load");
    assert!(report.loaded, "a pack may be partial");
    assert_eq!(counts(file(&report, "targets.csv")), [0, 1, 96, 0]);
    let after = server.anonymous().data(query).await["plans"]["nodes"][0].take();
    assert_eq!(after["targets"][0]["id"], before["targets"][0]["id"]);
    assert_eq!(after["targets"][0]["reduction"]["exact"], "11080.5");
    assert_ne!(after["targets"][0]["revision"], before["targets"][0]["revision"]);
    assert_eq!(after["revision"], before["revision"], "the plan itself did not move");
    assert_eq!(after["contentRevision"], after["targets"][0]["revision"]);
    server.stop().await;
}

#[tokio::test]
async fn a_pack_takes_its_word_back_where_somebody_changed_it() {
    let server = TestServer::start().await;
    let officer = server.signed_in(api::access::Role::MunicipalOfficer, "52140").await;
    let (_, plans) = officer.get("/api/v1/regions/52140/plans").await;
    let id = plans["items"][0]["id"].as_str().expect("an id").to_owned();
    let (_, targets) = officer.get(&format!("/api/v1/plans/{id}/targets?year=2030")).await;
    let path = format!("/api/v1/targets/{}", targets["items"][0]["id"].as_str().expect("an id"));
    let tag = officer.fetch(&path).await.header("etag").to_owned();
    let change = json!({ "target": { "amount": "1250", "unit": "KT" }, "note": "의회 보고" });
    let (status, changed) = officer.patch(&path, &tag, change).await;
    assert_eq!((status, &changed["target"]["exact"]), (200, &json!("1250")), "{changed}");
    // Said again without a source, a figure keeps the one it has.
    let tag = format!("\"{}\"", changed["revision"].as_str().expect("a revision"));
    let same = json!({ "target": { "amount": "1250.0", "unit": "KT" } });
    let (_, same) = officer.patch(&path, &tag, same).await;
    assert_eq!((&same["revision"], &same["target"]), (&changed["revision"], &changed["target"]));

    let report = exchange::load(&server.operator(), Pack::jeonbuk()).await.expect("a load");
    assert_eq!(counts(file(&report, "targets.csv")), [0, 1, 96, 0]);
    let (_, back) = officer.get(&path).await;
    assert_eq!(back["target"]["exact"], "1200");
    assert_eq!(back["target"]["provenance"]["confidence"], "A");
    server.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_row_is_all_told() {
    let server = TestServer::start().await;
    let mut pack = Pack::jeonbuk();
    edited(&mut pack, "targets.csv", |text| {
        let head = text.lines().next().expect("a header");
        let rows = [
            "X1,P-52-1,52,TOTAL,,2030,reduction_kt,1.0000000001,2018,final,2024-02-31,S005,,D,,",
            "X2,P-52-1,52110,,,2030,tonnes,1,2018,final,,S005,,B,,",
            "X3,P-52-1,52,SINK,,soon,removals_kt,,2018,final,,S999,,B,,",
            "X3,P-52-1,52,SINK,,2031,removals_kt,1,2018,final,,S005,,B,,",
        ];
        format!("{head}\n{}\n", rows.join("\n"))
    });
    let report = exchange::load(&server.operator(), pack).await.expect("a report");
    assert!(!report.loaded);
    let told: Vec<(u64, &str)> = file(&report, "targets.csv")
        .rejected
        .iter()
        .map(|rejected| (rejected.line, rejected.column.as_str()))
        .collect();
    for wanted in [
        (2, "value"),
        (2, "stated_on"),
        (2, "confidence"),
        (3, "region_code"),
        (3, "sector_code"),
        (3, "metric"),
        (4, "value"),
        (4, "source_id"),
        (4, "target_year"),
        (5, "target_id"),
    ] {
        assert!(told.contains(&wanted), "{wanted:?} in {told:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_file_that_is_no_table_is_refused() {
    let server = TestServer::start().await;
    for (bytes, line) in [
        (&b"sector_code,name_ko\nX,Y\n"[..], 1),
        (b"sector_code,name_ko,kind,jurisdiction\nX,Y\n", 2),
        (b"sector_code,name_ko,kind,jurisdiction\n\xb0\xa1,Y,sink,local\n", 2),
    ] {
        let mut pack = Pack::jeonbuk();
        pack.files.insert("sectors.csv".to_owned(), bytes.to_vec());
        let report = exchange::load(&server.operator(), pack).await.expect("a report");
        assert!(!report.loaded);
        assert_eq!(file(&report, "sectors.csv").rejected[0].line, line);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_withdrawn_plan_is_not_opened_again_by_its_pack() {
    let server = TestServer::start().await;
    let officer = server.signed_in(api::access::Role::MunicipalOfficer, "52110").await;
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let plan = &plans["items"][0];
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().expect("an id"));
    let tag = format!("\"{}\"", plan["revision"].as_str().expect("a revision"));
    assert_eq!(officer.patch(&path, &tag, json!({ "visibility": "INTERNAL" })).await.0, 200);
    let report = exchange::load(&server.operator(), Pack::jeonbuk()).await.expect("a load");
    assert!(report.loaded);
    assert_eq!(server.anonymous().get(&path).await.0, 404);
    server.stop().await;
}

async fn total_of_2030(server: &TestServer) -> serde_json::Value {
    let query = r#"{ plans(filter: { region: { code: "52" } }) { nodes {
        targets(sector: "TOTAL", kind: [FINAL, DRAFT]) { id externalId year revision
          reduction { exact } target { exact } reductionRate { exact } } } } }"#;
    server.anonymous().data(query).await["plans"]["nodes"][0]["targets"].take()
}

#[tokio::test]
async fn a_figure_that_a_corrected_pack_moves_takes_no_other_along() {
    let server = TestServer::start().await;
    let before = total_of_2030(&server).await;
    let mut pack = Pack::jeonbuk();
    pack.files.retain(|file, _| file == "targets.csv");
    // T001 names the target: the others stay where they are, and it goes on under another name.
    edited(&mut pack, "targets.csv", |text| {
        text.replace("T001,P-52-1,52,TOTAL,,2030,", "T001,P-52-1,52,TOTAL,,2031,")
    });
    let report = exchange::load(&server.operator(), pack).await.expect("a load");
    assert!(report.loaded, "{report:?}");
    let after = total_of_2030(&server).await;
    let of_year = |year: i64| {
        let all = after.as_array().expect("targets").iter();
        all.clone().find(|target| target["year"] == year).cloned().unwrap_or_default()
    };
    let (stayed, moved) = (of_year(2030), of_year(2031));
    assert_eq!(stayed["id"], before[0]["id"]);
    assert_eq!(stayed["externalId"], "jeonbuk:T002");
    assert_eq!(
        (&stayed["target"]["exact"], &stayed["reduction"]["exact"]),
        (&json!("14680"), &json!(null))
    );
    assert_ne!(stayed["revision"], before[0]["revision"], "it has lost a figure");
    assert_eq!(
        (&moved["externalId"], &moved["reduction"]["exact"]),
        (&json!("jeonbuk:T001"), &json!("11080"))
    );

    let back = exchange::load(&server.operator(), Pack::jeonbuk()).await.expect("a load");
    assert!(back.loaded, "{back:?}");
    let after = total_of_2030(&server).await;
    assert_eq!(after.as_array().map(Vec::len), before.as_array().map(Vec::len), "{after:#}");
    assert_eq!(after[0]["reduction"], before[0]["reduction"]);
    server.stop().await;
}

#[tokio::test]
async fn a_pack_s_number_takes_the_place_of_an_officer_s_own() {
    let server = TestServer::start().await;
    let mut without = Pack::jeonbuk();
    let officer = server.signed_in(api::access::Role::MunicipalOfficer, "52140").await;
    let (_, plans) = officer.get("/api/v1/regions/52140/plans").await;
    let path =
        format!("/api/v1/plans/{}/targets", plans["items"][0]["id"].as_str().expect("an id"));
    let new = json!({ "sector": "SINK", "year": 2032, "statedOn": "2025-08-13",
        "removals": { "amount": "7", "unit": "KT" } });
    let (status, own) = officer.post(&path, new).await;
    assert_eq!(status, 201, "{own}");
    without.files.retain(|file, _| file == "targets.csv");
    edited(&mut without, "targets.csv", |text| {
        format!("{text}T901,P-52140-1,52140,SINK,,2032,removals_kt,8,,final,2025-08-13,S046,,B,,\n")
    });
    let report = exchange::load(&server.operator(), without).await.expect("a load");
    assert!(report.loaded, "{report:?}");
    let (_, now) =
        officer.get(&format!("/api/v1/targets/{}", own["id"].as_str().expect("an id"))).await;
    assert_eq!(
        (&now["removals"]["exact"], &now["externalId"]),
        (&json!("8"), &json!("jeonbuk:T901"))
    );
    server.stop().await;
}

#[tokio::test]
async fn two_rows_for_one_number_a_region_above_itself_and_a_backward_period_are_told_by_line() {
    let server = TestServer::start().await;
    let mut pack = Pack::jeonbuk();
    edited(&mut pack, "targets.csv", |text| {
        format!("{text}T902,P-52-1,52,TOTAL,,2030,reduction_kt,1,2018,final,2024-02-01,S005,,B,,\n")
    });
    edited(&mut pack, "regions.csv", |text| {
        text.replace(
            "KR,대한민국,Republic of Korea,country,,",
            "KR,대한민국,Republic of Korea,country,52110,",
        )
    });
    edited(&mut pack, "plans.csv", |text| {
        text.replace(
            "P-52-1,52,전북특별자치도 탄소중립·녹색성장 기본계획,province_basic,1,2024,2033",
            "P-52-1,52,전북특별자치도 탄소중립·녹색성장 기본계획,province_basic,1,2034,2033",
        )
    });
    let report = exchange::load(&server.operator(), pack).await.expect("a report");
    assert!(!report.loaded);
    let told = |name: &str| -> Vec<(u64, String)> {
        let rejected = &file(&report, name).rejected;
        rejected.iter().map(|it| (it.line, it.column.clone())).collect()
    };
    assert_eq!(told("targets.csv"), [(99, "metric".to_owned())]);
    let circular = told("regions.csv");
    assert!(circular.contains(&(2, "parent_code".to_owned())), "{circular:?}");
    assert!(told("plans.csv").contains(&(3, "period_end".to_owned())), "{:?}", told("plans.csv"));
    server.stop().await;
}

#[tokio::test]
async fn a_former_code_that_was_corrected_leads_nowhere_any_more() {
    let server = TestServer::start().await;
    let mut pack = Pack::jeonbuk();
    pack.files.retain(|file, _| file == "regions.csv");
    edited(&mut pack, "regions.csv", |text| text.replace(",45110,", ",45119,"));
    assert!(exchange::load(&server.operator(), pack).await.expect("a load").loaded);
    assert_eq!(server.anonymous().get("/api/v1/regions/45110").await.0, 404);
    assert_eq!(server.anonymous().get("/api/v1/regions/45119").await.1["code"], "52110");
    server.stop().await;
}
