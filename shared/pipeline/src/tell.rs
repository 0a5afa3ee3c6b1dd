//! Tell: one message of the alert queue. Reads from the table what people do not know yet, under a
//! claim, so that two who tell at once do not tell twice.

use crate::alert::{About, Alert};
use crate::error::Failure;
use crate::notify::{Notice, notices_of};
use crate::ports::Announce;
use domain::anomaly::{Anomaly, MessageAt, Told};
use domain::cost_event::CostEvent;
use domain::ids::{AccountId, EventId};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use store::{Claimed, Table};

/// How long one has to tell of an anomaly before somebody else may: longer than any post takes.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// People were told so many notices.
    Told(u64),
    /// They knew, or it is held back.
    Nothing,
}

/// Tells what a message asks for.
pub async fn tell(
    table: &Table,
    announce: &mut impl Announce,
    alert: &Alert,
    now: Timestamp,
) -> Result<Telling, Failure> {
    let until = now.checked_add(CLAIM).unwrap_or(Timestamp::MAX);
    match &alert.about {
        About::Anomaly(id) => {
            let claimed = table.claim_telling(&alert.account, id, (now, until)).await?;
            match claimed {
                Some(anomaly) => tell_anomaly(table, announce, anomaly).await,
                None => not_claimed(table, &alert.account, id).await,
            }
        }
        About::Watch { time, id } => {
            tell_watch(table, announce, (&alert.account, *time, id), (now, until)).await
        }
    }
}

async fn not_claimed(table: &Table, account: &AccountId, id: &str) -> Result<Telling, Failure> {
    match table.anomaly(account, id).await? {
        Some(anomaly) if anomaly.is_untold() => Err(somebody_else()),
        // Told meanwhile, or purged.
        Some(_) | None => Ok(Telling::Nothing),
    }
}

fn somebody_else() -> Failure {
    let why = "somebody else is telling it".to_owned();
    Failure::Later(Duration::from_secs(5), why)
}

async fn tell_anomaly(
    table: &Table,
    announce: &mut impl Announce,
    mut anomaly: Anomaly,
) -> Result<Telling, Failure> {
    let mut told = 0;
    let opening = opening(table, &anomaly).await?;
    for notice in notices_of(table, &anomaly).await? {
        match announce.announce(&notice, opening.as_ref()).await {
            Ok(message) => {
                anomaly.told = after(&anomaly, &notice, message);
                told += 1;
            }
            Err(failure) => {
                // What was told stays told; the claim is given back for the next try.
                table.mark_told(&anomaly, &anomaly.told).await?;
                return Err(failure);
            }
        }
    }
    table.mark_told(&anomaly, &anomaly.told).await?;
    Ok(if told == 0 { Telling::Nothing } else { Telling::Told(told) })
}

/// The event that the card is about, where there is a card to be changed.
async fn opening(table: &Table, anomaly: &Anomaly) -> Result<Option<CostEvent>, Failure> {
    let Some(first) = anomaly.members.first().filter(|_| anomaly.told.message.is_some()) else {
        return Ok(None);
    };
    Ok(table.cost_event(&anomaly.account, first.time, &first.id).await?)
}

fn after(anomaly: &Anomaly, notice: &Notice, at: Option<MessageAt>) -> Told {
    let all = anomaly.all_told();
    let message = at.or(all.message);
    match notice {
        Notice::Alert { .. } => Told { alerts: all.alerts, message, ..anomaly.told.clone() },
        Notice::Resolved { .. } => {
            Told { resolved_at: all.resolved_at, message, ..anomaly.told.clone() }
        }
    }
}

async fn tell_watch(
    table: &Table,
    announce: &mut impl Announce,
    (account, time, id): (&AccountId, Timestamp, &EventId),
    (now, until): (Timestamp, Timestamp),
) -> Result<Telling, Failure> {
    match table.claim_watch(account, (time, id), (now, until)).await? {
        Claimed::AlreadyDone => Ok(Telling::Nothing),
        Claimed::InProgress => Err(somebody_else()),
        Claimed::Ours(event) => {
            if let Err(failure) = announce.warn(&event).await {
                table.release_watch(&event).await?;
                return Err(failure);
            }
            table.mark_watch_told(&event, now).await?;
            Ok(Telling::Told(1))
        }
    }
}
