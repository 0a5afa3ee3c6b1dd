//! `explain`: an anomaly computed again from what is stored with it, with the arithmetic.

use crate::args::ExplainOptions;
use crate::error::CliError;
use crate::output::{Output, say, words};
use crate::{data, demo};
use domain::anomaly::{Anomaly, Status};
use domain::recompute::{self, Check};
use std::fmt::Write;
use store::Table;

/// Runs the command.
pub(crate) fn run(options: &ExplainOptions) -> Result<(), CliError> {
    data::block_on(async {
        let table = table(options).await?;
        let anomalies = wanted(&table, options).await?;
        if options.id.is_none() && !options.all {
            return say(&list(&anomalies));
        }
        let mut differing = 0;
        for anomaly in &anomalies {
            let checks = recompute::anomaly(anomaly);
            say(&explained(anomaly))?;
            differing += checks.iter().filter(|check| !check.holds()).count();
        }
        match differing {
            0 => say(&format!(
                "{} computed again: every figure comes out equal.\n",
                words::count(anomalies.len() as u64)
            )),
            _ => Err(CliError::Failed(format!(
                "{differing} figures do not come out equal; they are marked with ≠ above"
            ))),
        }
    })
}

/// The kept table, or the demo played into a temporary one: it is the same every time.
async fn table(options: &ExplainOptions) -> Result<Table, CliError> {
    if let Some(folder) = &options.data {
        return data::open_kept(folder).await;
    }
    let table = data::open(None).await?;
    demo::play(&table, Output::silent()).await?;
    Ok(table)
}

async fn wanted(table: &Table, options: &ExplainOptions) -> Result<Vec<Anomaly>, CliError> {
    if let Some(id) = &options.id {
        let found = table.find_anomaly(id).await?;
        return found.map(|anomaly| vec![anomaly]).ok_or_else(|| {
            CliError::Failed(format!(
                "no anomaly {:?} {}; dd0c-cost explain{} lists them",
                words::clean(id),
                if options.data.is_some() { "is kept there" } else { "is in the demo" },
                options
                    .data
                    .as_ref()
                    .map(|d| format!(" --data {}", d.display()))
                    .unwrap_or_default(),
            ))
        });
    }
    let mut anomalies = Vec::new();
    for account in table.accounts().await? {
        anomalies.extend(table.anomalies(&account).await?);
    }
    Ok(anomalies)
}

fn list(anomalies: &[Anomaly]) -> String {
    let mut text = String::new();
    for anomaly in anomalies {
        let status = match anomaly.status {
            Status::Open => "open",
            Status::Resolved { .. } => "resolved",
        };
        let _ = writeln!(
            text,
            "{}  {}  {:<8} {:<8} {:>12}/h  {} in {}",
            anomaly.id,
            words::time(anomaly.first_at),
            anomaly.severity.code(),
            status,
            anomaly.hourly.display(),
            words::clean(&words::who(&anomaly.actor)),
            anomaly.account,
        );
    }
    if anomalies.is_empty() {
        text.push_str("No anomalies.\n");
    }
    text
}

fn explained(anomaly: &Anomaly) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "Anomaly {}: {}, {} alerts of {} in account {}",
        anomaly.id,
        anomaly.severity.code(),
        anomaly.alerts,
        words::clean(&words::who(&anomaly.actor)),
        anomaly.account,
    );
    for member in &anomaly.members {
        let _ = writeln!(
            text,
            "\n  {}  {} {}: {} × {} in {} (event {})",
            words::time(member.time),
            member.service,
            words::clean(&member.name),
            member.count,
            words::clean(&member.resource_type),
            member.region,
            member.id.event,
        );
        for check in recompute::member(member) {
            line(&mut text, &check);
        }
        for reason in &member.reasons {
            let _ = writeln!(text, "      → {}", words::clean(reason));
        }
    }
    let kept = anomaly.members.len() as u64;
    if anomaly.alerts > kept {
        let more = words::count(anomaly.alerts - kept);
        let _ = writeln!(text, "\n  … and {more} further alerts, of which only the sums are kept");
    } else if let Some(total) = recompute::anomaly(anomaly).last() {
        text.push('\n');
        line(&mut text, total);
    }
    text.push('\n');
    text
}

fn line(text: &mut String, check: &Check) {
    let (sign, stored) = if check.holds() {
        ("=", String::new())
    } else {
        ("≠", format!(", stored {}", check.stored))
    };
    let then = if check.then.is_empty() { String::new() } else { format!("; {}", check.then) };
    let _ = writeln!(
        text,
        "    {:<18} {} {sign} {}{stored}{then}",
        check.what,
        words::clean(&check.arithmetic),
        check.recomputed,
    );
}
