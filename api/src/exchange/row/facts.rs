use super::plan::boundary;
use super::{Layout, Row};
use crate::basis::{Accounting, Basis, Boundary};
use crate::date::TimePeriod;
use crate::error::{Code, Error};
use crate::exchange::{Known, Pack};
use crate::inventory::{Gas, LoadedEmission};
use crate::message;
use crate::quantity::{Mass, MassUnit, Rate, counted};
use crate::region::statistics::LoadedStatistic;
use crate::source::{Citation, FigureStatus};

pub(in crate::exchange) const STATISTIC: Layout = Layout {
    columns: &["region_code", "stat_code", "stat_name_ko", "period", "value", "unit"],
    key: &["region_code", "stat_code", "period"],
};
pub(in crate::exchange) const EMISSION: Layout =
    Layout { columns: &["region_code", "year", "sector_code", "gas", "emissions_kt"], key: &WHAT };

/// What a row of an inventory is about, and is known by: packs give these rows no names.
const WHAT: [&str; 6] = ["region_code", "year", "sector_code", "category_label_ko", "gas", "scope"];

impl Row<'_> {
    pub fn statistic(&mut self, pack: &Pack, known: &Known) -> Option<LoadedStatistic> {
        let citation = self.citation(pack, known);
        self.required("value")?;
        Some(LoadedStatistic {
            region: self.must_refer("region_code", &known.regions, str::to_owned)?,
            stat: self.required("stat_code")?,
            name: self.required("stat_name_ko")?,
            period: self.parsed("period", |text| Ok(TimePeriod::parse(text)?.text)),
            number: self.parsed("value", counted)?,
            unit: self.required("unit")?,
            citation,
        })
    }

    /// A row of an inventory. Its optional columns `status`, `reason`, `guideline`, `gwp_set` and
    /// `vintage` say what others leave to be worked out.
    pub fn emission(&mut self, pack: &Pack, known: &Known) -> Option<LoadedEmission> {
        let citation = self.citation(pack, known);
        let kt = |text: &str| Mass::parse(text, MassUnit::Kt);
        let (value, share) =
            (self.parsed("emissions_kt", kt), self.parsed("share_pct", Rate::parse));
        let status = self.status(&citation);
        self.number_or_notation(status);
        let sector = self.reference("sector_code", &known.sectors, str::to_owned);
        let label = self.text("category_label_ko");
        if sector.is_none() && label.is_none() {
            let error = Error::new(Code::Invalid, message::one_of_sector_or_label());
            self.fault("sector_code", &error);
        }
        let (scope, written) = (self.text("scope"), self.text("gas"));
        let (gas, says_more) = self.code("gas", &GASES)?;
        let name = WHAT.map(|column| self.text(column).unwrap_or_default());
        Some(LoadedEmission {
            external_id: pack.external_id(&name.join("/")),
            region: self.must_refer("region_code", &known.regions, str::to_owned)?,
            year: self.year("year"),
            sector,
            label,
            gas: (gas, written.filter(|_| says_more)),
            value,
            share,
            status: status?,
            reason: self.text("reason"),
            basis: self.basis(scope.as_deref()),
            reported_scope: scope,
            vintage: self.year("vintage"),
            citation,
        })
    }

    /// What a row says of itself; otherwise whether it was worked out.
    fn status(&mut self, citation: &Citation) -> Option<FigureStatus> {
        if self.text("status").is_some() {
            return self.code("status", &STATUSES);
        }
        let derived = citation.confidence == Some(entity::code::Confidence::C);
        Some(if derived { FigureStatus::Estimated } else { FigureStatus::Reported })
    }

    /// A notation key stands in the place of a number and has a reason.
    fn number_or_notation(&mut self, status: Option<FigureStatus>) {
        let Some(status) = status else { return };
        let numbers = [self.text("emissions_kt"), self.text("share_pct")];
        let (has_number, has_reason) =
            (numbers.iter().any(Option::is_some), self.text("reason").is_some());
        let (column, text) = match (status.is_notation(), has_number) {
            (true, true) => ("status", message::number_with_notation()),
            (true, false) if !has_reason => ("reason", message::required()),
            (false, false) => ("emissions_kt", message::number_or_notation()),
            (true, false) | (false, true) => return,
        };
        self.fault(column, &Error::new(Code::Invalid, text));
    }

    fn basis(&self, scope: Option<&str>) -> Basis {
        let scope = scope.unwrap_or_default();
        let guideline = GUIDELINES.into_iter().find(|name| scope.contains(name));
        Basis {
            boundary: match boundary(Some(scope)) {
                // The sectors that a province manages are those under its authority.
                _ if scope.starts_with("province-managed") => Boundary::Managed,
                other => other,
            },
            accounting: match scope {
                _ if scope.starts_with("production based") => Accounting::Production,
                _ if scope.starts_with("consumption based") => Accounting::Consumption,
                _ => Accounting::Unstated,
            },
            guideline: self.text("guideline").or_else(|| guideline.map(str::to_owned)),
            gwp_set: self.text("gwp_set"),
            ..Basis::default()
        }
    }
}

const GUIDELINES: [&str; 2] = ["IPCC 1996", "IPCC 2006"];

/// The words for gases, and whether they say more than the code.
const GASES: [(&str, (Gas, bool)); 11] = [
    ("CO2eq", (Gas::Co2eq, false)),
    ("CO2", (Gas::Co2, false)),
    ("CO2 (energy)", (Gas::Co2, true)),
    ("CO2 (other)", (Gas::Co2, true)),
    ("CH4", (Gas::Ch4, false)),
    ("N2O", (Gas::N2o, false)),
    ("HFCs", (Gas::Hfcs, false)),
    ("PFCs", (Gas::Pfcs, false)),
    ("SF6", (Gas::Sf6, false)),
    ("NF3", (Gas::Nf3, false)),
    ("F-gases", (Gas::FGases, true)),
];

const STATUSES: [(&str, FigureStatus); 12] = [
    ("final", FigureStatus::Final),
    ("provisional", FigureStatus::Provisional),
    ("reported", FigureStatus::Reported),
    ("estimated", FigureStatus::Estimated),
    ("illustrative", FigureStatus::Illustrative),
    ("not_reported", FigureStatus::NotReported),
    ("not_estimated", FigureStatus::NotEstimated),
    ("not_occurring", FigureStatus::NotOccurring),
    ("included_elsewhere", FigureStatus::IncludedElsewhere),
    ("confidential", FigureStatus::Confidential),
    ("pending", FigureStatus::Pending),
    ("not_applicable", FigureStatus::NotApplicable),
];
