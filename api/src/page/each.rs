use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, Func, OverStatement as _, Query, SelectStatement, WindowStatement,
};
use sea_orm::{ColumnTrait, ModelTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Value};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Listed, Page, PageRequest, beyond, cut, fingerprint, read_cursor, towards, write_cursor,
};
use crate::access::Access;
use crate::error::{Error, Result};
use crate::history::Versioned;

/// A list as a caller asks for it of each of many things: what fits, in which order, which part.
/// Lists that are asked for alike are read together.
#[derive(Clone, Debug)]
pub struct Asked<F, O> {
    /// What fits.
    pub filter: F,
    /// In which order.
    pub order: Vec<O>,
    /// Which part.
    pub request: PageRequest,
    text: String,
}

impl<F: Serialize, O: Serialize> Asked<F, O> {
    /// A list under a filter, in an order, and which part of it.
    pub fn new(filter: F, order: Vec<O>, request: PageRequest) -> Self {
        let text = serde_json::to_string(&(&filter, &order, &request)).unwrap_or_default();
        Self { filter, order, request, text }
    }
}

impl<F, O> PartialEq for Asked<F, O> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<F, O> Eq for Asked<F, O> {}

impl<F, O> Hash for Asked<F, O> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<E> Listed<E>
where
    E: Versioned,
    E::Model: Send + Sync,
{
    /// The part asked for of each owner's own list, in one statement for all of them, and one
    /// more where they are counted. `owner` is the column that holds the owner's id.
    pub async fn page_of_each(
        self,
        access: &Access,
        (owner, owners): (E::Column, &[Uuid]),
        request: &PageRequest,
    ) -> Result<HashMap<Uuid, Page<E::Model>>> {
        let fingerprint = fingerprint(&self.bound_to);
        let terms = self.terms();
        let db = access.db().await?;
        let theirs =
            self.select.filter(access.any_of((E::default(), owner), owners.iter().copied()));
        let mut totals = HashMap::new();
        if request.count {
            let counts = theirs.clone().select_only().column(owner).column_as(E::id().count(), "n");
            let counts = counts.group_by(owner).into_tuple::<(Uuid, i64)>();
            totals.extend(counts.all(&db).await?);
        }
        let mut within = theirs;
        if let Some(cursor) = &request.from {
            let values = read_cursor::<E>(cursor, &fingerprint, &terms)?;
            within = within.filter(beyond(&terms, &values, request.backward));
        }
        let ids = first_of_each::<E>(within.into_query(), owner, (&terms, request));
        let mut select = E::find().filter(E::id().in_subquery(ids));
        for (column, descending) in &terms {
            let (direction, nulls) = towards(*descending, request.backward);
            select = if column.def().is_null() {
                select.order_by_with_nulls(*column, direction, nulls)
            } else {
                select.order_by(*column, direction)
            };
        }
        let mut of_owner: HashMap<Uuid, Vec<E::Model>> =
            owners.iter().map(|owner| (*owner, Vec::new())).collect();
        for row in select.all(&db).await? {
            let Value::Uuid(Some(key)) = row.get(owner) else {
                return Err(Error::impossible("a row of a list without its owner"));
            };
            of_owner.entry(key).or_default().push(row);
        }
        let cursor = |row: &E::Model| write_cursor::<E>(row, &fingerprint, &terms);
        let pages = of_owner.into_iter().map(|(owner, rows)| {
            let total = totals.get(&owner).copied().unwrap_or_default();
            let total = request.count.then(|| u64::try_from(total).unwrap_or_default());
            (owner, cut::<E>(rows, request, total, &cursor))
        });
        Ok(pages.collect())
    }
}

/// The ids of the first rows of each owner, one more than a page holds.
fn first_of_each<E: Versioned>(
    mut rows: SelectStatement,
    owner: E::Column,
    (terms, request): (&[(E::Column, bool)], &PageRequest),
) -> SelectStatement {
    let (place, numbered) = (Alias::new("place"), Alias::new("numbered"));
    let column = |column: E::Column| Expr::col((E::default(), column));
    let mut window = WindowStatement::new();
    window.add_partition_by(column(owner));
    for (term, descending) in terms {
        let (direction, nulls) = towards(*descending, request.backward);
        if term.def().is_null() {
            window.order_by_expr_with_nulls(column(*term), direction, nulls);
        } else {
            window.order_by_expr(column(*term), direction);
        }
    }
    let number = Func::cust(Alias::new("ROW_NUMBER"));
    rows.clear_selects().expr_as(column(E::id()), Alias::new("id"));
    rows.expr_window_as(number, window, place.clone());
    Query::select()
        .column((numbered.clone(), Alias::new("id")))
        .from_subquery(rows, numbered.clone())
        .and_where(Expr::col((numbered, place)).lte(i64::from(request.size) + 1))
        .to_owned()
}
