//! Dates as sources give them: often a month, sometimes only a year.

mod days;
mod holidays;
mod period;
pub mod terms;

use async_graphql::{
    Enum, InputValueError, InputValueResult, Scalar, ScalarType, SimpleObject, Value,
};
use serde::Serialize;
use time::macros::format_description;
use time::{Date, Month};
use utoipa::ToSchema;

use crate::error::{Code, Error, Result};
use crate::message;

pub use holidays::known as holidays_known;
pub use period::{PeriodLength, TimePeriod};

/// A day, as `2024-02-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, format = Date)]
pub struct Day(pub Date);

impl Day {
    /// Reads `2024-02-01`.
    pub fn parse(text: &str) -> Result<Self> {
        let parsed = Date::parse(text, format_description!("[year]-[month]-[day]"));
        parsed.map(Self).map_err(|_| Error::new(Code::Invalid, message::not_a_date()))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A day, as `2024-02-01`.
#[Scalar(name = "Date", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Day {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Self::parse(text).map_err(InputValueError::custom),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}

/// How much of a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Precision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// The day.
    Day,
}

/// A date of which a part may be unknown.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject, Serialize, ToSchema)]
pub struct PartialDate {
    /// As it was stated: `2024`, `2024-02` or `2024-02-01`.
    pub text: String,
    /// The first day it can be.
    pub from: Day,
    /// The last day it can be.
    pub to: Day,
    /// How much of it is known.
    pub precision: Precision,
}

impl PartialDate {
    /// Reads `2024`, `2024-02` or `2024-02-01`. `INVALID` for anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let invalid = || Error::new(Code::Invalid, message::not_a_date());
        let mut numbers = text.split('-').zip([4, 2, 2]).map(|(part, length)| {
            let plain = part.len() == length && part.bytes().all(|digit| digit.is_ascii_digit());
            if plain { part.parse::<u16>().ok() } else { None }
        });
        let year = i32::from(numbers.next().flatten().ok_or_else(invalid)?);
        let month = numbers.next().map(|number| Month::try_from(u8::try_from(number?).ok()?).ok());
        let precision = match text.len() {
            4 => Precision::Year,
            7 => Precision::Month,
            10 => return Self::of_day(text),
            _ => return Err(invalid()),
        };
        let (first, last) = match month {
            None => (Month::January, Month::December),
            Some(month) => month.map(|month| (month, month)).ok_or_else(invalid)?,
        };
        let from = Date::from_calendar_date(year, first, 1).map_err(|_| invalid())?;
        let to = Date::from_calendar_date(year, last, last.length(year)).map_err(|_| invalid())?;
        Ok(Self { text: text.to_owned(), from: Day(from), to: Day(to), precision })
    }

    fn of_day(text: &str) -> Result<Self> {
        let day = Day::parse(text)?;
        Ok(Self { text: text.to_owned(), from: day, to: day, precision: Precision::Day })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partial_date_knows_its_first_and_last_day() {
        for (text, from, to) in [
            ("2024", "2024-01-01", "2024-12-31"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2025-04-17", "2025-04-17", "2025-04-17"),
        ] {
            let date = PartialDate::parse(text).map(|d| (d.from.to_string(), d.to.to_string()));
            assert_eq!(date.ok(), Some((from.to_owned(), to.to_owned())));
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in
            ["", "24", "2024-13", "2024-2", "2023-02-29", "2024-02-01T00:00", "2024-H1", "+024"]
        {
            assert!(PartialDate::parse(text).is_err(), "{text}");
        }
    }
}
