//! The GraphQL dialect: one schema merged from the slices, and the way to it over HTTP.

pub(crate) mod http;

use std::collections::HashMap;
use std::hash::Hash;

use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{
    Context, EmptySubscription, Interface, MergedObject, Object, SDLExportOptions, Schema,
    SimpleObject,
};

pub(crate) use http::lang;
pub use http::routes;

use crate::access::Access;
use crate::error::{Error, Result};
use crate::history::{AnyRevision, Revision};
use crate::id::{AnyId, Id, PlanId, RegionId, SectorId, SourceId, TargetId};
use crate::identity::graphql::IdentityQuery;
use crate::input;
use crate::message::{self, Lang};
use crate::page;
use crate::plan::Plan;
use crate::plan::graphql::{PlanKey, PlanMutation, PlanQuery};
use crate::region::Region;
use crate::region::graphql::{RegionKey, RegionQuery};
use crate::sector::Sector;
use crate::sector::graphql::{SectorKey, SectorQuery};
use crate::server::BODY_BYTES;
use crate::source::Source;
use crate::source::graphql::{SourceKey, SourceQuery};
use crate::target::Target;
use crate::target::graphql::{TargetKey, TargetMutation};

/// The longest GraphQL document, in bytes.
pub const DOCUMENT_BYTES: usize = 64 * 1024;
const NODES: usize = 100;

/// All queries.
#[derive(Default, MergedObject)]
pub struct Query(NodeQuery, IdentityQuery, RegionQuery, SectorQuery, SourceQuery, PlanQuery);

/// All changes.
#[derive(Default, MergedObject)]
pub struct Mutation(PlanMutation, TargetMutation);

/// The schema of the service.
pub type Dialect = Schema<Query, Mutation, EmptySubscription>;

/// The schema of the service. It needs no database.
pub fn schema() -> Dialect {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        // A misspelt field is not a way to list the schema.
        .disable_suggestions()
        .finish()
}

/// The schema as it is committed.
pub fn sdl() -> String {
    let options = SDLExportOptions::new().include_specified_by().prefer_single_line_descriptions();
    schema().sdl_with_options(options)
}

/// Anything with an id of its own.
#[derive(Debug, Interface)]
#[expect(clippy::large_enum_variant, reason = "few of them, for one answer")]
#[graphql(field(name = "id", ty = "async_graphql::ID", desc = "Its id."))]
enum Node {
    /// A region.
    Region(Region),
    /// A sector.
    Sector(Sector),
    /// A source.
    Source(Source),
    /// A plan.
    Plan(Plan),
    /// A target.
    Target(Target),
}

/// The service itself.
#[derive(Debug, SimpleObject)]
struct Service {
    /// Its version.
    version: &'static str,
    /// The revision this answer is about.
    revision: Revision,
    /// What one request may have.
    limits: Limits,
}

/// What one request may have.
#[derive(Debug, SimpleObject)]
struct Limits {
    /// The most rows of one page.
    page: u32,
    /// The most ids of `nodes`.
    nodes: usize,
    /// The longest document, in bytes.
    document_bytes: usize,
    /// The largest body, in bytes.
    body_bytes: usize,
    /// The longest title, in characters.
    title_characters: usize,
    /// The longest text, in characters.
    text_characters: usize,
}

/// Queries about anything.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Anything by its id; null where there is nothing that the caller sees.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<Node>> {
        find(ctx, &id).await.transpose()
    }

    /// Up to 100 things by their ids, in their order; null for each that the caller does not see.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their ids.")] ids: Vec<AnyId>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > NODES {
            let text = message::too_many_ids(NODES);
            return Err(Error::new(crate::error::Code::LimitExceeded, text).at("ids"));
        }
        let nodes = ids.iter().map(|id| find(ctx, id));
        futures_util::future::try_join_all(nodes).await
    }

    /// The service itself.
    async fn service(&self, ctx: &Context<'_>) -> Result<Service> {
        let limits = Limits {
            page: page::graphql::MAX,
            nodes: NODES,
            document_bytes: DOCUMENT_BYTES,
            body_bytes: BODY_BYTES,
            title_characters: input::TITLE,
            text_characters: input::TEXT,
        };
        let revision = ctx.access().db().await?.revision();
        Ok(Service { version: env!("CARGO_PKG_VERSION"), revision, limits })
    }
}

async fn find(ctx: &Context<'_>, id: &AnyId) -> Result<Option<Node>> {
    let kind = id.0.split_once('_').map_or("", |(prefix, _)| prefix);
    Ok(match kind {
        RegionId::PREFIX => {
            ctx.loaders().get(RegionKey(RegionId::parse_at("id", id)?)).await?.map(Node::Region)
        }
        SectorId::PREFIX => {
            ctx.loaders().get(SectorKey(SectorId::parse_at("id", id)?)).await?.map(Node::Sector)
        }
        SourceId::PREFIX => {
            ctx.loaders().get(SourceKey(SourceId::parse_at("id", id)?)).await?.map(Node::Source)
        }
        TargetId::PREFIX => {
            ctx.loaders().get(TargetKey(TargetId::parse_at("id", id)?)).await?.map(Node::Target)
        }
        _ => ctx.loaders().get(PlanKey(PlanId::parse_at("id", id)?)).await?.map(Node::Plan),
    })
}

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
