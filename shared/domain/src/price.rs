//! What one resource costs, with its arithmetic: quantity and unit price kept apart, each with its
//! source and date.

use crate::ids::Region;
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
        self.bound.as_ref().is_none_or(|bound| bound.kind == BoundKind::Varies)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
