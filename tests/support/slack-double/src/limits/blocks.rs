//! Blocks.

use super::objects::{button, id, only, plain, text_object};
use super::{at_most, unique};
use serde_json::Value;

/// Gives a block's characters, or says what is wrong with it.
pub(super) fn check(block: &Value) -> Result<usize, String> {
    id(block, "block_id")?;
    match block["type"].as_str() {
        Some("divider") => only(block, &["type", "block_id"]).map(|()| 0),
        Some("header") => header(block),
        Some("section") => section(block),
        Some("context") => context(block),
        Some("actions") => actions(block),
        other => Err(format!("a block of type {other:?}")),
    }
}

fn header(block: &Value) -> Result<usize, String> {
    only(block, &["type", "block_id", "text"])?;
    plain(&block["text"], 150).map_err(|why| format!("header: {why}"))
}

fn section(block: &Value) -> Result<usize, String> {
    only(block, &["type", "block_id", "text", "fields", "accessory", "expand"])?;
    let text = block.get("text").map(|text| text_object(text, 3_000));
    let fields = block.get("fields").map(fields);
    if text.is_none() && fields.is_none() {
        return Err("a section has text or fields".to_owned());
    }
    let accessory = block.get("accessory").map(button);
    [text, fields, accessory].into_iter().flatten().sum()
}

fn fields(fields: &Value) -> Result<usize, String> {
    let fields = list(fields, "fields", 10)?;
    fields.iter().map(|field| text_object(field, 2_000)).sum()
}

fn context(block: &Value) -> Result<usize, String> {
    only(block, &["type", "block_id", "elements"])?;
    let elements = list(&block["elements"], "elements of a context", 10)?;
    elements.iter().map(|element| text_object(element, 3_000)).sum()
}

fn actions(block: &Value) -> Result<usize, String> {
    only(block, &["type", "block_id", "elements"])?;
    let elements = list(&block["elements"], "elements of actions", 25)?;
    unique(elements, "action_id")?;
    elements.iter().map(button).sum()
}

/// One to so many.
fn list<'a>(value: &'a Value, what: &str, limit: usize) -> Result<&'a [Value], String> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    if list.is_empty() {
        return Err(format!("no {what}"));
    }
    at_most(list.len(), limit, what).map(|()| list)
}
