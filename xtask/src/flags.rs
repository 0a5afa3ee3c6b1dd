//! `flags`: each flag with its owner, age and what is left of its term.

use flags::{Document, Flag, State, VARIABLE};
use jiff::Timestamp;
use jiff::civil::Date;
use std::fmt::Write as _;

/// Lists all flags as of a day, with what the environment overrides now; fails if one is expired.
pub(crate) fn list(day: Date) -> Result<(), String> {
    let document = Document::compiled_in().map_err(|error| error.to_string())?;
    let now = Timestamp::now();
    let own = std::env::var(VARIABLE).unwrap_or_default();
    let document = document.with_overrides(&own, now).map_err(|error| error.to_string())?;
    print!("{}", table(&document, day, now));
    check(document.flags(), day)
}

fn table(document: &Document, day: Date, now: Timestamp) -> String {
    let mut table = line(["flag", "owner", "on for", "age", "left", "state"]);
    for flag in document.flags() {
        let (left, state) = words(flag.state(day));
        let on_for = format!("{} %", document.rollout_percent(flag, now));
        let age = format!("{} d", flag.age_days(day));
        table.push_str(&line([&flag.name, &flag.owner, &on_for, &age, &left, state]));
        if let Some(own) = document.overridden(&flag.name, now) {
            let _ = writeln!(table, "  overridden until {}: {}", own.until, own.reason);
        }
    }
    table
}

fn line([name, owner, on_for, age, left, state]: [&str; 6]) -> String {
    format!("{name:<24} {owner:<12} {on_for:>7} {age:>6} {left:>6}  {state}\n")
}

fn words(state: State) -> (String, &'static str) {
    match state {
        State::Live { days_left } => (format!("{days_left} d"), "live"),
        State::Stuck { days_over } => (format!("-{days_over} d"), "WARNING: past its term"),
        State::Expired { days_over } => (format!("-{days_over} d"), "EXPIRED"),
        State::Ahead => (String::new(), "AHEAD: begins on a day that has not come"),
    }
}

/// Fails if a flag's term is over and the flag is on for all; warns if it is on for fewer.
fn check(flags: &[Flag], day: Date) -> Result<(), String> {
    for flag in flags {
        if let State::Stuck { days_over } = flag.state(day) {
            eprintln!(
                "warning: {} is {days_over} days past its term at {} %: team {} raises it, renews \
                 it or removes it",
                flag.name, flag.rollout_percent, flag.owner
            );
        }
    }
    let failing = flags.iter().filter(|flag| flag.state(day).fails());
    let failing: Vec<String> =
        failing.map(|flag| format!("{} (team {})", flag.name, flag.owner)).collect();
    if failing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "flags past their term on {day}, remove or renew them (docs/OPERATING.md): {}",
        failing.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;

    fn shipped() -> Document {
        Document::compiled_in().unwrap()
    }

    fn later(days: i32) -> Date {
        let newest = shipped().flags().iter().map(Flag::since).max().unwrap();
        newest + days.days()
    }

    #[test]
    fn flags_within_their_term_pass() {
        assert_eq!(check(shipped().flags(), later(0)), Ok(()));
    }

    #[test]
    fn full_rollouts_past_their_term_fail_and_partial_ones_warn() {
        let error = check(shipped().flags(), later(15)).unwrap_err();
        assert!(error.contains("channel.rate (team detection)"), "{error}");
        assert!(!error.contains("channel.learned"), "{error}");
    }

    #[test]
    fn the_list_says_who_how_long_and_what_is_overridden() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let own = r#"{"channel.rate": {"rollout_percent": 0, "until": "2026-11-22T00:00:00Z", "reason": "floods"}}"#;
        let shown = table(&shipped().with_overrides(own, now).unwrap(), later(3), now);
        let rate = shown.lines().find(|line| line.starts_with("channel.rate")).unwrap();
        let words: Vec<&str> = rate.split_whitespace().collect();
        assert_eq!(words, ["channel.rate", "detection", "0", "%", "3", "d", "11", "d", "live"]);
        assert!(shown.contains("overridden until 2026-11-22T00:00:00Z: floods"), "{shown}");
        let late = table(&shipped(), later(15), now);
        assert!(late.contains("EXPIRED") && late.contains("WARNING"), "{late}");
    }
}
