//! As much of JSON's grammar as cutting needs: where an object ends, and where an array of records
//! begins.

use crate::json::MAX_DEPTH;
use memchr::memchr3;

/// Strings, nesting, and what may follow what.
#[derive(Debug, Clone, Default)]
pub(super) struct Grammar {
    depth: u32,
    /// Bit d: the container at depth d + 1 is an object.
    objects: u64,
    expect: Expect,
    inside: Inside,
    /// The last key of the outermost object is one that holds an array of records.
    container_key: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Expect {
    #[default]
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Nothing,
    Text,
    Escape,
    Scalar,
}

/// Why the grammar stops.
pub(super) enum Step {
    /// The window ends.
    More,
    /// The outermost object is closed; `at` stands behind it.
    Closed,
    /// The array of records has begun; `at` stands behind its bracket.
    Container,
    Wrong(&'static str),
    TooDeep,
}

impl Grammar {
    /// Behind a value of the outermost object.
    pub(super) fn in_object() -> Self {
        Self { depth: 1, objects: 1, expect: Expect::CommaOrEnd, ..Self::default() }
    }

    /// Goes on from `at` until something is to be told.
    pub(super) fn advance(&mut self, window: &[u8], at: &mut usize) -> Step {
        while let Some(&byte) = window.get(*at) {
            match self.inside {
                Inside::Nothing => {}
                Inside::Text => match self.text(window, at) {
                    Some(step) => return step,
                    None => continue,
                },
                Inside::Escape => {
                    self.inside = Inside::Text;
                    *at += 1;
                    continue;
                }
                Inside::Scalar => {
                    if is_scalar(byte) {
                        *at += 1;
                        continue;
                    }
                    self.inside = Inside::Nothing;
                    self.expect = Expect::CommaOrEnd;
                }
            }
            if let Some(step) = self.mark(byte) {
                let told = matches!(step, Step::Closed | Step::Container);
                *at += usize::from(told);
                return step;
            }
            *at += 1;
        }
        Step::More
    }

    /// A byte outside of strings and scalars.
    fn mark(&mut self, byte: u8) -> Option<Step> {
        let in_object = self.depth > 0 && self.objects >> (self.depth - 1) & 1 == 1;
        match (byte, self.expect) {
            (b' ' | b'\t' | b'\r' | b'\n', _) => {}
            (b'"', Expect::Colon | Expect::CommaOrEnd) => {
                return Some(Step::Wrong("text where a comma, colon or end should be"));
            }
            (b'"', _) => self.inside = Inside::Text,
            (b':', Expect::Colon) => self.expect = Expect::Value,
            (b',', Expect::CommaOrEnd) => {
                self.expect = if in_object { Expect::Key } else { Expect::Value };
            }
            (b'{' | b'[', Expect::Value | Expect::ValueOrEnd) => return self.open(byte == b'{'),
            (b'}', Expect::KeyOrEnd | Expect::CommaOrEnd) if in_object => return self.close(),
            (b']', Expect::ValueOrEnd | Expect::CommaOrEnd) if !in_object => return self.close(),
            (_, Expect::Value | Expect::ValueOrEnd) if is_scalar(byte) => {
                self.inside = Inside::Scalar;
            }
            _ => return Some(Step::Wrong("a byte that JSON does not allow there")),
        }
        None
    }

    fn open(&mut self, object: bool) -> Option<Step> {
        if self.depth == 1 && self.container_key && !object {
            return Some(Step::Container);
        }
        if self.depth == MAX_DEPTH {
            return Some(Step::TooDeep);
        }
        let bit = 1_u64 << self.depth;
        self.objects = if object { self.objects | bit } else { self.objects & !bit };
        self.expect = if object { Expect::KeyOrEnd } else { Expect::ValueOrEnd };
        self.depth += 1;
        None
    }

    fn close(&mut self) -> Option<Step> {
        self.depth -= 1;
        self.expect = Expect::CommaOrEnd;
        (self.depth == 0).then_some(Step::Closed)
    }

    /// Inside a string: to its end, an escape or the end of the window. A line cannot end in it.
    fn text(&mut self, window: &[u8], at: &mut usize) -> Option<Step> {
        let Some(end) = end_of_text(window, *at) else {
            *at = window.len();
            return Some(Step::More);
        };
        *at = end;
        match window[end] {
            b'"' => {
                let key = matches!(self.expect, Expect::Key | Expect::KeyOrEnd);
                if key && self.depth == 1 {
                    self.container_key = is_container_key(&window[..=end]);
                }
                self.expect = if key { Expect::Colon } else { Expect::CommaOrEnd };
                self.inside = Inside::Nothing;
            }
            b'\\' => self.inside = Inside::Escape,
            _ => return Some(Step::Wrong("a line ends inside a text")),
        }
        *at += 1;
        None
    }
}

/// Most strings are short: a plain loop finds their end sooner than a vector search begins.
fn end_of_text(window: &[u8], at: usize) -> Option<usize> {
    let soon = window.len().min(at + 24);
    let is_end = |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n');
    match window[at..soon].iter().position(is_end) {
        Some(near) => Some(at + near),
        None => memchr3(b'"', b'\\', b'\n', &window[soon..]).map(|far| soon + far),
    }
}

const fn is_scalar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
}

/// Whether the key that ends here is `Records` or `Events`.
fn is_container_key(until: &[u8]) -> bool {
    let escaped = |before: Option<&[u8]>| before.is_some_and(|before| !before.ends_with(b"\\"));
    escaped(until.strip_suffix(b"\"Records\"")) || escaped(until.strip_suffix(b"\"Events\""))
}
