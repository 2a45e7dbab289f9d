use async_graphql::{InputObject, SimpleObject};
use entity::measure;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, Faults, Result};
use crate::input;
use crate::message;
use crate::quantity::{DecimalText, Quantity, decimals_of, fixed};

/// The most digits behind the point.
const DECIMALS: u32 = 6;

/// How much of what a measure will have done.
#[derive(Clone, Debug, PartialEq, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeasureQuantity {
    /// What it is to reach.
    pub goal: Option<Quantity>,
    /// By when.
    pub goal_year: Option<i32>,
    /// What it starts from.
    pub baseline: Option<Quantity>,
    /// Of which year that is.
    pub baseline_year: Option<i32>,
}

impl MeasureQuantity {
    pub(super) fn of(row: &measure::Model) -> Option<Self> {
        let decimals = u32::try_from(row.quantity_decimals).unwrap_or_default();
        let unit = row.quantity_unit.as_deref()?;
        let shown = |fixed: Option<i64>| fixed.map(|fixed| Quantity::of(fixed, decimals, unit));
        Some(Self {
            goal: shown(row.quantity_goal),
            goal_year: row.goal_year,
            baseline: shown(row.baseline_quantity),
            baseline_year: row.baseline_year,
        })
    }
}

/// How much of what a measure will have done, as a caller gives it: a goal or a baseline, up to 6
/// digits behind the point.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MeasureQuantityInput {
    /// What is counted, as `대`.
    pub unit: String,
    /// What it is to reach.
    pub goal: Option<DecimalText>,
    /// By when.
    pub goal_year: Option<i32>,
    /// What it starts from.
    pub baseline: Option<DecimalText>,
    /// Of which year that is.
    pub baseline_year: Option<i32>,
}

/// The same, checked: its columns.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// What is counted.
    pub unit: Option<String>,
    /// How many digits of the numbers lie behind the point.
    pub decimals: u32,
    /// What it is to reach, and by when.
    pub goal: (Option<i64>, Option<i32>),
    /// What it starts from, and when that was.
    pub baseline: (Option<i64>, Option<i32>),
}

impl Counted {
    pub(super) fn apply(self, row: &mut measure::Model) {
        row.quantity_unit = self.unit;
        row.quantity_decimals = i32::try_from(self.decimals).unwrap_or_default();
        (row.quantity_goal, row.goal_year) = self.goal;
        (row.baseline_quantity, row.baseline_year) = self.baseline;
    }
}

impl MeasureQuantityInput {
    pub(super) fn parse(&self) -> Result<Counted> {
        let mut faults = Faults::default();
        let unit = faults.at("unit", input::text(&self.unit, input::LABEL));
        let (goal, baseline) = (self.goal.as_ref(), self.baseline.as_ref());
        let given = || goal.into_iter().chain(baseline).map(|it| it.0.as_str());
        faults.rule(given().next().is_some(), "goal", message::no_quantity());
        let decimals = common_decimals(given());
        let number = |text: &DecimalText| fixed(&text.0, decimals);
        let goal = faults.maybe("goal", goal.map(number));
        let baseline = faults.maybe("baseline", baseline.map(number));
        let goal_year = faults.maybe("goalYear", self.goal_year.map(input::year));
        let baseline_year = faults.maybe("baselineYear", self.baseline_year.map(input::year));
        let faulty = faults.into_error();
        match (unit, goal.zip(goal_year), baseline.zip(baseline_year), faulty) {
            (unit @ Some(_), Some(goal), Some(baseline), None) => {
                Ok(Counted { unit, decimals, goal, baseline })
            }
            (.., faulty) => {
                Err(faulty.unwrap_or_else(|| Error::impossible("a value without a fault")))
            }
        }
    }
}

/// As many digits behind the point as the most exact of these numbers has.
pub fn common_decimals<'a>(numbers: impl Iterator<Item = &'a str>) -> u32 {
    numbers.filter_map(decimals_of).max().unwrap_or_default().min(DECIMALS)
}
