//! Load tests: rare, by people who are known, larger than usual, some hours long.

use crate::generate::calendar::working_second;
use crate::generate::company::{Company, offered};
use crate::generate::dice::{Dice, hours};
use crate::generate::scribe::Scribe;
use crate::trail::Archetype;

pub(super) fn write(company: &Company, scribe: &mut Scribe, dice: &Dice) {
    let mut dice = dice.clone();
    let every = match company.archetype {
        Archetype::Scaling => 30.0,
        Archetype::Startup | Archetype::Enterprise | Archetype::Ci => 50.0,
        Archetype::Batch | Archetype::Ml => 120.0,
        Archetype::Sleepy => return,
    };
    let kind =
        offered(&["c5.xlarge", "c5.2xlarge", "c6i.xlarge", "m5.xlarge"], company.home(), &mut dice);
    for _ in 0..dice.poisson(f64::from(company.calendar.days) / every) {
        let day = dice.between(4..=company.calendar.days.max(4));
        if !company.calendar.is_workday(day) {
            continue;
        }
        let hand = company.at_home(&company.people[0].caller);
        let at = company.calendar.at(day, working_second(&mut dice));
        let count = dice.log_between(5, 25);
        let seconds = hours(dice.real(0.7, 4.0));
        scribe.rent(&hand, at, &kind, count, seconds);
    }
}
