//! What the table's stream brings: the new image of each item that was put.

use crate::attribute::{Corrupt, Item, read};
use crate::{Numbered, cost_event, watch};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::watch::WatchEvent;
use serde::Deserialize;
use std::collections::HashMap;

/// Kinds of items whose coming the scorer wants to know.
pub const ENTITIES: [&str; 2] = ["CostEvent", "WatchEvent"];

/// An item that was put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// A cost event, to be scored.
    CostEvent(Box<Numbered>),
    /// A call that may have blinded the watch, to be told.
    Watch(Box<WatchEvent>),
    /// Another kind.
    Other,
}

/// The image of an item as a stream record writes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Image(HashMap<String, Value>);

/// One attribute, `{"S": "text"}`.
#[derive(Debug, Clone, Deserialize)]
enum Value {
    S(String),
    N(String),
    #[serde(rename = "BOOL")]
    Bool(bool),
    #[serde(rename = "NULL")]
    Null(bool),
    #[serde(rename = "SS")]
    Texts(Vec<String>),
    #[serde(rename = "NS")]
    Numbers(Vec<String>),
    L(Vec<Value>),
    M(HashMap<String, Value>),
}

impl Image {
    /// What it is.
    pub fn read(self) -> Result<Put, Corrupt> {
        let item: Item = attributes(self.0);
        match read::<String>(&item, "entity")?.as_str() {
            "CostEvent" => Ok(Put::CostEvent(Box::new(cost_event::from_item(&item)?))),
            "WatchEvent" => Ok(Put::Watch(Box::new(watch::from_item(&item)?))),
            _ => Ok(Put::Other),
        }
    }
}

fn attributes(map: HashMap<String, Value>) -> Item {
    map.into_iter().map(|(name, value)| (name, attribute(value))).collect()
}

fn attribute(value: Value) -> AttributeValue {
    match value {
        Value::S(text) => AttributeValue::S(text),
        Value::N(number) => AttributeValue::N(number),
        Value::Bool(value) => AttributeValue::Bool(value),
        Value::Null(value) => AttributeValue::Null(value),
        Value::Texts(texts) => AttributeValue::Ss(texts),
        Value::Numbers(numbers) => AttributeValue::Ns(numbers),
        Value::L(values) => AttributeValue::L(values.into_iter().map(attribute).collect()),
        Value::M(map) => AttributeValue::M(attributes(map)),
    }
}
