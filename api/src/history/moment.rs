use std::fmt;

use async_graphql::{InputValueError, InputValueResult, Value};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Timestamp;
use crate::error::{Code, Error, Result};
use crate::message;

/// A state of the world: the number of the change that made it, from 1. As text on the wire,
/// because GraphQL's `Int` is too short for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, example = "42")]
pub struct Revision(pub i64);

impl Revision {
    /// Later than any other.
    pub const MAX: Self = Self(i64::MAX);

    /// Reads a string of digits. `INVALID` for anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
        let number = digits.then(|| text.parse().ok()).flatten();
        number.map(Self).ok_or_else(|| Error::new(Code::Invalid, message::not_a_revision()))
    }

    pub(super) const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    pub(super) const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Revision {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl async_graphql::OutputType for Revision {
    fn type_name() -> std::borrow::Cow<'static, str> {
        <String as async_graphql::OutputType>::type_name()
    }

    fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
        <String as async_graphql::OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        _ctx: &async_graphql::ContextSelectionSet<'_>,
        _field: &async_graphql::Positioned<async_graphql::parser::types::Field>,
    ) -> async_graphql::ServerResult<Value> {
        Ok(Value::String(self.to_string()))
    }
}

/// A revision as a caller writes it: not yet known to be one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, example = "42")]
pub struct AnyRevision(pub String);

impl AnyRevision {
    /// The revision; its fault stands at `revision`.
    pub fn parse(&self) -> Result<Revision> {
        Revision::parse(&self.0).map_err(|error| error.at("revision"))
    }
}

impl async_graphql::InputType for AnyRevision {
    type RawValueType = Self;

    fn type_name() -> std::borrow::Cow<'static, str> {
        <String as async_graphql::InputType>::type_name()
    }

    fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
        <String as async_graphql::InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let text = <String as async_graphql::InputType>::parse(value);
        text.map(Self).map_err(InputValueError::propagate)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// The moment an answer is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moment {
    /// The present: the last committed revision when the first read begins.
    #[default]
    Latest,
    /// The state that a change made.
    Revision(Revision),
    /// The last state committed at or before a time.
    Time(Timestamp),
}

impl Moment {
    /// Reads what a caller gives as `asOf`: digits are a revision, the rest an RFC 3339 time.
    pub fn parse(text: &str) -> Result<Self> {
        if let Ok(revision) = Revision::parse(text) {
            return Ok(Self::Revision(revision));
        }
        let time = Timestamp::parse(text).map(Self::Time);
        time.ok_or_else(|| Error::invalid("asOf", message::not_a_moment()))
    }
}
