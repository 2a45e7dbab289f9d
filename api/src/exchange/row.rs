//! Rows of a pack's files, read column by column. What is wrong with a row is collected, so that
//! one reading of the report mends a file.

mod facts;
mod indicator;
mod measure;
mod plan;
mod process;
mod progress;
mod reference;

use std::collections::{HashMap, HashSet};

use super::report::{FileReport, Kept, Rejection};
use super::{Known, Pack};
use crate::date::PartialDate;
use crate::error::{Code, Error, Result};
use crate::source::Citation;
use crate::{input, message};
use csv::StringRecord;
use entity::code::Confidence;

pub(super) use facts::{EMISSION, STATISTIC};
pub(super) use indicator::{GOAL, INDICATOR, OBSERVATION, decimals};
pub(super) use measure::MEASURE;
pub(super) use plan::{PLAN, PLAN_SECTOR, TARGET};
pub(super) use process::{FORUM, FORUM_SESSION, ISSUE, MILESTONE};
pub(super) use progress::{PROGRESS_CHECK, PROGRESS_SECTOR};
pub(super) use reference::{ORGANIZATION, REGION, SECTOR, SOURCE};

/// The columns a file must have, and those that make a row one of its kind.
pub(super) struct Layout {
    columns: &'static [&'static str],
    key: &'static [&'static str],
}

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

    /// The values of one column by those of another; an empty one is a value, too.
    pub fn pairs(&self, key: &str, value: &str) -> HashMap<String, String> {
        let cell = |row: &StringRecord, name: &str| {
            Some(row.get(*self.header.get(name)?)?.trim().to_owned())
        };
        let pair = |row| Some((cell(row, key)?, cell(row, value).unwrap_or_default()));
        self.rows.iter().filter_map(|(_, row)| pair(row)).collect()
    }

    /// The values of two columns, row by row.
    fn both(&self, one: &str, other: &str) -> Vec<(String, String)> {
        let places = self.header.get(one).zip(self.header.get(other));
        let pair = |(_, row): &(u64, StringRecord)| {
            let (one, other) = places?;
            Some((row.get(*one)?.to_owned(), row.get(*other)?.to_owned()))
        };
        self.rows.iter().filter_map(pair).collect()
    }

    /// The rows that can be read, and the report so far.
    pub fn read<T>(
        mut self,
        layout: &Layout,
        mut of: impl FnMut(&mut Row<'_>) -> Option<T>,
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
            row.only_once(keys.insert(key), layout.key[0]);
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
pub(in crate::exchange) struct Row<'a> {
    header: &'a HashMap<String, usize>,
    record: &'a StringRecord,
    faults: Vec<(String, Error)>,
    kept: Vec<(String, String)>,
}

impl Row<'_> {
    fn fault(&mut self, column: &str, error: &Error) {
        self.faults.push((column.to_owned(), error.clone()));
    }

    /// What no two rows may both say: `first` is whether this one is the first to say it.
    pub fn only_once(&mut self, first: bool, column: &str) {
        if !first {
            self.fault(column, &Error::new(Code::Conflict, message::taken()));
        }
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

    /// A cell that people read: no control characters, no longer than others may write it.
    fn words(&mut self, column: &str, max: usize) -> Option<String> {
        self.parsed(column, |text| input::text(text, max))
    }

    /// A name or title that must be there.
    fn title(&mut self, column: &str) -> Option<String> {
        self.required(column)?;
        self.words(column, input::TITLE)
    }

    fn year(&mut self, column: &str) -> Option<i32> {
        self.parsed(column, |text| {
            let number =
                text.parse().map_err(|_| Error::new(Code::Invalid, message::not_a_number()))?;
            input::year(number)
        })
    }

    /// A number of things, none of which is less than none.
    fn count(&mut self, column: &str) -> Option<i32> {
        let count = self.int(column);
        if count.is_some_and(|count| count < 0) {
            self.fault(column, &Error::new(Code::Invalid, message::negative()));
        }
        count
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
        let derivation = self.words("formula", input::TEXT);
        let note = self.words("note", input::TEXT);
        let approximate = self.text("is_approximate").as_deref() == Some("1");
        Citation { cited, confidence, derivation, note, approximate }
    }
}

fn list(cell: &str) -> Vec<String> {
    cell.split(';').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}
