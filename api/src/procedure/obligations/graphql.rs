//! The same in GraphQL.

use std::collections::{HashMap, HashSet};

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{
    AnnouncedDate, DueSource, DutyFilter, Evidence, LastMilestone, NewExtension, Obligation,
    ObligationCode, ObligationFilter, ObligationKey, ObligationRule, ObligationStatus,
};
use crate::access::Access;
use crate::date::Day;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::id::{AnyId, PlanId, RegionId};
use crate::organization::Organization;
use crate::organization::graphql::OrganizationKey;
use crate::page::graphql::{Connection, asked};
use crate::plan::Plan;
use crate::plan::graphql::PlanKey;
use crate::procedure::Milestone;
use crate::procedure::graphql::MilestoneKey;
use crate::progress::ProgressCheck;
use crate::progress::graphql::CheckKey;
use crate::region::graphql::RegionKey;
use crate::region::{Region, RegionBy};
use crate::wire::graphql::{AccessExt as _, grouped};

/// Queries about duties.
#[derive(Default)]
pub struct ObligationQuery;

#[Object]
impl ObligationQuery {
    /// What the law asks of provinces, cities and counties, by rule.
    async fn obligation_rules(&self) -> Vec<ObligationRule> {
        super::rules()
    }

    /// One duty; null where the law asks no such thing of anybody.
    async fn obligation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
        #[graphql(desc = "As it stands on this day; today, if not said.")] on: Option<Day>,
    ) -> Option<Result<Obligation>> {
        match ObligationKey::parse_at("id", &id) {
            Ok(key) => super::look_up(ctx.access(), &key, on).await.transpose(),
            Err(error) => Some(Err(error)),
        }
    }

    /// The duties that fit, whether or not anything was filed, by the day they are due.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are a contract")]
    async fn obligations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Those of this region itself.")] region: Option<RegionBy>,
        #[graphql(desc = "Those of the regions somewhere below this one.")] within: Option<
            RegionBy,
        >,
        #[graphql(desc = "Those about this plan.")] plan: Option<AnyId>,
        #[graphql(desc = "Those by these rules.", default)] rule: Vec<ObligationCode>,
        #[graphql(desc = "Those that stand like this.", default)] status: Vec<ObligationStatus>,
        #[graphql(desc = "Those due in this year.")] year: Option<i32>,
        #[graphql(desc = "As they stand on this day; today, if not said.")] on: Option<Day>,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Obligation>> {
        let request = asked(ctx, (first, after), (last, before))?;
        let duty = DutyFilter { rule, status, year, on };
        let filter = ObligationFilter { region, within, plan, duty };
        super::page(ctx.access(), &filter, &request).await.map(Into::into)
    }
}

/// Changes of deadlines.
#[derive(Default)]
pub struct ObligationMutation;

#[Object]
impl ObligationMutation {
    /// Give more time for a duty. For who oversees its body.
    async fn extend_obligation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which duty, until when, and why.")] input: ExtendObligationInput,
    ) -> Result<ObligationPayload> {
        let done = async {
            let key = ObligationKey::parse_at("id", &input.id)?;
            super::extend(ctx.access(), key, input.extension).await
        };
        let (obligation, errors) = payload(done.await)?;
        Ok(ObligationPayload { obligation, errors })
    }
}

/// Which duty gets more time, until when, and why.
#[derive(Debug, InputObject)]
struct ExtendObligationInput {
    /// Which duty.
    id: AnyId,
    #[graphql(flatten)]
    extension: NewExtension,
}

/// A duty as it is after a change, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
pub(super) struct ObligationPayload {
    /// The duty; null where something is wrong.
    pub obligation: Option<Obligation>,
    /// What is wrong; empty where all went well.
    pub errors: Vec<UserError>,
}

#[ComplexObject]
impl Obligation {
    /// Whose duty it is.
    async fn region(&self, ctx: &Context<'_>) -> Result<Region> {
        ctx.loaders().one(RegionKey(self.region.id)).await
    }

    /// The government of that region, where it is known.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        let key = self.organization.as_ref().map(|body| OrganizationKey(body.id));
        ctx.loaders().maybe(key).await
    }

    /// The plan it is about, where the caller sees one.
    async fn plan(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        ctx.loaders().maybe(self.plan_id.map(PlanKey)).await
    }
}

#[ComplexObject]
impl DueSource {
    /// The milestone that set the period going.
    async fn milestone(&self, ctx: &Context<'_>) -> Option<Result<Milestone>> {
        ctx.loaders().maybe(self.milestone.map(MilestoneKey)).await
    }
}

#[ComplexObject]
impl Evidence {
    /// A milestone of the plan.
    async fn milestone(&self, ctx: &Context<'_>) -> Option<Result<Milestone>> {
        ctx.loaders().maybe(self.milestone.map(MilestoneKey)).await
    }

    /// A progress check.
    async fn check(&self, ctx: &Context<'_>) -> Option<Result<ProgressCheck>> {
        ctx.loaders().maybe(self.check.map(CheckKey)).await
    }
}

#[ComplexObject]
impl AnnouncedDate {
    /// The milestone that says so.
    async fn milestone(&self, ctx: &Context<'_>) -> Result<Milestone> {
        ctx.loaders().one(MilestoneKey(self.milestone)).await
    }
}

#[ComplexObject]
impl LastMilestone {
    /// The milestone.
    async fn milestone(&self, ctx: &Context<'_>) -> Result<Milestone> {
        ctx.loaders().one(MilestoneKey(self.milestone)).await
    }
}

/// A duty by what tells it from all others, as it stands today.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OfKey(pub ObligationKey);

impl Loader<OfKey> for Access {
    type Value = Obligation;
    type Error = Error;

    async fn load(&self, keys: &[OfKey]) -> Result<HashMap<OfKey, Obligation>> {
        let wanted: Vec<ObligationKey> = keys.iter().map(|key| key.0.clone()).collect();
        let duties = super::by_keys(self, &wanted, None).await?;
        let mut of: HashMap<String, Obligation> =
            duties.into_iter().map(|duty| (duty.id.0.clone(), duty)).collect();
        let found = keys.iter().filter_map(|key| Some((key.clone(), of.remove(&key.0.text())?)));
        Ok(found.collect())
    }
}

/// The duties of a region that fit, fetched with those of all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OfRegionKey(pub RegionId, pub DutyFilter);

impl Loader<OfRegionKey> for Access {
    type Value = Vec<Obligation>;
    type Error = Error;

    async fn load(&self, keys: &[OfRegionKey]) -> Result<HashMap<OfRegionKey, Vec<Obligation>>> {
        let filters: HashSet<&DutyFilter> = keys.iter().map(|key| &key.1).collect();
        let mut found = HashMap::new();
        for filter in filters {
            let asked = keys.iter().filter(|key| key.1 == *filter).map(|key| key.0);
            let duties = super::of_regions(self, &asked.collect::<Vec<_>>(), filter).await?;
            let key = |duty: Obligation| (OfRegionKey(duty.region.id, filter.clone()), duty);
            found.extend(grouped(duties.into_iter().map(key)));
        }
        Ok(found)
    }
}

/// The duties about a plan that fit, fetched with those of all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OfPlanKey(pub PlanId, pub DutyFilter);

impl Loader<OfPlanKey> for Access {
    type Value = Vec<Obligation>;
    type Error = Error;

    async fn load(&self, keys: &[OfPlanKey]) -> Result<HashMap<OfPlanKey, Vec<Obligation>>> {
        let filters: HashSet<&DutyFilter> = keys.iter().map(|key| &key.1).collect();
        let mut found = HashMap::new();
        for filter in filters {
            let asked = keys.iter().filter(|key| key.1 == *filter).map(|key| key.0);
            let duties = super::of_plans(self, &asked.collect::<Vec<_>>(), filter).await?;
            let key = |duty: Obligation| {
                let plan = duty.plan_id?;
                Some((OfPlanKey(plan, filter.clone()), duty))
            };
            found.extend(grouped(duties.into_iter().filter_map(key)));
        }
        Ok(found)
    }
}
