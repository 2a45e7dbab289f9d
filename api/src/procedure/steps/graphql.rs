//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, Enum, InputObject, Object, SimpleObject};

use super::{AvailableTransition, PlanStep, PlanTransition, Reason, Stepped};
use crate::access::Access;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::id::{AnyId, Id as _, PlanId};
use crate::message::Lang;
use crate::plan::Plan;
use crate::plan::versions::PlanVersion;
use crate::procedure::Milestone;
use crate::procedure::guards::{self, PlanGuard};
use crate::wire::graphql::AccessExt as _;

/// Queries about the steps of plans.
#[derive(Default)]
pub struct StepQuery;

#[Object]
impl StepQuery {
    /// The rules that steps of plans must keep, each with its article, in the usual order of the
    /// steps.
    async fn guards(&self) -> Vec<PlanGuard> {
        guards::all()
    }
}

/// Each step as a mutation: how it is called, what it asks for, and what it takes.
macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident($input:ident: $of:ident, $asked:tt)
     => $taken:expr, $step:expr;)+) => {
        /// The steps of plans.
        #[derive(Default)]
        pub struct StepMutation;

        #[Object]
        impl StepMutation {
            $($(#[$doc])*
            async fn $name(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = $asked)] $input: $of,
            ) -> Result<PlanStepPayload> {
                $taken.take(ctx, $step).await
            })+
        }
    };
}

steps! {
    /// Note that the governor was consulted on a plan. For who runs its procedure.
    consult_plan(input: PlanStepInput, "Which plan, and how it went.")
        => input, PlanTransition::Consult;
    /// Note that residents were heard on a plan. For who runs its procedure.
    hear_plan(input: PlanStepInput, "Which plan, and how it went.")
        => input, PlanTransition::Hear;
    /// Note what the committee made of a plan, or that there is none to deliberate on it. For who
    /// decides.
    deliberate_plan(input: PlanStepInput, "Which plan, and how it went.")
        => input, PlanTransition::Deliberate;
    /// Adopt a plan, and freeze what it says as a version. For who decides.
    adopt_plan(input: PlanStepInput, "Which plan, and how it went.")
        => input, PlanTransition::Adopt;
    /// Note that a plan was submitted, and freeze what it says as a version. For who decides.
    submit_plan(input: PlanStepInput, "Which plan, and how it went.")
        => input, PlanTransition::Submit;
    /// Note that a plan was reported to the council. For who runs its procedure.
    report_plan_to_council(input: PlanStepInput, "Which plan, and how it went.")
        => input, PlanTransition::ReportToCouncil;
    /// Note that a plan was made public, as on the portal of the ministry. For who runs its
    /// procedure. Who may read it here is its `visibility`.
    record_plan_publication(input: PlanStepInput, "Which plan, and how it went.")
        => input, PlanTransition::Publish;
    /// Note that a plan came into force. For who decides.
    bring_plan_into_force(input: PlanStepInput, "Which plan, and how it went.")
        => input, PlanTransition::BringIntoForce;
    /// Amend a plan: in small points, at once; or begin to amend it in substance, by which it goes
    /// through its making again. Freezes what it says as a version. For who decides.
    amend_plan(input: AmendPlanInput, "Which plan, how far, and how it went.")
        => input.step, input.scope.into();
    /// Note that another plan took the place of a plan. For who decides.
    supersede_plan(input: PlanStepInput, "Which plan, by which one, and how it went.")
        => input, PlanTransition::Supersede;
}

/// What it takes to take a step of a plan.
#[derive(Debug, InputObject)]
struct PlanStepInput {
    /// Which plan.
    id: AnyId,
    #[graphql(flatten)]
    step: PlanStep,
}

impl PlanStepInput {
    async fn take(self, ctx: &Context<'_>, step: PlanTransition) -> Result<PlanStepPayload> {
        let done = async {
            let wanted = PlanStep { transition: Some(step), ..self.step };
            super::transition(ctx.access(), PlanId::parse_at("id", &self.id)?, wanted).await
        };
        PlanStepPayload::of(done.await)
    }
}

/// What it takes to amend a plan.
#[derive(Debug, InputObject)]
struct AmendPlanInput {
    /// How far the amendment goes.
    scope: AmendmentScope,
    #[graphql(flatten)]
    step: PlanStepInput,
}

/// How far an amendment goes (Enforcement Decree, Art. 6(3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
enum AmendmentScope {
    /// In small points: figures brought up to date, details or the lead of a measure. No committee
    /// need deliberate.
    Minor,
    /// In substance.
    Major,
}

impl From<AmendmentScope> for PlanTransition {
    fn from(scope: AmendmentScope) -> Self {
        match scope {
            AmendmentScope::Minor => Self::AmendMinor,
            AmendmentScope::Major => Self::AmendMajor,
        }
    }
}

/// A plan after a step, or what is wrong with the input or the state of the plan.
#[derive(Debug, SimpleObject)]
struct PlanStepPayload {
    /// The plan; null where something is wrong.
    plan: Option<Plan>,
    /// The milestone that was noted.
    milestone: Option<Milestone>,
    /// The version that was frozen, if the step freezes one.
    version: Option<PlanVersion>,
    /// What is wrong: every rule that is not kept. Empty where all went well.
    errors: Vec<UserError>,
}

impl PlanStepPayload {
    fn of(done: Result<Stepped>) -> Result<Self> {
        let (stepped, errors) = payload(done)?;
        let (plan, rest) = stepped.map(|it| (it.plan, (it.milestone, it.version))).unzip();
        let (milestone, version) = rest.unzip();
        Ok(Self { plan, milestone, version: version.flatten(), errors })
    }
}

#[ComplexObject]
impl Reason {
    /// What is missing, and where the law says so.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language; the request's if not said.")] lang: Option<Lang>,
    ) -> &str {
        self.text.in_lang(lang.unwrap_or_else(|| ctx.lang())).0
    }
}

#[ComplexObject]
impl PlanGuard {
    /// What it says.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language; the request's if not said.")] lang: Option<Lang>,
    ) -> &str {
        self.text.in_lang(lang.unwrap_or_else(|| ctx.lang())).0
    }
}

/// The steps of a plan, judged with those of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StepsKey(pub PlanId);

impl Loader<StepsKey> for Access {
    type Value = Vec<AvailableTransition>;
    type Error = Error;

    async fn load(&self, keys: &[StepsKey]) -> Result<HashMap<StepsKey, Vec<AvailableTransition>>> {
        let plans: Vec<PlanId> = keys.iter().map(|key| key.0).collect();
        let steps = super::available_of(self, &plans).await?;
        Ok(steps.into_iter().map(|(plan, steps)| (StepsKey(plan), steps)).collect())
    }
}
