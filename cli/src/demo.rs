//! `demo`: a quiet week of a made-up account, then an incident, through the whole pipeline.

use crate::args::{DemoOptions, Format};
use crate::error::CliError;
use crate::output::{Output, say, summary};
use crate::replay::inputs::Input;
use crate::replay::tally::Tally;
use crate::replay::{Filter, Replay};
use crate::{data, switched};
use domain::decision::Severity;
use domain::ids::AccountId;
use domain::policy::Policy;
use jiff::Timestamp;
use pipeline::Pipeline;
use pipeline::switches::Switches;
use pricing::Book;
use serde_json::json;
use store::Table;

/// Runs the command.
pub(crate) fn run(options: &DemoOptions) -> Result<(), CliError> {
    let human = options.format == Format::Human && !options.quiet;
    if human {
        say(INTRODUCTION)?;
    }
    data::block_on(async {
        let table = data::open(options.data.as_deref()).await?;
        let tally = play(&table, Output::new(options.format, Severity::Info)).await?;
        match options.format {
            Format::Json => summary::json(&tally)?,
            Format::Human if human => {
                summary::human(&tally, options.data.as_deref())?;
                say(&next_steps(&table).await?)?;
            }
            Format::Human | Format::Csv => {}
        }
        Ok(())
    })
}

const INTRODUCTION: &str = "\
A small company's AWS account, 1 to 8 June 2026: a web group that grows by day, builds, a nightly
restore test. Then somebody has a leaked key. This is what Slack would have said, as it happened:
";

/// Plays the story into a table.
pub(crate) async fn play(table: &Table, output: Output) -> Result<Tally, CliError> {
    let policy = Policy::default();
    let records = json!({"Records": sample_trail::story::records()}).to_string().into_bytes();
    let inputs = vec![Input::Bytes("the demo's trail".to_owned(), records)];
    let now = Timestamp::now();
    let flags = switched::flags(now).await?;
    let switches = Switches::at(&flags, now);
    let pipeline = Pipeline { table, prices: Book::builtin(), policy: &policy, switches };
    let mut replay = Replay::new(pipeline, Filter::default(), output);
    replay.read_all(inputs).await
}

/// The account of the story.
pub(crate) fn account() -> Result<AccountId, CliError> {
    let parsed = AccountId::parse(sample_trail::story::ACCOUNT);
    parsed.map_err(|error| CliError::Failed(error.to_string()))
}

async fn next_steps(table: &Table) -> Result<String, CliError> {
    let anomalies = table.anomalies(&account()?).await?;
    let loudest = anomalies.iter().max_by_key(|anomaly| anomaly.hourly);
    let id = loudest.map(|anomaly| anomaly.id.as_str()).unwrap_or_default();
    // Cargo tells the programs that it runs.
    let cargo = std::env::var_os("CARGO_MANIFEST_DIR").is_some();
    let me = if cargo { "cargo run --release --" } else { "dd0c-cost" };
    Ok(format!(
        "\nNext:\n  {me} explain {id}   every figure of the incident, computed again\n  \
         {me} replay PATH                         the same over your own CloudTrail\n  \
         {me} --help\n"
    ))
}
