use std::collections::HashMap;

use super::{Layout, Row, Table};
use crate::date::TimePeriod;
use crate::error::{Code, Error};
use crate::exchange::{Known, Pack};
use crate::indicator::{
    GoalKind, IndicatorDirection, LoadedGoal, LoadedIndicator, LoadedObservation, LoadedRef,
};
use crate::message;
use crate::name::Name;
use crate::quantity::{decimals_of, fixed};

pub(in crate::exchange) const INDICATOR: Layout = Layout {
    columns: &["indicator_id", "region_code", "name_ko", "unit", "direction"],
    key: &["indicator_id"],
};
pub(in crate::exchange) const GOAL: Layout = Layout {
    columns: &["indicator_id", "period", "value", "kind"],
    key: &["indicator_id", "period", "kind"],
};
pub(in crate::exchange) const OBSERVATION: Layout =
    Layout { columns: &["indicator_id", "period", "value"], key: &["indicator_id", "period"] };

/// How many digits behind the point the values of each indicator have in these files.
pub(in crate::exchange) fn decimals(tables: &[Option<Table>]) -> HashMap<String, i32> {
    let mut most: HashMap<String, i32> = HashMap::new();
    for (indicator, value) in
        tables.iter().flatten().flat_map(|table| table.both("indicator_id", "value"))
    {
        let digits = decimals_of(&value).unwrap_or_default().min(6);
        let known = most.entry(indicator).or_default();
        *known = (*known).max(i32::try_from(digits).unwrap_or_default());
    }
    most
}

impl Row<'_> {
    pub fn indicator(
        &mut self,
        pack: &Pack,
        known: &Known,
        decimals: &HashMap<String, i32>,
    ) -> Option<LoadedIndicator> {
        let name = |text: &str| pack.external_id(text);
        let region = self.must_refer("region_code", &known.regions, str::to_owned)?;
        let plan = self.reference("plan_id", &known.plans, name);
        if let Some(plan) = plan {
            self.same_region(plan, known);
        }
        let measure = self.reference("measure_id", &known.measures, name);
        if measure.is_some_and(|(_, of)| plan.map(|plan| plan.id) != Some(of)) {
            self.fault("measure_id", &Error::new(Code::Invalid, message::other_plan()));
        }
        let id = self.required("indicator_id")?;
        let place = self.required("region_code")?;
        let code = id.strip_prefix(&format!("I-{place}-")).unwrap_or(&id).to_owned();
        Some(LoadedIndicator {
            codes: [code.clone(), format!("{code}-{place}")],
            name: Name { ko: self.required("name_ko")?, en: self.text("name_en") },
            unit: self.required("unit")?,
            decimals: decimals.get(&id).copied().unwrap_or_default(),
            direction: self.code("direction", &DIRECTIONS)?,
            region,
            plan: plan.map(|plan| plan.id),
            measure: measure.map(|(id, _)| id),
            sector: self.reference("sector_code", &known.sectors, str::to_owned),
            citation: self.citation(pack, known),
            external_id: pack.external_id(&id),
        })
    }

    pub fn goal(&mut self, pack: &Pack, known: &Known) -> Option<LoadedGoal> {
        let (indicator, value) = self.measured(pack, known)?;
        Some(LoadedGoal {
            indicator,
            period: self.parsed("period", TimePeriod::parse),
            kind: self.code("kind", &GOAL_KINDS)?,
            value,
            citation: self.citation(pack, known),
        })
    }

    pub fn observation(&mut self, pack: &Pack, known: &Known) -> Option<LoadedObservation> {
        let (indicator, value) = self.measured(pack, known)?;
        self.required("period")?;
        Some(LoadedObservation {
            indicator,
            period: self.parsed("period", TimePeriod::parse)?,
            value,
            citation: self.citation(pack, known),
        })
    }

    fn measured(&mut self, pack: &Pack, known: &Known) -> Option<(LoadedRef, i64)> {
        let name = |text: &str| pack.external_id(text);
        let indicator = self.must_refer("indicator_id", &known.indicators, name)?;
        self.required("value")?;
        let value = self.parsed("value", |text| fixed(text, indicator.decimals))?;
        Some((indicator, value))
    }
}

const DIRECTIONS: [(&str, IndicatorDirection); 3] = [
    ("up", IndicatorDirection::Up),
    ("down", IndicatorDirection::Down),
    ("neutral", IndicatorDirection::Neutral),
];
const GOAL_KINDS: [(&str, GoalKind); 4] = [
    ("final", GoalKind::Final),
    ("annual", GoalKind::Annual),
    ("interim", GoalKind::Interim),
    ("legal", GoalKind::Legal),
];
