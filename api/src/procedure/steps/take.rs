use async_graphql::{Enum, InputObject};
use entity::code;
use entity::milestone::{self, Entity};
use entity::milestone_host;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::PlanTransition;
use super::judge::{Asked, broken};
use crate::access::{Access, Site, Timestamp};
use crate::date::PartialDate;
use crate::error::{Error, Faults, Result};
use crate::history::{AnyRevision, Change, Revision};
use crate::id::{AnyId, Id as _, MilestoneId, PlanId, VersionId};
use crate::input::{self, said};
use crate::message::{self, procedure as told};
use crate::plan::versions::{self, Frozen, PlanVersion, VersionCause};
use crate::plan::{self, Plan};
use crate::procedure::edit::{self, MilestoneChange, Named};
use crate::procedure::facts::{self, Facts};
use crate::procedure::{Milestone, contents, kept, obligations};
use crate::{organization, procedure};

/// What a committee made of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::DeliberationOutcome")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliberationOutcome {
    /// It passed the plan as it was proposed (원안의결).
    AsProposed,
    /// It passed the plan with amendments (수정의결).
    Amended,
    /// It held the plan back, to deliberate on it again (보류): nothing follows from that.
    HeldBack,
}

/// What it takes to take a step of a plan.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanStep {
    /// Which step.
    #[graphql(skip)]
    #[schema(value_type = PlanTransition, required = true)]
    pub transition: Option<PlanTransition>,
    /// The plan's `contentRevision` that you read: the step is refused when anything in the plan
    /// has changed since.
    pub content_revision: AnyRevision,
    /// When it was: `2025`, `2025-04` or `2025-04-17`; the first day, where it took more than one.
    pub held_on: String,
    /// The last day, where it took more than one.
    pub ended_on: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// How many took part.
    pub participants: Option<i32>,
    /// What it was about.
    pub summary: Option<String>,
    /// What the committee made of the plan. For the step `DELIBERATE`, unless there is an
    /// exemption.
    pub outcome: Option<DeliberationOutcome>,
    /// Why no committee deliberated: because there is none (Framework Act, Art. 22(4)). For the
    /// step `DELIBERATE`.
    pub exemption: Option<String>,
    /// The plan that takes its place. For the step `SUPERSEDE`.
    pub successor: Option<AnyId>,
    /// The organizations that held it, the main one first.
    pub hosts: Option<Vec<AnyId>>,
    /// What this is taken from: up to two sources, the main one first.
    pub sources: Option<Vec<AnyId>>,
    /// What else should be known about it.
    pub note: Option<String>,
}

/// A plan after a step, and what the step left.
#[derive(Clone, Debug)]
pub struct Stepped {
    /// The plan.
    pub plan: Plan,
    /// The milestone that was noted.
    pub milestone: Milestone,
    /// The version that was frozen, if one was.
    pub version: Option<PlanVersion>,
}

/// Takes a step of a plan at the `contentRevision` the caller read: `CONFLICT` where it has moved on,
/// `GUARD_FAILED` with every rule that is not kept. Everything is looked at again under the lock, so
/// that of two who move a plan at once one wins.
pub async fn transition(access: &Access, id: PlanId, wanted: PlanStep) -> Result<Stepped> {
    let site = plan::site_of(access, id).await?;
    let missing = || Error::invalid("transition", message::required());
    let step = wanted.transition.ok_or_else(missing)?;
    access.require(step.action(), site)?;
    let wish = Wish::of(access, (id, step), wanted).await?;
    let mut facts = facts::of_plan(access, id).await?;
    facts::compare(access, std::slice::from_mut(&mut facts)).await?;
    wish.check(&facts, access.now().await?)?;
    // What is hashed and compared here are the contents that the check inside finds unmoved.
    let has_departed = facts.has_departed;
    let frozen = match step.cause() {
        Some(cause) => Some((cause, contents::of(access, id).await?.hash()?)),
        None => None,
    };
    let noted = MilestoneId(wish.row.id);
    let version = access
        .change(step.verb(), async move |change| {
            let facts = Facts { has_departed, ..facts::of_plan(change, id).await? };
            let site = Site::of_plan(facts.plan.region.id.0, id.0);
            change.require(step.action(), site)?;
            wish.check(&facts, change.now().await?)?;
            wish.write(change, &facts, frozen).await
        })
        .await?;
    Ok(Stepped {
        plan: plan::get(access, id).await?,
        milestone: procedure::get(access, noted).await?,
        version: versions::by_ids(access, version).await?.pop(),
    })
}

/// A step as it is asked for, parsed, and what it names looked up.
struct Wish {
    step: PlanTransition,
    read: Revision,
    asked: Asked,
    row: milestone::Model,
    hosts: Vec<Uuid>,
}

impl Wish {
    async fn of(
        access: &Access,
        (plan, step): (PlanId, PlanTransition),
        wanted: PlanStep,
    ) -> Result<Self> {
        let read = Revision::parse(&wanted.content_revision.0);
        let read = read.map_err(|error| error.at("contentRevision"))?;
        let [exemption, successor] = only_of_its_step(step, &wanted)?;
        let successor = match successor {
            Some(id) => Some(plan_at("successor", access, &AnyId(id)).await?),
            None => None,
        };
        let outcome = wanted.outcome.map(Into::into);
        let change = noted(step, wanted);
        let named = Named::of(access, &change).await?;
        let blank = edit::blank(MilestoneId::new(), plan);
        let mut row = edit::described(&change, &named, blank)?;
        (row.outcome, row.exemption) = (outcome, exemption);
        row.successor_id = successor.map(|plan| plan.0);
        let on = PartialDate::parse(row.held_on.as_deref().unwrap_or_default())?;
        let hosts = named.hosts.unwrap_or_default();
        Ok(Self { step, read, asked: Asked { on, successor }, row, hosts })
    }

    /// Whether the step may be taken as things are.
    fn check(&self, facts: &Facts, now: Timestamp) -> Result<()> {
        if facts.plan.content_revision != self.read {
            return Err(Error::stale_at("contentRevision", facts.plan.content_revision));
        }
        kept::none_to_come(&self.row, now)?;
        let broken = broken(facts, self.step, &self.asked);
        Error::broken(broken.iter().map(|it| (it.field, it.text()))).map_or(Ok(()), Err)
    }

    async fn write(
        mut self,
        change: &Change,
        facts: &Facts,
        frozen: Option<(VersionCause, String)>,
    ) -> Result<Option<VersionId>> {
        let begins = self.step == PlanTransition::AmendMajor;
        self.row.pass = facts.steps.pass() + i32::from(begins);
        let (plan, milestone) = (facts.plan.id, MilestoneId(self.row.id));
        change.insert::<Entity>(self.row).await?;
        organization::write::<milestone_host::Entity>(change, milestone.0, self.hosts).await?;
        // What follows from this step is due from its day, whatever becomes of the step.
        obligations::settle(change, [plan.0]).await?;
        match frozen {
            None => Ok(None),
            Some((cause, hash)) => {
                let frozen = Frozen { plan, cause, hash, milestone };
                versions::freeze(change, frozen).await.map(Some)
            }
        }
    }
}

/// What only one step takes, checked: the exemption and the successor.
fn only_of_its_step(step: PlanTransition, wanted: &PlanStep) -> Result<[Option<String>; 2]> {
    use PlanTransition::{Deliberate, Supersede};
    let mut faults = Faults::default();
    let exemption = wanted.exemption.as_deref().map(|text| input::text(text, input::TEXT));
    let exemption = faults.maybe("exemption", exemption).flatten();
    let successor = wanted.successor.as_ref().map(|id| id.0.clone());
    let (outcome, exempt) = (wanted.outcome.is_some(), wanted.exemption.is_some());
    if step == Deliberate {
        faults.rule(outcome != exempt, "outcome", told::outcome_or_exemption());
    } else {
        faults.rule(!outcome, "outcome", told::of_another_step("DELIBERATE"));
        faults.rule(!exempt, "exemption", told::of_another_step("DELIBERATE"));
    }
    if step == Supersede {
        faults.rule(successor.is_some(), "successor", message::required());
    } else {
        faults.rule(successor.is_none(), "successor", told::of_another_step("SUPERSEDE"));
    }
    faults.into_result([exemption, successor])
}

/// A plan that an input names.
async fn plan_at(field: &str, access: &Access, id: &AnyId) -> Result<PlanId> {
    let id = PlanId::parse_at(field, id)?;
    plan::site_of(access, id).await.map_err(|error| error.at(field))?;
    Ok(id)
}

/// What a step notes.
fn noted(step: PlanTransition, wanted: PlanStep) -> MilestoneChange {
    MilestoneChange {
        kind: said(Some(step.kind())),
        held_on: said(Some(wanted.held_on)),
        ended_on: said(wanted.ended_on),
        place: said(wanted.place),
        participants: said(wanted.participants),
        summary: said(wanted.summary),
        hosts: said(wanted.hosts),
        sources: said(wanted.sources),
        note: said(wanted.note),
        ..MilestoneChange::default()
    }
}
