//! Millionths as whole numbers: scores and logarithms that are equal bit for bit on every machine
//! and in any order of adding.

use rust_decimal::RoundingStrategy;
use std::fmt;
use std::ops::{Add, Mul, Sub};

/// A number in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Millionths(pub i64);

impl Millionths {
    /// 0.
    pub const ZERO: Self = Self(0);

    /// From whole hundredths: `hundredths(250)` is 2.5.
    pub const fn hundredths(value: i64) -> Self {
        Self(value * 10_000)
    }

    /// Rounds half away from zero; what is not a number becomes 0, what is too large stops at the
    /// ends.
    pub fn from_f64(value: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "`as` saturates and maps NaN to 0")]
        Self(libm::round(value * 1e6) as i64)
    }

    /// Natural logarithm of a positive whole number.
    pub fn ln(value: i64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a logarithm needs no more than 53 bits")]
        Self::from_f64(libm::log(value.max(1) as f64))
    }

    /// As a float, for drawing only.
    #[expect(clippy::cast_precision_loss, reason = "for people, not for decisions")]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl Add for Millionths {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}
impl Sub for Millionths {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}
/// Product, towards zero at the last millionth.
impl Mul for Millionths {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let product = i128::from(self.0) * i128::from(other.0) / 1_000_000;
        Self(i64::try_from(product).unwrap_or(if product < 0 { i64::MIN } else { i64::MAX }))
    }
}
impl std::iter::Sum for Millionths {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}
/// Exact: `3.25`, `-0.000001`; a precision rounds: `{:.2}`.
impl fmt::Display for Millionths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exact = rust_decimal::Decimal::new(self.0, 6);
        match f.precision() {
            Some(places) => {
                let dp = u32::try_from(places).unwrap_or(u32::MAX);
                let rounded =
                    exact.round_dp_with_strategy(dp, RoundingStrategy::MidpointAwayFromZero);
                write!(f, "{rounded:.places$}")
            }
            None => write!(f, "{}", exact.normalize()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_exact_to_a_millionth() {
        assert_eq!(Millionths::ln(1), Millionths(0));
        assert_eq!(Millionths::ln(10_000_000), Millionths(16_118_096));
        assert_eq!(Millionths::ln(0), Millionths(0));
    }

    #[test]
    fn products_and_ends() {
        assert_eq!(
            Millionths::hundredths(150) * Millionths::hundredths(50),
            Millionths::hundredths(75)
        );
        assert_eq!(Millionths::from_f64(f64::NAN), Millionths::ZERO);
        assert_eq!(Millionths::from_f64(f64::INFINITY), Millionths(i64::MAX));
    }

    #[test]
    fn shown_without_trailing_zeros() {
        assert_eq!(Millionths(3_250_000).to_string(), "3.25");
        assert_eq!(format!("{:.1}", Millionths(3_260_000)), "3.3");
    }
}
