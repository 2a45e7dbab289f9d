use crate::error::Result;
use crate::quantity::{Rate, Sum, sum};

/// What was to be, beside what was, over many measures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// What was to be.
    pub(super) goal: Sum,
    /// What was.
    pub(super) actual: Sum,
    /// The one in percent of the other, over those that state both: what states only one of them
    /// would make it a rate of unlike things.
    pub(super) rate: Option<Rate>,
    /// How many state both.
    pub(super) compared: usize,
}

/// What these pairs of a goal and what became of it add up to.
pub(super) fn tally(pairs: &[(Option<i64>, Option<i64>)]) -> Result<Tally> {
    let both = || pairs.iter().filter_map(|(goal, actual)| goal.zip(*actual));
    let goal = sum(both().map(|(goal, _)| Some(goal)))?;
    let actual = sum(both().map(|(_, actual)| Some(actual)))?;
    let rate = actual.total.zip(goal.total).and_then(|(part, whole)| Rate::of(part, whole, 1));
    Ok(Tally {
        goal: sum(pairs.iter().map(|(goal, _)| *goal))?,
        actual: sum(pairs.iter().map(|(_, actual)| *actual))?,
        rate,
        compared: goal.stating,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn of(goal: Option<i64>, actual: Option<i64>) -> (Option<i64>, Option<i64>) {
        (goal, actual)
    }

    #[test]
    fn nothing_stated_is_not_zero() {
        let none = tally(&[of(None, None), of(None, None)]).expect("a tally");
        assert_eq!(none, Tally::default());
        let zero = tally(&[of(Some(0), None)]).expect("a tally");
        assert_eq!(zero.goal, Sum { total: Some(0), stating: 1 });
        assert_eq!((zero.actual.total, zero.rate), (None, None));
    }

    #[test]
    fn a_rate_is_of_those_that_state_both() {
        let told = [of(Some(100), Some(90)), of(Some(900), None), of(None, Some(500))];
        let told = tally(&told).expect("a tally");
        assert_eq!((told.goal.total, told.actual.total), (Some(1000), Some(590)));
        assert_eq!((told.rate, told.compared), (Rate::parse("90").ok(), 1));
    }
}
