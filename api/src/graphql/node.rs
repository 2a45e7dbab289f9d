//! Anything with an id of its own, whatever it is.

use async_graphql::{Context, Interface};

use crate::error::{Code, Error, Result};
use crate::id::{self, AnyId, Id as _};
use crate::message;
use crate::procedure::obligations;
use crate::wire::graphql::AccessExt as _;
use crate::{
    advice, document, identity, indicator, inventory, link, measure, organization, plan, procedure,
    progress, region, sector, source, target,
};

/// Declares what can be found by id alone: what it is, its kind of id, and how it is fetched. After
/// the arrow, what has no row and therefore an id of its own making.
macro_rules! nodes {
    ($($(#[$doc:meta])* $name:ident($($thing:ident)::+) by $id:ident, $($key:ident)::+;)+
     => $($(#[$its_doc:meta])* $computed:ident($($its_thing:ident)::+) by $its_id:ty, $its_key:path;)+) => {
        /// Anything with an id of its own.
        #[derive(Debug, Interface)]
        #[expect(clippy::large_enum_variant, reason = "one is made for each answer, and none is kept")]
        #[graphql(field(name = "id", ty = "async_graphql::ID", desc = "Its id."))]
        pub(crate) enum Node {
            $($(#[$doc])* $name($($thing)::+),)+
            $($(#[$its_doc])* $computed($($its_thing)::+)),+
        }

        /// Anything by its id, if the caller sees it.
        pub(crate) async fn node_of(ctx: &Context<'_>, id: &AnyId) -> Result<Option<Node>> {
            match id.0.split_once('_').map_or("", |(prefix, _)| prefix) {
                $(id::$id::PREFIX => {
                    let key = $($key)::+(id::$id::parse_at("id", id)?);
                    Ok(ctx.loaders().get(key).await?.map(Node::$name))
                })+
                $(<$its_id>::PREFIX => {
                    let key = $its_key(<$its_id>::parse_at("id", id)?);
                    Ok(ctx.loaders().get(key).await?.map(Node::$computed))
                })+
                _ => Err(Error::new(Code::Invalid, message::malformed_id("plan_")).at("id")),
            }
        }
    };
}

nodes! {
    /// A region.
    Region(region::Region) by RegionId, region::graphql::RegionKey;
    /// A figure of what is counted in a region.
    Statistic(region::statistics::Statistic) by StatisticId, region::statistics::graphql::StatisticKey;
    /// A figure of an inventory.
    Emission(inventory::Emission) by EmissionId, inventory::graphql::EmissionKey;
    /// An organization.
    Organization(organization::Organization) by OrganizationId, organization::graphql::OrganizationKey;
    /// A sector.
    Sector(sector::Sector) by SectorId, sector::graphql::SectorKey;
    /// A source.
    Source(source::Source) by SourceId, source::graphql::SourceKey;
    /// A plan.
    Plan(plan::Plan) by PlanId, plan::graphql::PlanKey;
    /// A target.
    Target(target::Target) by TargetId, target::graphql::TargetKey;
    /// A measure.
    Measure(measure::Measure) by MeasureId, measure::graphql::MeasureKey;
    /// An indicator.
    Indicator(indicator::Indicator) by IndicatorId, indicator::graphql::IndicatorKey;
    /// A definition of indicators.
    IndicatorDefinition(indicator::IndicatorDefinition) by DefinitionId, indicator::graphql::DefinitionKey;
    /// A link to something in the plan above.
    Link(link::Link) by LinkId, link::graphql::LinkKey;
    /// A progress check.
    ProgressCheck(progress::ProgressCheck) by CheckId, progress::graphql::CheckKey;
    /// An issue.
    Issue(advice::Issue) by IssueId, advice::issues::graphql::IssueKey;
    /// A comment on an issue.
    IssueComment(advice::IssueComment) by CommentId, advice::issues::comments::graphql::CommentKey;
    /// A forum.
    Forum(advice::Forum) by ForumId, advice::forums::graphql::ForumKey;
    /// What is to follow from a forum.
    FollowUp(advice::FollowUp) by FollowUpId, advice::forums::follow_ups::graphql::FollowUpKey;
    /// A request for advice on a plan.
    AdviceCase(advice::AdviceCase) by CaseId, advice::cases::graphql::AdviceCaseKey;
    /// A milestone of a plan.
    Milestone(procedure::Milestone) by MilestoneId, procedure::graphql::MilestoneKey;
    /// An extension of a deadline.
    Extension(obligations::Extension) by ExtensionId, obligations::extension::graphql::ExtensionKey;
    /// A document.
    Document(document::Document) by DocumentId, document::graphql::DocumentKey;
    /// A version of a plan.
    PlanVersion(plan::versions::PlanVersion) by VersionId, plan::versions::graphql::VersionKey;
    /// An account.
    Account(identity::Account) by AccountId, identity::graphql::AccountKey;
    /// A client.
    Client(identity::Client) by ClientId, identity::graphql::ClientKey;
    /// A grant.
    Grant(identity::HeldGrant) by GrantId, identity::graphql::GrantKey;

    =>
    /// A duty of one body, once.
    Obligation(obligations::Obligation) by obligations::ObligationKey, obligations::graphql::OfKey;
}
