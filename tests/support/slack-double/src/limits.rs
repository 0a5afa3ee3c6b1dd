//! What Slack refuses of a message, as far as its documentation says it: the double's eyes.
//!
//! A block or an element that is not checked here is refused: nobody may rely on what nobody saw.

mod blocks;
mod objects;

use crate::refusal::Refusal;
use serde_json::Value;
use std::collections::HashSet;

/// Characters of the text beside the blocks.
const MAX_TEXT: usize = 40_000;
/// Blocks of a message.
const MAX_BLOCKS: usize = 50;
/// Characters of all blocks together. Not documented: seen as `msg_blocks_too_long`.
const MAX_ALL: usize = 11_000;

/// Says what Slack would not take of a message. The text is asked for beside blocks too: it is all
/// that notifications and screen readers have.
pub fn check(message: &Value) -> Result<(), Refusal> {
    text(message)?;
    blocks(&message["blocks"])
}

/// Says what is wrong with a message's text.
pub fn text(message: &Value) -> Result<(), Refusal> {
    let length = message["text"].as_str().unwrap_or_default().chars().count();
    if length == 0 {
        return Err(Refusal::new("no_text", "the text beside the blocks is missing"));
    }
    if length > MAX_TEXT {
        return Err(Refusal::new("msg_too_long", format!("{length} > {MAX_TEXT}: text")));
    }
    Ok(())
}

/// Says what is wrong with a message's blocks; none are well.
pub fn blocks(blocks: &Value) -> Result<(), Refusal> {
    if blocks.is_null() {
        return Ok(());
    }
    let list = blocks.as_array();
    let list = list.ok_or_else(|| Refusal::new("invalid_blocks_format", "blocks are a list"))?;
    let all = characters(list).map_err(|why| Refusal::new("invalid_blocks", why))?;
    let too_long = |why| Refusal::new("msg_blocks_too_long", why);
    at_most(all, MAX_ALL, "characters in all blocks").map_err(too_long)
}

/// Characters of all blocks.
fn characters(list: &[Value]) -> Result<usize, String> {
    at_most(list.len(), MAX_BLOCKS, "blocks")?;
    let mut all = 0;
    for (nth, block) in list.iter().enumerate() {
        all += blocks::check(block).map_err(|why| format!("block {nth}: {why}"))?;
    }
    unique(list, "block_id").map(|()| all)
}

/// Names are given once.
fn unique(objects: &[Value], name: &str) -> Result<(), String> {
    let mut seen = HashSet::new();
    let given = objects.iter().filter_map(|object| object[name].as_str());
    let twice = given.into_iter().find(|id| !seen.insert(*id));
    twice.map_or(Ok(()), |id| Err(format!("{name} {id} is there twice")))
}

fn at_most(count: usize, limit: usize, what: &str) -> Result<(), String> {
    if count > limit { Err(format!("{count} > {limit}: {what}")) } else { Ok(()) }
}
