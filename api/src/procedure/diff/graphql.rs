//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;

use super::{PlanDiff, Side};
use crate::access::Access;
use crate::error::{Code, Error, Result};
use crate::id::PlanId;
use crate::message;

/// Each reads two moments of its own, so an answer has no more than these.
const MOST: usize = 4;

/// What became of a plan between two sides.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DiffKey(pub PlanId, pub [Side; 2]);

impl Loader<DiffKey> for Access {
    type Value = Result<PlanDiff>;
    type Error = Error;

    async fn load(&self, keys: &[DiffKey]) -> Result<HashMap<DiffKey, Result<PlanDiff>>> {
        if keys.len() > MOST {
            return Err(Error::new(Code::LimitExceeded, message::at_most(MOST, keys.len())));
        }
        let mut diffs = HashMap::new();
        for key in keys {
            let [from, to] = &key.1;
            diffs.insert(key.clone(), super::between(self, key.0, [from, to]).await);
        }
        Ok(diffs)
    }
}
