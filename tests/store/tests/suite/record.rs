//! Cost events and resources: stored once, whoever tries how often.

use domain::cost_event::{CostEvent, CostEventId, Effect};
use domain::ids::EventId;
use domain::open_resource::{Before, LastChange, OpenResource, RunState};
use std::collections::BTreeSet;
use store::{Head, Numbered, Recorded, StoreError, Table};
use store_engines::sample::{
    account, account_named, cost_event_id, event_id, instance, minute, opened_by, start, usd,
};
use store_engines::{on_each_engine, patiently};

async fn record(table: &Table, above: u64, events: Vec<CostEvent>) -> Recorded {
    patiently(async || table.record(&account(), Head(above), events.clone(), &[]).await).await
}

fn numbers(recorded: &Recorded) -> Vec<u64> {
    match recorded {
        Recorded::Stored(events) => events.iter().map(|numbered| numbered.number).collect(),
        other => panic!("not stored: {other:?}"),
    }
}

fn known(serials: &[u64]) -> Recorded {
    Recorded::Known(serials.iter().map(|serial| event_id(*serial)).collect())
}

#[tokio::test]
async fn cost_events_are_numbered_in_the_order_in_which_they_are_stored() {
    on_each_engine("numbered", async |_, table| {
        assert_eq!(numbers(&record(&table, 0, vec![start(3), start(1)]).await), [1, 2]);
        assert_eq!(numbers(&record(&table, 2, vec![start(2)]).await), [3]);
        assert_eq!(table.head(&account()).await.unwrap(), Head(3));
        let after = |above| {
            let table = table.clone();
            async move { table.cost_events_after(&account(), above).await.unwrap() }
        };
        let numbered = |serial, number| Numbered { event: start(serial), number };
        assert_eq!(after(0).await, [numbered(3, 1), numbered(1, 2), numbered(2, 3)]);
        assert_eq!(after(2).await, [numbered(2, 3)]);
        assert_eq!(after(3).await, []);
    })
    .await;
}

#[tokio::test]
async fn an_event_that_comes_again_is_known_and_changes_nothing() {
    on_each_engine("again", async |_, table| {
        let (first, second) = (start(1), start(2));
        let resource = opened_by(&first, "i-1");
        let ended = OpenResource { state: RunState::Gone, ..resource.clone() };
        let record = async |above, events: &[CostEvent], resources: &[OpenResource]| {
            table.record(&account(), Head(above), events.to_vec(), resources).await.unwrap()
        };
        let stored = record(0, std::slice::from_ref(&first), std::slice::from_ref(&resource)).await;
        assert_eq!(numbers(&stored), [1]);
        for head in [0, 1] {
            let again =
                record(head, &[second.clone(), first.clone()], std::slice::from_ref(&ended)).await;
            assert_eq!(again, known(&[1]), "head {head}");
        }
        assert_eq!(table.head(&account()).await.unwrap(), Head(1));
        let there = table.cost_event(&account(), second.time, &second.id).await.unwrap();
        assert_eq!(there, None);
        assert_eq!(table.resources(&account(), [&resource.id]).await.unwrap(), [resource]);
    })
    .await;
}

#[tokio::test]
async fn whoever_has_read_an_old_head_reads_again() {
    on_each_engine("outdated", async |_, table| {
        record(&table, 0, vec![start(1)]).await;
        for old in [0, 5] {
            assert_eq!(record(&table, old, vec![start(2)]).await, Recorded::Outdated, "head {old}");
        }
        assert_eq!(table.head(&account()).await.unwrap(), Head(1));
        assert_eq!(numbers(&record(&table, 1, vec![start(2)]).await), [2]);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_write_at_once_one_writes_and_the_other_reads_again() {
    on_each_engine("two-writers", async |_, table| {
        let (one, other) =
            tokio::join!(record(&table, 0, vec![start(1)]), record(&table, 0, vec![start(2)]));
        let stored = |recorded: &Recorded| matches!(recorded, Recorded::Stored(_));
        assert_eq!([&one, &other].into_iter().filter(|each| stored(each)).count(), 1);
        assert!([one, other].contains(&Recorded::Outdated));
        assert_eq!(table.cost_events_after(&account(), 0).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn of_four_who_bring_the_same_event_at_once_one_stores_it() {
    on_each_engine("same-event", async |_, table| {
        let bring = async || record(&table, 0, vec![start(1)]).await;
        let ends = tokio::join!(bring(), bring(), bring(), bring());
        let ends = [ends.0, ends.1, ends.2, ends.3];
        let stored = ends.iter().filter(|end| matches!(end, Recorded::Stored(_))).count();
        let known = ends.iter().filter(|end| **end == known(&[1])).count();
        assert_eq!((stored, known), (1, 3), "{ends:?}");
        assert_eq!(table.head(&account()).await.unwrap(), Head(1));
    })
    .await;
}

#[tokio::test]
async fn a_cost_event_comes_back_as_it_was_stored() {
    on_each_engine("as-stored", async |_, table| {
        let mut full = start(1);
        full.ended_already = 3;
        full.resources = vec!["i-1".to_owned(), "with space, ünïcode and \"quotes\"".to_owned()];
        full.effects = vec![
            Effect { opened_by: cost_event_id(8), running: -2, hourly: usd("-0.0000000001") },
            Effect { opened_by: cost_event_id(9), running: 2, hourly: usd("0") },
        ];
        let part = CostEventId { part: 1, ..full.id.clone() };
        let second_part = CostEvent { id: part, ..start(1) };
        record(&table, 0, vec![full.clone(), second_part.clone()]).await;
        for event in [full, second_part] {
            let stored = table.cost_event(&account(), event.time, &event.id).await.unwrap();
            assert_eq!(stored, Some(event));
        }
    })
    .await;
}

#[tokio::test]
async fn what_an_event_lacks_is_lacking_when_it_comes_back() {
    on_each_engine("lacking", async |_, table| {
        let mut bare = start(1);
        bare.launcher = None;
        bare.resources = Vec::new();
        bare.estimate = domain::price::Estimate::default();
        bare.actor.person = None;
        bare.actor.invoked_by = Some(String::new());
        let mut resource = opened_by(&bare, "i-1");
        resource.spec = None;
        resource.members = BTreeSet::new();
        resource.raised_by = None;
        resource.last_change.before = Before::default();
        let resources = [resource];
        table.record(&account(), Head(0), vec![bare.clone()], &resources).await.unwrap();
        let stored = table.cost_event(&account(), bare.time, &bare.id).await.unwrap();
        assert_eq!(stored, Some(bare));
        assert_eq!(table.resources(&account(), [&resources[0].id]).await.unwrap(), resources);
    })
    .await;
}

#[tokio::test]
async fn an_empty_batch_is_stored_at_once() {
    on_each_engine("empty-batch", async |_, table| {
        assert_eq!(record(&table, 0, Vec::new()).await, Recorded::Stored(Vec::new()));
        assert_eq!(table.head(&account()).await.unwrap(), Head(0));
        assert!(table.accounts().await.unwrap().is_empty());
    })
    .await;
}

fn fleet(event: &CostEvent, size: usize) -> Vec<OpenResource> {
    (0..size).map(|nth| opened_by(event, &format!("i-{nth:03}"))).collect()
}

#[tokio::test]
async fn one_event_may_open_more_resources_than_a_transaction_holds() {
    on_each_engine("large-fleet", async |_, table| {
        let event = start(1);
        let fleet = fleet(&event, 250);
        let stored = table.record(&account(), Head(0), vec![event.clone()], &fleet).await.unwrap();
        assert_eq!(numbers(&stored), [1]);
        let ids = fleet.iter().map(|resource| &resource.id);
        let mut found = table.resources(&account(), ids).await.unwrap();
        found.sort_by(|a, b| a.id.cmp(&b.id));
        assert_eq!(found, fleet);
        let again = table.record(&account(), Head(1), vec![event], &fleet).await.unwrap();
        assert_eq!(again, known(&[1]));
    })
    .await;
}

#[tokio::test]
async fn what_is_written_beside_a_transaction_never_replaces_something_newer() {
    on_each_engine("surplus", async |_, table| {
        let (early, late) = (start(1), start(9));
        let last = instance("i-149");
        let newer = OpenResource { state: RunState::Gone, ..opened_by(&late, "i-149") };
        table.record(&account(), Head(0), vec![late], std::slice::from_ref(&newer)).await.unwrap();
        let fleet = fleet(&early, 150);
        table.record(&account(), Head(1), vec![early.clone()], &fleet).await.unwrap();
        assert_eq!(table.resources(&account(), [&last]).await.unwrap(), [newer]);
        // Something older gives way.
        let later = CostEvent { time: minute(20), ..start(20) };
        let mut fleet = fleet;
        for resource in &mut fleet {
            let (event, at) = (later.id.event.clone(), later.time);
            resource.last_change = LastChange { event, at, before: Before::default() };
        }
        table.record(&account(), Head(2), vec![later], &fleet).await.unwrap();
        assert_eq!(table.resources(&account(), [&last]).await.unwrap(), [fleet[149].clone()]);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_holds_a_hundred_items_and_no_more() {
    on_each_engine("hundred", async |_, table| {
        let events = |count| (1..=count).map(start).collect::<Vec<_>>();
        assert!(Table::fits(99) && !Table::fits(100));
        let too_large = table.record(&account(), Head(0), events(100), &[]).await;
        assert!(matches!(too_large, Err(StoreError::TooLarge(101))), "{too_large:?}");
        let fleet = fleet(&start(1), 98);
        let too_large = table.record(&account(), Head(0), events(2), &fleet).await;
        assert!(matches!(too_large, Err(StoreError::TooLarge(101))), "{too_large:?}");
        assert_eq!(table.count_left(&account()).await.unwrap(), 0);
        assert_eq!(numbers(&record(&table, 0, events(99)).await), (1..=99).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn many_known_events_are_all_named() {
    on_each_engine("all-named", async |_, table| {
        record(&table, 0, (1..=60).map(start).collect()).await;
        let again = record(&table, 60, (1..=90).map(start).collect()).await;
        let named: BTreeSet<EventId> = (1..=60).map(event_id).collect();
        assert_eq!(again, Recorded::Known(named));
    })
    .await;
}

#[tokio::test]
async fn accounts_with_cost_events_are_listed_in_their_order_once() {
    on_each_engine("accounts", async |_, table| {
        let named = ["333333333333", "111111111111", "222222222222"].map(account_named);
        for account in &named {
            for serial in [1, 2] {
                let event = CostEvent { account: account.clone(), ..start(serial) };
                table.record(account, Head(serial - 1), vec![event], &[]).await.unwrap();
            }
        }
        let [third, first, second] = named;
        assert_eq!(table.accounts().await.unwrap(), [first, second, third]);
    })
    .await;
}

#[tokio::test]
async fn resources_of_which_nothing_costs_are_stored_under_the_counter_that_was_read() {
    on_each_engine("resources-alone", async |_, table| {
        let tombstone = OpenResource { state: RunState::Gone, ..opened_by(&start(1), "i-1") };
        let alone = async |above, resource: &OpenResource| {
            let resources = std::slice::from_ref(resource);
            table.record(&account(), Head(above), Vec::new(), resources).await.unwrap()
        };
        let stored = async || table.resources(&account(), [&instance("i-1")]).await.unwrap();
        assert_eq!(alone(1, &tombstone).await, Recorded::Outdated);
        assert_eq!(stored().await, []);
        assert_eq!(numbers(&alone(0, &tombstone).await), [0u64; 0]);
        assert_eq!(stored().await, std::slice::from_ref(&tombstone));
        assert_eq!(table.head(&account()).await.unwrap(), Head(0), "no cost event, no number");

        assert_eq!(numbers(&record(&table, 0, vec![start(2)]).await), [1]);
        let running = OpenResource { state: RunState::Running, ..tombstone.clone() };
        assert_eq!(alone(0, &running).await, Recorded::Outdated, "somebody else wrote meanwhile");
        assert_eq!(stored().await, std::slice::from_ref(&tombstone));
        assert_eq!(numbers(&alone(1, &running).await), [0u64; 0]);
        assert_eq!(stored().await, [running]);
    })
    .await;
}
