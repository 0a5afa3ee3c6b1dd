//! Whatever bytes come to the door: none of them break it, and what is taken can stand in a key.

#![cfg(feature = "door")]

use jiff::Timestamp;
use pipeline::chat::{Asked, What};
use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};
use slack::door::payload::{self, Read};
use slack::door::signature::is_genuine;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// JSON of any shape, with the names that are looked for among its fields.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("block_actions")),
        Just(json!("event_callback")),
        Just(json!("app_uninstalled")),
        Just(json!("anomaly:expected")),
        Just(json!("111122223333/01J")),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let name = prop_oneof![
            any::<String>(),
            prop::sample::select(vec![
                "type",
                "team",
                "user",
                "id",
                "channel",
                "actions",
                "action_id",
                "value",
                "event",
                "trigger_id",
                "response_url",
                "username",
                "name",
                "event_id",
                "team_id",
                "tokens",
                "bot",
                "event_time",
                "challenge",
            ])
            .prop_map(str::to_owned),
        ];
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            hash_map(name, inner, 0..8).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

fn check(read: Result<Read, payload::Unreadable>) -> Result<(), TestCaseError> {
    let Ok(Read::Asked(asked)) = read else { return Ok(()) };
    let mut names = vec![asked.id.clone(), asked.team.clone()];
    if let What::Press { by, account, anomaly, .. } = &asked.what {
        names.extend([by.user.clone(), by.channel.clone(), account.clone(), anomaly.clone()]);
    }
    for name in names {
        prop_assert!(!name.is_empty() && !name.contains('#') && name.len() < 300, "{}", name);
    }
    prop_assert_eq!(Asked::from_json(&asked.to_json()), Ok(*asked));
    Ok(())
}

fn form(fields: &[(String, String)]) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_bytes_break_the_door(bytes in vec(any::<u8>(), 0..600), stamp in any::<String>()) {
        check(payload::command(&bytes, NOW))?;
        check(payload::action(&bytes, NOW))?;
        check(payload::event(&bytes))?;
        let signed = String::from_utf8_lossy(&bytes).into_owned();
        prop_assert!(!is_genuine(&"secret".into(), (&stamp, &signed), &bytes, NOW));
    }

    #[test]
    fn no_shape_of_json_breaks_it(payload in anything()) {
        check(payload::event(payload.to_string().as_bytes()))?;
        check(payload::action(&form(&[("payload".to_owned(), payload.to_string())]), NOW))?;
    }

    #[test]
    fn no_form_breaks_it(fields in vec((
        prop::sample::select(vec![
            "team_id", "user_id", "user_name", "channel_id", "text", "response_url", "trigger_id",
        ]).prop_map(str::to_owned),
        any::<String>(),
    ), 0..12)) {
        check(payload::command(&form(&fields), NOW))?;
    }
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(payload::event(deep.as_bytes()).is_err());
    let deep = format!("{{\"type\":\"event_callback\",\"event\":{deep}}}");
    assert!(payload::event(deep.as_bytes()).is_err());
}
