//! Dun: a payment has failed. People are reminded three times, then the free tier begins.

use super::{accounts, change};
use crate::error::Failure;
use crate::once::once;
use crate::ports::{Addressee, Announce, Lines, Way};
use crate::tell::Telling;
use domain::card::Note;
use domain::plan::{Billing, Dunning, dunning};
use domain::words;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use store::{Connection, Kept, Table, TenantScope};

/// How long one has to tell people before somebody else may.
const CLAIM: SignedDuration = SignedDuration::from_mins(2);
/// Until then it is asked for again after so long.
const AGAIN: Duration = Duration::from_secs(30);

/// Takes the step that is due. People are told first: a crash in between tells them at most once
/// more, never not at all.
pub(super) async fn dun<L: Lines>(
    table: &Table,
    lines: &L,
    scope: &TenantScope,
    kept: Kept,
    now: Timestamp,
) -> Result<(Kept, Telling), Failure> {
    let Some(failed_at) = kept.billing.payment_failed_at else {
        return Ok((kept, Telling::Nothing));
    };
    let (what, note, after) = match dunning(&kept.billing, now) {
        Dunning::None | Dunning::Wait { .. } => return Ok((kept, Telling::Nothing)),
        Dunning::Remind { day } => {
            let after = kept.billing.after_reminder(day, now);
            (
                format!("day-{day}"),
                reminder(&after, failed_at, &accounts(table, scope).await?),
                after,
            )
        }
        Dunning::Downgrade => {
            let after = kept.billing.after_downgrade();
            ("downgrade".to_owned(), downgraded(&accounts(table, scope).await?), after)
        }
    };
    let name = format!("{}#{failed_at}#{what}", scope.tenant());
    let told = tell(table, lines, scope, (("dunning", &name), &note), now).await?;
    let why = format!("not paid since {}", words::time(failed_at));
    Ok((change(table, scope, &kept, after, (&why, now)).await?, told))
}

/// Tells people once, by the kind and the name of what they are told.
pub(super) async fn tell<L: Lines>(
    table: &Table,
    lines: &L,
    scope: &TenantScope,
    (work, note): ((&str, &str), &Note),
    now: Timestamp,
) -> Result<Telling, Failure> {
    let settings = table.settings(scope).await?;
    let to = Addressee { scope: scope.clone(), settings };
    let said = Box::pin(async {
        match say(lines, &to, note).await {
            // Stripe writes to who pays all the same.
            Err(Failure::Closed(why) | Failure::Gone(why)) => {
                tracing::warn!(why, "nobody can be told about what is paid");
                Ok(Telling::Undelivered)
            }
            said => said.map(|()| Telling::Told(1)),
        }
    });
    let told = once(table, work, (now, CLAIM, AGAIN), said).await?;
    Ok(told.unwrap_or(Telling::Nothing))
}

async fn say(lines: &impl Lines, to: &Addressee, note: &Note) -> Result<(), Failure> {
    match lines.line(to, None).await? {
        Way::Closed(why) => Err(Failure::Closed(why)),
        Way::Open(mut line) => line.digest(note).await,
    }
}

const WHERE: &str = "To pay, open Billing in the dashboard and check the card there.";

fn reminder(billing: &Billing, failed_at: Timestamp, accounts: &[Connection]) -> Note {
    let title = format!("A payment for dd0c/cost failed on {}.", words::time(failed_at));
    let until = match dunning(billing, billing.reminded_at.unwrap_or(failed_at)) {
        Dunning::Wait { until } => until,
        _ => failed_at,
    };
    let last = usize::from(billing.reminded) == domain::plan::REMINDERS.len();
    let next = if last {
        format!("From {} on {}", words::time(until), beyond(accounts))
    } else {
        format!("All accounts stay watched for now; we remind you on {}.", words::time(until))
    };
    Note::new(title).with([WHERE.to_owned(), next])
}

fn downgraded(accounts: &[Connection]) -> Note {
    let title = "dd0c/cost was not paid for: the free tier begins.";
    Note::new(title).with([format!("From now on {}", beyond(accounts)), WHERE.to_owned()])
}

/// `account 111122223333 alone is watched; 2 others are paused until it is paid. Nothing is deleted.`
fn beyond(accounts: &[Connection]) -> String {
    let Some(first) = accounts.first() else { return "nothing is watched.".to_owned() };
    let others = words::counted(accounts.len() as u64 - 1, "other account");
    format!(
        "account {} alone is watched; {others} wait until it is paid. Nothing is deleted.",
        first.account
    )
}
