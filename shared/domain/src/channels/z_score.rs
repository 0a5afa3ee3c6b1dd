//! How many standard deviations the logarithm of the rate lies above what is usual for this
//! service and type; for a type without a past, for the service.

use super::{Inputs, Observation};
use crate::baseline::Baseline;
use crate::fixed::Millionths;
use crate::money::{MicroUsd, Usd};

/// Fewer events say nothing about what is usual.
const MIN_EVENTS: u64 = 5;
/// A spread of 10 % at least: what differs less is never an outlier.
const MIN_SPREAD: f64 = 0.1;
/// More than this is not more unusual.
const MAX_Z: f64 = 10.0;

pub(super) fn observe(observation: &Observation<'_>) -> Inputs {
    let sums = past(observation).sums;
    let rate = observation.event.hourly_change.micros();
    vec![
        ("log_rate".into(), Millionths::ln(rate.0).0.into()),
        ("n".into(), sums.n.into()),
        ("sum_log".into(), sums.logs),
        ("sum_log_squares".into(), sums.log_squares),
    ]
}

fn is_by_type(observation: &Observation<'_>) -> bool {
    observation.of_type.sums.count() >= MIN_EVENTS
}

fn past<'a>(observation: &'a Observation<'_>) -> &'a Baseline {
    if is_by_type(observation) { &observation.of_type } else { &observation.service }
}

pub(super) fn tell(observation: &Observation<'_>) -> String {
    let past = past(observation);
    let service = || observation.event.service.code().to_owned();
    let of = if is_by_type(observation) { observation.kind() } else { service() };
    let n = past.sums.count();
    if n < MIN_EVENTS {
        return format!("no telling what {of} usually costs here: {n} of {MIN_EVENTS} events seen");
    }
    let (rate, usual) = (observation.event.hourly_change.micros().usd(), usual_rate(past));
    let compared = match ratio(rate, usual) {
        Some(ratio) => format!("{ratio} times what {of} usually adds here"),
        None => format!("about what {of} usually adds here"),
    };
    format!("{}/h is {compared} ({}/h over {n} events)", rate.display(), usual.display())
}

/// Geometric mean of the past rates.
fn usual_rate(past: &Baseline) -> Usd {
    let (mean, _) = mean_and_spread(past.sums.n.into(), past.sums.logs, past.sums.log_squares);
    #[expect(clippy::cast_possible_truncation, reason = "a rate is far below 2^63 micro-dollars")]
    MicroUsd(libm::round(libm::exp(mean)) as i64).usd()
}

/// `12` for twelve times as much; `None` below one and a half.
fn ratio(rate: Usd, usual: Usd) -> Option<String> {
    let ratio = rate.amount().checked_div(usual.amount())?;
    let places = u32::from(ratio < 10.into());
    (ratio >= rust_decimal::Decimal::new(15, 1))
        .then(|| ratio.round_dp(places).normalize().to_string())
}

pub(super) fn value(inputs: &[i128]) -> Millionths {
    let &[log_rate, n, sum_log, sum_log_squares] = inputs else { return Millionths::ZERO };
    if n < i128::from(MIN_EVENTS) {
        return Millionths::ZERO;
    }
    let (mean, spread) = mean_and_spread(n, sum_log, sum_log_squares);
    #[expect(clippy::cast_precision_loss, reason = "a logarithm in millionths has 25 bits")]
    let x = log_rate as f64 / 1e6;
    Millionths::from_f64(((x - mean) / spread.max(MIN_SPREAD)).clamp(0.0, MAX_Z))
}

/// Mean and sample standard deviation of logarithms, from exact sums: `n·Σ² − Σ²` is taken in whole
/// numbers, so that nothing cancels.
#[expect(clippy::cast_precision_loss, reason = "the differences were taken exactly before")]
fn mean_and_spread(n: i128, sum: i128, sum_squares: i128) -> (f64, f64) {
    let mean = sum as f64 / n as f64 / 1e6;
    let scatter = (n.saturating_mul(sum_squares)).saturating_sub(sum.saturating_mul(sum)).max(0);
    let variance = scatter as f64 / (n as f64 * (n - 1).max(1) as f64) / 1e12;
    (mean, libm::sqrt(variance))
}
