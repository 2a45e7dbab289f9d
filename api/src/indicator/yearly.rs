use std::collections::HashMap;

use entity::indicator::Column;
use entity::{code, indicator_goal, observation};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{definition, seen, visible};
use crate::access::Access;
use crate::error::Result;
use crate::id::{DefinitionId, IndicatorId, MeasureId};
use crate::source::FigureStatus;

/// What an indicator of a measure was to be and was in one year. Its numbers are integers of
/// 10^-decimals.
#[derive(Clone, Debug)]
pub struct YearValue {
    /// Of which indicator.
    pub indicator: IndicatorId,
    /// Of which measure it is.
    pub measure: MeasureId,
    /// In which year.
    pub year: i32,
    /// What is counted.
    pub unit: String,
    /// How many digits behind the point its numbers have.
    pub decimals: i32,
    /// What it was to be, where that is said of this very year.
    pub goal: Option<i64>,
    /// What it was, where that is known.
    pub actual: Option<i64>,
    /// What stands behind that, or why it is not known.
    pub status: FigureStatus,
    /// Why it is not known, in words.
    pub reason: Option<String>,
}

/// What the indicators of these measures, as far as the caller sees them, were to be and were in
/// each of these years. Halves and months of a year are not added up to one.
pub async fn yearly(
    access: &Access,
    measures: impl IntoIterator<Item = MeasureId>,
    years: &[i32],
) -> Result<Vec<YearValue>> {
    let db = access.db().await?;
    let of_measures = access.any_of(Column::MeasureId, measures.into_iter().map(|it| it.0));
    let rows = visible(access).filter(of_measures).order_by_asc(Column::Id).all(&db).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let definitions = rows.iter().map(|row| DefinitionId(row.definition_id));
    let definitions = definition::by_ids(access, definitions).await?;
    let goals = goals(access, &ids, years).await?;
    let observed = observed(access, &ids, years).await?;
    let mut values = Vec::new();
    for row in &rows {
        let definition = definitions.iter().find(|it| it.id.0 == row.definition_id);
        let (Some(definition), Some(measure)) = (definition, row.measure_id) else { continue };
        for year in years {
            let was = observed.get(&(row.id, *year));
            values.push(YearValue {
                indicator: IndicatorId(row.id),
                measure: MeasureId(measure),
                year: *year,
                unit: definition.unit.clone(),
                decimals: definition.decimals,
                goal: goals.get(&(row.id, *year)).map(|goal| goal.value),
                actual: was.and_then(|was| was.value),
                status: was.map_or(FigureStatus::NotReported, |was| was.status.into()),
                reason: was.and_then(|was| was.reason.clone()),
            });
        }
    }
    Ok(values)
}

/// The goals of these years: of several for one year, that which is most about the year itself.
async fn goals(
    access: &Access,
    indicators: &[Uuid],
    years: &[i32],
) -> Result<HashMap<(Uuid, i32), indicator_goal::Model>> {
    use indicator_goal::{Column, Entity};
    let which = access.any_of(Column::IndicatorId, indicators.iter().copied());
    let rows = Entity::find().filter(seen(access, Column::PlanId)).filter(which);
    let rows = rows.filter(Column::Period.is_in(years.iter().map(ToString::to_string)));
    let mut found: HashMap<(Uuid, i32), indicator_goal::Model> = HashMap::new();
    for row in rows.all(&access.db().await?).await? {
        let Some(year) = row.period.as_deref().and_then(|year| year.parse().ok()) else { continue };
        let key = (row.indicator_id, year);
        if found.get(&key).is_none_or(|other| place(row.kind) < place(other.kind)) {
            found.insert(key, row);
        }
    }
    Ok(found)
}

const fn place(kind: code::GoalKind) -> u8 {
    match kind {
        code::GoalKind::Annual => 0,
        code::GoalKind::Interim => 1,
        code::GoalKind::Final => 2,
        code::GoalKind::Legal => 3,
    }
}

async fn observed(
    access: &Access,
    indicators: &[Uuid],
    years: &[i32],
) -> Result<HashMap<(Uuid, i32), observation::Model>> {
    use observation::{Column, Entity};
    let which = access.any_of(Column::IndicatorId, indicators.iter().copied());
    let rows = Entity::find().filter(seen(access, Column::PlanId)).filter(which);
    let rows = rows.filter(Column::Period.is_in(years.iter().map(ToString::to_string)));
    let real = rows.filter(Column::Status.ne(code::FigureStatus::Illustrative));
    let rows = real.all(&access.db().await?).await?.into_iter();
    let keyed = rows.filter_map(|row| Some(((row.indicator_id, row.period.parse().ok()?), row)));
    Ok(keyed.collect())
}
