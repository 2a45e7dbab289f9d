//! How long periods are, whatever the day.

use api::date::{Day, PartialDate, terms};
use proptest::prelude::proptest;

proptest! {
    #[test]
    fn a_period_of_months_is_as_long_as_the_months_are(number in 0_i64..60_000, months in 1_u8..25) {
        let event = Day::in_seoul(api::access::Timestamp(number * 86_400_000_000));
        let last = terms::months_after(event, months).expect("a day");
        let long = event.days_to(last);
        let least = i32::from(months) * 28;
        let most = i32::from(months) * 31;
        assert!((least..=most).contains(&long), "{event} {months} {last}");
        // A later event never has an earlier end.
        let next = Day(event.0.next_day().expect("a day"));
        assert!(terms::months_after(next, months).expect("a day") >= last);
        // And the month that follows is no shorter than what a half-known date is given.
        let month = PartialDate::parse(&event.to_string()[..7]).expect("a month");
        let due = terms::period_after(&month, months).expect("a month");
        assert!(due.from <= last && last <= due.to, "{event} {last} {}", due.text);
    }

    #[test]
    fn a_deadline_moves_to_a_day_that_offices_work_and_never_far(number in 19_000_i64..22_300) {
        let day = Day::in_seoul(api::access::Timestamp(number * 86_400_000_000));
        let moved = terms::working_day(day);
        // 추석 and 개천절 around a weekend make the longest row of days off.
        assert!((0..=10).contains(&day.days_to(moved)), "{day} {moved}");
        assert_eq!(terms::working_day(moved), moved);
        let weekday = moved.0.weekday().number_from_monday();
        assert!(weekday <= 5, "{moved}");
    }
}
