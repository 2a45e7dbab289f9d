use super::{Layout, Row};
use crate::exchange::{Known, Pack};
use crate::progress::{CheckKind, LoadedCheck, LoadedCounts, LoadedSectorResult, SectorMetric};
use crate::quantity::{Mass, MassUnit, Rate};

pub(in crate::exchange) const PROGRESS_CHECK: Layout = Layout {
    columns: &["report_id", "region_code", "report_type", "reporting_year"],
    key: &["report_id"],
};
pub(in crate::exchange) const PROGRESS_SECTOR: Layout = Layout {
    columns: &["report_id", "sector_code", "metric", "value"],
    key: &["report_id", "sector_code", "metric"],
};

impl Row<'_> {
    pub fn progress_check(&mut self, pack: &Pack, known: &Known) -> Option<LoadedCheck> {
        let name = |text: &str| pack.external_id(text);
        let plan = self.reference("plan_id", &known.plans, name);
        if let Some(plan) = plan {
            self.same_region(plan, known);
        }
        self.required("reporting_year")?;
        Some(LoadedCheck {
            external_id: pack.external_id(&self.required("report_id")?),
            region: self.must_refer("region_code", &known.regions, str::to_owned)?,
            plan: plan.map(|plan| plan.id),
            year: self.int("reporting_year")?,
            kind: self.code("report_type", &CHECK_KINDS)?,
            reviewed_on: self.date("reviewed_on"),
            reviewers: self.organizations("reviewer_org_ids", pack, known),
            counts: self.counts(),
            grade: self.text("grade_ko"),
            summary: self.text("summary_ko"),
            citation: self.citation(pack, known),
        })
    }

    fn counts(&mut self) -> LoadedCounts {
        let kt = |text: &str| Mass::parse(text, MassUnit::Kt);
        let measures = [
            "measures_total",
            "measures_assessed",
            "measures_achieved",
            "measures_on_track",
            "measures_other",
        ];
        let reductions = ["goal_reduction_kt", "actual_reduction_kt"];
        LoadedCounts {
            measures: measures.map(|column| self.int(column)),
            good_share: self.parsed("achieved_or_on_track_pct", Rate::parse),
            reductions: reductions.map(|column| self.parsed(column, kt)),
            achievement_rate: self.parsed("achievement_pct", Rate::parse),
        }
    }

    pub fn progress_sector(&mut self, pack: &Pack, known: &Known) -> Option<LoadedSectorResult> {
        let check = self.must_refer("report_id", &known.checks, |text| pack.external_id(text));
        let sector = self.must_refer("sector_code", &known.sectors, str::to_owned);
        let metric = self.code("metric", &SECTOR_METRICS);
        let value = self.required("value").and_then(|_| match metric? {
            SectorMetric::Rate => self.parsed("value", Rate::parse).map(|rate| rate.0),
            SectorMetric::Goal | SectorMetric::Actual => {
                self.parsed("value", |text| Mass::parse(text, MassUnit::Kt)).map(|mass| mass.0)
            }
        });
        Some(LoadedSectorResult {
            check: check?,
            sector: sector?,
            metric: metric?,
            value: value?,
            citation: self.citation(pack, known),
        })
    }
}

const CHECK_KINDS: [(&str, CheckKind); 6] = [
    ("basic_plan", CheckKind::BasicPlan),
    ("response_foundation", CheckKind::ResponseBase),
    ("adaptation", CheckKind::Adaptation),
    ("public_sector_scheme", CheckKind::PublicSector),
    ("annual_result", CheckKind::AnnualResult),
    ("external_rating", CheckKind::ExternalRating),
];
const SECTOR_METRICS: [(&str, SectorMetric); 3] = [
    ("goal_reduction_kt", SectorMetric::Goal),
    ("actual_reduction_kt", SectorMetric::Actual),
    ("achievement_pct", SectorMetric::Rate),
];
