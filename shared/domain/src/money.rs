//! Money: exact decimals where a price or an amount is shown, integer micro-dollars where it is
//! added up in the table. Never a float.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

/// An amount of US dollars, or of US dollars an hour, exact to ten decimal places.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Usd(Decimal);

impl Usd {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Rounds half to even at ten decimal places, far below what AWS bills.
    pub fn new(amount: Decimal) -> Self {
        Self(amount.round_dp_with_strategy(10, RoundingStrategy::MidpointNearestEven).normalize())
    }

    /// From whole cents.
    pub fn from_cents(cents: i64) -> Self {
        Self::new(Decimal::new(cents, 2))
    }

    /// The amount as a decimal number of dollars.
    pub const fn amount(self) -> Decimal {
        self.0
    }

    /// In micro-dollars, rounded half to even; amounts beyond the range of `i64` stop at its ends.
    pub fn micros(self) -> MicroUsd {
        let scaled = (self.0.checked_mul(Decimal::from(1_000_000)))
            .map(|d| d.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven));
        let limit = if self.0.is_sign_negative() { i64::MIN } else { i64::MAX };
        MicroUsd(scaled.and_then(|d| d.to_i64()).unwrap_or(limit))
    }

    /// This much for each of `count`.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self::new(self.0.saturating_mul(Decimal::from(count)))
    }

    /// As people read it: `$98.32`, `$0.0104` below ten cents, `$1,234.50`, `-$3.00`.
    pub fn display(self) -> String {
        let places = if !self.0.is_zero() && self.0.abs() < Decimal::new(1, 1) { 4 } else { 2 };
        let rounded =
            self.0.abs().round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven);
        let plain = format!("{rounded:.*}", places as usize);
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, "00"));
        let sign = if self.0.is_sign_negative() && !rounded.is_zero() { "-" } else { "" };
        format!("{sign}${}.{fraction}", grouped(whole))
    }
}

/// Digits with a comma before every third from the right.
fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl Add for Usd {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.0.saturating_add(other.0))
    }
}
impl Sub for Usd {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.0.saturating_sub(other.0))
    }
}
impl AddAssign for Usd {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}
impl Neg for Usd {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}
impl Mul<Decimal> for Usd {
    type Output = Self;
    fn mul(self, factor: Decimal) -> Self {
        Self::new(self.0.saturating_mul(factor))
    }
}
impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}
/// Exact, without trailing zeros: `94.86276`.
impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.normalize())
    }
}
impl fmt::Debug for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Whole micro-dollars (or micro-dollars an hour): what is added up in the table, in any order,
/// without a rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct MicroUsd(pub i64);

impl MicroUsd {
    /// As a decimal amount of dollars.
    pub fn usd(self) -> Usd {
        Usd::new(Decimal::new(self.0, 6))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(text: &str) -> Usd {
        Usd::new(text.parse().unwrap())
    }

    #[test]
    fn amounts_are_shown_as_people_write_them() {
        for (amount, shown) in [
            ("98.316", "$98.32"),
            ("0.0104", "$0.0104"),
            ("0", "$0.00"),
            ("1234.5", "$1,234.50"),
            ("1234567.891", "$1,234,567.89"),
            ("-3", "-$3.00"),
            ("0.00000001", "$0.0000"),
            ("0.1", "$0.10"),
        ] {
            assert_eq!(usd(amount).display(), shown);
        }
    }

    #[test]
    fn micro_dollars_round_half_to_even_and_stop_at_the_ends() {
        assert_eq!(usd("0.0000005").micros(), MicroUsd(0));
        assert_eq!(usd("0.0000015").micros(), MicroUsd(2));
        assert_eq!(Usd::new(Decimal::MAX).micros(), MicroUsd(i64::MAX));
        assert_eq!(Usd::new(Decimal::MIN).micros(), MicroUsd(i64::MIN));
    }

    #[test]
    fn the_exact_form_has_no_trailing_zeros() {
        assert_eq!(usd("94.8627600").to_string(), "94.86276");
    }
}
