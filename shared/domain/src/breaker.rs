//! A circuit breaker for what alerts too much: more than three times its own usual number of alerts
//! within an hour switches it off for an account, until somebody has looked or a day has passed.
//!
//! Everything is counted in buckets of five minutes, so the order of alerts within one does not
//! matter, and the whole state is a few plain numbers.

use jiff::Timestamp;

/// Length of a bucket, in seconds.
pub const BUCKET_SECONDS: i64 = 300;
/// Buckets of the sliding window: one hour.
pub const BUCKETS: usize = 12;
/// It trips above so many times its baseline.
pub const FACTOR: u64 = 3;
/// The least that counts as a baseline, in millionths of an alert an hour: two alerts, so that
/// what is quiet does not trip below seven alerts in an hour.
pub const BASELINE_FLOOR: u64 = 2_000_000;
/// It closes by itself after so many buckets, a day: what nobody looks at must not stay off.
pub const OPEN_BUCKETS: i64 = 288;

/// [`BUCKETS`] as a difference of bucket numbers.
const WINDOW: i64 = 12;
const BUCKETS_A_DAY: i64 = 288;
const HOURS_A_DAY: u64 = 24;
const MILLION: u64 = 1_000_000;
/// Weight of the newest day in the baseline is one over this, once that many days are known.
const MEMORY_DAYS: u64 = 8;
/// After so many days without alerts any baseline has decayed to nothing.
const FORGOTTEN_DAYS: i64 = 400;

/// Alerts of one flag in one account. Any numbers are a valid state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Breaker {
    /// Alerts of the last hour; bucket number n, counted from 1970, stands at n modulo 12.
    pub window: [u32; BUCKETS],
    /// Number of the newest bucket; 0 before the first alert.
    pub newest: i64,
    /// Alerts of the newest bucket's day (UTC) that came while it was closed.
    pub today: u32,
    /// Decayed mean of the days before, in millionths of an alert an hour.
    pub baseline: u64,
    /// Days in the baseline, at most 8.
    pub days: u8,
    /// Bucket in which it tripped, while that has not been reset.
    pub tripped: Option<i64>,
}

impl Breaker {
    /// Counts one alert, also one that is held back. True if the breaker is open after it.
    ///
    /// An alert that comes late counts in its own bucket if that is still in the window.
    pub fn record(&mut self, now: Timestamp) -> bool {
        let bucket = bucket(now);
        self.advance(bucket);
        let open = self.is_open(now);
        // A storm must not become what is usual.
        if !open && day(bucket) == day(self.newest) {
            self.today = self.today.saturating_add(1);
        }
        if bucket > self.newest - WINDOW
            && let Some(count) = self.window.get_mut(slot(bucket))
        {
            *count = count.saturating_add(1);
        }
        if !open && self.alerts() > self.limit() {
            self.tripped = Some(bucket);
        }
        self.is_open(now)
    }

    /// Whether alerts are held back at this moment.
    pub fn is_open(&self, now: Timestamp) -> bool {
        let until = |tripped: i64| tripped.saturating_add(OPEN_BUCKETS);
        self.tripped.is_some_and(|tripped| bucket(now) < until(tripped))
    }

    /// Somebody has looked: alerts go out again, and the window begins anew.
    pub fn reset(&mut self) {
        self.tripped = None;
        self.window = [0; BUCKETS];
    }

    /// Alerts in the hour up to the newest one.
    pub fn alerts(&self) -> u64 {
        self.window.iter().map(|count| u64::from(*count)).sum()
    }

    /// How many alerts in an hour are still let through.
    pub fn limit(&self) -> u64 {
        FACTOR.saturating_mul(self.baseline.max(BASELINE_FLOOR)) / MILLION
    }

    /// Moves the window and the day forward; never back.
    fn advance(&mut self, to: i64) {
        if to <= self.newest {
            return;
        }
        if self.newest > 0 {
            self.forget(to);
            self.close_days(day(to) - day(self.newest));
        }
        self.newest = to;
    }

    /// Empties the buckets that the window leaves behind.
    fn forget(&mut self, to: i64) {
        let first = (self.newest + 1).max(to - WINDOW + 1);
        for left in first..=to {
            if let Some(count) = self.window.get_mut(slot(left)) {
                *count = 0;
            }
        }
    }

    /// Takes the day that is over, and the days without an alert after it, into the baseline.
    fn close_days(&mut self, over: i64) {
        for _ in 0..over.min(FORGOTTEN_DAYS) {
            let hourly = u64::from(self.today) * MILLION / HOURS_A_DAY;
            let known = u64::from(self.days).min(MEMORY_DAYS - 1);
            let sum = u128::from(self.baseline) * u128::from(known) + u128::from(hourly);
            let mean = sum / u128::from(known + 1);
            self.baseline = u64::try_from(mean).unwrap_or(u64::MAX);
            self.days = u8::try_from(known + 1).unwrap_or(u8::MAX);
            self.today = 0;
        }
    }
}

/// Number of the bucket that a moment is in.
fn bucket(at: Timestamp) -> i64 {
    at.as_second().div_euclid(BUCKET_SECONDS)
}

fn day(bucket: i64) -> i64 {
    bucket.div_euclid(BUCKETS_A_DAY)
}

/// Where a bucket stands in the window.
fn slot(bucket: i64) -> usize {
    usize::try_from(bucket.rem_euclid(WINDOW)).unwrap_or_default()
}
