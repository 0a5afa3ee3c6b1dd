//! Everyday commands, the same for people and for CI: `cargo xtask help`.

mod bench;
mod command;
mod fuzz;
mod suites;
mod test;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask test          everything: format, lints, all tests, documents, a little fuzzing
cargo xtask test --fast   formatting, lints and tests of the crates without the table
cargo xtask bless         write the expected results of tests/golden anew
cargo xtask docs          write docs/COVERAGE.md and infra-cdk/contract.json anew
cargo xtask bench         benchmarks, and a million events end to end
cargo xtask bench functions [FOLDER]
                          start time and memory of each function, beside Node and Python
cargo xtask fuzz SECONDS  each fuzz target for so long (needs a nightly compiler and cargo-fuzz)
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["test"] => test::all(),
        ["test", "--fast"] => test::fast(),
        ["bless"] => test::bless(),
        ["docs"] => test::docs(),
        ["bench"] => bench::all(),
        ["bench", "functions"] => bench::functions(None),
        ["bench", "functions", folder] => bench::functions(Some(folder)),
        ["fuzz", seconds] => fuzz::run(seconds),
        ["help" | "--help" | "-h"] | [] => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(format!("no command {}; try: cargo xtask help", other.join(" "))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
