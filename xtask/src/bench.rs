//! `bench`: the hot path, and many events end to end. Figures of one run are to be compared with
//! each other, not with those of another machine. `detection`: how good the detector is, the same
//! on every machine.

use crate::command::{root, run};
use std::process::{Command, Stdio};

/// Records and accounts of the runs end to end: growth with the one and with the other.
const RUNS: [(u64, u64); 5] =
    [(10_000, 10), (100_000, 10), (1_000_000, 10), (100_000, 1), (100_000, 1_000)];

fn small_ones() -> Result<(), String> {
    run("cargo", &["bench", "-p", "pricing", "--bench", "lookup"])?;
    run("cargo", &["bench", "-p", "cloudtrail", "--bench", "parse"])?;
    run("cargo", &["bench", "-p", "pipeline", "--bench", "hot_path"])
}

/// Start time and memory of functions that `cargo lambda build --profile lambda` has written to
/// `folder` (`target/lambda`), beside Node and Python.
pub(crate) fn functions(folder: Option<&str>) -> Result<(), String> {
    // Without files beside the sources.
    let mut args = vec!["-B", "tests/functions/measure.py"];
    args.extend(folder);
    run("python3", &args)
}

/// How good the detector is, beside its rivals; the lab knows its own options.
pub(crate) fn detection(options: &[&str]) -> Result<(), String> {
    run("cargo", &[&["run", "--release", "-p", "detection-lab", "--"], options].concat())
}

/// All benchmarks.
pub(crate) fn all() -> Result<(), String> {
    small_ones()?;
    run("cargo", &["build", "--release", "-p", "dd0c-cost"])?;
    run("cargo", &["build", "--release", "-p", "sample-trail", "--example", "fleet"])?;
    println!(
        "{:>10} {:>9} {:>9} {:>12} {:>10}",
        "records", "accounts", "seconds", "records/s", "peak MiB"
    );
    RUNS.iter().try_for_each(|&(records, accounts)| end_to_end(records, accounts))
}

fn end_to_end(records: u64, accounts: u64) -> Result<(), String> {
    let target = root().join("target/release");
    let mut fleet = Command::new(target.join("examples/fleet"))
        .args([records.to_string(), accounts.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("fleet: {error}"))?;
    let input = fleet.stdout.take().ok_or("fleet has no output")?;
    let output = Command::new(target.join("dd0c-cost"))
        .args(["replay", "-", "--format", "json", "--min-severity", "critical"])
        .stdin(input)
        .output()
        .map_err(|error| format!("dd0c-cost: {error}"))?;
    fleet.wait().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let summary = text.lines().last().unwrap_or_default();
    let seconds = number(summary, "seconds")
        .ok_or_else(|| format!("no summary: {}", String::from_utf8_lossy(&output.stderr)))?;
    let peak = number(summary, "peak_memory_bytes").unwrap_or(0.0) / 1_048_576.0;
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = records as f64 / seconds;
    println!("{records:>10} {accounts:>9} {seconds:>9.2} {rate:>12.0} {peak:>10.0}");
    Ok(())
}

/// A number of a flat JSON line.
fn number(json: &str, name: &str) -> Option<f64> {
    let (_, rest) = json.split_once(&format!("\"{name}\":"))?;
    let end = rest.find([',', '}'])?;
    rest.get(..end)?.parse().ok()
}
