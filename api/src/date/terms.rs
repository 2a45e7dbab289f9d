//! How the law counts (Civil Act, Art. 155 to 161): periods in months, days that offices do not
//! work, days that end at midnight in Seoul.

use time::{Date, Month, Weekday};

use super::{Day, PartialDate, Precision, holidays};

/// The last day of a period of so many months after an event. The day of the event does not count
/// (Art. 157), so the period begins with the next one and ends the day before the same day of its
/// last month, or with that month where it has no such day (Art. 160).
pub fn months_after(event: Day, months: u8) -> Option<Day> {
    let first = event.0.next_day()?;
    let all = i64::from(first.year()) * 12 + i64::from(u8::from(first.month())) - 1;
    let all = all + i64::from(months);
    let year = i32::try_from(all.div_euclid(12)).ok()?;
    let month = Month::try_from(u8::try_from(all.rem_euclid(12) + 1).ok()?).ok()?;
    match Date::from_calendar_date(year, month, first.day()) {
        Ok(same) => same.previous_day().map(Day),
        Err(_) => Date::from_calendar_date(year, month, month.length(year)).ok().map(Day),
    }
}

/// The same after a date of which a part may be unknown, and as precise: a month after a month is
/// a month. Months after a year that is known alone end, at the latest, in this month.
pub fn period_after(event: &PartialDate, months: u8) -> Option<PartialDate> {
    let last = months_after(event.to, months)?;
    let (year, month, _) = last.0.to_calendar_date();
    let text = match event.precision {
        Precision::Day => last.to_string(),
        Precision::Year if months.is_multiple_of(12) => format!("{year:04}"),
        Precision::Month | Precision::Year => format!("{year:04}-{:02}", u8::from(month)),
    };
    PartialDate::parse(&text).ok()
}

/// A day, or the next one on which offices work (Art. 161).
pub fn working_day(day: Day) -> Day {
    let rests = |day: Date| {
        matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) || holidays::is_holiday(day)
    };
    let mut day = day.0;
    while rests(day) {
        let Some(next) = day.next_day() else { break };
        day = next;
    }
    Day(day)
}

/// A day, as a date of which everything is known.
pub fn whole(day: Day) -> PartialDate {
    PartialDate { text: day.to_string(), from: day, to: day, precision: Precision::Day }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Day> {
        Day::parse(text).ok()
    }

    #[test]
    fn a_month_ends_as_the_civil_act_has_it() {
        for (event, months, last) in [
            ("2025-04-17", 1, "2025-05-17"),
            ("2025-01-30", 1, "2025-02-28"),
            ("2025-01-31", 1, "2025-02-28"),
            ("2024-01-31", 1, "2024-02-29"),
            // It begins with the first of March, so it is all of March.
            ("2025-02-28", 1, "2025-03-31"),
            ("2024-02-28", 12, "2025-02-28"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2023-02-28", 12, "2024-02-29"),
            ("2025-12-31", 1, "2026-01-31"),
            ("2026-08-31", 6, "2027-02-28"),
        ] {
            let found = day(event).and_then(|event| months_after(event, months));
            assert_eq!(found, day(last), "{months} months after {event}");
        }
    }

    #[test]
    fn what_follows_a_half_known_date_is_half_known() {
        for (event, months, due) in [
            ("2024-04", 12, "2025-04"),
            ("2025-12", 1, "2026-01"),
            ("2023", 12, "2024"),
            ("2025", 1, "2026-01"),
            ("2024-04-30", 12, "2025-04-30"),
        ] {
            let found = PartialDate::parse(event).ok().and_then(|it| period_after(&it, months));
            assert_eq!(found.map(|due| due.text).as_deref(), Some(due), "{event}");
        }
        let far = PartialDate::parse("9999").ok().and_then(|it| period_after(&it, 12));
        assert_eq!(far, None, "beyond what a date can say");
    }

    #[test]
    fn a_day_off_moves_a_deadline_to_the_next_working_day() {
        for (due, works) in [
            ("2025-05-30", "2025-05-30"),
            ("2025-05-31", "2025-06-02"),
            ("2025-06-03", "2025-06-04"),
            ("2025-10-03", "2025-10-10"), // 추석
            ("2026-05-31", "2026-06-01"),
            ("2023-12-31", "2024-01-02"),
            ("2023-05-27", "2023-05-30"), // 부처님오신날, and the day that stands in for it
            ("2028-04-30", "2028-05-03"), // 노동절, 부처님오신날
            ("2031-01-01", "2031-01-01"), // a year whose holidays are not known
            ("2031-01-04", "2031-01-06"),
        ] {
            assert_eq!(day(due).map(working_day), day(works), "{due}");
        }
    }
}
