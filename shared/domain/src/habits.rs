//! What an actor is used to: what it started within the last hour, six hours and four days, what it
//! has running, and how high each of these went on its days before.
//!
//! All of it is a few whole numbers: at most [`MAX_DAYS`] days, [`MAX_KINDS`] kinds and
//! [`MAX_REGIONS`] regions. No earlier event is read to judge a new one.

use crate::cost_event::CostEvent;
use crate::fixed::Millionths;
use crate::ids::Region;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Days that are kept, the latest ones: four weeks.
pub const MAX_DAYS: usize = 28;
/// Kinds of resource that are kept of an actor; the one seen least makes room.
pub const MAX_KINDS: usize = 24;
/// Regions that are kept of an actor, or of an account.
pub const MAX_REGIONS: usize = 40;

/// What an alerting event brought teaches after so long, if nobody has answered by then.
pub const HELD_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);
/// What follows an alert within a day is held back with it.
const HELD_WITH: SignedDuration = SignedDuration::from_hours(24);
/// Snapshots of the days before the last five cannot have been taught by a slow ramp.
const OLD_DAYS: i64 = 5;

/// What is measured of an actor; an index into [`Measures`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Micro-dollars an hour started within about an hour.
    Hour,
    /// The same within about six hours.
    SixHours,
    /// The same within about four days.
    FourDays,
    /// Millionths of a resource started within about an hour.
    LaunchesHour,
    /// The same within about six hours.
    LaunchesSixHours,
    /// Micro-dollars an hour of all that runs.
    Open,
}

/// A value of each [`Measure`].
pub type Measures = [i64; 6];

/// Hours after which a decayed sum has 1/e left; what runs does not decay.
const DECAY_HOURS: [f64; 5] = [1.0, 6.0, 96.0, 1.0, 6.0];

/// An actor's habits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Habits {
    /// The moment that the decayed sums are of.
    pub at: Option<Timestamp>,
    /// Decayed sums of what was started, and what runs.
    pub now: Measures,
    /// The peaks of each day, in order.
    pub days: Vec<Day>,
    /// `ec2#m5.large`: what was seen of this kind.
    pub kinds: BTreeMap<String, Seen>,
    /// How many events each region had.
    pub regions: BTreeMap<String, u64>,
    /// The latest alert that nobody has answered.
    pub held_since: Option<Timestamp>,
}

/// One day's peaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Day {
    /// Days since 1970, UTC.
    pub number: i64,
    /// What counts as usual.
    pub usual: Measures,
    /// With what alerted and what came after it: counts once somebody says that it was expected.
    pub held: Measures,
}

/// Sums over events of one kind, as in [`crate::baseline::Sums`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// How many.
    pub n: i64,
    /// Σ of the natural logarithms of the rates in micro-dollars, in millionths.
    pub logs: i128,
    /// Σ of their squares.
    pub log_squares: i128,
}

/// What is usual: sums and highest values over the days before an event's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usual {
    /// Number of days.
    pub days: i64,
    /// Σ of the peaks.
    pub sums: Measures,
    /// The highest.
    pub most: Measures,
    /// Number of days that lie at least five days back.
    pub old_days: i64,
    /// Σ of their peaks of [`Measure::FourDays`].
    pub old_sum: i64,
}

impl Habits {
    /// What is measured once an event that costs more has happened.
    pub fn after(&self, event: &CostEvent) -> Measures {
        let mut after = self.decayed_to(event.time);
        let late = self.at.map_or(0.0, |at| hours(event.time, at).max(0.0));
        let rate = event.hourly_change.micros().0.max(0);
        let count = i64::try_from(event.count()).unwrap_or(i64::MAX).saturating_mul(1_000_000);
        for (value, (added, decay)) in
            after.iter_mut().zip([rate, rate, rate, count, count].into_iter().zip(DECAY_HOURS))
        {
            *value = value.saturating_add(decayed(added, late, decay));
        }
        let open = &mut after[Measure::Open as usize];
        *open = open.saturating_add(event.open_change_of(&event.actor.id).micros().0).max(0);
        after
    }

    /// The sums as they are at a moment; an earlier moment than theirs changes nothing.
    fn decayed_to(&self, to: Timestamp) -> Measures {
        let mut now = self.now;
        let passed = self.at.map_or(0.0, |at| hours(at, to).max(0.0));
        if passed > 0.0 {
            for (value, decay) in now.iter_mut().zip(DECAY_HOURS) {
                *value = decayed(*value, passed, decay);
            }
        }
        now
    }

    /// What is usual on the days before the one of a moment.
    pub fn usual(&self, at: Timestamp) -> Usual {
        let today = day(at);
        let mut usual = Usual::default();
        for day in self.days.iter().filter(|day| day.number < today && day.is_usual()) {
            usual.days += 1;
            for ((sum, most), peak) in usual.sums.iter_mut().zip(&mut usual.most).zip(day.usual) {
                *sum = sum.saturating_add(peak);
                *most = peak.max(*most);
            }
            if day.number <= today - OLD_DAYS {
                usual.old_days += 1;
                usual.old_sum = usual.old_sum.saturating_add(day.usual[Measure::FourDays as usize]);
            }
        }
        usual
    }

    /// Takes note of an event that costs more. If it alerts because it is unusual, its peaks are held
    /// back, and with them those of a day after it.
    pub fn note(&mut self, event: &CostEvent, after: Measures, unusual: bool) {
        self.now = after;
        self.at = self.at.max(Some(event.time));
        if unusual {
            self.held_since = self.held_since.max(Some(event.time));
        }
        let held = self.held_since.is_some_and(|since| event.time < later(since, HELD_WITH));
        let day = self.day_mut(day(event.time));
        let peaks = if held { &mut day.held } else { &mut day.usual };
        raise(peaks, &after);
    }

    /// Learns kind and region of an event.
    pub fn learn(&mut self, kind: &str, region: &Region, log: Millionths) {
        let log = i128::from(log.0);
        if !self.kinds.contains_key(kind) {
            make_room(&mut self.kinds, MAX_KINDS, |seen| seen.n);
        }
        let seen = self.kinds.entry(kind.to_owned()).or_default();
        seen.n += 1;
        seen.logs += log;
        seen.log_squares += log * log;
        count_region(&mut self.regions, region);
    }

    /// The opposite of [`Self::learn`].
    pub fn unlearn(&mut self, kind: &str, region: &Region, log: Millionths) {
        let log = i128::from(log.0);
        if let Some(seen) = self.kinds.get_mut(kind) {
            seen.n -= 1;
            seen.logs -= log;
            seen.log_squares -= log * log;
        }
        self.kinds.retain(|_, seen| seen.n > 0);
        uncount_region(&mut self.regions, region);
    }

    /// What this actor has running costs so much more or less by the hour, in micro-dollars.
    pub fn change_open(&mut self, micros: i64) {
        let open = &mut self.now[Measure::Open as usize];
        *open = open.saturating_add(micros).max(0);
    }

    /// What was held back on a day counts as usual a week later, if nobody has answered by then.
    pub fn settle(&mut self, now: Timestamp) {
        let last = day(now) - HELD_FOR.as_hours() / 24;
        if self.days.iter().any(|day| day.number <= last && day.is_held()) {
            self.days.iter_mut().filter(|day| day.number <= last).for_each(Day::release);
            self.forget_held();
        }
    }

    /// Somebody said that what alerted between two moments was expected: it counts as usual.
    pub fn expected(&mut self, from: Timestamp, to: Timestamp) {
        self.days.iter_mut().filter(within(from, to)).for_each(Day::release);
        self.forget_held();
    }

    /// Somebody said that what alerted between two moments was not expected: it never happened, and
    /// what is counted begins anew.
    pub fn not_expected(&mut self, from: Timestamp, to: Timestamp) {
        for day in self.days.iter_mut().filter(within(from, to)) {
            day.held = Measures::default();
        }
        let open = self.now[Measure::Open as usize];
        self.now = Measures::default();
        self.now[Measure::Open as usize] = open;
        self.forget_held();
    }

    fn forget_held(&mut self) {
        self.days.retain(|day| day.is_usual() || day.is_held());
        if !self.days.iter().any(Day::is_held) {
            self.held_since = None;
        }
    }

    fn day_mut(&mut self, number: i64) -> &mut Day {
        let place = match self.days.binary_search_by_key(&number, |day| day.number) {
            Ok(place) => place,
            Err(place) => {
                self.days.insert(place, Day { number, ..Day::default() });
                let too_many = self.days.len().saturating_sub(MAX_DAYS).min(place);
                self.days.drain(..too_many);
                place - too_many
            }
        };
        &mut self.days[place]
    }
}

impl Day {
    fn is_usual(&self) -> bool {
        self.usual != Measures::default()
    }

    fn is_held(&self) -> bool {
        self.held != Measures::default()
    }

    fn release(&mut self) {
        let held = std::mem::take(&mut self.held);
        raise(&mut self.usual, &held);
    }
}

/// Counts an event of a region.
pub fn count_region(regions: &mut BTreeMap<String, u64>, region: &Region) {
    if !regions.contains_key(region.as_str()) {
        make_room(regions, MAX_REGIONS, |count| *count);
    }
    *regions.entry(region.as_str().to_owned()).or_default() += 1;
}

/// The opposite of [`count_region`].
pub fn uncount_region(regions: &mut BTreeMap<String, u64>, region: &Region) {
    if let Some(count) = regions.get_mut(region.as_str()) {
        *count = count.saturating_sub(1);
    }
    regions.retain(|_, count| *count > 0);
}

/// What was seen least, then what comes last by its name, makes room for something new.
fn make_room<T, N: Ord>(of: &mut BTreeMap<String, T>, most: usize, seen: impl Fn(&T) -> N) {
    while of.len() >= most {
        let least = of.iter().min_by(|a, b| seen(a.1).cmp(&seen(b.1)).then(b.0.cmp(a.0)));
        let Some(name) = least.map(|(name, _)| name.clone()) else { return };
        of.remove(&name);
    }
}

fn raise(peaks: &mut Measures, to: &Measures) {
    for (peak, value) in peaks.iter_mut().zip(to) {
        *peak = *value.max(peak);
    }
}

fn within(from: Timestamp, to: Timestamp) -> impl Fn(&&mut Day) -> bool {
    let last = day(to.checked_add(HELD_WITH).unwrap_or(Timestamp::MAX));
    move |each| (day(from)..=last).contains(&each.number)
}

fn day(at: Timestamp) -> i64 {
    at.as_second().div_euclid(86_400)
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "a time in milliseconds has fewer than 53 bits")]
fn hours(from: Timestamp, to: Timestamp) -> f64 {
    (to.as_millisecond() - from.as_millisecond()) as f64 / 3_600_000.0
}

/// What is left of a decayed sum, to the nearest whole number.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "sums have fewer than 53 bits of micro-dollars; `as` saturates"
)]
fn decayed(value: i64, hours: f64, decay_hours: f64) -> i64 {
    if hours <= 0.0 || value == 0 {
        return value;
    }
    libm::round(value as f64 * libm::exp(-hours / decay_hours)) as i64
}
