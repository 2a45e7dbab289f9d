//! `dure doctor`: what is in force, who said so, and what is in the way.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tests::Database;

fn dure(database: &Database, arguments: &[&str]) -> Output {
    let test = std::env::current_exe().expect("this test");
    let program = test.parent().and_then(Path::parent).expect("binaries").join("dure");
    let mut command = Command::new(program);
    command.env_clear().current_dir(database.folder()).args(arguments);
    command.env("DATABASE_URL", &database.config.url).env("DURE_LOG", "error");
    command.env("DURE_BIND", "127.0.0.1:0").env("DURE_METRICS_BIND", "127.0.0.1:0");
    command.output().expect("an end")
}

fn examined(database: &Database) -> (Option<i32>, Value) {
    let output = dure(database, &["doctor", "--json"]);
    let found = serde_json::from_slice(&output.stdout);
    (output.status.code(), found.expect("JSON"))
}

fn state(found: &Value, what: &str) -> (String, String) {
    let checks = found["checks"].as_array().expect("checks");
    let check = checks.iter().find(|check| check["what"] == what).expect("a check");
    let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
    (text("state"), text("seen"))
}

#[tokio::test]
async fn it_names_what_is_in_the_way_and_who_set_what() {
    let database = Database::create().await;
    let (code, found) = examined(&database);
    assert_eq!((code, &found["well"]), (Some(1), &json!(false)));
    assert!(found["checks"].to_string().contains("dure migrate up"), "{found:#}");

    assert!(dure(&database, &["migrate", "up"]).status.success());
    let keys = database.folder().join("dure-data/keys");
    std::fs::create_dir_all(&keys).expect("a folder");
    std::fs::write(keys.join("a.pem"), "x").expect("a key");
    std::fs::set_permissions(&keys, PermissionsExt::from_mode(0o755)).expect("open to all");
    let (code, found) = examined(&database);
    assert_eq!((code, &found["well"]), (Some(0), &json!(true)), "{found:#}");
    for what in ["data folder", "database", "tables", "views of the past", "clock", "address"] {
        assert_eq!(state(&found, what).0, "well", "{found:#}");
    }
    let (how, seen) = state(&found, "keys");
    assert_eq!((how.as_str(), seen.contains("chmod")), ("warning", true), "{seen}");
    let configuration = found["configuration"].as_array().expect("settings");
    let origin =
        |key: &str| configuration.iter().find(|it| it["key"] == key).expect("it")["origin"].clone();
    assert_eq!(
        (origin("database_url"), origin("limit_depth")),
        ("environment".into(), "default".into())
    );
    let told = String::from_utf8(dure(&database, &["doctor"]).stdout).expect("text");
    assert!(told.contains("limit_depth") && told.contains("every migration has run"), "{told}");
    database.remove().await;
}
