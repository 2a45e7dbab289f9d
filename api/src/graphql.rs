//! The GraphQL dialect: one schema merged from the slices, and the way to it over HTTP.

mod console;
mod http;
pub mod limits;

use async_graphql::{
    Context, EmptySubscription, Interface, MergedObject, Object, SDLExportOptions, Schema,
    SimpleObject,
};

pub use http::routes;
use limits::Shapes;

use crate::advice::forums::graphql::{ForumKey, ForumMutation, ForumQuery};
use crate::advice::issues::graphql::{IssueKey, IssueMutation, IssueQuery};
use crate::advice::{Forum, Issue};
use crate::error::{Error, Result};
use crate::history::Revision;
use crate::id::{
    AccountId, AnyId, CheckId, ClientId, DefinitionId, EmissionId, ForumId, GrantId, Id,
    IndicatorId, IssueId, MeasureId, MilestoneId, OrganizationId, PlanId, RegionId, SectorId,
    SourceId, StatisticId, TargetId,
};
use crate::identity::graphql::{AccountKey, ClientKey, GrantKey, IdentityMutation, IdentityQuery};
use crate::identity::{Account, Client, HeldGrant};
use crate::indicator::graphql::{DefinitionKey, IndicatorKey, IndicatorMutation, IndicatorQuery};
use crate::indicator::{Indicator, IndicatorDefinition};
use crate::input;
use crate::inventory::Emission;
use crate::inventory::graphql::{EmissionKey, InventoryMutation, InventoryQuery};
use crate::measure::Measure;
use crate::measure::graphql::{MeasureKey, MeasureMutation, MeasureQuery};
use crate::message;
use crate::organization::Organization;
use crate::organization::graphql::{OrganizationKey, OrganizationMutation, OrganizationQuery};
use crate::page;
use crate::plan::Plan;
use crate::plan::graphql::{PlanKey, PlanMutation, PlanQuery};
use crate::procedure::Milestone;
use crate::procedure::graphql::{MilestoneKey, ProcedureMutation, ProcedureQuery};
use crate::progress::ProgressCheck;
use crate::progress::graphql::{CheckKey, ProgressMutation, ProgressQuery};
use crate::region::Region;
use crate::region::graphql::{RegionKey, RegionQuery};
use crate::region::statistics::Statistic;
use crate::region::statistics::graphql::{StatisticKey, StatisticMutation};
use crate::sector::Sector;
use crate::sector::graphql::{SectorKey, SectorQuery};
use crate::source::Source;
use crate::source::graphql::{SourceKey, SourceQuery};
use crate::target::Target;
use crate::target::graphql::{TargetKey, TargetMutation};
use crate::wire;
use crate::wire::graphql::AccessExt as _;

const NODES: usize = 100;

/// All queries.
#[derive(Default, MergedObject)]
pub struct Query(
    NodeQuery,
    IdentityQuery,
    RegionQuery,
    OrganizationQuery,
    InventoryQuery,
    SectorQuery,
    SourceQuery,
    PlanQuery,
    MeasureQuery,
    ProgressQuery,
    IssueQuery,
    ForumQuery,
    ProcedureQuery,
    IndicatorQuery,
);

/// All changes.
#[derive(Default, MergedObject)]
pub struct Mutation(
    StatisticMutation,
    OrganizationMutation,
    IdentityMutation,
    InventoryMutation,
    PlanMutation,
    TargetMutation,
    MeasureMutation,
    ProgressMutation,
    IssueMutation,
    ForumMutation,
    ProcedureMutation,
    IndicatorMutation,
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

/// Anything with an id of its own.
#[derive(Debug, Interface)]
#[expect(clippy::large_enum_variant, reason = "few of them, for one answer")]
#[graphql(field(name = "id", ty = "async_graphql::ID", desc = "Its id."))]
enum Node {
    /// A region.
    Region(Region),
    /// A figure of what is counted in a region.
    Statistic(Statistic),
    /// A figure of an inventory.
    Emission(Emission),
    /// An organization.
    Organization(Organization),
    /// A sector.
    Sector(Sector),
    /// A source.
    Source(Source),
    /// A plan.
    Plan(Plan),
    /// A target.
    Target(Target),
    /// A progress check.
    ProgressCheck(ProgressCheck),
    /// An issue.
    Issue(Issue),
    /// A forum.
    Forum(Forum),
    /// A milestone of a plan.
    Milestone(Milestone),
    /// A measure.
    Measure(Measure),
    /// An account.
    Account(Account),
    /// A client.
    Client(Client),
    /// A grant.
    Grant(HeldGrant),
    /// An indicator.
    Indicator(Indicator),
    /// A definition of indicators.
    IndicatorDefinition(IndicatorDefinition),
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

async fn find(ctx: &Context<'_>, id: &AnyId) -> Result<Option<Node>> {
    let kind = id.0.split_once('_').map_or("", |(prefix, _)| prefix);
    Ok(match kind {
        RegionId::PREFIX => {
            ctx.loaders().get(RegionKey(RegionId::parse_at("id", id)?)).await?.map(Node::Region)
        }
        StatisticId::PREFIX => ctx
            .loaders()
            .get(StatisticKey(StatisticId::parse_at("id", id)?))
            .await?
            .map(Node::Statistic),
        EmissionId::PREFIX => ctx
            .loaders()
            .get(EmissionKey(EmissionId::parse_at("id", id)?))
            .await?
            .map(Node::Emission),
        OrganizationId::PREFIX => ctx
            .loaders()
            .get(OrganizationKey(OrganizationId::parse_at("id", id)?))
            .await?
            .map(Node::Organization),
        SectorId::PREFIX => {
            ctx.loaders().get(SectorKey(SectorId::parse_at("id", id)?)).await?.map(Node::Sector)
        }
        SourceId::PREFIX => {
            ctx.loaders().get(SourceKey(SourceId::parse_at("id", id)?)).await?.map(Node::Source)
        }
        TargetId::PREFIX => {
            ctx.loaders().get(TargetKey(TargetId::parse_at("id", id)?)).await?.map(Node::Target)
        }
        MeasureId::PREFIX => {
            ctx.loaders().get(MeasureKey(MeasureId::parse_at("id", id)?)).await?.map(Node::Measure)
        }
        AccountId::PREFIX => {
            ctx.loaders().get(AccountKey(AccountId::parse_at("id", id)?)).await?.map(Node::Account)
        }
        ClientId::PREFIX => {
            ctx.loaders().get(ClientKey(ClientId::parse_at("id", id)?)).await?.map(Node::Client)
        }
        GrantId::PREFIX => {
            ctx.loaders().get(GrantKey(GrantId::parse_at("id", id)?)).await?.map(Node::Grant)
        }
        CheckId::PREFIX => ctx
            .loaders()
            .get(CheckKey(CheckId::parse_at("id", id)?))
            .await?
            .map(Node::ProgressCheck),
        IssueId::PREFIX => {
            ctx.loaders().get(IssueKey(IssueId::parse_at("id", id)?)).await?.map(Node::Issue)
        }
        ForumId::PREFIX => {
            ctx.loaders().get(ForumKey(ForumId::parse_at("id", id)?)).await?.map(Node::Forum)
        }
        MilestoneId::PREFIX => ctx
            .loaders()
            .get(MilestoneKey(MilestoneId::parse_at("id", id)?))
            .await?
            .map(Node::Milestone),
        IndicatorId::PREFIX => {
            let key = IndicatorKey(IndicatorId::parse_at("id", id)?);
            ctx.loaders().get(key).await?.map(Node::Indicator)
        }
        DefinitionId::PREFIX => {
            let key = DefinitionKey(DefinitionId::parse_at("id", id)?);
            ctx.loaders().get(key).await?.map(Node::IndicatorDefinition)
        }
        _ => ctx.loaders().get(PlanKey(PlanId::parse_at("id", id)?)).await?.map(Node::Plan),
    })
}
