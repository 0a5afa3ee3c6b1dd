//! Months of CloudTrail records of one account: everyday life, and what goes wrong in it.
//!
//! Everything is drawn from the plan's seed and the account's index; `README.md` lists what is
//! assumed.

mod background;
mod calendar;
mod company;
mod dice;
mod incidents;
mod prices;
mod schedule;
mod scribe;

use crate::trail::{Archetype, Plan, Trail};
use company::Company;
use dice::Dice;
use scribe::Scribe;

/// The trail of the account with this index; the same plan and index give the same records on
/// every machine. `plan.start` has to be a midnight, UTC.
pub fn trail(plan: &Plan, index: usize) -> Trail {
    let archetype = Archetype::ALL[index % Archetype::ALL.len()];
    let number = index as u64;
    let dice = Dice::new(plan.seed, number);
    let kinds = schedule::kinds(plan, &mut dice.fork("kinds"));
    let company = Company::draw(plan, archetype, schedule::needs(&kinds), &dice);
    let planned = schedule::days(plan, kinds, &company.calendar, &mut dice.fork("days"));
    let account =
        format!("{:012}", dice.fork("account").between(1..=9_999_999_u64) * 100_000 + number);
    let window = (plan.start, company.calendar.end());
    // 16 bits of the seed, 16 of the account, 24 to count with: no two records share an id.
    let serial = (dice.fork("serial").between(0..=0xFFFF_u64) << 40) | ((number & 0xFFFF) << 24);
    let mut scribe = Scribe::new(account.clone(), window, serial);
    background::write(&company, &mut scribe, &dice.fork("background"));
    let incidents = incidents::write(&company, &planned, &mut scribe, &dice.fork("incidents"));
    Trail { account, archetype, records: scribe.finish(), incidents }
}
