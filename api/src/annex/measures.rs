use std::collections::BTreeSet;

use super::contents::Contents;
use super::table::{Cell, Notes, Row, Table, mass_of, sources, word};
use crate::error::Result;
use crate::indicator::{GoalKind, Indicator, IndicatorGoal};
use crate::measure::{Measure, MeasureFamily, MeasureQuantity};
use crate::message::annex;
use crate::quantity::sum;
use crate::source::FigureStatus;

/// The mitigation measures sector by sector, with what they reduce each year; then the response
/// base, which has no tonnes.
pub(super) fn tables(contents: &Contents, notes: &mut Notes) -> Result<Vec<Table>> {
    let of = |family: MeasureFamily| contents.measures.iter().filter(move |it| it.family == family);
    let mut tables = Vec::new();
    let sectors = contents.sectors.iter().map(|(code, label)| (Some(code.as_str()), label.clone()));
    let none = (None, contents.say(&annex::no_sector()));
    for (code, label) in sectors.chain([none]) {
        let theirs = of(MeasureFamily::Mitigation).filter(|it| it.sector.as_deref() == code);
        let theirs: Vec<&Measure> = theirs.collect();
        if !theirs.is_empty() {
            let title = contents.say(&annex::measures_of(&label));
            tables.push(mitigation(contents, notes, (title, &theirs))?);
        }
    }
    let base: Vec<&Measure> = of(MeasureFamily::ResponseBase).collect();
    if !base.is_empty() {
        tables.push(response_base(contents, notes, &base));
    }
    Ok(tables)
}

fn mitigation(
    contents: &Contents,
    notes: &mut Notes,
    (title, measures): (String, &[&Measure]),
) -> Result<Table> {
    let years: BTreeSet<i32> =
        measures.iter().flat_map(|it| it.reductions.iter().map(|year| year.year)).collect();
    let mut columns =
        [annex::measure(), annex::lead(), annex::quantity()].map(|it| contents.say(&it)).to_vec();
    columns.extend(years.iter().map(ToString::to_string));
    let mut rows = Vec::with_capacity(measures.len() + 1);
    let mut sums: Vec<Vec<Option<i64>>> = vec![Vec::new(); years.len()];
    for measure in measures {
        let mut cells = first_cells(contents, notes, measure);
        for (year, sum) in years.iter().zip(&mut sums) {
            let stated = measure.reductions.iter().find(|it| it.year == *year);
            let mass = stated.map(|stated| mass_of(&stated.reduction)).transpose()?;
            sum.push(mass);
            cells.push(notes.mass(mass));
        }
        rows.push(Row::of(cells));
    }
    if !years.is_empty() {
        rows.push(summed(contents, notes, sums)?);
    }
    let unit = contents.say(&annex::unit_reduction());
    Ok(Table { title, unit, columns, rows, sources: cited(measures) })
}

/// The sums of each year; where not every measure states its own, with how many do.
fn summed(contents: &Contents, notes: &mut Notes, years: Vec<Vec<Option<i64>>>) -> Result<Row> {
    let mut name = annex::sum();
    let mut sums = Vec::with_capacity(years.len());
    for year in years {
        let (all, sum) = (year.len(), sum(year)?);
        let cell = notes.mass(sum.total);
        sums.push(match cell {
            Cell::Number(number) if sum.stating < all => {
                name = annex::sum_of_some();
                Cell::Number(format!("{number} ({}/{all})", sum.stating))
            }
            cell => cell,
        });
    }
    let blank = || Cell::Text(String::new());
    let mut cells = vec![Cell::Text(contents.say(&name)), blank(), blank()];
    cells.extend(sums);
    Ok(Row::sum(cells))
}

fn response_base(contents: &Contents, notes: &mut Notes, measures: &[&Measure]) -> Table {
    let columns = [annex::measure(), annex::lead(), annex::quantity()];
    Table {
        title: contents.say(&annex::response_base()),
        unit: contents.say(&annex::unit_none()),
        columns: columns.iter().map(|column| contents.say(column)).collect(),
        rows: measures.iter().map(|it| Row::of(first_cells(contents, notes, it))).collect(),
        sources: cited(measures),
    }
}

fn first_cells(contents: &Contents, notes: &mut Notes, measure: &Measure) -> Vec<Cell> {
    let lead = measure.lead_id.and_then(|lead| contents.leads.get(&lead).cloned());
    let lead: Vec<String> = lead.into_iter().chain(measure.department.clone()).collect();
    let lead = match lead.is_empty() {
        true => notes.without(FigureStatus::NotReported),
        false => Cell::Text(lead.join(" · ")),
    };
    let quantity = measure.quantity.as_ref().and_then(|it| quantity(contents, notes, it));
    let quantity = quantity.unwrap_or_else(|| notes.without(FigureStatus::NotReported));
    vec![Cell::Text(measure.title.clone()), lead, quantity]
}

fn quantity(contents: &Contents, notes: &Notes, quantity: &MeasureQuantity) -> Option<Cell> {
    let goal = quantity.goal.as_ref()?;
    let Cell::Number(number) = notes.number(&goal.exact.0, false) else { return None };
    let year = quantity.goal_year.map(|year| contents.say(&annex::by(year)));
    let parts = [Some(format!("{number} {}", goal.unit)), year];
    Some(Cell::Text(parts.into_iter().flatten().collect::<Vec<_>>().join(", ")))
}

fn cited(measures: &[&Measure]) -> Vec<String> {
    sources(measures.iter().flat_map(|measure| {
        let reductions = measure.reductions.iter().map(|year| &year.provenance);
        reductions.chain([&measure.provenance])
    }))
}

/// What the indicators of the plan are to reach, period by period.
pub(super) fn goals(contents: &Contents, notes: &mut Notes) -> Table {
    let told: Vec<&(Indicator, Vec<IndicatorGoal>)> =
        contents.indicators.iter().filter(|(_, goals)| !goals.is_empty()).collect();
    let all = || told.iter().flat_map(|(_, goals)| goals);
    let periods: BTreeSet<Option<&str>> = all().map(|goal| period(goal)).collect();
    let mut columns =
        [annex::measure(), annex::indicator(), annex::unit()].map(|it| contents.say(&it)).to_vec();
    // Those without a period come last.
    let periods: Vec<Option<&str>> =
        periods.iter().filter(|it| it.is_some()).chain(periods.get(&None)).copied().collect();
    columns.extend(periods.iter().map(|period| match period {
        Some(period) => (*period).to_owned(),
        None => contents.say(&annex::undated()),
    }));
    let rows = told.iter().map(|(indicator, goals)| {
        let measure = indicator.measure_id.and_then(|id| contents.measure(id));
        let mut cells = vec![
            Cell::Text(measure.unwrap_or_default().to_owned()),
            Cell::Text(indicator.definition.name.in_lang(contents.lang).0.to_owned()),
            Cell::Text(indicator.definition.unit.clone()),
        ];
        for column in &periods {
            let of_period = goals.iter().filter(|goal| period(goal) == *column);
            cells.push(goal_cell(contents, notes, &of_period.collect::<Vec<_>>()));
        }
        Row::of(cells)
    });
    let rows = rows.collect();
    Table {
        title: contents.say(&annex::indicators()),
        unit: contents.say(&annex::unit_own()),
        columns,
        rows,
        sources: sources(all().map(|goal| &goal.provenance)),
    }
}

fn period(goal: &IndicatorGoal) -> Option<&str> {
    goal.period.as_ref().map(|period| period.text.as_str())
}

/// The goals of one period: each with its kind, where there are several or it is a duty.
fn goal_cell(contents: &Contents, notes: &mut Notes, goals: &[&IndicatorGoal]) -> Cell {
    let shown = goals.iter().filter_map(|goal| {
        let cell = notes.number(&goal.exact.0, goal.provenance.approximate);
        let Cell::Number(number) = cell else { return None };
        let alone = goals.len() == 1 && goal.kind != GoalKind::Legal;
        Some(match alone {
            true => number,
            false => format!("{number} ({})", contents.say(&word("goal", &goal.kind))),
        })
    });
    let shown: Vec<String> = shown.collect();
    match shown.is_empty() {
        true => notes.without(FigureStatus::NotReported),
        false => Cell::Number(shown.join(", ")),
    }
}
