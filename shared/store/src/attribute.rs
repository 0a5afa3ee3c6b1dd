//! Values in and out of attributes: each type says once how it is stored.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::fixed::Millionths;
use domain::ids::{AccountId, EventId, Region};
use domain::money::{MicroUsd, Usd};
use jiff::Timestamp;
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::str::FromStr;

/// An item of the table: attribute names and values.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// A stored value that is not what it should be: names the attribute, never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("attribute {attribute} is not {expected}")]
pub struct Corrupt {
    /// Path of the attribute, from the innermost outwards as far as known.
    pub attribute: String,
    /// What was expected there.
    pub expected: &'static str,
}

impl Corrupt {
    pub(crate) fn expected(expected: &'static str) -> Self {
        Self { attribute: "value".to_owned(), expected }
    }

    pub(crate) fn within(self, name: &str) -> Self {
        let attribute = match self.attribute.as_str() {
            "value" => name.to_owned(),
            inner => format!("{name}.{inner}"),
        };
        Self { attribute, ..self }
    }
}

/// A type that stands in one attribute.
pub(crate) trait Stored: Sized {
    /// The attribute; `None` leaves it out.
    fn to_attribute(&self) -> Option<AttributeValue>;
    /// From the attribute, or from its absence.
    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt>;
}

/// Reads one attribute of an item.
pub(crate) fn read<T: Stored>(item: &Item, name: &str) -> Result<T, Corrupt> {
    T::from_attribute(item.get(name)).map_err(|corrupt| corrupt.within(name))
}

/// Writes one attribute of an item.
pub(crate) fn write<T: Stored>(item: &mut Item, name: &str, value: &T) {
    if let Some(attribute) = value.to_attribute() {
        item.insert(name.to_owned(), attribute);
    }
}

/// A text attribute.
pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number attribute.
#[expect(clippy::needless_pass_by_value, reason = "numbers are copied anyway")]
pub(crate) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// Stores a type as the text or number that it displays and parses.
macro_rules! stored_as {
    ($variant:ident, $expected:literal: $($type:ty = $show:expr, $parse:expr;)*) => {$(
        impl Stored for $type {
            fn to_attribute(&self) -> Option<AttributeValue> {
                let show: fn(&$type) -> String = $show;
                Some(AttributeValue::$variant(show(self)))
            }
            fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
                let parse: fn(&str) -> Option<$type> = $parse;
                match attribute {
                    Some(AttributeValue::$variant(text)) => parse(text),
                    _ => None,
                }
                .ok_or_else(|| Corrupt::expected($expected))
            }
        }
    )*};
}

stored_as! { S, "text":
    String = Clone::clone, |text| Some(text.to_owned());
    Cow<'static, str> = |text| text.clone().into_owned(), |text| Some(Cow::Owned(text.to_owned()));
    AccountId = ToString::to_string, |text| AccountId::parse_lenient(text).ok();
    Region = ToString::to_string, |text| Region::parse(text).ok();
    EventId = ToString::to_string, |text| EventId::parse(text).ok();
    Timestamp = ToString::to_string, |text| text.parse().ok();
}
stored_as! { N, "a number":
    u8 = ToString::to_string, parsed;
    u16 = ToString::to_string, parsed;
    u32 = ToString::to_string, parsed;
    u64 = ToString::to_string, parsed;
    i64 = ToString::to_string, parsed;
    i128 = ToString::to_string, parsed;
    Usd = ToString::to_string, |text| decimal(text).map(Usd::new);
    Decimal = ToString::to_string, decimal;
    MicroUsd = |micros| micros.0.to_string(), |text| parsed(text).map(MicroUsd);
    Millionths = |fixed| fixed.0.to_string(), |text| parsed(text).map(Millionths);
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// A decimal in plain or scientific notation (engines may answer with either).
fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

impl Stored for bool {
    fn to_attribute(&self) -> Option<AttributeValue> {
        Some(AttributeValue::Bool(*self))
    }
    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        match attribute {
            Some(AttributeValue::Bool(value)) => Ok(*value),
            _ => Err(Corrupt::expected("true or false")),
        }
    }
}

impl<T: Stored> Stored for Option<T> {
    fn to_attribute(&self) -> Option<AttributeValue> {
        self.as_ref().and_then(Stored::to_attribute)
    }
    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        attribute.map(|value| T::from_attribute(Some(value))).transpose()
    }
}

impl<T: Stored> Stored for Box<T> {
    fn to_attribute(&self) -> Option<AttributeValue> {
        self.as_ref().to_attribute()
    }
    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        T::from_attribute(attribute).map(Box::new)
    }
}

/// A list; absent and empty are the same.
impl<T: Stored> Stored for Vec<T> {
    fn to_attribute(&self) -> Option<AttributeValue> {
        let values = self.iter().filter_map(Stored::to_attribute).collect();
        (!self.is_empty()).then_some(AttributeValue::L(values))
    }
    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        match attribute {
            None => Ok(Self::new()),
            Some(AttributeValue::L(values)) => {
                values.iter().map(|value| T::from_attribute(Some(value))).collect()
            }
            Some(_) => Err(Corrupt::expected("a list")),
        }
    }
}

/// A set of texts; absent and empty are the same.
impl Stored for BTreeSet<String> {
    fn to_attribute(&self) -> Option<AttributeValue> {
        (!self.is_empty()).then(|| AttributeValue::Ss(self.iter().cloned().collect()))
    }
    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        match attribute {
            None => Ok(Self::new()),
            Some(AttributeValue::Ss(values)) => Ok(values.iter().cloned().collect()),
            Some(_) => Err(Corrupt::expected("a set of texts")),
        }
    }
}

/// A map with texts as keys; absent and empty are the same.
impl<T: Stored> Stored for BTreeMap<String, T> {
    fn to_attribute(&self) -> Option<AttributeValue> {
        let mut map = Item::new();
        for (key, value) in self {
            write(&mut map, key, value);
        }
        (!self.is_empty()).then_some(AttributeValue::M(map))
    }
    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        match attribute {
            None => Ok(Self::new()),
            Some(AttributeValue::M(map)) => {
                map.keys().map(|key| Ok((key.clone(), read(map, key)?))).collect()
            }
            Some(_) => Err(Corrupt::expected("a map")),
        }
    }
}

/// A list of a fixed number of whole numbers.
impl<T: Stored + Copy + Default, const N: usize> Stored for [T; N] {
    fn to_attribute(&self) -> Option<AttributeValue> {
        Some(AttributeValue::L(self.iter().filter_map(Stored::to_attribute).collect()))
    }
    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        let wrong = || Corrupt::expected("a list of the right length");
        let Some(AttributeValue::L(values)) = attribute else { return Err(wrong()) };
        if values.len() != N {
            return Err(wrong());
        }
        let mut read = [T::default(); N];
        for (place, value) in read.iter_mut().zip(values) {
            *place = T::from_attribute(Some(value))?;
        }
        Ok(read)
    }
}

/// A pair of a name and a whole number.
impl Stored for (Cow<'static, str>, i128) {
    fn to_attribute(&self) -> Option<AttributeValue> {
        Some(AttributeValue::L(vec![text(self.0.as_ref()), number(self.1)]))
    }
    fn from_attribute(attribute: Option<&AttributeValue>) -> Result<Self, Corrupt> {
        match attribute {
            Some(AttributeValue::L(pair)) => {
                Ok((Stored::from_attribute(pair.first())?, Stored::from_attribute(pair.get(1))?))
            }
            _ => Err(Corrupt::expected("a name and a number")),
        }
    }
}

/// Stores a struct as a map: one attribute for each field.
macro_rules! stored_struct {
    ($type:ident { $($field:ident: $name:literal),* $(,)? }) => {
        impl $crate::attribute::Stored for $type {
            fn to_attribute(&self) -> Option<aws_sdk_dynamodb::types::AttributeValue> {
                let mut map = $crate::attribute::Item::new();
                $($crate::attribute::write(&mut map, $name, &self.$field);)*
                Some(aws_sdk_dynamodb::types::AttributeValue::M(map))
            }
            fn from_attribute(
                attribute: Option<&aws_sdk_dynamodb::types::AttributeValue>,
            ) -> Result<Self, $crate::attribute::Corrupt> {
                let Some(aws_sdk_dynamodb::types::AttributeValue::M(map)) = attribute else {
                    return Err($crate::attribute::Corrupt::expected("a map"));
                };
                Ok(Self { $($field: $crate::attribute::read(map, $name)?,)* })
            }
        }
    };
}

/// Stores an enum as its code.
macro_rules! stored_code {
    ($($type:ty, $from:expr;)*) => {$(
        impl $crate::attribute::Stored for $type {
            fn to_attribute(&self) -> Option<aws_sdk_dynamodb::types::AttributeValue> {
                Some($crate::attribute::text(self.code()))
            }
            fn from_attribute(
                attribute: Option<&aws_sdk_dynamodb::types::AttributeValue>,
            ) -> Result<Self, $crate::attribute::Corrupt> {
                let from: fn(&str) -> Option<$type> = $from;
                let code: String = $crate::attribute::Stored::from_attribute(attribute)?;
                from(&code).ok_or_else(|| $crate::attribute::Corrupt::expected("a known code"))
            }
        }
    )*};
}

pub(crate) use {stored_code, stored_struct};
