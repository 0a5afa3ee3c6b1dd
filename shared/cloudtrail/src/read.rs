//! Reads a file of records, plain or compressed, as events and skipped records, both counted.

use crate::record::{ALL_ON, How, IsOff, Strictness, parse_record_as};
use crate::skip::{Skip, SkipReason};
use crate::split::Splitter;
use domain::event::ResourceEvent;
use flate2::read::MultiGzDecoder;
use std::io::{self, Chain, Cursor, Read};

/// One record after the other out of a file; bounded memory whatever the file's size.
///
/// Gzip is known by its first bytes. A file that breaks off gives what could be read, then one
/// [`SkipReason::Unreadable`] or [`SkipReason::Truncated`].
pub struct Reader<R: Read> {
    splitter: Splitter<Bytes<R>>,
    name: String,
    options: Options,
    counts: Counts,
}

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Accept account ids that are scrubbed to other lengths than 12 digits, as in published
    /// samples. They are counted in [`Counts::scrubbed_account_ids`].
    pub lenient_accounts: bool,
}

impl Options {
    const fn strictness(self) -> Strictness {
        if self.lenient_accounts { Strictness::Lenient } else { Strictness::Strict }
    }
}

/// The outcome of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "an event is what the caller wants; it is handed on")]
pub enum Item {
    /// It tells of resources.
    Event(ResourceEvent),
    /// It does not, and why.
    Skipped(Box<Skip>),
}

/// How many of what were read. `records` is the sum of `events` and all that were skipped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Outcomes so far.
    pub records: u64,
    /// Of these, events.
    pub events: u64,
    /// Events whose account id has not 12 digits.
    pub scrubbed_account_ids: u64,
    skipped: [u64; SkipReason::ALL.len()],
}

impl Counts {
    /// How many were skipped for this reason.
    pub fn skipped(&self, reason: SkipReason) -> u64 {
        self.skipped[reason as usize]
    }

    /// How many were skipped at all.
    pub fn skipped_total(&self) -> u64 {
        self.skipped.iter().sum()
    }

    /// The reasons that occurred, with their numbers, in the order of [`SkipReason::ALL`].
    pub fn by_reason(&self) -> impl Iterator<Item = (SkipReason, u64)> {
        SkipReason::ALL.iter().copied().zip(self.skipped).filter(|(_, count)| *count > 0)
    }

    /// Counts one outcome.
    pub fn count(&mut self, item: &Item) {
        self.records += 1;
        match item {
            Item::Event(event) => {
                self.events += 1;
                self.scrubbed_account_ids += u64::from(!event.account.is_canonical());
            }
            Item::Skipped(skip) => self.skipped[skip.reason as usize] += 1,
        }
    }

    /// Adds the counts of another file.
    pub fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.events += other.events;
        self.scrubbed_account_ids += other.scrubbed_account_ids;
        for (sum, more) in self.skipped.iter_mut().zip(other.skipped) {
            *sum += more;
        }
    }
}

impl<R: Read> Reader<R> {
    /// Reads `input`; `name` stands in messages about the file as a whole.
    pub fn new(input: R, name: impl Into<String>, options: Options) -> Self {
        let splitter = Splitter::new(Bytes::Unknown(Some(input)));
        Self { splitter, name: name.into(), options, counts: Counts::default() }
    }

    /// The outcome of the next record, unless its parser is off: then it is skipped as
    /// [`SkipReason::ParserOff`].
    pub fn next_unless(&mut self, is_off: IsOff<'_>) -> Option<Item> {
        let how = How { strictness: self.options.strictness(), is_off };
        let piece = self.splitter.next_piece()?;
        let outcome = match piece.content {
            Ok(object) => parse_record_as(object, how),
            Err((reason, why)) => Err(Skip::new(reason, in_this_file(reason, why, &self.name))),
        };
        let item = match outcome {
            Ok(event) => Item::Event(event),
            Err(mut skip) => {
                (skip.offset, skip.line) = (piece.offset, piece.line);
                Item::Skipped(skip)
            }
        };
        self.counts.count(&item);
        Some(item)
    }

    /// What was read so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Bytes held in memory.
    pub fn held_bytes(&self) -> usize {
        self.splitter.held_bytes()
    }

    /// Bytes read so far, after decompression.
    pub fn offset(&self) -> u64 {
        self.splitter.offset()
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        self.next_unless(ALL_ON)
    }
}

/// Trouble with the file as a whole names the file and what to do.
fn in_this_file(reason: SkipReason, why: String, name: &str) -> String {
    match reason {
        SkipReason::Unreadable | SkipReason::Truncated => {
            format!("{name}: {why}. What was read is kept; fetch the file again for the rest.")
        }
        _ => why,
    }
}

/// The bytes of the file, decompressed where they are gzip.
enum Bytes<R: Read> {
    /// Before the first read; `None` only while it is looked at.
    Unknown(Option<R>),
    Plain(Peeked<R>),
    Gzip(Box<MultiGzDecoder<Peeked<R>>>),
}

/// The input with its first two bytes put back.
type Peeked<R> = Chain<Cursor<Vec<u8>>, R>;

const GZIP: [u8; 2] = [0x1F, 0x8B];

impl<R: Read> Read for Bytes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Self::Unknown(input) = self {
            let Some(input) = input.take() else { return Ok(0) };
            *self = Self::look(input)?;
        }
        match self {
            Self::Unknown(_) => Ok(0),
            Self::Plain(plain) => plain.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
        }
    }
}

impl<R: Read> Bytes<R> {
    fn look(mut input: R) -> io::Result<Self> {
        let mut head = Vec::with_capacity(GZIP.len());
        input.by_ref().take(GZIP.len() as u64).read_to_end(&mut head)?;
        let compressed = head == GZIP;
        let whole = Cursor::new(head).chain(input);
        Ok(if compressed {
            Self::Gzip(Box::new(MultiGzDecoder::new(whole)))
        } else {
            Self::Plain(whole)
        })
    }
}
