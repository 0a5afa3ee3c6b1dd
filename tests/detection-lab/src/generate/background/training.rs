//! Research on GPUs: trials, sweeps and large runs, some of them through nights and weekends.

use crate::generate::calendar::working_second;
use crate::generate::company::{Company, offered};
use crate::generate::dice::{Dice, hours};
use crate::generate::scribe::{Hand, Scribe};
use crate::trail::Archetype;
use sample_trail::Caller;

/// Longest run of everyday life, in hours.
const LONGEST: f64 = 44.0;

pub(super) fn write(company: &Company, scribe: &mut Scribe, dice: &Dice) {
    if company.archetype != Archetype::Ml {
        return;
    }
    let mut dice = dice.clone();
    let home = company.home();
    let small = offered(
        &["g5.xlarge", "g5.2xlarge", "g4dn.xlarge", "g4dn.2xlarge", "g6.xlarge"],
        home,
        &mut dice,
    );
    let large = offered(
        &[
            "p3.8xlarge",
            "p3.16xlarge",
            "p4d.24xlarge",
            "p5.48xlarge",
            "g5.48xlarge",
            "g5.12xlarge",
            "g4dn.12xlarge",
        ],
        home,
        &mut dice,
    );
    let weekly = dice.log_real(4.0, 18.0);
    for day in 0..=company.calendar.days {
        let weekend = if company.calendar.is_weekend(day) { 0.25 } else { 0.0 };
        for _ in 0..dice.poisson(weekly / 5.0 * company.calendar.pulse(day).max(weekend)) {
            let hand = researcher(company, day, &mut dice);
            let at = company.calendar.at(day, working_second(&mut dice));
            let (kind, count, median) = run(&small, &large, &mut dice);
            let seconds = hours(dice.around(median, 0.9).clamp(0.2, LONGEST));
            scribe.rent(&hand, at, kind, count, seconds);
        }
    }
}

/// Half of the runs are started by people, half by the pipeline.
fn researcher(company: &Company, day: u32, dice: &mut Dice) -> Hand {
    let caller: &Caller =
        if dice.chance(0.5) { &company.somebody(day, dice).caller } else { &company.worker };
    company.at_home(caller)
}

/// Type, count and median length in hours.
fn run<'a>(small: &'a str, large: &'a str, dice: &mut Dice) -> (&'a str, u64, f64) {
    match dice.weighted(&[0.62, 0.18, 0.2]) {
        0 => (small, 1, 3.0),
        1 => (small, dice.between(4..=16), 2.0),
        _ => (large, if dice.chance(0.7) { 1 } else { dice.between(2..=4) }, 7.0),
    }
}
