use time::{Duration, OffsetDateTime};

use super::Day;
use crate::access::Timestamp;

/// How far Seoul is ahead of UTC, in seconds; it has no summer time.
const AHEAD: i64 = 9 * 60 * 60;

impl Day {
    /// The day it is in Seoul, where deadlines end at midnight.
    pub fn in_seoul(time: Timestamp) -> Self {
        let there = OffsetDateTime::from_unix_timestamp(time.plus_seconds(AHEAD).seconds());
        Self(there.unwrap_or(OffsetDateTime::UNIX_EPOCH).date())
    }

    /// So many days later.
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(Duration::days(days)))
    }

    /// How many days it is from here to another; negative to an earlier one.
    pub fn days_to(self, other: Self) -> i32 {
        other.0.to_julian_day().saturating_sub(self.0.to_julian_day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_in_seoul_nine_hours_before_it_does_in_greenwich() {
        for (time, day) in [
            ("2026-11-24T14:59:59Z", "2026-11-24"),
            ("2026-11-24T15:00:00Z", "2026-11-25"),
            ("2026-12-31T23:00:00+09:00", "2026-12-31"),
        ] {
            let time = Timestamp::parse(time).map(Day::in_seoul);
            assert_eq!(time.map(|day| day.to_string()).as_deref(), Some(day));
        }
    }
}
