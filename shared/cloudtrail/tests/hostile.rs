//! Broken, hostile and oversized files: right counts, clear reasons, bounded memory, no panic.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cloudtrail::{Counts, Item, MAX_RECORD_BYTES, Options, Reader, SkipReason, Splitter};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::io::{self, Read, Write};

const HELD_AT_MOST: usize = 2 * MAX_RECORD_BYTES + 256 * 1024;

fn read(input: impl Read) -> (Vec<Item>, Counts) {
    let mut reader = Reader::new(input, "test.json", Options::default());
    let mut items = Vec::new();
    while let Some(item) = reader.next() {
        items.push(item);
        assert!(reader.held_bytes() <= HELD_AT_MOST);
    }
    let counts = reader.counts().clone();
    assert_eq!(counts.records, items.len() as u64);
    assert_eq!(counts.records, counts.events + counts.skipped_total());
    (items, counts)
}

/// Keeps no item, so that the memory is the reader's own.
fn counts(input: impl Read) -> Counts {
    let mut reader = Reader::new(input, "test.json", Options::default());
    while reader.next().is_some() {
        assert!(reader.held_bytes() <= HELD_AT_MOST);
    }
    let counts = reader.counts().clone();
    assert_eq!(counts.records, counts.events + counts.skipped_total());
    counts
}

/// A volume that goes: the smallest record that becomes an event.
fn record(number: usize) -> String {
    format!(
        r#"{{"eventVersion":"1.11","userIdentity":{{"type":"IAMUser","userName":"alice"}},"eventTime":"2025-03-03T10:15:00Z","eventSource":"ec2.amazonaws.com","eventName":"DeleteVolume","awsRegion":"eu-west-1","requestParameters":{{"volumeId":"vol-{number}","note":"a \"quoted\" }}] text"}},"responseElements":{{"_return":true}},"eventID":"id-{number}","readOnly":false,"eventType":"AwsApiCall","recipientAccountId":"111122223333"}}"#
    )
}

fn records(number: usize) -> Vec<String> {
    (0..number).map(record).collect()
}

/// Ways in which a record breaks, each still one record.
fn broken(number: usize) -> String {
    let good = record(number);
    let nested_end = good.find("},\"eventTime\"").unwrap();
    match number / 10 % 6 {
        0 => good[..good.len() * 2 / 3].to_owned(),
        1 => good[..good.len() - 1].to_owned(),
        2 => format!("{}{}", &good[..nested_end], &good[nested_end + 1..]),
        3 => good.replacen(",\"userIdentity\"", ",\u{1}\"userIdentity\"", 1),
        4 => good.replacen("\"eventTime\":\"", "\"eventTime\":", 1),
        _ => good.replacen("{\"type\"", "[{\"type\"", 1),
    }
}

fn every_tenth_broken(number: usize) -> Vec<String> {
    (0..number).map(|n| if n % 10 == 5 { broken(n) } else { record(n) }).collect()
}

#[test]
fn with_every_tenth_line_broken_nine_of_ten_are_events_and_one_of_ten_is_named() {
    let counts = counts((every_tenth_broken(600).join("\n") + "\n").as_bytes());
    assert_eq!((counts.records, counts.events), (600, 540));
}

#[test]
fn with_every_tenth_record_of_an_array_broken_nine_of_ten_are_events() {
    for separator in [",", ",\n", "\r\n,\r\n  "] {
        let text = format!("{{\"Records\":[{}]}}", every_tenth_broken(600).join(separator));
        let counts = counts(text.as_bytes());
        assert_eq!((counts.records, counts.events), (600, 540), "{separator:?}");
    }
}

#[test]
fn well_formed_records_of_wrong_types_are_told_from_broken_ones() {
    let wrong = record(1).replace("\"userIdentity\":{", "\"userIdentity\":7,\"x\":{");
    let counts = counts(format!("{}\n{wrong}\n{}", record(0), record(2)).as_bytes());
    assert_eq!((counts.events, counts.skipped(SkipReason::WrongShape)), (2, 1));
}

#[test]
fn every_form_of_file_gives_the_same_events() {
    let records = records(3);
    let lines = records.join("\n");
    let escaped = |record: &String| serde_json::to_string(record).unwrap();
    let looked_up: Vec<_> = records
        .iter()
        .map(|record| format!("{{\"EventId\":\"x\",\"CloudTrailEvent\":{}}}", escaped(record)))
        .collect();
    let wrapped = |before: &str, after: &str| {
        let lines: Vec<_> = records.iter().map(|r| format!("{before}{r}{after}")).collect();
        lines.join("\n")
    };
    let pretty: serde_json::Value =
        serde_json::from_str(&format!("{{\"Records\":[{}]}}", records.join(","))).unwrap();
    let expected = read(lines.as_bytes()).0;
    for (form, text) in [
        ("JSON lines with CRLF", records.join("\r\n") + "\r\n"),
        ("with a byte order mark", format!("\u{FEFF}{lines}")),
        ("zeros at the end", format!("{lines}\n\0\0\0")),
        ("one after the other", records.concat()),
        ("an array", format!("[{}]", records.join(","))),
        ("Records", format!("{{\"Records\":[{}]}}", records.join(","))),
        ("Records, pretty", serde_json::to_string_pretty(&pretty).unwrap()),
        ("keys around Records", format!("{{\"a\":[{{}}],\"Records\":[{lines}],\"b\":{{}}}}")),
        ("lines of Records", wrapped("{\"Records\":[", "]}")),
        ("lookup-events", format!("{{\"Events\":[{}],\"NextToken\":\"t\"}}", looked_up.join(","))),
        ("envelopes", wrapped("{\"version\":\"0\",\"source\":\"aws.ec2\",\"detail\":", "}")),
        ("wrapped as event", wrapped("{\"_source\":{},\"envelope\":null,\"event\":", "}")),
    ] {
        let items = read(text.as_bytes()).0;
        let events =
            |items: &[Item]| -> Vec<_> { items.iter().map(|item| format!("{item:?}")).collect() };
        assert_eq!(events(&items), events(&expected), "{form}");
    }
}

#[test]
fn empty_and_blank_files_hold_nothing() {
    for text in ["", " \r\n\t\n", "\u{FEFF}", "{\"Records\":[]}", "[]", "\0\0\0\0"] {
        assert_eq!(counts(text.as_bytes()).records, 0, "{text:?}");
    }
}

#[test]
fn json_that_is_no_cloudtrail_is_counted_once() {
    let digest = r#"{"awsAccountId":"111122223333","digestStartTime":"2025-03-03T10:00:00Z","logFiles":[{"s3Object":"a"}]}"#;
    let counts = counts(digest.as_bytes());
    assert_eq!((counts.records, counts.skipped(SkipReason::NotCloudTrail)), (1, 1));
    let notification = r#"{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put"}]}"#;
    assert_eq!(self::counts(notification.as_bytes()).skipped(SkipReason::NotCloudTrail), 1);
}

#[test]
fn a_file_that_breaks_off_keeps_what_was_read_and_says_so() {
    let text = format!("{{\"Records\":[{}]}}", records(10).join(","));
    let (items, counts) = read(&text.as_bytes()[..text.len() / 2]);
    assert!((4..6).contains(&counts.events), "{counts:?}");
    assert_eq!(counts.skipped(SkipReason::Truncated), 1);
    let Some(Item::Skipped(last)) = items.last() else { panic!("a skip at the end") };
    assert!(last.to_string().contains("test.json"), "{last}");
    assert!(last.to_string().contains("fetch the file again"), "{last}");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn gzip_is_known_by_its_first_bytes_also_in_several_members() {
    let (first, second) = (records(3).join("\n") + "\n", records(4).join("\n"));
    let both = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
    assert_eq!(counts(both.as_slice()).events, 7);
}

#[test]
fn broken_gzip_keeps_what_was_read_and_says_how_far_it_came() {
    let text = records(2_000).join("\n");
    let whole = gzip(text.as_bytes());
    let (items, counts) = read(&whole[..whole.len() * 9 / 10]);
    assert!(counts.events > 1_000, "{counts:?}");
    assert_eq!(counts.skipped(SkipReason::Unreadable), 1);
    let Some(Item::Skipped(last)) = items.last() else { panic!("a skip at the end") };
    assert!(last.detail.contains("reading failed after"), "{last}");

    let mut corrupt = whole.clone();
    let middle = corrupt.len() / 2;
    corrupt[middle..middle + 64].fill(0xAA);
    assert_eq!(self::counts(corrupt.as_slice()).skipped(SkipReason::Unreadable), 1);
}

#[test]
fn depth_bombs_are_named_and_do_not_swallow_what_follows() {
    for bomb in ["{\"a\":".repeat(100_000), "[".repeat(100_000), "[{\"a\":".repeat(50_000)] {
        let text = format!("{}\n{bomb}\n{}\n", record(0), record(1));
        let counts = counts(text.as_bytes());
        assert_eq!(counts.events, 2, "{counts:?}");
        assert!(counts.records <= 4, "{counts:?}");
    }
    let deep = record(1).replace("{\"_return\":true}", &deep_value(63));
    assert_eq!(counts(deep.as_bytes()).events, 1, "64 levels are read");
    let deeper = record(1).replace("{\"_return\":true}", &deep_value(64));
    assert_eq!(counts(deeper.as_bytes()).skipped(SkipReason::TooDeep), 1);
}

fn deep_value(levels: usize) -> String {
    "[".repeat(levels) + &"]".repeat(levels)
}

#[test]
fn a_record_larger_than_a_mebibyte_is_named_and_the_next_one_read() {
    let large = record(1).replace("a \\\"quoted", &"x".repeat(2 * MAX_RECORD_BYTES));
    for text in [
        format!("{}\n{large}\n{}\n", record(0), record(2)),
        format!("{{\"Records\":[{},{large},{}]}}", record(0), record(2)),
    ] {
        let counts = counts(text.as_bytes());
        assert_eq!((counts.events, counts.skipped(SkipReason::TooLarge)), (2, 1));
        assert_eq!(counts.records, 3);
    }
}

/// Repeats bytes until so many have been given.
struct Repeated {
    bytes: Vec<u8>,
    at: usize,
    left: usize,
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = buffer.len().min(self.bytes.len() - self.at).min(self.left);
        buffer[..size].copy_from_slice(&self.bytes[self.at..self.at + size]);
        self.at = (self.at + size) % self.bytes.len();
        self.left -= size;
        Ok(size)
    }
}

fn repeated(bytes: &[u8], left: usize) -> Repeated {
    let copies = (64 * 1024 / bytes.len()).max(1);
    Repeated { bytes: bytes.repeat(copies), at: 0, left }
}

/// 128 MiB here; the whole GiB by `cargo test -- --ignored`.
const LONG: usize = 128 << 20;

fn one_long_line(length: usize) {
    for junk in ["x", "\"", "{\"", "[", "{\"a\":[", "{\"a\":\"b\",", "\\\"{"] {
        let counts = counts(repeated(junk.as_bytes(), length));
        assert_eq!(counts.events, 0);
        assert!((1..=2).contains(&counts.records), "{junk} {counts:?}");
    }
    let line = record(0) + ",";
    let head = io::Cursor::new(b"{\"Records\":[".to_vec());
    let counts = counts(head.chain(repeated(line.as_bytes(), length)));
    assert!(counts.events >= (length / line.len()) as u64 - 1, "{counts:?}");
    assert!(counts.skipped(SkipReason::Truncated) <= 1);
}

#[test]
fn a_long_file_of_one_line_is_read_in_bounded_memory() {
    one_long_line(LONG / 8);
}

#[test]
#[ignore = "takes a minute; by hand"]
fn a_gigabyte_of_one_line_is_read_in_bounded_memory() {
    one_long_line(1 << 30);
}

/// Gives a few bytes at a time.
struct Crumbs<'a> {
    bytes: &'a [u8],
    size: usize,
}

impl Read for Crumbs<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.size.min(buffer.len());
        self.bytes.read(&mut buffer[..size])
    }
}

type Found = (u64, u64, Result<Vec<u8>, SkipReason>);

fn pieces(input: impl Read) -> Vec<Found> {
    let mut splitter = Splitter::new(input);
    let mut found = Vec::new();
    while let Some(piece) = splitter.next_piece() {
        let content = piece.content.map(<[u8]>::to_vec).map_err(|(reason, _)| reason);
        found.push((piece.offset, piece.line, content));
    }
    found
}

/// Bits of JSON in any order: more of it is nearly right than random bytes are.
fn nearly_json() -> impl Strategy<Value = Vec<u8>> {
    let bits = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\n",
        "\r\n",
        " ",
        "1",
        "true",
        "null",
        "{}",
        "\"a\":",
        "\"Records\":[",
        "\"Events\":[",
        "{\"Records\":[",
        "]}",
        "\u{FEFF}",
        "\0",
        "é",
        "{\"eventVersion\":\"1.0\"}",
        "{\"eventVersion\":",
        "{ \n\"eventVersion\":1,",
        "\"x\"",
        "{\"eventSource\":\"ec2.amazonaws.com\",\"eventName\":\"DeleteVolume\"}",
    ]);
    prop::collection::vec(bits, 0..60).prop_map(|bits| bits.concat().into_bytes())
}

proptest! {
    #[test]
    fn random_bytes_never_panic_and_each_outcome_is_counted(bytes: Vec<u8>) {
        counts(bytes.as_slice());
        prop_assert!(cloudtrail::parse_record(&bytes, cloudtrail::Strictness::Lenient).is_err());
    }

    #[test]
    fn the_borders_of_chunks_change_nothing(bytes in nearly_json(), size in 1_usize..40) {
        let whole = pieces(bytes.as_slice());
        prop_assert_eq!(&whole, &pieces(Crumbs { bytes: &bytes, size }));
        prop_assert!(whole.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn a_changed_byte_gives_one_outcome_for_a_line(
        at in 0_usize..500, byte in any::<u8>().prop_filter("a line's end", |b| *b != b'\n')
    ) {
        let mut line = record(1).into_bytes();
        let at = at % line.len();
        line[at] = byte;
        let text = [record(0).as_bytes(), b"\n", &line, b"\n", record(2).as_bytes()].concat();
        let counts = counts(text.as_slice());
        // A bracket that closes too early may leave a rest that is named too.
        prop_assert!((3..=4).contains(&counts.records), "{:?}", counts);
        prop_assert!(counts.events >= 2, "{:?}", counts);
    }
}

#[test]
fn names_longer_than_aws_gives_them_are_refused_and_the_rest_goes_on() {
    let fixture = include_str!("fixtures/create_db_instance.json");
    let long = fixture.replace("\"orders\"", &format!("\"{}\"", "d".repeat(400_000)));
    let good = record(1);
    let (items, counts) = read(format!("{good}\n{}\n{good}", long.replace('\n', "")).as_bytes());
    assert_eq!(counts.events, 2, "{items:?}");
    assert_eq!(counts.skipped(SkipReason::WrongShape), 1);
}
