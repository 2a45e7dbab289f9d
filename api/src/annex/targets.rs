use super::contents::Contents;
use super::table::{Cell, Notes, Row, Table, sources, word};
use crate::basis::Basis;
use crate::message::annex;
use crate::target::Target;

/// What the plan promises, by year and sector.
pub(super) fn table(contents: &Contents, notes: &mut Notes) -> Table {
    let columns = [
        annex::year(),
        annex::sector(),
        annex::sense(),
        annex::base_year(),
        annex::base(),
        annex::target(),
        annex::reduction(),
        annex::rate(),
        annex::basis(),
    ];
    let targets = &contents.targets;
    let cited = targets.iter().flat_map(|target| {
        let Target { base, target, reduction, reduction_rate, .. } = target;
        [base, target, reduction, reduction_rate].map(|figure| &figure.provenance)
    });
    Table {
        title: contents.say(&annex::targets()),
        unit: contents.say(&annex::unit_mass()),
        columns: columns.iter().map(|column| contents.say(column)).collect(),
        rows: targets.iter().map(|target| row(contents, notes, target)).collect(),
        sources: sources(cited),
    }
}

fn row(contents: &Contents, notes: &mut Notes, target: &Target) -> Row {
    let part = match (&target.sector, target.is_total) {
        (Some(code), _) => Some(contents.sector(code)),
        (None, true) => Some(contents.say(&annex::whole())),
        (None, false) => None,
    };
    let part: Vec<String> = part.into_iter().chain(target.label.clone()).collect();
    let base_year = target.base_year.map_or_else(|| "–".to_owned(), |year| year.to_string());
    Row::of(vec![
        Cell::Text(target.year.to_string()),
        Cell::Text(part.join(" · ")),
        Cell::Text(contents.say(&word("target", &target.kind))),
        Cell::Text(base_year),
        notes.figure(&target.base),
        notes.figure(&target.target),
        notes.figure(&target.reduction),
        notes.figure(&target.reduction_rate),
        Cell::Text(basis(contents, &target.basis)),
    ])
}

/// What the figures count; one word where nothing of it is stated.
fn basis(contents: &Contents, basis: &Basis) -> String {
    let Basis { boundary, netting, flow, accounting, guideline, gwp_set } = basis;
    let words = [
        word("basis", boundary),
        word("basis", netting),
        word("basis", flow),
        word("basis", accounting),
    ];
    let unstated = annex::word("basis", "UNSTATED");
    let stated = words.iter().filter(|word| **word != unstated).map(|word| contents.say(word));
    let stated: Vec<String> = stated.chain(guideline.clone()).chain(gwp_set.clone()).collect();
    if stated.is_empty() { contents.say(&unstated) } else { stated.join(", ") }
}
