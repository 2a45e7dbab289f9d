//! Lists that are too long for one answer: keyset pages, the same for both dialects.
//!
//! A cursor holds the values a row has in the columns of the order, so a page stays where it is
//! while rows come and go; and a fingerprint of filter and order, so that it fits no other list.

mod computed;
mod each;
pub mod graphql;
mod order;
pub mod rest;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::sea_query::{ColumnType, NullOrdering, Order, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ModelTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, Value,
};
use serde::Serialize;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::access::Access;
use crate::error::{Code, Error, Result};
use crate::filter::{self, Filter, Words};
use crate::history::Versioned;
use crate::message;
use crate::name::Name;

pub use computed::computed;
pub use each::Asked;
pub use order::Direction;
pub(crate) use order::order;

/// One term of an order.
#[derive(Clone, Copy, Debug)]
pub struct By<E: EntityTrait> {
    /// What is compared; text by code point.
    pub column: E::Column,
    /// From the largest down? Rows without a value come last either way.
    pub descending: bool,
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageRequest {
    size: u32,
    from: Option<String>,
    backward: bool,
    count: bool,
}

impl PageRequest {
    /// The first so many, after a cursor if there is one.
    pub fn forward(size: u32, after: Option<String>) -> Self {
        Self { size, from: after, backward: false, count: false }
    }

    /// The last so many, before a cursor if there is one.
    pub fn backward(size: u32, before: Option<String>) -> Self {
        Self { size, from: before, backward: true, count: false }
    }

    /// The same part of another list: from its own cursor, with a size of its own.
    pub fn elsewhere(&self, size: u32, from: Option<String>) -> Self {
        Self { size, from, ..self.clone() }
    }

    /// How many rows, and from where.
    pub fn asked(&self) -> (u32, Option<&str>, bool) {
        (self.size, self.from.as_deref(), self.count)
    }

    /// The same, with the number of all rows.
    pub fn counted(self) -> Self {
        Self { count: true, ..self }
    }
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows, each with its cursor.
    pub items: Vec<(T, String)>,
    /// Whether rows follow.
    pub has_next: bool,
    /// Whether rows come before.
    pub has_previous: bool,
    /// How many there are in all, if that was asked.
    pub total: Option<u64>,
}

/// What a search finds of a thing.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its id, as callers see it.
    pub id: String,
    /// What it is called.
    pub name: Name,
}

impl<T> Page<T> {
    /// The same page of something else.
    pub fn try_map<U>(self, convert: impl Fn(T) -> Result<U>) -> Result<Page<U>> {
        let Self { items, has_next, has_previous, total } = self;
        let items = items.into_iter().map(|(item, cursor)| Ok((convert(item)?, cursor)));
        Ok(Page { items: items.collect::<Result<_>>()?, has_next, has_previous, total })
    }

    /// The same page with each row's counterpart from a list of the same order.
    pub fn zip<U>(self, others: Vec<U>) -> Page<U> {
        let Self { items, has_next, has_previous, total } = self;
        let items = others.into_iter().zip(items).map(|(other, (_, cursor))| (other, cursor));
        Page { items: items.collect(), has_next, has_previous, total }
    }
}

/// More terms than there are fields order nothing any more.
const TERMS: usize = 8;

/// One page of the rows of a selection that fit a filter, in an order that a caller gives.
pub async fn filtered<'o, E, F, O>(
    access: &Access,
    select: Select<E>,
    (filter, order): (&F, &'o [O]),
    request: &PageRequest,
) -> Result<Page<E::Model>>
where
    E: Versioned,
    E::Model: Send + Sync,
    F: Filter,
    By<E>: From<&'o O>,
{
    listed(access, select, (filter, order)).await?.page(access, request).await
}

/// The rows of a selection that fit a filter, in an order that a caller gives: a list to be cut
/// into pages.
pub async fn listed<'o, E, F, O>(
    access: &Access,
    select: Select<E>,
    (filter, order): (&F, &'o [O]),
) -> Result<Listed<E>>
where
    E: Versioned,
    E::Model: Send + Sync,
    F: Filter,
    By<E>: From<&'o O>,
{
    if order.len() > TERMS {
        let text = message::at_most(TERMS, order.len());
        return Err(Error::new(Code::LimitExceeded, text).at("orderBy"));
    }
    let select = select.filter(filter::condition(access, filter).await?);
    let order = order.iter().map(By::from).collect();
    Ok(Listed::new(select, order, filter))
}

/// One page of the rows of a selection that a search finds, by the first of the texts it looks in.
pub async fn found<E>(
    access: &Access,
    select: Select<E>,
    (words, by): (&Words, E::Column),
    request: &PageRequest,
) -> Result<Page<E::Model>>
where
    E: Versioned,
    E::Model: Send + Sync,
{
    let order = vec![By { column: by, descending: false }];
    Listed::new(select, order, words).page(access, request).await
}

/// A selection, in order: what a page is cut from.
pub struct Listed<E: EntityTrait> {
    /// The rows of the list, in no order yet.
    pub select: Select<E>,
    /// Its order. The id is the last term of every order, and need not be named.
    pub order: Vec<By<E>>,
    /// What the cursor is bound to: the list and its filter.
    pub bound_to: String,
}

impl<E> Listed<E>
where
    E: Versioned,
    E::Model: Send + Sync,
{
    /// A list under a filter, in an order.
    pub fn new(select: Select<E>, order: Vec<By<E>>, filter: &impl Serialize) -> Self {
        let filter = serde_json::to_string(filter).unwrap_or_default();
        let terms = order.iter().map(|by| format!("{:?}{}", by.column, by.descending));
        let terms: Vec<String> = terms.collect();
        Self { select, order, bound_to: format!("{}|{filter}|{}", E::KIND, terms.join(",")) }
    }

    /// The whole order, down to the id.
    fn terms(&self) -> Vec<(E::Column, bool)> {
        let order = self.order.iter().map(|by| (by.column, by.descending));
        order.chain([(E::id(), false)]).collect()
    }

    /// The part asked for. `BAD_CURSOR` for a cursor of another list.
    pub async fn page(self, access: &Access, request: &PageRequest) -> Result<Page<E::Model>> {
        let fingerprint = fingerprint(&self.bound_to);
        let terms = self.terms();
        let db = access.db().await?;
        let total = match request.count {
            true => Some(PaginatorTrait::count(self.select.clone(), &db).await?),
            false => None,
        };
        let mut select = self.select;
        if let Some(cursor) = &request.from {
            let values = read_cursor::<E>(cursor, &fingerprint, &terms)?;
            select = select.filter(beyond(&terms, &values, request.backward));
        }
        for (column, descending) in &terms {
            let (direction, nulls) = towards(*descending, request.backward);
            select = if column.def().is_null() {
                select.order_by_with_nulls(*column, direction, nulls)
            } else {
                select.order_by(*column, direction)
            };
        }
        let rows = select.limit(u64::from(request.size) + 1).all(&db).await?;
        Ok(cut::<E>(rows, request, total, &|row| write_cursor::<E>(row, &fingerprint, &terms)))
    }
}

/// Which way a term runs, and where rows without a value stand: last, seen from the front.
fn towards(descending: bool, backward: bool) -> (Order, NullOrdering) {
    let direction = if descending == backward { Order::Asc } else { Order::Desc };
    (direction, if backward { NullOrdering::First } else { NullOrdering::Last })
}

/// One row too many was asked for: whether it came says whether more follow.
fn cut<E: EntityTrait>(
    mut rows: Vec<E::Model>,
    request: &PageRequest,
    total: Option<u64>,
    cursor: &dyn Fn(&E::Model) -> String,
) -> Page<E::Model> {
    let more = rows.len() > request.size as usize;
    rows.truncate(request.size as usize);
    if request.backward {
        rows.reverse();
    }
    let came_from = request.from.is_some();
    let (has_next, has_previous) =
        if request.backward { (came_from, more) } else { (more, came_from) };
    let items = rows.into_iter().map(|row| {
        let cursor = cursor(&row);
        (row, cursor)
    });
    Page { items: items.collect(), has_next, has_previous, total }
}

/// The rows beyond a cursor: equal in the first terms, further in the next, for each number of
/// first terms.
fn beyond<C: ColumnTrait>(terms: &[(C, bool)], values: &[Value], backward: bool) -> Condition {
    let mut any = Condition::any();
    for (n, ((column, descending), value)) in terms.iter().zip(values).enumerate() {
        let Some(further) = further(*column, value, *descending != backward, backward) else {
            continue;
        };
        let mut all = Condition::all();
        for ((column, _), value) in terms.iter().zip(values).take(n) {
            all = all.add(if is_null(value) { column.is_null() } else { column.eq(value.clone()) });
        }
        any = any.add(all.add(further));
    }
    any
}

/// Further on in one column; rows without a value are last, so nothing is further than they are.
fn further<C: ColumnTrait>(
    column: C,
    value: &Value,
    downward: bool,
    backward: bool,
) -> Option<Condition> {
    if is_null(value) {
        return backward.then(|| Condition::all().add(column.is_not_null()));
    }
    let compared: SimpleExpr =
        if downward { column.lt(value.clone()) } else { column.gt(value.clone()) };
    let further = Condition::any().add(compared);
    let nulls_too = column.def().is_null() && !backward;
    Some(if nulls_too { further.add(column.is_null()) } else { further })
}

fn is_null(value: &Value) -> bool {
    *value == value.as_null()
}

fn fingerprint(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..6])
}

fn write_cursor<E: EntityTrait>(
    row: &E::Model,
    fingerprint: &str,
    terms: &[(E::Column, bool)],
) -> String {
    let values = terms.iter().map(|(column, _)| match row.get(*column) {
        Value::String(text) => text.map_or(Json::Null, Json::from),
        Value::Int(number) => number.map_or(Json::Null, Json::from),
        Value::BigInt(number) => number.map_or(Json::Null, Json::from),
        Value::Uuid(id) => id.map_or(Json::Null, |id| Json::from(id.simple().to_string())),
        _ => Json::Null,
    });
    let cursor = std::iter::once(Json::from(fingerprint)).chain(values).collect::<Json>();
    URL_SAFE_NO_PAD.encode(cursor.to_string())
}

fn read_cursor<E: EntityTrait>(
    cursor: &str,
    fingerprint: &str,
    terms: &[(E::Column, bool)],
) -> Result<Vec<Value>> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let parts: Vec<Json> = serde_json::from_slice(&bytes).ok()?;
        let (mark, values) = parts.split_first()?;
        let fits = mark.as_str() == Some(fingerprint) && values.len() == terms.len();
        let values = terms.iter().zip(values).map(|((column, _), value)| value_of(*column, value));
        if fits { values.collect::<Option<Vec<_>>>() } else { None }
    };
    read().ok_or_else(|| Error::new(Code::BadCursor, message::bad_cursor()).at("after"))
}

fn value_of<C: ColumnTrait>(column: C, value: &Json) -> Option<Value> {
    let definition = column.def();
    if value.is_null() && !definition.is_null() {
        return None;
    }
    Some(match definition.get_column_type() {
        ColumnType::Integer => match value {
            Json::Null => Value::Int(None),
            number => Value::Int(Some(i32::try_from(number.as_i64()?).ok()?)),
        },
        ColumnType::BigInteger => match value {
            Json::Null => Value::BigInt(None),
            number => Value::BigInt(Some(number.as_i64()?)),
        },
        ColumnType::Uuid => Value::Uuid(Some(Uuid::try_parse(value.as_str()?).ok()?)),
        _ => match value {
            Json::Null => Value::String(None),
            text => Value::String(Some(text.as_str()?.to_owned())),
        },
    })
}

/// The size of a page: 1 to a maximum. `LIMIT_EXCEEDED` names it.
pub fn size(asked: Option<i64>, default: u32, max: u32, argument: &str) -> Result<u32> {
    let Some(asked) = asked else { return Ok(default) };
    let fits = u32::try_from(asked).ok().filter(|size| (1..=max).contains(size));
    fits.ok_or_else(|| {
        Error::new(Code::LimitExceeded, message::page_limit(max, asked)).at(argument)
    })
}
