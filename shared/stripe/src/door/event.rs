//! What Stripe tells, in bytes: who it is about, and no more.

use crate::is_name;
use domain::ids::TenantId;
use jiff::Timestamp;
use pipeline::billing::StripeEvent;
use serde_json::Value;

/// Reads an event; `None` for what is none.
pub fn read(body: &[u8]) -> Option<StripeEvent> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let object = &body["data"]["object"];
    let kind = body["type"].as_str().filter(|kind| is_kind(kind))?;
    Some(StripeEvent {
        id: named(&body["id"])?,
        kind: kind.to_owned(),
        customer: customer(object),
        tenant: tenant(object),
        created: Timestamp::from_second(body["created"].as_i64()?).ok()?,
    })
}

fn named(value: &Value) -> Option<String> {
    value.as_str().filter(|name| is_name(name)).map(str::to_owned)
}

/// `customer.subscription.updated`
fn is_kind(text: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._".contains(&byte);
    (1..=100).contains(&text.len()) && text.bytes().all(plain)
}

/// By its name, or whole.
fn customer(object: &Value) -> Option<String> {
    let customer = &object["customer"];
    named(customer).or_else(|| named(&customer["id"]))
}

/// Of a page that we have made. Its reference alone can be set by who opens a link, what is noted
/// with it only by us: both have to say the same.
fn tenant(object: &Value) -> Option<TenantId> {
    let reference = object["client_reference_id"].as_str()?;
    let noted = object["metadata"]["tenant"].as_str()?;
    TenantId::parse(reference).ok().filter(|_| reference == noted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read_json(body: &Value) -> Option<StripeEvent> {
        read(body.to_string().as_bytes())
    }

    fn completed() -> Value {
        json!({"id": "evt_1", "type": "checkout.session.completed", "created": 1_700_000_000,
            "data": {"object": {"customer": "cus_1", "client_reference_id": "acme",
                "metadata": {"tenant": "acme"}}}})
    }

    #[test]
    fn an_event_says_whom_it_is_about() {
        let event = read_json(&completed()).unwrap();
        assert_eq!(event.customer.as_deref(), Some("cus_1"));
        assert_eq!(event.tenant, Some(TenantId::parse("acme").unwrap()));
        let mut whole = completed();
        whole["data"]["object"]["customer"] = json!({"id": "cus_2", "email": "ana@example.com"});
        assert_eq!(read_json(&whole).unwrap().customer.as_deref(), Some("cus_2"));
    }

    #[test]
    fn a_reference_that_we_did_not_note_is_nobody_s() {
        for (reference, noted) in [("acme", "initech"), ("acme", ""), ("a b", "a b")] {
            let mut event = completed();
            event["data"]["object"]["client_reference_id"] = json!(reference);
            event["data"]["object"]["metadata"]["tenant"] = json!(noted);
            assert_eq!(read_json(&event).unwrap().tenant, None, "{reference} {noted}");
        }
        let mut bare = completed();
        bare["data"]["object"]["metadata"] = Value::Null;
        assert_eq!(read_json(&bare).unwrap().tenant, None);
    }

    #[test]
    fn names_that_cannot_stand_in_a_key_are_refused() {
        for (field, wrong) in [("id", "evt#1"), ("id", ""), ("type", "A B"), ("type", "")] {
            let mut event = completed();
            event[field] = json!(wrong);
            assert_eq!(read_json(&event), None, "{field} {wrong}");
        }
        assert_eq!(read(b""), None);
        assert_eq!(read("[".repeat(200_000).as_bytes()), None);
    }
}
