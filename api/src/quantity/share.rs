use super::Rate;

impl Rate {
    /// A part of a whole in percent, rounded half up to a step; none of nothing, nor where it is
    /// too large.
    pub fn of(part: i64, whole: i64, step: i64) -> Option<Self> {
        let step = i128::from(step.max(1));
        let exact = (i128::from(part) * 100_000_000 * 2).checked_div(i128::from(whole))?;
        let rounded = (exact + step).div_euclid(2 * step) * step;
        i64::try_from(rounded).ok().map(Self)
    }

    /// One in the last digit that it is stated with: 0.1 of 106.6, 1 of 43.
    pub fn step(self) -> i64 {
        let steps = (0..=Self::DIGITS).map(|n| 10_i64.pow(Self::DIGITS - n));
        steps.into_iter().find(|step| self.0 % step == 0).unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_to_the_digits_of_the_one_it_is_compared_with() {
        for (part, whole, stated) in [
            (2_730, 2_560, "106.6"),
            (63, 70, "90"),
            (11_080, 25_760, "43"),
            (1, 3, "33.333333"),
            (-1, 8, "-12.5"),
        ] {
            let stated = Rate::parse(stated).expect("a rate");
            assert_eq!(Rate::of(part, whole, stated.step()), Some(stated));
        }
        assert_eq!(Rate::of(1, 0, 1), None);
        assert_eq!(Rate::of(i64::MAX, 1, 1), None);
    }
}
