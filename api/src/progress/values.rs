use std::collections::{HashMap, HashSet};

use async_graphql::SimpleObject;
use entity::{assessment_value, code};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::frozen::kept_values;
use super::judged::Judged;
use crate::access::Access;
use crate::error::{Error, Result};
use crate::id::{IndicatorId, MeasureId};
use crate::indicator;
use crate::quantity::{Amount, Quantity, Rate};
use crate::source::FigureStatus;

/// What an indicator of an assessed measure was to be and was in the year of the check: as it is
/// recorded while the check is open, as it was submitted after.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct AssessedValue {
    /// Which indicator.
    #[graphql(skip)]
    pub indicator_id: IndicatorId,
    /// What it was to be in this very year; null where that is not said.
    pub goal: Option<Quantity>,
    /// What it was; null where that is not known.
    pub actual: Option<Quantity>,
    /// What stands behind that, or why it is not known.
    pub status: FigureStatus,
    /// Why it is not known, in words.
    pub reason: Option<String>,
    /// What it was in percent of what it was to be (달성률). Whether more is better its definition
    /// says.
    pub rate: Option<Amount>,
}

/// The values of these assessments, in the order of indicators. Who calls has seen them.
pub(super) async fn of(
    access: &Access,
    judged: &[Judged],
) -> Result<HashMap<Uuid, Vec<AssessedValue>>> {
    let live = rows_of(access, judged).await?;
    let mut rows = super::by_check(live.into_iter().map(|row| (row.assessment_id, row)));
    let frozen = judged.iter().filter(|it| it.is_frozen).map(|it| it.row.id);
    rows.extend(kept_values(access, frozen).await?);
    let values = rows.into_iter().map(|(assessment, mut rows)| {
        rows.sort_by_key(|row| row.indicator_id);
        let values = rows.into_iter().map(shown).collect::<Result<_>>();
        values.map(|values| (assessment, values))
    });
    values.collect()
}

/// The values of those of these assessments whose check is open, as rows that could be kept.
pub(super) async fn rows_of(
    access: &Access,
    judged: &[Judged],
) -> Result<Vec<assessment_value::Model>> {
    let open: Vec<&Judged> = judged.iter().filter(|it| !it.is_frozen).collect();
    let measures: HashSet<MeasureId> = open.iter().map(|it| MeasureId(it.row.measure_id)).collect();
    let years: HashSet<i32> = open.iter().map(|it| it.year).collect();
    let years: Vec<i32> = years.into_iter().collect();
    let values = indicator::yearly(access, measures, &years).await?;
    let mut of_year: HashMap<(Uuid, i32), Vec<indicator::YearValue>> = HashMap::new();
    for value in values {
        of_year.entry((value.measure.0, value.year)).or_default().push(value);
    }
    let rows = open.iter().flat_map(|it| {
        let values = of_year.get(&(it.row.measure_id, it.year)).into_iter().flatten();
        values.map(|value| row_of(it.row.id, value))
    });
    Ok(rows.collect())
}

fn row_of(assessment: Uuid, value: &indicator::YearValue) -> assessment_value::Model {
    assessment_value::Model {
        id: Uuid::now_v7(),
        assessment_id: assessment,
        indicator_id: value.indicator.0,
        unit: value.unit.clone(),
        decimals: value.decimals,
        goal: value.goal,
        actual: value.actual,
        status: code::FigureStatus::from(value.status),
        reason: value.reason.clone(),
        revision: 0,
    }
}

fn shown(row: assessment_value::Model) -> Result<AssessedValue> {
    let decimals = u32::try_from(row.decimals).map_err(Error::internal)?;
    let quantity = |value: i64| Quantity::of(value, decimals, &row.unit);
    let rate = row.actual.zip(row.goal).and_then(|(actual, goal)| Rate::of(actual, goal, 1));
    Ok(AssessedValue {
        indicator_id: IndicatorId(row.indicator_id),
        goal: row.goal.map(quantity),
        actual: row.actual.map(quantity),
        status: row.status.into(),
        rate: rate.map(Rate::percent),
        reason: row.reason,
    })
}
