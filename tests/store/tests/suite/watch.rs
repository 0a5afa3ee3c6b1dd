//! Calls that may have blinded the watch: stored once, told once.

use domain::watch::WatchEvent;
use jiff::Timestamp;
use store::{Claimed, Table};
use store_engines::sample::{account, account_named, minute, stopped_trail};
use store_engines::{on_each_engine, patiently};

async fn claim(table: &Table, event: &WatchEvent, now: Timestamp, until: Timestamp) -> Claimed {
    let which = (event.time, &event.id);
    patiently(async || table.claim_watch(&event.account, which, (now, until)).await).await
}

fn ours(event: &WatchEvent) -> Claimed {
    Claimed::Ours(Box::new(event.clone()))
}

#[tokio::test]
async fn a_call_that_comes_again_is_stored_once() {
    on_each_engine("watch-once", async |_, table| {
        let event = stopped_trail(1);
        let record = async || table.record_watch(&event).await;
        let ends = tokio::join!(patiently(record), patiently(record), patiently(record));
        assert_eq!([ends.0, ends.1, ends.2].iter().filter(|new| **new).count(), 1);
        assert!(!table.record_watch(&event).await.unwrap());
        assert_eq!(table.untold_watch_events(&account()).await.unwrap(), [event]);
    })
    .await;
}

#[tokio::test]
async fn calls_that_people_were_not_told_of_are_listed_by_time() {
    on_each_engine("watch-untold", async |_, table| {
        let [first, second, third] = [1, 2, 3].map(stopped_trail);
        let elsewhere = WatchEvent { account: account_named("222222222222"), ..stopped_trail(4) };
        for event in [&third, &first, &second, &elsewhere] {
            assert!(table.record_watch(event).await.unwrap());
        }
        let untold = async || table.untold_watch_events(&account()).await.unwrap();
        assert_eq!(untold().await, [first.clone(), second.clone(), third.clone()]);
        table.mark_watch_told(&second, minute(10)).await.unwrap();
        assert_eq!(untold().await, [first, third]);
    })
    .await;
}

#[tokio::test]
async fn a_call_is_claimed_released_claimed_again_and_told() {
    on_each_engine("watch-claimed", async |_, table| {
        let event = stopped_trail(1);
        table.record_watch(&event).await.unwrap();
        assert_eq!(claim(&table, &event, minute(0), minute(5)).await, ours(&event));
        assert_eq!(claim(&table, &event, minute(5), minute(9)).await, Claimed::InProgress);
        table.release_watch(&event).await.unwrap();
        assert_eq!(claim(&table, &event, minute(1), minute(5)).await, ours(&event));
        assert_eq!(claim(&table, &event, minute(6), minute(9)).await, ours(&event));
        table.mark_watch_told(&event, minute(7)).await.unwrap();
        for late in [7, 100] {
            let again = claim(&table, &event, minute(late), minute(200)).await;
            assert_eq!(again, Claimed::AlreadyDone, "minute {late}");
        }
        table.release_watch(&event).await.unwrap();
        let again = claim(&table, &event, minute(100), minute(200)).await;
        assert_eq!(again, Claimed::AlreadyDone);
    })
    .await;
}

#[tokio::test]
async fn of_four_who_claim_a_call_at_once_one_tells() {
    on_each_engine("watch-four", async |_, table| {
        let event = stopped_trail(1);
        table.record_watch(&event).await.unwrap();
        let claim = async || claim(&table, &event, minute(0), minute(5)).await;
        let ends = tokio::join!(claim(), claim(), claim(), claim());
        let ends = [ends.0, ends.1, ends.2, ends.3];
        assert_eq!(ends.iter().filter(|end| **end == ours(&event)).count(), 1, "{ends:?}");
        assert_eq!(ends.iter().filter(|end| **end == Claimed::InProgress).count(), 3, "{ends:?}");
    })
    .await;
}

#[tokio::test]
async fn a_call_that_is_not_there_needs_no_telling_and_is_not_made() {
    on_each_engine("watch-missing", async |_, table| {
        let event = stopped_trail(1);
        let claimed = claim(&table, &event, minute(0), minute(5)).await;
        assert_eq!(claimed, Claimed::AlreadyDone);
        table.release_watch(&event).await.unwrap();
        table.mark_watch_told(&event, minute(1)).await.unwrap();
        assert_eq!(table.count_left(&account()).await.unwrap(), 0);
    })
    .await;
}
