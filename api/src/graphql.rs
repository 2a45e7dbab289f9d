//! The GraphQL dialect: one schema merged from the slices, and the way to it over HTTP.

mod console;
mod http;
pub mod limits;
mod node;

use async_graphql::{
    Context, EmptySubscription, MergedObject, Object, SDLExportOptions, Schema, SimpleObject,
};

pub use http::routes;
use limits::Shapes;
pub(crate) use node::{Node, node_of};

use crate::advice::cases::graphql::{AdviceCaseMutation, AdviceCaseQuery};
use crate::advice::forums::follow_ups::graphql::{FollowUpMutation, FollowUpQuery};
use crate::advice::forums::graphql::{ForumMutation, ForumQuery};
use crate::advice::issues::comments::graphql::CommentMutation;
use crate::advice::issues::graphql::{IssueMutation, IssueQuery};
use crate::document::graphql::{DocumentMutation, DocumentQuery};
use crate::error::{Error, Result};
use crate::history::Revision;
use crate::id::AnyId;
use crate::identity::graphql::{IdentityMutation, IdentityQuery};
use crate::indicator::graphql::{IndicatorMutation, IndicatorQuery};
use crate::input;
use crate::inventory::graphql::{InventoryMutation, InventoryQuery};
use crate::link::graphql::{LinkMutation, LinkQuery};
use crate::measure::graphql::{MeasureMutation, MeasureQuery};
use crate::message;
use crate::organization::graphql::{OrganizationMutation, OrganizationQuery};
use crate::page;
use crate::plan::graphql::{PlanMutation, PlanQuery};
use crate::plan::versions::graphql::VersionQuery;
use crate::procedure::graphql::{ProcedureMutation, ProcedureQuery};
use crate::procedure::obligations::extension::graphql::ExtensionMutation;
use crate::procedure::obligations::graphql::{ObligationMutation, ObligationQuery};
use crate::procedure::steps::graphql::{StepMutation, StepQuery};
use crate::progress::assessments::graphql::AssessmentMutation;
use crate::progress::graphql::{ProgressMutation, ProgressQuery};
use crate::region::graphql::RegionQuery;
use crate::region::statistics::graphql::StatisticMutation;
use crate::revert::graphql::RevertMutation;
use crate::search::graphql::SearchQuery;
use crate::sector::graphql::SectorQuery;
use crate::since::graphql::{SinceMutation, SinceQuery};
use crate::source::graphql::SourceQuery;
use crate::target::graphql::TargetMutation;
use crate::wire;
use crate::wire::graphql::AccessExt as _;

const NODES: usize = 100;

// Merged in groups: one object of them all nests deeper than the compiler follows.

/// Queries about what everything else refers to.
#[derive(Default, MergedObject)]
pub struct ReferenceQueries(
    RegionQuery,
    OrganizationQuery,
    InventoryQuery,
    SectorQuery,
    SourceQuery,
);

/// Queries about plans and what hangs on them.
#[derive(Default, MergedObject)]
pub struct PlanQueries(
    PlanQuery,
    VersionQuery,
    MeasureQuery,
    IndicatorQuery,
    LinkQuery,
    ProgressQuery,
    DocumentQuery,
);

/// Queries about the making of plans, and the help for it.
#[derive(Default, MergedObject)]
pub struct ProcessQueries(
    IssueQuery,
    ForumQuery,
    FollowUpQuery,
    AdviceCaseQuery,
    ProcedureQuery,
    ObligationQuery,
    StepQuery,
);

/// All queries.
#[derive(Default, MergedObject)]
pub struct Query(
    NodeQuery,
    IdentityQuery,
    ReferenceQueries,
    PlanQueries,
    ProcessQueries,
    SearchQuery,
    SinceQuery,
);

/// Changes of what everything else refers to.
#[derive(Default, MergedObject)]
pub struct ReferenceMutations(StatisticMutation, OrganizationMutation, InventoryMutation);

/// Changes of plans and what hangs on them.
#[derive(Default, MergedObject)]
pub struct PlanMutations(
    PlanMutation,
    TargetMutation,
    MeasureMutation,
    IndicatorMutation,
    LinkMutation,
    ProgressMutation,
    AssessmentMutation,
    DocumentMutation,
);

/// Changes in the making of plans, and in the help for it.
#[derive(Default, MergedObject)]
pub struct ProcessMutations(
    IssueMutation,
    CommentMutation,
    ForumMutation,
    FollowUpMutation,
    AdviceCaseMutation,
    ProcedureMutation,
    ObligationMutation,
    ExtensionMutation,
    StepMutation,
);

/// All changes.
#[derive(Default, MergedObject)]
pub struct Mutation(
    IdentityMutation,
    ReferenceMutations,
    PlanMutations,
    ProcessMutations,
    SinceMutation,
    RevertMutation,
);

/// The schema of the service.
pub type Dialect = Schema<Query, Mutation, EmptySubscription>;

/// The schema of the service. It needs no database.
pub fn schema() -> Dialect {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        // A misspelt field is not a way to list the schema.
        .disable_suggestions()
        .finish()
}

/// What answers at `/graphql`: the schema, and what it says of the size of answers.
pub struct Endpoint {
    schema: Dialect,
    shapes: Shapes,
}

impl Endpoint {
    /// The endpoint of this service.
    pub fn new() -> Result<Self> {
        Ok(Self { schema: schema(), shapes: Shapes::of(&sdl())? })
    }
}

/// The schema as it is committed.
pub fn sdl() -> String {
    let options = SDLExportOptions::new().include_specified_by().prefer_single_line_descriptions();
    schema().sdl_with_options(options)
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
    /// The most tokens of a document.
    tokens: usize,
    /// The deepest a document may select.
    depth: usize,
    /// The most fields of an answer, as far as they can be foreseen: those below a page count as
    /// often as the page has rows.
    cost: u64,
    /// The most aliases of a document.
    aliases: usize,
    /// The most directives of a document.
    directives: usize,
    /// The largest body, in bytes.
    body_bytes: usize,
    /// The largest document that can be handed in, in bytes.
    file_bytes: u64,
    /// The longest title, in characters.
    title_characters: usize,
    /// The longest text, in characters.
    text_characters: usize,
    /// How long an answer may take, in seconds.
    seconds: u32,
    /// The longest address of a request, in bytes.
    address_bytes: usize,
    /// All headers of a request together, in bytes.
    header_bytes: usize,
    /// How many requests an address may send a minute without signing in; 0 is no limit.
    anonymous_per_minute: u32,
    /// How many requests an account may send a minute; 0 is no limit.
    signed_in_per_minute: u32,
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
        node_of(ctx, &id).await.transpose()
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
        let nodes = ids.iter().map(|id| node_of(ctx, id));
        futures_util::future::try_join_all(nodes).await
    }

    /// The service itself.
    async fn service(&self, ctx: &Context<'_>) -> Result<Service> {
        let limits = ctx.data_unchecked::<wire::Limits>();
        let limits = Limits {
            page: page::graphql::MAX,
            nodes: NODES,
            document_bytes: limits.document_bytes,
            tokens: limits.tokens,
            depth: limits.depth,
            cost: limits.cost,
            aliases: limits.aliases,
            directives: limits.directives,
            body_bytes: limits.body_bytes,
            file_bytes: limits.file_bytes,
            title_characters: input::TITLE,
            text_characters: input::TEXT,
            seconds: limits.seconds,
            address_bytes: wire::Limits::ADDRESS_BYTES,
            header_bytes: wire::Limits::HEADER_BYTES,
            anonymous_per_minute: limits.anonymous_per_minute,
            signed_in_per_minute: limits.signed_in_per_minute,
        };
        let revision = ctx.access().db().await?.revision();
        Ok(Service { version: env!("CARGO_PKG_VERSION"), revision, limits })
    }
}
