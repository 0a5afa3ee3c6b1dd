//! What Slack refuses, as far as its documentation says it: the double's eyes.

use serde_json::Value;

/// Says what Slack would not take of a message.
pub fn check(message: &Value) -> Result<(), String> {
    text(&message["text"], "text", 40_000)?;
    let blocks = message["blocks"].as_array().map(Vec::as_slice).unwrap_or_default();
    at_most(blocks.len(), 50, "blocks")?;
    let mut all = 0;
    for (nth, block) in blocks.iter().enumerate() {
        all += self::block(block).map_err(|why| format!("block {nth}: {why}"))?;
    }
    // Not documented: seen as msg_blocks_too_long.
    at_most(all, 11_000, "characters in all blocks")
}

/// Gives the block's characters.
fn block(block: &Value) -> Result<usize, String> {
    let list = |name: &str| block[name].as_array().cloned().unwrap_or_default();
    match block["type"].as_str() {
        Some("divider") => Ok(0),
        Some("header") if block["text"]["type"] != "plain_text" => {
            Err("a header is plain text".to_owned())
        }
        Some("header") => object(&block["text"], 150),
        Some("section") => {
            let fields = list("fields");
            at_most(fields.len(), 10, "fields")?;
            match block.get("text") {
                Some(text) => Ok(object(text, 3_000)? + sum(&fields, 2_000)?),
                None if fields.is_empty() => Err("a section has text or fields".to_owned()),
                None => sum(&fields, 2_000),
            }
        }
        Some("context") => {
            let elements = list("elements");
            at_most(elements.len(), 10, "elements")?;
            if elements.is_empty() {
                return Err("a context has elements".to_owned());
            }
            sum(&elements, 3_000)
        }
        Some("actions") => {
            let elements = list("elements");
            at_most(elements.len(), 25, "elements")?;
            elements.iter().map(button).sum()
        }
        other => Err(format!("a block of type {other:?}")),
    }
}

fn button(element: &Value) -> Result<usize, String> {
    if element["type"] != "button" {
        return Err(format!("an element of type {}", element["type"]));
    }
    text(&element["action_id"], "action_id", 255)?;
    if element.get("value").is_some() {
        text(&element["value"], "value", 2_000)?;
    }
    object(&element["text"], 75)
}

fn sum(objects: &[Value], limit: usize) -> Result<usize, String> {
    objects.iter().map(|one| object(one, limit)).sum()
}

/// A text object.
fn object(object: &Value, limit: usize) -> Result<usize, String> {
    match object["type"].as_str() {
        Some("plain_text" | "mrkdwn") => text(&object["text"], "text", limit),
        other => Err(format!("a text object of type {other:?}")),
    }
}

fn text(value: &Value, what: &str, limit: usize) -> Result<usize, String> {
    let length = value.as_str().ok_or_else(|| format!("no {what}"))?.chars().count();
    if length == 0 {
        return Err(format!("an empty {what}"));
    }
    at_most(length, limit, what).map(|()| length)
}

fn at_most(count: usize, limit: usize, what: &str) -> Result<(), String> {
    if count > limit { Err(format!("{count} > {limit}: {what}")) } else { Ok(()) }
}
