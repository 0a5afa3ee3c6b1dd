//! Build runners: many small launches that end minutes later.

use crate::generate::calendar::working_second;
use crate::generate::company::{Ci, Company};
use crate::generate::dice::{Dice, hours};
use crate::generate::scribe::{Hand, Scribe};
use crate::trail::Archetype;

pub(super) fn write(company: &Company, scribe: &mut Scribe, dice: &Dice) {
    let Some(ci) = &company.ci else { return };
    let mut dice = dice.clone();
    let hand = company.at_home(&ci.caller);
    let larger = larger(&ci.runner);
    let has_nights = company.archetype != Archetype::Sleepy && dice.chance(0.6);
    let nightly = has_nights.then(|| (dice.real(0.5, 5.0), dice.between(1..=ci.most + 3)));
    let weekend = dice.real(0.05, 0.3);
    for day in 0..=company.calendar.days {
        let pulse = company.calendar.pulse(day).max(weekend);
        let busy = busy(&mut dice);
        for _ in 0..dice.poisson(ci.daily * pulse * busy) {
            build(company, ci, &larger, &hand, day, scribe, &mut dice);
        }
        if let Some((hour, count)) = nightly {
            let at = company.calendar.at(day, hours(hour + 0.05 * dice.normal()));
            let seconds = hours(dice.real(0.5, 1.5));
            scribe.rent(&hand, at, &ci.runner, count, seconds);
        }
    }
}

/// A release day now and then.
fn busy(dice: &mut Dice) -> f64 {
    if dice.chance(0.04) { dice.real(1.3, 1.8) } else { 1.0 }
}

fn build(
    company: &Company,
    ci: &Ci,
    larger: &str,
    hand: &Hand,
    day: u32,
    scribe: &mut Scribe,
    dice: &mut Dice,
) {
    let at = company.calendar.at(day, working_second(dice));
    let kind = if dice.chance(0.1) { larger } else { &ci.runner };
    let count = if dice.chance(0.75) { 1 } else { dice.between(1..=ci.most) };
    let seconds = hours(dice.around(0.25, 0.6).clamp(0.05, 2.0));
    scribe.rent(hand, at, kind, count, seconds);
}

/// The next size of the same family.
fn larger(kind: &str) -> String {
    let (family, size) = kind.split_once('.').unwrap_or((kind, ""));
    let size = match size {
        "large" => "xlarge",
        "xlarge" => "2xlarge",
        _ => "4xlarge",
    };
    // The T families end at 2xlarge.
    if family.starts_with('t') { kind.to_owned() } else { format!("{family}.{size}") }
}
