//! Whatever bytes come to the door: none of them break it, and what is taken can stand in a key.

#![cfg(feature = "door")]

use jiff::Timestamp;
use pipeline::billing::BillingTask;
use pipeline::error::Failure;
use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};
use stripe::door::{event, signature};

/// JSON of any shape, with the names that are looked for among its fields.
fn anything() -> impl Strategy<Value = Value> {
    let words = ["evt_1", "cus_1", "acme", "invoice.paid", "checkout.session.completed", "a#b"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(words.to_vec()).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let names = [
            "id",
            "type",
            "created",
            "data",
            "object",
            "customer",
            "client_reference_id",
            "metadata",
            "tenant",
        ];
        let name = prop::sample::select(names.to_vec()).prop_map(str::to_owned);
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            hash_map(name, inner, 0..9).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// An event with anything in the places that are looked at.
fn nearly() -> impl Strategy<Value = Value> {
    (anything(), anything(), anything(), anything(), anything()).prop_map(
        |(customer, reference, tenant, created, object)| {
            json!({"id": "evt_1", "type": "checkout.session.completed",
                "created": if created.is_object() { json!(1_700_000_000) } else { created },
                "data": {"object": if object.is_array() { object } else { json!({
                    "customer": customer, "client_reference_id": reference,
                    "metadata": {"tenant": tenant}})}}})
        },
    )
}

fn stands_in_a_key(body: &[u8]) -> bool {
    let Some(event) = event::read(body) else { return true };
    let plain = |text: &str| {
        !text.is_empty()
            && text.len() <= 128
            && text.bytes().all(|b| b.is_ascii_graphic() && b != b'#')
    };
    let task = BillingTask::Event(event.clone());
    plain(&event.id)
        && plain(&event.kind)
        && event.customer.as_deref().is_none_or(plain)
        && BillingTask::from_json(&task.to_json()) == Ok(task)
}

proptest! {
    #[test]
    fn no_bytes_break_the_door(bytes in vec(any::<u8>(), 0..2_000)) {
        prop_assert!(stands_in_a_key(&bytes));
    }

    #[test]
    fn no_json_breaks_it(value in anything()) {
        prop_assert!(stands_in_a_key(value.to_string().as_bytes()));
    }

    #[test]
    fn nothing_that_is_nearly_an_event_breaks_it(value in nearly()) {
        prop_assert!(stands_in_a_key(value.to_string().as_bytes()));
    }

    #[test]
    fn no_header_is_taken_for_a_signature(
        header in "(t=[0-9]{0,14}|v1=[0-9a-f]{60,66}|v0=[0-9a-f]{64}|.{0,20})(,(v1=[0-9a-f]{64}|t=1|.{0,9})){0,4}",
        body in vec(any::<u8>(), 0..100),
    ) {
        let secrets = ["whsec_1".into(), "whsec_2".into()];
        prop_assert!(!signature::is_genuine(&secrets, &header, &body, Timestamp::UNIX_EPOCH));
    }

    #[test]
    fn no_message_breaks_the_worker(text in "[^{]{0,300}") {
        // Read or put aside; a panic would fail the test.
        let read = BillingTask::from_json(&text);
        prop_assert!(matches!(read, Err(Failure::Reject(_))), "no text without braces is a task");
    }
}
