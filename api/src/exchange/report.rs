use serde::Serialize;

use super::Pack;
use crate::message::{Lang, Text};

/// What became of a pack.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The pack's name, which the names of its things begin with.
    pub pack: String,
    /// Whether it was loaded; if not, nothing of it was.
    pub loaded: bool,
    /// Each file that was read.
    pub files: Vec<FileReport>,
    /// The files of kinds that this version does not load.
    pub skipped: Vec<String>,
}

/// What became of the rows of a file.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileReport {
    /// Its name.
    pub file: String,
    /// How many rows are new.
    pub created: usize,
    /// How many have other values than before.
    pub updated: usize,
    /// How many are as they were.
    pub unchanged: usize,
    /// The rows that cannot be loaded.
    pub rejected: Vec<Rejection>,
    /// What rows refer to that the service does not hold yet; kept as it is written.
    pub kept: Vec<Kept>,
}

/// A row that cannot be loaded, and why.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rejection {
    /// The line it begins on; the header is line 1.
    pub line: u64,
    /// Which column is at fault.
    pub column: String,
    /// Why, in Korean.
    pub reason_ko: String,
    /// Why, in English.
    pub reason: String,
}

/// A reference to something of a kind that is not there yet.
#[derive(Clone, Debug, Serialize)]
pub struct Kept {
    /// The line.
    pub line: u64,
    /// The column.
    pub column: String,
    /// What it refers to.
    pub reference: String,
}

impl Report {
    pub(super) fn new(pack: &Pack) -> Self {
        let skipped = pack.files.keys().filter(|file| !KNOWN.contains(&file.as_str())).cloned();
        Self { pack: pack.name.clone(), skipped: skipped.collect(), ..Self::default() }
    }

    /// The report for people.
    pub fn told(&self, lang: Lang) -> String {
        let mut lines = Vec::new();
        for file in &self.files {
            let FileReport { file, created, updated, unchanged, rejected, kept } = file;
            lines.push(format!(
                "{file:<20} {created:>5} created {updated:>5} updated {unchanged:>5} unchanged \
                 {:>5} rejected",
                rejected.len(),
            ));
            lines.extend(rejected.iter().map(|Rejection { line, column, reason_ko, reason }| {
                let reason = if lang == Lang::Ko { reason_ko } else { reason };
                format!("  line {line}, {column}: {reason}")
            }));
            lines.extend(kept.iter().map(|Kept { line, column, reference }| {
                format!("  line {line}, {column}: {reference} is not held yet; kept as written")
            }));
        }
        lines.extend(
            self.skipped.iter().map(|file| format!("{file:<20} not loaded by this version")),
        );
        lines.push(if self.loaded {
            format!("pack {} loaded", self.pack)
        } else {
            format!("pack {} not loaded: nothing was changed", self.pack)
        });
        lines.join("\n")
    }
}

impl Rejection {
    pub(super) fn new(line: u64, column: &str, text: &Text) -> Self {
        Self {
            line,
            column: column.to_owned(),
            reason_ko: text.in_lang(Lang::Ko).to_owned(),
            reason: text.in_lang(Lang::En).to_owned(),
        }
    }
}

const KNOWN: [&str; 19] = [
    "sources.csv",
    "regions.csv",
    "organizations.csv",
    "sectors.csv",
    "region_statistics.csv",
    "emissions.csv",
    "plans.csv",
    "plan_sectors.csv",
    "targets.csv",
    "measures.csv",
    "procedure_events.csv",
    "progress_reports.csv",
    "progress_sector_results.csv",
    "issues.csv",
    "forums.csv",
    "forum_sessions.csv",
    "indicators.csv",
    "indicator_goals.csv",
    "indicator_observations.csv",
];
