//! The command line.

use clap::{Args as Arguments, Parser, Subcommand, ValueEnum};
use domain::channels::CHANNELS;
use domain::decision::Severity;
use domain::ids::AccountId;
use jiff::Timestamp;
use jiff::civil::Date;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Reads CloudTrail and tells who started something expensive on AWS, what it costs, why that is
/// unusual, and how to stop it.
#[derive(Parser)]
#[command(name = "dd0c-cost", version, arg_required_else_help = false)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// A quiet week of a made-up account, then an incident: the whole pipeline at work (default)
    #[command(after_help = DEMO_EXAMPLES)]
    Demo(DemoOptions),
    /// What would have been told about your own CloudTrail
    #[command(after_help = REPLAY_EXAMPLES)]
    Replay(ReplayOptions),
    /// The pipeline in one process, fed over HTTP by EventBridge-shaped events
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(ServeOptions),
    /// Compute an anomaly again from what is stored, and show the arithmetic
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainOptions),
    /// Say of an anomaly whether it was expected: what follows is learned
    #[command(after_help = ANSWER_EXAMPLES)]
    Answer(AnswerOptions),
    /// What circuit breakers hold back: list it, send it, or let it lie
    #[command(after_help = HELD_EXAMPLES)]
    Held(HeldOptions),
    /// How readily an account, a service or a type alerts
    #[command(after_help = SENSITIVITY_EXAMPLES)]
    Sensitivity(SensitivityOptions),
    /// Look prices up, rebuild the tables, check their age and coverage
    #[command(subcommand, after_help = PRICES_EXAMPLES)]
    Prices(PricesCommand),
}

impl Default for Command {
    fn default() -> Self {
        Self::Demo(DemoOptions { data: None, format: Format::Human, quiet: false })
    }
}

const DEMO_EXAMPLES: &str = "\
Examples:
  dd0c-cost demo
  dd0c-cost demo --data ./dd0c-data     keep what it finds
  dd0c-cost demo --format json          one line for each alert";

const REPLAY_EXAMPLES: &str = "\
Examples:
  aws s3 sync s3://my-trail/AWSLogs/ ./trail --exclude '*Digest*'
  dd0c-cost replay ./trail
  dd0c-cost replay ./trail --since 2026-07-01 --until 2026-10-01 --min-severity warning
  aws cloudtrail lookup-events --region eu-west-1 --output json \
    --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false | dd0c-cost replay -
  dd0c-cost replay ./trail --format json | jq 'select(.type == \"alert\")'
  dd0c-cost replay ./trail --data ./dd0c-data     keep it; a second run changes nothing
  dd0c-cost replay ./trail --warm-days 90 --data ./dd0c-data
                                                  learn from the past, then go on with:
                                                  dd0c-cost serve --data ./dd0c-data

Exit codes: 0 it ran, 1 an error, 2 wrong usage.";

const SERVE_EXAMPLES: &str = "\
Examples:
  dd0c-cost serve
  dd0c-cost serve --sample      a first look: three accounts with two months behind them
  dd0c-cost serve --demo        then open http://127.0.0.1:4180/preview and press the buttons
  dd0c-cost serve --data ./dd0c-data --account 111122223333
  SLACK_WEBHOOK=https://hooks.slack.com/services/... dd0c-cost serve --webhook-from SLACK_WEBHOOK
  curl localhost:4180          what it takes, with an event to try";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  dd0c-cost explain                                   list the demo's anomalies
  dd0c-cost explain 01KTJJXYN0E4WAYWXP74REWHRA         one of the demo's
  dd0c-cost explain --all --data ./dd0c-data          every one of a replay

Exit codes: 0 every figure comes out equal, 1 one does not or an error, 2 wrong usage.";

const ANSWER_EXAMPLES: &str = "\
Examples:
  dd0c-cost explain --data ./dd0c-data               list the anomalies
  dd0c-cost answer 01KTJJXYN0E4WAYWXP74REWHRA expected --days 30 --data ./dd0c-data
                                                     the same needs no alert for 30 days, within
                                                     one and a half times what was started
  dd0c-cost answer 01KTJJXYN0E4WAYWXP74REWHRA not-expected --by ana --data ./dd0c-data
                                                     take it out of what is usual
  Another answer later replaces the first.

Exit codes: 0 it was taken or said before, 1 an error, 2 wrong usage.";

const HELD_EXAMPLES: &str = "\
A channel that alerts more than three times as often as usual within an hour is switched off for a
day, or until somebody has looked. What only it calls for is held back.

Examples:
  dd0c-cost held --data ./dd0c-data
  dd0c-cost held --data ./dd0c-data --send
  dd0c-cost held --data ./dd0c-data --account 111122223333 --channel novelty --discard

--send and --discard also switch the channels on again.
Exit codes: 0 it ran, 1 an error, 2 wrong usage.";

const SENSITIVITY_EXAMPLES: &str = "\
Examples:
  dd0c-cost sensitivity 111122223333 --data ./dd0c-data      list what is set
  dd0c-cost sensitivity 111122223333 low --data ./dd0c-data
  dd0c-cost sensitivity 111122223333 high --of ec2/p4d.24xlarge --data ./dd0c-data
  dd0c-cost sensitivity 111122223333 default --of rds --data ./dd0c-data

Of a type, its service and the account, the most special one that is set holds.
Exit codes: 0 it ran, 1 an error, 2 wrong usage.";

const PRICES_EXAMPLES: &str = "\
Examples:
  dd0c-cost prices show ec2 m5.large eu-west-1
  dd0c-cost prices show rds db.r6g.large us-east-1
  dd0c-cost prices check
  dd0c-cost prices check --prices ./new-tables       and how they differ
  dd0c-cost prices refresh --from ./price-list --out ./pricing-tables";

#[derive(Arguments)]
pub(crate) struct DemoOptions {
    /// Keep what is found in this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Nothing but alerts
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Arguments)]
pub(crate) struct ReplayOptions {
    /// Files or folders of CloudTrail (.json, .json.gz, JSON lines, EventBridge events,
    /// lookup-events output); - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// strict, audit, or a policy file (JSON)
    #[arg(long, value_name = "POLICY", default_value = "audit")]
    pub(crate) policy: String,
    /// Only events from then on (2026-07-01 or 2026-07-01T06:00:00Z)
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) since: Option<Timestamp>,
    /// Only events before then
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) until: Option<Timestamp>,
    /// Only this account; may be given more than once
    #[arg(long, value_name = "ID", value_parser = account)]
    pub(crate) account: Vec<AccountId>,
    /// Print alerts from this severity on
    #[arg(long, value_name = "SEVERITY", default_value = "info", value_parser = severity)]
    pub(crate) min_severity: Severity,
    /// Keep what is found in this folder; what is there already is not counted twice
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The first N days of the records only teach: what they would have sent is listed at the end
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=400))]
    pub(crate) warm_days: Option<u16>,
    /// Price tables to use instead of those compiled in
    #[arg(long, value_name = "DIR")]
    pub(crate) prices: Option<PathBuf>,
    /// Nothing but alerts
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Arguments)]
pub(crate) struct ServeOptions {
    /// Where to listen. There is no sign-in: leave it on this machine
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4180")]
    pub(crate) listen: SocketAddr,
    /// Keep what is found in this folder; without one it is gone at the end
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Take events of this account only; may be given more than once
    #[arg(long, value_name = "ID", value_parser = account)]
    pub(crate) account: Vec<AccountId>,
    /// Hold back what only the score calls for
    #[arg(long)]
    pub(crate) strict: bool,
    /// The folder of a built dashboard; without it dashboard/out, if it is there
    #[arg(long, value_name = "DIR")]
    pub(crate) dashboard: Option<PathBuf>,
    /// Begin with three accounts that have two months behind them; sign in as local to see them
    #[arg(long, conflicts_with_all = ["demo", "account", "webhook_from"])]
    pub(crate) sample: bool,
    /// Play the demo's story live: a quiet week at once, then a leaked key, over three minutes
    #[arg(long)]
    pub(crate) demo: bool,
    /// Send cards to the Slack webhook whose URL stands in this environment variable
    #[arg(long, value_name = "VARIABLE")]
    pub(crate) webhook_from: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Price tables to use instead of those compiled in
    #[arg(long, value_name = "DIR")]
    pub(crate) prices: Option<PathBuf>,
}

#[derive(Arguments)]
pub(crate) struct ExplainOptions {
    /// The anomaly; without one they are listed
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
    /// All of them
    #[arg(long, conflicts_with = "id")]
    pub(crate) all: bool,
    /// The folder that a replay kept; without one the demo's anomalies are explained
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

#[derive(Arguments)]
pub(crate) struct AnswerOptions {
    /// The anomaly
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// What you say of it
    #[arg(value_enum)]
    pub(crate) answer: Said,
    /// The folder that a replay or serve kept
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Who says so; without it the user of this machine
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// For how many days it is expected; without it for 90
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=365))]
    pub(crate) days: Option<u16>,
}

/// What somebody says of an anomaly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Said {
    /// It was meant to be
    Expected,
    /// It was not meant to be: the alert was right
    NotExpected,
}

#[derive(Arguments)]
pub(crate) struct HeldOptions {
    /// The folder that a replay or serve kept
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Only of this account
    #[arg(long, value_name = "ID", value_parser = account)]
    pub(crate) account: Option<AccountId>,
    /// Only what this channel calls for
    #[arg(long, value_name = "NAME", value_parser = channel)]
    pub(crate) channel: Option<String>,
    /// Show the cards now
    #[arg(long, conflicts_with = "discard")]
    pub(crate) send: bool,
    /// Leave them stored, and tell nobody
    #[arg(long)]
    pub(crate) discard: bool,
}

#[derive(Arguments)]
pub(crate) struct SensitivityOptions {
    /// The account
    #[arg(value_name = "ACCOUNT", value_parser = account)]
    pub(crate) account: AccountId,
    /// How readily it alerts; without it what is set is listed
    #[arg(value_enum)]
    pub(crate) level: Option<Level>,
    /// The folder that a replay or serve kept
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// One service, or one type of it, rather than the whole account
    #[arg(long, value_name = "SERVICE[/TYPE]")]
    pub(crate) of: Option<String>,
}

/// How readily something alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// Only what is far out
    Low,
    /// What the policy has where nothing is set
    Medium,
    /// Already what is somewhat unusual
    High,
    /// Nothing of its own
    Default,
}

#[derive(Subcommand)]
pub(crate) enum PricesCommand {
    /// Every listed price of one type in one region, with its source
    Show(ShowOptions),
    /// Rebuild the tables from AWS Price List bulk files (JSON or CSV, .gz too)
    Refresh(RefreshOptions),
    /// Age and coverage of the tables
    Check(CheckOptions),
}

#[derive(Arguments)]
pub(crate) struct ShowOptions {
    /// ec2, ebs, nat-gateway, public-ipv4, rds, lambda
    pub(crate) service: String,
    /// m5.large, gp3, db.r6g.large, x86, arm …; any word for nat-gateway and public-ipv4
    #[arg(value_name = "TYPE")]
    pub(crate) resource_type: String,
    /// eu-west-1
    pub(crate) region: String,
    /// Price tables to use instead of those compiled in
    #[arg(long, value_name = "DIR")]
    pub(crate) prices: Option<PathBuf>,
}

#[derive(Arguments)]
pub(crate) struct RefreshOptions {
    /// Folder with bulk files as AWS publishes them
    #[arg(long, value_name = "DIR")]
    pub(crate) from: PathBuf,
    /// Folder for the new tables; those that stand there are renewed
    #[arg(long, value_name = "DIR", default_value = "pricing-tables")]
    pub(crate) out: PathBuf,
    /// Write even if more than one price in a hundred vanishes
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Arguments)]
pub(crate) struct CheckOptions {
    /// Tables to check instead of those compiled in, and to compare with them
    #[arg(long, value_name = "DIR")]
    pub(crate) prices: Option<PathBuf>,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Cards and tables
    Human,
    /// JSON lines, nothing else on standard output
    Json,
    /// One row for each alert
    Csv,
}

fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let date: Date = text.parse().map_err(|_| {
        "write a date (2026-07-01) or a time in UTC (2026-07-01T06:00:00Z)".to_owned()
    })?;
    date.to_zoned(jiff::tz::TimeZone::UTC)
        .map(|zoned| zoned.timestamp())
        .map_err(|error| error.to_string())
}

fn account(text: &str) -> Result<AccountId, String> {
    AccountId::parse_lenient(text).map_err(|error| error.to_string())
}

fn channel(text: &str) -> Result<String, String> {
    let names = CHANNELS.map(|channel| channel.name);
    let known = names.contains(&text).then(|| text.to_owned());
    known.ok_or_else(|| format!("one of {}", names.join(", ")))
}

fn severity(text: &str) -> Result<Severity, String> {
    Severity::from_code(text).ok_or_else(|| "info, warning or critical".to_owned())
}
