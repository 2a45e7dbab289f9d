//! What a plan says, thing by thing, as it is hashed and compared.
//!
//! The same contents give the same hash: in whatever order they were written and under whatever
//! ids. Neither milestones nor how far its making and its measures have come nor who may read it are
//! part of what a plan says.

mod fields;
mod parts;

use std::collections::{BTreeMap, HashMap};

use async_graphql::Enum;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Milestone;
use crate::access::Access;
use crate::error::{Error, Result};
use crate::id::{AnyId, Id as _, PlanId};
use crate::indicator::{Indicator, IndicatorGoal};
use crate::link::LinkSaid;
use crate::measure::Measure;
use crate::plan::{self, Plan, PlanSector};
use crate::source::cited;
use crate::target::Target;
use fields::fields;
use parts::Parts;

/// What stands in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enum, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PlanContent {
    /// The plan itself.
    Plan,
    /// A sector as the plan has it.
    Sector,
    /// A target.
    Target,
    /// A measure.
    Measure,
    /// An indicator of the plan or of one of its measures.
    Indicator,
    /// A goal of an indicator.
    Goal,
    /// What it takes from the plan above.
    Link,
    /// A milestone.
    Milestone,
}

impl PlanContent {
    /// What the change log calls it.
    pub(super) const fn logged_as(self) -> &'static str {
        match self {
            Self::Plan => "PLAN",
            Self::Sector => "PLAN_SECTOR",
            Self::Target => "TARGET",
            Self::Measure => "MEASURE",
            Self::Indicator => "INDICATOR",
            Self::Goal => "INDICATOR_GOAL",
            Self::Link => "LINK",
            Self::Milestone => "MILESTONE",
        }
    }
}

/// One thing of a plan, with what hangs on it.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub kind: PlanContent,
    pub id: AnyId,
    /// Its row, as the change log knows it.
    pub row: Uuid,
    pub label: String,
    /// What it says, field by field; a field without a value is not there.
    pub fields: BTreeMap<String, String>,
    /// What is told of it beside that, and is not what the plan says.
    pub beside: BTreeMap<String, String>,
    pub parts: Vec<Thing>,
}

impl Thing {
    /// The hash over what it and its parts say.
    fn digest(&self) -> Result<String> {
        let parts = self.parts.iter().map(Self::digest);
        let mut parts: Vec<String> = parts.collect::<Result<_>>()?;
        parts.sort_unstable();
        let text = serde_json::to_vec(&(self.kind, &self.fields, parts));
        let digest = Sha256::digest(text.map_err(Error::internal)?);
        Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    fn put_into(self, all: &mut Vec<Self>) {
        let Self { parts, .. } = self;
        all.push(Self { parts: Vec::new(), ..self });
        parts.into_iter().for_each(|part| part.put_into(all));
    }
}

/// What a plan says, and its milestones.
#[derive(Clone, Debug)]
pub(super) struct Contents {
    plan: Thing,
    milestones: Vec<Thing>,
}

impl Contents {
    /// The hash over what the plan says.
    pub fn hash(&self) -> Result<String> {
        self.plan.digest()
    }

    /// Everything in it, each by itself.
    pub fn things(self) -> Vec<Thing> {
        let mut all = Vec::new();
        self.plan.put_into(&mut all);
        all.extend(self.milestones);
        all
    }
}

const PLAN: &[&str] = &[
    "title",
    "kind",
    "round",
    "period",
    "baseYear",
    "vision",
    "region",
    "reportedMeasures",
    "reportedBudget",
    "reported",
    "parentVersion",
    "provenance",
];
/// How a plan is made and who reads it is told of it, and not what it says.
const BESIDE_PLAN: &[&str] = &[
    "visibility",
    "reportedStatus",
    "contractors",
    "workStartedOn",
    "deliberatedOn",
    "announcedOn",
];
const SECTOR: &[&str] = &["sectorId", "label", "reportedMeasures", "provenance"];
const TARGET: &[&str] = &[
    "sector",
    "isTotal",
    "label",
    "year",
    "baseYear",
    "kind",
    "statedOn",
    "basis",
    "base",
    "target",
    "grossTarget",
    "reduction",
    "removals",
    "reductionRate",
    "shareOfReduction",
];
const MEASURE: &[&str] = &[
    "sector",
    "family",
    "title",
    "description",
    "quantity",
    "leadId",
    "department",
    "reductions",
    "budgets",
    "approval",
    "provenance",
];
/// How far a measure has come changes while the plan that promises it stays the same: only that it
/// is no promise is what the plan says.
const BESIDE_MEASURE: &[&str] = &["status", "reportedStatus"];
const INDICATOR: &[&str] = &["definition", "region", "sector", "provenance"];
const GOAL: &[&str] = &["period", "kind", "exact", "unit", "provenance"];
const LINK: &[&str] = &["kind", "reason", "version", "pinned", "to"];
const MILESTONE: &[&str] = &[
    "kind",
    "reportedKind",
    "plannedOn",
    "heldOn",
    "endedOn",
    "place",
    "participants",
    "summary",
    "pass",
    "outcome",
    "exemption",
    "successorId",
    "hosts",
    "provenance",
];

/// What a plan says. `NOT_FOUND` where the caller sees none.
pub(super) async fn of(access: &Access, id: PlanId) -> Result<Contents> {
    let found = of_plans(access, &[id]).await?.remove(&id);
    found.ok_or_else(|| Error::not_found("plan"))
}

/// What these plans say, as far as the caller sees them: as many statements for all as for one.
pub(super) async fn of_plans(access: &Access, ids: &[PlanId]) -> Result<HashMap<PlanId, Contents>> {
    let plans = cited(access, plan::by_ids(access, ids.iter().copied()).await?).await?;
    let mut parts = Parts::of(access, ids).await?;
    let mut contents = HashMap::with_capacity(plans.len());
    for plan in plans {
        let said = parts.said.remove(&plan.id).unwrap_or_default();
        let milestones = parts.milestones.remove(&plan.id).unwrap_or_default();
        let root = Thing { parts: said, ..thing_of_plan(&plan)? };
        contents.insert(plan.id, Contents { plan: root, milestones });
    }
    Ok(contents)
}

fn thing_of_plan(plan: &Plan) -> Result<Thing> {
    let mut thing = thing(PlanContent::Plan, plan, PLAN, (plan.id.text(), plan.id.0))?;
    thing.label = plan.title.clone();
    thing.beside = fields(plan, BESIDE_PLAN)?;
    Ok(thing)
}

fn thing_of_sector(sector: &PlanSector) -> Result<Thing> {
    let id = (sector.sector_id.text(), sector.row);
    let thing = thing(PlanContent::Sector, sector, SECTOR, id)?;
    Ok(Thing { label: sector.label.clone(), ..thing })
}

fn thing_of_target(target: &Target) -> Result<Thing> {
    let thing = thing(PlanContent::Target, target, TARGET, (target.id.text(), target.id.0))?;
    let of = target.label.as_ref().or(target.sector.as_ref());
    let of = of.map_or(crate::sector::TOTAL, String::as_str);
    Ok(Thing { label: format!("{} {of}", target.year), ..thing })
}

fn thing_of_measure(measure: &Measure) -> Result<Thing> {
    let thing = thing(PlanContent::Measure, measure, MEASURE, (measure.id.text(), measure.id.0))?;
    let mut beside = fields(measure, BESIDE_MEASURE)?;
    let mut said = thing.fields;
    if !measure.status.is_promised() {
        said.extend(beside.remove_entry("status"));
    }
    Ok(Thing { label: measure.title.clone(), fields: said, beside, ..thing })
}

fn thing_of_indicator(indicator: &Indicator) -> Result<Thing> {
    let id = (indicator.id.text(), indicator.id.0);
    let thing = thing(PlanContent::Indicator, indicator, INDICATOR, id)?;
    let beside = fields(indicator, &["measureId"])?;
    Ok(Thing { label: indicator.definition.name.ko.clone(), beside, ..thing })
}

fn thing_of_goal(indicator: &Indicator, goal: &IndicatorGoal) -> Result<Thing> {
    let thing = thing(PlanContent::Goal, goal, GOAL, (goal.id.text(), goal.id.0))?;
    let period = goal.period.as_ref().map_or("…", |period| period.text.as_str());
    Ok(Thing { label: format!("{} {period}", indicator.definition.name.ko), ..thing })
}

fn thing_of_link(link: &LinkSaid) -> Result<Thing> {
    let thing = thing(PlanContent::Link, link, LINK, (link.id.text(), link.id.0))?;
    let label = thing.fields.get("kind").cloned().unwrap_or_default();
    Ok(Thing { label, ..thing })
}

fn thing_of_milestone(milestone: &Milestone) -> Result<Thing> {
    let id = (milestone.id.text(), milestone.id.0);
    let thing = thing(PlanContent::Milestone, milestone, MILESTONE, id)?;
    let day = milestone.held_on.as_ref().or(milestone.planned_on.as_ref());
    let kind = thing.fields.get("kind").cloned().unwrap_or_default();
    let label = day.map_or(kind.clone(), |day| format!("{kind} {}", day.text));
    Ok(Thing { label, ..thing })
}

fn thing(
    kind: PlanContent,
    of: &impl Serialize,
    picked: &[&str],
    (id, row): (String, Uuid),
) -> Result<Thing> {
    let (label, beside, parts) = (String::new(), BTreeMap::new(), Vec::new());
    Ok(Thing { kind, id: AnyId(id), row, label, fields: fields(of, picked)?, beside, parts })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn node(kind: PlanContent, said: &Value, parts: Vec<Thing>) -> Thing {
        let names: Vec<&str> =
            said.as_object().expect("an object").keys().map(String::as_str).collect();
        let (row, fields) = (Uuid::now_v7(), fields(said, &names).expect("fields"));
        let (id, label) = (AnyId(row.to_string()), row.to_string());
        Thing { kind, id, row, label, fields, beside: BTreeMap::new(), parts }
    }

    fn plan() -> Thing {
        let goal = |year: i32| {
            let value = json!({ "exact": year.to_string(), "unit": "대" });
            node(PlanContent::Goal, &json!({ "period": year.to_string(), "value": value }), vec![])
        };
        let measure = |n: i32| {
            let goals = (2030..2033).map(|year| goal(year + n)).collect();
            let indicator = node(PlanContent::Indicator, &json!({ "sector": "SINK" }), goals);
            let said = json!({ "title": format!("과제 {n}"), "leadId": null, "reductions": [
                { "year": 2030, "reduction": { "value": 1.0, "exact": n.to_string(), "unit": "KT" } }] });
            node(PlanContent::Measure, &said, vec![indicator])
        };
        let parts = (0..5).map(measure).collect();
        node(PlanContent::Plan, &json!({ "title": "계획", "period": { "start": 2025 } }), parts)
    }

    /// Numbers as good as any, the same each time.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, many: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(self.0 >> 33).expect("32 bits") % many
        }

        fn shuffle(&mut self, thing: &mut Thing) {
            for n in (1..thing.parts.len()).rev() {
                let other = self.below(n + 1);
                thing.parts.swap(n, other);
            }
            thing.parts.iter_mut().for_each(|part| self.shuffle(part));
        }

        fn one_of<'a>(&mut self, thing: &'a mut Thing) -> &'a mut Thing {
            match thing.parts.len() {
                0 => thing,
                _ if self.below(4) == 0 => thing,
                many => {
                    let part = self.below(many);
                    self.one_of(&mut thing.parts[part])
                }
            }
        }
    }

    #[test]
    fn the_same_contents_have_the_same_hash_in_any_order_and_under_any_ids() {
        let hash = plan().digest().expect("a hash");
        let mut dice = Dice(1);
        for _ in 0..200 {
            let mut other = plan();
            dice.shuffle(&mut other);
            assert_eq!(other.digest().expect("a hash"), hash);
        }
    }

    #[test]
    fn any_change_of_what_a_plan_says_changes_its_hash() {
        let hash = plan().digest().expect("a hash");
        let mut dice = Dice(2);
        for n in 0..200 {
            let mut other = plan();
            let thing = dice.one_of(&mut other);
            match n % 4 {
                0 => thing.fields.values_mut().next().expect("a field").push('.'),
                1 => drop(thing.fields.pop_first()),
                2 => drop(thing.fields.insert("note".to_owned(), "더".to_owned())),
                _ => thing.parts.push(node(PlanContent::Sector, &json!({ "label": "새" }), vec![])),
            }
            assert_ne!(other.digest().expect("a hash"), hash, "{n}");
        }
        let mut moved = plan();
        let indicator = moved.parts[0].parts.pop().expect("an indicator");
        moved.parts[1].parts.push(indicator);
        assert_ne!(moved.digest().expect("a hash"), hash, "another measure's");
    }
}
