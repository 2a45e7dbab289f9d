//! Public holidays of Korea that fall on a day from Monday to Friday, year by year.
//!
//! What the Act on Public Holidays (공휴일에 관한 법률, Art. 2 and 3) and the Regulations on Holidays of
//! Public Agencies (관공서의 공휴일에 관한 규정) make holidays: the fixed days as they stood in that
//! year (1 May and 17 July since 2026), the lunar ones (설날, 부처님오신날, 추석) as the almanac has
//! them, the days that stand in for those on a weekend, the polling days that are known from the
//! terms of office, and what the cabinet added (2023-10-02, 2024-10-01, 2025-01-27). The polling day
//! of 2025-06-03 was not one of those foreseen: more of that kind, and holidays added on the day,
//! come with a new version of this list.
//! Of other years only Saturdays and Sundays are known to be days off.

use time::Date;

/// The year, and its days as month and day.
const HOLIDAYS: [(i32, &str); 9] = [
    (2022, "0131 0201 0202 0301 0309 0505 0601 0606 0815 0909 0912 1003 1010"),
    (2023, "0123 0124 0301 0505 0529 0606 0815 0928 0929 1002 1003 1009 1225"),
    (2024, "0101 0209 0212 0301 0410 0506 0515 0606 0815 0916 0917 0918 1001 1003 1009 1225"),
    (2025, "0101 0127 0128 0129 0130 0303 0505 0506 0603 0606 0815 1003 1006 1007 1008 1009 1225"),
    (2026, "0101 0216 0217 0218 0302 0501 0505 0525 0603 0717 0817 0924 0925 1005 1009 1225"),
    (2027, "0101 0208 0209 0301 0503 0505 0513 0719 0816 0914 0915 0916 1004 1011 1227"),
    (2028, "0126 0127 0128 0301 0412 0501 0502 0505 0606 0717 0815 1002 1003 1004 1005 1009 1225"),
    (2029, "0101 0212 0213 0214 0301 0501 0507 0521 0606 0717 0815 0921 0924 1003 1009 1225"),
    (
        2030,
        "0101 0204 0205 0301 0327 0501 0506 0509 0606 0612 0717 0815 0911 0912 0913 1003 1009 1225",
    ),
];

/// Whether the holidays of that year are known here.
pub fn known(year: i32) -> bool {
    HOLIDAYS.iter().any(|(known, _)| *known == year)
}

/// Whether a day from Monday to Friday is a holiday. Of years that are not known, none is.
pub(super) fn is_holiday(day: Date) -> bool {
    let (year, month, date) = day.to_calendar_date();
    let days = HOLIDAYS.iter().find(|(known, _)| *known == year).map(|(_, days)| *days);
    days.is_some_and(|days| {
        let day = format!("{:02}{date:02}", u8::from(month));
        days.split(' ').any(|holiday| holiday == day)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::{Month, Weekday};

    #[test]
    fn every_holiday_is_a_day_that_offices_would_work() {
        for (year, days) in HOLIDAYS {
            let days: Vec<&str> = days.split(' ').collect();
            assert!((10..=20).contains(&days.len()), "{year}");
            assert!(days.is_sorted(), "{year}");
            for text in days {
                let number = |part: &str| part.parse::<u8>().unwrap_or_default();
                let (month, day) = (number(&text[..2]), number(&text[2..]));
                let month = Month::try_from(month).unwrap_or(Month::January);
                let day = Date::from_calendar_date(year, month, day);
                let weekday = day.map(Date::weekday);
                let works =
                    weekday.is_ok_and(|it| ![Weekday::Saturday, Weekday::Sunday].contains(&it));
                assert!(works, "{year} {text}");
            }
        }
    }
}
