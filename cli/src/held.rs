//! `held`: what circuit breakers hold back until somebody has looked.

use crate::answer;
use crate::args::{Format, HeldOptions};
use crate::data;
use crate::error::CliError;
use crate::output::{Output, say, words};
use domain::anomaly::Anomaly;
use domain::decision::Severity;
use domain::governance::Asker;
use domain::ids::AccountId;
use jiff::Timestamp;
use pipeline::held::{Verdict, channel_of, held, release};
use pipeline::notify::{notices_of, notify};
use store::Table;

/// Runs the command.
pub(crate) fn run(options: &HeldOptions) -> Result<(), CliError> {
    data::block_on(async {
        let table = data::open_kept(&options.data).await?;
        let accounts = match &options.account {
            Some(account) => vec![account.clone()],
            None => table.accounts().await?,
        };
        match (options.send, options.discard) {
            (true, _) => send(&table, &accounts, options).await,
            (_, true) => discard(&table, &accounts, options).await,
            _ => list(&table, &accounts, options).await,
        }
    })
}

async fn list(
    table: &Table,
    accounts: &[AccountId],
    options: &HeldOptions,
) -> Result<(), CliError> {
    let mut text = String::new();
    for account in accounts {
        let waiting = held(table, account, options.channel.as_deref()).await?;
        text.extend(waiting.iter().map(line));
    }
    if text.is_empty() {
        return say(NOTHING);
    }
    let folder = options.data.display();
    say(&format!(
        "{text}Send them: dd0c-cost held --data {folder} --send; or let them lie: --discard\n"
    ))
}

const NOTHING: &str = "Nothing is held back.\n";

fn line(anomaly: &Anomaly) -> String {
    format!(
        "{}  {}  {:<8} {:>12}/h  {} in {}, held back from {}\n",
        anomaly.id,
        words::time(anomaly.first_at),
        anomaly.severity.code(),
        anomaly.hourly.display(),
        words::clean(&words::who(&anomaly.actor)),
        anomaly.account,
        channel_of(anomaly).unwrap_or("no channel"),
    )
}

/// Tells what was held back as it would have been told. If this is broken off, the next run of `serve`
/// or `replay` tells the rest.
async fn send(
    table: &Table,
    accounts: &[AccountId],
    options: &HeldOptions,
) -> Result<(), CliError> {
    let mut output = Output::live(Format::Human, Severity::Info);
    let mut sent = 0;
    for account in accounts {
        let released = let_go(table, account, options, Verdict::Send).await?;
        for anomaly in &released {
            let notices = notices_of(table, anomaly).await?;
            notify(table, &mut output, &notices).await?;
        }
        sent += released.len();
    }
    say(&if sent == 0 { NOTHING.to_owned() } else { format!("\n{} sent.\n", anomalies(sent)) })
}

async fn discard(
    table: &Table,
    accounts: &[AccountId],
    options: &HeldOptions,
) -> Result<(), CliError> {
    let mut lying = 0;
    for account in accounts {
        lying += let_go(table, account, options, Verdict::Discard).await?.len();
    }
    say(&match lying {
        0 => NOTHING.to_owned(),
        _ => format!("{} left as stored, and nobody is told.\n", anomalies(lying)),
    })
}

async fn let_go(
    table: &Table,
    account: &AccountId,
    options: &HeldOptions,
    verdict: Verdict,
) -> Result<Vec<Anomaly>, CliError> {
    let asked = (&Asker::Operator(answer::somebody()), Timestamp::now());
    let channel = options.channel.as_deref();
    Ok(release(table, account, channel, verdict, asked).await?.anomalies)
}

fn anomalies(count: usize) -> String {
    match count {
        1 => "1 anomaly".to_owned(),
        _ => format!("{} anomalies", words::count(count as u64)),
    }
}
