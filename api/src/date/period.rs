//! Spans of time that figures are of: a year, a half, a quarter, a month.

use std::cmp::Ordering;

use async_graphql::{Enum, SimpleObject};
use serde::Serialize;
use time::{Date, Month};
use utoipa::ToSchema;

use super::Day;
use crate::error::{Code, Error, Result};
use crate::message;

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PeriodLength {
    /// A year.
    Year,
    /// Half a year.
    Half,
    /// A quarter.
    Quarter,
    /// A month.
    Month,
}

/// A year, half, quarter or month. The earlier end comes first, of equal ends the longer period.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject, Serialize, ToSchema)]
pub struct TimePeriod {
    /// As it is written: `2024`, `2024-H1`, `2024-Q3` or `2025-05`.
    pub text: String,
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// How long it is.
    pub length: PeriodLength,
}

impl TimePeriod {
    /// Reads `2024`, `2024-H1`, `2024-Q3` or `2025-05`, between 1990 and 2100. `INVALID` for
    /// anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let invalid = || Error::new(Code::Invalid, message::not_a_period());
        let (year, part) = text.split_once('-').map_or((text, None), |(y, part)| (y, Some(part)));
        let year: i32 = digits(year, 4).ok_or_else(invalid)?;
        crate::input::year(year)?;
        let (length, first, last) = match part {
            None => (PeriodLength::Year, 1, 12),
            Some("H1") => (PeriodLength::Half, 1, 6),
            Some("H2") => (PeriodLength::Half, 7, 12),
            Some("Q1") => (PeriodLength::Quarter, 1, 3),
            Some("Q2") => (PeriodLength::Quarter, 4, 6),
            Some("Q3") => (PeriodLength::Quarter, 7, 9),
            Some("Q4") => (PeriodLength::Quarter, 10, 12),
            Some(month) => {
                let month: u8 = digits(month, 2).ok_or_else(invalid)?;
                (PeriodLength::Month, month, month)
            }
        };
        let month = |number: u8| Month::try_from(number).map_err(|_| invalid());
        let (first, last) = (month(first)?, month(last)?);
        let from = Date::from_calendar_date(year, first, 1).map_err(|_| invalid())?;
        let to = Date::from_calendar_date(year, last, last.length(year)).map_err(|_| invalid())?;
        Ok(Self { text: text.to_owned(), from: Day(from), to: Day(to), length })
    }
}

fn digits<N: std::str::FromStr>(text: &str, length: usize) -> Option<N> {
    let plain = text.len() == length && text.bytes().all(|digit| digit.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

impl Ord for TimePeriod {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.to, self.from).cmp(&(other.to, other.from))
    }
}

impl PartialOrd for TimePeriod {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_knows_its_first_and_last_day() {
        for (text, from, to) in [
            ("2024", "2024-01-01", "2024-12-31"),
            ("2024-H1", "2024-01-01", "2024-06-30"),
            ("2024-H2", "2024-07-01", "2024-12-31"),
            ("2024-Q1", "2024-01-01", "2024-03-31"),
            ("2024-Q4", "2024-10-01", "2024-12-31"),
            ("2024-02", "2024-02-01", "2024-02-29"),
        ] {
            let period = TimePeriod::parse(text).map(|it| (it.from.to_string(), it.to.to_string()));
            assert_eq!(period.ok(), Some((from.to_owned(), to.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "",
            "24",
            "2024-",
            "2024-13",
            "2024-00",
            "2024-2",
            "2024-H3",
            "2024-h1",
            "2024-Q5",
            "2024-01-01",
            "+024",
            "1800",
            "2101",
            "２０２４",
        ] {
            assert!(TimePeriod::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn periods_are_in_order_of_their_ends() {
        let wanted = ["2023", "2024-01", "2024-Q1", "2024-H1", "2024-12", "2024", "2025-01"];
        let mut periods: Vec<TimePeriod> =
            wanted.iter().rev().filter_map(|text| TimePeriod::parse(text).ok()).collect();
        periods.sort();
        let shown: Vec<&str> = periods.iter().map(|it| it.text.as_str()).collect();
        // Of those that end on a day, the one that began first.
        assert_eq!(shown, ["2023", "2024-01", "2024-Q1", "2024-H1", "2024", "2024-12", "2025-01"]);
    }
}
