use std::collections::HashMap;

use async_graphql::SimpleObject;
use serde::Serialize;
use utoipa::ToSchema;

use super::PlanTransition;
use crate::access::{Access, Site, policy};
use crate::date::{Day, PartialDate};
use crate::error::{Code, Error, Result};
use crate::id::PlanId;
use crate::message::procedure as told;
use crate::message::{Lang, Text};
use crate::name::Name;
use crate::plan;
use crate::procedure::facts::{self, Facts};
use crate::procedure::guards::{GUARDS, Guard, GuardCode, Lack, Need};
use crate::procedure::law::Article;

/// A step of a plan: whether its caller may take it now, and every reason why not.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AvailableTransition {
    /// Which step.
    pub name: PlanTransition,
    /// Whether the caller may take it today.
    pub allowed: bool,
    /// Why not: all of it. Empty where it is allowed.
    pub reasons: Vec<Reason>,
    /// The roles that may take it, where its guards hold.
    pub who_may: String,
}

/// Why a step may not be taken.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex, name = "TransitionReason")]
#[schema(as = TransitionReason)]
pub struct Reason {
    /// The rule that is not kept; null where the caller may not take the step, whatever the rules.
    pub guard: Option<GuardCode>,
    /// The code that trying it would be refused with.
    pub code: Code,
    /// Where the rule stands in the law; null for a rule of this service.
    pub article: Option<Article>,
    /// What is missing, and where the law says so.
    #[graphql(skip)]
    pub text: Name,
}

/// Every step of a plan, for the caller, today. `NOT_FOUND` where they see no such plan.
pub async fn available(access: &Access, plan: PlanId) -> Result<Vec<AvailableTransition>> {
    plan::site_of(access, plan).await?;
    let mut all = available_of(access, &[plan]).await?;
    all.remove(&plan).ok_or_else(|| Error::impossible("a plan got lost"))
}

/// Every step of these plans, as far as the caller sees them: as many statements for all as for one.
pub async fn available_of(
    access: &Access,
    plans: &[PlanId],
) -> Result<HashMap<PlanId, Vec<AvailableTransition>>> {
    let today = Day::in_seoul(access.now().await?);
    let mut facts = facts::of_plans(access, plans).await?;
    facts::compare(access, &mut facts).await?;
    let judged = facts.iter().map(|facts| {
        let steps = PlanTransition::ALL.iter().map(|step| judged(access, facts, *step, today));
        Ok((facts.plan.id, steps.collect::<Result<_>>()?))
    });
    judged.collect()
}

fn judged(
    access: &Access,
    facts: &Facts,
    step: PlanTransition,
    today: Day,
) -> Result<AvailableTransition> {
    let plan = &facts.plan;
    let site = Site::of_plan(plan.region.id.0, plan.id.0);
    let right = access.require(step.action(), site).err();
    let right = right.map(|error| Reason {
        guard: None,
        code: error.code(),
        article: None,
        text: name(error.text()),
    });
    let asked = Asked { on: PartialDate::parse(&today.to_string())?, successor: None };
    let broken = broken(facts, step, &asked).into_iter().map(|broken| Reason {
        guard: Some(broken.guard.code),
        code: Code::GuardFailed,
        article: broken.guard.article,
        text: name(&broken.text()),
    });
    let reasons: Vec<Reason> = right.into_iter().chain(broken).collect();
    let who_may = policy::who_may(step.action());
    Ok(AvailableTransition { name: step, allowed: reasons.is_empty(), reasons, who_may })
}

fn name(text: &Text) -> Name {
    Name { ko: text.in_lang(Lang::Ko).to_owned(), en: Some(text.in_lang(Lang::En).to_owned()) }
}

/// What is asked of a step: the day, and what takes the plan's place.
pub(super) struct Asked {
    pub on: PartialDate,
    pub successor: Option<PlanId>,
}

/// A rule that is not kept.
pub(super) struct Broken {
    pub guard: &'static Guard,
    /// More on what is missing, in Korean and English.
    detail: Option<[String; 2]>,
    /// The field in which it could be mended, if it is one.
    pub field: Option<&'static str>,
}

impl Broken {
    /// The rule, its article and what is missing.
    pub fn text(&self) -> Text {
        self.guard.told(self.detail.as_ref())
    }
}

impl Guard {
    /// The rule and its article, and more on what is missing.
    pub(in crate::procedure) fn told(&self, detail: Option<&[String; 2]>) -> Text {
        let [ko, en] = self.text;
        let [ko, en] = match self.article {
            Some(article) => [format!("{ko}({})", article.ko), format!("{en} ({})", article.en)],
            None => [ko.to_owned(), en.to_owned()],
        };
        match detail {
            Some([more_ko, more_en]) => {
                told::rule(&format!("{ko}: {more_ko}"), &format!("{en}: {more_en}"))
            }
            None => told::rule(&ko, &en),
        }
    }
}

/// Every rule of a step that is not kept.
pub(super) fn broken(facts: &Facts, step: PlanTransition, asked: &Asked) -> Vec<Broken> {
    let rules = GUARDS.iter().filter(|it| it.is_for(step, facts.plan.kind, Some(&asked.on)));
    rules.filter_map(|guard| missing(facts, guard, asked)).collect()
}

fn missing(facts: &Facts, guard: &'static Guard, asked: &Asked) -> Option<Broken> {
    let broken = |detail, field| Some(Broken { guard, detail, field });
    let pass = facts.steps.pass();
    match guard.need {
        Need::Done(kind) if !facts.steps.done(kind, pass, Some(&asked.on)) => {
            let late = facts.steps.done(kind, pass, None);
            broken(unfit(facts, guard), late.then_some("heldOn"))
        }
        Need::NotDone(kind) if facts.steps.done(kind, pass, None) => broken(None, None),
        Need::BaseYear if facts.plan.base_year.is_none() => broken(None, None),
        Need::Target(year) if !facts.target_years.contains(&year) => broken(None, None),
        Need::Since(day) if asked.on.to < Day::parse(day).ok()? => broken(None, Some("heldOn")),
        Need::Measures(what) => match facts.lacking(what)[..] {
            [] => None,
            ref measures => broken(Some(listed(facts, what, measures)), None),
        },
        Need::AsAdopted if facts.has_departed => broken(None, None),
        Need::Successor => {
            let fits = match asked.successor {
                Some(plan) => facts.successors.contains(&plan),
                None => !facts.successors.is_empty(),
            };
            if fits { None } else { broken(None, asked.successor.map(|_| "successor")) }
        }
        _ => None,
    }
}

/// What was done of what a rule needs, and does not count: it was later, or came to nothing.
fn unfit(facts: &Facts, guard: &Guard) -> Option<[String; 2]> {
    let Need::Done(kind) = guard.need else { return None };
    let done: Vec<_> = facts.steps.of_kind(kind, facts.steps.pass()).collect();
    let days: Vec<String> =
        done.iter().filter(|it| !it.held_back).filter_map(|it| it.days()).collect();
    match (done.is_empty(), days[..].join(", ")) {
        (true, _) => None,
        (_, days) if days.is_empty() => {
            Some(["보류되었습니다".to_owned(), "the plan was held back".to_owned()])
        }
        (_, days) => Some([format!("기록된 날은 {days}입니다"), format!("it was on {days}")]),
    }
}

/// Measures by their titles, the first of them.
fn listed(facts: &Facts, what: Lack, measures: &[&str]) -> [String; 2] {
    const SHOWN: usize = 3;
    let period = facts.plan.period.start.zip(facts.plan.period.end);
    if what == Lack::Goals && period.is_none() {
        return [
            "계획기간이 없습니다".to_owned(),
            "the years of the plan are not known".to_owned(),
        ];
    }
    let count = measures.len();
    let titles = measures.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    let more = if count > SHOWN { ", …" } else { "" };
    [format!("{count}개 과제({titles}{more})"), format!("{count} measures ({titles}{more})")]
}
