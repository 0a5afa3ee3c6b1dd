//! Generates fleets, plays every candidate on them and writes the report.

use clap::Parser;
use detection_lab::evaluate::{DEV_SEEDS, Fleets, Scale, evaluate};
use detection_lab::ours::{LEARNED, OURS};
use detection_lab::report::Report;
use detection_lab::rivals::{Candidate, RIVALS};
use detection_lab::{json, plot};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Records are many small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How good the detector is, beside others, on made-up accounts.
#[derive(Debug, Parser)]
struct Options {
    /// Accounts a seed.
    #[arg(long, default_value_t = 42)]
    accounts: usize,
    /// Days of each.
    #[arg(long, default_value_t = 90)]
    days: u32,
    /// One seed of each list instead of all.
    #[arg(long)]
    quick: bool,
    /// Where report.md, report.json and the plots go.
    #[arg(long, default_value = "target/detection-report")]
    out: PathBuf,
    /// Names of candidates; all if left out.
    #[arg(long, value_delimiter = ',')]
    candidates: Vec<String>,
    /// Further test seeds.
    #[arg(long, value_delimiter = ',')]
    seeds: Vec<u64>,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "{why}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let candidates = chosen(&options.candidates)?;
    if let Some(seed) = options.seeds.iter().find(|seed| DEV_SEEDS.contains(seed)) {
        return Err(format!("seed {seed} is a development seed: thresholds are found on it"));
    }
    let scale = Scale {
        accounts: options.accounts,
        days: options.days,
        quick: options.quick,
        seeds: options.seeds.clone(),
    };
    let began = Instant::now();
    progress(began, "generating fleets");
    let fleets = Fleets::new(&scale);
    let evaluations: Vec<_> = candidates
        .into_iter()
        .map(|candidate| {
            progress(began, candidate.name);
            evaluate(candidate, &fleets)
        })
        .collect();
    let command = command(options);
    let report =
        Report { command: &command, scale: &scale, fleets: &fleets, evaluations: &evaluations };
    let markdown = report.markdown();
    let mut files = vec![("report.md", markdown.clone()), ("report.json", json::report(&report))];
    files.extend(plot::all(&evaluations));
    write(options, &files)?;
    progress(began, &format!("written to {}", options.out.display()));
    writeln!(std::io::stdout(), "{markdown}").map_err(|error| error.to_string())
}

fn chosen(names: &[String]) -> Result<Vec<Candidate>, String> {
    let all: Vec<Candidate> = RIVALS.into_iter().chain([OURS, LEARNED]).collect();
    let unknown = names.iter().find(|name| !all.iter().any(|each| each.name == name.as_str()));
    if let Some(name) = unknown {
        let known: Vec<&str> = all.iter().map(|each| each.name).collect();
        return Err(format!("no candidate {name}; there are {}", known.join(", ")));
    }
    let taken = |each: &Candidate| names.is_empty() || names.iter().any(|name| name == each.name);
    Ok(all.into_iter().filter(taken).collect())
}

/// The command without where its files go: the same figures give the same report.
fn command(options: &Options) -> String {
    let mut text = format!(
        "cargo run --release -p detection-lab -- --accounts {} --days {}",
        options.accounts, options.days
    );
    if options.quick {
        text.push_str(" --quick");
    }
    if !options.candidates.is_empty() {
        text += " --candidates ";
        text += &options.candidates.join(",");
    }
    let seeds: Vec<String> = options.seeds.iter().map(u64::to_string).collect();
    if !seeds.is_empty() {
        text += " --seeds ";
        text += &seeds.join(",");
    }
    text
}

fn write(options: &Options, files: &[(&str, String)]) -> Result<(), String> {
    let folder = &options.out;
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (name, text) in files {
        let file = folder.join(name);
        std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

/// On stderr, with the seconds since the start: what is written to files does not depend on time.
fn progress(began: Instant, what: &str) {
    let _ = writeln!(std::io::stderr(), "{:7.1} s  {what}", began.elapsed().as_secs_f64());
}
