//! Notices as JSON lines: a contract, see the README.

use super::words;
use domain::anomaly::{Anomaly, Fold, Status};
use domain::card::Resolved;
use domain::cost_event::CostEvent;
use domain::watch::WatchEvent;
use jiff::Timestamp;
use pipeline::notify::Notice;
use serde_json::{Value, json};

/// One line.
pub(crate) fn notice(notice: &Notice, alerted_at: Timestamp) -> String {
    let value = match notice {
        Notice::Alert { anomaly, fold, event, alerts } => {
            alert(anomaly, (*fold, *alerts), event, alerted_at)
        }
        Notice::Resolved { anomaly, .. } => resolved(anomaly),
        Notice::Answered { anomaly, answered } => json!({
            "type": "answered",
            "anomaly_id": anomaly.id,
            "account_id": anomaly.account.as_str(),
            "answer": answered.answer.code(),
            "by": answered.by,
            "answered_at": answered.at.to_string(),
        }),
        Notice::Snoozed { anomaly, snooze } => json!({
            "type": "snoozed",
            "anomaly_id": anomaly.id,
            "account_id": anomaly.account.as_str(),
            "until": snooze.until.to_string(),
            "by": snooze.by,
            "snoozed_at": snooze.at.to_string(),
        }),
        Notice::Awake { anomaly, alerts, at } => json!({
            "type": "awake",
            "anomaly_id": anomaly.id,
            "account_id": anomaly.account.as_str(),
            "alerts": alerts,
            "at": at.to_string(),
        }),
    };
    format!("{value}\n")
}

/// One line about a call that may have blinded the watch.
pub(crate) fn warning(event: &WatchEvent) -> String {
    let value = json!({
        "type": "warning",
        "account_id": event.account.as_str(),
        "region": event.region.as_str(),
        "actor": event.actor.id,
        "call": event.event_name,
        "at": event.time.to_string(),
        "event_id": event.id.as_str(),
        "text": event.sentence(),
    });
    format!("{value}\n")
}

fn alert(
    anomaly: &Anomaly,
    (fold, alerts): (Fold, u64),
    event: &CostEvent,
    alerted_at: Timestamp,
) -> Value {
    let member = anomaly.members.iter().find(|member| member.id == event.id);
    let terms: Vec<Value> = member.map_or_else(Vec::new, |member| {
        member
            .terms
            .iter()
            .map(|term| {
                json!({
                    "name": term.name,
                    "value": term.value.to_f64(),
                    "weight": term.weight.to_f64(),
                    "text": term.text,
                })
            })
            .collect()
    });
    let lines: Vec<Value> = event
        .estimate
        .lines
        .iter()
        .map(|line| {
            json!({
                "item": line.item,
                "quantity": line.quantity.normalize().to_string(),
                "unit": line.unit.code(),
                "unit_price_usd": line.unit_price.normalize().to_string(),
                "source": line.source.name,
                "as_of": line.source.as_of,
            })
        })
        .collect();
    let bound = event.estimate.bound.as_ref().map(|bound| {
        json!({
            "hourly_usd": bound.hourly.normalize().to_string(),
            "kind": bound.kind.code(),
            "reason": bound.reason,
        })
    });
    json!({
        "type": "alert",
        "fold": words::fold(fold),
        "alerts": alerts,
        "anomaly_id": anomaly.id,
        "account_id": anomaly.account.as_str(),
        "severity": anomaly.severity.code(),
        "score": member.map(|member| member.score.to_f64()),
        "threshold": member.map(|member| member.threshold.to_f64()),
        "basis": member.map(|member| member.basis.code()),
        "actor": event.actor.id,
        "person": event.actor.person,
        "launcher": event.launcher.as_ref().map(ToString::to_string),
        "service": event.service.code(),
        "resource_type": event.resource_type,
        "region": event.region.as_str(),
        "count": event.count(),
        "resources": event.resources,
        "hourly_usd": event.hourly_change.to_string(),
        "price_known": event.estimate.price_known(),
        "price_lines": lines,
        "price_bound": bound,
        "anomaly_alerts": anomaly.alerts,
        "anomaly_hourly_usd": anomaly.open.rate.usd().to_string(),
        "started_at": event.time.to_string(),
        "alerted_at": alerted_at.to_string(),
        "event_ids": [event.id.event.as_str()],
        "terms": terms,
        "reasons": member.map(|member| member.reasons.clone()),
        "text": words::sentence(event),
    })
}

fn resolved(anomaly: &Anomaly) -> Value {
    let (Status::Resolved { at, by, .. }, Some(end)) = (&anomaly.status, Resolved::new(anomaly))
    else {
        return Value::Null;
    };
    json!({
        "type": "resolved",
        "anomaly_id": anomaly.id,
        "account_id": anomaly.account.as_str(),
        "resolved_at": at.to_string(),
        "by": words::who(by),
        "ended": end.ended,
        "spent_usd": end.spent.to_string(),
        "avoided_usd": end.avoided.to_string(),
    })
}
