//! Publish: changes of anomalies as versioned events for other programs, the door for pagers, chats
//! and trackers that we do not speak to ourselves.

use domain::anomaly::{Anomaly, Status};
use domain::governance::called;
use domain::ids::TenantId;
use domain::told::{Change, Known};
use domain::words;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Version of the form below; a field is added to it, never taken away or given another meaning.
pub const VERSION: &str = "1";

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The same change has the same id: who has seen it may drop the second.
    pub id: String,
    /// `anomaly.opened`, `anomaly.changed`, `anomaly.escalated`, `anomaly.answered`,
    /// `anomaly.snoozed`, `anomaly.awake`, `anomaly.resolved`.
    pub kind: String,
    /// When it was published.
    pub at: Timestamp,
    /// JSON.
    pub body: String,
}

/// What has changed of an anomaly since it was last published, in the order of telling.
pub fn events(
    tenant: &TenantId,
    anomaly: &Anomaly,
    known: &Known,
    now: Timestamp,
) -> Vec<Published> {
    let changes = anomaly.changes(known, now).into_iter();
    changes.map(|change| event(tenant, anomaly, change, now)).collect()
}

fn event(tenant: &TenantId, anomaly: &Anomaly, change: Change<'_>, now: Timestamp) -> Published {
    let kind = format!("anomaly.{}", change.code());
    let id = id(anomaly, change);
    let body = json!({
        "version": VERSION,
        "id": id,
        "type": kind,
        "time": now.to_string(),
        "tenant": tenant.as_str(),
        "account": anomaly.account.as_str(),
        "anomaly": state(anomaly, now),
    });
    Published { id, kind, at: now, body: body.to_string() }
}

fn state(anomaly: &Anomaly, now: Timestamp) -> Value {
    let first = anomaly.members.first();
    let (status, resolved_at, resolved_by) = match &anomaly.status {
        Status::Open if anomaly.is_snoozed(now) => ("snoozed", None, None),
        Status::Open => ("open", None, None),
        Status::Resolved { at, by, .. } => ("resolved", Some(at.to_string()), Some(words::who(by))),
    };
    json!({
        "id": anomaly.id,
        "status": status,
        "severity": anomaly.severity.code(),
        "actor": words::who(&anomaly.actor),
        "service": first.map(|first| first.service.code()),
        "resourceType": first.map(|first| &first.resource_type),
        "region": first.map(|first| first.region.as_str()),
        "alerts": anomaly.alerts,
        "count": anomaly.count,
        "startedAt": anomaly.first_at.to_string(),
        "hourlyUsd": anomaly.hourly.to_string(),
        "runningHourlyUsd": anomaly.open.rate.usd().to_string(),
        "spentUsd": anomaly.spent(now).to_string(),
        "priceKnown": anomaly.price_known,
        "resolvedAt": resolved_at,
        "resolvedBy": resolved_by,
        "snoozedUntil": anomaly.snoozed_until(now).map(|until| until.to_string()),
        "answer": anomaly.answered.as_ref().map(|answered| json!({
            "answer": answered.answer.code(),
            "by": called(&answered.by),
            "at": answered.at.to_string(),
        })),
        "why": first.map(|first| &first.reasons),
        "slackMessageUrl": anomaly.told.message.as_ref().and_then(|at| at.permalink.as_deref()),
        "text": words::began(anomaly),
    })
}

/// A digest of the anomaly and of what tells this change from others of its kind.
fn id(anomaly: &Anomaly, change: Change<'_>) -> String {
    let mark = match change {
        Change::Opened | Change::Further { .. } => anomaly.alerts.to_string(),
        Change::Awake => {
            anomaly.snooze.as_ref().map(|each| each.until).unwrap_or_default().to_string()
        }
        Change::Answered(answered) => answered.at.to_string(),
        Change::Snoozed(snooze) => snooze.until.to_string(),
        Change::Resolved { at } => at.to_string(),
    };
    let text = format!("{}\n{}\n{}\n{mark}", anomaly.account, anomaly.id, change.code());
    let digest = Sha256::digest(text.as_bytes());
    format!("msg_{}", words::hex(&digest[..16]))
}
