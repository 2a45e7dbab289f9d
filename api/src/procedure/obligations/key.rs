use super::ObligationCode;
use crate::error::{Code, Error, Result};
use crate::id::{AnyId, Id as _, RegionId};
use crate::message;

/// What tells one duty from all others, for ever: whose, by which rule, for which cycle or year.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObligationKey {
    /// Whose.
    pub region: RegionId,
    /// By which rule.
    pub rule: ObligationCode,
    /// The cycle of the plan, or the year in which it is due.
    pub occurrence: i32,
}

impl ObligationKey {
    /// What the id begins with, before the underscore.
    pub const PREFIX: &str = "obligation";

    /// The id as callers see it: `obligation_01j…_report_progress_2026`.
    pub fn text(&self) -> String {
        let region = self.region.text();
        let region = region.trim_start_matches("region_");
        let rule = self.rule.text().to_ascii_lowercase();
        format!("{}_{region}_{rule}_{}", Self::PREFIX, self.occurrence)
    }

    /// Reads what a caller wrote. `INVALID` for anything else than such an id.
    pub fn parse(text: &AnyId) -> Result<Self> {
        let read = || {
            let (region, rest) =
                text.0.strip_prefix(Self::PREFIX)?.strip_prefix('_')?.split_once('_')?;
            let (rule, occurrence) = rest.rsplit_once('_')?;
            let key = Self {
                region: RegionId::parse(&AnyId(format!("region_{region}"))).ok()?,
                rule: ObligationCode::parse(rule)?,
                occurrence: occurrence.parse().ok()?,
            };
            // One duty has one id, not `…_02026` as well.
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
        let key = ObligationKey {
            region: RegionId::new(),
            rule: ObligationCode::ReportProgressToCouncil,
            occurrence: 2026,
        };
        let text = key.text();
        assert_eq!(ObligationKey::parse(&AnyId(text.clone())).ok(), Some(key));
        for wrong in [
            String::new(),
            text.replace("2026", "02026"),
            text.replace("report", "REPORT"),
            text.replace("_2026", ""),
            text.replace("obligation_", "region_"),
            text.replace("council", "nobody"),
        ] {
            assert!(ObligationKey::parse(&AnyId(wrong.clone())).is_err(), "{wrong}");
        }
    }
}
