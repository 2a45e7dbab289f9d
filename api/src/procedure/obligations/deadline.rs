use std::collections::HashMap;

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
        events.is_some_and(|events| events.iter().any(|(id, _)| *id == row.milestone_id))
    };
    let fixed = of_plans(change, &ids).await?;
    let (fixed, lifted): (Vec<Model>, Vec<Model>) = fixed.into_iter().partition(stands);
    for row in &lifted {
        change.delete::<Entity>(row).await?;
    }
    let mut batch = change.batch::<Entity>();
    for plan in plan::by_ids(change, adopted.keys().copied().map(PlanId)).await? {
        let Some(event) = adopted.get(&plan.id.0).and_then(|events| first_of(events)) else {
            continue;
        };
        for row in set_going_by(&plan, event, change.revision()) {
            let is_fixed = |known: &Model| (known.plan_id, known.rule) == (row.plan_id, row.rule);
            if !fixed.iter().any(is_fixed) {
                batch.put(None, row);
            }
        }
    }
    batch.write().await.map(|_| ())
}

/// The deadlines that an adoption sets going.
fn set_going_by(plan: &Plan, (event, on): (&Uuid, &PartialDate), revision: i64) -> Vec<Model> {
    let due = |(rule, months)| Some((rule, terms::period_after(on, months)?));
    let deadlines = set_going(plan).into_iter().filter_map(due);
    let rows = deadlines.map(|(rule, due): (ObligationCode, PartialDate)| Model {
        id: Uuid::now_v7(),
        plan_id: plan.id.0,
        rule: rule.into(),
        milestone_id: *event,
        fixed_on: on.text.clone(),
        due_on: due.text,
        revision,
    });
    rows.collect()
}

type Event = (Uuid, Option<PartialDate>);

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
        of_plan.entry(row.plan_id).or_default().push((row.id, on));
    }
    Ok(of_plan)
}

/// The first adoption that has a date: what the law's periods run from.
fn first_of(events: &[Event]) -> Option<(&Uuid, &PartialDate)> {
    let dated = events.iter().filter_map(|(id, on)| Some((id, on.as_ref()?)));
    dated.min_by_key(|(id, on)| (on.to, **id))
}

/// What the adoption of a plan sets going, and how many months there are: for its own body, and for
/// those just below.
fn set_going(plan: &Plan) -> Vec<(ObligationCode, u8)> {
    let (own, below) = match plan.kind {
        PlanKind::NationalBasic => (None, Some(RegionLevel::Province)),
        PlanKind::ProvinceBasic => (Some(RegionLevel::Province), Some(RegionLevel::Municipality)),
        PlanKind::MunicipalBasic => (Some(RegionLevel::Municipality), None),
    };
    let own = own.map(|level| (ObligationCode::SubmitPlan, level));
    let below = below.map(|level| (rules::adoption(plan.round), level));
    let months = |(code, level)| match rules::of(code, level)?.term {
        Term::AfterUpperPlan(months) | Term::AfterAdoption(months) => Some((code, months)),
        Term::Promptly | Term::Yearly { .. } => None,
    };
    own.into_iter().chain(below).filter_map(months).collect()
}
