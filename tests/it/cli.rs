//! The command line, as its user meets it: exit codes, what is said where, and the demonstration.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tests::Database;

fn program() -> PathBuf {
    let test = std::env::current_exe().expect("this test");
    let folder = test.parent().and_then(Path::parent).expect("the folder of binaries");
    folder.join("dure")
}

/// `dure` with nothing around it but what a test sets.
fn dure(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.env_clear().current_dir(folder).args(arguments);
    command
}

fn run(database: &Database, arguments: &[&str]) -> Output {
    let mut command = dure(database.folder(), arguments);
    command
        .env("DATABASE_URL", &database.config.url)
        .env("DURE_LOG", "error")
        .output()
        .expect("an end")
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn from_nothing_to_an_officer_who_signs_in() {
    let database = Database::create().await;
    let refused = run(&database, &["account", "add", "--email", "a@b.example", "--name", "x"]);
    assert_eq!(code(&refused), 1);
    assert!(complained(&refused).contains("dure migrate up"), "{}", complained(&refused));

    assert_eq!(code(&run(&database, &["migrate", "up"])), 0);
    let status: Value =
        serde_json::from_str(&said(&run(&database, &["--json", "migrate", "status"])))
            .expect("JSON");
    assert!(
        status
            .as_array()
            .is_some_and(|all| !all.is_empty() && all.iter().all(|it| it["applied"] == true))
    );

    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/jeonbuk");
    let pack = pack.to_str().expect("a path");
    let loaded = run(&database, &["load", pack]);
    assert_eq!(code(&loaded), 0, "{}", complained(&loaded));
    let again: Value =
        serde_json::from_str(&said(&run(&database, &["load", pack, "--json"]))).expect("JSON");
    assert_eq!(again["loaded"], true);
    let targets =
        again["files"].as_array().expect("files").iter().find(|it| it["file"] == "targets.csv");
    assert_eq!(targets.expect("targets")["unchanged"], 97);

    let account =
        run(&database, &["account", "add", "--email", "a@b.example", "--name", "담당자", "--json"]);
    let account: Value = serde_json::from_str(&said(&account)).expect("JSON");
    assert!(account["password"].as_str().is_some_and(|password| password.len() == 20));
    let twice = run(&database, &["account", "add", "--email", "A@b.example", "--name", "x"]);
    assert_eq!(
        (code(&twice), complained(&twice).contains("email")),
        (1, true),
        "{}",
        complained(&twice)
    );
    let grant = [
        "grant",
        "add",
        "--email",
        "a@b.example",
        "--role",
        "municipal_officer",
        "--region",
        "45110",
    ];
    assert_eq!(code(&run(&database, &grant)), 0);
    let nowhere =
        ["grant", "add", "--email", "a@b.example", "--role", "MUNICIPAL_OFFICER", "--region", "99"];
    let nowhere = run(&database, &nowhere);
    assert_eq!((code(&nowhere), complained(&nowhere).contains("region")), (1, true));
    database.remove().await;
}

/// What a command says in JSON, where all went well.
fn json(database: &Database, arguments: &[&str]) -> Value {
    let output = run(database, &[arguments, &["--json"]].concat());
    assert_eq!(code(&output), 0, "{arguments:?} {}", complained(&output));
    serde_json::from_str(&said(&output)).expect("JSON")
}

#[tokio::test]
async fn accounts_grants_and_clients_are_kept_from_the_command_line() {
    let database = Database::create().await;
    assert_eq!(code(&run(&database, &["migrate", "up"])), 0);
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/jeonbuk");
    assert_eq!(code(&run(&database, &["load", pack.to_str().expect("a path")])), 0);
    for email in ["a@b.example", "c@d.example"] {
        let invited = json(&database, &["account", "invite", "--email", email, "--name", "담당자"]);
        assert!(invited["token"].as_str().is_some_and(|token| token.contains('.')), "{invited}");
    }
    let contractor =
        ["grant", "add", "--email", "a@b.example", "--role", "CONTRACTOR", "--region", "52110"];
    let refused = run(&database, &contractor);
    assert_eq!((code(&refused), complained(&refused).contains("plan")), (1, true));
    let whole = ["--plan", "jeonbuk:P-52110-1", "--to", "2099-01-01T00:00:00+09:00"];
    let grant = json(&database, &[&contractor[..], &whole[..]].concat());
    assert!(grant["planId"].is_string(), "{grant}");
    let id = grant["id"].as_str().expect("an id");
    let next = json(&database, &["grant", "hand-over", id, "--to", "c@d.example"]);
    assert_ne!(next["accountId"], grant["accountId"]);
    assert_eq!(json(&database, &["grant", "list"]).as_array().map(Vec::len), Some(2));
    json(&database, &["grant", "revoke", next["id"].as_str().expect("an id")]);
    let left = json(&database, &["grant", "list", "--email", "c@d.example"]);
    assert_eq!(left.as_array().map(Vec::len), Some(0));

    let opened = json(
        &database,
        &["client", "add", "--name", "연계", "--scope", "read write:facts", "--scope", "import"],
    );
    assert_eq!(opened["client"]["scopes"], serde_json::json!(["read", "write:facts", "import"]));
    let client = opened["client"]["id"].as_str().expect("an id");
    let machine =
        ["grant", "add", "--client", client, "--role", "SUPPORT_CENTRE", "--region", "52"];
    assert_eq!(json(&database, &machine)["clientId"], opened["client"]["id"]);
    let rotated = json(&database, &["client", "rotate", client]);
    assert_ne!(rotated["clientSecret"], opened["clientSecret"]);
    assert_eq!(json(&database, &["client", "revoke", client])["disabled"], true);
    let listed = run(&database, &["client", "list"]);
    assert!(
        said(&listed).contains("revoked") && !said(&listed).contains("secret"),
        "{}",
        said(&listed)
    );

    assert_eq!(
        json(&database, &["account", "disable", "--email", "a@b.example"])["disabled"],
        true
    );
    let accounts = json(&database, &["account", "list"]);
    assert_eq!(
        (accounts[0]["disabled"].clone(), accounts[1]["disabled"].clone()),
        (true.into(), false.into())
    );
    for (words, is) in [
        (&["account", "disable", "--email", "nobody@x.example"][..], 1),
        (&["grant", "revoke", "grant_1"], 1),
        (&["client", "add", "--name", "x", "--scope", "everything"], 2),
        (&["grant", "add", "--role", "ADMIN", "--region", "KR"], 2),
    ] {
        let output = run(&database, words);
        assert_eq!((code(&output), complained(&output).is_empty()), (is, false), "{words:?}");
    }
    database.remove().await;
}

#[tokio::test]
async fn a_mistake_in_the_words_is_2_and_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in
        [&["sevre"][..], &["grant", "add", "--email", "x", "--role", "KING", "--region", "52"]]
    {
        let output = dure(folder.path(), arguments).output().expect("an end");
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(said(&output).is_empty() && !complained(&output).is_empty());
    }
    for (name, value) in
        [("DURE_BIND", "nowhere"), ("DURE_BIMD", "127.0.0.1:0"), ("DATABASE_URL", "mysql://x")]
    {
        let output =
            dure(folder.path(), &["migrate", "status"]).env(name, value).output().expect("an end");
        assert_eq!(
            (code(&output), complained(&output).contains(name)),
            (2, true),
            "{}",
            complained(&output)
        );
    }
    let short = dure(
        folder.path(),
        &["account", "add", "--email", "a@b.example", "--name", "x", "--password-stdin"],
    )
    .stdin(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .and_then(|mut child| {
        child.stdin.take().expect("a way in").write_all(b"short\n")?;
        child.wait_with_output()
    });
    let short = short.expect("an end");
    assert_eq!(
        (code(&short), complained(&short).contains("12")),
        (1, true),
        "{}",
        complained(&short)
    );
}

#[tokio::test]
async fn the_demonstration_starts_answers_keeps_what_was_done_and_stops() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut title = String::from("처음");
    let mut passwords = Vec::new();
    for round in ["하나", "둘"] {
        let mut demo = dure(folder.path(), &["serve", "--demo", "--bind", "127.0.0.1:0"])
            .env("DURE_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .expect("a start");
        let mut lines = BufReader::new(demo.stdout.take().expect("a way out")).lines();
        let first = lines.next().expect("a line").expect("a text");
        let url = first.rsplit(' ').next().expect("an address").to_owned();
        let http = reqwest::Client::new();
        let get = async |path: &str| -> Value {
            http.get(format!("{url}{path}"))
                .send()
                .await
                .expect("an answer")
                .json()
                .await
                .expect("JSON")
        };
        let plans = get("/api/v1/regions/52110/plans").await;
        let plan = &plans["items"][0];
        assert!(round == "하나" || plan["title"] == title.as_str(), "{plan}");
        let invented =
            get("/api/v1/regions/52110/emissions?total=true&includeIllustrative=true").await;
        let real = get("/api/v1/regions/52110/emissions?total=true").await;
        let more =
            invented["total"].as_u64().zip(real["total"].as_u64()).map(|(all, real)| all - real);
        assert_eq!(more, Some(36), "the illustrations are there, once, for who asks for them");

        let path = folder.path().join("dure-data/demo-credentials.json");
        let mode = std::os::unix::fs::MetadataExt::mode(&path.metadata().expect("a file"));
        assert_eq!(mode & 0o777, 0o600);
        let credentials: Value =
            serde_json::from_slice(&std::fs::read(&path).expect("a file")).expect("JSON");
        let account = &credentials["accounts"][0];
        assert_eq!(
            (&account["role"], &account["region"]),
            (&"MUNICIPAL_OFFICER".into(), &"52110".into())
        );
        passwords.push(account["password"].clone());
        let roles = credentials["accounts"].as_array().expect("accounts").iter();
        let roles: std::collections::BTreeSet<_> =
            roles.filter_map(|it| it["role"].as_str()).collect();
        assert_eq!(roles.len(), 6, "somebody of each role: {roles:?}");
        let machine = &credentials["clients"][0];
        let request = http.post(format!("{url}/oauth/token")).basic_auth(
            machine["client_id"].as_str().expect("an id"),
            machine["client_secret"].as_str(),
        );
        let request = request.form(&[("grant_type", "client_credentials")]);
        assert_eq!(request.send().await.expect("an answer").status().as_u16(), 200);
        let wanted =
            serde_json::json!({ "email": account["email"], "password": account["password"] });
        let session = http
            .post(format!("{url}/api/v1/sessions"))
            .json(&wanted)
            .send()
            .await
            .expect("an answer");
        let session: Value = session.json().await.expect("JSON");
        let token = session["accessToken"].as_str().expect("a token");
        for (role, name) in
            [("ADVISOR", "jeonbuk:ORG-ACT"), ("SUPPORT_CENTRE", "jeonbuk:ORG-JBCNC")]
        {
            let advising = credentials["accounts"].as_array().expect("accounts").iter();
            let advising = advising.clone().find(|it| it["role"] == role).expect("an account");
            assert_eq!(advising["organization"], name);
            let wanted = serde_json::json!({
                "email": advising["email"], "password": advising["password"] });
            let session = http.post(format!("{url}/api/v1/sessions")).json(&wanted);
            let session: Value =
                session.send().await.expect("an answer").json().await.expect("JSON");
            let me = http.get(format!("{url}/api/v1/me"));
            let me = me.bearer_auth(session["accessToken"].as_str().expect("a token"));
            let me: Value = me.send().await.expect("an answer").json().await.expect("JSON");
            let body = me["grants"][0]["organizationId"].as_str().expect("an organization");
            let body = get(&format!("/api/v1/organizations/{body}")).await;
            assert_eq!(body["externalId"], name, "{role} acts for it");
        }
        title = format!("{round} 이름");
        let changed = http
            .patch(format!("{url}/api/v1/plans/{}", plan["id"].as_str().expect("an id")))
            .header("if-match", format!("\"{}\"", plan["revision"].as_str().expect("a revision")))
            .bearer_auth(token)
            .json(&serde_json::json!({ "title": title }));
        assert_eq!(changed.send().await.expect("an answer").status().as_u16(), 200);

        let stop = Command::new("kill").arg(demo.id().to_string()).status().expect("a signal");
        assert!(stop.success());
        assert!(demo.wait().expect("an end").success(), "it ends by itself when asked to");
    }
    assert_eq!(passwords[0], passwords[1], "what was written down stays good");
}

#[tokio::test]
async fn the_demonstration_does_not_touch_other_data() {
    let database = Database::create().await;
    assert_eq!(code(&run(&database, &["migrate", "up"])), 0);
    assert_eq!(
        code(&run(&database, &["account", "add", "--email", "a@b.example", "--name", "x"])),
        0
    );
    let demo = run(&database, &["serve", "--demo", "--bind", "127.0.0.1:0"]);
    assert_eq!(code(&demo), 1);
    assert!(complained(&demo).contains("DURE_DATA_DIR"), "{}", complained(&demo));
    database.remove().await;

    // Nor anybody else's tables: not even by migrating.
    let database = Database::create().await;
    let file = database.folder().join("dure.db");
    if database.config.url.starts_with("sqlite:") {
        std::fs::write(&file, b"").expect("a file");
    }
    let db = sea_orm::Database::connect(&database.config.url).await.expect("the database");
    sea_orm::ConnectionTrait::execute_unprepared(&db, "CREATE TABLE theirs (id integer)")
        .await
        .expect("a table");
    db.close().await.expect("a closed connection");
    let demo = run(&database, &["serve", "--demo", "--bind", "127.0.0.1:0"]);
    assert_eq!(code(&demo), 1);
    assert!(complained(&demo).contains("DURE_DATA_DIR"), "{}", complained(&demo));
    let status = run(&database, &["--json", "migrate", "status"]);
    assert!(!said(&status).contains("true"), "nothing was migrated: {}", said(&status));
    database.remove().await;
}
