//! The days of an account: time zone, weekends, holidays and busy weeks.

use super::dice::{Dice, hours};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Days are counted from 0 and are local; what falls before the plan's first moment is not written.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    start: Timestamp,
    pub(super) days: u32,
    offset_hours: i64,
    holidays: BTreeSet<u32>,
    /// By week: how much busier than usual.
    weeks: BTreeMap<u32, f64>,
}

impl Calendar {
    pub(super) fn draw(start: Timestamp, days: u32, offset_hours: i64, dice: &mut Dice) -> Self {
        let mut holidays = BTreeSet::new();
        for _ in 0..dice.poisson(f64::from(days) / 45.0) {
            holidays.insert(dice.between(0..=days));
        }
        if dice.chance(f64::from(days) / 150.0) {
            let first = dice.between(0..=days);
            holidays.extend(first..first + dice.between(4..=9));
        }
        let weeks = (0..=days / 7).map(|week| (week, dice.around(1.0, 0.18))).collect();
        Self { start, days, offset_hours, holidays, weeks }
    }

    /// The moment at so many seconds after the local midnight of a day.
    pub(super) fn at(&self, day: u32, second: i64) -> Timestamp {
        let since = i64::from(day) * hours(24.0) + second - self.offset_hours * hours(1.0);
        self.start + SignedDuration::from_secs(since)
    }

    /// After the last moment.
    pub(super) fn end(&self) -> Timestamp {
        self.start + SignedDuration::from_hours(24 * i64::from(self.days))
    }

    /// Monday is 0.
    pub(super) fn weekday(&self, day: u32) -> u32 {
        let first = Offset::UTC.to_datetime(self.start).date().weekday();
        let first = u32::try_from(first.to_monday_zero_offset()).unwrap_or(0);
        (first + day) % 7
    }

    pub(super) fn is_weekend(&self, day: u32) -> bool {
        self.weekday(day) >= 5
    }

    /// Neither weekend nor holiday.
    pub(super) fn is_workday(&self, day: u32) -> bool {
        !self.is_weekend(day) && !self.holidays.contains(&day)
    }

    /// Whether the next day is of another month.
    pub(super) fn is_month_end(&self, day: u32) -> bool {
        let month = |day| {
            let noon = self.start + SignedDuration::from_hours(24 * i64::from(day) + 12);
            Offset::UTC.to_datetime(noon).month()
        };
        month(day) != month(day + 1)
    }

    /// How much people work on a day; 1 on a usual workday.
    pub(super) fn pulse(&self, day: u32) -> f64 {
        let week = self.weeks.get(&(day / 7)).copied().unwrap_or(1.0);
        let weekday = match self.weekday(day) {
            0 => 0.95,
            1..=3 => 1.05,
            4 => 0.8,
            _ => 0.07,
        };
        week * weekday * if self.holidays.contains(&day) { 0.12 } else { 1.0 }
    }
}

/// A second of the day at which somebody works: two humps around lunch, a few evenings.
pub(super) fn working_second(dice: &mut Dice) -> i64 {
    let (hour, spread) = match dice.weighted(&[0.42, 0.5, 0.08]) {
        0 => (10.3, 1.0),
        1 => (15.2, 1.6),
        _ => (20.5, 1.3),
    };
    hours((hour + spread * dice.normal()).clamp(6.5, 23.7))
}
