//! What blocks are made of: texts, buttons, and questions before a button does its work.

use super::at_most;
use serde_json::Value;

/// A button; gives its characters.
pub(super) fn button(element: &Value) -> Result<usize, String> {
    if element["type"] != "button" {
        return Err(format!("an element of type {}", element["type"]));
    }
    only(
        element,
        &["type", "action_id", "text", "value", "url", "style", "confirm", "accessibility_label"],
    )?;
    text(&element["action_id"], "action_id", 255)?;
    optional(element, "value", 2_000)?;
    optional(element, "url", 3_000)?;
    optional(element, "accessibility_label", 75)?;
    style(element)?;
    let asked = element.get("confirm").map_or(Ok(0), confirm)?;
    Ok(asked + plain(&element["text"], 75).map_err(|why| format!("button: {why}"))?)
}

/// The question that comes first.
fn confirm(object: &Value) -> Result<usize, String> {
    only(object, &["title", "text", "confirm", "deny", "style"])?;
    style(object)?;
    let parts = [
        plain(&object["title"], 100),
        text_object(&object["text"], 300),
        plain(&object["confirm"], 30),
        plain(&object["deny"], 30),
    ];
    parts.into_iter().sum::<Result<usize, _>>().map_err(|why| format!("confirm: {why}"))
}

fn style(object: &Value) -> Result<(), String> {
    match object.get("style").map(Value::as_str) {
        None | Some(Some("primary" | "danger")) => Ok(()),
        _ => Err(format!("a style {}", object["style"])),
    }
}

/// A text object that shows what is written.
pub(super) fn plain(object: &Value, limit: usize) -> Result<usize, String> {
    if object["type"] != "plain_text" {
        return Err("this has to be plain text".to_owned());
    }
    text_object(object, limit)
}

/// A text object of either kind; gives its characters.
pub(super) fn text_object(object: &Value, limit: usize) -> Result<usize, String> {
    match object["type"].as_str() {
        Some("plain_text") => only(object, &["type", "text", "emoji"])?,
        Some("mrkdwn") => only(object, &["type", "text", "verbatim"])?,
        other => return Err(format!("a text object of type {other:?}")),
    }
    text(&object["text"], "text", limit)
}

/// A name that may be missing.
pub(super) fn id(object: &Value, name: &str) -> Result<(), String> {
    optional(object, name, 255)
}

fn optional(object: &Value, name: &str, limit: usize) -> Result<(), String> {
    object.get(name).map_or(Ok(0), |value| text(value, name, limit)).map(|_| ())
}

fn text(value: &Value, what: &str, limit: usize) -> Result<usize, String> {
    let length = value.as_str().ok_or_else(|| format!("no {what}"))?.chars().count();
    if length == 0 {
        return Err(format!("an empty {what}"));
    }
    at_most(length, limit, what).map(|()| length)
}

/// Slack takes no property that it does not know.
pub(super) fn only(object: &Value, known: &[&str]) -> Result<(), String> {
    let fields = object.as_object().ok_or("this has to be an object")?;
    let other = fields.keys().find(|name| !known.contains(&name.as_str()));
    other.map_or(Ok(()), |name| Err(format!("an unknown property {name}")))
}
