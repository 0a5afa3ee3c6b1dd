//! Any bytes, cut at any borders, give the same pieces, in order and in bounded memory.
#![no_main]

use cloudtrail::{MAX_RECORD_BYTES, SkipReason, Splitter};
use libfuzzer_sys::fuzz_target;
use std::io::Read;

fuzz_target!(|bytes: &[u8]| {
    let whole = pieces(bytes);
    let borders = bytes.first().map_or(1, |byte| usize::from(byte % 61) + 1);
    assert_eq!(whole, pieces(Crumbs { bytes, size: borders }));
    assert!(whole.len() <= bytes.len());
    assert!(whole.windows(2).all(|pair| pair[0].0 < pair[1].0));
});

type Found = (u64, u64, Result<Vec<u8>, SkipReason>);

fn pieces(input: impl Read) -> Vec<Found> {
    let mut splitter = Splitter::new(input);
    let mut found = Vec::new();
    while let Some(piece) = splitter.next_piece() {
        let content = piece.content.map(<[u8]>::to_vec).map_err(|(reason, _)| reason);
        found.push((piece.offset, piece.line, content));
    }
    assert!(splitter.held_bytes() <= 2 * MAX_RECORD_BYTES + 256 * 1024);
    found
}

/// Gives a few bytes at a time.
struct Crumbs<'a> {
    bytes: &'a [u8],
    size: usize,
}

impl Read for Crumbs<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let size = self.size.min(buffer.len());
        self.bytes.read(&mut buffer[..size])
    }
}
