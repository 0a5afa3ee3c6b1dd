//! Which incidents an account has, and on which days.

use super::company::Needs;
use super::dice::Dice;
use crate::trail::{Kind, Plan};

/// One incident to come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned {
    pub(super) kind: Kind,
    /// The day on which it begins, before weekends are looked at.
    pub(super) day: u32,
}

/// Days between the end of what one incident starts and the beginning of the next.
const APART: u32 = 3;
/// A beginning may move to the next workday or Friday.
const MOVES: u32 = 7;
/// Resources of an incident end at most so many days after its last start.
const ENDS_WITHIN: u32 = 4;

/// Draws kinds and days; what finds no room is left out. In the order of days.
pub(super) fn draw(plan: &Plan, dice: &mut Dice) -> Vec<Planned> {
    let mut planned: Vec<Planned> = Vec::new();
    if plan.kinds.is_empty() {
        return planned;
    }
    for _ in 0..dice.poisson(plan.incidents) {
        for _ in 0..40 {
            let kind = *dice.pick(&plan.kinds);
            let latest = plan.days.saturating_sub(MOVES + days_of(kind) + ENDS_WITHIN);
            if latest < plan.incidents_from {
                continue;
            }
            let candidate = Planned { kind, day: dice.between(plan.incidents_from..=latest) };
            if planned.iter().all(|other| are_apart(&candidate, other)) {
                planned.push(candidate);
                break;
            }
        }
    }
    planned.sort_by_key(|planned| planned.day);
    planned
}

/// Longest time from the first to the last start.
fn days_of(kind: Kind) -> u32 {
    match kind {
        Kind::SlowRamp => 20,
        Kind::LeakedKey | Kind::StealthFleet => 2,
        _ => 1,
    }
}

fn are_apart(one: &Planned, other: &Planned) -> bool {
    let (first, second) = if one.day <= other.day { (one, other) } else { (other, one) };
    first.day + MOVES + days_of(first.kind) + APART <= second.day
}

/// What the account needs for them.
pub(super) fn needs(planned: &[Planned]) -> Needs {
    let any = |kind| planned.iter().any(|planned| planned.kind == kind);
    Needs {
        ci: any(Kind::CiLoop),
        group: any(Kind::RunawayScaling),
        function: any(Kind::ProvisionedConcurrency),
    }
}
