//! Which channel is told, and when.

use crate::cards::dear;
use jiff::{SignedDuration, Timestamp};
use journeys::office::{Office, account, shown};
use journeys::tenant;
use slack_double::{CHANNEL, Channel, WORKSPACE};

/// An office with two more channels: one for alarms, one that is archived.
async fn with_rooms() -> Office {
    let office = Office::furnished().await;
    office.slack.set_channel(WORKSPACE, Channel::new("C0ALARM", "alarms")).unwrap();
    let archived = Channel { archived: true, ..Channel::new("C0OLD", "old") };
    office.slack.set_channel(WORKSPACE, archived).unwrap();
    office
}

async fn route(office: &Office, channel: &str, text: &str) {
    let asked = office.slack.command("ana", channel, text).await.unwrap();
    assert!(asked.is_ok(), "{asked:?}");
    office.rest().await;
}

#[tokio::test]
async fn what_gets_louder_moves_to_where_loud_alerts_are_read() {
    let mut office = with_rooms().await;
    route(&office, "C0ALARM", "here critical").await;
    let launch = office.call("ci");
    office.happens(&launch.run_instances("g5.12xlarge", 1, None)).await;
    office.rest().await;
    let [card] = office.cards().try_into().unwrap();
    assert_eq!(card.channel, CHANNEL);
    let more = office.call("ci");
    office.happens(&dear(&more)).await;
    office.rest().await;
    let cards = office.cards();
    let rooms: Vec<&str> = cards.iter().map(|card| card.channel.as_str()).collect();
    assert_eq!(rooms, [CHANNEL, "C0ALARM"]);
    assert!(cards.iter().all(|card| shown(card).contains("CRITICAL")), "{cards:?}");
    // From now on the loud room's card is the one that is kept up to date.
    let moved = office.anomalies().await.remove(0).told.message.unwrap();
    assert_eq!(moved.channel, "C0ALARM");
}

#[tokio::test]
async fn a_room_of_its_own_for_an_account() {
    let mut office = with_rooms().await;
    route(&office, "C0ALARM", &format!("here {}", account())).await;
    let launch = office.call("ci");
    office.happens(&dear(&launch)).await;
    office.rest().await;
    assert_eq!(office.cards()[0].channel, "C0ALARM");
}

#[tokio::test]
async fn a_room_that_takes_nothing_gives_way_to_the_first() {
    let mut office = with_rooms().await;
    for channel in ["C0OLD", "C0NOWHERE"] {
        let route = domain::tenant::Route {
            account: None,
            at_least: domain::decision::Severity::Info,
            channel: channel.to_owned(),
        };
        let asker = domain::governance::Asker::Operator("ana".to_owned());
        let by = (&asker, office.now());
        pipeline::settings::change(&office.table, &tenant(), by, |all| all.route(route.clone()))
            .await
            .unwrap();
        let launch = office.call(channel);
        office.happens(&dear(&launch)).await;
        office.rest().await;
    }
    assert!(office.cards().iter().all(|card| card.channel == CHANNEL));
    assert_eq!(office.cards().len(), 2);
}

#[tokio::test]
async fn where_no_room_takes_anything_it_says_so_and_is_tried_again() {
    let mut office = with_rooms().await;
    let closed = Channel { has_bot: false, ..Channel::new(CHANNEL, "cost-alerts") };
    office.slack.set_channel(WORKSPACE, closed).unwrap();
    let launch = office.call("ci");
    office.happens(&dear(&launch)).await;
    office.rest().await;
    let why = office.anomalies().await.remove(0).told.undelivered.unwrap();
    assert!(why.contains("invite the app"), "{why}");
    office.slack.set_channel(WORKSPACE, Channel::new(CHANNEL, "cost-alerts")).unwrap();
    office.ahead += SignedDuration::from_mins(61);
    office.rest().await;
    assert_eq!(office.cards().len(), 1);
    assert_eq!(office.anomalies().await[0].told.undelivered, None);
}

#[tokio::test]
async fn at_night_what_is_only_worth_knowing_waits_for_the_morning() {
    let mut office = Office::furnished().await;
    // Quiet from an hour ago until in two hours, by the clock of UTC.
    let hour = |at: Timestamp| at.strftime("%H:%M").to_string();
    let from = hour(office.now() - SignedDuration::from_hours(1));
    let to = hour(office.now() + SignedDuration::from_hours(2));
    office.ask(&format!("quiet {from}-{to}")).await;
    let quiet = office.call("ana");
    office.happens(&quiet.run_instances("m5.4xlarge", 1, None)).await;
    let loud = office.call("ci");
    office.happens(&dear(&loud)).await;
    office.rest().await;
    let [card] = office.cards().try_into().unwrap();
    assert!(card.text.contains("user/ci"), "the loud one comes at once: {card:?}");
    office.ahead += SignedDuration::from_mins(122);
    office.rest().await;
    let cards = office.cards();
    assert_eq!(cards.len(), 2);
    assert!(cards[1].text.contains("INFO") && cards[1].text.contains("user/ana"), "{cards:?}");
}
