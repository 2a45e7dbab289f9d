//! How many statements an answer takes depends on the shape of the question, not on the rows.

use api::exchange::{self, Pack};
use serde_json::json;
use tests::TestServer;

const QUERY: &str = r#"{ regions(within: { code: "52" }) { code name plans { title status
    parent { title } sectors { label sector { code } }
    targets(kind: [FINAL, ANNUAL, INTERIM, DRAFT]) { year sector { code }
      reduction { value provenance { sources { title } } } } } } }"#;

/// Pages within pages: those of all plans are read together.
const PAGES: &str = r#"{ regions(within: { code: "52" }) { plans {
    measures(first: 10, orderBy: { field: TITLE }) { totalCount nodes { title sector { code }
      plan { title } budgets { year provenance { sources { title } } } reductions { year } } } } } }"#;

/// How many statements the query takes, how many years it answers.
async fn ask(server: &TestServer, query: &str) -> (u64, usize) {
    let anybody = server.anonymous();
    let before = server.statements();
    let request = anybody.request("POST".parse().expect("a method"), "/graphql");
    let reply = anybody.send(request.json(&json!({ "query": query }))).await;
    let taken = server.statements() - before;
    assert!(reply.body.get("errors").is_none(), "{}", reply.body);
    (taken, reply.body.to_string().matches("\"year\"").count())
}

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
    let few = [ask(&server, QUERY).await, ask(&server, PAGES).await];
    let report = exchange::load(&server.operator(), tenfold()).await.expect("a load");
    assert!(report.loaded, "{:?}", report.files);
    for (query, (few, rows)) in [QUERY, PAGES].into_iter().zip(few) {
        let (many, more_rows) = ask(&server, query).await;
        println!("{few} statements for {rows} years, {many} for {more_rows}");
        assert_eq!(more_rows, rows * 10);
        assert_eq!(few, many);
    }
    server.stop().await;
}

/// What is known of the making of plans and how they are carried out, with who took part: one
/// relation a question, because what two of them share is read once or twice as it happens.
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
    let count = async |relation: &str| {
        let query =
            format!("{{ regions(within: {{ code: \"52\" }}) {{ plans {{ {relation} }} }} }}");
        let anybody = server.anonymous();
        let before = server.statements();
        let request = anybody.request("POST".parse().expect("a method"), "/graphql");
        let reply = anybody.send(request.json(&json!({ "query": query }))).await;
        assert!(reply.body.get("errors").is_none(), "{}", reply.body);
        let things = reply.body.to_string().matches("\"kind\"").count();
        (server.statements() - before, things)
    };
    let mut few = Vec::new();
    for relation in PROCESS {
        few.push(count(relation).await);
    }
    let report = exchange::load(&server.operator(), tenfold()).await.expect("a load");
    assert!(report.loaded, "{:?}", report.files);
    for (relation, (few, things)) in PROCESS.into_iter().zip(few) {
        let (many, more_things) = count(relation).await;
        println!("{relation}: {few} statements for {things}, {many} for {more_things}");
        assert_eq!(more_things, things * 10);
        assert_eq!(few, many);
    }
    server.stop().await;
}
