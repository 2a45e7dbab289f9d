//! The same in REST.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Page, PageRequest, size};
use crate::error::{Code, Error, Result};
use crate::history::Revision;
use crate::message;

const DEFAULT: u32 = 50;
/// The most that one page of a REST list holds.
pub const MAX: u32 = 500;

/// Which part of a list is asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct PageParams {
    /// How many rows, 1 to 500; 50 if not said.
    pub limit: Option<i64>,
    /// Go on after this cursor: `next` of the page before.
    pub after: Option<String>,
    /// Whether to count all rows.
    pub total: Option<bool>,
}

impl PageParams {
    /// The part asked for. `LIMIT_EXCEEDED` names the limit.
    pub fn asked(self) -> Result<PageRequest> {
        let request = PageRequest::forward(size(self.limit, DEFAULT, MAX, "limit")?, self.after);
        Ok(if self.total.unwrap_or_default() { request.counted() } else { request })
    }
}

/// Which part of a list that is short enough to be read whole is asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[serde(default, rename_all = "camelCase")]
pub struct ShortParams {
    /// How many rows, 1 to 500; 500 if not said.
    pub limit: Option<i64>,
    /// Go on after this cursor: `next` of the page before.
    pub after: Option<String>,
    /// Whether to count all rows.
    pub total: Option<bool>,
    /// Only those whose row was written after this revision.
    pub changed_after: Option<String>,
}

impl ShortParams {
    /// The part asked for of all rows, in their order. `LIMIT_EXCEEDED` names the limit,
    /// `BAD_CURSOR` is one of another list.
    pub fn cut<T: Row>(self, list: &str, rows: Vec<T>) -> Result<Items<T>> {
        let Self { limit, after, total, changed_after } = self;
        let limit = size(limit, MAX, MAX, "limit")? as usize;
        let later = changed_after.map(|text| Revision::parse(&text)).transpose();
        let later = later.map_err(|error| error.at("changedAfter"))?;
        let mut rows = rows;
        rows.retain(|row| later.is_none_or(|later| row.revision() > later));
        let total = total.unwrap_or_default().then_some(rows.len() as u64);
        let begin = after.map(|after| place(list, &after, &rows)).transpose()?.unwrap_or(0);
        let mut rows = rows.split_off(begin.min(rows.len()));
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more);
        let next = last.map(|row| {
            let cursor = (super::fingerprint(list), row.key(), begin + limit);
            URL_SAFE_NO_PAD.encode(serde_json::to_string(&cursor).unwrap_or_default())
        });
        Ok(Items { items: rows, next, total })
    }
}

/// A row of a list that is read whole.
pub trait Row {
    /// What tells it from the others of its list.
    fn key(&self) -> String;

    /// The revision that last wrote it.
    fn revision(&self) -> Revision;
}

/// Where a list goes on: after the row of the cursor, or where that row was if it is gone.
fn place<T: Row>(list: &str, after: &str, rows: &[T]) -> Result<usize> {
    let read = || {
        let text = URL_SAFE_NO_PAD.decode(after).ok()?;
        let (mark, key, index): (String, String, usize) = serde_json::from_slice(&text).ok()?;
        let found = rows.iter().position(|row| row.key() == key).map(|found| found + 1);
        (mark == super::fingerprint(list)).then_some(found.unwrap_or(index))
    };
    read().ok_or_else(|| Error::new(Code::BadCursor, message::bad_cursor()).at("after"))
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Items<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The cursor to go on with; null on the last page.
    pub next: Option<String>,
    /// How many rows there are in all pages, if asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

impl<T> From<Page<T>> for Items<T> {
    fn from(page: Page<T>) -> Self {
        let Page { items, has_next, total, .. } = page;
        let next = items.last().filter(|_| has_next).map(|(_, cursor)| cursor.clone());
        Self { items: items.into_iter().map(|(item, _)| item).collect(), next, total }
    }
}

impl<T> From<Vec<T>> for Items<T> {
    /// A closed short list: all of it.
    fn from(items: Vec<T>) -> Self {
        Self { items, next: None, total: None }
    }
}
