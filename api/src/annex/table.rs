use std::collections::HashSet;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::message::{Lang, Text, annex};
use crate::quantity::{Mass, MassUnit, Quantity};
use crate::source::{Figure, FigureStatus, Provenance};

/// One table of the annex, every text as it is before it is written as HTML.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) title: String,
    pub(super) unit: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Row>,
    /// Where its figures come from.
    pub(super) sources: Vec<String>,
}

/// A row of a table.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    pub(super) is_sum: bool,
}

/// What stands in one place of a table.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// Words.
    Text(String),
    /// A number, as it is read.
    Number(String),
    /// No number, and the note that says why.
    Missing(usize),
}

impl Row {
    pub(super) fn of(cells: Vec<Cell>) -> Self {
        Self { cells, is_sum: false }
    }

    pub(super) fn sum(cells: Vec<Cell>) -> Self {
        Self { cells, is_sum: true }
    }
}

/// The notes below the tables, each once, numbered in the order in which they are first needed.
#[derive(Debug)]
pub(super) struct Notes {
    pub(super) lang: Lang,
    list: Vec<String>,
}

impl Notes {
    pub(super) fn new(lang: Lang) -> Self {
        Self { lang, list: Vec::new() }
    }

    pub(super) fn into_list(self) -> Vec<String> {
        self.list
    }

    /// No number, for this reason.
    pub(super) fn missing(&mut self, why: &Text) -> Cell {
        let why = why.in_lang(self.lang);
        let known = self.list.iter().position(|note| note == why);
        let place = known.unwrap_or_else(|| {
            self.list.push(why.to_owned());
            self.list.len() - 1
        });
        Cell::Missing(place + 1)
    }

    /// No number, because of its status.
    pub(super) fn without(&mut self, status: FigureStatus) -> Cell {
        self.missing(&word("figure", &status))
    }

    /// A stated number, or why there is none.
    pub(super) fn figure(&mut self, figure: &Figure) -> Cell {
        match &figure.exact {
            Some(exact) => self.number(&exact.0, figure.provenance.approximate),
            None => self.without(figure.status),
        }
    }

    /// A number as it is read.
    pub(super) fn number(&self, exact: &str, is_approximate: bool) -> Cell {
        let number = grouped(exact);
        Cell::Number(match is_approximate {
            true => annex::approximate(&number).in_lang(self.lang).to_owned(),
            false => number,
        })
    }

    /// A mass in kilotonnes, or a dash where nobody stated one.
    pub(super) fn mass(&mut self, mass: Option<i64>) -> Cell {
        match mass {
            Some(mass) => self.number(&Mass(mass).in_unit(MassUnit::Kt).exact.0, false),
            None => self.without(FigureStatus::NotReported),
        }
    }

    /// Money in millions of won, exactly, or a dash where nobody stated any.
    pub(super) fn money(&mut self, won: Option<i64>) -> Cell {
        match won {
            Some(won) => self.number(&Quantity::of(won, 6, "").exact.0, false),
            None => self.without(FigureStatus::NotReported),
        }
    }
}

/// What one of a list of codes is called.
pub(super) fn word<T: Serialize>(list: &str, code: &T) -> Text {
    let code = serde_json::to_value(code).ok();
    annex::word(list, code.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default())
}

/// A decimal number with its thousands set apart.
pub(super) fn grouped(exact: &str) -> String {
    let (sign, digits) = exact.strip_prefix('-').map_or(("", exact), |digits| ("-", digits));
    let (whole, behind) = digits.split_once('.').unwrap_or((digits, ""));
    let mut shown = String::with_capacity(exact.len() + whole.len() / 3);
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    let point = if behind.is_empty() { "" } else { "." };
    format!("{sign}{shown}{point}{behind}")
}

/// The sources behind these, each once, in the order in which they are first cited.
pub(super) fn sources<'a>(cited: impl Iterator<Item = &'a Provenance>) -> Vec<String> {
    let mut seen = HashSet::new();
    let sources = cited.flat_map(|provenance| &provenance.sources);
    let sources = sources.filter(|source| seen.insert(source.id));
    let named = sources.map(|source| {
        let day = source.published_on.as_ref().map(|day| day.text.as_str());
        let beside: Vec<&str> = source.publisher.as_deref().into_iter().chain(day).collect();
        match beside.is_empty() {
            true => source.title.clone(),
            false => format!("{} ({})", source.title, beside.join(", ")),
        }
    });
    named.collect()
}

/// A stored number behind a decimal that is shown.
pub(super) fn mass_of(amount: &crate::quantity::Amount) -> Result<i64> {
    Mass::parse(&amount.exact.0, MassUnit::Kt)
        .map(|mass| mass.0)
        .map_err(|_| Error::impossible("a mass that does not read back"))
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        for (exact, shown) in [
            ("0", "0"),
            ("726", "726"),
            ("25760", "25,760"),
            ("-1234567.0005", "-1,234,567.0005"),
            ("0.000001", "0.000001"),
        ] {
            assert_eq!(grouped(exact), shown);
        }
    }
}
