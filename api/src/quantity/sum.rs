use crate::error::{Code, Error, Result};
use crate::message;

/// A sum of what is stated: nothing where nobody states anything, because null is not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// The sum; none of nothing.
    pub total: Option<i64>,
    /// How many state it.
    pub stating: usize,
}

/// The sum of these numbers, exactly. `OVERFLOW` where it is too large.
pub fn sum(numbers: impl IntoIterator<Item = Option<i64>>) -> Result<Sum> {
    let (mut total, mut stating) = (0_i128, 0);
    for number in numbers.into_iter().flatten() {
        total += i128::from(number);
        stating += 1;
    }
    let total = i64::try_from(total);
    let total = total.map_err(|_| Error::new(Code::Overflow, message::overflow()))?;
    Ok(Sum { total: (stating > 0).then_some(total), stating })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_too_large_is_refused_and_what_only_passes_by_is_not() {
        let refused = sum([Some(i64::MAX), Some(1)]).err();
        assert_eq!(refused.map(|error| error.code()), Some(Code::Overflow));
        let passing = sum([Some(i64::MAX), Some(1), Some(-1)]).expect("a sum");
        assert_eq!(passing.total, Some(i64::MAX));
        assert_eq!(sum([None, None]).expect("a sum"), Sum::default());
        assert_eq!(sum([Some(0), None]).expect("a sum"), Sum { total: Some(0), stating: 1 });
    }

    proptest! {
        /// However it is divided, and in whatever order: the parts add up to the whole.
        #[test]
        fn sums_are_exact(
            mut numbers in prop::collection::vec(
                prop::option::of(-1_000_000_000_000_000_i64..1_000_000_000_000_000), 0..60),
            cut in 0_usize..60,
        ) {
            let whole = sum(numbers.clone()).expect("a sum");
            let (one, other) = numbers.split_at(cut.min(numbers.len()));
            let one = sum(one.iter().copied()).expect("a sum");
            let other = sum(other.iter().copied()).expect("a sum");
            prop_assert_eq!(one.stating + other.stating, whole.stating);
            let parts = one.total.unwrap_or(0) + other.total.unwrap_or(0);
            prop_assert_eq!(parts, whole.total.unwrap_or(0));
            prop_assert_eq!(whole.total.is_none(), numbers.iter().all(Option::is_none));
            numbers.reverse();
            prop_assert_eq!(sum(numbers).expect("a sum"), whole);
        }
    }
}
