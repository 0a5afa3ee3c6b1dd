//! Nightly batches, larger ones at the week's and the month's end.

use crate::generate::company::{Company, offered};
use crate::generate::dice::{Dice, hours, real, whole};
use crate::generate::scribe::{Hand, Scribe, later};
use crate::trail::Archetype;
use jiff::Timestamp;

/// One job and its habits.
struct Job {
    hand: Hand,
    kind: String,
    count: f64,
    hour: f64,
    length: f64,
    weekly: bool,
    month_end: f64,
    market: Market,
}

#[derive(Clone, Copy)]
enum Market {
    OnDemand,
    Spot,
    Fleet,
}

pub(super) fn write(company: &Company, scribe: &mut Scribe, dice: &Dice) {
    let mut dice = dice.clone();
    let (jobs, least, most) = match company.archetype {
        Archetype::Batch => (dice.between(2..=5), 3.0, 24.0),
        Archetype::Enterprise => (dice.between(0..=2), 2.0, 10.0),
        Archetype::Ml | Archetype::Scaling => (dice.between(0..=1), 2.0, 6.0),
        Archetype::Startup | Archetype::Ci => (u32::from(dice.chance(0.3)), 1.0, 3.0),
        Archetype::Sleepy => (0, 1.0, 1.0),
    };
    for _ in 0..jobs {
        let job = Job::draw(company, least, most, &mut dice);
        for day in 0..=company.calendar.days {
            night(company, &job, day, scribe, &mut dice);
        }
    }
}

impl Job {
    fn draw(company: &Company, least: f64, most: f64, dice: &mut Dice) -> Self {
        let kinds =
            ["c5.4xlarge", "c5.2xlarge", "r5.2xlarge", "m5.4xlarge", "c6i.4xlarge", "r6g.4xlarge"];
        Self {
            hand: company.at_home(&company.worker),
            kind: offered(&kinds, company.home(), dice),
            count: dice.log_real(least, most),
            hour: dice.real(-2.0, 6.0),
            length: dice.real(0.7, 3.5),
            weekly: dice.chance(0.25),
            month_end: dice.real(2.0, 5.0),
            market: match dice.weighted(&[0.6, 0.2, 0.2]) {
                0 => Market::OnDemand,
                1 => Market::Spot,
                _ => Market::Fleet,
            },
        }
    }
}

fn night(company: &Company, job: &Job, day: u32, scribe: &mut Scribe, dice: &mut Dice) {
    let calendar = &company.calendar;
    let is_month_end = calendar.is_month_end(day);
    if job.weekly && calendar.weekday(day) != 6 && !is_month_end {
        return;
    }
    // A job fails and is repeated in the morning, rarely.
    let starts = if dice.chance(0.02) { vec![job.hour, job.hour + 5.0] } else { vec![job.hour] };
    for hour in starts {
        let at = calendar.at(day, hours(hour + 0.03 * dice.normal()));
        let more = if is_month_end { job.month_end } else { 1.0 };
        let count = whole(job.count * more * dice.around(1.0, 0.12)).max(1);
        let length = job.length * libm::sqrt(more) * dice.around(1.0, 0.2);
        run(job, at, count, hours(length), scribe, dice);
    }
}

/// In one to four calls a few minutes apart; each ends on its own.
fn run(job: &Job, at: Timestamp, count: u64, seconds: i64, scribe: &mut Scribe, dice: &mut Dice) {
    let calls = dice.between(1..=4).min(count);
    for nth in 0..calls {
        let share = whole(real(count) / real(calls)).max(1);
        let start = later(at, dice.between(0..=60) + i64::try_from(nth).unwrap_or(0) * 150);
        let running = scribe.launch_with(&job.hand, start, share, |call, count| match job.market {
            Market::OnDemand => call.run_instances(&job.kind, count, None),
            Market::Spot => call.run_spot_instances(&job.kind, count),
            Market::Fleet => call.create_instant_fleet(&job.kind, count),
        });
        let end =
            later(start, whole(real(seconds.unsigned_abs()) * dice.real(0.8, 1.1)).cast_signed());
        scribe.terminate(&job.hand.caller, end, &running);
    }
}
