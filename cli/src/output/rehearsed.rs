//! What a rehearsal would have sent.

use super::{say, words};
use crate::args::{Format, ReplayOptions};
use crate::error::CliError;
use domain::anomaly::{Anomaly, Status};
use domain::decision::Severity;
use pipeline::rehearse::{Found, Report};
use serde_json::{Value, json};
use std::fmt::Write;

/// Anomalies that are listed one by one; the rest is a number.
const MAX_LISTED: usize = 20;

/// A section for people, or a JSON line for each anomaly; CSV has only what was sent.
pub(crate) fn show(report: &Report, options: &ReplayOptions) -> Result<(), CliError> {
    let loud = |found: &&Found| found.anomaly.severity >= options.min_severity;
    let found: Vec<&Found> = report.found.iter().filter(loud).collect();
    match options.format {
        Format::Json => found.into_iter().try_for_each(|found| say(&format!("{}\n", line(found)))),
        Format::Human if !options.quiet => say(&section(report, &found)),
        Format::Human | Format::Csv => Ok(()),
    }
}

fn section(report: &Report, found: &[&Found]) -> String {
    let days = match report.days {
        1 => "In this day".to_owned(),
        days => format!("In these {} days", words::count(days)),
    };
    let mut text = format!(
        "\nLearned from {} of {}; nobody was told.\n",
        words::counted(report.cost_events, "cost event"),
        words::counted(report.actors, "actor"),
    );
    if found.is_empty() {
        let _ = writeln!(text, "{days} it would have sent nothing.");
        return text;
    }
    let _ = writeln!(text, "{days} it would have sent: {}", severities(report));
    for each in found.iter().take(MAX_LISTED) {
        text.push_str(&listed(each));
    }
    let more = found.len().saturating_sub(MAX_LISTED) as u64;
    if more > 0 {
        let _ = writeln!(text, "  and {} more", words::count(more));
    }
    text
}

/// `1 critical, 2 info`, of all accounts.
fn severities(report: &Report) -> String {
    let counts = report.counts();
    let of = |severity: Severity| {
        let of_severity = counts.iter().filter(|((_, each), _)| *each == severity);
        let sum: u64 = of_severity.map(|(_, count)| count).sum();
        (sum > 0).then(|| format!("{} {}", words::count(sum), severity.code()))
    };
    let loudest_first = Severity::ALL.into_iter().rev();
    loudest_first.filter_map(of).collect::<Vec<_>>().join(", ")
}

fn listed(found: &Found) -> String {
    let anomaly = &found.anomaly;
    let first = anomaly.members.first();
    format!(
        "  {:<8}  {}/h  {}\n            {} in {}, account {}\n            {}, spent {}{}\n            \
         anomaly {}\n",
        anomaly.severity.code().to_uppercase(),
        anomaly.hourly.display(),
        words::clean(&title(anomaly)),
        words::clean(&words::who(&anomaly.actor)),
        first.map(|first| first.region.to_string()).unwrap_or_default(),
        anomaly.account,
        words::time(anomaly.first_at),
        found.spent.display(),
        end(anomaly),
        anomaly.id,
    )
}

/// `4 × p4d.24xlarge`, and how many alerts joined it.
fn title(anomaly: &Anomaly) -> String {
    let what = anomaly.members.first().map(words::what_of).unwrap_or_default();
    match anomaly.alerts {
        ..=1 => what,
        alerts => format!("{what} and {} more", words::count(alerts - 1)),
    }
}

fn end(anomaly: &Anomaly) -> String {
    match &anomaly.status {
        Status::Resolved { at, .. } => format!(" in {}", words::duration(anomaly.first_at, *at)),
        Status::Open => " and still runs".to_owned(),
    }
}

fn line(found: &Found) -> Value {
    let anomaly = &found.anomaly;
    let first = anomaly.members.first();
    let resolved_at = match &anomaly.status {
        Status::Resolved { at, .. } => Some(at.to_string()),
        Status::Open => None,
    };
    let scores = anomaly.members.iter().map(|member| member.score);
    json!({
        "type": "rehearsed",
        "anomaly_id": anomaly.id,
        "account_id": anomaly.account.as_str(),
        "severity": anomaly.severity.code(),
        "actor": anomaly.actor.id,
        "service": first.map(|first| first.service.code()),
        "resource_type": first.map(|first| &first.resource_type),
        "region": first.map(|first| first.region.as_str()),
        "count": anomaly.count,
        "hourly_usd": anomaly.hourly.to_string(),
        "started_at": anomaly.first_at.to_string(),
        "score": scores.max().map(domain::fixed::Millionths::to_f64),
        "resolved_at": resolved_at,
        "spent_usd": found.spent.to_string(),
        "text": words::began(anomaly),
    })
}
