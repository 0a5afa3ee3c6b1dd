//! Faults: whatever breaks in between, the end is the same as in an undisturbed run, and no alert is
//! lost. Each row of the promises (duplicates, crashes, throttling, Slack, poison, redrive) has its
//! test.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::governance::Asker;
use domain::ids::AccountId;
use jiff::{SignedDuration, Timestamp};
use journeys::faults::{Fault, QueueFault};
use journeys::world::{Channel, ChannelFault, Stored, World};
use pipeline::error::Failure;
use pipeline::ports::{Message, Queue};
use pipeline::route::{Refusal, Routed};
use pipeline::switches::Switches;
use sample_trail::{Call, Caller, Record, envelope};
use serde_json::json;
use std::time::Duration;

const ONE: &str = "111122223333";
const TWO: &str = "444455556666";

fn call(account: &str, serial: u64, minute: i64) -> Call {
    Call {
        account: account.to_owned(),
        region: "us-east-1",
        at: Timestamp::from_second(1_780_272_000 + minute * 60).unwrap(),
        caller: Caller::User("ops"),
        serial,
    }
}

/// Two accounts at once: a usual life, something dear, its end, and a stopped trail.
fn life() -> Vec<Record> {
    let mut records = Vec::new();
    for (nth, account) in (0u64..).zip([ONE, TWO]) {
        let base = nth * 100;
        let small = call(account, base + 1, 1);
        let large = call(account, base + 2, 2);
        let more = call(account, base + 3, 3);
        let end: Vec<String> = (0..4).map(|nth| large.instance_id(nth)).collect();
        records.push(small.run_instances("t3.micro", 1, None));
        records.push(large.run_instances("p4d.24xlarge", 4, None));
        records.push(more.run_instances("g5.12xlarge", 2, None));
        records.push(call(account, base + 4, 4).record(
            "cloudtrail.amazonaws.com",
            "StopLogging",
            json!({"name": "trail"}),
            json!(null),
        ));
        records.push(call(account, base + 5, 5).terminate_instances(&end));
    }
    records.sort_by_key(|record| record["eventTime"].as_str().unwrap().to_owned());
    records
}

async fn world() -> World {
    World::new(&[ONE, TWO]).await
}

async fn undisturbed() -> Stored {
    let mut world = world().await;
    for record in life() {
        world.send(&record).await;
    }
    world.rest().await;
    assert!(world.all_is_told().await);
    assert_eq!(world.channel.warnings.len(), 2);
    // The dear launch, what joined it in the meantime, and an end for those that ended.
    assert!(world.channel.heard.len() >= 2, "{:?}", world.channel);
    let stored = world.result().await;
    assert_eq!(stored.accounts.len(), 2);
    for account in stored.accounts.values() {
        assert_eq!(account.cost_events.len() as u64, account.scored_through);
        assert_eq!(account.anomalies.len(), 1);
    }
    stored
}

#[tokio::test]
async fn every_event_delivered_three_times_and_late_gives_the_same() {
    let mut world = world().await;
    for record in life() {
        for _ in 0..3 {
            world.send(&record).await;
        }
        world.process().await;
    }
    world.rest().await;
    let heard = world.channel.heard.len();
    // A day later all of it again, past the queue's memory: as a redrive does it.
    for record in life() {
        let body = envelope(&record).to_string();
        let group = record["recipientAccountId"].as_str().map(str::to_owned);
        world.events.send(vec![Message { body, group, ..Message::default() }]).await.unwrap();
    }
    world.now += SignedDuration::from_hours(24);
    world.rest().await;
    assert!(world.result().await == undisturbed().await);
    assert_eq!(world.channel.heard.len(), heard, "nothing is told twice");
}

#[tokio::test]
async fn a_stream_that_is_delivered_again_scores_and_tells_nothing_twice() {
    let mut world = world().await;
    for record in life() {
        world.send(&record).await;
        world.rest().await;
    }
    let heard = world.channel.heard.clone();
    world.rewind_stream();
    world.rest().await;
    assert_eq!(world.channel.heard, heard);
    assert!(world.result().await == undisturbed_one_by_one().await);
}

async fn undisturbed_one_by_one() -> Stored {
    let mut world = world().await;
    for record in life() {
        world.send(&record).await;
        world.rest().await;
    }
    world.result().await
}

/// Runs the whole life with one fault at each request in turn.
async fn at_every_request(fault: Fault) {
    let expected = undisturbed().await;
    let mut met = 0;
    for request in 1.. {
        let mut world = world().await;
        world.faults.plan(request, fault);
        for record in life() {
            world.send(&record).await;
        }
        world.rest().await;
        if world.faults.requests() < request {
            break;
        }
        met = request;
        assert!(world.result().await == expected, "{fault:?} at request {request}");
        assert!(world.all_is_told().await, "{fault:?} at request {request}");
        assert_eq!(warned(&world.channel), 2, "{fault:?} at request {request}");
    }
    assert!(met > 40, "only {met} requests were met");
}

/// Different warnings that were given.
fn warned(channel: &Channel) -> usize {
    channel.warnings.iter().collect::<std::collections::BTreeSet<_>>().len()
}

#[tokio::test]
async fn a_crash_before_any_request_changes_nothing() {
    at_every_request(Fault::DieBefore).await;
}

#[tokio::test]
async fn a_crash_after_any_request_changes_nothing() {
    at_every_request(Fault::DieAfter).await;
}

#[tokio::test]
async fn a_lost_answer_to_any_request_changes_nothing() {
    at_every_request(Fault::LoseAnswer).await;
}

#[tokio::test]
async fn throttling_of_any_request_changes_nothing() {
    at_every_request(Fault::Throttle).await;
}

#[tokio::test]
async fn a_conflict_at_any_transaction_changes_nothing() {
    at_every_request(Fault::Conflict).await;
}

#[tokio::test]
async fn expired_credentials_at_any_request_change_nothing() {
    at_every_request(Fault::Expired).await;
}

#[tokio::test]
async fn an_error_of_the_table_at_any_request_changes_nothing() {
    at_every_request(Fault::ServerError).await;
}

#[tokio::test]
async fn a_queue_that_fails_at_any_sending_changes_nothing() {
    let expected = undisturbed().await;
    for fault in [QueueFault::Refuse, QueueFault::LoseAnswer, QueueFault::SendHalf] {
        for (to_events, at_least) in [(true, 10), (false, 1)] {
            let mut met = 0;
            for sending in 1.. {
                let mut world = world().await;
                let queue = if to_events { &world.to_events } else { &world.to_alerts };
                let queue = queue.clone();
                queue.plan(sending, fault);
                for record in life() {
                    world.send(&record).await;
                }
                world.rest().await;
                if queue.sendings() < sending {
                    break;
                }
                met = sending;
                assert!(world.result().await == expected, "{fault:?} at sending {sending}");
                assert!(world.all_is_told().await, "{fault:?} at sending {sending}");
                assert_eq!(warned(&world.channel), 2, "{fault:?} at sending {sending}");
            }
            assert!(met >= at_least, "only {met} sendings were met");
        }
    }
}

#[tokio::test]
async fn many_faults_at_once_change_nothing() {
    let kinds = [
        Fault::DieBefore,
        Fault::DieAfter,
        Fault::LoseAnswer,
        Fault::Throttle,
        Fault::Conflict,
        Fault::Expired,
        Fault::ServerError,
    ];
    let expected = undisturbed().await;
    for seed in 0u64..60 {
        let mut world = world().await;
        let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        for request in 1..400 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            if random % 7 == 0 {
                let kind = usize::try_from((random >> 8) % 7).unwrap();
                world.faults.plan(request, kinds[kind]);
            }
        }
        for record in life() {
            world.send(&record).await;
        }
        world.rest().await;
        assert!(world.result().await == expected, "seed {seed}");
        assert!(world.all_is_told().await, "seed {seed}");
    }
}

#[tokio::test]
async fn a_channel_that_refuses_for_a_while_hears_everything_in_the_end() {
    let refusals = [
        ChannelFault::Refuses(Failure::Later(Duration::from_secs(30), "429".to_owned())),
        ChannelFault::Refuses(Failure::Retry("500".to_owned())),
        ChannelFault::LosesAnswer,
    ];
    let expected = undisturbed().await;
    for refusal in refusals {
        for times in [1, 7] {
            let mut world = world().await;
            world.channel.failures.extend(std::iter::repeat_n(refusal.clone(), times));
            for record in life() {
                world.send(&record).await;
            }
            world.rest().await;
            assert!(world.result().await == expected);
            assert!(world.all_is_told().await, "{refusal:?}");
            assert!(world.alerts.dead().is_empty());
        }
    }
}

#[tokio::test]
async fn poison_among_the_events_of_two_tenants_is_put_aside_with_its_reason() {
    let mut world = world().await;
    let life = life();
    for (nth, record) in life.iter().enumerate() {
        world.send(record).await;
        if nth == life.len() / 2 {
            let mut event = envelope(record);
            event["detail"]["eventID"] = json!("poison");
            event["detail"]["eventTime"] = json!("yesterday");
            world.send_event(&event.to_string()).await.unwrap();
        }
    }
    world.rest().await;
    assert!(world.result().await == undisturbed().await);
    let dead = world.events.dead();
    assert_eq!(dead.len(), 1);
    assert!(dead[0].reason.as_ref().unwrap().contains("bad_time"), "{dead:?}");
    // People have mended it, and put it back a day later.
    let mended = dead[0].body.replace("yesterday", "2026-06-01T00:30:00Z");
    world.now += SignedDuration::from_hours(24);
    world.events.send(vec![Message { body: mended, ..dead[0].clone() }]).await.unwrap();
    world.rest().await;
    let stored = world.result().await;
    let events: usize = stored.accounts.values().map(|account| account.cost_events.len()).sum();
    let before: usize =
        undisturbed().await.accounts.values().map(|account| account.cost_events.len()).sum();
    assert!(events >= before, "a late event may cost, and takes nothing away");
}

#[tokio::test]
async fn what_is_not_to_be_believed_is_refused_by_its_reason_and_leaves_nothing() {
    let mut world = world().await;
    let record = call(ONE, 1, 1).run_instances("p4d.24xlarge", 8, None);
    let mut forged = envelope(&record);
    forged["account"] = json!(TWO);
    let mut not_aws = envelope(&record);
    not_aws["source"] = json!("my.app");
    let unknown = envelope(&call("999988887777", 2, 1).run_instances("p4d.24xlarge", 8, None));
    for (event, code) in
        [(forged, "another_account"), (not_aws, "source_is_not_aws"), (unknown, "unknown_account")]
    {
        let routed = world.send_event(&event.to_string()).await.unwrap();
        assert!(matches!(routed, Routed::Refused(refusal) if refusal.code() == code), "{routed:?}");
    }
    assert!(world.send_event("{\"detail\": 7}").await.is_err());
    world.rest().await;
    assert!(world.channel.heard.is_empty());
    assert!(world.result().await.accounts.values().all(|account| account.cost_events.is_empty()));
}

#[tokio::test]
async fn a_forged_message_that_somebody_put_into_the_queue_is_not_believed_either() {
    let mut world = world().await;
    let mut forged = envelope(&call(ONE, 1, 1).run_instances("p4d.24xlarge", 8, None));
    forged["account"] = json!(TWO);
    let body = forged.to_string();
    world.events.send(vec![Message { body, ..Message::default() }]).await.unwrap();
    world.rest().await;
    assert!(world.events.dead()[0].reason.as_ref().unwrap().contains("another_account"));
    assert!(world.channel.heard.is_empty());
}

#[tokio::test]
async fn two_scorers_on_one_account_score_each_event_once() {
    let expected = undisturbed().await;
    for _ in 0..5 {
        let mut world = world().await;
        for record in life() {
            world.send(&record).await;
        }
        while world.process().await {}
        let account = AccountId::parse(ONE).unwrap();
        let events = world.truth.cost_events_after(&account, 0).await.unwrap();
        let arrivals = || {
            let put = |each| store::stream::Put::CostEvent(Box::new(each));
            let arrival = |each| pipeline::observe::Arrival { at: world.now, put: put(each) };
            events.iter().cloned().map(arrival).collect::<Vec<_>>()
        };
        let (one, two) = tokio::join!(
            pipeline::observe::observe(&world.table, &world.alerts, Switches::NONE, arrivals()),
            pipeline::observe::observe(&world.table, &world.alerts, Switches::NONE, arrivals()),
        );
        assert!(one.failed.is_empty() && two.failed.is_empty(), "{one:?} {two:?}");
        world.rest().await;
        assert!(world.result().await == expected);
        assert!(world.all_is_told().await);
    }
}

#[tokio::test]
async fn a_clock_that_goes_wrong_loses_no_alert() {
    let expected = undisturbed().await;
    for hours in [-48, -1, 1, 48] {
        let mut world = world().await;
        for record in life() {
            world.send(&record).await;
        }
        while world.process().await {}
        // The notifier's clock jumps after each claim: claims may look taken, or long over.
        world.channel.failures.push_back(ChannelFault::LosesAnswer);
        while world.score().await {}
        world.tell().await;
        world.now += SignedDuration::from_hours(hours);
        world.tell().await;
        world.now += SignedDuration::from_hours(hours.abs() * 2);
        world.rest().await;
        assert!(world.result().await == expected);
        assert!(world.all_is_told().await, "{hours} hours");
    }
}

#[tokio::test]
async fn events_of_one_account_that_come_in_another_order_all_count_and_end() {
    let mut world = world().await;
    let mut life = life();
    life.reverse();
    for record in &life {
        world.send(record).await;
    }
    world.rest().await;
    let expected = undisturbed().await;
    let stored = world.result().await;
    for (account, of_account) in &stored.accounts {
        let ids = |each: &journeys::world::OfAccount| {
            each.cost_events
                .iter()
                .filter(|numbered| numbered.event.count() > 0)
                .map(|numbered| numbered.event.id.event.clone())
                .collect::<std::collections::BTreeSet<_>>()
        };
        let launches = |each: &journeys::world::OfAccount| {
            let all = ids(each);
            all.len()
        };
        assert!(launches(of_account) >= launches(&expected.accounts[account]) - 1);
        let running: i64 = of_account.anomalies.iter().map(|each| each.open.running).sum();
        let members = of_account.anomalies.iter().flat_map(|anomaly| &anomaly.members);
        let left = members.filter(|member| member.resource_type != "p4d.24xlarge");
        let left: u64 = left.map(|member| member.count).sum();
        assert_eq!(running, left.cast_signed(), "what had ended before it began runs no more");
    }
}

#[tokio::test]
async fn an_account_that_leaves_is_refused_and_its_data_go_after_the_grace_period() {
    use pipeline::lifecycle::{Change, change, purge};
    let mut world = world().await;
    for record in life() {
        world.send(&record).await;
    }
    world.rest().await;
    let account = AccountId::parse(ONE).unwrap();
    let scope = world.truth.owner(&account).await.unwrap().unwrap().scope;
    let now = world.now;
    let asks = (&Asker::Operator("ana".to_owned()), Change::Disconnect);
    change(&world.truth, &scope, &account, asks, now).await.unwrap();
    let late = call(ONE, 50, 50).run_instances("p4d.24xlarge", 1, None);
    assert_eq!(world.send(&late).await, Routed::Refused(Refusal::Disconnecting));

    let early = purge(&world.truth, now + SignedDuration::from_hours(47), || true).await.unwrap();
    assert_eq!(early.items, 0);
    let due = now + SignedDuration::from_hours(49);
    // It is broken off at every request, and goes on.
    for request in 1..200 {
        world.faults.plan(world.faults.requests() + request, Fault::DieAfter);
        let _ = purge(&world.table, due, || true).await;
        world.faults.revive();
    }
    assert_eq!(world.truth.count_left(&account).await.unwrap(), 0);
    assert_eq!(world.truth.owner(&account).await.unwrap(), None);
    // What was changed for the tenant is known all the same.
    let entries = world.truth.audit(&scope, Timestamp::UNIX_EPOCH).await.unwrap();
    let of_account = entries.iter().filter(|entry| entry.account.as_ref() == Some(&account));
    let what: Vec<&str> = of_account.map(|entry| entry.what.as_str()).collect();
    assert_eq!(what, ["connect", "disconnect"]);
    let other = AccountId::parse(TWO).unwrap();
    assert!(world.truth.count_left(&other).await.unwrap() > 0);
    assert_eq!(world.send(&late).await, Routed::Refused(Refusal::UnknownAccount));
}

#[tokio::test]
async fn a_sender_beyond_its_rate_has_to_wait_and_others_do_not() {
    use pipeline::rate::RateGate;
    let world = world().await;
    let gate = RateGate::new(100);
    let (one, two) = (AccountId::parse(ONE).unwrap(), AccountId::parse(TWO).unwrap());
    let mut admitted = 0;
    for _ in 0..500 {
        admitted += u32::from(gate.admit(&world.table, &one, world.now).await.is_ok());
    }
    assert!((95..=105).contains(&admitted), "{admitted}");
    assert!(gate.admit(&world.table, &two, world.now).await.is_ok());
    let next_minute = world.now + SignedDuration::from_mins(1);
    assert!(gate.admit(&world.table, &one, next_minute).await.is_ok());
}
