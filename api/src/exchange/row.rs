//! Rows of a pack's files, read column by column. What is wrong with a row is collected, so that
//! one reading of the report mends a file.

use std::collections::{HashMap, HashSet};

use csv::StringRecord;
use entity::code::{Confidence, Metric};
use uuid::Uuid;

use super::report::{FileReport, Kept, Rejection};
use super::{Known, Pack, PlanRef};
use crate::date::PartialDate;
use crate::error::{Code, Error, Result};
use crate::message;
use crate::name::Name;
use crate::plan::{Boundary, LoadedPlan, LoadedPlanSector, LoadedReport, PlanKind};
use crate::quantity::{Mass, MassUnit, Rate, Won};
use crate::region::{LoadedRegion, RegionKind, RegionLevel};
use crate::sector::{Jurisdiction, LoadedSector, SectorKind};
use crate::source::{Citation, LoadedSource};
use crate::target::{LoadedFigure, LoadedTarget, TargetKind};

/// The columns a file must have, and those that make a row one of its kind.
pub(super) struct Layout {
    columns: &'static [&'static str],
    key: &'static [&'static str],
}

pub(super) const SOURCE: Layout = Layout { columns: &["source_id", "title"], key: &["source_id"] };
pub(super) const REGION: Layout =
    Layout { columns: &["region_code", "name_ko", "level"], key: &["region_code"] };
pub(super) const SECTOR: Layout =
    Layout { columns: &["sector_code", "name_ko", "kind", "jurisdiction"], key: &["sector_code"] };
pub(super) const PLAN: Layout =
    Layout { columns: &["plan_id", "region_code", "title_ko", "plan_kind"], key: &["plan_id"] };
pub(super) const PLAN_SECTOR: Layout =
    Layout { columns: &["plan_id", "sector_code", "label_ko"], key: &["plan_id", "sector_code"] };
pub(super) const TARGET: Layout = Layout {
    columns: &["target_id", "plan_id", "target_year", "metric", "value", "kind"],
    key: &["target_id"],
};

/// A file, parsed.
pub(super) struct Table {
    header: HashMap<String, usize>,
    rows: Vec<(u64, StringRecord)>,
    report: FileReport,
}

impl Table {
    pub fn parse(file: &str, bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut report = FileReport { file: file.to_owned(), ..FileReport::default() };
        let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
        let header = match reader.headers() {
            Ok(header) => header.iter().enumerate().map(|(n, name)| (name.to_owned(), n)).collect(),
            Err(failure) => {
                report.rejected.push(unreadable(1, &failure));
                HashMap::new()
            }
        };
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => rows.push((record.position().map_or(0, csv::Position::line), record)),
                Err(failure) => {
                    let line = failure.position().map_or(0, csv::Position::line);
                    report.rejected.push(unreadable(line, &failure));
                }
            }
        }
        Self { header, rows, report }
    }

    /// The values of a column, with those that are known otherwise.
    pub fn column(&self, name: &str, known: Vec<String>) -> HashSet<String> {
        let place = self.header.get(name);
        let values = self.rows.iter().filter_map(|(_, row)| row.get(*place?).map(str::to_owned));
        known.into_iter().chain(values).collect()
    }

    /// The rows that can be read, and the report so far.
    pub fn read<T>(
        mut self,
        layout: &Layout,
        of: impl Fn(&mut Row<'_>) -> Option<T>,
    ) -> (Vec<T>, FileReport) {
        let missing = layout.columns.iter().filter(|column| !self.header.contains_key(**column));
        let missing = missing.map(|column| Rejection::new(1, column, &message::required()));
        let missing: Vec<Rejection> = missing.collect();
        if !missing.is_empty() {
            self.report.rejected.extend(missing);
            return (Vec::new(), self.report);
        }
        let mut read = Vec::new();
        let mut keys = HashSet::new();
        for (line, record) in &self.rows {
            let (header, faults, kept) = (&self.header, Vec::new(), Vec::new());
            let mut row = Row { header, record, faults, kept };
            let key: Vec<String> =
                layout.key.iter().map(|column| row.text(column).unwrap_or_default()).collect();
            let thing = of(&mut row);
            if !keys.insert(key) {
                row.fault(layout.key[0], &Error::new(Code::Conflict, message::taken()));
            }
            let Row { faults, kept, .. } = row;
            let kept =
                kept.into_iter().map(|(column, reference)| Kept { line: *line, column, reference });
            self.report.kept.extend(kept);
            match thing {
                Some(thing) if faults.is_empty() => read.push(thing),
                _ => {
                    let told = faults
                        .iter()
                        .map(|(column, error)| Rejection::new(*line, column, error.text()));
                    self.report.rejected.extend(told);
                }
            }
        }
        (read, self.report)
    }
}

fn unreadable(line: u64, failure: &csv::Error) -> Rejection {
    Rejection::new(line, "*", &message::unparsable(&failure.to_string()))
}

/// One row, and what is wrong with it so far.
pub(super) struct Row<'a> {
    header: &'a HashMap<String, usize>,
    record: &'a StringRecord,
    faults: Vec<(String, Error)>,
    kept: Vec<(String, String)>,
}

impl Row<'_> {
    fn fault(&mut self, column: &str, error: &Error) {
        self.faults.push((column.to_owned(), error.clone()));
    }

    /// A cell; an empty one is none.
    fn text(&self, column: &str) -> Option<String> {
        let cell = self.record.get(*self.header.get(column)?)?.trim();
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    fn required(&mut self, column: &str) -> Option<String> {
        let text = self.text(column);
        if text.is_none() {
            self.fault(column, &Error::new(Code::Invalid, message::required()));
        }
        text
    }

    /// A cell that says something of a kind: absent is fine, wrong is not.
    fn parsed<T>(&mut self, column: &str, parse: impl Fn(&str) -> Result<T>) -> Option<T> {
        match parse(&self.text(column)?) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(column, &error);
                None
            }
        }
    }

    fn int(&mut self, column: &str) -> Option<i32> {
        self.parsed(column, |text| {
            text.parse().map_err(|_| Error::new(Code::Invalid, message::not_a_number()))
        })
    }

    fn date(&mut self, column: &str) -> Option<PartialDate> {
        self.parsed(column, PartialDate::parse)
    }

    /// One of a list of codes.
    fn code<T: Copy>(&mut self, column: &str, codes: &[(&str, T)]) -> Option<T> {
        let text = self.required(column)?;
        let found = codes.iter().find(|(code, _)| *code == text).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&str> = codes.iter().map(|(code, _)| *code).collect();
            let text = message::did_you_mean(&known.join(", "));
            self.fault(column, &Error::new(Code::Invalid, text));
        }
        found
    }

    /// Something another file brings, by the name it has there.
    fn reference<T: Clone>(
        &mut self,
        column: &str,
        known: &HashMap<String, T>,
        name: impl Fn(&str) -> String,
    ) -> Option<T> {
        let text = self.text(column)?;
        let found = known.get(&name(&text)).cloned();
        if found.is_none() {
            self.fault(column, &Error::not_found(&text));
        }
        found
    }

    fn must_refer<T: Clone>(
        &mut self,
        column: &str,
        known: &HashMap<String, T>,
        name: impl Fn(&str) -> String,
    ) -> Option<T> {
        self.required(column)?;
        self.reference(column, known, name)
    }

    fn citation(&mut self, pack: &Pack, known: &Known) -> Citation {
        let name = |text: &str| pack.external_id(text);
        let cited =
            ["source_id", "source_id_2"].map(|column| self.reference(column, &known.sources, name));
        let confidence = match self.text("confidence") {
            None => None,
            Some(_) => self.code(
                "confidence",
                &[("A", Confidence::A), ("B", Confidence::B), ("C", Confidence::C)],
            ),
        };
        let (derivation, note) = (self.text("formula"), self.text("note"));
        let approximate = self.text("is_approximate").as_deref() == Some("1");
        Citation { cited, confidence, derivation, note, approximate }
    }

    pub fn source(&mut self, pack: &Pack) -> Option<LoadedSource> {
        Some(LoadedSource {
            external_id: pack.external_id(&self.required("source_id")?),
            title: self.required("title")?,
            publisher: self.text("publisher"),
            url: self.text("url"),
            published_on: self.date("published_on"),
            date_basis: self.text("date_basis"),
            kind: self.text("kind"),
            retrieved_on: self.date("retrieved_on"),
            note: self.text("note"),
        })
    }

    pub fn region(
        &mut self,
        pack: &Pack,
        known: &Known,
        codes: &HashSet<String>,
    ) -> Option<LoadedRegion> {
        let (level, kind) = self.code("level", &REGION_LEVELS)?;
        let parent = self.text("parent_code");
        if let Some(parent) = parent.as_ref().filter(|parent| !codes.contains(*parent)) {
            self.fault("parent_code", &Error::not_found(parent));
        }
        let degrees = |text: &str| crate::quantity::fixed(text, 6);
        let point = self.parsed("lat", degrees).zip(self.parsed("lon", degrees));
        Some(LoadedRegion {
            code: self.required("region_code")?,
            name: Name { ko: self.required("name_ko")?, en: self.text("name_en") },
            level,
            kind,
            parent,
            former_code: self.text("legacy_region_code"),
            legal_dong_code: self.text("legal_dong_code"),
            zone: self.text("zone"),
            point,
            valid_from: self.date("valid_from"),
            citation: self.citation(pack, known),
        })
    }

    pub fn sector(&mut self, pack: &Pack, known: &Known) -> Option<LoadedSector> {
        let aliases = self.text("aliases_ko").unwrap_or_default();
        Some(LoadedSector {
            code: self.required("sector_code")?,
            name: Name { ko: self.required("name_ko")?, en: self.text("name_en") },
            aliases: list(&aliases),
            kind: self.code("kind", &SECTOR_KINDS)?,
            jurisdiction: self.code("jurisdiction", &JURISDICTIONS)?,
            sort_order: self.int("sort_order").unwrap_or(i32::MAX),
            citation: self.citation(pack, known),
        })
    }

    pub fn plan(&mut self, pack: &Pack, known: &Known) -> Option<LoadedPlan> {
        let kt = |text: &str| Mass::parse(text, MassUnit::Kt);
        let scope = self.text("emissions_scope");
        let contractors = list(&self.text("contractor_org_ids").unwrap_or_default());
        let kept = contractors.iter().map(|name| ("contractor_org_ids".to_owned(), name.clone()));
        self.kept.extend(kept);
        Some(LoadedPlan {
            external_id: pack.external_id(&self.required("plan_id")?),
            region: self.must_refer("region_code", &known.regions, str::to_owned)?,
            title: self.required("title_ko")?,
            kind: self.code("plan_kind", &PLAN_KINDS)?,
            round: self.int("plan_round").unwrap_or(1),
            period: (self.int("period_start"), self.int("period_end")),
            base_year: self.int("base_year"),
            vision: self.text("vision_ko"),
            boundary: boundary(scope.as_deref()),
            reported: LoadedReport {
                status: self.text("status"),
                measures: self.int("measures_count"),
                sectors: self.int("sectors_count"),
                budget: self.parsed("budget_billion_krw", Won::parse_billions),
                scope,
                base: self.parsed("base_emissions_kt", kt),
                target_year: self.int("target_year"),
                target: self.parsed("target_emissions_kt", kt),
                reduction: self.parsed("reduction_kt", kt),
                reduction_rate: self.parsed("reduction_pct", Rate::parse),
            },
            contractors,
            dates: ["work_started_on", "deliberated_on", "announced_on"].map(|it| self.date(it)),
            citation: self.citation(pack, known),
        })
    }

    pub fn plan_sector(&mut self, pack: &Pack, known: &Known) -> Option<LoadedPlanSector> {
        let plan = self.must_refer("plan_id", &known.plans, |text| pack.external_id(text))?;
        Some(LoadedPlanSector {
            plan: plan.id,
            sector: self.must_refer("sector_code", &known.sectors, str::to_owned)?,
            label: self.required("label_ko")?,
            reported_measures: self.int("measures_count"),
            citation: self.citation(pack, known),
        })
    }

    pub fn target(&mut self, pack: &Pack, known: &Known) -> Option<LoadedTarget> {
        let plan = self.must_refer("plan_id", &known.plans, |text| pack.external_id(text))?;
        self.same_region(plan, known);
        let sector = self.reference("sector_code", &known.sectors, str::to_owned);
        let label = self.text("scope_label_ko");
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
            year: self.int("target_year")?,
            base_year: self.int("base_year"),
            kind: self.code("kind", &TARGET_KINDS)?,
            stated_on: self.date("stated_on"),
            figure: LoadedFigure { external_id, metric, value: value?, citation },
        })
    }

    /// A target's region is its plan's, where the row names one.
    fn same_region(&mut self, plan: PlanRef, known: &Known) {
        let region: Option<Uuid> = self.reference("region_code", &known.regions, str::to_owned);
        if region.is_some_and(|region| region != plan.region) {
            self.fault("region_code", &Error::new(Code::Invalid, message::other_region()));
        }
    }
}

fn list(cell: &str) -> Vec<String> {
    cell.split(';').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// What the words of a source say of whose emissions are meant.
fn boundary(scope: Option<&str>) -> Boundary {
    match scope {
        Some(scope) if scope.starts_with("관리권한") => Boundary::Managed,
        Some(scope) if scope.starts_with("total") => Boundary::Total,
        _ => Boundary::Unstated,
    }
}

const REGION_LEVELS: [(&str, (RegionLevel, RegionKind)); 5] = [
    ("country", (RegionLevel::Nation, RegionKind::Nation)),
    ("province", (RegionLevel::Province, RegionKind::Province)),
    ("city", (RegionLevel::Municipality, RegionKind::Si)),
    ("county", (RegionLevel::Municipality, RegionKind::Gun)),
    ("district", (RegionLevel::District, RegionKind::Gu)),
];
const SECTOR_KINDS: [(&str, SectorKind); 4] = [
    ("reduction", SectorKind::Reduction),
    ("sink", SectorKind::Sink),
    ("foundation", SectorKind::Foundation),
    ("total", SectorKind::Total),
];
const JURISDICTIONS: [(&str, Jurisdiction); 3] = [
    ("local", Jurisdiction::Local),
    ("national", Jurisdiction::National),
    ("mixed", Jurisdiction::Mixed),
];
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
