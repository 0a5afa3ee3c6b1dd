//! Tell: one message of the alert queue. Reads from the table what people and machines do not know
//! yet, under a claim, so that two who tell at once do not tell twice. Each receiver has its own
//! mark: what one refuses keeps nothing from the others.

use crate::alert::{About, Alert};
use crate::error::Failure;
use crate::health;
use crate::leaving;
use crate::notify::{Notice, notice_of};
use crate::ports::{Addressee, Announce, Bus, Hooks, Lines, Way};
use crate::publish;
use domain::anomaly::Anomaly;
use domain::card::Note;
use domain::cost_event::CostEvent;
use domain::decision::{Delivery, Severity};
use domain::ids::{AccountId, EventId, TenantId};
use domain::told::{Change, Hooked};
use domain::words;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::time::Duration;
use store::{AccountStatus, Claimed, Table, Task, Work};

/// How long one has to tell of an anomaly before somebody else may: longer than any post takes.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);
/// Between two answers in a thread that only say that there is more of the same.
const GATHER: SignedDuration = SignedDuration::from_mins(1);
/// The same once there have been a few.
const GATHER_LONGER: SignedDuration = SignedDuration::from_mins(5);
/// So many.
const A_FEW: u64 = 3;
/// Before a channel that took nothing is tried again.
const CLOSED: SignedDuration = SignedDuration::from_hours(1);
/// The same for what cannot wait: the queue brings it again for about a day.
const CLOSED_WATCH: Duration = Duration::from_mins(15);
/// Before a webhook that failed is tried again; twice as long after each further failure …
const HOOK_AGAIN: SignedDuration = SignedDuration::from_mins(1);
/// … up to this, …
const HOOK_AT_MOST: SignedDuration = SignedDuration::from_hours(1);
/// … and no more after so long.
const HOOK_GIVES_UP: SignedDuration = SignedDuration::from_hours(24);

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// People were told so many notices.
    Told(u64),
    /// They knew, it is held back, or it is told later.
    Nothing,
    /// They cannot be reached: it says so on the anomaly.
    Undelivered,
}

/// Where things are told.
#[derive(Debug, Clone, Copy)]
pub struct Outlets<'a, L, B, H> {
    /// People.
    pub lines: &'a L,
    /// Programs of ours and of others.
    pub bus: &'a B,
    /// Tenants' own receivers.
    pub hooks: &'a H,
}

/// Tells what a message asks for.
pub async fn tell<L: Lines, B: Bus, H: Hooks>(
    table: &Table,
    outlets: Outlets<'_, L, B, H>,
    alert: &Alert,
    now: Timestamp,
) -> Result<Telling, Failure> {
    if is_leaving(table, &alert.account).await? {
        return Ok(Telling::Nothing);
    }
    let until = now.checked_add(CLAIM).unwrap_or(Timestamp::MAX);
    match &alert.about {
        About::Anomaly(id) => {
            let claimed = table.claim_telling(&alert.account, id, (now, until)).await?;
            match claimed {
                // On the heap: within the futures of Lambda's runtime it would be nested too deep.
                Some(anomaly) => Box::pin(tell_anomaly(table, outlets, anomaly, now)).await,
                None => not_claimed(table, &alert.account, id).await,
            }
        }
        About::Watch { time, id } => {
            tell_watch(table, outlets.lines, (&alert.account, *time, id), (now, until)).await
        }
        About::Health { at } => {
            let health = tell_health(table, outlets.lines, (&alert.account, *at), (now, until));
            Box::pin(health).await
        }
    }
}

/// Whether the account goes with its tenant: nobody is told any more. What comes back is told then.
async fn is_leaving(table: &Table, account: &AccountId) -> Result<bool, Failure> {
    match table.owner(account).await? {
        Some(owner) if owner.status == AccountStatus::Disconnecting => {
            Ok(leaving::of(table, &owner.scope).await?.is_some())
        }
        _ => Ok(false),
    }
}

async fn not_claimed(table: &Table, account: &AccountId, id: &str) -> Result<Telling, Failure> {
    match table.anomaly(account, id).await? {
        // He may have read it before what this message is about.
        Some(_) => Err(somebody_else()),
        // Purged.
        None => Ok(Telling::Nothing),
    }
}

fn somebody_else() -> Failure {
    let why = "somebody else is telling it".to_owned();
    Failure::Later(Duration::from_secs(5), why)
}

/// The tenant of an account with what he has settled; `None` for an account that nobody owns.
pub async fn addressee(table: &Table, account: &AccountId) -> Result<Option<Addressee>, Failure> {
    let Some(owner) = table.owner(account).await? else { return Ok(None) };
    let settings = table.settings(&owner.scope).await?;
    Ok(Some(Addressee { scope: owner.scope, settings }))
}

async fn tell_anomaly<L: Lines, B: Bus, H: Hooks>(
    table: &Table,
    outlets: Outlets<'_, L, B, H>,
    mut anomaly: Anomaly,
    now: Timestamp,
) -> Result<Telling, Failure> {
    if anomaly.delivery != Delivery::Send {
        table.mark_told(&anomaly).await?;
        return Ok(Telling::Nothing);
    }
    let Some(to) = addressee(table, &anomaly.account).await? else {
        anomaly.told.undelivered = Some("nobody owns the account".to_owned());
        table.mark_told(&anomaly).await?;
        return Ok(Telling::Undelivered);
    };
    tell_all(table, outlets, (&to, &mut anomaly), now).await
}

/// People, our bus and the tenant's webhook: what one cannot be told holds up none of the others.
async fn tell_all<L: Lines, B: Bus, H: Hooks>(
    table: &Table,
    outlets: Outlets<'_, L, B, H>,
    (to, anomaly): (&Addressee, &mut Anomaly),
    now: Timestamp,
) -> Result<Telling, Failure> {
    let people = tell_people(table, outlets.lines, (to, anomaly), now).await;
    let refused = matches!(people, Ok(Heard::Refused));
    if matches!(people, Ok(Heard::Told(_))) {
        // Before anything else may take its time: what people have heard is not said again.
        table.note_told(anomaly).await?;
    }
    let programs = publish_to_bus(outlets.bus, (to, anomaly), now).await;
    post_to_hook(outlets.hooks, (to, anomaly), now).await;
    // Before the mark: a crash in between looks once too often.
    if let Some(at) = next_look(to, anomaly, refused, now) {
        let task = Task::Tell { account: anomaly.account.clone(), anomaly: anomaly.id.clone() };
        table.set_due(&task, at).await?;
    }
    table.mark_told(anomaly).await?;
    programs.and(people).map(Telling::from)
}

/// How people could be told.
enum Heard {
    /// So many notices.
    Told(u64),
    /// There was nothing, or it waits.
    Nothing,
    /// There is no way to them: an installation will tell them.
    NoWay,
    /// No channel took it: it is tried again while it runs.
    Refused,
}

impl From<Heard> for Telling {
    fn from(heard: Heard) -> Self {
        match heard {
            Heard::Told(count) => Self::Told(count),
            Heard::Nothing => Self::Nothing,
            Heard::NoWay | Heard::Refused => Self::Undelivered,
        }
    }
}

/// People hear of what has changed, each change by itself: what was told stays told.
async fn tell_people<L: Lines>(
    table: &Table,
    lines: &L,
    (to, anomaly): (&Addressee, &mut Anomaly),
    now: Timestamp,
) -> Result<Heard, Failure> {
    let as_it_is = anomaly.clone();
    let changes = as_it_is.changes(&as_it_is.told.known, now);
    if changes.is_empty() || wait(to, anomaly, &changes, now).is_some() {
        return Ok(Heard::Nothing);
    }
    let channel = to.settings.channel_for(&anomaly.account, anomaly.severity);
    let mut line = match lines.line(to, channel).await? {
        Way::Open(line) => line,
        Way::Closed(why) => {
            anomaly.told.undelivered = Some(why);
            return Ok(Heard::NoWay);
        }
    };
    let said = say(table, (&mut line, channel), anomaly, (&as_it_is, &changes), now).await;
    let told = match said {
        Err(Failure::Closed(why)) => {
            anomaly.told.undelivered = Some(why);
            return Ok(Heard::Refused);
        }
        Err(Failure::Gone(why)) => {
            anomaly.told.undelivered = Some(why);
            return Ok(Heard::NoWay);
        }
        said => said?,
    };
    anomaly.told.undelivered = None;
    Ok(Heard::Told(told))
}

/// Says each change by itself, and notes each that was said.
async fn say(
    table: &Table,
    (line, channel): (&mut impl Announce, Option<&str>),
    anomaly: &mut Anomaly,
    (as_it_is, changes): (&Anomaly, &[Change<'_>]),
    now: Timestamp,
) -> Result<u64, Failure> {
    let opening = opening(table, anomaly).await?;
    let mut told = 0;
    for change in changes {
        let notices = notices(table, anomaly, *change, channel).await?;
        for (nth, notice) in notices.iter().enumerate() {
            let message = line.announce(notice, opening.as_ref()).await?;
            if nth == 0 {
                anomaly.told.message = message.or(anomaly.told.message.take());
            }
            told += 1;
        }
        if matches!(change, Change::Further { .. }) {
            anomaly.told.replies += 1;
            anomaly.told.replied_at = Some(now);
        }
        anomaly.told.known.learn(as_it_is, *change);
    }
    Ok(told)
}

/// How a change is told. What gets so loud that it belongs into another channel is a card there too,
/// which is kept up to date from then on.
async fn notices(
    table: &Table,
    anomaly: &Anomaly,
    change: Change<'_>,
    channel: Option<&str>,
) -> Result<Vec<Notice>, Failure> {
    let notice = notice_of(table, anomaly, change).await?;
    let stands_in = anomaly.told.message.as_ref().map(|message| message.channel.as_str());
    let elsewhere = channel.is_some() && stands_in.is_some() && channel != stands_in;
    let moves = elsewhere && matches!(change, Change::Further { escalated: true, .. });
    let anew = notice.as_ref().filter(|_| moves).and_then(Notice::as_new);
    // The new card first: if the rest has to come again, it finds itself at home there.
    Ok(anew.into_iter().chain(notice).collect())
}

/// Until when it can wait: for the end of quiet hours, or for more of the same. What people did
/// themselves never waits.
fn wait(
    to: &Addressee,
    anomaly: &Anomaly,
    changes: &[Change<'_>],
    now: Timestamp,
) -> Option<Timestamp> {
    let by_people =
        |change: &Change<'_>| matches!(change, Change::Answered(_) | Change::Snoozed(_));
    if changes.iter().any(by_people) {
        return None;
    }
    let quiet = to.settings.quiet_until(anomaly.severity, now);
    let more = changes.iter().all(Change::can_wait).then(|| gathers_until(anomaly)).flatten();
    quiet.max(more).filter(|until| *until > now)
}

fn gathers_until(anomaly: &Anomaly) -> Option<Timestamp> {
    let gap = if anomaly.told.replies < A_FEW { GATHER } else { GATHER_LONGER };
    anomaly.told.replied_at?.checked_add(gap).ok()
}

/// When to look at an anomaly again, though nothing happens to it.
fn next_look(
    to: &Addressee,
    anomaly: &Anomaly,
    refused: bool,
    now: Timestamp,
) -> Option<Timestamp> {
    let changes = anomaly.changes(&anomaly.told.known, now);
    let waits = (!changes.is_empty()).then(|| wait(to, anomaly, &changes, now)).flatten();
    // What has ended is not news any more.
    let again = refused && !anomaly.is_resolved();
    let closed = again.then(|| now.checked_add(CLOSED).ok()).flatten();
    let awake = anomaly.snoozed_until(now).filter(|_| !anomaly.is_resolved());
    let hook = hook_again(&anomaly.hooked);
    [waits, closed, awake, hook].into_iter().flatten().min()
}

/// The event that the card is about, where there is a card to be changed.
async fn opening(table: &Table, anomaly: &Anomaly) -> Result<Option<CostEvent>, Failure> {
    let Some(first) = anomaly.members.first().filter(|_| anomaly.told.message.is_some()) else {
        return Ok(None);
    };
    Ok(table.cost_event(&anomaly.account, first.time, &first.id).await?)
}

async fn publish_to_bus(
    bus: &impl Bus,
    (to, anomaly): (&Addressee, &mut Anomaly),
    now: Timestamp,
) -> Result<(), Failure> {
    let events = publish::events(to.scope.tenant(), anomaly, &anomaly.published, now);
    if !events.is_empty() {
        bus.publish(&events).await?;
    }
    anomaly.published = anomaly.known(now);
    Ok(())
}

/// A webhook that fails is tried again by the clock, not by the queue: it is the tenant's, and it may
/// be away for a day.
async fn post_to_hook(
    hooks: &impl Hooks,
    (to, anomaly): (&Addressee, &mut Anomaly),
    now: Timestamp,
) {
    let mut events = publish::events(to.scope.tenant(), anomaly, &anomaly.hooked.known, now);
    if to.settings.webhook.is_none() {
        events.clear();
    }
    let too_early = hook_again(&anomaly.hooked).is_some_and(|again| now < again);
    if too_early && !events.is_empty() {
        return;
    }
    for event in &events {
        let Err(failure) = hooks.post(to, event).await else { continue };
        tracing::warn!(why = %failure, "a tenant's webhook did not take an event");
        let since = anomaly.hooked.failing_since.unwrap_or(now);
        if now.duration_since(since) < HOOK_GIVES_UP {
            anomaly.hooked.failing_since = Some(since);
            anomaly.hooked.failed_at = Some(now);
            anomaly.hooked.failures += 1;
            return;
        }
        tracing::error!("a tenant's webhook has failed for a day: the event is given up");
    }
    anomaly.hooked = Hooked { known: anomaly.known(now), ..Hooked::default() };
}

/// When a webhook that failed is tried again.
fn hook_again(hooked: &Hooked) -> Option<Timestamp> {
    let doublings = u32::try_from(hooked.failures.saturating_sub(1)).unwrap_or(u32::MAX).min(10);
    let pause = HOOK_AGAIN.saturating_mul(2_i32.saturating_pow(doublings)).min(HOOK_AT_MOST);
    hooked.failed_at?.checked_add(pause).ok()
}

async fn tell_watch(
    table: &Table,
    lines: &impl Lines,
    (account, time, id): (&AccountId, Timestamp, &EventId),
    (now, until): (Timestamp, Timestamp),
) -> Result<Telling, Failure> {
    match table.claim_watch(account, (time, id), (now, until)).await? {
        Claimed::AlreadyDone => Ok(Telling::Nothing),
        Claimed::InProgress => Err(somebody_else()),
        Claimed::Ours(event) => {
            let warned = warn(table, lines, account, &event).await;
            match warned {
                Ok(Telling::Told(_)) => table.mark_watch_told(&event, now).await?,
                _ => table.release_watch(&event).await?,
            }
            warned
        }
    }
}

async fn warn(
    table: &Table,
    lines: &impl Lines,
    account: &AccountId,
    event: &domain::watch::WatchEvent,
) -> Result<Telling, Failure> {
    let Some(to) = addressee(table, account).await? else { return Ok(Telling::Undelivered) };
    let channel = to.settings.channel_for(account, Severity::Critical);
    let told = match lines.line(&to, channel).await? {
        Way::Open(mut line) => line.warn(event).await,
        Way::Closed(why) => Err(Failure::Gone(why)),
    };
    undelivered(told)
}

/// An account has turned. Of a turn that was followed by another only the last is told.
async fn tell_health(
    table: &Table,
    lines: &impl Lines,
    (account, at): (&AccountId, Timestamp),
    (now, until): (Timestamp, Timestamp),
) -> Result<Telling, Failure> {
    let Some(note) = health::note(table, account, at).await? else { return Ok(Telling::Nothing) };
    let Some(to) = addressee(table, account).await? else { return Ok(Telling::Undelivered) };
    let turn = turn(to.scope.tenant(), account, at);
    let work = ("health", turn.as_str());
    match table.claim_work(work, (now, until)).await? {
        Work::AlreadyDone => return Ok(Telling::Nothing),
        Work::InProgress => return Err(somebody_else()),
        Work::Ours => {}
    }
    let said = post(lines, &to, account, &note).await;
    let ended = match said {
        Ok(Telling::Told(_)) => table.work_done(work, now).await,
        _ => table.release_work(work).await,
    };
    ended?;
    said
}

/// Which turn of which account was told: a claim outlives the account by days, and names neither it nor
/// its tenant.
fn turn(tenant: &TenantId, account: &AccountId, at: Timestamp) -> String {
    let digest = Sha256::digest(format!("health\n{tenant}\n{account}\n{at}").as_bytes());
    words::hex(&digest)
}

async fn post(
    lines: &impl Lines,
    to: &Addressee,
    account: &AccountId,
    note: &Note,
) -> Result<Telling, Failure> {
    let channel = to.settings.channel_for(account, Severity::Critical);
    let told = match lines.line(to, channel).await? {
        Way::Open(mut line) => line.digest(note).await,
        Way::Closed(why) => Err(Failure::Gone(why)),
    };
    undelivered(told)
}

/// A channel may be put right at any moment, and what blinds us cannot wait for long.
fn undelivered(told: Result<(), Failure>) -> Result<Telling, Failure> {
    match told {
        Err(Failure::Closed(why)) => Err(Failure::Later(CLOSED_WATCH, why)),
        Err(Failure::Gone(why)) => {
            tracing::warn!(why, "nobody can be told that the watch may be blind");
            Ok(Telling::Undelivered)
        }
        told => told.map(|()| Telling::Told(1)),
    }
}
