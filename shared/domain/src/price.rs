//! What one resource costs, with its arithmetic: quantity and unit price kept apart, each with its
//! source and date.

use crate::ids::Region;
use crate::money::Usd;
use crate::resource::Spec;
use rust_decimal::Decimal;
use std::borrow::Cow;

/// Hours in a month as AWS counts them for prices per month.
pub const HOURS_PER_MONTH: Decimal = Decimal::from_parts(730, 0, 0, false, 0);

/// Where prices come from. Implemented by the compiled-in price book and by a book that was
/// refreshed from AWS Price List files.
pub trait Prices {
    /// What one resource of this spec costs in this region. Never fails: what is not known comes
    /// back as a [`Bound`] with its reason.
    fn estimate(&self, spec: &Spec, region: &Region) -> Estimate;
}

/// List price of one resource.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Estimate {
    /// What is paid by the hour whether used or not.
    pub lines: Vec<Line>,
    /// What is paid by use, of which the event does not tell how much (requests, GB-seconds).
    pub as_used: Vec<UsageRate>,
    /// Present when the lines are not the whole truth.
    pub bound: Option<Bound>,
}

/// One product: quantity × unit price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is: `m5.large Linux on demand`, `gp3 storage`.
    pub item: Cow<'static, str>,
    /// How many units.
    pub quantity: Decimal,
    /// Of what.
    pub unit: Unit,
    /// US dollars for one unit.
    pub unit_price: Decimal,
    /// Where the unit price comes from.
    pub source: Source,
}

/// A price by use, without a quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRate {
    /// What it is: `Lambda x86 duration`.
    pub item: Cow<'static, str>,
    /// Of what.
    pub unit: Unit,
    /// US dollars for one unit.
    pub unit_price: Decimal,
    /// Where the unit price comes from.
    pub source: Source,
}

/// Where a price was published, and when.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source {
    /// Name of the list.
    pub name: Cow<'static, str>,
    /// `2026-07` or `2026-07-20`.
    pub as_of: Cow<'static, str>,
}

/// Why the lines are not the whole truth, and what they can come to at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// Upper bound of the whole resource in US dollars an hour.
    pub hourly: Decimal,
    /// Whether a price is missing or only varies.
    pub kind: BoundKind,
    /// In words, for a card.
    pub reason: Cow<'static, str>,
}

/// Two ways of not knowing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BoundKind {
    /// A price is missing: the upper bound stands for the price until it is known.
    PriceUnknown,
    /// The price moves (Spot, serverless capacity): the lines are the estimate.
    Varies,
    /// The resource is older than our watch, so that nobody knows what it is: the figure stands in
    /// for its price and never alerts.
    OlderThanWatch,
}

impl Bound {
    /// Whether nothing is missing: the price moves, and the lines are the estimate.
    pub fn only_varies(&self) -> bool {
        self.kind == BoundKind::Varies
    }
}

impl BoundKind {
    /// Word in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PriceUnknown => "price_unknown",
            Self::Varies => "varies",
            Self::OlderThanWatch => "older_than_watch",
        }
    }

    /// The kind with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::PriceUnknown, Self::Varies, Self::OlderThanWatch]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// What a quantity counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Hour of one resource.
    Hour,
    /// GiB of storage for a month of 730 hours.
    GibMonth,
    /// Provisioned IOPS for a month.
    IopsMonth,
    /// Provisioned MiB/s for a month.
    MibpsMonth,
    /// Aurora capacity unit for an hour.
    AcuHour,
    /// GB of memory for a second.
    GbSecond,
    /// One request.
    Request,
    /// One GB of traffic.
    Gb,
}

impl Unit {
    /// All units.
    pub const ALL: [Self; 8] = [
        Self::Hour,
        Self::GibMonth,
        Self::IopsMonth,
        Self::MibpsMonth,
        Self::AcuHour,
        Self::GbSecond,
        Self::Request,
        Self::Gb,
    ];

    /// Name in tables and in arithmetic shown to people.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::GibMonth => "GiB-month",
            Self::IopsMonth => "IOPS-month",
            Self::MibpsMonth => "MiB/s-month",
            Self::AcuHour => "ACU-hour",
            Self::GbSecond => "GB-second",
            Self::Request => "request",
            Self::Gb => "GB",
        }
    }

    /// What turns its amount into one an hour, as arithmetic for people; empty where nothing does.
    pub const fn to_hours(self) -> &'static str {
        match self {
            Self::GibMonth | Self::IopsMonth | Self::MibpsMonth => " / 730 hours",
            Self::GbSecond => " × 3,600 seconds",
            Self::Hour | Self::AcuHour | Self::Request | Self::Gb => "",
        }
    }

    /// The unit with this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.code() == code)
    }
}

impl Line {
    /// US dollars an hour: quantity × unit price, months as 730 hours, seconds as 1/3600 hour.
    pub fn hourly(&self) -> Decimal {
        let amount = self.quantity * self.unit_price;
        match self.unit {
            Unit::Hour | Unit::AcuHour | Unit::Request | Unit::Gb => amount,
            Unit::GibMonth | Unit::IopsMonth | Unit::MibpsMonth => amount / HOURS_PER_MONTH,
            Unit::GbSecond => amount * Decimal::from(3_600),
        }
    }
}

impl Estimate {
    /// Sum of the lines in US dollars an hour.
    pub fn known_hourly(&self) -> Decimal {
        self.lines.iter().map(Line::hourly).sum()
    }

    /// What to reckon with, in US dollars an hour: the lines, or the upper bound where a price is
    /// missing. Unknown is never 0.
    pub fn hourly(&self) -> Decimal {
        match &self.bound {
            Some(bound) if bound.kind != BoundKind::Varies => bound.hourly,
            _ => self.known_hourly(),
        }
    }

    /// Whether it only stands in for the price of something that is older than our watch.
    pub fn older_than_watch(&self) -> bool {
        self.bound.as_ref().is_some_and(|bound| bound.kind == BoundKind::OlderThanWatch)
    }

    /// Whether every price in it is known.
    pub fn price_known(&self) -> bool {
        self.bound.as_ref().is_none_or(Bound::only_varies)
    }
}

/// What something costs, or could save, in a month of 730 hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Monthly {
    /// Every price of it is known.
    Priced {
        /// US dollars a month.
        amount: Usd,
        /// Where the dearest of its prices comes from.
        source: Source,
    },
    /// A price of it is missing.
    Unknown {
        /// US dollars a month that it cannot exceed; never 0 for want of a price.
        upper_bound: Usd,
        /// What is missing, in words.
        reason: String,
    },
}

impl Monthly {
    /// Of an estimate by the hour. An estimate without a line and without a bound knows nothing and
    /// has no month.
    pub fn of(estimate: &Estimate) -> Option<Self> {
        let month = |hourly: Decimal| Usd::new(hourly * HOURS_PER_MONTH);
        match &estimate.bound {
            Some(bound) if bound.kind != BoundKind::Varies => Some(Self::Unknown {
                upper_bound: month(bound.hourly),
                reason: bound.reason.to_string(),
            }),
            _ => {
                let dearest = estimate.lines.iter().max_by_key(|line| line.hourly())?;
                let amount = month(estimate.known_hourly());
                Some(Self::Priced { amount, source: dearest.source.clone() })
            }
        }
    }

    /// What to reckon with, in US dollars a month.
    pub const fn usd(&self) -> Usd {
        match self {
            Self::Priced { amount, .. } => *amount,
            Self::Unknown { upper_bound, .. } => *upper_bound,
        }
    }

    /// Whether every price of it is known.
    pub const fn is_known(&self) -> bool {
        matches!(self, Self::Priced { .. })
    }

    /// Both together: one unknown price makes the sum unknown.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let sum = self.usd() + other.usd();
        match (self, other) {
            (Self::Priced { source, amount }, Self::Priced { source: other, amount: of_other }) => {
                let source = if of_other > amount { other } else { source };
                Self::Priced { amount: sum, source }
            }
            (Self::Unknown { reason, .. }, _) | (_, Self::Unknown { reason, .. }) => {
                Self::Unknown { upper_bound: sum, reason }
            }
        }
    }

    /// What is saved by paying another price instead: nothing if that is not lower. If a price is
    /// unknown, at most all that is paid now.
    pub fn saving(self, instead: &Self) -> Option<Self> {
        match (self, instead) {
            (Self::Priced { amount, source }, Self::Priced { amount: other, .. }) => {
                let saved = amount - *other;
                (saved > Usd::ZERO).then_some(Self::Priced { amount: saved, source })
            }
            (now, Self::Unknown { reason, .. }) => {
                Some(Self::Unknown { upper_bound: now.usd(), reason: reason.clone() })
            }
            (unknown @ Self::Unknown { .. }, Self::Priced { .. }) => Some(unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn priced(amount: &str) -> Monthly {
        let source = Source { name: "test".into(), as_of: "2026-01".into() };
        Monthly::Priced { amount: Usd::new(amount.parse().unwrap()), source }
    }

    fn at_most(amount: &str) -> Monthly {
        let upper_bound = Usd::new(amount.parse().unwrap());
        Monthly::Unknown { upper_bound, reason: "no price".to_owned() }
    }

    #[test]
    fn a_month_is_730_times_an_hour_or_not_known() {
        let estimate = Estimate { lines: vec![line(1, Unit::Hour, "0.1")], ..Estimate::default() };
        assert_eq!(Monthly::of(&estimate), Some(priced("73")));
        let bound =
            Bound { hourly: 2.into(), kind: BoundKind::PriceUnknown, reason: "no price".into() };
        let unknown = Estimate { bound: Some(bound), ..estimate };
        assert_eq!(Monthly::of(&unknown), Some(at_most("1460")));
        assert_eq!(Monthly::of(&Estimate::default()), None);
    }

    #[test]
    fn one_unknown_price_makes_a_sum_and_a_saving_unknown() {
        assert_eq!(priced("3").plus(priced("4")), priced("7"));
        assert_eq!(priced("3").plus(at_most("4")), at_most("7"));
        assert_eq!(priced("10").saving(&priced("8")), Some(priced("2")));
        assert_eq!(priced("8").saving(&priced("8")), None);
        assert_eq!(priced("10").saving(&at_most("90")), Some(at_most("10")));
        assert_eq!(at_most("10").saving(&priced("3")), Some(at_most("10")));
    }

    fn line(quantity: i64, unit: Unit, unit_price: &str) -> Line {
        Line {
            item: "x".into(),
            quantity: quantity.into(),
            unit,
            unit_price: unit_price.parse().unwrap(),
            source: Source { name: "test".into(), as_of: "2026-01".into() },
        }
    }

    #[test]
    fn a_month_has_730_hours_and_an_hour_3600_seconds() {
        assert_eq!(line(730, Unit::GibMonth, "0.08").hourly(), "0.08".parse().unwrap());
        assert_eq!(line(1, Unit::GbSecond, "0.0000041667").hourly(), "0.01500012".parse().unwrap());
    }

    #[test]
    fn an_unknown_price_counts_as_its_upper_bound_never_as_zero() {
        let estimate = Estimate {
            bound: Some(Bound {
                hourly: 100.into(),
                kind: BoundKind::PriceUnknown,
                reason: "new type".into(),
            }),
            ..Estimate::default()
        };
        assert!(!estimate.price_known());
        assert_eq!(estimate.hourly(), 100.into());
    }

    #[test]
    fn a_price_that_varies_counts_as_its_lines() {
        let estimate = Estimate {
            lines: vec![line(1, Unit::Hour, "0.03")],
            bound: Some(Bound {
                hourly: "0.1".parse().unwrap(),
                kind: BoundKind::Varies,
                reason: "Spot".into(),
            }),
            ..Estimate::default()
        };
        assert!(estimate.price_known());
        assert_eq!(estimate.hourly(), "0.03".parse().unwrap());
    }
}
