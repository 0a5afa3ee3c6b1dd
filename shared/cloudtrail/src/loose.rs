//! Values as AWS really sends them: numbers as text, `{"value": x}` around a value, lists of one
//! without their list.

use crate::json::{Kind, Value};
use crate::skip::Refusal;
use std::borrow::Cow;

/// What can be read out of a JSON value.
pub(crate) trait Wire<'j>: Sized {
    /// Where the value has another shape: why.
    fn read(value: Value<'j>) -> Result<Self, Refusal>;
}

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

impl<'j> Wire<'j> for Loose<'j> {
    fn read(value: Value<'j>) -> Result<Self, Refusal> {
        Ok(match value.kind() {
            Kind::Text | Kind::EscapedText => {
                let text = value.text();
                Self::Text(text.ok_or_else(|| Refusal::malformed("half of a surrogate pair"))?)
            }
            Kind::Number => number(value.raw()),
            Kind::True => Self::Flag(true),
            Kind::False => Self::Flag(false),
            Kind::Object => match wrapped(value) {
                Some(inside) => Self::read(inside)?,
                None => Self::Absent,
            },
            Kind::Array | Kind::Null => Self::Absent,
        })
    }
}

/// The scalar of `{"value": x}`; a further `value` around it is not opened.
fn wrapped(value: Value<'_>) -> Option<Value<'_>> {
    let named = value.fields().filter(|(key, _)| matches!(&**key, "value" | "Value"));
    named.last().map(|(_, inside)| inside).filter(|inside| !inside.is_object())
}

/// Negative whole numbers and those beyond measure stand for nothing that is priced.
fn number(raw: &str) -> Loose<'static> {
    if raw.contains(['.', 'e', 'E']) {
        let number = raw.parse().ok().filter(|number: &f64| number.is_finite());
        return number.map_or(Loose::Absent, Loose::Fraction);
    }
    raw.parse().map_or(Loose::Absent, Loose::Whole)
}

impl<'j> Wire<'j> for Value<'j> {
    fn read(value: Self) -> Result<Self, Refusal> {
        Ok(value)
    }
}

impl<'j, T: Wire<'j>> Wire<'j> for Option<T> {
    fn read(value: Value<'j>) -> Result<Self, Refusal> {
        if value.kind() == Kind::Null { Ok(None) } else { T::read(value).map(Some) }
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

impl<'j, T: Wire<'j>> Wire<'j> for Items<T> {
    fn read(value: Value<'j>) -> Result<Self, Refusal> {
        if !value.is_object() {
            return plain_items(value).map(Self);
        }
        let mut items = Vec::new();
        for (key, inside) in value.fields() {
            if matches!(&*key, "items" | "item" | "member" | "Items" | "Item") {
                items.extend(plain_items(inside)?);
            }
        }
        Ok(Self(items))
    }
}

/// A list, one item without its list, or nothing.
fn plain_items<'j, T: Wire<'j>>(value: Value<'j>) -> Result<Vec<T>, Refusal> {
    match value.kind() {
        Kind::Array => value.items().map(T::read).collect(),
        Kind::Null => Ok(Vec::new()),
        Kind::Text if value.raw().is_empty() => Ok(Vec::new()),
        Kind::Text | Kind::EscapedText | Kind::Object => Ok(vec![T::read(value)?]),
        Kind::Number | Kind::True | Kind::False => Err(Refusal::wrong_shape("a list", value)),
    }
}

/// An object of which some fields are read. Every field is optional and may have several names; one
/// that is there twice is not believed.
macro_rules! wire {
    ($($(#[$meta:meta])* $seen:vis struct $name:ident<$lt:lifetime> {
        $($(#[$note:meta])* $($key:literal)|+ => $field_seen:vis $field:ident: $kind:ty,)*
    })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Default)]
        $seen struct $name<$lt> {
            $($(#[$note])* $field_seen $field: $kind,)*
        }

        impl<$lt> $crate::loose::Wire<$lt> for $name<$lt> {
            fn read(object: $crate::json::Value<$lt>) -> Result<Self, $crate::skip::Refusal> {
                if !object.is_object() {
                    return Err($crate::skip::Refusal::wrong_shape("an object", object));
                }
                $(let mut $field: Option<$kind> = None;)*
                for (key, value) in object.fields() {
                    match &*key {
                        $($($key)|+ => {
                            let before = $field.replace($crate::loose::Wire::read(value)?);
                            if before.is_some() {
                                return Err($crate::skip::Refusal::twice(&key));
                            }
                        })*
                        _ => {}
                    }
                }
                Ok(Self { $($field: $field.unwrap_or_default(),)* })
            }
        }
    )*};
}
pub(crate) use wire;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;

    fn loose(text: &str) -> Loose<'static> {
        match Loose::read(Json::parse(text).unwrap().root()).unwrap() {
            Loose::Text(text) => Loose::Text(text.into_owned().into()),
            Loose::Flag(flag) => Loose::Flag(flag),
            Loose::Whole(number) => Loose::Whole(number),
            Loose::Fraction(number) => Loose::Fraction(number),
            Loose::Absent => Loose::Absent,
        }
    }

    #[test]
    fn numbers_may_come_as_text_as_fraction_or_inside_value() {
        for text in ["80", "80.0", "\"80\"", "\" 80 \"", "{\"value\": 80}", "{\"Value\":\"80\"}"] {
            let loose = loose(text);
            assert_eq!(loose.whole(), Some(80), "{text}");
            assert_eq!(loose.thousandths(), Some(80_000), "{text}");
        }
        for text in ["-1", "80.5", "1e300", "null", "[80]", "{}", "true", "\"many\"", "4294967296"]
        {
            let loose = loose(text);
            assert_eq!(loose.whole(), None, "{text}");
        }
    }

    #[test]
    fn half_a_capacity_unit_is_five_hundred_thousandths() {
        assert_eq!(loose("0.5").thousandths(), Some(500));
    }

    #[test]
    fn a_list_reads_the_same_in_all_its_forms() {
        for text in [
            r#"["a","b"]"#,
            r#"{"items":["a","b"]}"#,
            r#"{"item":["a","b"]}"#,
            r#"{"items":["a"],"item":"b"}"#,
        ] {
            let json = Json::parse(text).unwrap();
            let items = Items::<Loose<'_>>::read(json.root()).unwrap();
            let names: Vec<_> = items.0.iter().filter_map(Loose::text).collect();
            assert_eq!(names, ["a", "b"], "{text}");
        }
        for text in ["{}", "null", "[]", r#"{"items":null}"#, "\"\""] {
            let json = Json::parse(text).unwrap();
            let items = Items::<Loose<'_>>::read(json.root()).unwrap();
            assert!(items.0.is_empty(), "{text}");
        }
    }
}
