//! One line to cite a figure by: what it was taken from, as of which state of this service, and how
//! sure it is.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Provenance, Source};
use crate::access::Access;
use crate::error::Result;
use crate::history::Revision;
use crate::message::{self, Lang};

/// A line to cite a figure by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CitationLine {
    /// In Korean.
    pub ko: String,
    /// In English.
    pub en: String,
}

impl CitationLine {
    /// The line in a language.
    pub fn into_lang(self, lang: Lang) -> String {
        match lang {
            Lang::Ko => self.ko,
            Lang::En => self.en,
        }
    }
}

/// The state of the service that an answer shows.
#[derive(Clone, Debug)]
pub struct AsOf {
    revision: Revision,
    /// The day that revision was made, in UTC.
    day: String,
}

impl AsOf {
    /// What the answers of this access show.
    pub async fn of(access: &Access) -> Result<Self> {
        let reading = access.db().await?;
        let day = reading.at().to_string().chars().take(10).collect();
        Ok(Self { revision: reading.revision(), day })
    }
}

impl Provenance {
    /// The line to cite by, with these as its sources; none where nothing is known of where it comes
    /// from.
    pub fn line(&self, sources: &[Source], as_of: &AsOf) -> Option<CitationLine> {
        if sources.is_empty() && self.confidence.is_none() && self.derivation.is_none() {
            return None;
        }
        let line = |lang| self.in_lang(lang, sources, as_of);
        Some(CitationLine { ko: line(Lang::Ko), en: line(Lang::En) })
    }

    fn in_lang(&self, lang: Lang, sources: &[Source], as_of: &AsOf) -> String {
        let says = |text: message::Text| text.in_lang(lang).to_owned();
        let mut parts: Vec<String> = sources.iter().map(|source| cited(source, lang)).collect();
        if parts.is_empty() {
            parts.push(says(message::without_source()));
        }
        parts.push(says(message::as_of(as_of.revision.0, &as_of.day)));
        let kinds = [
            self.approximate.then(message::approximately),
            self.derivation.as_deref().map(|how| message::derived(one_line(how).as_str())),
            self.confidence.map(|grade| message::confidence(&format!("{grade:?}"))),
        ];
        let kinds: Vec<String> = kinds.into_iter().flatten().map(says).collect();
        if !kinds.is_empty() {
            parts.push(kinds.join(", "));
        }
        parts.join("; ")
    }
}

/// Publisher, title, date, licence, address: as far as they are known.
fn cited(source: &Source, lang: Lang) -> String {
    let title = one_line(&source.title);
    let title = match lang {
        Lang::Ko => format!("「{title}」"),
        Lang::En => format!("“{title}”"),
    };
    let parts = [
        source.publisher.as_deref().map(one_line),
        Some(title),
        source.published_on.as_ref().map(|date| date.text.clone()),
        source.licence.as_deref().map(one_line),
        source.url.as_ref().map(|url| url.0.clone()),
    ];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

/// A text without the breaks and the full stop that would end a line early.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches(['.', ',', ';']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::PartialDate;
    use crate::id::{Id as _, SourceId};
    use crate::source::Confidence;
    use crate::url::Url;

    fn source(title: &str, publisher: Option<&str>) -> Source {
        Source {
            id: SourceId::new(),
            external_id: None,
            title: title.to_owned(),
            publisher: publisher.map(str::to_owned),
            published_on: PartialDate::parse("2024-10").ok(),
            date_basis: None,
            url: Some(Url("https://example.com/1".to_owned())),
            kind: None,
            retrieved_on: None,
            licence: None,
            note: None,
            revision: Revision(1),
        }
    }

    #[test]
    fn a_line_has_what_is_known_and_no_stray_marks() {
        let as_of = AsOf { revision: Revision(42), day: "2026-11-24".to_owned() };
        let line = |provenance: &Provenance, sources: &[Source]| {
            provenance.line(sources, &as_of).map(|line| (line.en, line.ko))
        };
        assert_eq!(line(&Provenance::default(), &[]), None);
        let sure = Provenance { confidence: Some(Confidence::A), ..Provenance::default() };
        let two = [source("계획\n수립.", Some("전북일보")), source("Plan", None)];
        let (en, ko) = line(&sure, &two).expect("a line");
        assert_eq!(
            en,
            "전북일보, “계획 수립”, 2024-10, https://example.com/1; “Plan”, 2024-10, \
             https://example.com/1; as of revision 42 (2026-11-24); confidence A"
        );
        assert_eq!(
            ko,
            "전북일보, 「계획 수립」, 2024-10, https://example.com/1; 「Plan」, 2024-10, \
             https://example.com/1; 판 42(2026-11-24) 기준; 신뢰도 A"
        );
        let derived = Provenance {
            confidence: Some(Confidence::C),
            derivation: Some("1 - 2 = 3.".to_owned()),
            approximate: true,
            ..Provenance::default()
        };
        let (en, _) = line(&derived, &[]).expect("a line");
        assert_eq!(
            en,
            "without a stated source; as of revision 42 (2026-11-24); approximate, derived: \
             1 - 2 = 3, confidence C"
        );
    }
}
