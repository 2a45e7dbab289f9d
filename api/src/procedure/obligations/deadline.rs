use std::collections::{BTreeMap, HashMap};

use entity::code;
use entity::deadline::{Column, Entity, Model};
use entity::milestone;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

use super::ObligationCode;
use super::rules::{self, Term};
use crate::access::Access;
use crate::date::{PartialDate, terms};
use crate::error::Result;
use crate::history::Change;
use crate::id::PlanId;
use crate::plan::{self, Plan, PlanKind};
use crate::region::RegionLevel;

/// The deadlines this caller may see: those that follow from plans that they see.
fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(access.sees(Column::PlanId))
}

/// What the adoption of these plans has fixed.
pub(super) async fn of_plans(access: &Access, plans: &[PlanId]) -> Result<Vec<Model>> {
    let plans = access.any_of(Column::PlanId, plans.iter().map(|plan| plan.0));
    Ok(visible(access).filter(plans).all(&access.db().await?).await?)
}

/// Fixes what the adoption of these plans sets going, once it is known when that was.
///
/// What was fixed stays, whatever becomes of the date of the event; it goes with the event itself.
/// To be called in every change that writes milestones.
pub async fn settle(change: &Change, plans: impl IntoIterator<Item = Uuid>) -> Result<()> {
    let ids: Vec<PlanId> = plans.into_iter().map(PlanId).collect();
    let adopted = adoptions(change, &ids).await?;
    let stands = |row: &Model| {
        let events = adopted.get(&row.plan_id);
        events.is_some_and(|events| events.iter().any(|it| it.id == row.milestone_id))
    };
    let fixed = of_plans(change, &ids).await?;
    let (fixed, lifted): (Vec<Model>, Vec<Model>) = fixed.into_iter().partition(stands);
    for row in &lifted {
        change.delete::<Entity>(row).await?;
    }
    let mut batch = change.batch::<Entity>();
    for plan in plan::by_ids(change, adopted.keys().copied().map(PlanId)).await? {
        let events = adopted.get(&plan.id.0).map_or(&[][..], Vec::as_slice);
        let rows = firsts(events).flat_map(|event| set_going_by(&plan, event, change.revision()));
        for row in rows.filter(|row| !fixed.iter().any(|known| what(known) == what(row))) {
            batch.put(None, row);
        }
    }
    batch.write().await.map(|_| ())
}

/// What tells a deadline from all others.
fn what(row: &Model) -> (Uuid, code::ObligationRule, i32) {
    (row.plan_id, row.rule, row.pass)
}

/// The deadlines that an adoption sets going.
fn set_going_by(plan: &Plan, event: &Event, revision: i64) -> Vec<Model> {
    let Some(on) = &event.on else { return Vec::new() };
    let due = |(rule, months)| Some((rule, terms::period_after(on, months)?));
    let deadlines = set_going(plan, event.pass).into_iter().filter_map(due);
    let rows = deadlines.map(|(rule, due): (ObligationCode, PartialDate)| Model {
        id: Uuid::now_v7(),
        plan_id: plan.id.0,
        rule: rule.into(),
        pass: event.pass,
        milestone_id: event.id,
        fixed_on: on.text.clone(),
        due_on: due.text,
        revision,
    });
    rows.collect()
}

/// An adoption: in which making of the plan, and when, where that is known.
struct Event {
    id: Uuid,
    pass: i32,
    on: Option<PartialDate>,
}

/// The adoptions of each of these plans.
async fn adoptions(change: &Change, plans: &[PlanId]) -> Result<HashMap<Uuid, Vec<Event>>> {
    let ids = change.any_of(milestone::Column::PlanId, plans.iter().map(|plan| plan.0));
    let rows = super::super::visible(change)
        .filter(ids)
        .filter(milestone::Column::Kind.eq(code::MilestoneKind::Adoption))
        .all(&change.db().await?)
        .await?;
    let mut of_plan: HashMap<Uuid, Vec<Event>> = HashMap::new();
    for row in rows {
        let on = row.held_on.as_deref().map(PartialDate::parse).transpose()?;
        of_plan.entry(row.plan_id).or_default().push(Event { id: row.id, pass: row.pass, on });
    }
    Ok(of_plan)
}

/// The first adoption of each making that has a date: what the law's periods run from.
fn firsts(events: &[Event]) -> impl Iterator<Item = &Event> {
    let mut first: BTreeMap<i32, &Event> = BTreeMap::new();
    let day = |event: &Event| (event.on.as_ref().map(|on| on.to), event.id);
    for event in events.iter().filter(|event| event.on.is_some()) {
        let known = first.entry(event.pass).or_insert(event);
        if day(event) < day(known) {
            *known = event;
        }
    }
    first.into_values()
}

/// What the adoption of a plan sets going, and how many months there are: for its own body, and for
/// those just below. Of an amendment, what the law asks of that as well.
fn set_going(plan: &Plan, pass: i32) -> Vec<(ObligationCode, u8)> {
    let (own, below) = match plan.kind {
        PlanKind::NationalBasic => (None, Some(RegionLevel::Province)),
        PlanKind::ProvinceBasic => (Some(RegionLevel::Province), Some(RegionLevel::Municipality)),
        PlanKind::MunicipalBasic => (Some(RegionLevel::Municipality), None),
    };
    let own = own.map(|level| (ObligationCode::SubmitPlan, level));
    let below = below.map(|level| (rules::adoption(plan.round), level));
    let months = |(code, level)| {
        let rule = rules::of(code, level).filter(|rule| pass == 1 || rule.amended.is_some())?;
        match rule.term {
            Term::AfterUpperPlan(months) | Term::AfterAdoption(months) => Some((code, months)),
            Term::Promptly | Term::Yearly { .. } => None,
        }
    };
    own.into_iter().chain(below).filter_map(months).collect()
}
