//! Functions that are kept warm by day in moderate sizes.

use crate::generate::company::{Company, Function};
use crate::generate::dice::{Dice, hours, real, whole};
use crate::generate::scribe::Scribe;

pub(super) fn write(company: &Company, scribe: &mut Scribe, dice: &Dice) {
    for (nth, function) in company.functions.iter().enumerate() {
        let mut dice = dice.nth(nth);
        let hand = company.at_home(&company.deploy);
        let at = company.calendar.at(0, hours(dice.real(11.0, 12.0)));
        scribe.write(&hand, at, |call| call.create_function(&function.name, function.memory_mb));
        if function.warm > 0 {
            warm_by_day(company, function, scribe, &mut dice);
        }
    }
}

fn warm_by_day(company: &Company, function: &Function, scribe: &mut Scribe, dice: &mut Dice) {
    let (calendar, hand) = (&company.calendar, company.at_home(&company.deploy));
    let (from, to) = (dice.real(6.5, 9.0), dice.real(17.5, 22.0));
    let weekends = dice.chance(0.3);
    for day in 1..=calendar.days {
        if !(weekends || calendar.is_workday(day)) {
            continue;
        }
        let count = whole(real(function.warm) * dice.around(1.0, 0.15)).max(1);
        scribe.write(&hand, calendar.at(day, hours(from)), |call| {
            call.put_concurrency(&function.name, count)
        });
        if dice.chance(0.15) {
            let noon = calendar.at(day, hours(dice.real(11.0, 15.0)));
            scribe
                .write(&hand, noon, |call| call.put_concurrency(&function.name, count + count / 3));
        }
        scribe.write(&hand, calendar.at(day, hours(to)), |call| {
            call.delete_concurrency(&function.name)
        });
    }
}
