use entity::code::Metric;
use uuid::Uuid;

use super::{Layout, Row, list};
use crate::basis::Boundary;
use crate::error::{Code, Error};
use crate::exchange::{Known, Pack, PlanRef};
use crate::plan::{LoadedPlan, LoadedPlanSector, LoadedReport, PlanKind};
use crate::quantity::{Mass, MassUnit, Rate, Won};
use crate::target::{LoadedFigure, LoadedTarget, TargetKind};
use crate::{input, message};

pub(in crate::exchange) const PLAN: Layout =
    Layout { columns: &["plan_id", "region_code", "title_ko", "plan_kind"], key: &["plan_id"] };
pub(in crate::exchange) const PLAN_SECTOR: Layout =
    Layout { columns: &["plan_id", "sector_code", "label_ko"], key: &["plan_id", "sector_code"] };
pub(in crate::exchange) const TARGET: Layout = Layout {
    columns: &["target_id", "plan_id", "target_year", "metric", "value", "kind"],
    key: &["target_id"],
};

impl Row<'_> {
    pub fn plan(&mut self, pack: &Pack, known: &Known) -> Option<LoadedPlan> {
        let kt = |text: &str| Mass::parse(text, MassUnit::Kt);
        let scope = self.text("emissions_scope");
        let (contractors, contractor_refs) = self.contractors(pack, known);
        Some(LoadedPlan {
            external_id: pack.external_id(&self.required("plan_id")?),
            region: self.must_refer("region_code", &known.regions, str::to_owned)?,
            title: self.title("title_ko")?,
            kind: self.code("plan_kind", &PLAN_KINDS)?,
            round: self.int("plan_round").unwrap_or(1),
            period: self.period(),
            base_year: self.year("base_year"),
            vision: self.words("vision_ko", input::TEXT),
            boundary: boundary(scope.as_deref()),
            reported: LoadedReport {
                status: self.text("status"),
                measures: self.count("measures_count"),
                sectors: self.count("sectors_count"),
                budget: self.parsed("budget_billion_krw", Won::parse_billions),
                scope,
                base: self.parsed("base_emissions_kt", kt),
                target_year: self.year("target_year"),
                target: self.parsed("target_emissions_kt", kt),
                reduction: self.parsed("reduction_kt", kt),
                reduction_rate: self.parsed("reduction_pct", Rate::parse),
            },
            contractors,
            contractor_refs,
            dates: ["work_started_on", "deliberated_on", "announced_on"].map(|it| self.date(it)),
            citation: self.citation(pack, known),
        })
    }

    /// The contractors that are known, and the names of those that are not, which are kept.
    fn contractors(&mut self, pack: &Pack, known: &Known) -> (Vec<Uuid>, Vec<String>) {
        let (mut found, mut refs) = (Vec::new(), Vec::new());
        for name in list(&self.text("contractor_org_ids").unwrap_or_default()) {
            match known.organizations.get(&pack.external_id(&name)) {
                Some(id) if found.contains(id) => {}
                Some(id) => found.push(*id),
                None => refs.push(name),
            }
        }
        let kept = refs.iter().map(|name| ("contractor_org_ids".to_owned(), name.clone()));
        self.kept.extend(kept);
        (found, refs)
    }

    fn period(&mut self) -> (Option<i32>, Option<i32>) {
        let (start, end) = (self.year("period_start"), self.year("period_end"));
        if start.zip(end).is_some_and(|(start, end)| end < start) {
            self.fault("period_end", &Error::new(Code::Invalid, message::end_before_start()));
        }
        (start, end)
    }

    pub fn plan_sector(&mut self, pack: &Pack, known: &Known) -> Option<LoadedPlanSector> {
        let plan = self.must_refer("plan_id", &known.plans, |text| pack.external_id(text))?;
        Some(LoadedPlanSector {
            plan: plan.id,
            sector: self.must_refer("sector_code", &known.sectors, str::to_owned)?,
            label: self.title("label_ko")?,
            reported_measures: self.count("measures_count"),
            citation: self.citation(pack, known),
        })
    }

    pub fn target(&mut self, pack: &Pack, known: &Known) -> Option<LoadedTarget> {
        let plan = self.must_refer("plan_id", &known.plans, |text| pack.external_id(text))?;
        self.same_region(plan, known);
        let sector = self.reference("sector_code", &known.sectors, str::to_owned);
        let label = self.words("scope_label_ko", input::TITLE);
        if sector.is_none() && label.is_none() {
            self.fault(
                "sector_code",
                &Error::new(Code::Invalid, message::one_of_sector_or_label()),
            );
        }
        let (metric, is_rate) = self.code("metric", &METRICS)?;
        let value = self.required("value").and_then(|_| match is_rate {
            true => self.parsed("value", Rate::parse).map(|rate| rate.0),
            false => {
                self.parsed("value", |text| Mass::parse(text, MassUnit::Kt)).map(|mass| mass.0)
            }
        });
        let external_id = pack.external_id(&self.required("target_id")?);
        let citation = self.citation(pack, known);
        self.required("target_year")?;
        Some(LoadedTarget {
            plan: plan.id,
            boundary: plan.boundary,
            sector,
            label,
            year: self.year("target_year")?,
            base_year: self.year("base_year"),
            kind: self.code("kind", &TARGET_KINDS)?,
            stated_on: self.date("stated_on"),
            figure: LoadedFigure { external_id, metric, value: value?, citation },
        })
    }

    /// A target's region is its plan's, where the row names one.
    pub(super) fn same_region(&mut self, plan: PlanRef, known: &Known) {
        let region: Option<Uuid> = self.reference("region_code", &known.regions, str::to_owned);
        if region.is_some_and(|region| region != plan.region) {
            self.fault("region_code", &Error::new(Code::Invalid, message::other_region()));
        }
    }
}

/// What the words of a source say of whose emissions are meant.
pub(super) fn boundary(scope: Option<&str>) -> Boundary {
    match scope {
        Some(scope) if scope.starts_with("관리권한") => Boundary::Managed,
        Some(scope) if scope.starts_with("total") => Boundary::Total,
        _ => Boundary::Unstated,
    }
}

const PLAN_KINDS: [(&str, PlanKind); 3] = [
    ("national_basic", PlanKind::NationalBasic),
    ("province_basic", PlanKind::ProvinceBasic),
    ("municipal_basic", PlanKind::MunicipalBasic),
];
const METRICS: [(&str, (Metric, bool)); 7] = [
    ("base_kt", (Metric::Base, false)),
    ("emissions_kt", (Metric::Target, false)),
    ("gross_emissions_kt", (Metric::GrossTarget, false)),
    ("reduction_kt", (Metric::Reduction, false)),
    ("removals_kt", (Metric::Removals, false)),
    ("reduction_pct", (Metric::ReductionRate, true)),
    ("share_of_reduction_pct", (Metric::ShareOfReduction, true)),
];
const TARGET_KINDS: [(&str, TargetKind); 8] = [
    ("final", TargetKind::Final),
    ("annual", TargetKind::Annual),
    ("interim", TargetKind::Interim),
    ("draft", TargetKind::Draft),
    ("candidate", TargetKind::Candidate),
    ("superseded", TargetKind::Superseded),
    ("restated", TargetKind::Restated),
    ("as_printed", TargetKind::AsPrinted),
];
