//! Cards and their threads.

use jiff::{SignedDuration, Timestamp};
use journeys::office::{Office, account, shown};
use pipeline::alert::{About, Alert};
use pipeline::tell::Telling;
use sample_trail::{Call, Record};
use slack_double::Fault;

/// Four machines that cost $114 an hour.
pub(crate) fn dear(call: &Call) -> Record {
    call.run_instances("p4d.24xlarge", 4, None)
}

fn ids(call: &Call, count: u64) -> Vec<String> {
    (0..count).map(|nth| call.instance_id(nth)).collect()
}

#[tokio::test]
async fn a_card_its_thread_expected_and_the_end() {
    let mut office = Office::furnished().await;
    let launch = office.call("ci");
    office.happens(&dear(&launch)).await;
    office.rest().await;
    let [card] = office.cards().try_into().unwrap();
    assert!(shown(&card).contains("CRITICAL") && shown(&card).contains("4 × p4d.24xlarge"));
    let more = office.call("ci");
    office.happens(&more.run_instances("g5.12xlarge", 2, None)).await;
    office.rest().await;
    assert_eq!(office.replies().len(), 1);
    let [card] = office.cards().try_into().unwrap();
    assert!(shown(&card).contains("and 1 more alert"), "{card:?}");

    office.press(&card, "expected").await;
    let [card] = office.cards().try_into().unwrap();
    assert!(shown(&card).contains("👍 EXPECTED"), "{card:?}");
    assert!(shown(&card).contains("Expected, says ana"), "who it was");
    assert!(!shown(&card).contains("anomaly:expected"), "said once, it needs no button");
    assert!(!office.table.expectations(&account()).await.unwrap().is_empty());
    let audit = office.table.audit(&journeys::tenant(), Timestamp::MIN).await.unwrap();
    assert!(audit.iter().any(|entry| entry.what == "answer" && entry.who.contains("ana")));

    let mut all = ids(&launch, 4);
    all.extend(ids(&more, 2));
    let end = office.call("bo");
    office.happens(&end.terminate_instances(&all)).await;
    office.rest().await;
    let [card] = office.cards().try_into().unwrap();
    assert!(shown(&card).contains("✅ RESOLVED") && shown(&card).contains("by user/bo"));
    assert!(!shown(&card).contains("anomaly:snooze"), "what has ended cannot be snoozed");
    let replies = office.replies();
    assert_eq!(replies.len(), 3, "{replies:#?}");
    let anomaly = office.anomalies().await.remove(0);
    let message = anomaly.told.message.clone().unwrap();
    assert!(message.permalink.unwrap().contains("/archives/"));
    assert!(!anomaly.is_untold() && anomaly.told.undelivered.is_none());
}

#[tokio::test]
async fn sixty_launches_are_a_card_and_a_few_lines() {
    let mut office = Office::furnished().await;
    for _ in 0..60 {
        let launch = office.call("loop");
        office.happens(&launch.run_instances("g5.xlarge", 1, None)).await;
        office.rest().await;
        office.ahead += SignedDuration::from_secs(10);
    }
    office.ahead += SignedDuration::from_mins(6);
    office.rest().await;
    let [card] = office.cards().try_into().unwrap();
    let replies = office.replies();
    assert!((2..=8).contains(&replies.len()), "{replies:#?}");
    assert!(replies.last().unwrap().contains("further alerts"), "{replies:#?}");
    let alerts = office.anomalies().await[0].alerts;
    assert!(shown(&card).contains(&format!("{alerts} alerts")), "{card:?}");
    assert!(shown(&card).contains("machines of later alerts"), "how to stop them: {card:?}");
    assert!(!office.anomalies().await[0].is_untold(), "nothing is left out");
}

#[tokio::test]
async fn snoozed_it_is_silent_until_it_gets_louder_or_the_time_is_over() {
    let mut office = Office::furnished().await;
    let first = office.call("ci");
    office.happens(&first.run_instances("g5.12xlarge", 1, None)).await;
    office.rest().await;
    let [card] = office.cards().try_into().unwrap();
    office.press(&card, "snooze_1h").await;
    let [card] = office.cards().try_into().unwrap();
    assert!(shown(&card).contains("💤 SNOOZED") && shown(&card).contains("says ana"));
    let told = office.replies().len();

    office.ahead += SignedDuration::from_mins(10);
    let quiet = office.call("ci");
    office.happens(&quiet.run_instances("g5.xlarge", 1, None)).await;
    office.rest().await;
    assert_eq!(office.replies().len(), told, "more of the same is silent");

    let loud = office.call("ci");
    office.happens(&dear(&loud)).await;
    office.rest().await;
    assert!(office.replies().last().unwrap().contains("now critical"), "{:?}", office.replies());

    office.ahead += SignedDuration::from_hours(1);
    office.rest().await;
    let replies = office.replies();
    assert!(replies.last().unwrap().contains("The snooze is over"), "{replies:#?}");
    let [card] = office.cards().try_into().unwrap();
    assert!(shown(&card).contains("🔴 CRITICAL") && !shown(&card).contains("SNOOZED"));
}

#[tokio::test]
async fn two_notifiers_on_one_anomaly_send_one_card() {
    let mut office = Office::furnished().await;
    let launch = office.call("ci");
    office.happens(&dear(&launch)).await;
    let id = office.anomalies().await.remove(0).id;
    let about = About::Anomaly(id);
    let alert = Alert { account: account(), about, stored_at: office.now() };
    let (one, other) = tokio::join!(office.tell(&alert), office.tell(&alert));
    let told = [&one, &other].iter().filter(|told| matches!(told, Ok(Telling::Told(_)))).count();
    assert_eq!(told, 1, "{one:?} {other:?}");
    office.rest().await;
    assert_eq!((office.cards().len(), office.replies().len()), (1, 0));
}

#[tokio::test]
async fn a_storm_of_429_loses_nothing() {
    let mut office = Office::furnished().await;
    office.slack.storm(25, 1);
    for user in ["ana", "bo", "ci"] {
        let launch = office.call(user);
        office.happens(&dear(&launch)).await;
    }
    office.rest().await;
    assert_eq!(office.cards().len(), 3);
    assert!(office.anomalies().await.iter().all(|anomaly| !anomaly.is_untold()));
}

#[tokio::test]
async fn an_answer_that_is_lost_doubles_a_card_at_most() {
    let mut office = Office::furnished().await;
    let launch = office.call("ci");
    office.slack.fail_next(Fault::Lost);
    office.happens(&dear(&launch)).await;
    // The client waits for its answer until it gives up.
    office.rest().await;
    assert!((1..=2).contains(&office.cards().len()));
    assert!(!office.anomalies().await[0].is_untold());
}
