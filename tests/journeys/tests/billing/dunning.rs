//! A payment fails: people are reminded, then the free tier begins, and nothing is deleted.

use domain::plan::{SubscriptionStatus, Tier};
use jiff::SignedDuration;
use journeys::counter::Counter;
use journeys::office::{Office, shown};
use std::time::Duration;
use stripe_double::{Card, Delivery, PERIOD};

const DAY: Duration = Duration::from_hours(24);

/// A tenant with three accounts whose card pays no more; it is the moment of the renewal.
async fn in_arrears() -> Counter {
    let mut counter = Counter::open().await;
    counter.may_connect().await.unwrap();
    counter.connect('3').await;
    counter.subscribe().await;
    counter.connect('1').await;
    counter.connect('2').await;
    counter.rest().await;
    counter.stripe.set_card(&counter.customer().await, Card::Declined).unwrap();
    counter.pass(PERIOD).await;
    counter
}

#[tokio::test]
async fn people_are_reminded_three_times_then_all_but_the_first_account_are_paused_until_it_is_paid()
 {
    let mut counter = in_arrears().await;
    let billing = counter.billing().await;
    assert_eq!(billing.status, Some(SubscriptionStatus::PastDue));
    assert_eq!(counter.notes.titles().len(), 0);
    for day in 1..=9 {
        counter.pass(DAY).await;
        let told = match day {
            ..=2 => 1,
            3..=6 => 2,
            7 => 3,
            _ => 4,
        };
        assert_eq!(counter.notes.titles().len(), told, "on day {day}");
        let paused = counter.accounts().await.iter().filter(|(_, watched)| !watched).count();
        assert_eq!(paused, if day < 8 { 0 } else { 2 }, "on day {day}");
    }
    assert_eq!(counter.accounts().await, [('1', false), ('2', false), ('3', true)]);
    assert_eq!(counter.billing().await.tier, Tier::Free);
    let last = &counter.notes.all()[2];
    assert!(last.lines[1].text.contains("account 333333333333 alone"), "{last:?}");
    assert!(last.lines[1].text.contains("Nothing is deleted"), "{last:?}");
    assert!(counter.may_connect().await.is_err());

    counter.stripe.set_card(&counter.customer().await, Card::Pays).unwrap();
    counter.stripe.deliver(Delivery::Reversed).await;
    counter.rest().await;
    assert_eq!(counter.accounts().await, [('1', true), ('2', true), ('3', true)]);
    let billing = counter.billing().await;
    assert_eq!((billing.tier, billing.payment_failed_at), (Tier::Pro, None));
    assert_eq!(counter.stripe.subscriptions()[0].quantity, 3);
    counter.pass(DAY * 20).await;
    assert_eq!(counter.notes.titles().len(), 4, "nothing more is said");
}

#[tokio::test]
async fn who_pays_between_two_reminders_hears_no_more() {
    let mut counter = in_arrears().await;
    counter.pass(DAY * 2).await;
    counter.stripe.set_card(&counter.customer().await, Card::Pays).unwrap();
    counter.pass(DAY * 7).await;
    assert_eq!(counter.notes.titles().len(), 1);
    assert_eq!(counter.accounts().await, [('1', true), ('2', true), ('3', true)]);
    // The next failure is another one.
    counter.stripe.set_card(&counter.customer().await, Card::Declined).unwrap();
    counter.pass(DAY * 21).await;
    counter.pass(DAY).await;
    assert_eq!(counter.notes.titles().len(), 2);
}

#[tokio::test]
async fn after_a_clock_that_stood_still_people_have_a_day() {
    let mut counter = in_arrears().await;
    counter.pass(DAY * 15).await;
    assert_eq!(counter.notes.titles().len(), 1, "what was missed is not made up for");
    assert_eq!(counter.billing().await.tier, Tier::Pro);
    counter.pass(DAY).await;
    assert_eq!(counter.notes.titles().len(), 2);
    assert_eq!(counter.billing().await.tier, Tier::Free);
}

#[tokio::test]
async fn reminders_stand_in_slack() {
    let office = Office::furnished().await;
    let (table, faults) = (office.table.clone(), journeys::faults::Faults::default());
    let mut counter = Counter::over(table.clone(), table, faults).await;
    counter.may_connect().await.unwrap_err();
    // The office was opened by the machine's clock.
    counter.now = office.now();
    let lines = office.lines();
    counter.stripe.pay(&counter.checkout().await).unwrap();
    counter.stripe.deliver(Delivery::InOrder).await;
    counter.rest_telling(&lines).await;
    counter.stripe.set_card(&counter.customer().await, Card::Declined).unwrap();
    counter.stripe.advance(PERIOD);
    counter.stripe.deliver(Delivery::InOrder).await;
    let failed_at = counter.stripe.subscriptions()[0].invoice.1;
    let failed_at = jiff::Timestamp::from_second(i64::try_from(failed_at).unwrap()).unwrap();
    counter.now = failed_at + SignedDuration::from_hours(25);
    // Slack is away for the first try.
    office.slack.fail_next(slack_double::Fault::Status(500, String::new()));
    counter.rest_telling(&lines).await;
    let [card] = office.cards().try_into().unwrap();
    assert!(card.text.contains("A payment for dd0c/cost failed"), "{card:?}");
    assert!(shown(&card).contains("we remind you"), "{card:?}");
}
