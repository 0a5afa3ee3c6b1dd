//! Prints records of a made-up fleet as JSON lines: `fleet RECORDS ACCOUNTS [SEED]`.

use sample_trail::fleet::Fleet;
use std::io::{BufWriter, Write};

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<u64>());
    let mut next = |default| args.next().and_then(Result::ok).unwrap_or(default);
    let (records, accounts, seed) = (next(10_000), next(10), next(1));
    let mut out = BufWriter::new(std::io::stdout().lock());
    let accounts = usize::try_from(accounts).unwrap_or(1);
    for record in Fleet::new(seed, accounts).take(usize::try_from(records).unwrap_or(usize::MAX)) {
        writeln!(out, "{record}")?;
    }
    out.flush()
}
