//! The calls that matter: priced ones, and those that are recognised and reported as not priced yet.

use std::fmt::Write;
use std::sync::LazyLock;

/// The table in its order: by value, then what ends a cost. From `coverage.csv` beside this crate's
/// manifest; a row belongs to one (source, stem of the name).
pub fn all() -> &'static [Coverage] {
    &TABLE.rows
}

/// The row of a call, by `eventSource` without `.amazonaws.com` and by the name without its API
/// date.
pub fn find(service: &str, name: &str) -> Option<&'static Coverage> {
    TABLE.find(service, name)
}

/// One call that matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Rank by value, 1 to 98; `None` for calls beside the ranked ones. Related calls share a rank.
    pub rank: Option<u8>,
    /// The service as people name it: `emr`.
    pub service: String,
    /// `eventSource`: `elasticmapreduce.amazonaws.com`.
    pub event_source: String,
    /// `eventName` without its API date.
    pub event_name: String,
    /// How it costs.
    pub class: Class,
    /// Whether it is priced.
    pub status: Status,
    /// Whether the shape was checked against a record.
    pub seen: Seen,
    /// What to know about it.
    pub note: String,
}

/// How a call costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// By the hour (or month) until it is ended.
    Hourly,
    /// By use, which the event does not tell.
    Usage,
    /// Once, or a commitment.
    OneOff,
    /// A lever: costs nothing itself, but opens the door.
    Lever,
    /// A guard: we may go blind.
    Guard,
    /// Ends a cost.
    End,
}

/// Whether a call is priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Becomes an event.
    Priced,
    /// Counted and reported.
    Recognised,
}

/// Whether the shape of a call was checked against a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Seen {
    /// In a recorded log.
    Recorded,
    /// In AWS's documentation.
    Documented,
    /// Nowhere yet.
    No,
}

macro_rules! codes {
    ($($kind:ident { $($variant:ident = $code:literal,)* })*) => {$(
        impl $kind {
            /// Code in `coverage.csv`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    )*};
}

codes! {
    Class { Hourly = "H", Usage = "U", OneOff = "O", Lever = "L", Guard = "G", End = "E", }
    Status { Priced = "priced", Recognised = "recognised", }
    Seen { Recorded = "yes", Documented = "documented", No = "no", }
}

impl Class {
    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Hourly => "by the hour",
            Self::Usage => "by use",
            Self::OneOff => "once or committed",
            Self::Lever => "opens the door",
            Self::Guard => "watch may go blind",
            Self::End => "ends a cost",
        }
    }
}

/// The table as a Markdown page.
pub fn coverage_markdown() -> String {
    let mut page = String::from(PREFACE);
    for row in all() {
        let rank = row.rank.map_or_else(String::new, |rank| rank.to_string());
        let Coverage { event_source, event_name, class, status, seen, note, .. } = row;
        let note = note.replace('|', "\\|");
        let (class, status, seen) = (class.label(), status.code(), seen.code());
        // Writing to a String cannot fail.
        let _ = writeln!(
            page,
            "| {rank} | `{event_source}` | `{event_name}` | {class} | {status} | {seen} | {note} |"
        );
    }
    page
}

const PREFACE: &str = "\
# Coverage: the calls that matter

Generated from `shared/cloudtrail/coverage.csv`; change it there.

`priced` calls become events with a price. `recognised` ones are counted and reported as \
cost-relevant, but not priced yet. *Seen* tells whether the shape of the call was checked against a \
recorded log (`yes`), only against AWS's documentation (`documented`), or not yet (`no`); of those \
not seen, both spellings of every field are accepted.

Beside these calls `EC2 Instance State-change Notification` is read, which is no call and needs no \
trail: `stopped` and `terminated` end the cost of an instance that was seen to start, whoever \
stopped it, and be it itself. Other states are counted as `state_not_final`. Seen: `documented`.

| rank | source | call | costs | status | seen | note |
|---|---|---|---|---|---|---|
";

static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::new(read_rows(include_str!("../coverage.csv"))));

/// The rows and an index by hash with open addressing: a miss, which is what 98 of 100 records are,
/// costs one hash and seldom a comparison.
struct Table {
    rows: Vec<Coverage>,
    /// Row number + 1; 0 is free.
    index: Vec<u16>,
}

const SLOTS: usize = 1024;

impl Table {
    fn new(rows: Vec<Coverage>) -> Self {
        let mut index = vec![0; SLOTS];
        for (number, row) in (1..).zip(&rows) {
            let service = row.event_source.strip_suffix(".amazonaws.com");
            let mut slot = slot(service.unwrap_or(&row.event_source), &row.event_name);
            while index[slot] != 0 {
                slot = (slot + 1) % SLOTS;
            }
            index[slot] = number;
        }
        Self { rows, index }
    }

    fn find(&self, service: &str, name: &str) -> Option<&Coverage> {
        let mut slot = slot(service, name);
        loop {
            let row = self.rows.get(usize::from(self.index[slot].checked_sub(1)?))?;
            if row.event_name == name
                && row.event_source.strip_suffix(".amazonaws.com") == Some(service)
            {
                return Some(row);
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

/// Lengths and the bytes at both ends tell nearly all names apart.
fn slot(service: &str, name: &str) -> usize {
    let ends = |text: &str| {
        let bytes = text.as_bytes();
        let word = |part: &[u8]| {
            part.iter().take(8).fold(0_u64, |word, byte| (word << 8) | u64::from(*byte))
        };
        let tail = bytes.len().saturating_sub(8);
        word(bytes) ^ word(&bytes[tail..]).rotate_left(29) ^ (bytes.len() as u64).rotate_left(57)
    };
    let mixed = (ends(name) ^ ends(service).rotate_left(17)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from(mixed >> 54).unwrap_or(0) % SLOTS
}

/// `rank,service,event_source,event_name,class,status,seen,note`: only the note may hold commas.
/// A line that cannot be read is left out; a test sees to it that there is none.
fn read_rows(csv: &str) -> Vec<Coverage> {
    csv.lines().skip(1).filter_map(read_row).collect()
}

fn read_row(line: &str) -> Option<Coverage> {
    let fields: Vec<&str> = line.splitn(8, ',').collect();
    let [rank, service, event_source, event_name, class, status, seen, note] = *fields else {
        return None;
    };
    Some(Coverage {
        rank: rank.parse().ok(),
        service: service.to_owned(),
        event_source: event_source.to_owned(),
        event_name: event_name.to_owned(),
        class: Class::from_code(class)?,
        status: Status::from_code(status)?,
        seen: Seen::from_code(seen)?,
        note: note.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_line_of_the_table_is_read_and_found_again() {
        let lines = include_str!("../coverage.csv").lines().count() - 1;
        assert_eq!(all().len(), lines);
        for row in all() {
            let service = row.event_source.strip_suffix(".amazonaws.com").unwrap();
            assert_eq!(find(service, &row.event_name), Some(row));
        }
        assert_eq!(find("ec2", "DescribeInstances"), None);
        assert_eq!(find("", ""), None);
    }

    #[test]
    fn a_call_stands_in_the_table_once() {
        let calls: BTreeSet<_> =
            all().iter().map(|row| (&row.event_source, &row.event_name)).collect();
        assert_eq!(calls.len(), all().len());
    }

    #[test]
    fn all_98_ranks_are_there_but_the_one_that_is_the_same_call_as_another() {
        let ranks: BTreeSet<_> = all().iter().filter_map(|row| row.rank).collect();
        let missing: Vec<_> = (1..=98).filter(|rank| !ranks.contains(rank)).collect();
        // 80 is CreateDBInstance of DocumentDB and Neptune: the call of rank 30, told by its engine.
        assert_eq!(missing, [80]);
    }

    #[test]
    fn the_page_has_one_line_for_each_call() {
        let page = coverage_markdown();
        assert_eq!(
            page.lines().filter(|line| line.contains(".amazonaws.com`")).count(),
            all().len()
        );
        assert!(
            page.contains("| 1 | `ec2.amazonaws.com` | `RunInstances` | by the hour | priced |")
        );
    }
}
