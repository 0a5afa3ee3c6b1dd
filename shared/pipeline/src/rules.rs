//! The rules of governance, `policy.json`, compiled in.

use crate::error::Failure;
use domain::governance::Rules;
use domain::policy::Mode;
use jiff::SignedDuration;
use serde::Deserialize;

const POLICY: &str = include_str!("../policy.json");

/// Promised to customers: 72 hours after a disconnection all is gone. A day of it is left for the
/// purge.
const MAX_GRACE_HOURS: u32 = 48;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// `strict` or `audit`.
    new_accounts: String,
    strict_days: u32,
    grace_hours: u32,
    promotion: PromotionFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PromotionFile {
    min_baseline_days: u32,
    max_false_positive_percent: u32,
    /// Below ten answers a single one is more than a tenth of them.
    min_answers: u32,
}

/// The rules that hold.
pub fn rules() -> Result<Rules, Failure> {
    read(POLICY).map_err(Failure::Reject)
}

fn read(text: &str) -> Result<Rules, String> {
    let file: File = serde_json::from_str(text)
        .map_err(|error| format!("policy.json cannot be read: {error}"))?;
    let faults = faults(&file);
    if !faults.is_empty() {
        return Err(format!("policy.json is refused: {}", faults.join("; ")));
    }
    let mode = Mode::from_code(&file.new_accounts);
    let promotion = file.promotion;
    Ok(Rules {
        new_accounts: mode.unwrap_or(Mode::Strict),
        strict: SignedDuration::from_hours(i64::from(file.strict_days) * 24),
        min_baseline_days: promotion.min_baseline_days.into(),
        max_false_positive_percent: promotion.max_false_positive_percent.into(),
        min_answers: promotion.min_answers.into(),
        grace: SignedDuration::from_hours(file.grace_hours.into()),
    })
}

type Limit = (&'static str, fn(&File) -> u32, u32, u32);

/// Each number with the least and the most that it may be.
const LIMITS: [Limit; 5] = [
    ("strict_days", |file| file.strict_days, 1, 365),
    ("grace_hours", |file| file.grace_hours, 1, MAX_GRACE_HOURS),
    ("promotion.min_baseline_days", |file| file.promotion.min_baseline_days, 1, 365),
    (
        "promotion.max_false_positive_percent",
        |file| file.promotion.max_false_positive_percent,
        1,
        100,
    ),
    ("promotion.min_answers", |file| file.promotion.min_answers, 1, 1_000),
];

fn faults(file: &File) -> Vec<String> {
    let outside = LIMITS.iter().filter(|(_, value, least, most)| {
        let value = value(file);
        value < *least || value > *most
    });
    let mut faults: Vec<String> = outside
        .map(|(name, value, least, most)| {
            format!("{name} is {least} to {most}, not {}", value(file))
        })
        .collect();
    if Mode::from_code(&file.new_accounts).is_none() {
        faults.push(format!("new_accounts is strict or audit, not {:?}", file.new_accounts));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_in_holds_new_accounts_for_14_days() {
        let fourteen_days = SignedDuration::from_hours(14 * 24);
        let expected = Rules {
            new_accounts: Mode::Strict,
            strict: fourteen_days,
            min_baseline_days: 14,
            max_false_positive_percent: 10,
            min_answers: 10,
            grace: SignedDuration::from_hours(48),
        };
        assert_eq!(rules(), Ok(expected));
    }

    #[test]
    fn all_that_is_wrong_is_named_at_once() {
        let wrong = POLICY
            .replace("\"strict\"", "\"loud\"")
            .replace("\"grace_hours\": 48", "\"grace_hours\": 49")
            .replace("\"min_answers\": 10", "\"min_answers\": 0");
        let why = read(&wrong).unwrap_err();
        for part in [
            "new_accounts is strict or audit, not \"loud\"",
            "grace_hours is 1 to 48, not 49",
            "promotion.min_answers is 1 to 1000, not 0",
        ] {
            assert!(why.contains(part), "{why}");
        }
        assert!(!why.contains("strict_days"), "{why}");
    }

    #[test]
    fn a_field_that_is_not_known_and_one_that_is_missing_are_refused_by_name() {
        let unknown = read(&POLICY.replace("strict_days", "strict_weeks")).unwrap_err();
        assert!(unknown.contains("strict_weeks"), "{unknown}");
        let missing = read(&POLICY.replace("\"strict_days\": 14,", "")).unwrap_err();
        assert!(missing.contains("strict_days"), "{missing}");
    }
}
