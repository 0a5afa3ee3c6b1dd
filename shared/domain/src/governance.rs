//! Governance: when an account may leave strict mode, who may ask for what, and all of it in words.

use crate::baseline::Baseline;
use crate::ids::AccountId;
use crate::policy::{Governance, Mode};
use crate::words;
use jiff::{SignedDuration, Timestamp};
use std::fmt;

/// What holds for all accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How an account begins.
    pub new_accounts: Mode,
    /// How long it stays in strict mode at least.
    pub strict: SignedDuration,
    /// Whole days between the first and the last event of its baseline, at least.
    pub min_baseline_days: i64,
    /// Percentage of answered alerts that were not worth it; below it an account is promoted.
    pub max_false_positive_percent: u64,
    /// With fewer answered alerts their percentage says nothing.
    pub min_answers: u64,
    /// How long a disconnected account can be taken back.
    pub grace: SignedDuration,
}

/// What people answered to the alerts of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answers {
    /// "That was expected": the alert was not worth it.
    pub expected: u64,
    /// "That was not expected": it was.
    pub not_expected: u64,
}

impl Answers {
    /// Answered alerts.
    pub const fn total(&self) -> u64 {
        self.expected.saturating_add(self.not_expected)
    }

    /// Whether at least so many of a hundred answered alerts were not worth it. Whole numbers: a
    /// rate just below the limit is not rounded up to it.
    const fn reach(&self, percent: u64) -> bool {
        self.expected as u128 * 100 >= self.total() as u128 * percent as u128
    }
}

/// Whether an account leaves strict mode, and why in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promotion {
    /// It does.
    Promoted {
        /// Why.
        why: String,
    },
    /// Not yet: it is asked again the next day.
    Waits {
        /// What is missing.
        why: String,
    },
}

/// Decides about an account whose time in strict mode is over.
pub fn promotion(rules: &Rules, baseline: &Baseline, answers: &Answers) -> Promotion {
    let days = baseline_days(baseline);
    if days < rules.min_baseline_days {
        let of = rules.min_baseline_days;
        return Promotion::Waits {
            why: format!("{days} of {of} days of baseline: stays in strict mode"),
        };
    }
    let learned = format!("{} of baseline", words::counted(days.unsigned_abs(), "day"));
    let counts = answers.total() >= rules.min_answers.max(1);
    if counts && answers.reach(rules.max_false_positive_percent) {
        let (told, limit) = (in_words(answers), rules.max_false_positive_percent);
        return Promotion::Waits {
            why: format!("{learned}, but {told}, not below {limit} %: stays in strict mode"),
        };
    }
    let told = match answers.total() {
        0 => "no alert answered".to_owned(),
        _ if counts => in_words(answers),
        n => format!(
            "{} (their rate counts from {} on)",
            words::counted(n, "answered alert"),
            rules.min_answers
        ),
    };
    Promotion::Promoted { why: format!("{learned}, {told}: leaves strict mode") }
}

/// Whole days between the first and the last event that was learned.
fn baseline_days(baseline: &Baseline) -> i64 {
    let span = baseline.first_at.zip(baseline.last_at);
    span.map_or(0, |(first, last)| last.duration_since(first).as_hours() / 24)
}

/// `1 of 33 answered alerts was not worth it (3 %)`
fn in_words(answers: &Answers) -> String {
    let Answers { expected, .. } = answers;
    let total = answers.total();
    let were = if *expected == 1 { "was" } else { "were" };
    let percent = u128::from(*expected) * 100 / u128::from(total.max(1));
    let (shown, of) = (words::count(*expected), words::count(total));
    format!("{shown} of {of} answered alerts {were} not worth it ({percent} %)")
}

/// Who asks for a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asker {
    /// A person of the tenant, by name.
    Customer(String),
    /// A person of ours, by name, whom AWS IAM has let in.
    Operator(String),
    /// Nobody: the rules alone.
    Rules,
}

impl fmt::Display for Asker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(name) => write!(f, "customer {}", words::clean(name)),
            Self::Operator(name) => write!(f, "operator {}", words::clean(name)),
            Self::Rules => f.write_str("the rules"),
        }
    }
}

/// Somebody as people call him, from the text of an [`Asker`] that was kept: of a customer the name
/// alone. One of ours stays an `operator`, and so no customer is shown as one by his name.
pub fn called(kept: &str) -> &str {
    let name = kept.strip_prefix("customer ").filter(|name| !name.trim().is_empty());
    let poses = |name: &&str| name.starts_with("operator ") || *name == "the rules";
    name.filter(|name| !poses(name)).unwrap_or(kept)
}

impl Asker {
    /// Whether he may set the mode of an account, or why not. A customer may always make his account
    /// quieter, and louder only as far as the rules would: `allowed` says what they make of it.
    pub fn may_set(
        &self,
        mode: Mode,
        before: Mode,
        allowed: impl FnOnce() -> Promotion,
    ) -> Result<(), String> {
        let louder = mode == Mode::Audit && before == Mode::Strict;
        if !louder || !matches!(self, Self::Customer(_)) {
            return Ok(());
        }
        match allowed() {
            Promotion::Promoted { .. } => Ok(()),
            Promotion::Waits { why } => Err(format!(
                "a customer can make an account more restrictive, but not less than the rules \
                 allow: {why}"
            )),
        }
    }
}

/// What an account is told, in words: `strict`, `audit, all held back by the customer`.
pub fn governed(governance: Governance) -> String {
    let held = if governance.customer_strict { ", all held back by the customer" } else { "" };
    format!("{}{held}", governance.mode.code())
}

/// One change, as it is kept for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who asked: an [`Asker`] in words.
    pub who: String,
    /// A word or two: `connect`, `govern`, `promote`, `disconnect`, `answer`, `settings`, …
    pub what: String,
    /// Of which account; `None` for all of them.
    pub account: Option<AccountId>,
    /// What was before; empty if nothing was.
    pub old: String,
    /// What is since.
    pub new: String,
    /// Why; empty where who asked gave no reason.
    pub why: String,
}

impl fmt::Display for AuditEntry {
    /// `promote account 111122223333 by the rules: strict → audit (15 days of baseline …)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(account) = &self.account {
            write!(f, " account {account}")?;
        }
        let old = if self.old.is_empty() { "nothing" } else { &self.old };
        write!(f, " by {}: {old} → {}", self.who, self.new)?;
        if self.why.is_empty() { Ok(()) } else { write!(f, " ({})", self.why) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules {
        new_accounts: Mode::Strict,
        strict: SignedDuration::from_hours(14 * 24),
        min_baseline_days: 14,
        max_false_positive_percent: 10,
        min_answers: 10,
        grace: SignedDuration::from_hours(48),
    };

    #[test]
    fn a_customer_is_called_by_his_name_and_poses_as_nobody_else() {
        let customer = |name: &str| Asker::Customer(name.to_owned()).to_string();
        for (kept, shown) in [
            (customer("ana"), "ana"),
            (customer("key acme-program"), "key acme-program"),
            (customer("customer ana"), "customer ana"),
            (customer(""), "customer "),
            (customer("operator ben"), "customer operator ben"),
            (customer("the rules"), "customer the rules"),
            (Asker::Operator("ben".to_owned()).to_string(), "operator ben"),
            (Asker::Rules.to_string(), "the rules"),
            ("ana (U0ANA in Slack)".to_owned(), "ana (U0ANA in Slack)"),
        ] {
            assert_eq!(called(&kept), shown);
        }
    }

    fn decided(hours: i64, expected: u64, not_expected: u64) -> Promotion {
        let first: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
        let baseline = Baseline {
            first_at: Some(first),
            last_at: Some(first + SignedDuration::from_hours(hours)),
            ..Baseline::default()
        };
        promotion(&RULES, &baseline, &Answers { expected, not_expected })
    }

    fn promoted(why: &str) -> Promotion {
        Promotion::Promoted { why: why.to_owned() }
    }

    fn waits(why: &str) -> Promotion {
        Promotion::Waits { why: why.to_owned() }
    }

    #[test]
    fn an_account_leaves_strict_mode_with_enough_baseline_and_few_alerts_for_nothing() {
        let why = "15 days of baseline, 1 of 33 answered alerts was not worth it (3 %): leaves \
                   strict mode";
        assert_eq!(decided(15 * 24, 1, 32), promoted(why));
        let why = "14 days of baseline, no alert answered: leaves strict mode";
        assert_eq!(decided(14 * 24, 0, 0), promoted(why));
    }

    #[test]
    fn an_hour_less_of_baseline_waits() {
        let why = "13 of 14 days of baseline: stays in strict mode";
        assert_eq!(decided(14 * 24 - 1, 0, 40), waits(why));
        let nothing = promotion(&RULES, &Baseline::default(), &Answers::default());
        assert_eq!(nothing, waits("0 of 14 days of baseline: stays in strict mode"));
    }

    #[test]
    fn a_rate_at_the_limit_waits_and_just_below_it_does_not() {
        let why = "20 days of baseline, but 10 of 100 answered alerts were not worth it (10 %), \
                   not below 10 %: stays in strict mode";
        assert_eq!(decided(20 * 24, 10, 90), waits(why));
        assert!(matches!(decided(20 * 24, 10, 91), Promotion::Promoted { .. }));
        assert!(matches!(decided(20 * 24, u64::MAX, u64::MAX), Promotion::Waits { .. }));
    }

    #[test]
    fn too_few_answers_hold_nobody() {
        let why = "20 days of baseline, 9 answered alerts (their rate counts from 10 on): leaves \
                   strict mode";
        assert_eq!(decided(20 * 24, 9, 0), promoted(why));
        assert!(matches!(decided(20 * 24, 10, 0), Promotion::Waits { .. }));
    }

    #[test]
    fn a_customer_makes_an_account_louder_only_as_far_as_the_rules_do() {
        let customer = Asker::Customer("bo".to_owned());
        let (never, always) = (|| waits("too early"), || promoted("it is time"));
        let refused = customer.may_set(Mode::Audit, Mode::Strict, never).unwrap_err();
        assert!(refused.contains("too early"), "{refused}");
        assert_eq!(customer.may_set(Mode::Audit, Mode::Strict, always), Ok(()));
        for (mode, before) in
            [(Mode::Strict, Mode::Audit), (Mode::Strict, Mode::Strict), (Mode::Audit, Mode::Audit)]
        {
            assert_eq!(customer.may_set(mode, before, never), Ok(()));
        }
        let operator = Asker::Operator("ana".to_owned());
        assert_eq!(operator.may_set(Mode::Audit, Mode::Strict, never), Ok(()));
    }

    #[test]
    fn an_entry_reads_as_a_sentence() {
        let entry = AuditEntry {
            at: Timestamp::UNIX_EPOCH,
            who: Asker::Rules.to_string(),
            what: "promote".to_owned(),
            account: AccountId::parse("111122223333").ok(),
            old: governed(Governance::default()),
            new: governed(Governance { mode: Mode::Audit, customer_strict: true }),
            why: "it is time".to_owned(),
        };
        let said = "promote account 111122223333 by the rules: strict → audit, all held back by \
                    the customer (it is time)";
        assert_eq!(entry.to_string(), said);
        let first = AuditEntry { old: String::new(), why: String::new(), account: None, ..entry };
        assert!(first.to_string().starts_with("promote by the rules: nothing → audit"), "{first}");
    }
}
