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
    TARGETS.iter().try_for_each(|target| fuzz(target, seconds))
}

/// The corpus and what comes of it, for a short time.
pub(crate) fn short() -> Result<(), String> {
    TARGETS.iter().try_for_each(|target| fuzz(target, 15))
}

/// New inputs go to a scratch folder, so that a run leaves the checked-in corpus as it is.
fn fuzz(target: &str, seconds: u32) -> Result<(), String> {
    let scratch: PathBuf = root().join("target/fuzz-corpus").join(target);
    std::fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let mut command = Command::new("cargo");
    command
        .args(["+nightly", "fuzz", "run", "--fuzz-dir", ".", target])
        .arg(&scratch)
        .arg(format!("corpus/{target}"))
        // A line for each input found would push what failed before out of a log's end.
        .args(["--".to_owned(), format!("-max_total_time={seconds}"), "-verbosity=0".to_owned()]);
    let status = command.current_dir(root().join("tests/fuzz")).status();
    let status = status.map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("fuzz target {target} failed ({status})")) }
}
