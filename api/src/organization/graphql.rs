//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{
    NewOrganization, Organization, OrganizationChange, OrganizationFilter, OrganizationOrder,
};
use crate::access::Access;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, OrganizationId, RegionId};
use crate::page::graphql::{Connection, asked};
use crate::region::Region;
use crate::region::graphql::RegionKey;
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Queries about organizations.
#[derive(Default)]
pub struct OrganizationQuery;

#[Object]
impl OrganizationQuery {
    /// One organization; null where there is none.
    async fn organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<Organization>> {
        ctx.loaders().look_up(OrganizationId::parse_at("id", &id).map(OrganizationKey)).await
    }

    /// The organizations that fit.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are a contract")]
    async fn organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which organizations.")] filter: Option<OrganizationFilter>,
        #[graphql(desc = "In which order; as they were entered if not said.")] order_by: Option<
            Vec<OrganizationOrder>,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Organization>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let (filter, order) = (filter.unwrap_or_default(), order_by.unwrap_or_default());
        super::page(ctx.access(), &filter, &order, &request).await.map(Into::into)
    }
}

/// Changes of organizations.
#[derive(Default)]
pub struct OrganizationMutation;

#[Object]
impl OrganizationMutation {
    /// Enter an organization. For who keeps the reference data of its region, or of the nation
    /// where it has none.
    async fn create_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: NewOrganization,
    ) -> Result<OrganizationPayload> {
        OrganizationPayload::of(super::create(ctx.access(), input).await)
    }

    /// Change an organization that is at the revision you read. For who keeps the reference data
    /// of its region.
    async fn update_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which organization, and what about it.")] input: UpdateOrganizationInput,
    ) -> Result<OrganizationPayload> {
        let UpdateOrganizationInput { id, revision, change } = input;
        let done = async {
            let (id, revision) = at_revision(&id, &revision)?;
            super::update(ctx.access(), id, revision, change).await
        };
        OrganizationPayload::of(done.await)
    }

    /// Remove an organization that is at the revision you read and that nothing refers to.
    async fn delete_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which organization.")] input: DeleteOrganizationInput,
    ) -> Result<DeleteOrganizationPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::delete(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeleteOrganizationPayload { id, errors })
    }
}

/// Which organization is to change, and how. What is left out stays; null takes a value away.
#[derive(Debug, InputObject)]
struct UpdateOrganizationInput {
    /// Which organization.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    change: OrganizationChange,
}

/// Which organization is to go.
#[derive(Debug, InputObject)]
struct DeleteOrganizationInput {
    /// Which organization.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// An organization as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct OrganizationPayload {
    /// The organization; null where something is wrong.
    organization: Option<Organization>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl OrganizationPayload {
    fn of(done: Result<Organization>) -> Result<Self> {
        payload(done).map(|(organization, errors)| Self { organization, errors })
    }
}

/// The organization that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeleteOrganizationPayload {
    /// Its id; null where something is wrong.
    id: Option<OrganizationId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl Organization {
    /// Where it works; null where that is not known.
    async fn region(&self, ctx: &Context<'_>) -> Option<Result<Region>> {
        ctx.loaders().maybe(self.region.as_ref().map(|region| RegionKey(region.id))).await
    }

    /// The organization it belongs to.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        ctx.loaders().maybe(self.parent_id.map(OrganizationKey)).await
    }

    /// The organizations that belong to it, by name.
    async fn children(&self, ctx: &Context<'_>) -> Result<Vec<Organization>> {
        ctx.loaders().list(ChildrenKey(self.id)).await
    }
}

/// An organization, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OrganizationKey(pub OrganizationId);

impl Loader<OrganizationKey> for Access {
    type Value = Organization;
    type Error = Error;

    async fn load(
        &self,
        keys: &[OrganizationKey],
    ) -> Result<HashMap<OrganizationKey, Organization>> {
        let found = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(found.into_iter().map(|it| (OrganizationKey(it.id), it)).collect())
    }
}

/// The organizations that belong to one, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChildrenKey(pub OrganizationId);

impl Loader<ChildrenKey> for Access {
    type Value = Vec<Organization>;
    type Error = Error;

    async fn load(&self, keys: &[ChildrenKey]) -> Result<HashMap<ChildrenKey, Vec<Organization>>> {
        let parents: Vec<OrganizationId> = keys.iter().map(|key| key.0).collect();
        let children = super::children(self, &parents).await?.into_iter();
        Ok(grouped(children.filter_map(|child| Some((ChildrenKey(child.parent_id?), child)))))
    }
}

/// The organizations of a region, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OfRegionKey(pub RegionId);

impl Loader<OfRegionKey> for Access {
    type Value = Vec<Organization>;
    type Error = Error;

    async fn load(&self, keys: &[OfRegionKey]) -> Result<HashMap<OfRegionKey, Vec<Organization>>> {
        let regions: Vec<RegionId> = keys.iter().map(|key| key.0).collect();
        let found = super::of_regions(self, &regions).await?.into_iter();
        let placed = found.filter_map(|it| {
            let region = it.region.as_ref()?.id;
            Some((OfRegionKey(region), it))
        });
        Ok(grouped(placed))
    }
}
