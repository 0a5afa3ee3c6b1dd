//! JSON as a list of its parts: one pass checks the whole text and notes where each part begins and
//! ends; after that any part is found, or passed over, without reading the text again.

use crate::record::MAX_RECORD_BYTES;
use crate::skip::{Refusal, SkipReason};
use std::borrow::Cow;
use std::iter;
use std::ops::Range;

/// Levels of nesting that are followed.
pub(crate) const MAX_DEPTH: u32 = 64;

/// A text that is valid JSON, with its parts. Sixteen bytes for a part, and at most one part for two
/// bytes of text.
#[derive(Debug)]
pub(crate) struct Json<'a> {
    text: Cow<'a, str>,
    parts: Vec<Part>,
}

impl<'a> Json<'a> {
    /// Checks the text: all of JSON's grammar, also of what nobody reads, and at most [`MAX_DEPTH`]
    /// levels. Only halves of surrogate pairs are found later, by who reads the text.
    pub(crate) fn parse(text: impl Into<Cow<'a, str>>) -> Result<Self, Refusal> {
        let text = text.into();
        if text.len() > MAX_RECORD_BYTES {
            return Err(Refusal { reason: SkipReason::TooLarge, detail: String::new() });
        }
        let mut cutter = Cutter::new(text.as_bytes());
        if cutter.document().is_some() {
            return Ok(Self { parts: cutter.parts, text });
        }
        let (reason, why, at) = cutter.wrong;
        Err(Refusal { reason, detail: format!("{why} at byte {at}") })
    }

    pub(crate) fn root(&self) -> Value<'_> {
        Value { json: self, at: 0 }
    }
}

/// One value, with all that is in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value<'j> {
    json: &'j Json<'j>,
    /// Index of its part.
    at: usize,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    Text,
    /// Text that differs from its bytes.
    EscapedText,
    Number,
    True,
    False,
    Null,
}

/// A value or a key: where it stands in the text, and how many of the parts behind it are in it.
#[derive(Debug, Clone, Copy)]
struct Part {
    kind: Kind,
    start: u32,
    end: u32,
    inside: u32,
}

impl<'j> Value<'j> {
    #[inline]
    fn part(self) -> Part {
        const NULL: Part = Part { kind: Kind::Null, start: 0, end: 0, inside: 0 };
        self.json.parts.get(self.at).copied().unwrap_or(NULL)
    }

    #[inline]
    pub(crate) fn kind(self) -> Kind {
        self.part().kind
    }

    #[inline]
    pub(crate) fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    /// As it is written; a text without its quotes.
    #[inline]
    pub(crate) fn raw(self) -> &'j str {
        self.json.text.get(self.range()).unwrap_or_default()
    }

    /// Where that stands in the text.
    #[inline]
    pub(crate) fn range(self) -> Range<usize> {
        let part = self.part();
        part.start as usize..part.end as usize
    }

    /// A text, its escapes resolved. None where it is another value, or no text of Unicode.
    #[inline]
    pub(crate) fn text(self) -> Option<Cow<'j, str>> {
        match self.kind() {
            Kind::Text => Some(Cow::Borrowed(self.raw())),
            Kind::EscapedText => self.unescaped(),
            _ => None,
        }
    }

    #[cold]
    fn unescaped(self) -> Option<Cow<'j, str>> {
        let Range { start, end } = self.range();
        let quoted = self.json.text.get(start.checked_sub(1)?..end + 1)?;
        serde_json::from_str(quoted).ok().map(Cow::Owned)
    }

    /// Keys and values of an object, in their order; of another value none.
    #[inline]
    pub(crate) fn fields(self) -> impl Iterator<Item = (Cow<'j, str>, Self)> {
        let mut inside = self.inside(Kind::Object);
        iter::from_fn(move || Some((inside.next()?.text().unwrap_or_default(), inside.next()?)))
    }

    /// Values of an array, in their order; of another value none.
    #[inline]
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        self.inside(Kind::Array)
    }

    /// What is in this value and in no other one in it, where it is of that kind.
    #[inline]
    fn inside(self, kind: Kind) -> impl Iterator<Item = Self> {
        let Self { json, at } = self;
        let part = self.part();
        let end = if part.kind == kind { at + 1 + part.inside as usize } else { 0 };
        let mut next = at + 1;
        iter::from_fn(move || {
            let value = Self { json, at: next };
            next += 1 + value.part().inside as usize;
            (value.at < end).then_some(value)
        })
    }
}

/// Goes through a text once and notes its parts. Each step takes the index where it begins and gives
/// the one behind it; none where the text is not JSON that is read.
struct Cutter<'t> {
    bytes: &'t [u8],
    depth: u32,
    parts: Vec<Part>,
    wrong: (SkipReason, &'static str, usize),
}

impl<'t> Cutter<'t> {
    /// Records have a part for about twelve bytes.
    fn new(bytes: &'t [u8]) -> Self {
        let parts = Vec::with_capacity(bytes.len() / 8 + 8);
        Self { bytes, depth: 0, parts, wrong: (SkipReason::MalformedJson, "", 0) }
    }

    fn document(&mut self) -> Option<usize> {
        let end = self.value(0)?;
        match self.next(end) {
            (0, end) if end == self.bytes.len() => Some(end),
            (_, end) => self.malformed("more behind the end", end),
        }
    }

    fn value(&mut self, at: usize) -> Option<usize> {
        match self.next(at) {
            (b'"', at) => self.text(at),
            (b'{', at) => self.object(at),
            (b'[', at) => self.array(at),
            (b'-' | b'0'..=b'9', at) => self.number(at),
            (b't', at) => self.word("true", Kind::True, at),
            (b'f', at) => self.word("false", Kind::False, at),
            (b'n', at) => self.word("null", Kind::Null, at),
            (_, at) => self.malformed("no value begins", at),
        }
    }

    fn object(&mut self, start: usize) -> Option<usize> {
        let own = self.open(Kind::Object, start)?;
        let mut next = self.next(start + 1);
        while next.0 != b'}' || own + 1 < self.parts.len() {
            let (b'"', key) = next else { return self.malformed("no key begins", next.1) };
            let key_end = self.text(key)?;
            let (b':', colon) = self.next(key_end) else {
                return self.malformed("no colon behind a key", key_end);
            };
            let end = self.value(colon + 1)?;
            next = self.next(end);
            match next {
                (b',', comma) => next = self.next(comma + 1),
                (b'}', _) => break,
                (_, at) => return self.malformed("neither a comma nor the end of an object", at),
            }
        }
        Some(self.close(own, next.1 + 1))
    }

    fn array(&mut self, start: usize) -> Option<usize> {
        let own = self.open(Kind::Array, start)?;
        let mut next = self.next(start + 1);
        while next.0 != b']' || own + 1 < self.parts.len() {
            let end = self.value(next.1)?;
            next = self.next(end);
            match next {
                (b',', comma) => next = self.next(comma + 1),
                (b']', _) => break,
                (_, at) => return self.malformed("neither a comma nor the end of a list", at),
            }
        }
        Some(self.close(own, next.1 + 1))
    }

    /// Notes an object or array; [`Self::close`] fills in its end.
    #[inline]
    fn open(&mut self, kind: Kind, at: usize) -> Option<usize> {
        if self.depth == MAX_DEPTH {
            self.wrong = (SkipReason::TooDeep, "nested deeper than 64 levels", at);
            return None;
        }
        self.depth += 1;
        self.note(kind, at, at);
        Some(self.parts.len() - 1)
    }

    #[inline]
    fn close(&mut self, own: usize, end: usize) -> usize {
        self.depth -= 1;
        let inside = place(self.parts.len() - 1 - own);
        if let Some(part) = self.parts.get_mut(own) {
            (part.end, part.inside) = (place(end), inside);
        }
        end
    }

    #[inline]
    fn text(&mut self, quote: usize) -> Option<usize> {
        let end = end_of_plain(self.bytes, quote + 1);
        if self.bytes.get(end) != Some(&b'"') {
            return self.escaped_text(quote + 1, end);
        }
        self.note(Kind::Text, quote + 1, end);
        Some(end + 1)
    }

    #[cold]
    fn escaped_text(&mut self, start: usize, mut at: usize) -> Option<usize> {
        while self.bytes.get(at) == Some(&b'\\') {
            at = end_of_plain(self.bytes, self.escape(at)?);
        }
        if self.bytes.get(at) != Some(&b'"') {
            return self.malformed("a text without its end, or a control character in it", at);
        }
        self.note(Kind::EscapedText, start, at);
        Some(at + 1)
    }

    fn escape(&mut self, at: usize) -> Option<usize> {
        match self.bytes.get(at + 1..).unwrap_or_default() {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => Some(at + 2),
            [b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|b| b.is_ascii_hexdigit()) => {
                Some(at + 6)
            }
            _ => self.malformed("an escape that JSON does not have", at),
        }
    }

    fn number(&mut self, start: usize) -> Option<usize> {
        let whole = start + usize::from(self.bytes.get(start) == Some(&b'-'));
        let mut end = self.digits(whole);
        let mut right = end == whole + 1 || (end > whole && self.bytes.get(whole) != Some(&b'0'));
        if self.bytes.get(end) == Some(&b'.') {
            let fraction = end + 1;
            end = self.digits(fraction);
            right &= end > fraction;
        }
        if let Some(b'e' | b'E') = self.bytes.get(end) {
            let sign = matches!(self.bytes.get(end + 1), Some(b'+' | b'-'));
            let exponent = end + 1 + usize::from(sign);
            end = self.digits(exponent);
            right &= end > exponent;
        }
        if !right {
            return self.malformed("a number that JSON does not have", start);
        }
        self.note(Kind::Number, start, end);
        Some(end)
    }

    /// Behind the digits that begin here.
    fn digits(&self, mut at: usize) -> usize {
        while let Some(b'0'..=b'9') = self.bytes.get(at) {
            at += 1;
        }
        at
    }

    fn word(&mut self, word: &str, kind: Kind, start: usize) -> Option<usize> {
        let end = start + word.len();
        if self.bytes.get(start..end) != Some(word.as_bytes()) {
            return self.malformed("neither true, false nor null", start);
        }
        self.note(kind, start, end);
        Some(end)
    }

    #[inline]
    fn note(&mut self, kind: Kind, start: usize, end: usize) {
        self.parts.push(Part { kind, start: place(start), end: place(end), inside: 0 });
    }

    /// The next byte that is not blank, and its index; 0, which JSON has nowhere, at the end.
    #[inline]
    fn next(&self, mut at: usize) -> (u8, usize) {
        loop {
            match self.bytes.get(at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => at += 1,
                Some(byte) => return (*byte, at),
                None => return (0, at),
            }
        }
    }

    #[cold]
    fn malformed<T>(&mut self, why: &'static str, at: usize) -> Option<T> {
        self.wrong = (SkipReason::MalformedJson, why, at);
        None
    }
}

#[expect(clippy::cast_possible_truncation, reason = "longer texts are refused at the beginning")]
const fn place(at: usize) -> u32 {
    at as u32
}

/// The next quote, backslash or control character. Eight bytes at a time: most texts are short.
#[inline]
fn end_of_plain(bytes: &[u8], mut at: usize) -> usize {
    while let Some(eight) = eight(bytes, at) {
        let found = ends(u64::from_le_bytes(*eight));
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count()
}

#[inline]
fn eight(bytes: &[u8], at: usize) -> Option<&[u8; 8]> {
    bytes.get(at..)?.first_chunk()
}

/// The highest bit of each of eight bytes that is a quote, a backslash or below 0x20. Subtracting
/// borrows from above such a byte, so only the first one is certain.
const fn ends(word: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let control = word.wrapping_sub(EACH * 0x20);
    let quote = (word ^ (EACH * b'"' as u64)).wrapping_sub(EACH);
    let backslash = (word ^ (EACH * b'\\' as u64)).wrapping_sub(EACH);
    (control | quote | backslash) & !word & (EACH * 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value as Other;

    /// The same value as `serde_json` holds it.
    fn other(value: Value<'_>) -> Other {
        match value.kind() {
            Kind::Object => {
                value.fields().map(|(key, value)| (key.into_owned(), other(value))).collect()
            }
            Kind::Array => value.items().map(other).collect(),
            Kind::Text | Kind::EscapedText => Other::String(value.text().unwrap().into_owned()),
            Kind::Number | Kind::True | Kind::False | Kind::Null => {
                serde_json::from_str(value.raw()).unwrap()
            }
        }
    }

    fn any_json() -> impl Strategy<Value = Other> {
        let leaf = prop_oneof![
            Just(Other::Null),
            any::<bool>().prop_map(Other::from),
            any::<i64>().prop_map(Other::from),
            any::<f64>().prop_map(Other::from),
            any::<String>().prop_map(Other::from),
            "[a-z\"\\\\\n\u{1}é😀]{0,40}".prop_map(Other::from),
        ];
        leaf.prop_recursive(6, 60, 8, |inner| {
            let key = "[a-zA-Z\"\\\\é]{0,20}";
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Other::from),
                prop::collection::vec((key, inner), 0..8).prop_map(|f| f.into_iter().collect()),
            ]
        })
    }

    /// Bits of JSON in any order, right and wrong.
    fn nearly_json() -> impl Strategy<Value = String> {
        let bits = prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\"a\"",
            "\"a\":",
            "\\",
            "\\u00e9",
            "\\ud83d\\ude00",
            "\\x",
            " ",
            "\n",
            "\t",
            "\u{1}",
            "\u{7f}",
            "é",
            "0",
            "01",
            "-",
            "-1",
            "1.5",
            "1.",
            "1e5",
            "2E-",
            "true",
            "fals",
            "null",
            "#",
            "!",
            "long enough for sixteen bytes",
        ]);
        prop::collection::vec(bits, 0..12).prop_map(|bits| bits.concat())
    }

    fn check_as_serde_json_does(text: &str) -> Result<(), TestCaseError> {
        match (serde_json::from_str::<Other>(text), Json::parse(text)) {
            (Ok(expected), Ok(json)) => prop_assert_eq!(other(json.root()), expected),
            (Ok(_), Err(refusal)) => prop_assert!(false, "{text} refused: {refusal:?}"),
            (Err(_), Ok(_)) => {
                // Lone halves of surrogate pairs and numbers beyond measure are told by the reader.
                let skipped = serde_json::from_str::<&serde_json::value::RawValue>(text);
                prop_assert!(skipped.is_ok(), "{text} taken for JSON");
            }
            (Err(_), Err(_)) => {}
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn any_value_reads_as_serde_json_reads_it(value in any_json(), pretty: bool) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            check_as_serde_json_does(&text.unwrap())?;
        }

        #[test]
        fn what_serde_json_refuses_is_refused(text in nearly_json()) {
            check_as_serde_json_does(&text)?;
            check_as_serde_json_does(&format!("{{\"a\":[{text}]}}"))?;
            check_as_serde_json_does(&format!("\"{text}\""))?;
        }

        #[test]
        fn a_changed_byte_is_judged_as_serde_json_judges_it(value in any_json(), at: usize, byte in 0_u8..128) {
            let mut bytes = serde_json::to_vec(&value).unwrap();
            let at = at % bytes.len();
            bytes[at] = byte;
            if let Ok(text) = std::str::from_utf8(&bytes) {
                check_as_serde_json_does(text)?;
            }
        }
    }

    #[test]
    fn sixty_four_levels_are_followed_and_no_more() {
        let nested = |levels| "[".repeat(levels) + &"]".repeat(levels);
        assert!(Json::parse(nested(64)).is_ok());
        assert_eq!(Json::parse(nested(65)).unwrap_err().reason, SkipReason::TooDeep);
        assert_eq!(Json::parse("[".repeat(100_000)).unwrap_err().reason, SkipReason::TooDeep);
    }

    #[test]
    fn half_of_a_surrogate_pair_is_passed_over_but_is_no_text() {
        let json = Json::parse(r#"{"a":"\ud83d","b":1}"#).unwrap();
        let texts: Vec<_> = json.root().fields().map(|(_, value)| value.text()).collect();
        assert_eq!(texts, [None, None]);
    }
}
