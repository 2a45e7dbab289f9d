use std::collections::{BTreeMap, HashMap};

use entity::assessment_budget::{self, Column, Entity};
use entity::{assessment, code, progress_check};
use sea_orm::{EntityTrait, QueryFilter};
use uuid::Uuid;

use super::road::is_frozen;
use crate::access::Access;
use crate::error::Result;
use crate::id::{MeasureId, PlanId, SectorId};
use crate::measure::{self, PlannedMeasure};
use crate::quantity::{Mass, Won};

/// An assessment with the numbers that it is judged by: those of the plan as they are while the
/// check is open, those it was submitted with after.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) row: assessment::Model,
    pub(super) year: i32,
    pub(super) is_frozen: bool,
    pub(super) sector: Option<SectorId>,
    /// What the measure is called.
    pub(super) title: Option<String>,
    /// How much less the measure was to make of the year.
    pub(super) goal: Option<Mass>,
    /// What was to be spent and was, by fund.
    pub(super) money: BTreeMap<code::Fund, Spent>,
}

/// What was to be spent from a fund in the year, and was. Null is not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spent {
    pub(super) planned: Option<Won>,
    pub(super) executed: Option<Won>,
}

/// These assessments, of these checks, with what they are judged by, in their order. Who calls has
/// seen them.
pub(super) async fn judged(
    access: &Access,
    rows: Vec<assessment::Model>,
    checks: &[progress_check::Model],
) -> Result<Vec<Judged>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut budgets = budgets_of(access, rows.iter().map(|row| row.id)).await?;
    let checks: HashMap<Uuid, &progress_check::Model> =
        checks.iter().map(|check| (check.id, check)).collect();
    let open = || checks.values().filter(|check| !is_frozen(check));
    let mut years: Vec<i32> = open().map(|check| check.year).collect();
    years.sort_unstable();
    years.dedup();
    let plans = open().filter_map(|check| check.plan_id).map(PlanId);
    let measures = measure::planned(access, plans, &years).await?;
    let measures: HashMap<MeasureId, &PlannedMeasure> =
        measures.iter().map(|measure| (measure.id, measure)).collect();
    let judged = rows.into_iter().filter_map(|row| {
        let check = checks.get(&row.check_id)?;
        let money = budgets.remove(&row.id).unwrap_or_default();
        let measure = measures.get(&MeasureId(row.measure_id)).copied();
        Some(of_row(row, check, (measure, money)))
    });
    Ok(judged.collect())
}

fn of_row(
    row: assessment::Model,
    check: &progress_check::Model,
    (measure, budgets): (Option<&PlannedMeasure>, Vec<assessment_budget::Model>),
) -> Judged {
    let is_frozen = is_frozen(check);
    let kept = |row: &assessment_budget::Model| Spent {
        planned: row.planned.map(Won),
        executed: row.executed.map(Won),
    };
    let mut money: BTreeMap<code::Fund, Spent> =
        budgets.iter().map(|row| (row.fund, kept(row))).collect();
    let (mut sector, mut goal) = (row.sector_id.map(SectorId), row.goal_reduction.map(Mass));
    let mut title = row.measure_title.clone();
    if let (false, Some(measure)) = (is_frozen, measure) {
        (sector, goal) = (measure.sector, measure.reduction(check.year));
        title = Some(measure.title.clone());
        for (fund, planned) in measure.budgets(check.year) {
            money.entry(fund.into()).or_default().planned = Some(planned);
        }
    }
    Judged { year: check.year, is_frozen, sector, title, goal, money, row }
}

/// What is kept of the money of these assessments.
pub(super) async fn budgets_of(
    access: &Access,
    assessments: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<assessment_budget::Model>>> {
    let which = access.any_of(Column::AssessmentId, assessments);
    let rows = Entity::find().filter(which).all(&access.db().await?).await?;
    Ok(super::by_check(rows.into_iter().map(|row| (row.assessment_id, row))))
}
