use super::ObligationCode;
use crate::error::{Code, Error, Result};
use crate::id::{AnyId, Id as _, RegionId};
use crate::message;

/// What tells one duty from all others, for ever: whose, by which rule, for which cycle or year, and
/// for which making of that cycle's plan.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObligationKey {
    /// Whose.
    pub region: RegionId,
    /// By which rule.
    pub rule: ObligationCode,
    /// The cycle of the plan, or the year in which it is due.
    pub occurrence: i32,
    /// Which making of the plan: 1, and one more with each amendment in substance.
    pub pass: i32,
}

impl ObligationKey {
    /// What the id begins with, before the underscore.
    pub const PREFIX: &str = "obligation";

    /// The id as callers see it: `obligation_01j…_report_progress_2026`, and for an amended plan
    /// `obligation_01j…_submit_plan_1_2`.
    pub fn text(&self) -> String {
        let region = self.region.text();
        let region = region.trim_start_matches("region_");
        let rule = self.rule.text().to_ascii_lowercase();
        let first = format!("{}_{region}_{rule}_{}", Self::PREFIX, self.occurrence);
        if self.pass == 1 { first } else { format!("{first}_{}", self.pass) }
    }

    /// Reads what a caller wrote. `INVALID` for anything else than such an id.
    pub fn parse(text: &AnyId) -> Result<Self> {
        let read = || {
            let (region, rest) =
                text.0.strip_prefix(Self::PREFIX)?.strip_prefix('_')?.split_once('_')?;
            let (rest, last) = rest.rsplit_once('_')?;
            let (rule, occurrence, pass) = match rest.rsplit_once('_') {
                Some((rule, cycle)) if cycle.parse::<i32>().is_ok() => (rule, cycle, last),
                _ => (rest, last, "1"),
            };
            let key = Self {
                region: RegionId::parse(&AnyId(format!("region_{region}"))).ok()?,
                rule: ObligationCode::parse(rule)?,
                occurrence: occurrence.parse().ok()?,
                pass: pass.parse().ok()?,
            };
            // One duty has one id, not `…_02026` or `…_1_1` as well.
            (key.text() == text.0).then_some(key)
        };
        read().ok_or_else(|| Error::new(Code::Invalid, message::malformed_obligation()))
    }

    /// The same, its fault at a field.
    pub fn parse_at(field: &str, text: &AnyId) -> Result<Self> {
        Self::parse(text).map_err(|error| error.at(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_itself_and_nothing_else_is_one() {
        let region = RegionId::new();
        let report = ObligationKey {
            region,
            rule: ObligationCode::ReportProgressToCouncil,
            occurrence: 2026,
            pass: 1,
        };
        let amended =
            ObligationKey { region, rule: ObligationCode::SubmitPlan, occurrence: 1, pass: 2 };
        for key in [&report, &amended] {
            assert_eq!(ObligationKey::parse(&AnyId(key.text())).as_ref().ok(), Some(key));
        }
        assert!(amended.text().ends_with("_submit_plan_1_2"), "{}", amended.text());
        let text = report.text();
        for wrong in [
            String::new(),
            text.replace("2026", "02026"),
            text.replace("report", "REPORT"),
            text.replace("_2026", ""),
            text.replace("_2026", "_2026_1"),
            text.replace("obligation_", "region_"),
            text.replace("council", "nobody"),
            amended.text().replace("_1_2", "_1_02"),
            amended.text().replace("_1_2", "_1_2_3"),
        ] {
            assert!(ObligationKey::parse(&AnyId(wrong.clone())).is_err(), "{wrong}");
        }
    }
}
