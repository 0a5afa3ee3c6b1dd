//! What waits in the queue of what is to be done about money.

use crate::error::Failure;
use domain::ids::TenantId;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Kinds of events that say something of what is paid. The others are acknowledged and counted.
pub const KINDS: [&str; 6] = [
    CHECKOUT_COMPLETED,
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "invoice.paid",
    "invoice.payment_failed",
];

/// Somebody has subscribed on the page that we made for him.
pub(super) const CHECKOUT_COMPLETED: &str = "checkout.session.completed";

/// What Stripe tells: who it is about, and no more. The rest is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripeEvent {
    /// `evt_…`
    pub id: String,
    /// `customer.subscription.updated`
    pub kind: String,
    /// The customer, `cus_…`.
    pub customer: Option<String>,
    /// The tenant that we made the page for, where it is about one.
    pub tenant: Option<TenantId>,
    /// When it happened.
    pub created: Timestamp,
}

/// What is to be done about money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BillingTask {
    /// Stripe tells that something has changed.
    Event(StripeEvent),
    /// What a tenant pays for and what he has are to be brought together.
    Settle {
        /// Whose.
        tenant: TenantId,
    },
}

impl BillingTask {
    /// As a message body.
    pub fn to_json(&self) -> String {
        match self {
            Self::Settle { tenant } => json!({"settle": {"tenant": tenant.as_str()}}),
            Self::Event(event) => json!({"event": {
                "id": event.id,
                "kind": event.kind,
                "customer": event.customer,
                "tenant": event.tenant.as_ref().map(TenantId::as_str),
                "created": event.created.to_string(),
            }}),
        }
        .to_string()
    }

    /// From a message body.
    pub fn from_json(body: &str) -> Result<Self, Failure> {
        let body: Value = serde_json::from_str(body).map_err(|_| reject("it is not JSON"))?;
        if let Some(settle) = body.get("settle") {
            let tenant = tenant(settle)?.ok_or_else(|| reject("it names no tenant"))?;
            return Ok(Self::Settle { tenant });
        }
        event(&body["event"]).map(Self::Event)
    }
}

fn reject(what: &str) -> Failure {
    Failure::Reject(format!("not a message about money: {what}"))
}

fn event(event: &Value) -> Result<StripeEvent, Failure> {
    let text = |name: &str| event[name].as_str().map(str::to_owned);
    let needed = |name: &str| text(name).ok_or_else(|| reject("an event without id and kind"));
    let created = event["created"].as_str().and_then(|at| at.parse().ok());
    Ok(StripeEvent {
        id: needed("id")?,
        kind: needed("kind")?,
        customer: text("customer"),
        tenant: tenant(event)?,
        created: created.ok_or_else(|| reject("an event without its time"))?,
    })
}

fn tenant(body: &Value) -> Result<Option<TenantId>, Failure> {
    let parse = |text| TenantId::parse(text).map_err(|_| reject("it names no tenant"));
    body["tenant"].as_str().map(parse).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_back_as_it_was() {
        let tenant = TenantId::parse("acme").unwrap();
        let event = StripeEvent {
            id: "evt_1".to_owned(),
            kind: KINDS[0].to_owned(),
            customer: Some("cus_1".to_owned()),
            tenant: Some(tenant.clone()),
            created: Timestamp::UNIX_EPOCH,
        };
        let bare = StripeEvent { customer: None, tenant: None, ..event.clone() };
        let tasks =
            [BillingTask::Settle { tenant }, BillingTask::Event(event), BillingTask::Event(bare)];
        for task in tasks {
            assert_eq!(BillingTask::from_json(&task.to_json()), Ok(task));
        }
    }

    #[test]
    fn what_is_no_message_is_put_aside() {
        for wrong in ["", "[]", "{}", r#"{"settle":{}}"#, r#"{"settle":{"tenant":"a b"}}"#] {
            assert!(matches!(BillingTask::from_json(wrong), Err(Failure::Reject(_))), "{wrong}");
        }
        let no_time = r#"{"event":{"id":"evt_1","kind":"invoice.paid"}}"#;
        assert!(matches!(BillingTask::from_json(no_time), Err(Failure::Reject(_))));
    }
}
