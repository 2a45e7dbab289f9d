use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Result};

/// These fields of a thing, as text by their paths; a field without a value is not there.
pub(super) fn fields(of: &impl Serialize, picked: &[&str]) -> Result<BTreeMap<String, String>> {
    let value = serde_json::to_value(of).map_err(Error::internal)?;
    let mut all = BTreeMap::new();
    for name in picked {
        flatten(name, &value[*name], &mut all);
    }
    Ok(all)
}

fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Null => {}
        Value::String(text) => {
            into.insert(path.to_owned(), text.clone());
        }
        Value::Array(items) => {
            let names: Option<Vec<&str>> = items.iter().map(name_of).collect();
            match names {
                Some(names) if names.is_empty() => {}
                Some(names) => {
                    into.insert(path.to_owned(), names.join(", "));
                }
                None => items.iter().enumerate().for_each(|(n, item)| {
                    flatten(&format!("{path}.{}", place(n, item)), item, into);
                }),
            }
        }
        Value::Object(_) => match name_of(value).map(str::to_owned).or_else(|| written(value)) {
            Some(text) => {
                into.insert(path.to_owned(), text);
                flatten_rest(path, value, into);
            }
            None => flatten_rest(path, value, into),
        },
        other => {
            into.insert(path.to_owned(), other.to_string());
        }
    }
}

/// What an object says beside what stands for it.
fn flatten_rest(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    // A reference is its id, a date its text: the rest says the same, or is another thing's.
    if name_of(value).is_some() {
        return;
    }
    let said = ["value", "exact", "unit"];
    let number = value.get("exact").is_some();
    for (name, value) in value.as_object().into_iter().flatten() {
        // A line to cite by tells of the moment it was read at, and nothing else that is not here.
        if name == "citation" {
            continue;
        }
        if !(number && said.contains(&name.as_str())) {
            flatten(&format!("{path}.{name}"), value, into);
        }
    }
}

/// What stands for a text, a reference or a date.
fn name_of(value: &Value) -> Option<&str> {
    let date = value.get("from").and(value.get("to")).and(value.get("text"));
    value.as_str().or(value.get("id").and_then(Value::as_str)).or(date.and_then(Value::as_str))
}

/// A number with its unit.
fn written(value: &Value) -> Option<String> {
    let exact = value.get("exact")?.as_str()?;
    let unit = value.get("unit").and_then(Value::as_str).unwrap_or_default();
    Some(format!("{exact} {unit}"))
}

/// The place of an item in a list: its year and whose money it is, where it has them.
fn place(n: usize, item: &Value) -> String {
    let year =
        item.get("year").map(|year| year.as_i64().map_or("…".to_owned(), |it| it.to_string()));
    let fund = item.get("fund").and_then(Value::as_str).map(str::to_owned);
    let named: Vec<String> = year.into_iter().chain(fund).collect();
    if named.is_empty() { n.to_string() } else { named.join(".") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(value: &Value) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for (name, value) in value.as_object().expect("an object") {
            flatten(name, value, &mut all);
        }
        all
    }

    #[test]
    fn what_a_thing_says_is_read_by_its_paths() {
        let said = said(&json!({
            "vision": null, "isTotal": false, "year": 2030,
            "period": { "start": 2025, "end": null },
            "statedOn": { "text": "2024-02", "from": "2024-02-01", "to": "2024-02-29" },
            "definition": { "id": "definition_x", "unit": "대" },
            "base": { "value": 1.0, "exact": "1000.5", "unit": "KT", "status": "FINAL",
                "provenance": { "sources": [{ "id": "source_a" }, { "id": "source_b" }] } },
            "none": { "value": null, "exact": null, "unit": "KT", "status": "PENDING" },
            "contractors": [],
            "budgets": [{ "year": null, "fund": "NATIONAL", "planned": { "exact": "5", "unit": "KRW" } }],
        }));
        let expected = [
            ("base", "1000.5 KT"),
            ("base.provenance.sources", "source_a, source_b"),
            ("base.status", "FINAL"),
            ("budgets.….NATIONAL.fund", "NATIONAL"),
            ("budgets.….NATIONAL.planned", "5 KRW"),
            ("definition", "definition_x"),
            ("isTotal", "false"),
            ("none.status", "PENDING"),
            ("period.start", "2025"),
            ("statedOn", "2024-02"),
            ("year", "2030"),
        ];
        let expected = expected.map(|(path, text)| (path.to_owned(), text.to_owned()));
        assert_eq!(said, BTreeMap::from(expected));
    }
}
