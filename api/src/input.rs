//! What a caller writes, parsed at the edge: past it a bad value cannot exist.

use async_graphql::MaybeUndefined;

use crate::date::{Day, PartialDate};
use crate::error::{Code, Error, Result};
use crate::message;

/// The longest title, in characters.
pub const TITLE: usize = 300;
/// The longest text, in characters.
pub const TEXT: usize = 20_000;
/// The longest name or label, in characters.
pub const LABEL: usize = 100;

/// A text that says something, without blanks around it.
pub fn text(text: &str, max: usize) -> Result<String> {
    let text = text.trim();
    let length = text.chars().count();
    let control = |letter: char| letter.is_control() && !"\n\r\t".contains(letter);
    match length {
        _ if text.contains(control) => Err(Error::new(Code::Invalid, message::no_character())),
        0 => Err(Error::new(Code::Invalid, message::blank())),
        _ if length > max => Err(Error::new(Code::Invalid, message::too_long(max))),
        _ => Ok(text.to_owned()),
    }
}

/// A whole number between two others.
pub fn between(number: i32, min: i32, max: i32) -> Result<i32> {
    let text = || message::out_of_range(&min.to_string(), &max.to_string());
    (min..=max).contains(&number).then_some(number).ok_or_else(|| Error::new(Code::Invalid, text()))
}

/// A year that climate plans speak of.
pub fn year(year: i32) -> Result<i32> {
    between(year, 1990, 2100)
}

/// What a change makes of a value: left out it stays, null takes it away.
pub fn kept<T>(wanted: MaybeUndefined<T>, before: Option<T>) -> Option<T> {
    match wanted {
        MaybeUndefined::Undefined => before,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(value) => Some(value),
    }
}

/// What a change makes of a value that must be there: null is `INVALID`.
pub fn must<T>(wanted: MaybeUndefined<T>, before: T) -> Result<T> {
    let missing = || Error::new(Code::Invalid, message::not_null());
    kept(wanted, Some(before)).ok_or_else(missing)
}

/// A count of things or people.
pub fn count(number: i32) -> Result<i32> {
    between(number, 0, 100_000_000)
}

/// A date of which a part may be unknown, as it is stored.
pub fn date(text: &str) -> Result<String> {
    PartialDate::parse(text.trim()).map(|date| date.text)
}

/// The date of what has happened, as it is stored: it begins today or before.
pub fn past_date(text: &str, today: Day) -> Result<String> {
    let date = PartialDate::parse(text.trim())?;
    match date.from > today {
        true => Err(Error::new(Code::Invalid, message::in_the_future(&today.to_string()))),
        false => Ok(date.text),
    }
}

/// What a change says of a field that must have a value: nothing, or another value. Null is a
/// fault.
pub fn needed<T, U>(
    wanted: &MaybeUndefined<T>,
    parse: impl FnOnce(&T) -> Result<U>,
) -> Result<Option<U>> {
    match wanted {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => Err(Error::new(Code::Invalid, message::not_null())),
        MaybeUndefined::Value(value) => parse(value).map(Some),
    }
}

/// What a change says of a field that may have a value: nothing, that it has none, or another
/// value.
pub fn optional<T, U>(
    wanted: &MaybeUndefined<T>,
    parse: impl FnOnce(&T) -> Result<U>,
) -> Result<Option<Option<U>>> {
    match wanted {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => Ok(Some(None)),
        MaybeUndefined::Value(value) => parse(value).map(|value| Some(Some(value))),
    }
}

/// What is left out of something new is not said.
pub fn said<T>(given: Option<T>) -> MaybeUndefined<T> {
    given.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value)
}

/// The same, of a value that stays where it is.
pub fn seen<T>(wanted: &MaybeUndefined<T>) -> MaybeUndefined<&T> {
    match wanted {
        MaybeUndefined::Undefined => MaybeUndefined::Undefined,
        MaybeUndefined::Null => MaybeUndefined::Null,
        MaybeUndefined::Value(value) => MaybeUndefined::Value(value),
    }
}

/// What a change gives for a value that must be there, if anything: null is `INVALID`.
pub fn given<T>(wanted: &MaybeUndefined<T>) -> Result<Option<&T>> {
    must(seen(wanted).map_value(Some), None)
}
