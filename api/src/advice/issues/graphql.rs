//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{Issue, IssueChange, IssueFilter, IssueOrder, NewIssue};
use crate::access::Access;
use crate::document::graphql::DocumentsKey;
use crate::document::{Document, Holder};
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, IssueId, PlanId};
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::page::graphql::{Connection, asked};
use crate::plan::Plan;
use crate::plan::graphql::PlanKey;
use crate::region::Region;
use crate::region::graphql::RegionKey;
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Queries about issues.
#[derive(Default)]
pub struct IssueQuery;

#[Object]
impl IssueQuery {
    /// One issue; null where there is none that the caller sees.
    async fn issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<Issue>> {
        ctx.loaders().look_up(IssueId::parse_at("id", &id).map(IssueKey)).await
    }

    /// The issues that fit and that the caller sees.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are a contract")]
    async fn issues(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which issues.")] filter: Option<IssueFilter>,
        #[graphql(desc = "In which order; as they were entered if not said.")] order_by: Option<
            Vec<IssueOrder>,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Issue>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let (filter, order) = (filter.unwrap_or_default(), order_by.unwrap_or_default());
        super::page(ctx.access(), &filter, &order, &request).await.map(Into::into)
    }
}

/// Changes of issues.
#[derive(Default)]
pub struct IssueMutation;

#[Object]
impl IssueMutation {
    /// Tell of a difficulty. For who shares issues of its region.
    async fn create_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: NewIssue,
    ) -> Result<IssuePayload> {
        IssuePayload::of(super::create(ctx.access(), input).await)
    }

    /// Change an issue that is at the revision you read. For who shares issues of its region.
    async fn update_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which issue, and what about it.")] input: UpdateIssueInput,
    ) -> Result<IssuePayload> {
        let UpdateIssueInput { id, revision, change } = input;
        let done = async {
            let (id, revision) = at_revision(&id, &revision)?;
            super::update(ctx.access(), id, revision, change).await
        };
        IssuePayload::of(done.await)
    }

    /// Remove an issue that is at the revision you read. For who shares issues of its region.
    async fn delete_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which issue.")] input: DeleteIssueInput,
    ) -> Result<DeleteIssuePayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::delete(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeleteIssuePayload { id, errors })
    }
}

/// Which issue is to change, and how. What is left out stays; null takes a value away.
#[derive(Debug, InputObject)]
struct UpdateIssueInput {
    /// Which issue.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    change: IssueChange,
}

/// Which issue is to go.
#[derive(Debug, InputObject)]
struct DeleteIssueInput {
    /// Which issue.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// An issue as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct IssuePayload {
    /// The issue; null where something is wrong.
    issue: Option<Issue>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl IssuePayload {
    fn of(done: Result<Issue>) -> Result<Self> {
        payload(done).map(|(issue, errors)| Self { issue, errors })
    }
}

/// The issue that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeleteIssuePayload {
    /// Its id; null where something is wrong.
    id: Option<IssueId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl Issue {
    /// The documents on it, as they were handed in.
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<Document>> {
        ctx.loaders().list(DocumentsKey(Holder::Issue(self.id))).await
    }

    /// Where the difficulty is.
    async fn region(&self, ctx: &Context<'_>) -> Result<Region> {
        ctx.loaders().one(RegionKey(self.region.id)).await
    }

    /// The plan it is about, if it is about one.
    async fn plan(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        ctx.loaders().maybe(self.plan_id.map(PlanKey)).await
    }

    /// Who told of it.
    async fn raised_by(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        let key = self.raised_by.as_ref().map(|body| OrganizationKey(body.id));
        ctx.loaders().maybe(key).await
    }

    /// Who advised.
    async fn advised_by(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        let key = self.advised_by.as_ref().map(|body| OrganizationKey(body.id));
        ctx.loaders().maybe(key).await
    }
}

/// An issue, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IssueKey(pub IssueId);

impl Loader<IssueKey> for Access {
    type Value = Issue;
    type Error = Error;

    async fn load(&self, keys: &[IssueKey]) -> Result<HashMap<IssueKey, Issue>> {
        let issues = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(issues.into_iter().map(|issue| (IssueKey(issue.id), issue)).collect())
    }
}

/// The issues about a plan, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IssuesKey(pub PlanId);

impl Loader<IssuesKey> for Access {
    type Value = Vec<Issue>;
    type Error = Error;

    async fn load(&self, keys: &[IssuesKey]) -> Result<HashMap<IssuesKey, Vec<Issue>>> {
        let plans: Vec<PlanId> = keys.iter().map(|key| key.0).collect();
        let issues = super::of_plans(self, &plans).await?;
        let of_plan = |issue: Issue| Some((IssuesKey(issue.plan_id?), issue));
        Ok(grouped(issues.into_iter().filter_map(of_plan)))
    }
}
