//! A tenant's day.

use crate::cards::dear;
use jiff::{SignedDuration, Timestamp};
use journeys::office::{Office, account, shown};
use journeys::tenant;
use pipeline::lifecycle::begin_digests;
use slack_double::Fault;
use store::Task;

fn digest() -> Task {
    Task::Digest { tenant: tenant().tenant().clone() }
}

#[tokio::test]
async fn a_digest_comes_once_a_day_by_the_tenant_s_own_clock() {
    let mut office = Office::furnished().await;
    office.ask("timezone America/New_York").await;
    begin_digests(&office.table, &tenant(), office.now()).await.unwrap();
    let far = office.now() + SignedDuration::from_hours(48);
    let dues = office.table.due(far, 10).await.unwrap().tasks;
    let due = dues.into_iter().find(|due| due.task == digest()).unwrap();
    let at: Timestamp = due.at.parse().unwrap();
    let zone = office.table.settings(&tenant()).await.unwrap().zone;
    assert_eq!(zone.local(at).time().to_string(), "09:00:00");
    office.ahead = at.duration_since(Timestamp::now()) + SignedDuration::from_secs(1);
    // Slack is away for the first try.
    office.slack.fail_next(Fault::Status(500, String::new()));
    office.rest().await;
    let [day] = office.cards().try_into().unwrap();
    assert!(day.text.contains("A quiet day"), "{day:?}");
    assert_eq!(day.blocks.as_array().unwrap().len(), 1, "a quiet day is one line");
    // The same stroke again: handed over twice, written once.
    office.table.set_due(&digest(), at).await.unwrap();
    office.rest().await;
    assert_eq!(office.cards().len(), 1);
    // The day on which the clocks are set back has an hour more.
    office.ahead += SignedDuration::from_hours(25);
    office.rest().await;
    assert_eq!(office.cards().len(), 2, "the next day has its own");
}

#[tokio::test]
async fn a_day_with_something_in_it_names_what_runs_what_moved_and_how_good_we_were() {
    let mut office = Office::furnished().await;
    let old = office.call("ana");
    office.happens(&old.run_instances("m5.4xlarge", 1, None)).await;
    office.ahead += SignedDuration::from_hours(9 * 24);
    let launch = office.call("ci");
    office.happens(&dear(&launch)).await;
    office.rest().await;
    let id = office.anomalies().await.pop().unwrap().id;
    office.ask(&format!("not-expected {id}")).await;
    let day = office.ask("digest now").await;
    for part in [
        "2 anomalies open (0 snoozed)",
        "4 × p4d.24xlarge",
        "more than a week ago",
        "Top movers of the week, services: ec2 +$94.86/h",
        "Top movers of the week, actors: user/ci +$94.86/h",
        "Still needed? ec2 ",
        "Our own record: 1 of 1 answered alerts were worth it",
    ] {
        assert!(day.contains(part), "{part}: {day}");
    }
    office.ahead += SignedDuration::from_hours(5 * 24);
    let day = office.ask("digest now").await;
    assert!(day.contains(&format!("Account {} has been silent for 5 d", account())), "{day}");
    assert!(office.cards().iter().all(|card| !shown(card).contains("Still needed")));
}
