//! Receive: a batch of messages from the queue, of several accounts, through the process stage.

use crate::error::Failure;
use crate::process::process;
use crate::switches::Switches;
use cloudtrail::{Caller, Skip, SkipReason, Strictness, parse_envelope};
use domain::event::ResourceEvent;
use domain::ids::AccountId;
use domain::price::Prices;
use domain::watch::WatchEvent;
use std::collections::BTreeMap;
use store::{Numbered, Table};

/// What receiving a batch gave.
#[derive(Debug, Default)]
pub struct Received {
    /// The cost events stored now, of each account in their order.
    pub cost_events: Vec<Numbered>,
    /// Calls stored now that may have blinded the watch.
    pub watch_events: Vec<WatchEvent>,
    /// Events that were stored before.
    pub duplicates: u64,
    /// Messages that cost nothing, by the reason.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// Messages that did not go through: their places in the batch, and why.
    pub failed: BTreeMap<usize, Failure>,
}

/// Runs a batch of messages, each an event that the router trusted, in the order given. What fails
/// of one account leaves the others alone; within an account nothing overtakes what has to be tried
/// again.
pub async fn receive(
    table: &Table,
    prices: &dyn Prices,
    switches: Switches<'_>,
    messages: &[&str],
    test_source: Option<&str>,
) -> Received {
    let mut received = Received::default();
    let mut accounts: BTreeMap<AccountId, Vec<(usize, Content)>> = BTreeMap::new();
    for (place, message) in messages.iter().enumerate() {
        match read(message, switches, test_source) {
            Ok(content) => accounts.entry(content.account()).or_default().push((place, content)),
            Err(Unread::Skip(reason)) => *received.skipped.entry(reason).or_default() += 1,
            Err(Unread::Reject(why)) => {
                received.failed.insert(place, Failure::Reject(why));
            }
        }
    }
    for (account, contents) in accounts {
        let places: Vec<usize> = contents.iter().map(|(place, _)| *place).collect();
        if let Err(failure) = of_account(table, prices, &account, contents, &mut received).await {
            received.failed.extend(places.into_iter().map(|place| (place, failure.clone())));
        }
    }
    received
}

/// What a message holds.
enum Content {
    Event(Box<ResourceEvent>),
    Watch(Box<WatchEvent>),
}

impl Content {
    fn account(&self) -> AccountId {
        match self {
            Self::Event(event) => event.account.clone(),
            Self::Watch(event) => event.account.clone(),
        }
    }
}

enum Unread {
    Skip(SkipReason),
    Reject(String),
}

/// Reads a message. It is checked again: a queue may hold what somebody put there by hand.
fn read(
    message: &str,
    switches: Switches<'_>,
    test_source: Option<&str>,
) -> Result<Content, Unread> {
    let reject = |skip: Box<Skip>| Unread::Reject(skip.to_string());
    let envelope = parse_envelope(message.as_bytes()).map_err(reject)?;
    envelope
        .check(test_source)
        .map_err(|distrust| Unread::Reject(format!("not to be trusted: {}", distrust.code())))?;
    let is_off = |account: &AccountId, parser: &str| switches.is_parser_off(account, parser);
    match envelope.event_unless(&is_off, Strictness::Strict) {
        Ok(event) => Ok(Content::Event(Box::new(event))),
        Err(skip) if matches!(skip.reason, SkipReason::Watchdog | SkipReason::Commitment) => {
            watch_event(&skip).map(Content::Watch).ok_or(Unread::Skip(skip.reason))
        }
        Err(skip) if skip.reason.is_damage() || skip.reason == SkipReason::NotCloudTrail => {
            Err(reject(skip))
        }
        Err(skip) => Err(Unread::Skip(skip.reason)),
    }
}

fn watch_event(skip: &Skip) -> Option<Box<WatchEvent>> {
    let Caller { id, time, account, region, actor } = skip.caller.as_deref()?;
    Some(Box::new(WatchEvent {
        id: id.clone(),
        time: *time,
        account: account.clone(),
        region: region.clone(),
        actor: actor.clone(),
        event_source: skip.event_source.clone()?,
        event_name: skip.event_name.clone()?,
        commits_to: (skip.reason == SkipReason::Commitment).then(|| skip.detail.clone()),
    }))
}

async fn of_account(
    table: &Table,
    prices: &dyn Prices,
    account: &AccountId,
    contents: Vec<(usize, Content)>,
    received: &mut Received,
) -> Result<(), Failure> {
    let mut events = Vec::new();
    let mut places = BTreeMap::new();
    for (place, content) in contents {
        match content {
            Content::Event(event) => {
                places.insert(event.id.clone(), place);
                events.push(*event);
            }
            Content::Watch(event) if table.record_watch(&event).await? => {
                received.watch_events.push(*event);
            }
            Content::Watch(_) => received.duplicates += 1,
        }
    }
    let processed = process(table, prices, account, events).await?;
    received.cost_events.extend(processed.cost_events);
    received.duplicates += processed.duplicates;
    if processed.unchanged > 0 {
        *received.skipped.entry(SkipReason::NoPriceEffect).or_default() += processed.unchanged;
    }
    for (id, why) in processed.rejected {
        if let Some(place) = places.get(&id) {
            received.failed.insert(*place, Failure::Reject(why));
        }
    }
    Ok(())
}
