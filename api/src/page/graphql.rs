//! The same in GraphQL.

use async_graphql::{Context, Object, OutputType, SimpleObject, TypeName};
use std::borrow::Cow;

use super::{Page, PageRequest, size};
use crate::error::{Code, Error, Result};
use crate::message;

/// What a page holds where nobody says how much.
pub const DEFAULT: u32 = 20;
/// The most that one page of a GraphQL list holds.
pub const MAX: u32 = 100;

/// What the arguments of a connection ask for. The total is counted only if the document has it.
pub fn asked(
    ctx: &Context<'_>,
    (first, after): (Option<i32>, Option<String>),
    (last, before): (Option<i32>, Option<String>),
) -> Result<PageRequest> {
    let forward = first.is_some() || after.is_some();
    let backward = last.is_some() || before.is_some();
    let request = match (forward, backward) {
        (true, true) => {
            return Err(Error::new(Code::Invalid, message::both_directions()).at("last"));
        }
        (_, false) => {
            PageRequest::forward(size(first.map(i64::from), DEFAULT, MAX, "first")?, after)
        }
        (false, true) => {
            PageRequest::backward(size(last.map(i64::from), DEFAULT, MAX, "last")?, before)
        }
    };
    let counted = ctx.look_ahead().field("totalCount").exists();
    Ok(if counted { request.counted() } else { request })
}

/// Where a page stands in its list.
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether rows follow this page.
    has_next_page: bool,
    /// Whether rows come before this page.
    has_previous_page: bool,
    /// The cursor of the first row here.
    start_cursor: Option<String>,
    /// The cursor of the last row here: go on `after` it.
    end_cursor: Option<String>,
}

/// One page of a list.
pub struct Connection<T>(Page<T>);

impl<T> From<Page<T>> for Connection<T> {
    fn from(page: Page<T>) -> Self {
        Self(page)
    }
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

/// One page of a list.
#[Object(name_type)]
impl<T: OutputType> Connection<T> {
    /// The rows, each with its cursor.
    async fn edges(&self) -> Vec<Edge<'_, T>> {
        self.0.items.iter().map(|(node, cursor)| Edge { node, cursor }).collect()
    }

    /// The rows.
    async fn nodes(&self) -> Vec<&T> {
        self.0.items.iter().map(|(node, _)| node).collect()
    }

    /// Where the page stands.
    async fn page_info(&self) -> PageInfo {
        let cursor = |item: Option<&(T, String)>| item.map(|(_, cursor)| cursor.clone());
        PageInfo {
            has_next_page: self.0.has_next,
            has_previous_page: self.0.has_previous,
            start_cursor: cursor(self.0.items.first()),
            end_cursor: cursor(self.0.items.last()),
        }
    }

    /// How many rows there are in all pages. Counted only when asked for.
    async fn total_count(&self) -> Option<u64> {
        self.0.total
    }
}

/// One row of a page.
pub struct Edge<'a, T> {
    node: &'a T,
    cursor: &'a str,
}

impl<T: OutputType> TypeName for Edge<'_, T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

/// One row of a page.
#[Object(name_type)]
impl<T: OutputType> Edge<'_, T> {
    /// The row.
    async fn node(&self) -> &T {
        self.node
    }

    /// Its place in the list.
    async fn cursor(&self) -> &str {
        self.cursor
    }
}
