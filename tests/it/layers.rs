//! Who may import whom (`docs/architecture.md`), read from the `use` lines and paths of the code.

use std::path::{Path, PathBuf};

/// The slices, each using only those before it.
const SLICES: [&str; 20] = [
    "source",
    "region",
    "organization",
    "sector",
    "identity",
    "inventory",
    "plan",
    "target",
    "measure",
    "indicator",
    "link",
    "progress",
    "advice",
    "procedure",
    "document",
    "search",
    "since",
    "revert",
    "annex",
    "exchange",
];
const KERNEL: [&str; 17] = [
    "access", "basis", "config", "date", "error", "files", "filter", "history", "id", "input",
    "message", "name", "page", "private", "quantity", "url", "wire",
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Every file of the service: its module path, its code without comments and tests.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/src");
    let files = sources(&root).into_iter().map(|path| {
        let text = std::fs::read_to_string(&path).expect("a file");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code: Vec<&str> =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let name = path.strip_prefix(&root).expect("below").with_extension("");
        (name.display().to_string().replace('\\', "/"), code.join("\n"))
    });
    files.collect()
}

fn is_transport(file: &str) -> bool {
    file.split('/').skip(1).any(|part| part == "graphql" || part == "rest")
}

/// The top module a file belongs to.
fn top(file: &str) -> &str {
    file.split('/').next().unwrap_or(file)
}

fn names(code: &str, module: &str) -> bool {
    let grouped = format!("{module}::");
    let plain =
        [format!("crate::{module}::"), format!("crate::{module};"), format!("crate::{module} ")];
    let in_group = code.split("use crate::{").skip(1).any(|group| {
        let group = group.split("};").next().unwrap_or_default();
        let item = |it: &str| it.trim() == module || it.trim().starts_with(&grouped);
        group.split(',').any(item)
    });
    in_group || plain.iter().any(|plain| code.contains(plain.as_str()))
}

#[test]
fn the_kernel_names_no_slice() {
    for (file, code) in files() {
        if KERNEL.contains(&top(&file)) {
            for slice in SLICES {
                assert!(!names(&code, slice), "{file} names the slice {slice}");
            }
        }
    }
}

#[test]
fn operations_use_only_slices_before_them() {
    for (file, code) in files() {
        let Some(place) = SLICES.iter().position(|slice| *slice == top(&file)) else { continue };
        if is_transport(&file) {
            continue;
        }
        for later in &SLICES[place + 1..] {
            assert!(!names(&code, later), "{file} uses {later}, which comes after it");
        }
        for word in [
            "actix_web",
            "async_graphql::Context",
            "crate::graphql",
            "crate::rest::",
            "crate::wire",
        ] {
            assert!(!code.contains(word), "{file} names {word}");
        }
        // `Change`'s own forms name their entity first, as in `change.insert::<Entity>(row)`.
        for call in [
            "insert(db",
            "update(db",
            "delete(db",
            "::insert(",
            "insert_many(",
            "update_many(",
            "delete_many(",
            "delete_by_id(",
            ".save(",
            ".exec(",
            "execute_raw(",
            "execute_unprepared(",
        ] {
            assert!(!code.contains(call), "{file} writes around the change log: {call}");
        }
    }
}

#[test]
fn transports_know_no_tables() {
    for (file, code) in files() {
        if is_transport(&file) {
            let others = code.replace("identity::", "");
            for word in ["sea_orm", "entity::"] {
                assert!(!others.contains(word), "{file} names {word}");
            }
        }
    }
}

#[test]
fn an_entity_belongs_to_its_slice() {
    let owned = [
        ("source", "source"),
        ("region", "region"),
        ("region_code", "region"),
        ("region_statistic", "region"),
        ("organization", "organization"),
        ("organization_name", "organization"),
        ("sector", "sector"),
        ("account", "identity"),
        ("credential", "identity"),
        ("role_grant", "identity"),
        ("client", "identity"),
        ("client_secret", "identity"),
        ("session", "identity"),
        ("invitation", "identity"),
        ("emission", "inventory"),
        ("plan", "plan"),
        ("plan_content", "plan"),
        ("plan_contractor", "plan"),
        ("plan_sector", "plan"),
        ("plan_version", "plan"),
        ("target", "target"),
        ("target_figure", "target"),
        ("progress_check", "progress"),
        ("progress_reviewer", "progress"),
        ("progress_sector", "progress"),
        ("assessment", "progress"),
        ("assessment_budget", "progress"),
        ("assessment_value", "progress"),
        ("progress_step", "progress"),
        ("issue", "advice"),
        ("advice_case", "advice"),
        ("advice_item", "advice"),
        ("advice_question", "advice"),
        ("forum", "advice"),
        ("forum_host", "advice"),
        ("forum_session", "advice"),
        ("forum_participant", "advice"),
        ("forum_issue", "advice"),
        ("forum_outcome", "advice"),
        ("follow_up", "advice"),
        ("issue_comment", "advice"),
        ("mark", "since"),
        ("milestone", "procedure"),
        ("milestone_host", "procedure"),
        ("link", "link"),
        ("deadline", "procedure"),
        ("extension", "procedure"),
        ("measure", "measure"),
        ("measure_reduction", "measure"),
        ("measure_budget", "measure"),
        ("document", "document"),
        ("indicator", "indicator"),
        ("indicator_definition", "indicator"),
        ("indicator_goal", "indicator"),
        ("observation", "indicator"),
    ];
    // How far a plan has come is worked out from its milestones whenever it is read, for a page of
    // plans in one statement and in filters: the one read of a later slice's table.
    let read_by = [("milestone", "plan/standing")];
    for (file, code) in files() {
        if !SLICES.contains(&top(&file)) {
            continue;
        }
        for (entity, slice) in
            owned.into_iter().filter(|it| !read_by.contains(&(it.0, file.as_str())))
        {
            let named = code.contains(&format!("entity::{entity}::"))
                || code.contains(&format!("entity::{entity};"))
                || code.split("use entity::{").skip(1).any(|group| {
                    let group = group.split("};").next().unwrap_or_default();
                    group.split(',').any(|item| item.trim() == entity)
                });
            // Who is asked for advice sees a draft by that, so the rights of a request are read from
            // the keys of open cases, too.
            let named = named && (file.as_str(), entity) != ("identity/bearer", "advice_case");
            assert!(!named || top(&file) == slice, "{file} names the table {entity} of {slice}");
        }
    }
}

#[test]
fn environment_and_clock_have_one_door_each() {
    for (file, code) in files() {
        let reads = ["std::env", "env::var"].iter().any(|word| code.contains(word));
        assert!(!reads || file == "config", "{file} reads the environment");
        let tells_time = ["SystemTime", "now_utc("].iter().any(|word| code.contains(word));
        assert!(!tells_time || file == "access/clock", "{file} looks at the clock");
    }
}

#[test]
fn entities_and_migrations_know_nothing_of_ours() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (folder, foreign) in [("entity", "migration"), ("migration", "entity")] {
        for path in sources(&root.join(folder).join("src")) {
            let text = std::fs::read_to_string(&path).expect("a file");
            for word in [format!(" {foreign}::"), " api::".to_owned()] {
                assert!(!text.contains(&word), "{} names {word}", path.display());
            }
        }
    }
}
