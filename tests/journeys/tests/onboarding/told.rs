//! That we are partly blind is told once, and once that we see again.

use crate::house::{House, account, create};
use crate::played::region;
use domain::health::{RuleProblem, TrailProblem};
use journeys::faults::{Fault, QueueFault};
use journeys::world::ChannelFault;
use pipeline::alert::{About, Alert};
use pipeline::error::Failure;
use pipeline::ports::{Message, Queue};

async fn blind(house: &mut House) {
    house.customer.set().trail = Some(TrailProblem::NotLogging);
    house.after(24 * 60).await;
}

#[tokio::test]
async fn people_hear_once_that_we_are_blind_and_once_that_we_see_again() {
    let mut house = House::connected().await;
    blind(&mut house).await;
    for _ in 0..9 {
        house.after(24 * 60).await;
    }
    let [note] = house.world.channel.notes.clone().try_into().unwrap();
    assert_eq!(note.title, "Account 111122223333: we are partly blind.");
    let [line] = note.lines.try_into().unwrap();
    assert_eq!(line.text, TrailProblem::NotLogging.text());
    let outdated = RuleProblem::Outdated(vec!["dd0c-cost-watchdog-1".to_owned()]);
    house.customer.set().rules.insert(region("eu-west-1"), outdated);
    house.customer.set().trail = None;
    house.comes_back("eu-west-1").await;
    house.comes_back("us-east-1").await;
    house.after(24 * 60).await;
    house.comes_back("eu-west-1").await;
    house.comes_back("us-east-1").await;
    house.after(24 * 60).await;
    let [_, note] = house.world.channel.notes.clone().try_into().unwrap();
    assert_eq!(note.title, "Account 111122223333: all is watched again.");
    let [line] = note.lines.try_into().unwrap();
    assert!(line.text.contains("eu-west-1") && line.text.contains("earlier"), "{}", line.text);
}

#[tokio::test]
async fn at_most_ten_findings_are_named() {
    let mut house = House::new().await;
    house.begin().await;
    for nth in 1..=13 {
        let region = region(&format!("eu-test-{nth}"));
        house.customer.set().regions.push(region);
    }
    house.called(&create("1")).await.unwrap();
    house.finish_without_past().await;
    let regions = house.customer.set().regions.clone();
    for region in regions {
        let problem = RuleProblem::Disabled(vec!["dd0c-cost-calls-1".to_owned()]);
        house.customer.set().rules.insert(region, problem);
    }
    house.after(15).await;
    let note = house.world.channel.notes.pop().unwrap();
    assert_eq!(note.lines.len(), 11);
    assert_eq!(note.lines[10].text, "and 5 more");
}

#[tokio::test]
async fn a_channel_that_is_away_hears_of_it_later() {
    let mut house = House::connected().await;
    let away = || ChannelFault::Refuses(Failure::Closed("archived".to_owned()));
    house.world.channel.failures.extend([away(), away()]);
    blind(&mut house).await;
    assert_eq!(house.notes().len(), 1);
}

#[tokio::test]
async fn a_message_that_comes_twice_or_too_late_is_told_once_or_not() {
    let mut house = House::connected().await;
    blind(&mut house).await;
    let at = house.checkup().await.turned_at.unwrap();
    let again = Alert { account: account(), about: About::Health { at }, stored_at: at };
    assert_eq!(Alert::from_json(&again.to_json()), Ok(again.clone()));
    house.world.alerts.send(vec![Message::of(again.to_json())]).await.unwrap();
    while house.world.tell().await {}
    assert_eq!(house.notes().len(), 1);
    house.customer.set().trail = None;
    house.after(24 * 60).await;
    house.world.alerts.send(vec![Message::of(again.to_json())]).await.unwrap();
    while house.world.tell().await {}
    assert!(house.notes().iter().filter(|note| note.contains("blind")).count() <= 1);
}

/// Wherever the process that looks dies, people hear of it, and once.
#[tokio::test]
async fn a_look_that_is_broken_off_at_any_write_is_told_all_the_same() {
    let mut house = House::connected().await;
    let before = house.world.faults.requests();
    blind(&mut house).await;
    let requests = house.world.faults.requests() - before;
    assert!(requests > 10, "{requests}");
    for fault in [Fault::DieBefore, Fault::DieAfter] {
        for request in 1..=requests {
            let mut house = House::connected().await;
            house.world.faults.plan(house.world.faults.requests() + request, fault);
            blind(&mut house).await;
            house.world.faults.revive();
            // A claim of one who died runs out; the clock and the queue bring what is left.
            house.world.rest().await;
            house.finish().await;
            house.world.rest().await;
            let notes = house.notes();
            assert!(!notes.is_empty(), "{fault:?} at {request}: {notes:?}");
            let blind = notes.iter().all(|note| note.ends_with("we are partly blind."));
            // A message that was posted just before the process died is posted again.
            assert!(blind && notes.len() <= 2, "{fault:?} at {request}: {notes:?}");
        }
    }
}

#[tokio::test]
async fn what_could_not_be_sent_is_sent_at_the_next_look() {
    let mut house = House::connected().await;
    let sending = house.world.to_alerts.sendings() + 1;
    house.world.to_alerts.plan(sending, QueueFault::Refuse);
    blind(&mut house).await;
    assert_eq!(house.notes().len(), 1);
    assert_eq!(house.checkup().await.told_of, house.checkup().await.turned_at);
}
