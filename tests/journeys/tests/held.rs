//! What a circuit breaker holds back waits in the table: people see it, release or discard it, and
//! answer it; each is written down, and nothing that is released is lost on its way.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::anomaly::Anomaly;
use domain::answer::{Answer, Answered};
use domain::decision::Delivery;
use domain::governance::{Asker, AuditEntry};
use domain::ids::{AccountId, TenantId};
use jiff::{SignedDuration, Timestamp};
use journeys::faults::QueueFault;
use journeys::world::World;
use pipeline::answer::{Given, answer};
use pipeline::error::Failure;
use pipeline::held::{Released, Verdict, channel_of, held, release, tell_released};
use sample_trail::{Call, Caller};
use std::collections::BTreeSet;
use std::ops::Range;
use store::{Committed, TenantScope};

const ACCOUNT: &str = "111122223333";
fn account() -> AccountId {
    AccountId::parse(ACCOUNT).unwrap()
}

fn operator() -> Asker {
    Asker::Operator("ana".to_owned())
}

fn call(user: &'static str, at: Timestamp, serial: u64) -> Call {
    Call {
        account: ACCOUNT.to_owned(),
        region: "us-east-1",
        at,
        caller: Caller::User(user),
        serial,
    }
}

/// A month of the same small thing, then so many strangers who start something large.
async fn stormy(strangers: u64) -> World {
    let mut world = World::new(&[ACCOUNT]).await;
    let begin = world.now - SignedDuration::from_hours(30 * 24);
    for day in 0..30 {
        let at = begin + SignedDuration::from_hours(day * 24);
        world.send(&call("ops", at, day.unsigned_abs()).run_instances("m5.large", 1, None)).await;
    }
    storm(&mut world, 1_000..1_000 + strangers).await;
    world
}

/// Nobody has heard of any of them.
async fn storm(world: &mut World, strangers: Range<u64>) {
    for serial in strangers {
        let stranger = format!("stranger-{serial}").leak();
        let launch = call(stranger, world.now, serial).run_instances("p3.8xlarge", 1, None);
        world.send(&launch).await;
    }
    world.rest().await;
}

async fn waiting(world: &World) -> Vec<Anomaly> {
    held(&world.truth, &account(), None).await.unwrap()
}

fn told(world: &World) -> BTreeSet<String> {
    world.channel.heard.iter().map(|notice| notice.anomaly().id.clone()).collect()
}

async fn released(world: &World, verdict: Verdict) -> Released {
    let asks = (&operator(), world.now);
    release(&world.table, &account(), None, verdict, asks).await.unwrap()
}

async fn asked_to_tell(world: &World) -> Result<usize, Failure> {
    tell_released(&world.table, &world.to_alerts, &account(), world.now).await
}

/// All that was written down of the account's tenant: `<what> <who>: <old> → <new>`.
async fn written(world: &World) -> Vec<String> {
    let scope = TenantScope::of_operator(TenantId::parse("acme").unwrap());
    let entries = world.truth.audit(&scope, Timestamp::UNIX_EPOCH).await.unwrap();
    let line =
        |entry: &AuditEntry| format!("{} {}: {} → {}", entry.what, entry.who, entry.old, entry.new);
    entries.iter().filter(|entry| entry.what != "connect").map(line).collect()
}

#[tokio::test]
async fn what_a_breaker_holds_back_is_counted_and_listed_and_told_to_nobody() {
    let world = stormy(24).await;
    let waiting = waiting(&world).await;
    assert!(!waiting.is_empty() && world.held_back == waiting.len() as u64, "{}", waiting.len());
    let told = told(&world);
    assert!(!told.is_empty() && waiting.iter().all(|anomaly| !told.contains(&anomaly.id)));
    let channel = channel_of(&waiting[0]).unwrap();
    let of_one = held(&world.truth, &account(), Some(channel)).await.unwrap();
    assert!(!of_one.is_empty() && of_one.iter().all(|each| channel_of(each) == Some(channel)));
    assert_eq!(held(&world.truth, &account(), Some("moon")).await.unwrap(), []);
}

#[tokio::test]
async fn a_release_tells_what_was_held_back_once_and_is_written_down() {
    let mut world = stormy(24).await;
    let before = waiting(&world).await;
    let Released { anomalies, entries } = released(&world, Verdict::Send).await;
    assert_eq!((anomalies.len(), entries.len()), (before.len(), 1));
    assert_eq!(asked_to_tell(&world).await, Ok(before.len()));
    world.rest().await;
    assert!(waiting(&world).await.is_empty() && world.all_is_told().await);
    let count = before.len();
    let said = format!(
        "release operator ana: all channels: {count} alerts held back → breaker closed, {count} of \
         them sent"
    );
    assert_eq!(written(&world).await, [said]);

    // Once more there is nothing to do, nothing to write down and nothing to tell.
    let heard = world.channel.heard.len();
    assert_eq!(released(&world, Verdict::Send).await, Released::default());
    assert_eq!(asked_to_tell(&world).await, Ok(0));
    world.rest().await;
    assert_eq!((written(&world).await.len(), world.channel.heard.len()), (1, heard));
}

#[tokio::test]
async fn a_release_whose_messages_were_lost_is_made_good_by_asking_again() {
    for fault in [QueueFault::Refuse, QueueFault::SendHalf, QueueFault::LoseAnswer] {
        let mut world = stormy(24).await;
        let before = waiting(&world).await.len();
        world.to_alerts.plan(world.to_alerts.sendings() + 1, fault);
        released(&world, Verdict::Send).await;
        assert!(asked_to_tell(&world).await.is_err());

        assert_eq!(released(&world, Verdict::Send).await, Released::default());
        assert_eq!(asked_to_tell(&world).await, Ok(before));
        world.rest().await;
        assert!(world.all_is_told().await);
        assert_eq!(world.channel.heard.len(), told(&world).len(), "each is told once");
    }
}

#[tokio::test]
async fn more_than_fits_into_one_transaction_is_released_step_by_step() {
    let world = stormy(90).await;
    let before = waiting(&world).await.len();
    assert!(before > 50, "{before}");
    let Released { anomalies, entries } = released(&world, Verdict::Send).await;
    assert_eq!((anomalies.len(), entries.len()), (before, 2));
    assert_eq!(written(&world).await.len(), 2);
    assert!(waiting(&world).await.is_empty());
}

#[tokio::test]
async fn what_is_discarded_stays_stored_and_is_never_told() {
    let mut world = stormy(24).await;
    let heard = world.channel.heard.len();
    let discarded = released(&world, Verdict::Discard).await.anomalies;
    assert!(!discarded.is_empty());
    assert_eq!(released(&world, Verdict::Send).await, Released::default());
    assert_eq!(asked_to_tell(&world).await, Ok(0));
    world.rest().await;
    assert_eq!(world.channel.heard.len(), heard);
    let stored = world.truth.anomalies(&account()).await.unwrap();
    let lie = stored.iter().filter(|anomaly| anomaly.delivery == Delivery::Discarded).count();
    assert_eq!(lie, discarded.len());
    assert!(written(&world).await[0].ends_with("discarded"));
}

#[tokio::test]
async fn a_channel_that_is_released_alerts_again_and_one_that_is_not_stays_off() {
    let mut world = stormy(24).await;
    let waiting_before = waiting(&world).await.len();
    let asks = (&operator(), world.now);
    let none = release(&world.table, &account(), Some("learned"), Verdict::Send, asks).await;
    assert_eq!(none, Ok(Released::default()));
    assert_eq!(waiting(&world).await.len(), waiting_before);

    released(&world, Verdict::Send).await;
    storm(&mut world, 2_000..2_001).await;
    assert_eq!(waiting(&world).await, []);
}

#[tokio::test]
async fn who_has_read_the_account_before_a_release_does_not_undo_it() {
    let world = stormy(24).await;
    let before = world.truth.load_for_scoring(&account(), &[]).await.unwrap();
    released(&world, Verdict::Send).await;
    let through = (before.scored_through, before.scored_through);
    let late = world.truth.commit_scores(&account(), &before.state, through).await.unwrap();
    assert_eq!(late, Committed::Outdated);
    let after = world.truth.load_for_scoring(&account(), &[]).await.unwrap();
    assert!(after.state.breakers.values().all(|breaker| breaker.tripped.is_none()));
}

#[tokio::test]
async fn an_answer_is_taken_once_and_each_change_of_it_is_written_down() {
    let world = stormy(1).await;
    let id = world.truth.anomalies(&account()).await.unwrap()[0].id.clone();
    let say = async |word, minutes| {
        let at = world.now + SignedDuration::from_mins(minutes);
        let answered = Answered { answer: word, by: operator().to_string(), at };
        let until = "2026-09-01T00:00:00Z".parse().unwrap();
        answer(&world.table, &account(), &id, &answered, until).await.unwrap()
    };
    let Given::Now(expectations) = say(Answer::Expected, 1).await else { unreachable!() };
    assert_eq!(expectations.len(), 1);
    assert_eq!(say(Answer::Expected, 2).await, Given::Before);
    assert!(matches!(say(Answer::NotExpected, 3).await, Given::Now(_)));
    let written = written(&world).await;
    let said = [
        format!(
            "answer operator ana: anomaly {id} not answered → expected until 2026-09-01 00:00:00 UTC"
        ),
        format!("answer operator ana: anomaly {id} expected → not expected"),
    ];
    assert_eq!(written, said);
}

#[tokio::test]
async fn an_account_without_an_owner_is_answered_and_nothing_is_written_down() {
    let table = journeys::table(None).await;
    let account = journeys::account();
    journeys::run(&table, &journeys::story(), usize::MAX).await;
    let id = table.anomalies(&account).await.unwrap()[0].id.clone();
    let at = Timestamp::UNIX_EPOCH;
    let answered = Answered { answer: Answer::NotExpected, by: "ana".to_owned(), at };
    let given = answer(&table, &account, &id, &answered, at).await.unwrap();
    assert!(matches!(given, Given::Now(_)));
    let nobody = answer(&table, &account, "01J", &answered, at).await.unwrap();
    assert_eq!(nobody, Given::NoSuchAnomaly);
    assert_eq!(table.answers(&account).await.unwrap().not_expected, 1);
}
