//! Digest: how the day was, in a few lines.

use crate::error::Failure;
use domain::anomaly::Anomaly;
use domain::card::Digest;
use domain::decision::Delivery;
use domain::ids::AccountId;
use domain::money::Usd;
use domain::words;
use jiff::{SignedDuration, Timestamp};
use store::Table;

/// How long a day is.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Open anomalies that are named.
const MAX_NAMED: usize = 10;

/// What the accounts did in the 24 hours before a moment.
pub async fn digest(
    table: &Table,
    accounts: &[AccountId],
    now: Timestamp,
) -> Result<Digest, Failure> {
    let mut open = Vec::new();
    let mut resolved = Vec::new();
    let since = now.checked_sub(DAY).unwrap_or(Timestamp::MIN);
    for account in accounts {
        open.extend(table.open_anomalies(account).await?);
        resolved.extend(table.anomalies_resolved_since(account, since).await?);
    }
    open.retain(concerns);
    resolved.retain(concerns);
    open.sort_by(|a, b| b.open.rate.cmp(&a.open.rate).then_with(|| a.id.cmp(&b.id)));
    Ok(write(accounts.len(), &open, &resolved, now))
}

/// What was rehearsed or discarded is of nobody's day.
fn concerns(anomaly: &Anomaly) -> bool {
    !matches!(anomaly.delivery, Delivery::Rehearsed | Delivery::Discarded)
}

fn write(accounts: usize, open: &[Anomaly], resolved: &[Anomaly], now: Timestamp) -> Digest {
    let accounts = words::counted(accounts as u64, "account");
    if open.is_empty() && resolved.is_empty() {
        let title = format!("A quiet day: nothing unusual in {accounts}, nothing open.");
        return Digest { title, lines: Vec::new() };
    }
    let rate: Usd = open.iter().map(|anomaly| anomaly.open.rate.usd()).sum();
    let title = format!(
        "{} open ({}/h), {} ended in the last 24 hours, {accounts} watched.",
        words::counted(open.len() as u64, "anomaly").replace("anomalys", "anomalies"),
        rate.display(),
        words::count(resolved.len() as u64),
    );
    let mut lines: Vec<String> =
        open.iter().take(MAX_NAMED).map(|anomaly| still_open(anomaly, now)).collect();
    if open.len() > MAX_NAMED {
        lines.push(format!("and {} more", words::count((open.len() - MAX_NAMED) as u64)));
    }
    let spent: Usd = resolved.iter().map(|anomaly| anomaly.spent(now)).sum();
    if !resolved.is_empty() {
        lines.push(format!("What has ended cost {} in all.", spent.display()));
    }
    Digest { title, lines }
}

fn still_open(anomaly: &Anomaly, now: Timestamp) -> String {
    format!(
        "{}: {} in account {}, {}/h since {}, {} so far",
        anomaly.severity.code(),
        words::who(&anomaly.actor),
        anomaly.account,
        anomaly.open.rate.usd().display(),
        words::time(anomaly.first_at),
        anomaly.spent(now).display(),
    )
}
