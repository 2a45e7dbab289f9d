//! Typed, opaque ids: `plan_01j…`, the same string in both dialects, a UUIDv7 in the database.

use std::fmt;

use async_graphql::{ID, InputValueError, InputValueResult, Value};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::message;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;

/// An id as a caller writes it: not yet known to be one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, example = "plan_01jz7p4k9vf3b8m2xq6r0t5w1y")]
pub struct AnyId(pub String);

impl fmt::Display for AnyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes a type stand for GraphQL's own `ID`: the registry does not take a second scalar of that
/// name, so input and output go through the library's.
macro_rules! as_graphql_id {
    ($type:ty, $of:ident => $to:expr) => {
        impl async_graphql::OutputType for $type {
            fn type_name() -> std::borrow::Cow<'static, str> {
                <ID as async_graphql::OutputType>::type_name()
            }

            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                <ID as async_graphql::OutputType>::create_type_info(registry)
            }

            async fn resolve(
                &self,
                _ctx: &async_graphql::ContextSelectionSet<'_>,
                _field: &async_graphql::Positioned<async_graphql::parser::types::Field>,
            ) -> async_graphql::ServerResult<Value> {
                let $of = self;
                Ok(Value::String($to))
            }
        }
    };
}

as_graphql_id!(AnyId, id => id.0.clone());

impl async_graphql::InputType for AnyId {
    type RawValueType = Self;

    fn type_name() -> std::borrow::Cow<'static, str> {
        <ID as async_graphql::InputType>::type_name()
    }

    fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
        <ID as async_graphql::InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let id = <ID as async_graphql::InputType>::parse(value);
        id.map(|id| Self(id.0)).map_err(InputValueError::propagate)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// A kind of id: its prefix and the UUID behind it.
pub trait Id: Copy + Sized {
    /// What the id begins with, before the underscore.
    const PREFIX: &'static str;

    /// The id of a row.
    fn of(uuid: Uuid) -> Self;

    /// The row's key.
    fn uuid(self) -> Uuid;

    /// A new one; later ones sort after it.
    fn new() -> Self {
        Self::of(Uuid::now_v7())
    }

    /// Reads what a caller wrote. `INVALID` for anything else than an id of this kind.
    fn parse(text: &AnyId) -> Result<Self> {
        let digits = text.0.strip_prefix(Self::PREFIX).and_then(|rest| rest.strip_prefix('_'));
        let uuid = digits.and_then(decode).ok_or_else(|| {
            Error::new(Code::Invalid, message::malformed_id(&format!("{}_", Self::PREFIX)))
        });
        uuid.map(Self::of)
    }

    /// The same, its fault at a field.
    fn parse_at(field: &str, text: &AnyId) -> Result<Self> {
        Self::parse(text).map_err(|error| error.at(field))
    }

    /// The id as callers see it.
    fn text(self) -> String {
        format!("{}_{}", Self::PREFIX, encode(self.uuid()))
    }
}

/// The id of a thing that the change log calls by its kind, as `PROGRESS_CHECK`. Where ids begin
/// otherwise than with the kind's own name, it says so here.
pub fn of_kind(kind: &str, uuid: Uuid) -> AnyId {
    let prefix = match kind {
        "PROGRESS_CHECK" => CheckId::PREFIX.to_owned(),
        "ADVICE_CASE" => CaseId::PREFIX.to_owned(),
        "INDICATOR_DEFINITION" => DefinitionId::PREFIX.to_owned(),
        "INDICATOR_GOAL" => GoalId::PREFIX.to_owned(),
        "REGION_STATISTIC" => StatisticId::PREFIX.to_owned(),
        "FOLLOW_UP" => FollowUpId::PREFIX.to_owned(),
        kind => kind.to_lowercase(),
    };
    AnyId(format!("{prefix}_{}", encode(uuid)))
}

/// Declares kinds of ids.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
        #[schema(value_type = String)]
        pub struct $name(pub Uuid);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;

            fn of(uuid: Uuid) -> Self {
                Self(uuid)
            }

            fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.text())
            }
        }

        as_graphql_id!($name, id => id.text());
    )+};
}

ids! {
    /// The id of a source.
    SourceId = "source";
    /// The id of a region.
    RegionId = "region";
    /// The id of a sector.
    SectorId = "sector";
    /// The id of an account.
    AccountId = "account";
    /// The id of a client.
    ClientId = "client";
    /// The id of a grant.
    GrantId = "grant";
    /// The id of a plan.
    PlanId = "plan";
    /// The id of a target.
    TargetId = "target";
    /// The id of an organization.
    OrganizationId = "organization";
    /// The id of a figure of a region.
    StatisticId = "statistic";
    /// The id of a figure of an inventory.
    EmissionId = "emission";
    /// The id of a measure.
    MeasureId = "measure";
    /// The id of an indicator's definition.
    DefinitionId = "definition";
    /// The id of an indicator.
    IndicatorId = "indicator";
    /// The id of a goal of an indicator.
    GoalId = "goal";
    /// The id of an observation of an indicator.
    ObservationId = "observation";
    /// The id of a progress check.
    CheckId = "check";
    /// The id of an assessment in a progress check.
    AssessmentId = "assessment";
    /// The id of a milestone.
    MilestoneId = "milestone";
    /// The id of a version of a plan.
    VersionId = "version";
    /// The id of a link to the plan above.
    LinkId = "link";
    /// The id of an extension of a deadline.
    ExtensionId = "extension";
    /// The id of a forum.
    ForumId = "forum";
    /// The id of an issue.
    IssueId = "issue";
    /// The id of a document.
    DocumentId = "document";
    /// The id of a comment on an issue.
    CommentId = "comment";
    /// The id of what is to follow from a forum.
    FollowUpId = "followup";
    /// The id of an advice case.
    CaseId = "case";
    /// The id of a point of an answer in an advice case.
    AdviceItemId = "item";
}

fn encode(uuid: Uuid) -> String {
    let mut rest = uuid.as_u128();
    let mut digits = [0_u8; LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest & 31) as usize];
        rest >>= 5;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

fn decode(digits: &str) -> Option<Uuid> {
    // 26 digits hold 130 bits: a first digit over 7 is no UUID.
    if digits.len() != LENGTH || digits.as_bytes()[0] > b'7' {
        return None;
    }
    let value = digits.bytes().try_fold(0_u128, |value, digit| {
        let place = ALPHABET.iter().position(|letter| *letter == digit)?;
        Some((value << 5) | place as u128)
    });
    value.map(Uuid::from_u128)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_itself() {
        for uuid in [Uuid::nil(), Uuid::max(), Uuid::now_v7()] {
            let id = PlanId(uuid);
            assert_eq!(PlanId::parse(&AnyId(id.text())).ok(), Some(id));
        }
    }

    #[test]
    fn what_is_no_id_of_this_kind_is_refused() {
        let other = TargetId::new().text();
        let overlong = "plan_8zzzzzzzzzzzzzzzzzzzzzzzzz";
        for text in
            ["", "plan_", "plan_01", "plan", &other, overlong, "plan_01jé4k9vf3b8m2xq6r0t5w1y"]
        {
            assert!(PlanId::parse(&AnyId(text.to_owned())).is_err(), "{text}");
        }
    }
}
