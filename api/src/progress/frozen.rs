use std::collections::HashMap;

use entity::{assessment, assessment_budget, assessment_value, progress_check};
use sea_orm::{EntityTrait, QueryFilter};
use uuid::Uuid;

use super::judged::{Judged, budgets_of, judged};
use super::road::is_frozen;
use super::{assessments, find, values};
use crate::access::Access;
use crate::error::{Code, Error, Result};
use crate::history::Change;
use crate::id::CheckId;
use crate::message;

/// What a caller changes must be open.
pub(super) fn is_open(check: &progress_check::Model) -> Result<()> {
    match is_frozen(check) {
        true => Err(Error::new(Code::GuardFailed, message::check_is_frozen())),
        false => Ok(()),
    }
}

/// What hangs on a check is only taken away while the check is open.
pub async fn require_open(access: &Access, id: CheckId) -> Result<()> {
    is_open(&find(access, id).await?)
}

/// Keeps what the assessments of a check are judged by, and what their measures are called: from now
/// on that is the check's own, whatever becomes of measures, goals and observations.
pub(super) async fn freeze(change: &Change, check: &progress_check::Model) -> Result<()> {
    let rows = rows_of(change, check.id).await?;
    let judged = judged(change, rows, std::slice::from_ref(check)).await?;
    let values = values::rows_of(change, &judged).await?;
    let mut kept = budgets_of(change, judged.iter().map(|it| it.row.id)).await?;
    for it in &judged {
        let after = assessment::Model {
            sector_id: it.sector.map(|sector| sector.0),
            measure_title: it.title.clone(),
            goal_reduction: it.goal.map(|goal| goal.0),
            ..it.row.clone()
        };
        change.update::<assessment::Entity>(&it.row, after).await?;
        keep_money(change, it, &kept.remove(&it.row.id).unwrap_or_default()).await?;
    }
    change.insert_many::<assessment_value::Entity>(values).await
}

async fn keep_money(change: &Change, it: &Judged, kept: &[assessment_budget::Model]) -> Result<()> {
    let mut batch = change.batch::<assessment_budget::Entity>();
    for (fund, spent) in &it.money {
        let before = kept.iter().find(|row| row.fund == *fund);
        let row = assessment_budget::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            assessment_id: it.row.id,
            fund: *fund,
            planned: spent.planned.map(|won| won.0),
            executed: spent.executed.map(|won| won.0),
            revision: change.revision(),
        };
        batch.put(before, row);
    }
    batch.write().await.map(|_| ())
}

/// Lets go of what was kept at submission: the check is judged by the plan as it is again.
pub(super) async fn thaw(change: &Change, check: &progress_check::Model) -> Result<()> {
    let rows = rows_of(change, check.id).await?;
    remove_values(change, rows.iter().map(|row| row.id)).await?;
    let kept = budgets_of(change, rows.iter().map(|row| row.id)).await?;
    for row in kept.values().flatten() {
        if row.executed.is_none() {
            change.delete::<assessment_budget::Entity>(row).await?;
        } else {
            let after = assessment_budget::Model { planned: None, ..row.clone() };
            change.update::<assessment_budget::Entity>(row, after).await?;
        }
    }
    for row in rows {
        let after = assessment::Model {
            sector_id: None,
            measure_title: None,
            goal_reduction: None,
            ..row.clone()
        };
        change.update::<assessment::Entity>(&row, after).await?;
    }
    Ok(())
}

/// Removes what was kept of the values of assessments.
async fn remove_values(change: &Change, ids: impl IntoIterator<Item = Uuid>) -> Result<()> {
    for row in kept_values(change, ids).await?.values().flatten() {
        change.delete::<assessment_value::Entity>(row).await?;
    }
    Ok(())
}

/// Removes everything that hangs on an assessment.
pub(super) async fn remove_parts(change: &Change, assessment: Uuid) -> Result<()> {
    remove_values(change, [assessment]).await?;
    for row in budgets_of(change, [assessment]).await?.values().flatten() {
        change.delete::<assessment_budget::Entity>(row).await?;
    }
    Ok(())
}

/// The values that these assessments were submitted with.
pub(super) async fn kept_values(
    access: &Access,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<assessment_value::Model>>> {
    use assessment_value::{Column, Entity};
    let which = access.any_of(Column::AssessmentId, ids);
    let rows = Entity::find().filter(which).all(&access.db().await?).await?;
    Ok(super::by_check(rows.into_iter().map(|row| (row.assessment_id, row))))
}

async fn rows_of(change: &Change, check: Uuid) -> Result<Vec<assessment::Model>> {
    Ok(assessments::rows_of(change, [check]).await?.remove(&check).unwrap_or_default())
}
