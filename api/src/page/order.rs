use async_graphql::Enum;
use serde::Serialize;

/// Up or down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum, Serialize)]
pub enum Direction {
    /// From the smallest up.
    #[default]
    Asc,
    /// From the largest down.
    Desc,
}

/// Declares what the rows of an entity can be ordered by: the fields, and a term of an order.
macro_rules! order {
    (
        $(#[$doc:meta])*
        $name:ident by $field:ident of $entity:ty {
            $($(#[$field_doc:meta])* $variant:ident = $column:expr),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum, serde::Serialize)]
        pub enum $field {
            $($(#[$field_doc])* $variant),+
        }

        /// One term of an order.
        #[derive(Clone, Debug, async_graphql::InputObject, serde::Serialize)]
        pub struct $name {
            /// By what.
            pub field: $field,
            /// Which way.
            #[graphql(default)]
            pub direction: $crate::page::Direction,
        }

        impl From<&$name> for $crate::page::By<$entity> {
            fn from(term: &$name) -> Self {
                let column = match term.field { $($field::$variant => $column),+ };
                Self { column, descending: term.direction == $crate::page::Direction::Desc }
            }
        }
    };
}
pub(crate) use order;
