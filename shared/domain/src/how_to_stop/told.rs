//! What the price of a resource tells about it: a cost event keeps no details beside its type. The
//! words are those of `shared/pricing`; golden cases hold both ends together.

use crate::cost_event::CostEvent;
use crate::price::{Line, Unit};
use rust_decimal::Decimal;

/// Whether instances are bought on the Spot market.
pub(super) fn spot(event: &CostEvent) -> bool {
    words(event).any(|word| word == "Spot")
}

/// Which databases share the storage of a cluster, by the command of the AWS CLI that knows them.
pub(super) fn cluster_cli(event: &CostEvent) -> Option<&'static str> {
    words(event).find_map(|word| match word {
        "docdb" => Some("docdb"),
        "neptune" => Some("neptune"),
        _ if word.starts_with("aurora") => Some("rds"),
        _ => None,
    })
}

/// A database of RDS Custom, whose host is the customer's.
pub(super) fn rds_custom(event: &CostEvent) -> bool {
    words(event).any(|word| word.starts_with("custom-"))
}

/// SQL Server with a standby in another zone.
pub(super) fn mirrored_sql_server(event: &CostEvent) -> bool {
    words(event).any(|word| word.starts_with("sqlserver"))
        && words(event).any(|word| word == "Multi-AZ")
}

/// Performance of a `gp3` volume that is paid beside its storage.
pub(super) fn paid_performance(event: &CostEvent) -> bool {
    let lines = &event.estimate.lines;
    lines.iter().any(|line| matches!(line.unit, Unit::IopsMonth | Unit::MibpsMonth))
}

/// The serverless range of one instance before and now, in capacity units: what it was at least,
/// and what it may be at most.
pub(super) fn range_before(event: &CostEvent) -> Option<(Decimal, Decimal)> {
    let line = only_line(event).filter(|line| line.unit == Unit::AcuHour)?;
    let units = |hourly: Decimal| half_steps(hourly.checked_div(line.unit_price)?);
    let most = units(event.estimate.bound.as_ref()?.hourly)?;
    let before = units(event.hourly_before.amount())?;
    let raised = Decimal::ZERO < before && before < line.quantity && before <= most;
    (raised && event.count() == 1).then_some((before, most))
}

/// How many instances of a function were kept warm before there were more of them.
pub(super) fn warm_before(event: &CostEvent) -> Option<u32> {
    let line = only_line(event)?;
    let (_, now) = line.item.rsplit_once("provisioned concurrency, ")?;
    let now: Decimal = now.split(' ').next()?.parse().ok()?;
    let share = event.hourly_before.amount().checked_div(line.hourly())?;
    let before = whole(share.checked_mul(now)?)?;
    (before > Decimal::ZERO && before < now).then(|| before.try_into().ok()).flatten()
}

fn only_line(event: &CostEvent) -> Option<&Line> {
    match event.estimate.lines.as_slice() {
        [line] => Some(line),
        _ => None,
    }
}

/// Amounts are kept to ten places: a rate divided by a price is whole only nearly.
fn whole(number: Decimal) -> Option<Decimal> {
    let rounded = number.round();
    ((number - rounded).abs() < Decimal::new(1, 3)).then(|| rounded.normalize())
}

/// Capacity comes in halves.
fn half_steps(number: Decimal) -> Option<Decimal> {
    Some((whole(number.checked_mul(Decimal::TWO)?)? / Decimal::TWO).normalize())
}

fn words(event: &CostEvent) -> impl Iterator<Item = &str> {
    let estimate = &event.estimate;
    let lines = estimate.lines.iter().map(|line| &*line.item);
    let rates = estimate.as_used.iter().map(|rate| &*rate.item);
    let reason = estimate.bound.iter().map(|bound| &*bound.reason);
    let texts = lines.chain(rates).chain(reason);
    texts.flat_map(|text| text.split([' ', ','])).filter(|word| !word.is_empty())
}
