//! How many statements an answer takes depends on the shape of the question, not on the rows.

use api::exchange::{self, Pack};
use tests::TestServer;

const QUERY: &str = r#"{ regions(within: { code: "52" }) { code name plans { title status
    parent { title } sectors { label sector { code } }
    targets(kind: [FINAL, ANNUAL, INTERIM, DRAFT]) { year sector { code }
      reduction { value provenance { sources { title } } } } } } }"#;

/// Pages within pages: those of all plans are read together.
const PAGES: &str = r#"{ regions(within: { code: "52" }) { plans {
    measures(first: 10, orderBy: { field: TITLE }) { totalCount nodes { title sector { code }
      plan { title } budgets { year provenance { sources { title } } } reductions { year } } } } } }"#;

/// The plans of the municipalities nine times more, each with what it promises.
fn tenfold() -> Pack {
    let jeonbuk = Pack::jeonbuk();
    let text = |file: &str| String::from_utf8(jeonbuk.files[file].clone()).expect("UTF-8");
    let mut pack = Pack { name: "more".to_owned(), ..jeonbuk.clone() };
    for file in [
        "plans.csv",
        "plan_sectors.csv",
        "targets.csv",
        "measures.csv",
        "procedure_events.csv",
        "progress_reports.csv",
        "progress_sector_results.csv",
        "issues.csv",
    ] {
        let text = text(file);
        let (head, rows) = text.split_once('\n').expect("a header");
        let again = (0..9).flat_map(|n| {
            let renamed = rows.lines().map(move |row| {
                let row =
                    row.replace("P-52", &format!("P{n}-52")).replace("P-4", &format!("P{n}-4"));
                let row = row.replace("P-KR", &format!("P{n}-KR"));
                let named = row.starts_with(['T', 'M', 'E', 'I']) || row.starts_with("PR-");
                if named { format!("N{n}{row}") } else { row }
            });
            renamed.collect::<Vec<_>>()
        });
        let again: Vec<String> = again.collect();
        pack.files.insert(file.to_owned(), format!("{head}\n{}\n", again.join("\n")).into_bytes());
    }
    // These hang on plans and measures by their names of before.
    pack.files.retain(|file, _| !file.starts_with("indicator"));
    pack
}

#[tokio::test]
async fn regions_plans_targets_and_measures_take_as_many_for_ten_times_the_rows() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let few = [server.taken(&anybody, QUERY).await, server.taken(&anybody, PAGES).await];
    let report = exchange::load(&server.operator(), tenfold()).await.expect("a load");
    assert!(report.loaded, "{:?}", report.files);
    for (query, few) in [QUERY, PAGES].into_iter().zip(few) {
        let many = server.taken(&anybody, query).await;
        assert_eq!(many.count("year"), few.count("year") * 10);
        few.grows_not(&many, "year");
    }
    server.stop().await;
}

/// What is known of the making of plans and how they are carried out, with who took part.
const PROCESS: [&str; 5] = [
    "availableTransitions { kind: name allowed reasons { guard } }",
    "milestones { kind hosts { externalId } provenance { sources { title } } }",
    "progressChecks { kind reviewers { externalId } }",
    "progressChecks { kind sectors { sector { code } } }",
    "issues { kind: category provenance { sources { title } } }",
];

#[tokio::test]
async fn milestones_checks_and_issues_of_plans_do_so_too() {
    let server = TestServer::start().await;
    let anybody = server.anonymous();
    let queries = PROCESS.map(|relation| {
        format!("{{ regions(within: {{ code: \"52\" }}) {{ plans {{ {relation} }} }} }}")
    });
    let mut few = Vec::new();
    for query in &queries {
        few.push(server.taken(&anybody, query).await);
    }
    let report = exchange::load(&server.operator(), tenfold()).await.expect("a load");
    assert!(report.loaded, "{:?}", report.files);
    for (query, few) in queries.iter().zip(few) {
        let many = server.taken(&anybody, query).await;
        assert_eq!(many.count("kind"), few.count("kind") * 10);
        few.grows_not(&many, "kind");
    }
    server.stop().await;
}
