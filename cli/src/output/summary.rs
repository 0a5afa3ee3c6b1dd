//! What a run counted, at its end.

use super::{say, words};
use crate::error::CliError;
use crate::replay::tally::{Tally, peak_memory};
use cloudtrail::SkipReason;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Calls that are listed one by one; the rest is a number.
const MAX_CALLS: usize = 12;

/// One JSON line.
pub(crate) fn json(tally: &Tally) -> Result<(), CliError> {
    let skipped: BTreeMap<&str, u64> =
        tally.counts.by_reason().map(|(reason, count)| (reason.code(), count)).collect();
    let summary = json!({
        "type": "summary",
        "files": tally.files,
        "records": tally.counts.records,
        "events": tally.counts.events,
        "skipped": skipped,
        "filtered": tally.filtered,
        "late": tally.late,
        "scrubbed_account_ids": tally.counts.scrubbed_account_ids,
        "accounts": tally.accounts.len(),
        "cost_events": tally.cost_events,
        "calls": tally.calls,
        "unpriced": tally.unpriced,
        "watchdog": tally.watchdog,
        "commitments": tally.commitments,
        "failed": tally.failed,
        "duplicates": tally.duplicates,
        "unchanged": tally.unchanged,
        "rejected": tally.rejected,
        "silent": tally.silent,
        "alerts": tally.told.alerts,
        "folded": tally.told.folded,
        "held_back": tally.told.held_back,
        "resolved": tally.told.resolved,
        "rehearsed": tally.rehearsed.as_ref().map_or(0, |report| report.found.len()),
        "damage": tally.damage,
        "seconds": tally.elapsed.as_secs_f64(),
        "peak_memory_bytes": peak_memory(),
    });
    say(&format!("{summary}\n"))
}

/// Tables for people.
pub(crate) fn human(tally: &Tally, data: Option<&Path>) -> Result<(), CliError> {
    let mut text = String::from("\n");
    records(tally, &mut text);
    list(&mut text, "Priced calls", &tally.calls);
    list(&mut text, "Cost-relevant, not priced yet", &tally.unpriced);
    list(&mut text, "May blind the watch: have a look", &tally.watchdog);
    list(&mut text, "Commitments: cannot be stopped", &tally.commitments);
    list(&mut text, "Failed or only tried, so without cost", &tally.failed);
    outcome(tally, &mut text);
    for damage in &tally.damage {
        let _ = writeln!(text, "broken: {}", words::clean(damage));
    }
    let broken = tally.damaged() + tally.other_damage;
    let more = broken.saturating_sub(tally.damage.len() as u64);
    if more > 0 {
        let _ = writeln!(text, "… and {} more broken pieces", words::count(more));
    }
    if let Some(folder) = data {
        let folder = folder.display();
        let _ = if tally.cost_events == 0 && tally.duplicates > 0 {
            writeln!(text, "Everything was known already: nothing has changed in {folder}.")
        } else {
            writeln!(text, "Kept in {folder}; see: dd0c-cost explain --data {folder}")
        };
    }
    say(&text)
}

fn records(tally: &Tally, text: &mut String) {
    let counts = &tally.counts;
    let seconds = tally.elapsed.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = counts.records as f64 / seconds.max(1e-6);
    let _ = writeln!(
        text,
        "{} in {}, {}; {seconds:.2} s, {rate:.0} records/s{}",
        words::counted(counts.records, "record"),
        words::counted(tally.files, "file"),
        words::counted(tally.accounts.len() as u64, "account"),
        peak_memory().map(|bytes| format!(", at most {} MiB", bytes >> 20)).unwrap_or_default(),
    );
    row(text, "events that start, change or end what costs", counts.events);
    for (reason, count) in counts.by_reason() {
        row(text, told(reason), count);
    }
    let others = [
        ("of the events: outside of what was asked for", tally.filtered),
        ("of the events: known already, left out", tally.duplicates),
        ("of the events: EC2 reports what was known, or of what was never seen", tally.unchanged),
        ("of the events: not taken by the table (below)", tally.rejected),
        ("of the events: too late to be put in order", tally.late),
        ("of the events: account id scrubbed", counts.scrubbed_account_ids),
    ];
    for (what, count) in others.into_iter().filter(|(_, count)| *count > 0) {
        row(text, what, count);
    }
}

fn outcome(tally: &Tally, text: &mut String) {
    let told = &tally.told;
    let _ = writeln!(
        text,
        "\n{}: {}, {} more folded into them, {} resolved, {} held back",
        words::counted(tally.cost_events, "cost event"),
        words::counted(told.alerts, "alert"),
        words::count(told.folded),
        words::count(told.resolved),
        words::count(told.held_back),
    );
    for (reason, count) in &tally.silent {
        let why = match *reason {
            "no_increase" => "silent: costs no more than before (stops, deletions, resizes down)",
            "cheap" => "silent: cheaper than anybody wants to hear of",
            "usual" => "silent: usual for this account",
            "expected" => "silent: somebody said it is expected",
            "older_than_watch" => {
                "silent: runs again, but was created before these records begin: cost not known"
            }
            other => other,
        };
        row(text, why, *count);
    }
}

fn row(text: &mut String, what: &str, count: u64) {
    let _ = writeln!(text, "{:>12}  {what}", words::count(count));
}

fn list(text: &mut String, title: &str, calls: &BTreeMap<String, u64>) {
    if calls.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    let mut by_count: Vec<_> = calls.iter().collect();
    by_count.sort_by_key(|(call, count)| (std::cmp::Reverse(**count), (*call).clone()));
    for (call, count) in by_count.iter().take(MAX_CALLS) {
        row(text, &words::clean(call), **count);
    }
    if let Some(rest) = by_count.get(MAX_CALLS..).filter(|rest| !rest.is_empty()) {
        let sum = rest.iter().map(|(_, count)| **count).sum();
        row(text, &format!("in {} further calls", rest.len()), sum);
    }
}

fn told(reason: SkipReason) -> &'static str {
    TOLD.iter().find(|(known, _)| *known == reason).map_or(reason.code(), |(_, words)| words)
}

/// Every reason in words.
const TOLD: [(SkipReason, &str); 27] = [
    (SkipReason::ReadOnly, "skipped: read only"),
    (SkipReason::NotCostRelevant, "skipped: does not matter for cost"),
    (SkipReason::NotPricedYet, "skipped: matters for cost, not priced yet (below)"),
    (SkipReason::ParserOff, "skipped: the reader of the call is switched off by its flag"),
    (SkipReason::Watchdog, "skipped: may blind the watch (below)"),
    (SkipReason::Commitment, "skipped: commits the account to pay (below)"),
    (SkipReason::NoPriceEffect, "skipped: changes nothing that has a price"),
    (SkipReason::FailedCall, "skipped: the call failed"),
    (SkipReason::DryRun, "skipped: only tried out"),
    (SkipReason::StateNotFinal, "skipped: EC2 tells of an instance on its way"),
    (SkipReason::ServiceEvent, "skipped: remark of a service"),
    (SkipReason::Insight, "skipped: CloudTrail Insight"),
    (SkipReason::ConsoleSignIn, "skipped: console sign-in"),
    (SkipReason::NotAnApiCall, "skipped: not an API call"),
    (SkipReason::Omitted, "skipped: CloudTrail left the needed part out as too large"),
    (SkipReason::MissingField, "broken: a needed field is missing"),
    (SkipReason::WrongShape, "broken: a field has another shape"),
    (SkipReason::BadAccountId, "broken: account id"),
    (SkipReason::BadRegion, "broken: region"),
    (SkipReason::BadTime, "broken: time"),
    (SkipReason::BadEventId, "broken: event id"),
    (SkipReason::NotCloudTrail, "skipped: JSON, but no CloudTrail record"),
    (SkipReason::MalformedJson, "broken: not JSON"),
    (SkipReason::Truncated, "broken: the file ends in the middle"),
    (SkipReason::TooLarge, "broken: larger than 1 MiB"),
    (SkipReason::TooDeep, "broken: nested deeper than 64 levels"),
    (SkipReason::Unreadable, "broken: the bytes cannot be read"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_words_of_its_own() {
        let mut words: Vec<&str> = SkipReason::ALL.iter().map(|reason| told(*reason)).collect();
        assert!(words.iter().all(|words| words.contains(": ")), "{words:?}");
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), SkipReason::ALL.len());
    }
}
