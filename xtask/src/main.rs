//! Everyday commands, the same for people and for CI: `cargo xtask help`.

mod bench;
mod command;
mod complexity;
mod contract;
mod decisions;
mod flags;
mod fuzz;
mod git;
mod rules;
mod suites;
mod test;
mod totals;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask test          everything: format, lints, all tests, documents, a little fuzzing
cargo xtask test --fast   formatting, lints and tests of the crates without the table
cargo xtask bless         write the expected results of tests/golden anew
cargo xtask docs          write docs/COVERAGE.md and infra-cdk/contract.json anew
cargo xtask bench         benchmarks, and a million events end to end
cargo xtask bench functions [FOLDER]
                          start time and memory of each function, beside Node and Python
cargo xtask detection [--quick] [--out FOLDER]
                          the detector and its rivals on made-up accounts: a report
cargo xtask flags         flags with owner, age and days left; fails on an expired one
cargo xtask decisions [BASE]
                          a change of what alerts since BASE has a decision log
cargo xtask contract      the contract keeps what was released
cargo xtask release-contract
                          makes the present contract the released one
cargo xtask complexity    no function branches more than ten times
cargo xtask fuzz SECONDS  each fuzz target for so long (needs a nightly compiler and cargo-fuzz)
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = everyday(&args)
        .or_else(|| measure(&args))
        .or_else(|| rule(&args))
        .unwrap_or_else(|| Err(format!("no command {}; try: cargo xtask help", args.join(" "))));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Commands that test, write and help.
fn everyday(args: &[&str]) -> Option<Result<(), String>> {
    Some(match args {
        ["test"] => test::all(),
        ["test", "--fast"] => test::fast(),
        ["bless"] => test::bless(),
        ["docs"] => test::docs(),
        ["help" | "--help" | "-h"] | [] => {
            print!("{HELP}");
            Ok(())
        }
        _ => return None,
    })
}

/// Commands that take their time.
fn measure(args: &[&str]) -> Option<Result<(), String>> {
    Some(match args {
        ["bench"] => bench::all(),
        ["bench", "functions"] => bench::functions(None),
        ["bench", "functions", folder] => bench::functions(Some(folder)),
        ["detection", options @ ..] => bench::detection(options),
        ["fuzz", seconds] => fuzz::run(seconds),
        _ => return None,
    })
}

/// Rules about the code, each by itself, as of today.
fn rule(args: &[&str]) -> Option<Result<(), String>> {
    Some(match args {
        ["flags"] => flags::list(git::today()),
        ["decisions"] => rules::decisions(git::base().as_deref()),
        ["decisions", base] => rules::decisions(Some(base)),
        ["contract"] => contract::check(git::today()),
        ["release-contract"] => contract::release(git::today()),
        ["complexity"] => rules::complexity(),
        _ => return None,
    })
}
