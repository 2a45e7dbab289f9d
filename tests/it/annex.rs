//! The annex of a plan: tables to print, which nobody can write into but as text.

use api::access::Role;
use serde_json::{Value, json};
use tests::{Client, TestServer};

async fn made(maker: &Client, path: &str, new: Value) -> String {
    let (status, thing) = maker.post(path, new).await;
    assert_eq!(status, 201, "{path} {thing}");
    thing["id"].as_str().expect("an id").to_owned()
}

fn kt(amount: &str) -> Value {
    json!({ "amount": amount, "unit": "KT" })
}

/// The page, in one line a row.
async fn page(asker: &Client, path: &str) -> (u16, String, String) {
    let reply = asker.fetch(path).await;
    let text = reply.body.as_str().map_or_else(|| reply.body.to_string(), str::to_owned);
    (reply.status, reply.header("content-type").to_owned(), text)
}

/// The cells of the row that begins with this.
fn cells(page: &str, first: &str) -> Vec<String> {
    let begins = [format!("<tr><td>{first}</td>"), format!("<tr class=\"sum\"><td>{first}</td>")];
    let row = page.lines().find(|line| begins.iter().any(|begins| line.starts_with(begins)));
    let row = row.unwrap_or_else(|| panic!("no row {first} in {page}"));
    let cells = row.split("<td").skip(1).filter_map(|cell| {
        let (_, inner) = cell.split_once('>')?;
        inner.split("</td>").next().map(str::to_owned)
    });
    cells.collect()
}

const EVIL: &str = r#"<script>alert("1")</script> & '계획'"#;
const TAMED: &str = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;계획&#39;";

#[tokio::test]
async fn an_annex_adds_up_what_is_stated_and_marks_what_is_not() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = json!({ "region": { "code": "52110" }, "title": EVIL, "round": 2, "baseYear": 2018,
        "period": { "start": 2025, "end": 2034 }, "vision": EVIL });
    let plan = made(&officer, "/api/v1/plans", plan).await;
    let measure = |title: &str, more: Value| {
        let mut new = json!({ "plan": plan, "family": "MITIGATION", "title": title });
        new.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("one"));
        new
    };
    let reductions = |of: &[(i32, &str)]| -> Value {
        of.iter().map(|(year, sum)| json!({ "year": year, "reduction": kt(sum) })).collect()
    };
    let budget = |year: Option<i32>, fund: &str, won: &str| {
        json!({ "year": year, "fund": fund,
        "planned": { "amount": won, "unit": "KRW" } })
    };
    for (title, more) in [
        (
            "가. 그린리모델링",
            json!({ "sector": "BUILDING", "department": EVIL,
            "quantity": { "unit": "동", "goal": "1200", "goalYear": 2030 },
            "reductions": reductions(&[(2029, "1000.25"), (2030, "100")]),
            "budgets": [budget(Some(2029), "NATIONAL", "1500000000"), budget(Some(2030), "NATIONAL", "500000"),
                budget(None, "MUNICIPAL", "1000000")] }),
        ),
        (
            "나. 단열",
            json!({ "sector": "BUILDING", "reductions": reductions(&[(2030, "50.5")]),
            "budgets": [budget(Some(2029), "PRIVATE_OTHER", "250000")] }),
        ),
        ("다. 태양광", json!({})),
        ("앞서 정한 일", json!({ "sector": "BUILDING", "status": "PRECURSOR" })),
        ("환경 교육", json!({ "family": "RESPONSE_BASE" })),
        (
            "그만둔 일",
            json!({ "sector": "BUILDING", "status": "STOPPED",
            "reductions": reductions(&[(2030, "7000")]),
            "budgets": [budget(Some(2029), "NATIONAL", "8000000")] }),
        ),
    ] {
        made(&officer, "/api/v1/measures", measure(title, more)).await;
    }
    let target =
        json!({ "sector": "BUILDING", "label": EVIL, "year": 2030, "reduction": kt("1234.5") });
    made(&officer, &format!("/api/v1/plans/{plan}/targets"), target).await;
    let path = format!("/api/v1/plans/{plan}/annex");
    let (status, form, korean) = page(&officer.in_lang("ko"), &path).await;
    assert_eq!((status, form.as_str()), (200, "text/html; charset=utf-8"));
    assert!(korean.contains("<html lang=\"ko\">") && korean.contains(TAMED), "{korean}");
    for evil in ["<script", "alert(\"1\")", "http://", "https://", "src=", "@import", "url("] {
        assert!(!korean.contains(evil), "{evil} in {korean}");
    }
    assert!(korean.contains("(단위: 천톤CO2eq., %)") && korean.contains("(단위: 백만원)"));
    let dash = "–<sup>1)</sup>";
    let promised = format!("건물 · {TAMED}");
    let target = ["2030", &promised, "확정", "–", dash, dash, "1,234.5", dash, "미상"];
    assert_eq!(cells(&korean, "2030"), target);
    assert!(korean.contains("<li>보고되지 않음</li>"), "{korean}");
    let first = ["가. 그린리모델링", TAMED, "1,200 동, 2030년까지", "1,000.25", "100"];
    assert_eq!(cells(&korean, "가. 그린리모델링"), first);
    assert_eq!(cells(&korean, "나. 단열"), ["나. 단열", dash, dash, dash, "50.5"]);
    let sum = "합계(값이 있는 과제/전체 과제)";
    assert_eq!(cells(&korean, sum), [sum, "", "", "1,000.25 (1/2)", "150.5"]);
    assert_eq!(cells(&korean, "다. 태양광"), ["다. 태양광", dash, dash]);
    assert_eq!(cells(&korean, "환경 교육"), ["환경 교육", dash, dash]);
    assert!(!korean.contains("앞서 정한 일"), "a precursor is not what the plan promises");
    assert!(!korean.contains("그만둔 일"), "nor is what was given up; no sum has it");
    for row in [
        ["국비", "1,500", "0.5", dash, "1,500.5"],
        ["시군비", dash, dash, "1", "1"],
        ["민자·기타", "0.25", dash, dash, "0.25"],
        ["합계", "1,500.25", "0.5", "1", "1,501.75"],
    ] {
        assert_eq!(cells(&korean, row[0]), row);
    }

    // Money of no stated source may hold the money beside it: such a year is not added up.
    let (_, measures) = officer.get(&format!("/api/v1/plans/{plan}/measures")).await;
    let first = &measures["items"][0];
    let tag = format!("\"{}\"", first["revision"].as_str().expect("a revision"));
    let change = json!({ "budgets": [budget(Some(2029), "UNSTATED", "9000000000")] });
    let measure = format!("/api/v1/measures/{}", first["id"].as_str().expect("an id"));
    let (status, told) = officer.patch(&measure, &tag, change).await;
    assert_eq!(status, 200, "{told}");
    let (_, _, english) = page(&officer, &format!("{path}?lang=EN")).await;
    assert!(english.contains("<html lang=\"en\">") && english.contains("(Unit: kt CO2eq., %)"));
    let unclear = "–<sup>2)</sup>";
    assert_eq!(cells(&english, "Sum"), ["Sum", unclear, "0.5", "1", unclear]);
    assert!(english.contains("<li>Not added up: "), "{english}");
    assert_eq!(cells(&english, "not stated")[1], "9,000");

    // As of the revision that it cites, it is what it was.
    let cited = korean.split("(asOf=").nth(1).and_then(|rest| rest.split(')').next());
    let then = format!("{path}?asOf={}&lang=ko", cited.expect("a citation"));
    assert_eq!(page(&officer, &then).await.2, korean);
    for blind in [
        server.anonymous(),
        server.signed_in(Role::MunicipalOfficer, "52140").await,
        server.signed_in(Role::Contractor, "52140").await,
    ] {
        for path in [&path, &then] {
            let (status, form, body) = page(&blind, path).await;
            assert_eq!((status, form.as_str()), (404, "application/problem+json"));
            assert!(!body.contains("그린"), "{body}");
        }
    }
    assert_eq!(page(&officer, &format!("{path}?lang=fr")).await.0, 400);
    server.stop().await;
}

#[tokio::test]
async fn the_annex_of_a_real_plan_cites_where_its_figures_come_from() {
    let server = TestServer::start().await;
    let anybody = server.anonymous().in_lang("ko");
    let (_, plans) = anybody.get("/api/v1/regions/52/plans").await;
    let path = format!("/api/v1/plans/{}/annex", plans["items"][0]["id"].as_str().expect("an id"));
    let (status, _, page) = page(&anybody, &path).await;
    assert_eq!(status, 200);
    // The total of 2030: 25,760 kt in 2018, 11,080 kt or 43 % less.
    let row = page.lines().find(|row| row.starts_with("<tr><td>2030</td><td>총계</td>"));
    let row = row.unwrap_or_else(|| panic!("no total in {page}"));
    assert!(row.contains("25,760") && row.contains("11,080") && row.contains(">43<"), "{row}");
    assert!(page.contains("<p class=\"sources\">자료: ") && page.contains("4,390,000"), "{page}");
    assert!(!page.contains("http"), "nothing from another origin");
    server.stop().await;
}
