//! Any bytes as a file: plain, compressed, and compressed but broken off. The counts always add up.
#![no_main]

use cloudtrail::{Counts, Options, Reader};
use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use std::io::Write;

fuzz_target!(|bytes: &[u8]| {
    let plain = read(bytes);
    if bytes.starts_with(&[0x1F, 0x8B]) {
        return;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    let compressed = encoder.finish().unwrap();
    assert_eq!(plain, read(&compressed));
    read(&compressed[..compressed.len() / 2]);
    let mut corrupt = compressed;
    let middle = corrupt.len() / 2;
    corrupt[middle] ^= 0x55;
    read(&corrupt);
});

fn read(bytes: &[u8]) -> Counts {
    let mut reader = Reader::new(bytes, "fuzz", Options { lenient_accounts: true });
    let items = reader.by_ref().count() as u64;
    let counts = reader.counts().clone();
    assert_eq!(items, counts.records);
    assert_eq!(counts.records, counts.events + counts.skipped_total());
    counts
}
