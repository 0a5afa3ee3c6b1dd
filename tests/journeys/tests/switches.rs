//! Flags, from the document to what is stored and told: a part is switched off where its flag is
//! off, and the safety net nowhere.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::ids::AccountId;
use flags::{CHANNELS, Document, Evaluator, of_channel};
use jiff::{SignedDuration, Timestamp};
use journeys::world::World;
use pipeline::receive::receive;
use pipeline::switches::Switches;
use pricing::Book;
use sample_trail::{Call, Caller, Record, envelope};

const ONE: &str = "111122223333";
/// For `parser.ec2` it has another place than the first.
const TWO: &str = "777788889999";

fn call(account: &str, serial: u64) -> Call {
    Call {
        account: account.to_owned(),
        region: "us-east-1",
        at: Timestamp::from_second(1_780_272_000 + i64::try_from(serial).unwrap() * 60).unwrap(),
        caller: Caller::User("ops"),
        serial,
    }
}

fn gpus(account: &str, serial: u64) -> Record {
    call(account, serial).run_instances("p4d.24xlarge", 1, None)
}

/// The flags, with these at a percentage for an hour from `now` on.
async fn with(flags: &[(String, u8)], now: Timestamp) -> Evaluator {
    let until = now + SignedDuration::from_hours(1);
    let own = |(name, percent): &(String, u8)| {
        format!(r#""{name}":{{"rollout_percent":{percent},"until":"{until}","reason":"a drill"}}"#)
    };
    let text = format!("{{{}}}", flags.iter().map(own).collect::<Vec<_>>().join(","));
    Evaluator::new(Document::compiled_in().unwrap().with_overrides(&text, now).unwrap()).await
}

/// A percentage at which a flag is on for one of the two accounts and off for the other; the one
/// for which it is off.
async fn between(flag: &str, parser: &str, now: Timestamp) -> (Evaluator, &'static str) {
    for percent in 1..100 {
        let evaluator = with(&[(flag.to_owned(), percent)], now).await;
        let on = [ONE, TWO].map(|account| evaluator.is_parser_on(account, parser, now));
        match on {
            [true, false] => return (evaluator, TWO),
            [false, true] => return (evaluator, ONE),
            _ => {}
        }
    }
    unreachable!("the accounts have one place");
}

#[tokio::test]
async fn a_parser_is_off_for_the_accounts_outside_of_its_rollout_alone() {
    let world = World::new(&[ONE, TWO]).await;
    let (evaluator, outside) = between("parser.ec2", "ec2", world.now).await;
    let bodies = [gpus(ONE, 1), gpus(TWO, 2)].map(|record| envelope(&record).to_string());
    let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
    let mut received = Vec::new();
    // The override is over an hour later: what came meanwhile is not lost to who sends it again.
    for at in [world.now, world.now + SignedDuration::from_hours(1)] {
        let switches = Switches::at(&evaluator, at);
        received.push(receive(&world.truth, Book::builtin(), switches, &bodies, None).await);
    }
    let skipped = received[0].skipped.iter().map(|(reason, count)| (reason.code(), *count));
    assert_eq!(skipped.collect::<Vec<_>>(), [("parser_off", 1)]);
    assert!(received.iter().all(|each| each.failed.is_empty()), "{received:?}");
    let accounts = received.iter().map(|each| &each.cost_events).map(|stored| {
        stored.iter().map(|numbered| numbered.event.account.as_str()).collect::<Vec<_>>()
    });
    let inside = if outside == ONE { TWO } else { ONE };
    assert_eq!(accounts.collect::<Vec<_>>(), [[inside], [outside]]);
    assert_eq!((received[1].duplicates, received[1].skipped.len()), (1, 0));
}

#[tokio::test]
async fn with_every_channel_off_the_safety_net_still_alerts() {
    let mut world = World::new(&[ONE]).await;
    let off: Vec<(String, u8)> = CHANNELS.map(|channel| (of_channel(channel), 0)).into();
    world.flags = with(&off, world.now).await;
    world.send(&gpus(ONE, 1)).await;
    world.rest().await;
    assert_eq!(world.channel.heard.len(), 1);
    let account = AccountId::parse(ONE).unwrap();
    let anomaly = world.truth.anomalies(&account).await.unwrap().remove(0);
    let reasons = anomaly.members[0].reasons.join("; ");
    assert!(reasons.contains("is above $5.00/h, the limit"), "{reasons}");
}
