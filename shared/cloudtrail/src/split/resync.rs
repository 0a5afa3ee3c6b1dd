//! Where cutting goes on after something broken.

use super::is_blank;
use memchr::{memchr_iter, memmem};

/// Bytes kept before the next one: the name of a container, or blanks before a first key.
pub(super) const LOOKBACK: usize = 256;

/// Where a record may begin again.
pub(super) struct Resync {
    /// At the beginning of a line.
    pub(super) line: bool,
    /// Of any line, not only of one that begins with `{` or `[`.
    pub(super) any_line: bool,
    /// At an object with this first key, in its quotes.
    pub(super) first_key: Option<Vec<u8>>,
}

impl Resync {
    pub(super) fn find(&self, window: &[u8], search: usize, not_before: usize) -> Option<usize> {
        let by_line = if self.line { self.find_line(window, search) } else { None };
        let by_key = self.find_key(window, search, not_before);
        match (by_line, by_key) {
            (Some(line), Some(key)) => Some(line.min(key)),
            (line, key) => line.or(key),
        }
    }

    fn find_line(&self, window: &[u8], search: usize) -> Option<usize> {
        memchr_iter(b'\n', window.get(search..)?).map(|at| search + at + 1).find(|line| {
            window.get(*line).is_some_and(|first| self.any_line || matches!(first, b'{' | b'['))
        })
    }

    fn find_key(&self, window: &[u8], search: usize, not_before: usize) -> Option<usize> {
        let key = self.first_key.as_ref()?;
        memmem::find_iter(window.get(search..)?, key).find_map(|at| {
            let nearest = (search + at).saturating_sub(LOOKBACK).max(not_before);
            let before = window.get(nearest..search + at)?;
            let brace = before.iter().rposition(|byte| !is_blank(*byte))?;
            (before[brace] == b'{').then_some(nearest + brace)
        })
    }

    /// Bytes that a candidate needs before it can be seen.
    pub(super) fn longest(&self) -> usize {
        self.first_key.as_ref().map_or(1, |key| key.len().max(1))
    }
}

/// The first key of an object with its quotes, where it is short and plain.
pub(super) fn first_key(object: &[u8]) -> Option<&[u8]> {
    let inside = object.strip_prefix(b"{")?;
    let quote = inside.iter().take(LOOKBACK).position(|byte| !is_blank(*byte))?;
    let key = inside.get(quote..)?.strip_prefix(b"\"")?;
    let length = key.iter().take(64).position(|byte| *byte == b'"')?;
    let plain = key[..length].iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    (plain && length > 0).then(|| &inside[quote..quote + length + 2])
}
