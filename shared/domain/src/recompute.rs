//! Explains: computes every figure of an anomaly again from what is stored with it, and says where
//! the two differ.

use crate::anomaly::{Anomaly, MAX_MEMBERS, Member};
use crate::channels::{Term, highest};
use crate::money::Usd;
use crate::price::Estimate;

/// One figure, as stored and as computed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What it is.
    pub what: String,
    /// The arithmetic, written out.
    pub arithmetic: String,
    /// As stored.
    pub stored: String,
    /// As computed again.
    pub recomputed: String,
    /// What becomes of the result; may be empty.
    pub then: String,
}

impl Check {
    /// Whether both are equal to the last digit.
    pub fn holds(&self) -> bool {
        self.stored == self.recomputed
    }
}

/// Every figure of an anomaly, computed again.
pub fn anomaly(anomaly: &Anomaly) -> Vec<Check> {
    let mut checks: Vec<Check> = anomaly.members.iter().flat_map(member).collect();
    // Beyond the members that are kept the sum cannot be taken again.
    if anomaly.alerts <= MAX_MEMBERS as u64 {
        checks.push(total(anomaly));
    }
    checks
}

/// Every figure of one event of an anomaly.
pub fn member(member: &Member) -> Vec<Check> {
    let mut checks = vec![cost(member)];
    checks.extend(member.terms.iter().map(term));
    checks.push(score(member));
    checks
}

fn term(term: &Term) -> Check {
    let inputs: Vec<String> =
        term.inputs.iter().map(|(name, value)| format!("{name} {value}")).collect();
    Check {
        what: term.name.to_string(),
        arithmetic: inputs.join(", "),
        stored: term.value.to_string(),
        recomputed: match term.recompute() {
            Some(value) => value.to_string(),
            None => "a channel that this release does not know".to_owned(),
        },
        then: format!("× {} = {} points", term.weight, term.points()),
    }
}

fn cost(member: &Member) -> Check {
    let estimate = Estimate {
        lines: member.lines.clone(),
        bound: member.bound.clone(),
        ..Estimate::default()
    };
    let one = Usd::new(estimate.hourly());
    let hourly = one.times(member.count) - member.hourly_before;
    let lines: Vec<String> = estimate
        .lines
        .iter()
        .map(|line| {
            let (quantity, unit, to_hours) =
                (line.quantity, line.unit.code(), line.unit.to_hours());
            format!("{quantity} {unit} × ${}{to_hours} {}", line.unit_price, line.item)
        })
        .collect();
    let of = match (&estimate.bound, lines.is_empty()) {
        (Some(bound), _) if !estimate.price_known() => format!("at most, {}", bound.reason),
        (_, true) => "no priced line".to_owned(),
        (_, false) => lines.join(" + "),
    };
    let less = if member.hourly_before == Usd::ZERO {
        String::new()
    } else {
        format!(" − ${} before", member.hourly_before)
    };
    Check {
        what: "cost by the hour".to_owned(),
        arithmetic: format!("{} × ${one} ({of}){less}", member.count),
        stored: member.hourly.to_string(),
        recomputed: hourly.to_string(),
        then: String::new(),
    }
}

/// The stored score may be smaller than the highest of the terms by what an expectation took off.
fn score(member: &Member) -> Check {
    let points = member.terms.iter().map(|term| term.points().to_string());
    let highest = highest(&member.terms);
    let arithmetic = format!("highest of {}", points.collect::<Vec<_>>().join(", "));
    let partly = crate::policy::Policy::PARTLY_EXPECTED;
    let (arithmetic, recomputed) = if member.partly_expected {
        (format!("({arithmetic}) × {partly}"), highest * partly)
    } else {
        (arithmetic, highest)
    };
    Check {
        what: "score".to_owned(),
        arithmetic,
        stored: member.score.to_string(),
        recomputed: recomputed.to_string(),
        then: String::new(),
    }
}

fn total(anomaly: &Anomaly) -> Check {
    let hourly = anomaly.members.iter().map(|member| member.hourly).collect::<Vec<_>>();
    Check {
        what: "all its events".to_owned(),
        arithmetic: hourly.iter().map(|rate| format!("${rate}")).collect::<Vec<_>>().join(" + "),
        stored: anomaly.hourly.to_string(),
        recomputed: hourly.into_iter().sum::<Usd>().to_string(),
        then: String::new(),
    }
}
