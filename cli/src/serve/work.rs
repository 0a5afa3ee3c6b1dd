//! The loops: events through process and score, alerts to people.

use super::chat::{Both, Chat};
use super::dashboard::Dashboard;
use super::http::Beside;
use super::tenants::{self, Tenants};
use super::{App, demo, http, sample};
use crate::error::CliError;
use crate::output::Output;
use domain::anomaly::Anomaly;
use domain::ids::AccountId;
use jiff::Timestamp;
use pipeline::alert::{About, Alert, ask_to_tell};
use pipeline::chat::{Asked, work};
use pipeline::clock::{self, DigestDue};
use pipeline::digest;
use pipeline::error::Failure;
use pipeline::observe::{Arrival, observe};
use pipeline::ports::Message;
use pipeline::receive::{Received, receive};
use pipeline::route::trust;
use pipeline::tell::{Outlets, Telling, tell};
use queue::LocalQueue;
use queue::local::Batch;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use store::stream::Put;
use tokio::net::TcpListener;

/// Messages worked on together.
const BATCH: usize = 100;
/// Before what failed is tried again.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves until it is interrupted; what was taken by then is finished.
pub(crate) async fn run(
    app: Arc<App>,
    listener: TcpListener,
    (terminal, chat): (Output, Chat),
    (tenants, dashboard): (Option<Tenants>, Option<Dashboard>),
    ready: impl FnOnce() -> Result<(), CliError>,
) -> Result<(), CliError> {
    let both = Both::new(&app, terminal, &chat);
    catch_up(&app).await?;
    let failed = |error: std::io::Error| CliError::Failed(format!("cannot serve: {error}"));
    let address = listener.local_addr().map_err(failed)?;
    let beside = Beside {
        played: tenants.as_ref().map(|tenants| tenants.routes(&app, address)).unwrap_or_default(),
        api: tenants.as_ref().map(|_| tenants::api(&app, address)).transpose()?,
        dashboard,
    };
    let routes = http::routes(app.clone(), &chat, beside, address);
    let interrupted = async {
        // Without a handler the process ends at once, which loses nothing either.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let server = async {
        axum::serve(listener, routes).with_graceful_shutdown(interrupted).await.map_err(failed)
    };
    let work = async {
        if app.sample {
            Box::pin(sample::fill(&app, (&chat, tenants.as_ref()), address)).await?;
        }
        ready()?;
        work_on_all(&app, (&both, &chat), tenants.as_ref()).await
    };
    tokio::select! {
        ended = server => ended?,
        ended = work => ended?,
    }
    finish(&app, &both).await;
    Ok(())
}

/// Until one of it fails.
async fn work_on_all(
    app: &App,
    (both, chat): (&Both<'_>, &Chat),
    tenants: Option<&Tenants>,
) -> Result<(), CliError> {
    tokio::select! {
        () = work_on_events(app) => Ok(()),
        () = work_on_alerts(app, both) => Ok(()),
        () = work_on_digests(app, both) => Ok(()),
        () = work_on_questions(app, chat) => Ok(()),
        () = work_on_accounts(app, tenants) => Ok(()),
        () = work_on_billing(app, both, tenants) => Ok(()),
        () = strike(app) => Ok(()),
        ended = play(app) => ended,
    }
}

/// What an earlier run stored and did not score, or scored and did not tell.
async fn catch_up(app: &App) -> Result<(), CliError> {
    for account in app.table.owned_accounts().await? {
        score_waiting(app, &account).await?;
        alert_untold(app, &account).await?;
    }
    Ok(())
}

/// Scores what is stored and not scored; says whether there was any.
async fn score_waiting(app: &App, account: &AccountId) -> Result<bool, Failure> {
    let scored = app.table.scored_through(account).await?;
    let behind = app.table.head(account).await?.0 > scored;
    if behind {
        let waiting = app.table.cost_events_after(account, scored).await?;
        let put = |each| Arrival { at: Timestamp::now(), put: Put::CostEvent(Box::new(each)) };
        score(app, waiting.into_iter().map(put).collect()).await?;
    }
    Ok(behind)
}

/// Asks for all to be told of an account that people do not know.
async fn alert_untold(app: &App, account: &AccountId) -> Result<(), Failure> {
    let anomalies = app.table.anomalies(account).await?;
    let untold = anomalies.into_iter().filter(Anomaly::is_untold);
    let mut about: Vec<About> = untold.map(|anomaly| About::Anomaly(anomaly.id)).collect();
    for event in app.table.untold_watch_events(account).await? {
        about.push(About::Watch { time: event.time, id: event.id });
    }
    ask_to_tell(&app.alerts, account, about, Timestamp::now()).await.map(drop)
}

async fn work_on_events(app: &App) {
    loop {
        work_on(app, app.events.receive(BATCH).await).await;
    }
}

/// One batch. What was stored is scored before it counts as done: a stream would bring it again
/// after a failure, here the message does.
async fn work_on(app: &App, mut batch: Batch) {
    let messages: Vec<Message> = batch.messages().cloned().collect();
    let bodies: Vec<&str> = messages.iter().map(|message| message.body.as_str()).collect();
    let received = receive(&app.table, app.prices, app.switches(), &bodies, None).await;
    app.counts.received(&received);
    let scored = match score(app, arrivals(&received)).await {
        // What an earlier try stored and did not score comes as a duplicate.
        Ok(()) if received.duplicates > 0 => catch_up_with_senders(app, &bodies).await,
        scored => scored,
    };
    let mut again = false;
    for place in 0..messages.len() {
        match (received.failed.get(&place), &scored) {
            (Some(Failure::Reject(why)), _) => {
                app.counts.rejected(1);
                batch.reject(place, why);
            }
            (Some(failure), _) | (None, Err(failure)) => {
                anstream::eprintln!("to be tried again: {failure}");
                again = true;
            }
            (None, Ok(())) => batch.done(place),
        }
    }
    drop(batch);
    if again {
        tokio::time::sleep(PAUSE).await;
    }
}

async fn catch_up_with_senders(app: &App, bodies: &[&str]) -> Result<(), Failure> {
    let trusted = bodies.iter().filter_map(|body| trust(body.as_bytes(), None).ok()?.ok());
    let senders: BTreeSet<AccountId> = trusted.map(|trusted| trusted.account).collect();
    for account in &senders {
        let behind = score_waiting(app, account).await?;
        if behind || !app.table.untold_watch_events(account).await?.is_empty() {
            alert_untold(app, account).await?;
        }
    }
    Ok(())
}

fn arrivals(received: &Received) -> Vec<Arrival> {
    let at = Timestamp::now();
    let costs = received.cost_events.iter().map(|each| Put::CostEvent(Box::new(each.clone())));
    let watch = received.watch_events.iter().map(|each| Put::Watch(Box::new(each.clone())));
    costs.chain(watch).map(|put| Arrival { at, put }).collect()
}

async fn score(app: &App, mut arrivals: Vec<Arrival>) -> Result<(), Failure> {
    // An account that is busy is tried again here: nothing else would bring its events back.
    for _ in 0..MAX_SCORINGS {
        let observed = observe(&app.table, &app.alerts, app.switches(), arrivals.clone()).await;
        app.counts.observed(observed.alerts, &observed.silent);
        let mut hopeful = observed.failed;
        hopeful.retain(|account, failure| match failure {
            Failure::Reject(why) => {
                anstream::eprintln!("account {account} cannot be scored: {why}");
                false
            }
            _ => true,
        });
        if hopeful.is_empty() {
            return Ok(());
        }
        arrivals.retain(|arrival| arrival.account().is_some_and(|a| hopeful.contains_key(a)));
        tokio::time::sleep(PAUSE).await;
    }
    Err(Failure::Retry("an account stays busy".to_owned()))
}

/// Tries to score before the events themselves are taken up again.
const MAX_SCORINGS: usize = 10;

async fn work_on_alerts(app: &App, both: &Both<'_>) {
    loop {
        let batch = app.alerts.receive(1).await;
        tell_batch(app, both, batch).await;
    }
}

async fn tell_batch(app: &App, both: &Both<'_>, mut batch: Batch) {
    let Some(body) = batch.messages().next().map(|message| message.body.clone()) else { return };
    let told = match Alert::from_json(&body) {
        Ok(alert) => {
            let outlets = Outlets { lines: &both, bus: &app.published, hooks: &app.hooks };
            tell(&app.table, outlets, &alert, Timestamp::now()).await
        }
        Err(failure) => Err(failure),
    };
    match told {
        Ok(telling) => {
            if let Telling::Told(count) = telling {
                app.counts.told(count);
            }
            batch.done(0);
        }
        Err(Failure::Reject(why)) => {
            anstream::eprintln!("cannot be told: {why}");
            batch.reject(0, &why);
        }
        Err(failure) => {
            let after = tell_again(&failure);
            anstream::eprintln!("to be told in {} s: {failure}", after.as_secs());
            batch.later(0, after);
        }
    }
}

const fn tell_again(failure: &Failure) -> Duration {
    match failure {
        Failure::Later(after, _) => *after,
        _ => TELL_AGAIN,
    }
}

async fn work_on_digests(app: &App, both: &Both<'_>) {
    loop {
        let mut batch = app.digests.receive(1).await;
        let Some(body) = batch.messages().next().map(|message| message.body.clone()) else {
            continue;
        };
        let sent = match DigestDue::from_json(&body) {
            Ok(due) => digest::send(&app.table, &both, &due, Timestamp::now()).await.map(drop),
            Err(failure) => Err(failure),
        };
        settle(&mut batch, sent, "a digest");
    }
}

/// What people ask and press on the page.
async fn work_on_questions(app: &App, chat: &Chat) {
    let Chat::Preview(preview) = chat else { return std::future::pending().await };
    loop {
        let mut batch = app.questions.receive(1).await;
        let Some(body) = batch.messages().next().map(|message| message.body.clone()) else {
            continue;
        };
        let worked = match Asked::from_json(&body) {
            Ok(asked) => {
                let outside = (&app.alerts, &preview.responder);
                work(&app.table, outside, &asked, Timestamp::now()).await.map(drop)
            }
            Err(failure) => Err(failure),
        };
        settle(&mut batch, worked, "a question");
    }
}

/// What is to be done with accounts.
async fn work_on_accounts(app: &App, tenants: Option<&Tenants>) {
    let Some(tenants) = tenants else { return std::future::pending().await };
    loop {
        let mut batch = app.jobs.receive(1).await;
        let Some(body) = batch.messages().next().map(|message| message.body.clone()) else {
            continue;
        };
        let worked = tenants.work(app, &body).await;
        settle(&mut batch, worked, "work on an account");
    }
}

/// What is to be done about money.
async fn work_on_billing(app: &App, both: &Both<'_>, tenants: Option<&Tenants>) {
    let Some(tenants) = tenants else { return std::future::pending().await };
    loop {
        let mut batch = app.billing.receive(1).await;
        let Some(body) = batch.messages().next().map(|message| message.body.clone()) else {
            continue;
        };
        let settled = Box::pin(tenants.settle(app, &both, &body)).await;
        settle(&mut batch, settled, "billing");
    }
}

fn settle(batch: &mut Batch, outcome: Result<(), Failure>, what: &str) {
    match outcome {
        Ok(()) => batch.done(0),
        Err(Failure::Reject(why)) => {
            anstream::eprintln!("{what} failed: {why}");
            batch.reject(0, &why);
        }
        Err(failure) => {
            anstream::eprintln!("{what} is to be tried again: {failure}");
            batch.later(0, tell_again(&failure));
        }
    }
}

/// The demo, where it is asked for; then nothing more.
async fn play(app: &App) -> Result<(), CliError> {
    if app.demo {
        demo::play(app).await?;
    }
    std::future::pending().await
}

/// The clock: what is due is handed over.
async fn strike(app: &App) {
    let (alerts, digests, billing) = (&app.alerts, &app.digests, &app.billing);
    let queues = clock::Queues { alerts, digests, billing, accounts: &app.jobs };
    loop {
        if let Err(failure) = clock::strike(&app.table, &queues, Timestamp::now()).await {
            anstream::eprintln!("what is due waits: {failure}");
        }
        tokio::time::sleep(STROKE).await;
    }
}

/// Between two strokes of the clock.
const STROKE: Duration = Duration::from_secs(1);

/// Before telling is tried again.
const TELL_AGAIN: Duration = Duration::from_secs(10);

/// After an interruption: what waits is worked on once more, as far as it goes at once.
async fn finish(app: &App, both: &Both<'_>) {
    while let Some(batch) = ready(&app.events, BATCH).await {
        work_on(app, batch).await;
    }
    while let Some(batch) = ready(&app.alerts, 1).await {
        tell_batch(app, both, batch).await;
    }
}

async fn ready(queue: &LocalQueue, most: usize) -> Option<Batch> {
    tokio::time::timeout(Duration::ZERO, queue.receive(most)).await.ok()
}
