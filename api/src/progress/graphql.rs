//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::assessments::graphql::AssessmentsKey;
use super::{
    Assessment, AvailableTransition, CheckChange, CheckFilter, CheckOrder, CheckStep,
    CheckTransition, CheckTransitionInput, ComputedProgress, NewCheck, Offer, ProgressCheck,
    ReportedProgress, SectorProgress, SectorResult,
};
use crate::access::Access;
use crate::document::graphql::DocumentsKey;
use crate::document::{Document, Holder};
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, CheckId, Id as _, PlanId, RegionId};
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::page::graphql::{Connection, asked};
use crate::plan::Plan;
use crate::plan::graphql::PlanKey;
use crate::quantity::MassUnit;
use crate::region::Region;
use crate::region::graphql::RegionKey;
use crate::sector::Sector;
use crate::sector::graphql::SectorKey;
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Queries about progress checks.
#[derive(Default)]
pub struct ProgressQuery;

#[Object]
impl ProgressQuery {
    /// One progress check; null where there is none that the caller sees.
    async fn progress_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<ProgressCheck>> {
        ctx.loaders().look_up(CheckId::parse_at("id", &id).map(CheckKey)).await
    }

    /// The progress checks that fit and that the caller sees.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are a contract")]
    async fn progress_checks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which checks.")] filter: Option<CheckFilter>,
        #[graphql(desc = "In which order; as they were entered if not said.")] order_by: Option<
            Vec<CheckOrder>,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<ProgressCheck>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let (filter, order) = (filter.unwrap_or_default(), order_by.unwrap_or_default());
        super::page(ctx.access(), &filter, &order, &request).await.map(Into::into)
    }
}

/// Changes of progress checks.
#[derive(Default)]
pub struct ProgressMutation;

#[Object]
impl ProgressMutation {
    /// Enter a progress check. For who checks the progress of its region.
    async fn create_progress_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes.")] input: NewCheck,
    ) -> Result<ProgressCheckPayload> {
        ProgressCheckPayload::of(super::create(ctx.access(), input).await)
    }

    /// Change a progress check that is at the revision you read. For who checks the progress of
    /// its region.
    async fn update_progress_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which check, and what about it.")] input: UpdateProgressCheckInput,
    ) -> Result<ProgressCheckPayload> {
        let UpdateProgressCheckInput { id, revision, change } = input;
        let done = async {
            let (id, revision) = at_revision(&id, &revision)?;
            super::update(ctx.access(), id, revision, change).await
        };
        ProgressCheckPayload::of(done.await)
    }

    /// Remove a progress check that is at the revision you read. For who checks the progress of
    /// its region.
    async fn delete_progress_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which check.")] input: DeleteProgressCheckInput,
    ) -> Result<DeleteProgressCheckPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::delete(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeleteProgressCheckPayload { id, errors })
    }

    /// Take a step with the progress check of a basic plan. Who may depends on the step:
    /// `availableTransitions` says. Submitted, a check does not change until it is reopened.
    async fn transition_progress_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which check, and which step.")] input: TransitionProgressCheckInput,
    ) -> Result<ProgressCheckPayload> {
        let TransitionProgressCheckInput { id, step } = input;
        let done =
            async { super::transition(ctx.access(), CheckId::parse_at("id", &id)?, step).await };
        ProgressCheckPayload::of(done.await)
    }

    /// Open a submitted progress check again. For who decides. What was submitted stays readable as
    /// of the revision that its step names.
    async fn reopen_progress_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which check, and why.")] input: ReopenProgressCheckInput,
    ) -> Result<ProgressCheckPayload> {
        let done = async {
            let id = CheckId::parse_at("id", &input.id)?;
            super::transition(ctx.access(), id, input.into()).await
        };
        ProgressCheckPayload::of(done.await)
    }
}

/// Which check takes which step.
#[derive(Debug, InputObject)]
struct TransitionProgressCheckInput {
    /// Which check.
    id: AnyId,
    #[graphql(flatten)]
    step: CheckTransitionInput,
}

/// Which check is to be opened again, and why.
#[derive(Debug, InputObject)]
struct ReopenProgressCheckInput {
    /// Which check.
    id: AnyId,
    /// The revision of the check you read.
    revision: AnyRevision,
    /// The day it was, as `2026-06-22`; today if not said.
    on: Option<String>,
    /// Why.
    note: String,
}

impl From<ReopenProgressCheckInput> for CheckTransitionInput {
    fn from(input: ReopenProgressCheckInput) -> Self {
        let ReopenProgressCheckInput { id: _, revision, on, note } = input;
        let (transition, note) = (CheckTransition::Reopen, Some(note));
        Self { transition, revision, on, organization: None, exemption: None, note }
    }
}

/// Which check is to change, and how. What is left out stays; null takes a value away.
#[derive(Debug, InputObject)]
struct UpdateProgressCheckInput {
    /// Which check.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
    #[graphql(flatten)]
    change: CheckChange,
}

/// Which check is to go.
#[derive(Debug, InputObject)]
struct DeleteProgressCheckInput {
    /// Which check.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// A progress check as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct ProgressCheckPayload {
    /// The check; null where something is wrong.
    progress_check: Option<ProgressCheck>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

impl ProgressCheckPayload {
    fn of(done: Result<ProgressCheck>) -> Result<Self> {
        payload(done).map(|(progress_check, errors)| Self { progress_check, errors })
    }
}

/// The progress check that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeleteProgressCheckPayload {
    /// Its id; null where something is wrong.
    id: Option<CheckId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl ProgressCheck {
    /// The documents on it, as they were handed in.
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<Document>> {
        ctx.loaders().list(DocumentsKey(Holder::Check(self.id))).await
    }

    /// Whose year it is.
    async fn region(&self, ctx: &Context<'_>) -> Result<Region> {
        ctx.loaders().one(RegionKey(self.region.id)).await
    }

    /// The plan it is about, if it is about one.
    async fn plan(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        ctx.loaders().maybe(self.plan_id.map(PlanKey)).await
    }

    /// Who did it, the main one first.
    async fn reviewers(&self, ctx: &Context<'_>) -> Result<Vec<Organization>> {
        let keys = self.reviewers.iter().map(|reviewer| OrganizationKey(reviewer.id));
        ctx.loaders().all(keys.collect()).await
    }

    /// What was reported of the year as a whole.
    async fn reported(
        &self,
        #[graphql(desc = "Masses are shown in this unit.", default)] unit: MassUnit,
    ) -> ReportedProgress {
        self.reported.clone().in_unit(unit)
    }

    /// What its assessments make.
    async fn computed(
        &self,
        #[graphql(desc = "Masses are shown in this unit.", default)] unit: MassUnit,
    ) -> ComputedProgress {
        (*self.computed).clone().in_unit(unit)
    }

    /// The steps of its road, in order: which of them the caller can take now, and why not.
    async fn available_transitions(&self, ctx: &Context<'_>) -> Result<Vec<AvailableTransition>> {
        let offers = ctx.loaders().list(TransitionsKey(self.id)).await?;
        Ok(offers.iter().map(|offer| offer.in_lang(ctx.lang())).collect())
    }

    /// What it says of single measures, as they were entered.
    async fn assessments(&self, ctx: &Context<'_>) -> Result<Vec<Assessment>> {
        ctx.loaders().list(AssessmentsKey(self.id)).await
    }

    /// What was reported of single sectors, in the order of sectors.
    async fn sectors(
        &self,
        #[graphql(desc = "Masses are shown in this unit.", default)] unit: MassUnit,
    ) -> Vec<SectorResult> {
        self.sectors.iter().cloned().map(|sector| sector.in_unit(unit)).collect()
    }
}

#[ComplexObject]
impl CheckStep {
    /// The body that did it, where that is said.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        let body = self.organization.as_ref().map(|body| OrganizationKey(body.id));
        ctx.loaders().maybe(body).await
    }
}

#[ComplexObject]
impl SectorProgress {
    /// Which sector; null for measures of none.
    async fn sector(&self, ctx: &Context<'_>) -> Option<Result<Sector>> {
        ctx.loaders().maybe(self.sector_id.map(SectorKey)).await
    }
}

#[ComplexObject]
impl SectorResult {
    /// Of which sector.
    async fn sector(&self, ctx: &Context<'_>) -> Result<Sector> {
        ctx.loaders().one(SectorKey(self.sector_id)).await
    }
}

/// A progress check, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CheckKey(pub CheckId);

impl Loader<CheckKey> for Access {
    type Value = ProgressCheck;
    type Error = Error;

    async fn load(&self, keys: &[CheckKey]) -> Result<HashMap<CheckKey, ProgressCheck>> {
        let checks = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(checks.into_iter().map(|check| (CheckKey(check.id), check)).collect())
    }
}

/// What a check may do next, fetched with the same of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TransitionsKey(pub CheckId);

impl Loader<TransitionsKey> for Access {
    type Value = Vec<Offer>;
    type Error = Error;

    async fn load(&self, keys: &[TransitionsKey]) -> Result<HashMap<TransitionsKey, Vec<Offer>>> {
        let checks: Vec<CheckId> = keys.iter().map(|key| key.0).collect();
        let offers = super::transitions_of(self, &checks).await?;
        Ok(offers.into_iter().map(|(check, offers)| (TransitionsKey(check), offers)).collect())
    }
}

/// The progress checks of a plan, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OfPlanKey(pub PlanId);

impl Loader<OfPlanKey> for Access {
    type Value = Vec<ProgressCheck>;
    type Error = Error;

    async fn load(&self, keys: &[OfPlanKey]) -> Result<HashMap<OfPlanKey, Vec<ProgressCheck>>> {
        let plans: Vec<PlanId> = keys.iter().map(|key| key.0).collect();
        let checks = super::of_plans(self, &plans).await?;
        let of_plan = |check: ProgressCheck| Some((OfPlanKey(check.plan_id?), check));
        Ok(grouped(checks.into_iter().filter_map(of_plan)))
    }
}

/// The progress checks of a region, fetched with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OfRegionKey(pub RegionId);

impl Loader<OfRegionKey> for Access {
    type Value = Vec<ProgressCheck>;
    type Error = Error;

    async fn load(&self, keys: &[OfRegionKey]) -> Result<HashMap<OfRegionKey, Vec<ProgressCheck>>> {
        let regions: Vec<RegionId> = keys.iter().map(|key| key.0).collect();
        let checks = super::of_regions(self, &regions).await?;
        Ok(grouped(checks.into_iter().map(|check| (OfRegionKey(check.region.id), check))))
    }
}
