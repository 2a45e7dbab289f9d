//! What a check says of the measures of its plan, one by one.

pub mod graphql;

use std::collections::HashMap;

use async_graphql::{Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::assessment::{self, Column, Entity};
use entity::{code, progress_check};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::judged::{Judged, judged};
use super::money::{self, AssessedBudget, ExecutedInput};
use super::values::{self, AssessedValue};
use super::{find, frozen, site};
use crate::access::{Access, Action};
use crate::error::{Error, Faults, Result};
use crate::history::{Change, Revision, Written};
use crate::id::{AssessmentId, CheckId, Id as _, MeasureId};
use crate::input::{self, needed, optional};
use crate::quantity::{Amount, Mass, MassInput, MassUnit, Rate};
use crate::{measure, message};

/// How a measure stands against its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::Grade")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Grade {
    /// What was planned is reached (달성).
    Achieved,
    /// It goes as planned (정상추진).
    OnTrack,
    /// It is late (지연).
    Delayed,
    /// What was planned is not reached (미달성).
    NotAchieved,
    /// It was not due yet.
    NotDue,
}

/// What a check says of a measure.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Assessment {
    /// Its id.
    pub id: AssessmentId,
    /// In which check.
    #[graphql(skip)]
    pub check_id: CheckId,
    /// Of which measure.
    #[graphql(skip)]
    pub measure_id: MeasureId,
    /// What the measure is called: as its plan has it while the check is open, as it was submitted
    /// after.
    pub measure_title: String,
    /// How the measure stands.
    pub grade: Grade,
    /// How much less the measure was to make of the year: as its plan has it while the check is
    /// open, as it was submitted after; null where nobody said.
    #[graphql(skip)]
    pub goal_reduction: Option<Amount>,
    /// How much it reduced in the year; null where nobody said.
    #[graphql(skip)]
    pub achieved_reduction: Option<Amount>,
    /// What it reduced in percent of what it was to (달성률).
    pub achievement_rate: Option<Amount>,
    /// Its money in the year, by fund.
    pub budgets: Vec<AssessedBudget>,
    /// What its indicators were to be and were in the year.
    pub values: Vec<AssessedValue>,
    /// Why it is late or not reached.
    pub reason: Option<String>,
    /// What will be done about that.
    pub corrective_action: Option<String>,
    /// What else should be known about it.
    pub note: Option<String>,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
    #[graphql(skip)]
    #[serde(skip)]
    goal: Option<Mass>,
    #[graphql(skip)]
    #[serde(skip)]
    achieved: Option<Mass>,
}

impl Assessment {
    /// The same with its masses in another unit.
    pub fn in_unit(mut self, unit: MassUnit) -> Self {
        self.goal_reduction = self.goal.map(|mass| mass.in_unit(unit));
        self.achieved_reduction = self.achieved.map(|mass| mass.in_unit(unit));
        self
    }
}

/// How a measure stands, as a caller says it. What is left out stays, or is not said; null takes a
/// value away.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AssessmentInput {
    /// How the measure stands. A measure that was not assessed yet needs it.
    #[schema(value_type = Option<Grade>)]
    pub grade: MaybeUndefined<Grade>,
    /// How much it reduced in the year.
    #[schema(value_type = Option<MassInput>)]
    pub achieved_reduction: MaybeUndefined<MassInput>,
    /// What was spent on it in the year, fund by fund; what is said of other funds stays.
    #[schema(value_type = Option<Vec<ExecutedInput>>)]
    pub budgets: MaybeUndefined<Vec<ExecutedInput>>,
    /// Why it is late or not reached: `DELAYED` and `NOT_ACHIEVED` need it.
    #[schema(value_type = Option<String>)]
    pub reason: MaybeUndefined<String>,
    /// What will be done about that: `DELAYED` and `NOT_ACHIEVED` need it.
    #[schema(value_type = Option<String>)]
    pub corrective_action: MaybeUndefined<String>,
    /// What else should be known about it.
    #[schema(value_type = Option<String>)]
    pub note: MaybeUndefined<String>,
}

/// The assessments of one check. `NOT_FOUND` where the caller sees no such check.
pub async fn of_check(access: &Access, check: CheckId) -> Result<Vec<Assessment>> {
    find(access, check).await?;
    of_checks(access, &[check]).await
}

/// The assessments of these checks, as they were entered.
pub async fn of_checks(access: &Access, checks: &[CheckId]) -> Result<Vec<Assessment>> {
    let checks = access.any_of(Column::CheckId, checks.iter().map(|check| check.0));
    in_order(access, visible(access).filter(checks)).await
}

/// The assessments of these measures, as they were entered.
pub async fn of_measures(access: &Access, measures: &[MeasureId]) -> Result<Vec<Assessment>> {
    let measures = access.any_of(Column::MeasureId, measures.iter().map(|measure| measure.0));
    in_order(access, visible(access).filter(measures)).await
}

/// What a check says of a measure. `NOT_FOUND` where it says nothing, or the caller sees nothing.
pub async fn of_measure(access: &Access, check: CheckId, measure: MeasureId) -> Result<Assessment> {
    let row = row_of(access, check, measure).await?;
    let row = row.ok_or_else(|| Error::not_found("assessment"))?;
    let assessment = complete(access, vec![row]).await?.pop();
    assessment.ok_or_else(|| Error::impossible("an assessment got lost"))
}

/// Says how a measure of the check's plan stands: for the first time, or anew at the revision that
/// was read. For who checks the progress of its region; `GUARD_FAILED` once the check is submitted.
pub async fn assess(
    access: &Access,
    (check, measure): (CheckId, MeasureId),
    revision: Option<Revision>,
    wanted: AssessmentInput,
) -> Result<Assessment> {
    access.require(Action::CheckProgress, site(&find(access, check).await?))?;
    let wishes = money::wishes(&wanted.budgets)?;
    access
        .change("assessMeasure", async move |change| {
            let whole = find(change, check).await?;
            frozen::is_open(&whole)?;
            let before = row_of(change, check, measure).await?;
            if before.as_ref().map(|row| Revision(row.revision)) != revision {
                let current = before.map_or(Revision(0), |row| Revision(row.revision));
                return Err(Error::stale(current));
            }
            belongs(change, &whole, measure).await?;
            let row = before.clone().unwrap_or_else(|| blank(&whole, measure));
            let after = described(&wanted, row, before.is_none())?;
            let id = after.id;
            let whole_row = match &before {
                None => change.insert::<Entity>(after).await.map(|()| Written::Created)?,
                Some(before) => change.update::<Entity>(before, after).await?,
            };
            let money = money::write(change, id, &wishes).await?;
            match (before, whole_row, money) {
                (_, Written::Unchanged, Written::Unchanged) => return Ok(()),
                // Its money is a part of it.
                (Some(before), Written::Unchanged, _) => change.touch::<Entity>(&before).await?,
                _ => {}
            }
            // What its assessments make is told with it.
            change.touch::<progress_check::Entity>(&whole).await
        })
        .await?;
    of_measure(access, check, measure).await
}

/// Takes an assessment back that is at this revision. For who checks the progress of its region;
/// `GUARD_FAILED` once the check is submitted.
pub async fn remove(
    access: &Access,
    (check, measure): (CheckId, MeasureId),
    revision: Revision,
) -> Result<AssessmentId> {
    access.require(Action::CheckProgress, site(&find(access, check).await?))?;
    let known = of_measure(access, check, measure).await?;
    access
        .change("removeAssessment", async move |change| {
            let whole = find(change, check).await?;
            frozen::is_open(&whole)?;
            let row = change.current(visible(change), known.id.0, revision).await?;
            frozen::remove_parts(change, row.id).await?;
            change.delete::<Entity>(&row).await?;
            change.touch::<progress_check::Entity>(&whole).await
        })
        .await?;
    Ok(known.id)
}

/// Removes all assessments of a check that goes.
pub(super) async fn remove_all(change: &Change, check: Uuid) -> Result<()> {
    let rows = Entity::find().filter(Column::CheckId.eq(check));
    for row in rows.all(&change.db().await?).await? {
        frozen::remove_parts(change, row.id).await?;
        change.delete::<Entity>(&row).await?;
    }
    Ok(())
}

/// The rows of these checks. Who calls has seen the checks.
pub(super) async fn rows_of(
    access: &Access,
    checks: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<assessment::Model>>> {
    let checks = access.any_of(Column::CheckId, checks);
    let rows = Entity::find().filter(checks).all(&access.db().await?).await?;
    Ok(super::by_check(rows.into_iter().map(|row| (row.check_id, row))))
}

/// The assessments this caller may see: those of the checks they see.
fn visible(access: &Access) -> Select<Entity> {
    let seen = Condition::any().add(Column::PlanId.is_null()).add(access.sees(Column::PlanId));
    Entity::find().filter(seen)
}

async fn in_order(access: &Access, rows: Select<Entity>) -> Result<Vec<Assessment>> {
    let rows = rows.order_by_asc(Column::Id).all(&access.db().await?).await?;
    complete(access, rows).await
}

/// The assessments of these rows, in their order, with what they are judged by.
async fn complete(access: &Access, rows: Vec<assessment::Model>) -> Result<Vec<Assessment>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let checks = access.any_of(progress_check::Column::Id, rows.iter().map(|row| row.check_id));
    let checks = super::visible(access).filter(checks).all(&access.db().await?).await?;
    let judged = judged(access, rows, &checks).await?;
    let mut values = values::of(access, &judged).await?;
    let assessments = judged.into_iter().map(|it| {
        let values = values.remove(&it.row.id).unwrap_or_default();
        shown(it, values)
    });
    assessments.collect()
}

async fn row_of(
    access: &Access,
    check: CheckId,
    measure: MeasureId,
) -> Result<Option<assessment::Model>> {
    let of_check = visible(access).filter(Column::CheckId.eq(check.0));
    let row = of_check.filter(Column::MeasureId.eq(measure.0));
    Ok(row.one(&access.db().await?).await?)
}

/// A check assesses the measures of its own plan.
async fn belongs(change: &Change, check: &progress_check::Model, measure: MeasureId) -> Result<()> {
    let plan = measure::plan_of(change, measure).await.map_err(|error| error.at("measure"))?;
    match check.plan_id == Some(plan.0) {
        true => Ok(()),
        false => Err(Error::invalid("measure", message::not_of_the_plan())),
    }
}

/// The row as it is to be, checked: what is late or not reached has a reason and a remedy.
fn described(
    wanted: &AssessmentInput,
    mut row: assessment::Model,
    is_new: bool,
) -> Result<assessment::Model> {
    let mut faults = Faults::default();
    let text = |text: &String| input::text(text, input::TEXT);
    faults.rule(!is_new || !wanted.grade.is_undefined(), "grade", message::required());
    faults.put("grade", &mut row.grade, needed(&wanted.grade, |grade| Ok((*grade).into())));
    let achieved = optional(&wanted.achieved_reduction, |mass| Ok(mass.parse()?.0));
    faults.put("achievedReduction", &mut row.achieved_reduction, achieved);
    faults.put("reason", &mut row.reason, optional(&wanted.reason, text));
    let action = optional(&wanted.corrective_action, text);
    faults.put("correctiveAction", &mut row.corrective_action, action);
    faults.put("note", &mut row.note, optional(&wanted.note, text));
    let behind = matches!(row.grade, code::Grade::Delayed | code::Grade::NotAchieved);
    let told = row.reason.is_some() || wanted.reason.is_value();
    faults.rule(!behind || told, "reason", message::reason_needed());
    let acted = row.corrective_action.is_some() || wanted.corrective_action.is_value();
    faults.rule(!behind || acted, "correctiveAction", message::reason_needed());
    faults.into_result(row)
}

fn blank(check: &progress_check::Model, measure: MeasureId) -> assessment::Model {
    assessment::Model {
        id: AssessmentId::new().0,
        check_id: check.id,
        measure_id: measure.0,
        plan_id: check.plan_id,
        region_id: check.region_id,
        sector_id: None,
        measure_title: None,
        grade: code::Grade::NotDue,
        goal_reduction: None,
        achieved_reduction: None,
        reason: None,
        corrective_action: None,
        note: None,
        revision: 0,
    }
}

fn shown(judged: Judged, values: Vec<AssessedValue>) -> Result<Assessment> {
    let budgets = money::of(&judged);
    let Judged { row, title, goal, .. } = judged;
    let achieved = row.achieved_reduction.map(Mass);
    let rate = achieved.zip(goal).and_then(|(achieved, goal)| Rate::of(achieved.0, goal.0, 1));
    Ok(Assessment {
        id: AssessmentId(row.id),
        check_id: CheckId(row.check_id),
        measure_id: MeasureId(row.measure_id),
        measure_title: title.ok_or_else(|| Error::impossible("an assessment of no measure"))?,
        grade: row.grade.into(),
        goal_reduction: goal.map(|mass| mass.in_unit(MassUnit::Kt)),
        achieved_reduction: achieved.map(|mass| mass.in_unit(MassUnit::Kt)),
        achievement_rate: rate.map(Rate::percent),
        budgets,
        values,
        reason: row.reason,
        corrective_action: row.corrective_action,
        note: row.note,
        revision: Revision(row.revision),
        goal,
        achieved,
    })
}
