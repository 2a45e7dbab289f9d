//! Rows by what hangs on them: some of it fits, none of it does, or all of it.

use sea_orm::sea_query::SelectStatement;
use sea_orm::{ColumnTrait, Condition};
use serde::{Serialize, Serializer};

use super::{Filter, condition, not_true};
use crate::access::Access;
use crate::error::Result;

/// Which rows are meant by what hangs on them. The slice that owns what hangs there makes it, the
/// one that owns the rows applies it, and neither knows the other's table.
#[derive(Clone, Debug)]
pub struct Having {
    ids: SelectStatement,
    among: bool,
    asked: String,
}

impl Having {
    /// The rows whose id is among these.
    pub fn on<C: ColumnTrait>(&self, id: C) -> Condition {
        let ids = self.ids.clone();
        let found = if self.among { id.in_subquery(ids) } else { id.not_in_subquery(ids) };
        Condition::all().add(found)
    }
}

/// For the cursor of a list: what was asked.
impl Serialize for Having {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.serialize_str(&self.asked)
    }
}

/// What is asked of the things that hang on a row.
#[derive(Debug)]
pub struct Quantified<'a, F> {
    /// One of them fits.
    pub some: Option<&'a F>,
    /// None of them fits.
    pub none: Option<&'a F>,
    /// All of them fit; so it is where there are none.
    pub every: Option<&'a F>,
}

impl<F: Filter> Quantified<'_, F> {
    /// The rows that are meant. `owners` selects, of the things that a condition leaves, the ids of
    /// the rows they hang on; none of them may be null.
    pub async fn rows(
        &self,
        access: &Access,
        owners: impl Fn(&F, Condition) -> SelectStatement,
    ) -> Result<Vec<Having>> {
        let mut all = Vec::new();
        let asked = [("some", self.some), ("none", self.none), ("every", self.every)];
        for (quantifier, filter) in asked {
            let Some(filter) = filter else { continue };
            let fits = condition(access, filter).await.map_err(|error| error.at(quantifier))?;
            let fits = if quantifier == "every" { not_true(fits) } else { fits };
            let text = serde_json::to_string(filter).unwrap_or_default();
            all.push(Having {
                ids: owners(filter, fits),
                among: quantifier == "some",
                asked: format!("{quantifier} {text}"),
            });
        }
        Ok(all)
    }
}

/// Declares how rows can be asked for by what hangs on them.
macro_rules! relation {
    ($(#[$doc:meta])* $name:ident of $filter:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, async_graphql::InputObject, serde::Serialize)]
        pub struct $name {
            /// One of them fits.
            pub some: Option<Box<$filter>>,
            /// None of them fits.
            pub none: Option<Box<$filter>>,
            /// All of them fit; so it is where there are none.
            pub every: Option<Box<$filter>>,
        }

        impl $name {
            fn quantified(&self) -> $crate::filter::Quantified<'_, $filter> {
                $crate::filter::Quantified {
                    some: self.some.as_deref(),
                    none: self.none.as_deref(),
                    every: self.every.as_deref(),
                }
            }
        }
    };
}
pub(crate) use relation;
