//! `test`: all checks, closed by one line of totals.

use crate::command::{exists, run};
use crate::fuzz;
use crate::rules;
use crate::suites;
use crate::totals::Totals;

/// Crates whose tests need neither the table nor the program.
const FAST: [&str; 7] =
    ["domain", "cloudtrail", "flags", "pricing", "golden", "sample-trail", "xtask"];

/// Everything.
pub(crate) fn all() -> Result<(), String> {
    let mut totals = Totals::default();
    totals.step("formatting", || run("cargo", &["fmt", "--all", "--check"]));
    totals.step("lints", || {
        run("cargo", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
    });
    rules::all(&mut totals);
    suites::workspace(&mut totals);
    suites::infrastructure(&mut totals);
    suites::system(&mut totals);
    suites::dashboard(&mut totals);
    if exists("cargo", &["deny", "--version"]) {
        totals.step("licences and advisories", || {
            run("cargo", &["deny", "check", "licenses", "bans", "sources"])
        });
    } else {
        totals.skip("licences: cargo-deny is not installed (cargo install cargo-deny)");
    }
    match fuzz::missing() {
        None => totals.step("fuzzing, a short time", fuzz::short),
        Some(why) => totals.skip(&format!("fuzzing: {why}")),
    }
    totals.close()
}

/// What one runs all day.
pub(crate) fn fast() -> Result<(), String> {
    let mut totals = Totals::default();
    let packages: Vec<&str> = FAST.iter().flat_map(|package| ["-p", *package]).collect();
    totals.step("formatting", || run("cargo", &["fmt", "--all", "--check"]));
    let lints = [vec!["clippy"], packages.clone(), vec!["--all-targets", "--", "-D", "warnings"]];
    totals.step("lints", || run("cargo", &lints.concat()));
    totals.cargo_test("cargo", &[vec!["test", "--no-fail-fast"], packages].concat());
    totals.close()
}

/// Writes the expected results of the golden cases anew.
pub(crate) fn bless() -> Result<(), String> {
    run("env", &["GOLDEN_BLESS=1", "cargo", "test", "-p", "golden", "-p", "slack"])
}

/// Writes the generated documents anew.
pub(crate) fn docs() -> Result<(), String> {
    run("env", &["DOCS_BLESS=1", "cargo", "test", "-p", "contracts"])
}
