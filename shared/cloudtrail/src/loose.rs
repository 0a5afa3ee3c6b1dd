//! Values as AWS really sends them: numbers as text, `{"value": x}` around a value, lists of one
//! without their list.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A scalar of any JSON type. Whatever is no scalar reads as absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Loose<'a> {
    /// Not there, null, or a list or object without `value`.
    #[default]
    Absent,
    Flag(bool),
    Whole(u64),
    Fraction(f64),
    Text(Cow<'a, str>),
}

impl Loose<'_> {
    /// A text that is not empty.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// As text, also where it is a number: account ids of careless exports.
    pub(crate) fn printed(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Whole(number) => Some(number.to_string().into()),
            other => other.text().map(Cow::Borrowed),
        }
    }

    /// A whole number that fits, also where it is written as text.
    pub(crate) fn whole(&self) -> Option<u32> {
        match self {
            Self::Whole(number) => u32::try_from(*number).ok(),
            Self::Fraction(number) => {
                thousandths(*number).filter(|n| n % 1000 == 0).map(|n| n / 1000)
            }
            Self::Text(text) => text.trim().parse().ok(),
            Self::Absent | Self::Flag(_) => None,
        }
    }

    /// A number in thousandths, rounded: Aurora capacity units come as 0.5.
    pub(crate) fn thousandths(&self) -> Option<u32> {
        match self {
            Self::Whole(number) => u32::try_from(*number).ok()?.checked_mul(1000),
            Self::Fraction(number) => thousandths(*number),
            Self::Text(text) => text.trim().parse().ok().and_then(thousandths),
            Self::Absent | Self::Flag(_) => None,
        }
    }

    /// Yes or no, also where it is written as text.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            Self::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Self::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    pub(crate) fn is_true(&self) -> bool {
        self.flag() == Some(true)
    }

    /// This one where it is there, else the other.
    pub(crate) fn or(self, other: Self) -> Self {
        if self == Self::Absent { other } else { self }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked just before"
)]
fn thousandths(number: f64) -> Option<u32> {
    let rounded = (number * 1000.0).round();
    (0.0..=f64::from(u32::MAX)).contains(&rounded).then_some(rounded as u32)
}

impl<'de: 'a, 'a> Deserialize<'de> for Loose<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor(PhantomData))
    }
}

struct LooseVisitor<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for LooseVisitor<'a> {
    type Value = Loose<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Loose::Flag(flag))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Loose::Whole(number))
    }
    fn visit_i64<E>(self, _negative: i64) -> Result<Self::Value, E> {
        Ok(Loose::Absent)
    }
    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Loose::Fraction(number))
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Loose::Absent)
    }
    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut value = Loose::Absent;
        while let Some(key) = map.next_key::<Name<'de>>()? {
            if matches!(&*key.0, "value" | "Value") {
                value = map.next_value::<Flat<'de>>()?.0;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(value)
    }
    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Self::Value, S::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose::Absent)
    }
}

/// A scalar without a further `value` around it, so that nesting cannot go on for ever.
struct Flat<'a>(Loose<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Flat<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&serde_json::value::RawValue>::deserialize(deserializer)?;
        let flat = match raw.get().as_bytes().first() {
            Some(b'{' | b'[') | None => Loose::Absent,
            Some(_) => serde_json::from_str(raw.get()).map_err(serde::de::Error::custom)?,
        };
        Ok(Self(flat))
    }
}

/// A key of an object, borrowed where it has no escapes.
pub(crate) struct Name<'a>(pub(crate) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor<'a>(PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for NameVisitor<'a> {
            type Value = Name<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor(PhantomData))
    }
}

/// A list in any of AWS's forms: `[…]`, `{"items": […]}`, `{"item": […]}`, `{"item": {…}}`,
/// `{"member": […]}`, `{}` and null for an empty one.
#[derive(Debug, Clone)]
pub(crate) struct Items<T>(pub(crate) Vec<T>);

impl<T> Default for Items<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Items<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemsVisitor { inside: false, of: PhantomData }).map(Self)
    }
}

/// `inside`: the `items` key has been read, so an object is now an item itself.
struct ItemsVisitor<T> {
    inside: bool,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> serde::de::DeserializeSeed<'de> for ItemsVisitor<T> {
    type Value = Vec<T>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ItemsVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of items")
    }
    fn visit_unit<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }
    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Vec<T>, E> {
        match text {
            "" => Ok(Vec::new()),
            _ => T::deserialize(serde::de::value::BorrowedStrDeserializer::new(text))
                .map(|item| vec![item]),
        }
    }
    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Vec<T>, S::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(items)
    }
    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Vec<T>, M::Error> {
        if self.inside {
            return T::deserialize(MapAccessDeserializer::new(map)).map(|item| vec![item]);
        }
        let mut items = Vec::new();
        while let Some(key) = map.next_key::<Name<'de>>()? {
            if matches!(&*key.0, "items" | "item" | "member" | "Items" | "Item") {
                items.extend(map.next_value_seed(Self { inside: true, of: PhantomData })?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(items)
    }
}

/// A part of a request or answer: every field is optional and may begin with either case.
macro_rules! wire {
    ($($(#[$meta:meta])* struct $name:ident<$lt:lifetime> {
        $($lower:literal | $upper:literal => $field:ident: $kind:ty,)*
    })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Default, serde::Deserialize)]
        #[serde(default)]
        struct $name<$lt> {
            $(#[serde(borrow, rename = $lower, alias = $upper)] $field: $kind,)*
        }
    )*};
}
pub(crate) use wire;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_come_as_text_as_fraction_or_inside_value() {
        for text in ["80", "80.0", "\"80\"", "\" 80 \"", "{\"value\": 80}", "{\"Value\":\"80\"}"] {
            let loose: Loose<'_> = serde_json::from_str(text).unwrap();
            assert_eq!(loose.whole(), Some(80), "{text}");
            assert_eq!(loose.thousandths(), Some(80_000), "{text}");
        }
        for text in ["-1", "80.5", "1e300", "null", "[80]", "{}", "true", "\"many\"", "4294967296"]
        {
            let loose: Loose<'_> = serde_json::from_str(text).unwrap();
            assert_eq!(loose.whole(), None, "{text}");
        }
    }

    #[test]
    fn half_a_capacity_unit_is_five_hundred_thousandths() {
        let loose: Loose<'_> = serde_json::from_str("0.5").unwrap();
        assert_eq!(loose.thousandths(), Some(500));
    }

    #[test]
    fn a_list_reads_the_same_in_all_its_forms() {
        for text in [
            r#"["a","b"]"#,
            r#"{"items":["a","b"]}"#,
            r#"{"item":["a","b"]}"#,
            r#"{"items":["a"],"item":"b"}"#,
        ] {
            let items: Items<Loose<'_>> = serde_json::from_str(text).unwrap();
            let names: Vec<_> = items.0.iter().filter_map(Loose::text).collect();
            assert_eq!(names, ["a", "b"], "{text}");
        }
        for text in ["{}", "null", "[]", r#"{"items":null}"#, "\"\""] {
            let items: Items<Loose<'_>> = serde_json::from_str(text).unwrap();
            assert!(items.0.is_empty(), "{text}");
        }
    }
}
