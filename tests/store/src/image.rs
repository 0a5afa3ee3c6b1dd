//! Attributes as a stream record writes them.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::hash::BuildHasher;

/// An item as a stream record writes its new image.
pub fn image_of(item: &HashMap<String, AttributeValue, impl BuildHasher>) -> Value {
    let attributes = item.iter().map(|(name, value)| (name.clone(), attribute(value)));
    Value::Object(attributes.collect::<Map<_, _>>())
}

fn attribute(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(value) => json!({ "BOOL": value }),
        AttributeValue::Null(value) => json!({ "NULL": value }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        AttributeValue::Ns(numbers) => json!({ "NS": numbers }),
        AttributeValue::L(values) => {
            json!({ "L": values.iter().map(attribute).collect::<Vec<_>>() })
        }
        AttributeValue::M(map) => json!({ "M": image_of(map) }),
        other => unreachable!("the store writes nothing like {other:?}"),
    }
}
