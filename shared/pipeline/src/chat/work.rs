//! Work: one message of the queue between the door and the worker, done once whatever comes twice.

use super::{Asked, What, chat};
use crate::error::Failure;
use crate::ports::{Queue, Respond};
use domain::card::Note;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use store::{Table, Work};

/// How long one has for a question before somebody else may take it.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worked {
    /// It was answered, or what it asked for was done.
    Done,
    /// It was done before.
    Before,
}

/// Does what a question asks for, once, and answers it.
pub async fn work<Q: Queue, R: Respond>(
    table: &Table,
    (alerts, respond): (&Q, &R),
    asked: &Asked,
    now: Timestamp,
) -> Result<Worked, Failure> {
    let claim = ("slack", asked.id.as_str());
    let until = now.checked_add(CLAIM).unwrap_or(Timestamp::MAX);
    match table.claim_work(claim, (now, until)).await? {
        Work::AlreadyDone => return Ok(Worked::Before),
        Work::InProgress => {
            let why = "somebody else is at it".to_owned();
            return Err(Failure::Later(Duration::from_secs(5), why));
        }
        Work::Ours => {}
    }
    let worked = answer(table, (alerts, respond), asked, now).await;
    match &worked {
        Ok(()) | Err(Failure::Reject(_)) => table.work_done(claim, now).await?,
        Err(_) => table.release_work(claim).await?,
    }
    worked.map(|()| Worked::Done)
}

async fn answer<Q: Queue, R: Respond>(
    table: &Table,
    (alerts, respond): (&Q, &R),
    asked: &Asked,
    now: Timestamp,
) -> Result<(), Failure> {
    let (note, rejected) = match chat(table, alerts, asked, now).await {
        Ok(note) => (note, None),
        Err(Failure::Reject(why)) => {
            let note =
                Note::new("That did not work, and trying again will not help. We look at it.");
            (Some(note), Some(Failure::Reject(why)))
        }
        Err(failure) => return Err(failure),
    };
    if let (Some(note), Some(url)) = (note, response_url(&asked.what)) {
        match respond.respond(url, &note).await {
            Ok(true) => {}
            Ok(false) => tracing::warn!("an answer came too late"),
            // What can be tried again is; another answer would only be refused again.
            Err(failure @ (Failure::Retry(_) | Failure::Later(..))) => return Err(failure),
            Err(failure) => tracing::error!(why = %failure, "a question could not be answered"),
        }
    }
    rejected.map_or(Ok(()), Err)
}

fn response_url(what: &What) -> Option<&str> {
    match what {
        What::Command { by, .. } | What::Press { by, .. } => Some(&by.response_url),
        What::Uninstalled => None,
    }
}
