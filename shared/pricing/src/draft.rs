//! An estimate in the making: lines are added, gaps and their bounds add up.

use domain::price::{Bound, BoundKind, Estimate, Line, Source, Unit, UsageRate};
use rust_decimal::Decimal;
use std::borrow::Cow;

/// What one unit of something costs, and who says so.
#[derive(Debug, Clone)]
pub(crate) struct Rate {
    pub(crate) usd: Decimal,
    pub(crate) source: Source,
}

#[derive(Default)]
pub(crate) struct Draft {
    estimate: Estimate,
    /// What the whole can come to above its lines, in US dollars an hour.
    above: Decimal,
    kind: Option<BoundKind>,
    reason: Cow<'static, str>,
}

impl Draft {
    pub(crate) fn line(
        &mut self,
        item: impl Into<Cow<'static, str>>,
        quantity: impl Into<Decimal>,
        unit: Unit,
        rate: Rate,
    ) {
        self.estimate.lines.push(Line {
            item: item.into(),
            quantity: quantity.into(),
            unit,
            unit_price: rate.usd,
            source: rate.source,
        });
    }

    pub(crate) fn as_used(&mut self, item: impl Into<Cow<'static, str>>, unit: Unit, rate: Rate) {
        self.estimate.as_used.push(UsageRate {
            item: item.into(),
            unit,
            unit_price: rate.usd,
            source: rate.source,
        });
    }

    /// A price is missing: it is at most `above` US dollars an hour on top of the lines.
    pub(crate) fn unknown(&mut self, above: Decimal, reason: impl Into<Cow<'static, str>>) {
        self.kind = Some(BoundKind::PriceUnknown);
        self.bound(above, reason.into());
    }

    /// The price moves, by at most `above` US dollars an hour on top of the lines.
    pub(crate) fn varies(&mut self, above: Decimal, reason: impl Into<Cow<'static, str>>) {
        self.kind.get_or_insert(BoundKind::Varies);
        self.bound(above, reason.into());
    }

    fn bound(&mut self, above: Decimal, reason: Cow<'static, str>) {
        self.above += above.max(Decimal::ZERO);
        if self.reason.is_empty() {
            self.reason = reason;
        } else {
            self.reason = format!("{}; {reason}", self.reason).into();
        }
    }

    pub(crate) fn finish(mut self) -> Estimate {
        if let Some(kind) = self.kind {
            let hourly = (self.estimate.known_hourly() + self.above)
                .round_dp_with_strategy(6, rust_decimal::RoundingStrategy::AwayFromZero);
            self.estimate.bound = Some(Bound { hourly, kind, reason: self.reason });
        }
        self.estimate
    }
}

/// US dollars an hour of so many units a month.
pub(crate) fn monthly(units: impl Into<Decimal>, usd: Decimal) -> Decimal {
    units.into() * usd / domain::price::HOURS_PER_MONTH
}

/// At most six decimals, rounded up: for what is estimated rather than published.
pub(crate) fn rounded_up(usd: Decimal) -> Decimal {
    usd.round_dp_with_strategy(6, rust_decimal::RoundingStrategy::AwayFromZero).normalize()
}
