//! `--sample`: three accounts with two months behind them, for a first look. Everything goes through
//! the same stages as ever, with a time that is played: roles are looked at, pasts rehearsed, calls
//! priced and scored, cards posted and answered.

mod incident;
mod mark;
mod stage;

use super::App;
use super::chat::Chat;
use super::tenants::Tenants;
use crate::error::CliError;
use customer_aws::Fault;
use domain::answer::Answer;
use domain::ids::AccountId;
use incident::{Incident, Said};
use jiff::{SignedDuration, Timestamp};
pub(crate) use mark::Mark;
use pipeline::onboarding::Job;
use sample_trail::{Record, past};
use serde_json::json;
use stage::Stage;
use std::net::SocketAddr;
use std::path::Path;
use store::Table;

/// How long ago the first account was connected.
pub(crate) const BEGAN: SignedDuration = SignedDuration::from_hours(60 * 24);
/// Regions that are watched.
const REGIONS: [&str; 4] = ["us-east-1", "us-west-2", "eu-west-1", "ap-southeast-2"];
/// Calls that are taken together.
const TOGETHER: usize = 90;

/// An account of the picture.
struct Account {
    id: &'static str,
    name: &'static str,
    /// Days since it was connected.
    connected: i64,
    /// Days of its past before that.
    past: i64,
}

/// One that has learned, one that is not watched as it should be, and one that still learns.
const ACCOUNTS: [Account; 3] = [
    Account { id: "111122223333", name: "production", connected: 60, past: 21 },
    Account { id: "444455556666", name: "staging", connected: 34, past: 14 },
    Account { id: "777788889999", name: "sandbox", connected: 5, past: 21 },
];
/// The one that is not watched as it should be.
const DEGRADED: &str = "444455556666";

/// What happens, in the order of time.
enum Step {
    Connect(&'static Account),
    /// A call of every day.
    Quiet(Record),
    /// The beginning or end of an incident.
    Loud(Record),
    /// Somebody says something of what has just begun.
    Say(AccountId, Said),
    /// What is found at a look at an account.
    Spoil(AccountId),
    /// A look at who has learned enough.
    Promote,
}

/// A sample begins with nothing. Of one that was kept the roles, the chat and who takes money are gone:
/// they were played in the memory of the program that made it.
pub(crate) async fn refuse_others(table: &Table, folder: Option<&Path>) -> Result<(), CliError> {
    if table.owned_accounts().await?.is_empty() {
        return Ok(());
    }
    let folder = folder.unwrap_or(Path::new("")).display();
    Err(CliError::Usage(format!(
        "--sample begins with an empty folder, and {folder} has accounts: name another one after --data, \
         or leave --sample away to see these (AWS, Slack and Stripe are played anew, and do not know them)"
    )))
}

/// Fills the program's own tenant.
pub(crate) async fn fill(
    app: &App,
    (chat, tenants): (&Chat, Option<&Tenants>),
    address: SocketAddr,
) -> Result<(), CliError> {
    let (Chat::Preview(preview), Some(tenants)) = (chat, tenants) else {
        return Err(CliError::Usage(
            "--sample plays Slack and AWS: leave --webhook-from away, and listen on this machine"
                .to_owned(),
        ));
    };
    app.sample_mark.put()?;
    let now = Timestamp::now();
    let mut stage = Stage::new(app, preview, tenants, now - BEGAN);
    play(&mut stage, tenants, now).await?;
    finish(&mut stage, tenants, (app, address)).await?;
    app.sample_mark.remove()
}

/// All that happens until now.
async fn play(stage: &mut Stage<'_>, tenants: &Tenants, now: Timestamp) -> Result<(), CliError> {
    let mut quiet = Vec::new();
    for (at, step) in steps(tenants, now)? {
        if let Step::Quiet(record) = step {
            quiet.push((at, record));
            if quiet.len() == TOGETHER {
                stage.happen(&mut quiet).await?;
            }
            continue;
        }
        stage.happen(&mut quiet).await?;
        stage.go_to(at);
        take(stage, tenants, step).await?;
    }
    stage.happen(&mut quiet).await?;
    stage.go_to(now);
    Ok(())
}

async fn take(stage: &mut Stage<'_>, tenants: &Tenants, step: Step) -> Result<(), CliError> {
    match step {
        Step::Connect(account) => connect(stage, tenants, account).await,
        Step::Quiet(record) | Step::Loud(record) => {
            let mut one = vec![(stage.now(), record)];
            stage.happen(&mut one).await
        }
        Step::Say(account, said) => match said {
            Said::Nothing => Ok(()),
            Said::Expected => stage.answer(&account, Answer::Expected, "ben").await,
            Said::NotExpected => stage.answer(&account, Answer::NotExpected, "ana").await,
            Said::Snoozed => stage.snooze(&account, "ana").await,
        },
        Step::Spoil(account) => {
            for rule in customer_aws::Template::read().rules.keys().take(1) {
                let fault = Fault::RuleMissing("us-west-2".to_owned(), rule.clone());
                tenants.aws().inject(account.as_str(), fault);
            }
            stage.work(Job::Check { account }).await
        }
        Step::Promote => stage.promote().await,
    }
}

/// As by a role that somebody has made by hand: no stack waits for an answer.
async fn connect(
    stage: &mut Stage<'_>,
    tenants: &Tenants,
    account: &Account,
) -> Result<(), CliError> {
    let id = stage::account(account.id)?;
    let setup = stage.begin_setup().await?;
    tenants.play_account(account.id, &setup.external_id, &REGIONS);
    stage.work(setup.job(id)).await
}

/// All that happens between the connection of the first account and now.
fn steps(tenants: &Tenants, now: Timestamp) -> Result<Vec<(Timestamp, Step)>, CliError> {
    let mut steps = Vec::new();
    for (nth, account) in ACCOUNTS.iter().enumerate() {
        let connected = days_before(now, account.connected);
        steps.push((connected, Step::Connect(account)));
        for record in past::records(account.id, account.connected + account.past, now) {
            match stage::time(&record) {
                Some(at) if at >= connected => steps.push((at, Step::Quiet(record))),
                Some(_) => tenants.remember(account.id, record),
                None => {}
            }
        }
        for incident in Incident::all(nth, account.id, (account.connected, now)) {
            steps.extend(steps_of(&stage::account(account.id)?, incident, now));
        }
    }
    for day in 1..60 {
        steps.push((days_before(now, day), Step::Promote));
    }
    let late = now - SignedDuration::from_hours(2);
    steps.push((late, Step::Spoil(stage::account(DEGRADED)?)));
    steps.sort_by_key(|(at, _)| *at);
    Ok(steps)
}

fn steps_of(account: &AccountId, incident: Incident, now: Timestamp) -> Vec<(Timestamp, Step)> {
    let Incident { begins, ends, said } = incident;
    let mut steps = Vec::new();
    if let Some(at) = stage::time(&begins) {
        steps.push((at, Step::Loud(begins)));
        steps.push((at + SignedDuration::from_mins(17), Step::Say(account.clone(), said)));
    }
    if let Some((at, ends)) = ends.and_then(|ends| Some((stage::time(&ends)?, ends))) {
        steps.push((at, Step::Loud(ends)));
    }
    steps.retain(|(at, _)| *at < now);
    steps
}

fn days_before(now: Timestamp, days: i64) -> Timestamp {
    now - SignedDuration::from_hours(days * 24)
}

/// What is found today, what people have settled, and what they pay.
async fn finish(
    stage: &mut Stage<'_>,
    tenants: &Tenants,
    (app, address): (&App, SocketAddr),
) -> Result<(), CliError> {
    for account in &ACCOUNTS {
        stage.work(Job::Scan { account: stage::account(account.id)? }).await?;
    }
    let asked = ACCOUNTS.iter().map(|account| {
        let path = format!("/v1/accounts/{}", account.id);
        ("PATCH", path, json!({"alias": account.name}))
    });
    let key = json!({"name": "grafana", "scopes": ["anomalies:read", "spend:read"]});
    let settings = json!({"timezone": "Europe/Berlin", "quietHours": "22:00-07:00"});
    let rest =
        [("POST", "/v1/api-keys".to_owned(), key), ("PUT", "/v1/settings".to_owned(), settings)];
    for (method, path, body) in asked.chain(rest) {
        tenants.ask_as_local((app, address), method, &path, &body).await?;
    }
    tenants.subscribe_local((app, address)).await
}
