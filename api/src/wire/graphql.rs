//! What resolvers take from their context.

use std::collections::HashMap;
use std::hash::Hash;

use async_graphql::Context;
use async_graphql::dataloader::{DataLoader, Loader};

use crate::access::Access;
use crate::error::{Error, Result};
use crate::history::{AnyRevision, Revision};
use crate::id::{AnyId, Id};
use crate::message::Lang;

/// What resolvers take from their context.
pub trait AccessExt {
    /// The caller's access.
    fn access(&self) -> &Access;

    /// The language the request asks for.
    fn lang(&self) -> Lang;

    /// The way to things by key, batched over the whole answer.
    fn loaders(&self) -> &Loaders;
}

impl AccessExt for Context<'_> {
    fn access(&self) -> &Access {
        self.data_unchecked::<Access>()
    }

    fn lang(&self) -> Lang {
        *self.data_unchecked::<Lang>()
    }

    fn loaders(&self) -> &Loaders {
        self.data_unchecked::<Loaders>()
    }
}

/// Things by key. What one answer asks for at the same depth is read in one batch, through the
/// caller's own access: a batch cannot see more than its caller.
pub struct Loaders(DataLoader<Access>);

impl Loaders {
    /// The loaders of one request.
    pub fn new(access: Access) -> Self {
        Self(DataLoader::new(access, tokio::spawn).max_batch_size(usize::MAX))
    }

    /// The thing of a key, if the caller sees it.
    pub async fn get<K>(&self, key: K) -> Result<Option<<Access as Loader<K>>::Value>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Access: Loader<K, Error = Error>,
    {
        self.0.load_one(key).await
    }

    /// The things of these keys that the caller sees, in their order.
    pub async fn all<K>(&self, keys: Vec<K>) -> Result<Vec<<Access as Loader<K>>::Value>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Access: Loader<K, Error = Error>,
    {
        let mut found = self.0.load_many(keys.iter().cloned()).await?;
        Ok(keys.iter().filter_map(|key| found.remove(key)).collect())
    }

    /// A thing that must be there.
    pub async fn one<K>(&self, key: K) -> Result<<Access as Loader<K>>::Value>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Access: Loader<K, Error = Error>,
    {
        let found = self.0.load_one(key).await?;
        found.ok_or_else(|| Error::impossible("something refers to what is not there"))
    }

    /// A thing that may be there: `null`, with an error where it could not be read.
    pub async fn maybe<K>(&self, key: Option<K>) -> Option<Result<<Access as Loader<K>>::Value>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Access: Loader<K, Error = Error>,
    {
        self.0.load_one(key?).await.transpose()
    }

    /// The thing of a key that a caller wrote.
    pub async fn look_up<K>(&self, key: Result<K>) -> Option<Result<<Access as Loader<K>>::Value>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Access: Loader<K, Error = Error>,
    {
        match key {
            Ok(key) => self.maybe(Some(key)).await,
            Err(error) => Some(Err(error)),
        }
    }

    /// A list of things; empty where there are none.
    pub async fn list<K, T>(&self, key: K) -> Result<Vec<T>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        T: Send + Sync + Clone + 'static,
        Access: Loader<K, Value = Vec<T>, Error = Error>,
    {
        Ok(self.0.load_one(key).await?.unwrap_or_default())
    }
}

/// The things of each key, in their order.
pub fn grouped<K: Hash + Eq, T>(pairs: impl IntoIterator<Item = (K, T)>) -> HashMap<K, Vec<T>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for (key, thing) in pairs {
        groups.entry(key).or_default().push(thing);
    }
    groups
}

/// What an update names: the thing, and the revision its caller read.
pub fn at_revision<I: Id>(id: &AnyId, revision: &AnyRevision) -> Result<(I, Revision)> {
    Ok((I::parse_at("id", id)?, revision.parse()?))
}
