use super::{Layout, Row};
use crate::error::{Code, Error};
use crate::exchange::{Known, Pack};
use crate::measure::{LoadedBudget, LoadedMeasure, MeasureFamily, MeasureStatus};
use crate::message;
use crate::quantity::{Won, decimals_of, fixed};

pub(in crate::exchange) const MEASURE: Layout =
    Layout { columns: &["measure_id", "plan_id", "name_ko", "status"], key: &["measure_id"] };

impl Row<'_> {
    pub fn measure(&mut self, pack: &Pack, known: &Known) -> Option<LoadedMeasure> {
        let plan = self.must_refer("plan_id", &known.plans, |text| pack.external_id(text))?;
        self.same_region(plan, known);
        let quantity = self.counted();
        let planned = self.parsed("budget_billion_krw", Won::parse_billions);
        let budget_year = self.int("budget_year");
        Some(LoadedMeasure {
            external_id: pack.external_id(&self.required("measure_id")?),
            plan: plan.id,
            sector: self.reference("sector_code", &known.sectors, str::to_owned),
            // The packs name no family: what they bring is meant to reduce.
            family: MeasureFamily::Mitigation,
            status: self.code("status", &MEASURE_STATUSES)?,
            reported_status: self.required("status")?,
            title: self.required("name_ko")?,
            description: self.text("description_ko"),
            quantity,
            years: [self.int("goal_year"), self.int("baseline_year")],
            budget: planned.map(|planned| LoadedBudget { year: budget_year, planned }),
            citation: self.citation(pack, known),
        })
    }

    /// The goal and the baseline, with what is counted.
    fn counted(&mut self) -> Option<(String, [Option<String>; 2])> {
        let numbers = ["quantity_goal", "baseline_quantity"].map(|column| {
            self.parsed(column, |text| {
                let digits = decimals_of(text).unwrap_or_default().min(6);
                fixed(text, digits).map(|_| text.to_owned())
            })
        });
        let unit = self.text("quantity_unit");
        if unit.is_none() && numbers.iter().any(Option::is_some) {
            self.fault("quantity_unit", &Error::new(Code::Invalid, message::required()));
        }
        Some((unit?, numbers))
    }
}

const MEASURE_STATUSES: [(&str, MeasureStatus); 7] = [
    ("planned", MeasureStatus::Planned),
    ("ongoing", MeasureStatus::Ongoing),
    ("done", MeasureStatus::Done),
    ("done_unknown", MeasureStatus::Ended),
    ("ended", MeasureStatus::Ended),
    ("stopped", MeasureStatus::Stopped),
    ("precursor", MeasureStatus::Precursor),
];
