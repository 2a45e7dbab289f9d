//! The same in GraphQL.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::Reverted;
use crate::error::Result;
use crate::error::graphql::{UserError, payload};
use crate::graphql::Node;
use crate::history::AnyRevision;
use crate::id::AnyId;
use crate::wire::graphql::AccessExt as _;

/// Putting things as they were.
#[derive(Default)]
pub struct RevertMutation;

#[Object]
impl RevertMutation {
    /// Put a target, measure, indicator, milestone, issue or forum that is at the revision you read
    /// as it was at an earlier one. For who may change it; the rules of today hold.
    async fn revert_to(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and as of when.")] input: RevertToInput,
    ) -> Result<RevertPayload> {
        let RevertToInput { id, revision, to_revision } = input;
        let done =
            async { super::revert_to(ctx.access(), &id, revision.parse()?, &to_revision).await };
        let (thing, errors) = payload(done.await)?;
        Ok(RevertPayload { node: thing.map(Node::from), errors })
    }
}

/// What is to be put as it was, and as of when.
#[derive(Debug, InputObject)]
struct RevertToInput {
    /// Which thing.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    /// The revision as of which it is to be.
    to_revision: AnyRevision,
}

/// The thing as it is after it was put as it was, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct RevertPayload {
    /// The thing; null where something is wrong.
    node: Option<Node>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl From<Reverted> for Node {
    fn from(thing: Reverted) -> Self {
        match thing {
            Reverted::Target(thing) => Self::Target(*thing),
            Reverted::Measure(thing) => Self::Measure(*thing),
            Reverted::Indicator(thing) => Self::Indicator(*thing),
            Reverted::Milestone(thing) => Self::Milestone(*thing),
            Reverted::Issue(thing) => Self::Issue(*thing),
            Reverted::Forum(thing) => Self::Forum(*thing),
        }
    }
}
