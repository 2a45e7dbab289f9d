//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{
    AdviceCase, AdviceCaseFilter, AdviceCaseOrder, AdviceEvent, AdviceItem, AdviceSubjectKind,
    Declined, NewAdviceCase, NewAnswer, NewItemReply, NewQuestion, NewReply, Withdrawn,
};
use crate::access::Access;
use crate::date::Day;
use crate::document::graphql::DocumentsKey;
use crate::document::{Document, Holder};
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AdviceItemId, AnyId, CaseId, Id, IndicatorId, MeasureId, PlanId, TargetId};
use crate::indicator::Indicator;
use crate::indicator::graphql::IndicatorKey;
use crate::measure::Measure;
use crate::measure::graphql::MeasureKey;
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::page::graphql::{Connection, asked};
use crate::plan::Plan;
use crate::plan::graphql::PlanKey;
use crate::region::Region;
use crate::region::graphql::RegionKey;
use crate::target::Target;
use crate::target::graphql::TargetKey;
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Queries about advice cases.
#[derive(Default)]
pub struct AdviceCaseQuery;

#[Object]
impl AdviceCaseQuery {
    /// One advice case; null where there is none that the caller sees.
    async fn advice_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<AdviceCase>> {
        ctx.loaders().look_up(CaseId::parse_at("id", &id).map(AdviceCaseKey)).await
    }

    /// The advice cases that fit and that the caller sees.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are a contract")]
    async fn advice_cases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which cases.")] filter: Option<AdviceCaseFilter>,
        #[graphql(desc = "In which order; as they were asked if not said.")] order_by: Option<
            Vec<AdviceCaseOrder>,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<AdviceCase>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let (filter, order) = (filter.unwrap_or_default(), order_by.unwrap_or_default());
        super::page(ctx.access(), &filter, &order, &request).await.map(Into::into)
    }
}

/// Changes of advice cases.
#[derive(Default)]
pub struct AdviceCaseMutation;

#[Object]
impl AdviceCaseMutation {
    /// Ask an agency or a support centre for advice on a plan. For who asks for advice on it.
    async fn create_advice_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: NewAdviceCase,
    ) -> Result<AdviceCasePayload> {
        AdviceCasePayload::of(super::create(ctx.access(), input).await)
    }

    /// Take a request on: from then an answer is owed. For who advises in the adviser's name.
    async fn accept_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which case.")] input: AcceptCaseInput,
    ) -> Result<AdviceCasePayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::accept(ctx.access(), id, revision).await
        };
        AdviceCasePayload::of(done.await)
    }

    /// Do not take a request on. For who advises in the adviser's name.
    async fn decline_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which case, and why.")] input: DeclineCaseInput,
    ) -> Result<AdviceCasePayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::decline(ctx.access(), id, revision, input.declined).await
        };
        AdviceCasePayload::of(done.await)
    }

    /// Ask the asker something: the clock stands until they reply. For who advises in the adviser's
    /// name.
    async fn ask_back(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which case, and what.")] input: AskBackInput,
    ) -> Result<AdviceCasePayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::ask_back(ctx.access(), id, revision, input.asked).await
        };
        AdviceCasePayload::of(done.await)
    }

    /// Reply to the question that is open: the clock goes on. For who asks for advice on the plan.
    async fn reply_to_question(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which case, and what.")] input: ReplyToQuestionInput,
    ) -> Result<AdviceCasePayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::reply(ctx.access(), id, revision, input.reply).await
        };
        AdviceCasePayload::of(done.await)
    }

    /// Answer a request, once, point by point. For who advises in the adviser's name.
    async fn answer_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which case, and the answer.")] input: AnswerCaseInput,
    ) -> Result<AdviceCasePayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::answer(ctx.access(), id, revision, input.answer).await
        };
        AdviceCasePayload::of(done.await)
    }

    /// Say what became of a point of an answer. For who asks for advice on the plan.
    async fn reply_to_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which point, and what became of it.")] input: ReplyToItemInput,
    ) -> Result<AdviceItemPayload> {
        let ReplyToItemInput { case, item, revision, reply } = input;
        let done = async {
            let place = (CaseId::parse_at("case", &case)?, AdviceItemId::parse_at("item", &item)?);
            super::reply_to_item(ctx.access(), place, revision.parse()?, reply).await
        };
        payload(done.await).map(|(item, errors)| AdviceItemPayload { case, item, errors })
    }

    /// Close a case of whose answer every point is replied to. For who asks for advice on the plan.
    async fn close_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which case.")] input: CloseCaseInput,
    ) -> Result<AdviceCasePayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::close(ctx.access(), id, revision).await
        };
        AdviceCasePayload::of(done.await)
    }

    /// Take a request back that is not answered yet. For who asks for advice on the plan.
    async fn withdraw_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which case, and why.")] input: WithdrawCaseInput,
    ) -> Result<AdviceCasePayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::withdraw(ctx.access(), id, revision, input.withdrawn).await
        };
        AdviceCasePayload::of(done.await)
    }
}

/// Which case is taken on.
#[derive(Debug, InputObject)]
struct AcceptCaseInput {
    /// Which case.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// Which case is not taken on, and why.
#[derive(Debug, InputObject)]
struct DeclineCaseInput {
    /// Which case.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    declined: Declined,
}

/// In which case something is asked back, and what.
#[derive(Debug, InputObject)]
struct AskBackInput {
    /// Which case.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    asked: NewQuestion,
}

/// In which case a question is replied to, and what.
#[derive(Debug, InputObject)]
struct ReplyToQuestionInput {
    /// Which case.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    reply: NewReply,
}

/// Which case is answered, and how.
#[derive(Debug, InputObject)]
struct AnswerCaseInput {
    /// Which case.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    answer: NewAnswer,
}

/// Which point of an answer is replied to, and how.
#[derive(Debug, InputObject)]
struct ReplyToItemInput {
    /// Of which case.
    case: AnyId,
    /// Which point.
    item: AnyId,
    /// The revision of the point that you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    reply: NewItemReply,
}

/// Which case is closed.
#[derive(Debug, InputObject)]
struct CloseCaseInput {
    /// Which case.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// Which case is taken back, and why.
#[derive(Debug, InputObject)]
struct WithdrawCaseInput {
    /// Which case.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    withdrawn: Withdrawn,
}

/// An advice case as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct AdviceCasePayload {
    /// The case; null where something is wrong.
    advice_case: Option<AdviceCase>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl AdviceCasePayload {
    fn of(done: Result<AdviceCase>) -> Result<Self> {
        payload(done).map(|(advice_case, errors)| Self { advice_case, errors })
    }
}

/// A point of an answer as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
struct AdviceItemPayload {
    #[graphql(skip)]
    case: AnyId,
    /// The point; null where something is wrong.
    item: Option<AdviceItem>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl AdviceItemPayload {
    /// The case, as it is now.
    async fn advice_case(&self, ctx: &Context<'_>) -> Option<Result<AdviceCase>> {
        let key = CaseId::parse(&self.case).ok().map(AdviceCaseKey);
        ctx.loaders().maybe(key).await
    }
}

#[ComplexObject]
impl AdviceCase {
    /// The documents on it, as they were handed in.
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<Document>> {
        ctx.loaders().list(DocumentsKey(Holder::Case(self.id))).await
    }

    /// The plan it is about; null where the caller may not read it, as an adviser after the case.
    async fn plan(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        ctx.loaders().maybe(Some(PlanKey(self.plan_id))).await
    }

    /// Whose plan it is.
    async fn region(&self, ctx: &Context<'_>) -> Result<Region> {
        ctx.loaders().one(RegionKey(self.region.id)).await
    }

    /// Who is asked.
    async fn adviser(&self, ctx: &Context<'_>) -> Result<Organization> {
        ctx.loaders().one(OrganizationKey(self.adviser.id)).await
    }

    /// The target it is about; null where it is about something else, or that is not to be seen now.
    async fn target(&self, ctx: &Context<'_>) -> Option<Result<Target>> {
        let id = self.id_of::<TargetId>(AdviceSubjectKind::Target);
        ctx.loaders().maybe(id.map(TargetKey)).await
    }

    /// The measure it is about; null where it is about something else, or that is not to be seen now.
    async fn measure(&self, ctx: &Context<'_>) -> Option<Result<Measure>> {
        let id = self.id_of::<MeasureId>(AdviceSubjectKind::Measure);
        ctx.loaders().maybe(id.map(MeasureKey)).await
    }

    /// The indicator it is about; null where it is about something else, or that is not to be seen
    /// now.
    async fn indicator(&self, ctx: &Context<'_>) -> Option<Result<Indicator>> {
        let id = self.id_of::<IndicatorId>(AdviceSubjectKind::Indicator);
        ctx.loaders().maybe(id.map(IndicatorKey)).await
    }

    /// By how many days the answer is overdue, or was when the clock stopped; 0 where it is not.
    async fn overdue_by(
        &self,
        #[graphql(desc = "On which day; today if not said.")] on: Option<Day>,
    ) -> i64 {
        on.map_or(self.overdue_by, |on| self.overdue_on(on))
    }

    /// What happened to it, the oldest first.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Up to which day it is looked at whether it was late; today if not said."
        )]
        on: Option<Day>,
    ) -> Result<Vec<AdviceEvent>> {
        ctx.loaders().list(AdviceEventsKey(self.id, on)).await
    }
}

impl AdviceCase {
    fn id_of<I: Id>(&self, kind: AdviceSubjectKind) -> Option<I> {
        (self.about.kind == kind).then(|| I::parse(&self.about.id).ok()).flatten()
    }
}

/// An advice case, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AdviceCaseKey(pub CaseId);

impl Loader<AdviceCaseKey> for Access {
    type Value = AdviceCase;
    type Error = Error;

    async fn load(&self, keys: &[AdviceCaseKey]) -> Result<HashMap<AdviceCaseKey, AdviceCase>> {
        let cases = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(cases.into_iter().map(|case| (AdviceCaseKey(case.id), case)).collect())
    }
}

/// The advice cases about a plan, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AdviceCasesKey(pub PlanId);

impl Loader<AdviceCasesKey> for Access {
    type Value = Vec<AdviceCase>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[AdviceCasesKey],
    ) -> Result<HashMap<AdviceCasesKey, Vec<AdviceCase>>> {
        let plans: Vec<PlanId> = keys.iter().map(|key| key.0).collect();
        let cases = super::of_plans(self, &plans).await?;
        Ok(grouped(cases.into_iter().map(|case| (AdviceCasesKey(case.plan_id), case))))
    }
}

/// What happened to an advice case, up to a day, fetched with that of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AdviceEventsKey(pub CaseId, pub Option<Day>);

impl Loader<AdviceEventsKey> for Access {
    type Value = Vec<AdviceEvent>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[AdviceEventsKey],
    ) -> Result<HashMap<AdviceEventsKey, Vec<AdviceEvent>>> {
        let asked: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let told = super::events_of(self, &asked).await?;
        Ok(told.into_iter().map(|((id, on), events)| (AdviceEventsKey(id, on), events)).collect())
    }
}
