//! `flags`: each flag with its owner, age and what is left of its term or until its review.

use flags::{Document, Flag, Lifetime, State, VARIABLE};
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
    let mut table = line(["flag", "owner", "lifetime", "on for", "age", "left", "state"]);
    for flag in document.flags() {
        let (left, state) = words(flag.state(day));
        let on_for = format!("{} %", document.rollout_percent(flag, now));
        let age = format!("{} d", flag.age_days(day));
        let lifetime = match flag.lifetime {
            Lifetime::Release => "release",
            Lifetime::Operational => "operational",
        };
        let words = [&flag.name, &flag.owner, lifetime, &on_for, &age, &left, state];
        table.push_str(&line(words));
        if let Some(own) = document.overridden(&flag.name, now) {
            let _ = writeln!(table, "  overridden until {}: {}", own.until, own.reason);
        }
    }
    table
}

fn line([name, owner, lifetime, on_for, age, left, state]: [&str; 7]) -> String {
    format!("{name:<24} {owner:<12} {lifetime:<12} {on_for:>7} {age:>6} {left:>6}  {state}\n")
}

fn words(state: State) -> (String, &'static str) {
    match state {
        State::Live { days_left } => (format!("{days_left} d"), "live"),
        State::Stuck { days_over } => (format!("-{days_over} d"), "WARNING: past its term"),
        State::Expired { days_over } => (format!("-{days_over} d"), "EXPIRED"),
        State::ToReview { days_over } => (format!("-{days_over} d"), "WARNING: to be reviewed"),
        State::Forgotten { days_over } => (format!("-{days_over} d"), "NOT REVIEWED"),
        State::Ahead => (String::new(), "AHEAD: begins on a day that has not come"),
    }
}

/// What a flag warns of on a day.
fn warning(flag: &Flag, day: Date) -> Option<String> {
    let Flag { name, owner, rollout_percent, .. } = flag;
    match flag.state(day) {
        State::Stuck { days_over } => Some(format!(
            "{name} is {days_over} days past its term at {rollout_percent} %: team {owner} raises \
             it, renews it or removes it"
        )),
        State::ToReview { days_over } => Some(format!(
            "{name} was to be reviewed {days_over} days ago: team {owner} says why it is still \
             needed, or removes it; after 30 days this fails"
        )),
        _ => None,
    }
}

/// Fails if a release flag's term is over and the flag is on for all, or if nobody has reviewed an
/// operational flag for long; warns before.
fn check(flags: &[Flag], day: Date) -> Result<(), String> {
    for warning in flags.iter().filter_map(|flag| warning(flag, day)) {
        eprintln!("warning: {warning}");
    }
    let failing = flags.iter().filter(|flag| flag.state(day).fails());
    let failing: Vec<String> =
        failing.map(|flag| format!("{} (team {})", flag.name, flag.owner)).collect();
    if failing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "flags past their term or review on {day}, remove or renew them (docs/OPERATING.md): {}",
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

    /// The shipped flags with one that is released to all.
    fn released() -> Document {
        let text =
            flags::COMPILED_IN.replacen(r#""rollout_percent": 0"#, r#""rollout_percent": 100"#, 1);
        Document::read(&text).unwrap()
    }

    #[test]
    fn release_flags_past_their_term_fail_when_on_for_all_and_warn_otherwise() {
        let flags = released();
        let error = check(flags.flags(), later(15)).unwrap_err();
        assert!(error.contains("channel.learned (team detection)"), "{error}");
        assert!(!error.contains("detection.thresholds"), "{error}");
        let stuck = warning(flags.flag("detection.thresholds").unwrap(), later(15)).unwrap();
        assert!(stuck.contains("1 days past its term at 0 %"), "{stuck}");
    }

    #[test]
    fn operational_flags_stay_but_somebody_has_to_look_at_them() {
        let rate = shipped().flag("channel.rate").unwrap().clone();
        let review = rate.review_by.unwrap();
        assert_eq!(warning(&rate, review), None);
        let late = warning(&rate, review + 30.days()).unwrap();
        assert!(late.contains("30 days ago: team detection"), "{late}");
        let flags = [rate];
        assert_eq!(check(&flags, review + 30.days()), Ok(()));
        let error = check(&flags, review + 31.days()).unwrap_err();
        assert!(error.contains("channel.rate (team detection)"), "{error}");
    }

    #[test]
    fn the_list_says_who_how_long_and_what_is_overridden() {
        let now: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
        let own = r#"{"channel.rate": {"rollout_percent": 0, "until": "2026-11-28T00:00:00Z", "reason": "floods"}}"#;
        let rate = shipped().flag("channel.rate").unwrap().clone();
        let before = rate.review_by.unwrap() - 11.days();
        let age = rate.age_days(before).to_string();
        let shown = table(&shipped().with_overrides(own, now).unwrap(), before, now);
        let line = shown.lines().find(|line| line.starts_with("channel.rate")).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        let wanted = ["channel.rate", "detection", "operational", "0", "%", &age, "d", "11", "d"];
        assert_eq!(words, [&wanted[..], &["live"]].concat());
        assert!(shown.contains("overridden until 2026-11-28T00:00:00Z: floods"), "{shown}");
        let late = table(&released(), later(15), now);
        assert!(late.contains("EXPIRED") && late.contains("WARNING: past its term"), "{late}");
        let late = table(&shipped(), rate.review_by.unwrap() + 1.days(), now);
        assert!(late.contains("WARNING: to be reviewed"), "{late}");
    }
}
