//! `fuzz`: the targets of `tests/fuzz`.

use crate::command::{exists, root};
use std::path::PathBuf;
use std::process::Command;

/// All targets.
const TARGETS: [&str; 4] = ["record", "envelope", "split", "gzip"];

/// Why the targets cannot be built here; `None` if they can.
pub(crate) fn missing() -> Option<&'static str> {
    if !exists("cargo", &["+nightly", "--version"]) {
        return Some("no nightly compiler (rustup toolchain install nightly)");
    }
    if !exists("cargo", &["+nightly", "fuzz", "--version"]) {
        return Some("cargo-fuzz is not installed (cargo install cargo-fuzz)");
    }
    None
}

/// Each target for so many seconds.
pub(crate) fn run(seconds: &str) -> Result<(), String> {
    let seconds: u32 = seconds.parse().map_err(|_| "fuzz takes a number of seconds".to_owned())?;
    if let Some(why) = missing() {
        return Err(why.to_owned());
    }
    TARGETS.iter().try_for_each(|target| fuzz(target, &[&format!("-max_total_time={seconds}")]))
}

/// Each input of the corpus once.
pub(crate) fn replay_corpus() -> Result<(), String> {
    TARGETS.iter().try_for_each(|target| fuzz(target, &["-runs=0"]))
}

fn fuzz(target: &str, args: &[&str]) -> Result<(), String> {
    let folder: PathBuf = root().join("tests/fuzz");
    let mut command = Command::new("cargo");
    command.args(["+nightly", "fuzz", "run", "--fuzz-dir", "."]).arg(target).arg("--").args(args);
    let status = command.current_dir(folder).status().map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("fuzz target {target} failed ({status})")) }
}
