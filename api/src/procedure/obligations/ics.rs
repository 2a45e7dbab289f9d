//! Calendars as other programs read them (RFC 5545).
//!
//! Written here, in a few lines: the libraries for it bring a second way to tell dates into the
//! house, for an output that has one kind of entry.

use std::fmt::Write as _;

use time::OffsetDateTime;

use crate::access::Timestamp;
use crate::date::Day;

/// Something that lasts whole days.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// The same for ever, for the same thing.
    pub uid: String,
    /// Its first day,
    pub from: Day,
    /// and its last.
    pub to: Day,
    pub summary: String,
    pub description: String,
    pub category: String,
}

/// The longest line, in bytes without its end.
const LINE: usize = 75;

/// A calendar of these events, as they were known at a time.
pub(super) fn calendar(name: &str, at: Timestamp, events: &[Event]) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| fold(&mut out, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Dure//Dure//KO");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    line("NAME", &escaped(name));
    line("X-WR-CALNAME", &escaped(name));
    for event in events {
        line("BEGIN", "VEVENT");
        line("UID", &event.uid);
        line("DTSTAMP", &moment(at));
        line("DTSTART;VALUE=DATE", &date(Some(event.from)));
        // The end is the first day that is no longer in it.
        line("DTEND;VALUE=DATE", &date(event.to.0.next_day().map(Day)));
        line("SUMMARY", &escaped(&event.summary));
        line("DESCRIPTION", &escaped(&event.description));
        line("CATEGORIES", &escaped(&event.category));
        line("TRANSP", "TRANSPARENT");
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    out
}

fn date(day: Option<Day>) -> String {
    day.map(|day| day.to_string().replace('-', "")).unwrap_or_default()
}

fn moment(at: Timestamp) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at.seconds());
    let at = at.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (hour, minute, second) = at.to_hms();
    format!("{}T{hour:02}{minute:02}{second:02}Z", date(Some(Day(at.date()))))
}

/// A text as a value: what has a meaning of its own is escaped, other control characters go.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => {
                let _ = write!(out, "\\{letter}");
            }
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push(' '),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// One line, in pieces of 75 bytes: each further one begins with a blank, and none ends within a
/// letter.
fn fold(out: &mut String, line: &str) {
    let mut room = LINE;
    for letter in line.chars() {
        if letter.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE - 1;
        }
        out.push(letter);
        room -= letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_and_unfold_to_what_they_were() {
        let text = "전주시, 기본계획; 제출\\보고\n둘째 줄".repeat(9);
        let mut out = String::new();
        fold(&mut out, &format!("SUMMARY:{}", escaped(&text)));
        assert!(out.ends_with("\r\n") && out.lines().count() > 3);
        assert!(out.split("\r\n").all(|line| line.len() <= LINE), "{out}");
        let unfolded = out.trim_end().replace("\r\n ", "");
        assert_eq!(unfolded, format!("SUMMARY:{}", escaped(&text)));
        assert_eq!(escaped("a, b; c\\d\r\ne\u{7}"), "a\\, b\\; c\\\\d\\ne");
    }
}
