//! Writes the tables by which values of channels become account-weeks:
//! `cargo run --release -p detection-lab --bin calibrate > shared/domain/src/channels/calibration_table.rs`.
//!
//! For each channel alone and each of some values: how many alerts about nothing there would be in
//! an account-week of the development fleets from that value on, with folding and answers as always;
//! apart for accounts in their first three days, in their first two weeks, and later.

use detection_lab::evaluate::{COLD_DEV_SEEDS, DEV_SEEDS, Scale, calibration_fleets};
use detection_lab::observed::{Account, hours};
use detection_lab::ours::CHANNELS_ALONE;
use detection_lab::runner::{Make, Setting, benign_scores, on_all_cores, run_fleet};
use domain::channels::CHANNELS;
use std::io::Write as _;

/// The least number of alerts that a point of a curve stands on.
const LEAST_ALERTS: usize = 4;
/// Of the scores, in the order of their height, each point takes so many times the rank of the last.
const STEP: f64 = 1.6;
/// Points that say how a curve goes on.
const LAST_POINTS: usize = 5;
/// Ages in hours at which the classes begin; the last one ends with the plan.
const CLASSES: [f64; 4] = [0.0, 72.0, 336.0, f64::INFINITY];

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::io::Result<()> {
    let scale = Scale { accounts: 42, days: 90, quick: false, seeds: Vec::new() };
    let fleets = calibration_fleets(&scale);
    let mut out = std::io::stdout().lock();
    let command = "cargo run --release -p detection-lab --bin calibrate";
    writeln!(out, "//! Written by `{command}` and `cargo fmt`; not by hand.\n//!")?;
    writeln!(
        out,
        "//! Development seeds {DEV_SEEDS:?}, of young accounts {COLD_DEV_SEEDS:?}.\n\n\
         use super::calibration::Curves;"
    )?;
    for (channel, make) in CHANNELS.iter().zip(CHANNELS_ALONE) {
        let _ = writeln!(std::io::stderr(), "{}", channel.name);
        let values = values(&fleets, make);
        let curves = [0, 1, 2].map(|class| curve(&fleets, make, &values, class));
        let name = channel.name.to_uppercase();
        writeln!(out, "\npub(super) static {name}: Curves = [&[{}]];", curves.join("], &["))?;
    }
    Ok(())
}

/// Accounts that are too young to say anything of later ones are left out, and the other way round.
fn fleet_of(fleets: &[Vec<Account>; 2], class: usize) -> &[Account] {
    &fleets[usize::from(class < 2)]
}

/// Values of all benign events, from the highest to the lowest, ever more of them skipped.
fn values(fleets: &[Vec<Account>; 2], make: Make) -> Vec<f64> {
    let scores = fleets
        .iter()
        .flat_map(|fleet| on_all_cores(fleet, |account| benign_scores(account, make().as_mut())));
    let mut scores: Vec<f64> = scores.flatten().collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    let mut values = Vec::new();
    let mut rank = 1.0_f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
    while let Some(value) = scores.get(rank as usize) {
        if values.last().is_none_or(|last| value < last) {
            values.push(*value);
        }
        rank *= STEP;
    }
    values
}

fn curve(fleets: &[Vec<Account>; 2], make: Make, values: &[f64], class: usize) -> String {
    let fleet = fleet_of(fleets, class);
    let mut points: Vec<(f64, f64)> = Vec::new();
    for &value in values {
        let setting = Setting { threshold: value, left_out: None };
        let outcomes = run_fleet(fleet, make, setting, 0, None).unwrap_or_default();
        let (mut alerts, mut weeks) = (0_usize, 0.0);
        for (account, outcome) in fleet.iter().zip(&outcomes) {
            let age = |at| hours(account.start, at);
            let (from, to) = (CLASSES[class], CLASSES[class + 1].min(age(account.end())));
            weeks += (to - from) / 168.0;
            let counts = outcome.alerts.iter().filter(|alert| !alert.real);
            alerts += counts.filter(|alert| (from..to).contains(&age(alert.at))).count();
        }
        if alerts >= LEAST_ALERTS {
            #[expect(clippy::cast_precision_loss, reason = "a number of alerts")]
            points.push((value, weeks / alerts as f64));
        }
    }
    text(points)
}

/// From the lowest value to the highest, rising in both: what alerts more often although it is higher
/// is chance.
fn text(mut points: Vec<(f64, f64)>) -> String {
    points.reverse();
    let mut rising: Vec<(f64, f64)> = Vec::new();
    for point in points {
        if rising.last().is_none_or(|last| point.0 > last.0 && point.1 > last.1 * 1.02) {
            rising.push(point);
        }
    }
    rising.extend(beyond(&rising));
    let whole = |x: f64| format!("{:.0}", x * 1e6);
    let points =
        rising.iter().map(|(value, weeks)| format!("({}, {})", whole(*value), whole(*weeks)));
    points.collect::<Vec<_>>().join(", ")
}

/// One more point, a hundred times as rare: the line through the logarithms of the last points goes
/// on, since the last two alone are few alerts and much chance.
fn beyond(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let last = points.get(points.len().checked_sub(LAST_POINTS)?..)?;
    let (from, to) = (last.first()?, last.last()?);
    let slope = (libm::log(to.1) - libm::log(from.1)) / (to.0 - from.0);
    Some((to.0 + libm::log(100.0) / slope, to.1 * 100.0))
}
