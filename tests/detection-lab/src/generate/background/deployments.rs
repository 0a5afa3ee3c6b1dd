//! Services brought out blue and green: as many again, then the old ones go.

use crate::generate::calendar::working_second;
use crate::generate::company::Company;
use crate::generate::dice::{Dice, hours};
use crate::generate::scribe::{Scribe, later};
use crate::trail::Archetype;

pub(super) fn write(company: &Company, scribe: &mut Scribe, dice: &Dice) {
    let mut dice = dice.clone();
    let services: u64 = match company.archetype {
        Archetype::Startup => dice.between(1..=3),
        Archetype::Enterprise => dice.between(2..=6),
        Archetype::Sleepy => 0,
        _ => dice.between(0..=2),
    };
    for _ in 0..services {
        service(company, scribe, &mut dice);
    }
}

fn service(company: &Company, scribe: &mut Scribe, dice: &mut Dice) {
    let calendar = &company.calendar;
    let hand = company.at_home(&company.deploy);
    let size = *dice.pick(&["large", "large", "xlarge", "2xlarge"]);
    let kind = format!("{}.{size}", company.family);
    let (mut count, weekly) = (dice.log_between(1, 8), dice.log_real(0.4, 4.0));
    let mut running =
        scribe.launch(&hand, calendar.at(0, hours(dice.real(9.0, 17.0))), &kind, count);
    for day in 1..=calendar.days {
        if !dice.chance((weekly / 5.0 * calendar.pulse(day)).min(0.9)) {
            continue;
        }
        // Growth: one more now and then.
        count += u64::from(dice.chance(0.05));
        let at = calendar.at(day, working_second(dice));
        let new = scribe.launch(&hand, at, &kind, count);
        scribe.terminate(&company.deploy, later(at, dice.between(600..=5400)), &running);
        running = new;
    }
}
