//! The same in GraphQL.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::comments::IssueComment;
use super::comments::graphql::CommentsKey;
use super::{
    Alike, Issue, IssueCategory, IssueChange, IssueFilter, IssueOrder, NewIssue, Solution, Solving,
};
use crate::access::Access;
use crate::advice::forums::Forum;
use crate::advice::forums::graphql::ForumsKey;
use crate::document::graphql::DocumentsKey;
use crate::document::{Document, Holder};
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, IssueId, PlanId};
use crate::measure::Measure;
use crate::measure::graphql::MeasureKey;
use crate::message::Lang;
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::page::graphql::{Connection, asked};
use crate::page::{self, Asked};
use crate::plan::Plan;
use crate::plan::graphql::PlanKey;
use crate::region::Region;
use crate::region::graphql::RegionKey;
use crate::sector::Sector;
use crate::sector::graphql::SectorKey;
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Issues like one, where nobody says how many.
const SIMILAR: u32 = 5;
/// More of them than this are a list of their own.
const MOST_SIMILAR: u32 = 20;

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

    /// What kinds of difficulties there are: the codes of the data pack and those of the offices,
    /// each with those that correspond to it.
    async fn issue_categories(&self) -> Vec<IssueCategory> {
        super::category::list()
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

    /// Say how an issue that is at the revision you read was solved. For who shares issues of its
    /// region; `GUARD_FAILED` for one that is solved or merged.
    async fn solve_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which issue, and how it was solved.")] input: SolveIssueInput,
    ) -> Result<IssuePayload> {
        let SolveIssueInput { id, revision, solving } = input;
        let done = async {
            let (id, revision) = at_revision(&id, &revision)?;
            super::solve(ctx.access(), id, revision, solving).await
        };
        IssuePayload::of(done.await)
    }

    /// Open a solved issue that is at the revision you read again. Its solution stays in its past.
    /// For who shares issues of its region.
    async fn reopen_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which issue, and why.")] input: ReopenIssueInput,
    ) -> Result<IssuePayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::reopen(ctx.access(), id, revision, input.reason).await
        };
        IssuePayload::of(done.await)
    }

    /// Make an issue that is at the revision you read a duplicate of another one: it says where to,
    /// and what was said about it is shown there. For who brings issues together in both regions.
    async fn merge_issues(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which issue, and into which.")] input: MergeIssuesInput,
    ) -> Result<IssuePayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::merge(ctx.access(), id, revision, &input.into).await
        };
        IssuePayload::of(done.await)
    }

    /// Take the merge of an issue that is at the revision you read back. For who brings issues
    /// together in its region.
    async fn unmerge_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which issue.")] input: UnmergeIssueInput,
    ) -> Result<IssuePayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::unmerge(ctx.access(), id, revision).await
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

/// Which issue was solved, and how.
#[derive(Debug, InputObject)]
struct SolveIssueInput {
    /// Which issue.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    solving: Solving,
}

/// Which issue is to be opened again, and why.
#[derive(Debug, InputObject)]
struct ReopenIssueInput {
    /// Which issue.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    /// Why the solution did not hold; it becomes a comment.
    reason: Option<String>,
}

/// Which issue is the same as which.
#[derive(Debug, InputObject)]
struct MergeIssuesInput {
    /// The duplicate.
    id: AnyId,
    /// The revision of it that you read.
    revision: AnyRevision,
    /// The one that stays.
    into: AnyId,
}

/// Which issue is no duplicate after all.
#[derive(Debug, InputObject)]
struct UnmergeIssueInput {
    /// Which issue.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
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

    /// The measure it is about, if it is about one.
    async fn measure(&self, ctx: &Context<'_>) -> Option<Result<Measure>> {
        ctx.loaders().maybe(self.measure_id.map(MeasureKey)).await
    }

    /// The sector it is about.
    async fn sector(&self, ctx: &Context<'_>) -> Option<Result<Sector>> {
        ctx.loaders().maybe(self.sector_id.map(SectorKey)).await
    }

    /// The issue that it is the same as, if the caller sees that one.
    async fn merged_into(&self, ctx: &Context<'_>) -> Option<Result<Issue>> {
        ctx.loaders().maybe(self.merged_into.map(IssueKey)).await
    }

    /// The issues that were merged into it and that the caller sees, as they were entered; how they
    /// were solved may help here, too.
    async fn duplicates(&self, ctx: &Context<'_>) -> Result<Vec<Issue>> {
        ctx.loaders().list(DuplicatesKey(self.id)).await
    }

    /// Others with the same difficulty, as far as the caller sees them: of the same category or one
    /// that corresponds to it; solved ones first, then those of the same sector.
    async fn similar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 20; 5 if not said.")] first: Option<i32>,
    ) -> Result<Vec<Issue>> {
        let most = page::size(first.map(i64::from), SIMILAR, MOST_SIMILAR, "first")?;
        ctx.loaders().list(SimilarKey(self.into(), most)).await
    }

    /// The forums at which it is discussed, as they were entered.
    async fn forums(&self, ctx: &Context<'_>) -> Result<Vec<Forum>> {
        ctx.loaders().list(ForumsKey(self.id)).await
    }

    /// What was said about it, and about those merged into it, as it was written.
    async fn comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<IssueComment>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let asked = Arc::new(Asked::new((), Vec::new(), request));
        ctx.loaders().one(CommentsKey(self.id, asked)).await.map(Into::into)
    }
}

#[ComplexObject]
impl Solution {
    /// Who solved it.
    async fn solved_by(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        let key = self.solved_by.as_ref().map(|body| OrganizationKey(body.id));
        ctx.loaders().maybe(key).await
    }

    /// The plan that has it in it, if the caller sees it.
    async fn plan(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        ctx.loaders().maybe(self.plan_id.map(PlanKey)).await
    }

    /// The measure that does it, if the caller sees it.
    async fn measure(&self, ctx: &Context<'_>) -> Option<Result<Measure>> {
        ctx.loaders().maybe(self.measure_id.map(MeasureKey)).await
    }
}

#[ComplexObject]
impl IssueCategory {
    /// What is meant.
    async fn description(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language; the request's if not said.")] lang: Option<Lang>,
    ) -> &str {
        self.description.in_lang(lang.unwrap_or_else(|| ctx.lang())).0
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

/// The issues that were merged into one, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DuplicatesKey(pub IssueId);

impl Loader<DuplicatesKey> for Access {
    type Value = Vec<Issue>;
    type Error = Error;

    async fn load(&self, keys: &[DuplicatesKey]) -> Result<HashMap<DuplicatesKey, Vec<Issue>>> {
        let ids: Vec<IssueId> = keys.iter().map(|key| key.0).collect();
        let found = super::duplicates(self, &ids).await?;
        Ok(grouped(found.into_iter().map(|(into, issue)| (DuplicatesKey(into), issue))))
    }
}

/// Issues like one, fetched with those of all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SimilarKey(pub Alike, pub u32);

impl Loader<SimilarKey> for Access {
    type Value = Vec<Issue>;
    type Error = Error;

    async fn load(&self, keys: &[SimilarKey]) -> Result<HashMap<SimilarKey, Vec<Issue>>> {
        let asked = grouped(keys.iter().map(|SimilarKey(alike, most)| (*most, alike.clone())));
        let mut found = HashMap::new();
        for (most, these) in asked {
            let mut issues = super::similar(self, &these, most).await?;
            let theirs = |alike: Alike| {
                let issues = issues.remove(&alike.id()).unwrap_or_default();
                (SimilarKey(alike, most), issues)
            };
            found.extend(these.into_iter().map(theirs));
        }
        Ok(found)
    }
}
