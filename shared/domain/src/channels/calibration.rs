//! From the value of a channel to "would alert by chance once in so many account-weeks".
//!
//! The table was measured on made-up accounts, in the lab's own way: with folding and with answers.
//! `cargo run --release -p detection-lab --bin calibrate` writes it anew.

use crate::fixed::Millionths;

/// Rarer than this is not told apart.
pub(super) const MOST_WEEKS: Millionths = Millionths(10_000_000_000);

/// One channel's curve in accounts of one age: values and account-weeks, both in millionths and
/// rising.
pub(super) type Curve = &'static [(i64, i64)];

/// The curves of one channel: of accounts in their first three days, their first two weeks, and
/// later.
pub(super) type Curves = [Curve; 3];

/// Which of the curves holds for an account of an age in hours.
pub(super) const fn age_class(hours: i64) -> i128 {
    match hours {
        ..72 => 0,
        72..336 => 1,
        _ => 2,
    }
}

/// Account-weeks between alerts by chance from a value on: straight lines between the logarithms
/// of the weeks. Below the curve nothing is unusual; above it the last line goes on.
pub(super) fn weeks(curves: &Curves, class: i128, value: Millionths) -> Millionths {
    let class = usize::try_from(class.clamp(0, 2)).unwrap_or(2);
    let curve = curves[class];
    let Some(&(first, _)) = curve.first() else { return Millionths::ZERO };
    if value.0 < first {
        return Millionths::ZERO;
    }
    let above = curve.partition_point(|(at, _)| *at <= value.0);
    let (from, to) = match (curve.get(above - 1), curve.get(above)) {
        (Some(from), Some(to)) => (from, to),
        (Some(last), None) => (curve.get(above.wrapping_sub(2)).unwrap_or(last), last),
        (None, _) => return Millionths::ZERO,
    };
    between(*from, *to, value.0).min(MOST_WEEKS)
}

#[expect(clippy::cast_precision_loss, reason = "values and weeks have fewer than 53 bits")]
fn between(from: (i64, i64), to: (i64, i64), at: i64) -> Millionths {
    let (low, high) = (libm::log(from.1 as f64), libm::log(to.1 as f64));
    let share = (at - from.0) as f64 / (to.0 - from.0).max(1) as f64;
    Millionths::from_f64(libm::exp(low + share * (high - low)) / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURVE: Curve = &[(1_000_000, 500_000), (2_000_000, 2_000_000), (4_000_000, 8_000_000)];

    fn at(value: i64) -> Millionths {
        weeks(&[&[], &[], CURVE], 2, Millionths(value))
    }

    #[test]
    fn the_curve_is_met_at_its_points_and_rises_between_and_beyond() {
        assert_eq!(at(999_999), Millionths::ZERO);
        assert_eq!(at(1_000_000), Millionths(500_000));
        assert_eq!(at(1_500_000), Millionths(1_000_000));
        assert_eq!(at(2_000_000), Millionths(2_000_000));
        assert_eq!(at(3_000_000), Millionths(4_000_000));
        assert_eq!(at(4_000_000), Millionths(8_000_000));
        assert_eq!(at(6_000_000), Millionths(32_000_000));
        assert_eq!(at(i64::MAX), MOST_WEEKS);
    }

    #[test]
    fn an_account_without_a_curve_is_never_unusual() {
        assert_eq!(weeks(&[&[], &[], CURVE], 0, Millionths(9_000_000)), Millionths::ZERO);
    }

    #[test]
    fn accounts_are_young_for_three_days_and_for_two_weeks() {
        assert_eq!([0, 71, 72, 335, 336].map(age_class), [0, 0, 1, 1, 2]);
    }
}
