//! Each limit of Slack: what is just within is taken, what is just beyond is not.

use serde_json::{Value, json};
use slack_double::limits;

fn long(characters: usize) -> String {
    "ü".repeat(characters)
}

fn plain(text: &str) -> Value {
    json!({"type": "plain_text", "text": text})
}

fn marked(text: &str) -> Value {
    json!({"type": "mrkdwn", "text": text})
}

fn section(text: &str) -> Value {
    json!({"type": "section", "text": marked(text)})
}

/// A button with another value of one property.
fn button(name: &str, value: &Value) -> Value {
    let mut button = json!({"type": "button", "action_id": "a", "text": plain("Expected")});
    button[name] = value.clone();
    button
}

fn actions(elements: &[Value]) -> Value {
    json!({"type": "actions", "elements": elements})
}

fn buttons(count: usize) -> Value {
    let named = |nth: usize| button("action_id", &json!(format!("a{nth}")));
    actions(&(0..count).map(named).collect::<Vec<_>>())
}

fn confirm(name: &str, value: &Value) -> Value {
    let mut asked = json!({
        "title": plain("Sure?"), "text": plain("It is not told again."),
        "confirm": plain("Yes"), "deny": plain("No"),
    });
    asked[name] = value.clone();
    actions(&[button("confirm", &asked)])
}

/// What is said of a message with these blocks; empty if nothing is.
fn code(blocks: &Value) -> &'static str {
    let message = json!({"text": "x", "blocks": blocks});
    limits::check(&message).map_or_else(|refusal| refusal.code, |()| "")
}

fn taken(block: &Value) {
    assert_eq!(code(&json!([block])), "", "{block}");
}

fn refused(block: &Value) {
    assert_eq!(code(&json!([block])), "invalid_blocks", "{block}");
}

#[test]
fn a_text_has_one_to_40_000_characters() {
    let code = |text: Value| limits::check(&json!({"text": text})).map_err(|refusal| refusal.code);
    assert_eq!(code(json!(long(40_000))), Ok(()));
    assert_eq!(code(json!(long(40_001))), Err("msg_too_long"));
    for nothing in [json!(""), json!(null), json!(7)] {
        assert_eq!(code(nothing), Err("no_text"));
    }
}

#[test]
fn a_message_has_50_blocks_of_11_000_characters_together() {
    let dividers = |count| Value::Array(vec![json!({"type": "divider"}); count]);
    assert_eq!(code(&dividers(50)), "");
    assert_eq!(code(&dividers(51)), "invalid_blocks");
    let sections = |last| {
        let lengths = [3_000, 3_000, 3_000, last];
        Value::Array(lengths.iter().map(|length| section(&long(*length))).collect())
    };
    assert_eq!(code(&sections(2_000)), "");
    assert_eq!(code(&sections(2_001)), "msg_blocks_too_long");
    assert_eq!(code(&json!({"type": "divider"})), "invalid_blocks_format");
}

#[test]
fn a_header_is_plain_and_has_150_characters() {
    let header = |text: &Value| json!({"type": "header", "text": text});
    taken(&header(&plain(&long(150))));
    refused(&header(&plain(&long(151))));
    refused(&header(&plain("")));
    refused(&header(&marked("x")));
}

#[test]
fn a_section_has_3_000_characters_and_ten_fields_of_2_000() {
    taken(&section(&long(3_000)));
    refused(&section(&long(3_001)));
    refused(&section(""));
    refused(&json!({"type": "section"}));
    let fields =
        |count, length| json!({"type": "section", "fields": vec![marked(&long(length)); count]});
    taken(&fields(10, 10));
    refused(&fields(11, 10));
    refused(&fields(0, 10));
    taken(&fields(1, 2_000));
    refused(&fields(1, 2_001));
    let with =
        |accessory: &Value| json!({"type": "section", "text": plain("x"), "accessory": accessory});
    taken(&with(&button("value", &json!("v"))));
    refused(&with(&json!({"type": "overflow"})));
}

#[test]
fn a_context_has_ten_elements() {
    let context = |count| json!({"type": "context", "elements": vec![marked("x"); count]});
    taken(&context(10));
    refused(&context(11));
    refused(&context(0));
}

#[test]
fn actions_have_25_elements_whose_names_differ() {
    taken(&buttons(25));
    refused(&buttons(26));
    refused(&buttons(0));
    let twice = button("value", &json!("v"));
    refused(&actions(&[twice.clone(), twice]));
    refused(&actions(&[json!({"type": "static_select", "action_id": "a"})]));
}

#[test]
fn a_button_keeps_its_lengths_and_styles() {
    let lengths =
        [("action_id", 255), ("value", 2_000), ("url", 3_000), ("accessibility_label", 75)];
    for (name, limit) in lengths {
        taken(&actions(&[button(name, &json!(long(limit)))]));
        refused(&actions(&[button(name, &json!(long(limit + 1)))]));
        refused(&actions(&[button(name, &json!(""))]));
        refused(&actions(&[button(name, &json!(7))]));
    }
    taken(&actions(&[button("text", &plain(&long(75)))]));
    refused(&actions(&[button("text", &plain(&long(76)))]));
    refused(&actions(&[button("text", &marked("x"))]));
    for style in ["primary", "danger"] {
        taken(&actions(&[button("style", &json!(style))]));
    }
    for style in [json!("default"), json!("PRIMARY"), json!(null), json!(1)] {
        refused(&actions(&[button("style", &style)]));
    }
}

#[test]
fn a_question_keeps_its_lengths() {
    for (name, limit) in [("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)] {
        taken(&confirm(name, &plain(&long(limit))));
        refused(&confirm(name, &plain(&long(limit + 1))));
        refused(&confirm(name, &json!(null)));
    }
    taken(&confirm("style", &json!("danger")));
    refused(&confirm("style", &json!("red")));
    refused(&confirm("title", &marked("x")));
}

#[test]
fn names_of_blocks_differ_and_have_255_characters() {
    let named = |name: &str| json!({"type": "divider", "block_id": name});
    taken(&named(&long(255)));
    refused(&named(&long(256)));
    assert_eq!(code(&json!([named("a"), named("b")])), "");
    assert_eq!(code(&json!([named("a"), named("a")])), "invalid_blocks");
}

#[test]
fn what_slack_does_not_know_is_refused() {
    refused(&json!({"type": "divider", "colour": "red"}));
    refused(
        &json!({"type": "section", "text": {"type": "plain_text", "text": "x", "verbatim": true}}),
    );
    refused(&json!({"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": true}}));
    refused(&actions(&[button("colour", &json!("red"))]));
    for nonsense in [json!(null), json!([]), json!("divider"), json!({}), json!({"type": 1})] {
        refused(&nonsense);
    }
}
