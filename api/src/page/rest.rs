//! The same in REST.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Page, PageRequest, size};
use crate::error::Result;

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
