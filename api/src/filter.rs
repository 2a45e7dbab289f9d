//! What lists can be narrowed by: the same comparators everywhere, as conditions on a column.

mod having;

use std::pin::Pin;

use async_graphql::InputObject;
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr};
use sea_orm::{ActiveEnum, ColumnTrait, Condition};
use serde::Serialize;

use crate::access::Access;
use crate::error::{Code, Error, Result};
use crate::history::{AnyRevision, Revision};
use crate::message;

pub(crate) use having::relation;
pub use having::{Having, Quantified};

/// A filter that may hold others of its kind.
pub trait Filter: Serialize + Sized + Send + Sync {
    /// The filters within it.
    fn parts(&self) -> Parts<'_, Self>;

    /// What it asks for itself, as a condition; what it names must exist.
    fn own(&self, access: &Access) -> impl Future<Output = Result<Condition>> + Send;
}

/// The filters within a filter.
#[derive(Debug)]
pub struct Parts<'a, F> {
    /// All of these hold.
    pub and: Option<&'a Vec<F>>,
    /// One of these holds.
    pub or: Option<&'a Vec<F>>,
    /// This does not hold.
    pub not: Option<&'a F>,
}

/// More filters within filters than this are no question that anybody asks.
const CONDITIONS: usize = 50;

/// The rows that fit a filter and those within it. `LIMIT_EXCEEDED` for more of them than anybody
/// needs.
pub async fn condition<F: Filter>(access: &Access, filter: &F) -> Result<Condition> {
    let size = size(filter);
    if size > CONDITIONS {
        let text = message::at_most(CONDITIONS, size);
        return Err(Error::new(Code::LimitExceeded, text).at("filter"));
    }
    combined(access, filter).await
}

fn size<F: Filter>(filter: &F) -> usize {
    let Parts { and, or, not } = filter.parts();
    1 + and.into_iter().chain(or).flatten().chain(not).map(size).sum::<usize>()
}

type Combined<'a> = Pin<Box<dyn Future<Output = Result<Condition>> + Send + 'a>>;

fn combined<'a, F: Filter>(access: &'a Access, filter: &'a F) -> Combined<'a> {
    Box::pin(async move {
        let mut all = filter.own(access).await?;
        let Parts { and, or, not } = filter.parts();
        for filter in and.into_iter().flatten() {
            all = all.add(combined(access, filter).await?);
        }
        if let Some(filters) = or {
            let mut any = Condition::any();
            for filter in filters {
                any = any.add(combined(access, filter).await?);
            }
            // One of nothing is never so.
            all = all.add(if any.is_empty() { nothing() } else { any });
        }
        if let Some(filter) = not {
            all = all.add(not_true(combined(access, filter).await?));
        }
        Ok(all)
    })
}

/// The rows of which this is not true: a comparison with a value that is missing is neither true nor
/// false.
fn not_true(holds: Condition) -> Condition {
    let holds = if holds.is_empty() { everything() } else { holds };
    let holds = Func::coalesce([SimpleExpr::from(holds), Expr::val(false)]);
    Condition::all().add(Expr::expr(holds).not())
}

/// No row.
pub fn nothing() -> Condition {
    Condition::all().add(Expr::cust("1 = 0"))
}

fn everything() -> Condition {
    Condition::all().add(Expr::cust("1 = 1"))
}

/// Compares a text. A row without a value fits only `isNull`.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct StringFilter {
    /// Is this.
    pub eq: Option<String>,
    /// Is not this.
    pub ne: Option<String>,
    /// Is one of these.
    #[graphql(name = "in")]
    pub one_of: Option<Vec<String>>,
    /// Has this in it; capitals and small letters of A to Z are alike.
    pub contains: Option<String>,
    /// Has no value; or, if false, has one.
    pub is_null: Option<bool>,
}

impl StringFilter {
    /// The rows whose column fits.
    pub fn on<C: ColumnTrait>(&self, access: &Access, column: C) -> Condition {
        let mut all = Condition::all();
        if let Some(text) = &self.eq {
            all = all.add(column.eq(text));
        }
        if let Some(text) = &self.ne {
            all = all.add(column.ne(text));
        }
        if let Some(texts) = &self.one_of {
            all = all.add(access.any_code((column.entity_name(), column), texts.iter().cloned()));
        }
        if let Some(text) = &self.contains {
            all = all.add(contains(column, text));
        }
        all.add(null(column, self.is_null))
    }
}

/// Compares an integer. A row without a value fits only `isNull`.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct IntFilter {
    /// Is this.
    pub eq: Option<i32>,
    /// Is not this.
    pub ne: Option<i32>,
    /// Is one of these.
    #[graphql(name = "in")]
    pub one_of: Option<Vec<i32>>,
    /// Is more than this.
    pub gt: Option<i32>,
    /// Is this or more.
    pub gte: Option<i32>,
    /// Is less than this.
    pub lt: Option<i32>,
    /// Is this or less.
    pub lte: Option<i32>,
    /// Has no value; or, if false, has one.
    pub is_null: Option<bool>,
}

impl IntFilter {
    /// The rows whose column fits.
    pub fn on<C: ColumnTrait>(&self, column: C) -> Condition {
        let comparisons = [
            self.eq.map(|number| column.eq(number)),
            self.ne.map(|number| column.ne(number)),
            self.gt.map(|number| column.gt(number)),
            self.gte.map(|number| column.gte(number)),
            self.lt.map(|number| column.lt(number)),
            self.lte.map(|number| column.lte(number)),
            self.one_of.clone().map(|numbers| column.is_in(numbers)),
        ];
        let all = comparisons.into_iter().flatten().fold(Condition::all(), Condition::add);
        all.add(null(column, self.is_null))
    }
}

/// Declares the comparators of a code list.
macro_rules! code_filter {
    ($(#[$doc:meta])* $name:ident of $code:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, async_graphql::InputObject, serde::Serialize)]
        pub struct $name {
            /// Is this.
            pub eq: Option<$code>,
            /// Is not this.
            pub ne: Option<$code>,
            /// Is one of these.
            #[graphql(name = "in")]
            pub one_of: Option<Vec<$code>>,
        }

        impl $name {
            /// Whether this code fits.
            pub fn fits(&self, code: $code) -> bool {
                self.eq.is_none_or(|eq| eq == code)
                    && self.ne.is_none_or(|ne| ne != code)
                    && self.one_of.as_ref().is_none_or(|codes| codes.contains(&code))
            }
        }
    };
}
pub(crate) use code_filter;

/// The rows whose column holds one of the codes that fit.
pub fn codes<C, A>(column: C, fits: impl Fn(A) -> bool) -> Condition
where
    C: ColumnTrait,
    A: ActiveEnum<Value = String> + sea_orm::Iterable + Clone,
{
    let fitting = A::iter().filter(|code| fits(code.clone())).map(|code| code.to_value());
    Condition::all().add(column.is_in(fitting))
}

/// No text that is searched is longer, in characters.
const LONGEST: usize = 1_000;

/// The rows whose column has this text in it; capitals and small letters of A to Z are alike, as
/// both databases have them.
pub fn contains<C: ColumnTrait>(column: C, text: &str) -> Condition {
    if text.chars().count() > LONGEST {
        // Nothing is as long, and SQLite refuses such a pattern.
        return nothing();
    }
    let text = text.to_ascii_lowercase();
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let like = LikeExpr::new(format!("%{escaped}%")).escape('\\');
    let lower = Func::lower(Expr::col((column.entity_name(), column)));
    Condition::all().add(Expr::expr(lower).like(like))
}

/// Words that a caller looks for: a row fits that has all of them, in any of its texts. Parts of
/// words count, so that two syllables of Korean are found in any compound.
#[derive(Clone, Debug, Serialize)]
pub struct Words(Vec<String>);

impl Words {
    const MOST: usize = 10;

    /// Reads up to ten words. `INVALID` for none.
    pub fn parse(text: &str) -> Result<Self> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        match words.len() {
            0 => Err(Error::new(Code::Invalid, message::blank())),
            many if many > Self::MOST => {
                Err(Error::new(Code::LimitExceeded, message::at_most(Self::MOST, many)))
            }
            _ => Ok(Self(words)),
        }
    }

    /// The rows that have all of them somewhere in these columns.
    pub fn on<C: ColumnTrait>(&self, texts: &[C]) -> Condition {
        let any = |word: &String| {
            let texts = texts.iter().map(|column| contains(*column, word));
            texts.fold(Condition::any(), Condition::add)
        };
        self.0.iter().map(any).fold(Condition::all(), Condition::add)
    }
}

/// The rows written after a revision.
pub fn changed_after<C: ColumnTrait>(
    column: C,
    revision: Option<&AnyRevision>,
) -> Result<Condition> {
    let Some(revision) = revision else { return Ok(Condition::all()) };
    let revision = Revision::parse(&revision.0).map_err(|error| error.at("changedAfter"))?;
    Ok(Condition::all().add(column.gt(revision.0)))
}

fn null<C: ColumnTrait>(column: C, is_null: Option<bool>) -> Condition {
    match is_null {
        None => Condition::all(),
        Some(true) => Condition::all().add(column.is_null()),
        Some(false) => Condition::all().add(column.is_not_null()),
    }
}
