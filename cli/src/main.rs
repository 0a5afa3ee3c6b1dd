//! dd0c/cost on one machine.

mod answer;
mod args;
mod data;
mod demo;
mod error;
mod explain;
mod held;
mod output;
mod policy_file;
mod prices;
mod replay;
mod sensitivity;
mod serve;
mod switched;

use args::{Args, Command};
use clap::Parser;
use error::CliError;
use std::process::ExitCode;

/// The table's engine makes and drops many small values: this allocator is quicker at that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = Args::parse();
    match run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Line by line: a message may quote names of files, which may be hostile.
            let text = error.to_string();
            let lines: Vec<String> = text.lines().map(output::words::clean).collect();
            anstream::eprintln!("error: {}", lines.join("\n"));
            error.exit_code()
        }
    }
}

fn run(args: Args) -> Result<(), CliError> {
    match args.command.unwrap_or_default() {
        Command::Demo(options) => demo::run(&options),
        Command::Replay(options) => replay::run(&options),
        Command::Serve(options) => serve::run(&options),
        Command::Explain(options) => explain::run(&options),
        Command::Answer(options) => answer::run(&options),
        Command::Held(options) => held::run(&options),
        Command::Sensitivity(options) => sensitivity::run(&options),
        Command::Prices(command) => prices::run(&command),
    }
}
