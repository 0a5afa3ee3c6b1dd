//! Cuts a stream of JSON into single records, with at most one of them in memory.
//!
//! It knows whole files (`{"Records": […]}`, `{"Events": […]}`, `[…]`), JSON lines of any of these,
//! and objects one after the other, however they are spaced. It checks the grammar only as far as
//! cutting needs it. After something broken it goes on at the next place where a record may begin:
//! inside an array at the next object with the same first key, elsewhere at the next line.

mod grammar;
mod resync;

use crate::record::MAX_RECORD_BYTES;
use crate::skip::SkipReason;
use grammar::{Grammar, Step};
use memchr::{memchr, memchr_iter};
use resync::{LOOKBACK, Resync, first_key};
use std::io::{ErrorKind, Read};

/// Cuts what `input` holds into pieces. Not an [`Iterator`]: a piece borrows the window.
pub struct Splitter<R> {
    input: R,
    /// Where the input is read to.
    chunk: Box<[u8]>,
    /// What is read and not yet given up: at most one record and one chunk.
    window: Vec<u8>,
    /// Offset of the window's first byte in the stream.
    offset: u64,
    /// Index of the first byte that is still needed.
    start: usize,
    /// Index of the next byte to look at.
    at: usize,
    place: Place,
    /// Whether the last object outside of arrays stood on a line of its own.
    one_per_line: bool,
    ended: bool,
    failure: Option<std::io::Error>,
    /// Line of the byte at index `counted`, from 1.
    line: u64,
    counted: usize,
}

/// One object, or a stretch of bytes that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'w> {
    /// Offset of the first byte in the stream.
    pub offset: u64,
    /// Line of the first byte, from 1.
    pub line: u64,
    /// The object's bytes, or why there is none: reason and words.
    pub content: Result<&'w [u8], (SkipReason, String)>,
}

/// Where in the stream the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first byte.
    Beginning,
    /// Outside of everything.
    Outside,
    /// Between the items of an array of records.
    Array { in_object: bool },
    /// Behind that array, in the object that holds it.
    Tail,
    /// Behind everything.
    End,
}

const CHUNK: usize = 64 * 1024;
const USUAL_FIRST_KEY: &[u8] = b"\"eventVersion\"";

impl<R: Read> Splitter<R> {
    /// Reads from `input` in chunks of 64 KiB.
    pub fn new(input: R) -> Self {
        Self {
            input,
            chunk: vec![0; CHUNK].into_boxed_slice(),
            window: Vec::new(),
            offset: 0,
            start: 0,
            at: 0,
            place: Place::Beginning,
            one_per_line: false,
            ended: false,
            failure: None,
            line: 1,
            counted: 0,
        }
    }

    /// The next piece; `None` at the end.
    pub fn next_piece(&mut self) -> Option<Piece<'_>> {
        let found = loop {
            let found = match self.place {
                Place::Beginning => self.skip_byte_order_mark(),
                Place::Outside => self.outside(),
                Place::Array { in_object } => self.in_array(in_object),
                Place::Tail => self.tail(),
                Place::End => return None,
            };
            if let Some(found) = found {
                break found;
            }
        };
        let Found { offset, line, reason } = found;
        let content = match reason {
            None => Ok(&self.window[self.start..self.at]),
            Some(reason) => Err(reason),
        };
        Some(Piece { offset, line, content })
    }

    /// Bytes held in memory.
    pub fn held_bytes(&self) -> usize {
        self.window.capacity() + self.chunk.len()
    }

    /// Bytes of the stream that are behind.
    pub fn offset(&self) -> u64 {
        self.offset + self.at as u64
    }

    fn skip_byte_order_mark(&mut self) -> Option<Found> {
        while self.window.len() < 3 && self.fill() {}
        if self.window.starts_with(b"\xEF\xBB\xBF") {
            self.at = 3;
        }
        self.place = Place::Outside;
        None
    }

    fn outside(&mut self) -> Option<Found> {
        match self.next_byte(|byte| is_blank(byte) || matches!(byte, b',' | 0)) {
            Some(b'{') => self.object(Place::Outside),
            Some(b'[') => {
                self.at += 1;
                self.place = Place::Array { in_object: false };
                None
            }
            Some(_) => {
                let mark = self.mark();
                self.resync(self.at, &Resync { any_line: true, line: true, first_key: None });
                Some(mark.broken(SkipReason::MalformedJson, "no JSON object begins here"))
            }
            None => self.end(),
        }
    }

    fn in_array(&mut self, in_object: bool) -> Option<Found> {
        match self.next_byte(|byte| is_blank(byte) || byte == b',') {
            Some(b'{') => self.object(self.place),
            Some(b']') => {
                self.at += 1;
                self.place = if in_object { Place::Tail } else { Place::Outside };
                None
            }
            Some(_) => {
                let mark = self.mark();
                self.resync_in_array(self.at + 1, None);
                Some(mark.broken(SkipReason::MalformedJson, "an item that is no object"))
            }
            None if self.failure.is_some() => self.end(),
            None => {
                self.place = Place::End;
                let mark = self.mark();
                Some(mark.broken(SkipReason::Truncated, "the list of records has no end"))
            }
        }
    }

    /// What stands behind the array of records is read over.
    fn tail(&mut self) -> Option<Found> {
        let mark = self.mark();
        match self.scan(Grammar::in_object(), true) {
            Scan::Closed => {
                self.place = Place::Outside;
                None
            }
            Scan::Container => {
                self.place = Place::Array { in_object: true };
                None
            }
            Scan::Ended => self.end(),
            Scan::Broken(reason, why) => {
                self.place = Place::Outside;
                self.resync(self.at, &Resync { any_line: true, line: true, first_key: None });
                Some(mark.broken(reason, why))
            }
            Scan::TooLarge { .. } => None,
        }
    }

    /// The object that begins here: a record, or one that holds an array of records.
    fn object(&mut self, place: Place) -> Option<Found> {
        let mark = self.mark();
        match self.scan(Grammar::default(), false) {
            Scan::Closed => {
                if place == Place::Outside {
                    self.one_per_line = memchr(b'\n', &self.window[self.start..self.at]).is_none();
                }
                Some(mark.whole())
            }
            Scan::Container => {
                self.place = Place::Array { in_object: true };
                None
            }
            Scan::Ended if self.failure.is_some() => self.end(),
            Scan::Ended => {
                self.go_on(place, self.start + 1);
                let at_end = self.place == Place::End;
                let reason = if at_end { SkipReason::Truncated } else { SkipReason::MalformedJson };
                Some(mark.broken(reason, "the record has no end"))
            }
            Scan::Broken(reason, why) => {
                self.go_on_behind(reason, place);
                Some(mark.broken(reason, why))
            }
            Scan::TooLarge { closed } => {
                if !closed {
                    self.start = self.at;
                    self.go_on(place, self.at);
                }
                Some(mark.broken(SkipReason::TooLarge, "larger than 1 MiB"))
            }
        }
    }

    /// Goes on behind an object that is broken in this way.
    fn go_on_behind(&mut self, reason: SkipReason, place: Place) {
        // What nests too deep repeats its keys: only a record's own key helps then.
        match (reason, place) {
            (SkipReason::TooDeep, Place::Array { .. }) => {
                self.resync_in_array(self.start + 1, None);
            }
            _ => self.go_on(place, self.start + 1),
        }
    }

    /// Goes on behind a broken object.
    fn go_on(&mut self, place: Place, from: usize) {
        let first_key = first_key(&self.window[self.start..]).map(<[u8]>::to_vec);
        if place == Place::Outside {
            let first_key = first_key.filter(|key| key == USUAL_FIRST_KEY && !self.one_per_line);
            self.resync(from, &Resync { any_line: self.one_per_line, line: true, first_key });
        } else {
            self.resync_in_array(from, first_key);
        }
    }

    fn resync_in_array(&mut self, from: usize, first_key: Option<Vec<u8>>) {
        let key = first_key.unwrap_or_else(|| USUAL_FIRST_KEY.to_vec());
        self.resync(from, &Resync { any_line: false, line: false, first_key: Some(key) });
    }

    /// Moves to the next place at or behind `from` where a record may begin; to the end, where there
    /// is none.
    fn resync(&mut self, from: usize, rule: &Resync) {
        let earliest = self.offset + from as u64;
        let mut search = from;
        loop {
            let not_before = usize::try_from(earliest.saturating_sub(self.offset)).unwrap_or(0);
            if let Some(found) = rule.find(&self.window, search, not_before) {
                self.at = found;
                return;
            }
            // A candidate may lie across the border of the window.
            self.at = self.window.len();
            let again = self.window.len().saturating_sub(rule.longest()).max(search);
            self.start = again.saturating_sub(LOOKBACK + 1).max(self.start);
            let kept = self.start;
            if !self.fill() {
                self.at = self.window.len();
                self.place = if self.failure.is_some() { self.place } else { Place::End };
                return;
            }
            search = again - kept;
        }
    }

    /// Scans to the end of the object. A `tail` is read over and never too large.
    fn scan(&mut self, mut grammar: Grammar, tail: bool) -> Scan {
        let mut too_large = false;
        loop {
            let step = grammar.advance(&self.window, &mut self.at);
            too_large = too_large || (!tail && self.at - self.start > MAX_RECORD_BYTES);
            match step {
                Step::Container => return Scan::Container,
                Step::More => {
                    if tail || too_large {
                        self.start = self.at.saturating_sub(LOOKBACK).max(self.start);
                    }
                    if !self.fill() {
                        return if too_large {
                            Scan::TooLarge { closed: false }
                        } else {
                            Scan::Ended
                        };
                    }
                }
                Step::Closed if too_large => return Scan::TooLarge { closed: true },
                Step::Closed => return Scan::Closed,
                _ if too_large => return Scan::TooLarge { closed: false },
                Step::Wrong(why) => return Scan::Broken(SkipReason::MalformedJson, why),
                Step::TooDeep => {
                    return Scan::Broken(SkipReason::TooDeep, "nested deeper than 64 levels");
                }
            }
        }
    }

    fn end(&mut self) -> Option<Found> {
        self.place = Place::End;
        let failure = self.failure.take()?;
        let mark = self.mark();
        let read = self.offset + self.window.len() as u64;
        let detail = format!("reading failed after {read} bytes: {failure}");
        Some(Found { reason: Some((SkipReason::Unreadable, detail)), ..mark.whole() })
    }

    /// The next byte that is not to be passed over; `self.at` then stands on it.
    fn next_byte(&mut self, pass: impl Fn(u8) -> bool) -> Option<u8> {
        loop {
            while let Some(byte) = self.window.get(self.at).copied() {
                if !pass(byte) {
                    return Some(byte);
                }
                self.at += 1;
            }
            self.start = self.at;
            if !self.fill() {
                return None;
            }
        }
    }

    /// Begins a piece here.
    fn mark(&mut self) -> Mark {
        self.start = self.at;
        self.count_lines(self.start);
        Mark { offset: self.offset + self.start as u64, line: self.line }
    }

    fn count_lines(&mut self, to: usize) {
        if to > self.counted {
            self.line += memchr_iter(b'\n', &self.window[self.counted..to]).count() as u64;
            self.counted = to;
        }
    }

    /// Gives up what is before `start` and reads another chunk; false at the end.
    fn fill(&mut self) -> bool {
        if self.ended {
            return false;
        }
        self.count_lines(self.start);
        self.window.drain(..self.start);
        self.offset += self.start as u64;
        self.at -= self.start;
        self.counted -= self.start;
        self.start = 0;
        let read = loop {
            match self.input.read(&mut self.chunk) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        let fresh = self.chunk.get(..*read.as_ref().unwrap_or(&0)).unwrap_or_default();
        self.window.extend_from_slice(fresh);
        self.ended = fresh.is_empty();
        self.failure = read.err();
        !self.ended
    }
}

/// Beginning of a piece.
#[derive(Clone, Copy)]
struct Mark {
    offset: u64,
    line: u64,
}

impl Mark {
    fn whole(self) -> Found {
        Found { offset: self.offset, line: self.line, reason: None }
    }

    fn broken(self, reason: SkipReason, why: &str) -> Found {
        Found { reason: Some((reason, why.to_owned())), ..self.whole() }
    }
}

/// A piece whose bytes, if it has some, are the window's from `start` to `at`.
struct Found {
    offset: u64,
    line: u64,
    reason: Option<(SkipReason, String)>,
}

/// How a scan ended.
enum Scan {
    Closed,
    Container,
    Ended,
    TooLarge { closed: bool },
    Broken(SkipReason, &'static str),
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}
