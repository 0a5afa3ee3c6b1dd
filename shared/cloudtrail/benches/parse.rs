//! How long one record takes, and how many bytes of a file are read in a second.

use cloudtrail::{Options, Reader, Splitter, Strictness, parse_envelope, parse_record};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use std::fs;

fn main() {
    divan::main();
}

fn record(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let pretty = fs::read(path).unwrap_or_default();
    let value: serde_json::Value = serde_json::from_slice(&pretty).unwrap_or_default();
    value.to_string().into_bytes()
}

#[divan::bench(args = [
    "run_instances", "terminate_instances", "create_db_instance", "describe_instances",
    "put_parameter", "run_instances_failed", "create_endpoint",
])]
fn one_record(bencher: Bencher<'_, '_>, name: &str) {
    let record = record(name);
    bencher
        .counter(BytesCount::from(record.len()))
        .bench(|| parse_record(black_box(&record), Strictness::Strict));
}

#[divan::bench]
fn one_envelope_for_the_router(bencher: Bencher<'_, '_>) {
    let envelope = record("envelope");
    bencher
        .counter(BytesCount::from(envelope.len()))
        .bench(|| parse_envelope(black_box(&envelope)).map(|envelope| envelope.check(None)));
}

#[divan::bench(args = ["ec2 RunInstances", "ec2 DescribeInstances", "ssm PutParameter"])]
fn coverage_lookup(bencher: Bencher<'_, '_>, call: &str) {
    let (service, name) = call.split_once(' ').unwrap_or_default();
    bencher.bench(|| cloudtrail::coverage::find(black_box(service), black_box(name)));
}

/// Two of a hundred records matter, as in a real trail.
fn file() -> Vec<u8> {
    let (launch, other, write) =
        (record("run_instances"), record("describe_instances"), record("put_parameter"));
    let mut file = b"{\"Records\":[".to_vec();
    for number in 0..2_000 {
        let record = match number % 50 {
            0 => &launch,
            odd if odd % 2 == 1 => &other,
            _ => &write,
        };
        file.extend_from_slice(if number == 0 { b"" } else { b"," });
        file.extend_from_slice(record);
    }
    file.extend_from_slice(b"]}");
    file
}

#[divan::bench]
fn a_file_cut_into_records(bencher: Bencher<'_, '_>) {
    let file = file();
    bencher.counter(BytesCount::from(file.len())).bench(|| {
        let mut splitter = Splitter::new(black_box(file.as_slice()));
        let mut records = 0;
        while splitter.next_piece().is_some() {
            records += 1;
        }
        records
    });
}

#[divan::bench]
fn a_file_read_as_events(bencher: Bencher<'_, '_>) {
    let file = file();
    bencher
        .counter(BytesCount::from(file.len()))
        .bench(|| Reader::new(black_box(file.as_slice()), "bench", Options::default()).count());
}
