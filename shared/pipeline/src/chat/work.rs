//! Work: one message of the queue between the door and the worker, done once whatever comes twice.

use super::{Asked, What, chat};
use crate::error::Failure;
use crate::once::once;
use crate::ports::{Queue, Respond};
use domain::card::Note;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use store::Table;

/// How long one has for a question before somebody else may take it.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);
/// Until then it is asked for again after so long.
const AGAIN: Duration = Duration::from_secs(5);

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
    // On the heap: it would be held twice on the stack.
    let answered = Box::pin(answer(table, (alerts, respond), asked, now));
    match once(table, ("slack", &asked.id), (now, CLAIM, AGAIN), answered).await? {
        None => Ok(Worked::Before),
        Some(Ok(())) => Ok(Worked::Done),
        Some(Err(rejected)) => Err(rejected),
    }
}

/// What can never be done counts as done, too: who asked has read so.
async fn answer<Q: Queue, R: Respond>(
    table: &Table,
    (alerts, respond): (&Q, &R),
    asked: &Asked,
    now: Timestamp,
) -> Result<Result<(), Failure>, Failure> {
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
    Ok(rejected.map_or(Ok(()), Err))
}

fn response_url(what: &What) -> Option<&str> {
    match what {
        What::Command { by, .. } | What::Press { by, .. } => Some(&by.response_url),
        What::Uninstalled => None,
    }
}
