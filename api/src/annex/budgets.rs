use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::contents::Contents;
use super::table::{Cell, Notes, Row, Table, sources, word};
use crate::error::{Error, Result};
use crate::measure::{Fund, Measure};
use crate::message::annex;
use crate::quantity::{Won, sum};

const FUNDS: [Fund; 5] =
    [Fund::National, Fund::Province, Fund::Municipal, Fund::PrivateOther, Fund::Unstated];

/// What is planned to be spent: all money of one fund and year; null is a year nobody states.
struct Money {
    planned: HashMap<(Fund, Option<i32>), Vec<Option<i64>>>,
    /// The years in which a measure has money of no stated source beside other money, which may be
    /// part of it.
    unclear: BTreeSet<Option<i32>>,
    /// The years, those without one last.
    years: Vec<Option<i32>>,
}

/// The planned money of all measures, by source and year.
pub(super) fn table(contents: &Contents, notes: &mut Notes) -> Result<Table> {
    let money = Money::of(&contents.measures)?;
    let mut columns = vec![contents.say(&annex::fund())];
    columns.extend(money.years.iter().map(|year| match year {
        Some(year) => year.to_string(),
        None => contents.say(&annex::undated()),
    }));
    columns.push(contents.say(&annex::sum()));
    let mut rows = Vec::new();
    for fund in FUNDS {
        if money.planned.keys().any(|(of, _)| *of == fund) {
            rows.push(row(contents, notes, (&money, fund))?);
        }
    }
    if !rows.is_empty() {
        rows.push(total(contents, notes, &money)?);
    }
    let budgets = contents.measures.iter().flat_map(|measure| &measure.budgets);
    let planned = budgets.filter(|budget| budget.planned.is_some());
    Ok(Table {
        title: contents.say(&annex::budgets()),
        unit: contents.say(&annex::unit_money()),
        columns,
        rows,
        sources: sources(planned.map(|budget| &budget.provenance)),
    })
}

fn row(contents: &Contents, notes: &mut Notes, (money, fund): (&Money, Fund)) -> Result<Row> {
    let mut cells = vec![Cell::Text(contents.say(&word("fund", &fund)))];
    for year in &money.years {
        cells.push(notes.money(sum(money.all(fund, *year))?.total));
    }
    let of_fund = money.years.iter().flat_map(|year| money.all(fund, *year));
    cells.push(notes.money(sum(of_fund)?.total));
    Ok(Row::of(cells))
}

/// What each year comes to, where it can be said.
fn total(contents: &Contents, notes: &mut Notes, money: &Money) -> Result<Row> {
    let mut cells = vec![Cell::Text(contents.say(&annex::sum()))];
    for year in &money.years {
        let all = FUNDS.iter().flat_map(|fund| money.all(*fund, *year));
        cells.push(match money.unclear.contains(year) {
            true => notes.missing(&annex::may_overlap()),
            false => notes.money(sum(all)?.total),
        });
    }
    let all = money.planned.values().flatten().copied();
    cells.push(match money.unclear.is_empty() {
        true => notes.money(sum(all)?.total),
        false => notes.missing(&annex::may_overlap()),
    });
    Ok(Row::sum(cells))
}

impl Money {
    fn of(measures: &[Measure]) -> Result<Self> {
        let mut planned: HashMap<(Fund, Option<i32>), Vec<Option<i64>>> = HashMap::new();
        let mut unclear = BTreeSet::new();
        for measure in measures {
            let mut of_year: BTreeMap<Option<i32>, (bool, bool)> = BTreeMap::new();
            for budget in &measure.budgets {
                let Some(amount) = &budget.planned else { continue };
                let won = Won::parse(&amount.exact.0);
                let won = won.map_err(|_| Error::impossible("money that does not read back"))?;
                planned.entry((budget.fund, budget.year)).or_default().push(Some(won.0));
                let (stated, unstated) = of_year.entry(budget.year).or_default();
                *(if budget.fund == Fund::Unstated { unstated } else { stated }) = true;
            }
            let both = of_year.into_iter().filter(|(_, kinds)| *kinds == (true, true));
            unclear.extend(both.map(|(year, _)| year));
        }
        let years: BTreeSet<Option<i32>> = planned.keys().map(|(_, year)| *year).collect();
        let dated = years.iter().filter(|year| year.is_some());
        let years = dated.chain(years.get(&None)).copied().collect();
        Ok(Self { planned, unclear, years })
    }

    fn all(&self, fund: Fund, year: Option<i32>) -> impl Iterator<Item = Option<i64>> {
        self.planned.get(&(fund, year)).into_iter().flatten().copied()
    }
}
