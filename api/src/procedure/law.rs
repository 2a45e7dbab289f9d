use async_graphql::SimpleObject;
use serde::Serialize;
use utoipa::ToSchema;

/// A place in the law, as people cite it in either language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, SimpleObject, Serialize, ToSchema)]
pub struct Article {
    /// In Korean, as `시행령 제7조제2항`.
    pub ko: &'static str,
    /// In English, as `Enforcement Decree, Art. 7(2)`.
    pub en: &'static str,
}

/// The days between which a rule holds, both counted in; open where none is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// From this day, as `2022-03-25`.
    pub from: Option<&'static str>,
    /// To this day.
    pub to: Option<&'static str>,
}

impl Validity {
    /// Since this day, and still.
    pub const fn since(from: &'static str) -> Self {
        Self { from: Some(from), to: None }
    }

    /// Whether the rule holds on a day, as `2024-02-01`.
    pub fn holds_on(self, day: &str) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}
