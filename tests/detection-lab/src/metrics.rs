//! What a candidate is worth: recall, benign alerts, time, dollars, each with how sure that is.

use crate::observed::{Account, Costly, hours};
use crate::runner::{Outcome, account_weeks, counted_from};
use crate::trail::{Archetype, Kind};
use jiff::{Timestamp, ToSpan};
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64;
use std::collections::BTreeMap;

/// An alert this many hours after an incident's last record finds it still.
pub const FOUND_WITHIN_HOURS: i64 = 24;
/// For candidates that judge days: found at all.
pub const LATE_WITHIN_HOURS: i64 = 96;
/// Resamples of the bootstrap.
const RESAMPLES: usize = 1_000;
const BOOTSTRAP_SEED: u64 = 95;
/// Standard deviations of a normal distribution that hold 95 % of it.
const Z: f64 = 1.959_963_984_540_054;

/// Some of a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Part {
    /// How many.
    pub some: usize,
    /// Of how many.
    pub all: usize,
}

impl Part {
    fn count(&mut self, yes: bool) {
        self.some += usize::from(yes);
        self.all += 1;
    }

    /// Between 0 and 1; 0 of nothing.
    pub fn share(self) -> f64 {
        if self.all == 0 { 0.0 } else { real(self.some) / real(self.all) }
    }

    /// 95 % confidence interval of a share: Wilson (1927),
    /// <https://doi.org/10.1080/01621459.1927.10502953>.
    pub fn wilson(self) -> (f64, f64) {
        if self.all == 0 {
            return (0.0, 1.0);
        }
        let (n, p) = (real(self.all), self.share());
        let middle = p + Z * Z / (2.0 * n);
        let half = Z * libm::sqrt(p * (1.0 - p) / n + Z * Z / (4.0 * n * n));
        let scale = 1.0 + Z * Z / n;
        (((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0))
    }
}

/// What one candidate was worth on some fleets at one threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Incidents that it found in time.
    pub found: Part,
    /// The same with up to [`LATE_WITHIN_HOURS`].
    pub found_late: Part,
    /// Bootstrap over accounts of the share found: 2.5th and 97.5th percentile.
    pub bootstrap: (f64, f64),
    /// By kind of incident.
    pub by_kind: BTreeMap<Kind, Part>,
    /// By kind of account.
    pub by_archetype: BTreeMap<Archetype, Part>,
    /// Alerts about nothing.
    pub benign: usize,
    /// Account-weeks that they came in.
    pub weeks: f64,
    /// Alerts about an incident, of all alerts.
    pub precision: Part,
    /// Hours from an incident's first record to its alert, of those found, in ascending order.
    pub hours: Vec<f64>,
    /// Share of the dollars of the first 24 hours that came after the alert.
    pub saved: f64,
}

impl Summary {
    /// Sums up what came out of some fleets; alerts count from `grace_days` on.
    pub fn of(fleet: &[Account], outcomes: &[Outcome], grace_days: u32) -> Self {
        let mut tally = Tally::default();
        for (account, outcome) in fleet.iter().zip(outcomes) {
            tally.account(account, outcome, counted_from(account, grace_days));
        }
        tally.hours.sort_by(f64::total_cmp);
        let mut by_kind: BTreeMap<Kind, Part> = BTreeMap::new();
        for (kind, found) in &tally.incidents {
            by_kind.entry(*kind).or_default().count(*found);
        }
        Self {
            found: tally.accounts.iter().fold(Part::default(), |sum, part| sum.plus(*part)),
            found_late: tally.late,
            bootstrap: bootstrap(&tally.accounts),
            by_kind,
            by_archetype: tally.by_archetype,
            benign: tally.benign,
            weeks: account_weeks(fleet, grace_days),
            precision: tally.precision,
            hours: tally.hours,
            saved: if tally.spent > 0.0 { tally.saved / tally.spent } else { 0.0 },
        }
    }

    /// Benign alerts an account and week.
    pub fn benign_rate(&self) -> f64 {
        if self.weeks > 0.0 { real(self.benign) / self.weeks } else { 0.0 }
    }

    /// Hours within which this share of what was found was found; `None` if nothing was.
    pub fn hours_at(&self, share: f64) -> Option<f64> {
        percentile(&self.hours, share)
    }

    /// Share of what was found that was found within an hour.
    pub fn within_an_hour(&self) -> f64 {
        let quick = self.hours.iter().filter(|hours| **hours <= 1.0).count();
        Part { some: quick, all: self.hours.len() }.share()
    }
}

impl Part {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { some: self.some + other.some, all: self.all + other.all }
    }
}

#[derive(Default)]
struct Tally {
    accounts: Vec<Part>,
    incidents: Vec<(Kind, bool)>,
    late: Part,
    by_archetype: BTreeMap<Archetype, Part>,
    benign: usize,
    precision: Part,
    hours: Vec<f64>,
    saved: f64,
    spent: f64,
}

impl Tally {
    fn account(&mut self, account: &Account, outcome: &Outcome, from: Timestamp) {
        let mut part = Part::default();
        for (incident, alert) in account.incidents.iter().zip(&outcome.found) {
            let found = in_time(incident, *alert, FOUND_WITHIN_HOURS);
            part.count(found.is_some());
            self.incidents.push((incident.kind, found.is_some()));
            self.late.count(in_time(incident, *alert, LATE_WITHIN_HOURS).is_some());
            self.spent += incident.first_day();
            if let Some(alert) = found {
                self.hours.push(hours(incident.first, alert));
                self.saved += incident.first_day_after(alert);
            }
        }
        self.accounts.push(part);
        let archetype = self.by_archetype.entry(account.archetype).or_default();
        *archetype = archetype.plus(part);
        self.benign += outcome.benign(from);
        for alert in outcome.alerts.iter().filter(|alert| alert.at >= from) {
            self.precision.count(alert.real);
        }
    }
}

fn in_time(incident: &Costly, alert: Option<Timestamp>, within: i64) -> Option<Timestamp> {
    alert.filter(|alert| *alert <= incident.last + within.hours())
}

/// Accounts drawn again with repetition: incidents of one account are not independent of each other.
fn bootstrap(accounts: &[Part]) -> (f64, f64) {
    if accounts.is_empty() {
        return (0.0, 1.0);
    }
    let mut random = Pcg64::seed_from_u64(BOOTSTRAP_SEED);
    let mut resample = || {
        let drawn = (0..accounts.len())
            .filter_map(|_| accounts.get(random.random_range(0..accounts.len())));
        drawn.fold(Part::default(), |sum, part| sum.plus(*part)).share()
    };
    let mut shares: Vec<f64> = (0..RESAMPLES).map(|_| resample()).collect();
    shares.sort_by(f64::total_cmp);
    let at = |share| percentile(&shares, share).unwrap_or(0.0);
    (at(0.025), at(0.975))
}

/// The nearest-rank percentile of ascending values.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
fn percentile(ascending: &[f64], share: f64) -> Option<f64> {
    let rank = libm::ceil(real(ascending.len()) * share) as usize;
    ascending.get(rank.saturating_sub(1)).copied()
}

#[expect(clippy::cast_precision_loss, reason = "numbers of incidents and alerts are small")]
fn real(n: usize) -> f64 {
    n as f64
}
