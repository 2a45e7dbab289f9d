use crate::date::Day;

/// The time that an answer may take. The clock stands while a question to the asker is open, and
/// when there is an answer or the request is at its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term<'a> {
    /// When the answer was to be there before the clock ever stood.
    pub wanted_by: Day,
    /// When a question was asked, and when it was replied to, in their order.
    pub pauses: &'a [(Day, Option<Day>)],
    /// When the clock stopped, if it does not run.
    pub stopped_on: Option<Day>,
}

impl Term<'_> {
    /// By how many days an answer is overdue on a day, or was when the clock stopped; 0 where it
    /// is not.
    pub fn overdue_by(&self, on: Day) -> i64 {
        let (mut due, mut end) = (self.wanted_by, self.end(on));
        for (from, to) in self.pauses {
            if end <= *from {
                break;
            }
            match to.filter(|to| *to <= on) {
                Some(to) => due = due.plus_days(from.days_to(to).into()),
                None => {
                    end = *from;
                    break;
                }
            }
        }
        i64::from(due.days_to(end).max(0))
    }

    /// The first day on which it was overdue, of those up to a day.
    pub fn late_since(&self, on: Day) -> Option<Day> {
        let mut due = self.wanted_by;
        for (from, to) in self.pauses {
            if due < *from {
                break;
            }
            due = due.plus_days(from.days_to(to.filter(|to| *to <= on)?).into());
        }
        (due < self.end(on)).then(|| due.plus_days(1))
    }

    fn end(&self, on: Day) -> Day {
        self.stopped_on.map_or(on, |stopped| stopped.min(on))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A day of a long month.
    fn day(day: i64) -> Day {
        Day(time::macros::date!(2027 - 01 - 01)).plus_days(day - 1)
    }

    #[test]
    fn what_is_not_answered_is_overdue_from_the_day_after_its_due_date() {
        let term = Term { wanted_by: day(10), pauses: &[], stopped_on: None };
        assert_eq!([9, 10, 11, 15].map(|on| term.overdue_by(day(on))), [0, 0, 1, 5]);
        assert_eq!(
            [10, 11, 15].map(|on| term.late_since(day(on))),
            [None, Some(day(11)), Some(day(11))]
        );
        let answered = Term { stopped_on: Some(day(12)), ..term };
        assert_eq!([11, 12, 30].map(|on| answered.overdue_by(day(on))), [1, 2, 2]);
        assert_eq!(Term { stopped_on: Some(day(10)), ..term }.late_since(day(30)), None);
    }

    #[test]
    fn the_days_of_an_open_question_do_not_count() {
        let pauses = [(day(8), Some(day(12))), (day(13), None)];
        let open = Term { wanted_by: day(10), pauses: &pauses, stopped_on: Some(day(13)) };
        assert_eq!([9, 12, 13, 40].map(|on| open.overdue_by(day(on))), [0, 0, 0, 0]);
        let pauses = [(day(8), Some(day(12))), (day(13), Some(day(20)))];
        let replied = Term { wanted_by: day(10), pauses: &pauses, stopped_on: None };
        // Due on the 10th, then the 14th, then the 21st.
        assert_eq!([14, 21, 22].map(|on| replied.overdue_by(day(on))), [0, 0, 1]);
        assert_eq!([21, 22].map(|on| replied.late_since(day(on))), [None, Some(day(22))]);
    }

    #[test]
    fn a_question_does_not_make_up_for_days_that_were_late() {
        let pauses = [(day(12), Some(day(20)))];
        let term = Term { wanted_by: day(10), pauses: &pauses, stopped_on: None };
        assert_eq!([11, 12, 15, 20, 21].map(|on| term.overdue_by(day(on))), [1, 2, 2, 2, 3]);
        assert_eq!(term.late_since(day(15)), Some(day(11)));
    }
}
