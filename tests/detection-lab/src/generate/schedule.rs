//! Which incidents an account has, and on which days.

use super::calendar::Calendar;
use super::company::Needs;
use super::dice::Dice;
use crate::trail::{Kind, Plan};

/// One incident to come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned {
    pub(super) kind: Kind,
    /// The day on which it begins.
    pub(super) day: u32,
}

/// Days between the last start of one incident and the beginning of the next.
const APART: u32 = 4;
/// Resources of an incident end at most so many days after its last start.
const ENDS_WITHIN: u32 = 5;
/// Draws of a day until an incident is left out for want of room.
const DRAWS: u32 = 200;

/// Draws how many there are, and of which kinds.
pub(super) fn kinds(plan: &Plan, dice: &mut Dice) -> Vec<Kind> {
    if plan.kinds.is_empty() {
        return Vec::new();
    }
    (0..dice.poisson(plan.incidents)).map(|_| *dice.pick(&plan.kinds)).collect()
}

/// What the account needs for them.
pub(super) fn needs(kinds: &[Kind]) -> Needs {
    Needs {
        ci: kinds.contains(&Kind::CiLoop),
        group: kinds.contains(&Kind::RunawayScaling),
        function: kinds.contains(&Kind::ProvisionedConcurrency),
    }
}

/// Draws their days, the longest first; what finds no room is left out. In the order of days.
pub(super) fn days(
    plan: &Plan,
    mut kinds: Vec<Kind>,
    calendar: &Calendar,
    dice: &mut Dice,
) -> Vec<Planned> {
    kinds.sort_by_key(|kind| std::cmp::Reverse(days_of(*kind)));
    let mut planned: Vec<Planned> = Vec::new();
    for kind in kinds {
        let latest = plan.days.saturating_sub(days_of(kind) + ENDS_WITHIN);
        if latest < plan.incidents_from {
            continue;
        }
        let found = (0..DRAWS).find_map(|_| {
            let one = Planned { kind, day: dice.between(plan.incidents_from..=latest) };
            let fits = fits(kind, calendar, one.day);
            (fits && planned.iter().all(|other| are_apart(one, *other))).then_some(one)
        });
        planned.extend(found);
    }
    planned.sort_by_key(|planned| planned.day);
    planned
}

/// Whether a kind begins on such a day.
fn fits(kind: Kind, calendar: &Calendar, day: u32) -> bool {
    match kind {
        Kind::WeekendGpu => calendar.weekday(day) == 4,
        Kind::ForgottenDatabase
        | Kind::FatFinger
        | Kind::SlowRamp
        | Kind::WrongType
        | Kind::ProvisionedConcurrency => calendar.is_workday(day),
        Kind::LeakedKey | Kind::StealthFleet | Kind::CiLoop | Kind::RunawayScaling => true,
    }
}

/// Longest time from the beginning of the first day to the last start.
fn days_of(kind: Kind) -> u32 {
    match kind {
        Kind::SlowRamp => 20,
        Kind::LeakedKey | Kind::StealthFleet => 3,
        _ => 2,
    }
}

fn are_apart(one: Planned, other: Planned) -> bool {
    let (first, second) = if one.day <= other.day { (one, other) } else { (other, one) };
    first.day + days_of(first.kind) + APART <= second.day
}
