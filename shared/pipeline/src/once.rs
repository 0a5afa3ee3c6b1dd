//! Once: work whose effect is outside the table, done by one at a time and not done again.

use crate::error::Failure;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use store::{Table, Work};

/// Does a piece of work that may be done again, under a claim; `None` while somebody else is at it,
/// who goes on.
pub(crate) async fn alone<T>(
    table: &Table,
    work: (&str, &str),
    (now, claim): (Timestamp, SignedDuration),
    done: impl Future<Output = Result<T, Failure>>,
) -> Result<Option<T>, Failure> {
    let until = now.checked_add(claim).unwrap_or(Timestamp::MAX);
    if table.claim_work(work, (now, until)).await? != Work::Ours {
        return Ok(None);
    }
    let done = done.await;
    table.release_work(work).await?;
    done.map(Some)
}

/// Does a piece of work, by its kind and name, under a claim that holds for `claim`; `None` where it
/// was done before. While somebody else is at it the answer is to come again after `again`; work that
/// fails gives its claim back.
pub(crate) async fn once<T>(
    table: &Table,
    work: (&str, &str),
    (now, claim, again): (Timestamp, SignedDuration, Duration),
    done: impl Future<Output = Result<T, Failure>>,
) -> Result<Option<T>, Failure> {
    let until = now.checked_add(claim).unwrap_or(Timestamp::MAX);
    match table.claim_work(work, (now, until)).await? {
        Work::AlreadyDone => return Ok(None),
        Work::InProgress => {
            return Err(Failure::Later(again, "somebody else is at it".to_owned()));
        }
        Work::Ours => {}
    }
    let done = done.await;
    match &done {
        Ok(_) => table.work_done(work, now).await?,
        Err(_) => table.release_work(work).await?,
    }
    done.map(Some)
}
