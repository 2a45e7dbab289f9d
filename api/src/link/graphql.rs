//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{Link, LinkChange, LinkEnd, NewLink};
use crate::access::Access;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, LinkId, PlanId};
use crate::measure::Measure;
use crate::measure::graphql::MeasureKey;
use crate::plan::Plan;
use crate::plan::graphql::PlanKey;
use crate::target::Target;
use crate::target::graphql::TargetKey;
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Queries about links.
#[derive(Default)]
pub struct LinkQuery;

#[Object]
impl LinkQuery {
    /// One link to the plan above; null where there is none that the caller sees.
    async fn link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<Link>> {
        ctx.loaders().look_up(LinkId::parse_at("id", &id).map(LinkKey)).await
    }
}

/// Changes of links.
#[derive(Default)]
pub struct LinkMutation;

#[Object]
impl LinkMutation {
    /// Link something in a plan to something in the plan above. For who edits the plan.
    async fn create_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: CreateLinkInput,
    ) -> Result<LinkPayload> {
        let done = async {
            let plan = PlanId::parse_at("plan", &input.plan)?;
            super::create(ctx.access(), plan, input.link).await
        };
        LinkPayload::of(done.await)
    }

    /// Change a link that is at the revision you read: also to make it to another version of the
    /// plan above. For who edits its plan.
    async fn update_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which link, and what about it.")] input: UpdateLinkInput,
    ) -> Result<LinkPayload> {
        let UpdateLinkInput { id, revision, change } = input;
        let done = async {
            let (id, revision) = at_revision(&id, &revision)?;
            super::update(ctx.access(), id, revision, change).await
        };
        LinkPayload::of(done.await)
    }

    /// Remove a link that is at the revision you read. For who edits its plan.
    async fn delete_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which link.")] input: DeleteLinkInput,
    ) -> Result<DeleteLinkPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::delete(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeleteLinkPayload { id, errors })
    }
}

/// What it takes to link something in a plan to something in the plan above.
#[derive(Debug, InputObject)]
struct CreateLinkInput {
    /// In which plan.
    plan: AnyId,
    #[graphql(flatten)]
    link: NewLink,
}

/// Which link is to change, and how. What is left out stays; null takes a value away.
#[derive(Debug, InputObject)]
struct UpdateLinkInput {
    /// Which link.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    change: LinkChange,
}

/// Which link is to go.
#[derive(Debug, InputObject)]
struct DeleteLinkInput {
    /// Which link.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// A link as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct LinkPayload {
    /// The link; null where something is wrong.
    link: Option<Link>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl LinkPayload {
    fn of(done: Result<Link>) -> Result<Self> {
        payload(done).map(|(link, errors)| Self { link, errors })
    }
}

/// The link that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeleteLinkPayload {
    /// Its id; null where something is wrong.
    id: Option<LinkId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl Link {
    /// In which plan it stands: the one below.
    async fn plan(&self, ctx: &Context<'_>) -> Result<Plan> {
        ctx.loaders().one(PlanKey(self.plan_id)).await
    }

    /// The target it leads from, if from one.
    async fn from_target(&self, ctx: &Context<'_>) -> Option<Result<Target>> {
        ctx.loaders().maybe(self.from.target().map(TargetKey)).await
    }

    /// The measure it leads from, if from one.
    async fn from_measure(&self, ctx: &Context<'_>) -> Option<Result<Measure>> {
        ctx.loaders().maybe(self.from.measure().map(MeasureKey)).await
    }

    /// The plan above; null where the caller does not see it.
    async fn to_plan(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        ctx.loaders().maybe(self.to_plan_id.map(PlanKey)).await
    }

    /// The target it leads to, as it is now; null where it leads to none, it is gone, or the caller
    /// does not see it.
    async fn to_target(&self, ctx: &Context<'_>) -> Option<Result<Target>> {
        ctx.loaders().maybe(self.to.and_then(LinkEnd::target).map(TargetKey)).await
    }

    /// The measure it leads to, as it is now; null where it leads to none, it is gone, or the
    /// caller does not see it.
    async fn to_measure(&self, ctx: &Context<'_>) -> Option<Result<Measure>> {
        ctx.loaders().maybe(self.to.and_then(LinkEnd::measure).map(MeasureKey)).await
    }
}

/// A link, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkKey(pub LinkId);

impl Loader<LinkKey> for Access {
    type Value = Link;
    type Error = Error;

    async fn load(&self, keys: &[LinkKey]) -> Result<HashMap<LinkKey, Link>> {
        let links = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(links.into_iter().map(|link| (LinkKey(link.id), link)).collect())
    }
}

/// The links of a plan, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinksKey(pub PlanId);

impl Loader<LinksKey> for Access {
    type Value = Vec<Link>;
    type Error = Error;

    async fn load(&self, keys: &[LinksKey]) -> Result<HashMap<LinksKey, Vec<Link>>> {
        let plans: Vec<PlanId> = keys.iter().map(|key| key.0).collect();
        let links = super::of_plans(self, &plans).await?;
        Ok(grouped(links.into_iter().map(|link| (LinksKey(link.plan_id), link))))
    }
}

/// The links from a target or measure, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FromKey(pub LinkEnd);

impl Loader<FromKey> for Access {
    type Value = Vec<Link>;
    type Error = Error;

    async fn load(&self, keys: &[FromKey]) -> Result<HashMap<FromKey, Vec<Link>>> {
        let ends: Vec<LinkEnd> = keys.iter().map(|key| key.0).collect();
        let links = super::from(self, &ends).await?;
        Ok(grouped(links.into_iter().map(|link| (FromKey(link.from), link))))
    }
}

/// The links to a target or measure, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ToKey(pub LinkEnd);

impl Loader<ToKey> for Access {
    type Value = Vec<Link>;
    type Error = Error;

    async fn load(&self, keys: &[ToKey]) -> Result<HashMap<ToKey, Vec<Link>>> {
        let ends: Vec<LinkEnd> = keys.iter().map(|key| key.0).collect();
        let links = super::to(self, &ends).await?;
        Ok(grouped(links.into_iter().filter_map(|link| Some((ToKey(link.to?), link)))))
    }
}
