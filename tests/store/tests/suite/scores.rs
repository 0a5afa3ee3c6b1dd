//! What scoring a batch did: stored once, whoever else scores.

use domain::anomaly::{Anomaly, Status};
use domain::assessment::{AccountState, judge};
use domain::baseline::{BaselineKey, Sums};
use domain::cost_event::CostEvent;
use domain::policy::Policy;
use domain::resource::Service;
use store::{Committed, Head, Numbered, Recorded, Table};
use store_engines::sample::{account, actor, dear, end_of, expectation, start, told, usd};
use store_engines::{on_each_engine, patiently};

async fn record(table: &Table, head: u64, events: Vec<CostEvent>) -> Vec<Numbered> {
    match table.record(&account(), Head(head), events, &[]).await.unwrap() {
        Recorded::Stored(batch) => batch,
        other => panic!("not stored: {other:?}"),
    }
}

/// What a scorer does, up to its one write.
async fn assess(table: &Table, batch: &[Numbered]) -> (AccountState, (u64, u64)) {
    let mut loaded = table.load_for_scoring(&account(), batch).await.unwrap();
    let mut last = loaded.scored_through;
    for numbered in batch.iter().filter(|numbered| numbered.number > loaded.scored_through) {
        judge(numbered.event.clone(), &mut loaded.state, &Policy::default());
        last = numbered.number;
    }
    (loaded.state, (loaded.scored_through, last))
}

async fn commit(table: &Table, assessed: &(AccountState, (u64, u64))) -> Committed {
    let (state, scored) = assessed;
    patiently(async || table.commit_scores(&account(), state, *scored).await).await
}

async fn score(table: &Table, batch: &[Numbered]) {
    let assessed = assess(table, batch).await;
    assert_eq!(commit(table, &assessed).await, Committed::Stored);
}

#[tokio::test]
async fn a_batch_is_scored_once_however_often_it_is_committed() {
    on_each_engine("scored-once", async |_, table| {
        let batch = record(&table, 0, vec![dear(1), dear(2)]).await;
        let assessed = assess(&table, &batch).await;
        assert_eq!(commit(&table, &assessed).await, Committed::Stored);
        for _ in 0..2 {
            assert_eq!(commit(&table, &assessed).await, Committed::Outdated);
        }
        assert_eq!(table.scored_through(&account()).await.unwrap(), 2);
        let mut sums = Sums::of(dear(1).hourly_change.micros());
        sums.add(&Sums::of(dear(2).hourly_change.micros()));
        let baselines = table.baselines(&account()).await.unwrap();
        let keys: Vec<BaselineKey> = baselines.iter().map(|(key, _)| key.clone()).collect();
        let [of_account, of_service, of_type, of_actor] = BaselineKey::of(&dear(1));
        assert_eq!(keys, [of_actor, of_account, of_service, of_type]);
        for (key, baseline) in baselines {
            assert_eq!(baseline.sums, sums, "{key:?}");
            assert_eq!(baseline.first_at, Some(dear(1).time));
            assert_eq!(baseline.last_at, Some(dear(2).time));
        }
    })
    .await;
}

#[tokio::test]
async fn of_two_scorers_of_one_batch_one_wins_and_the_other_loads_again() {
    on_each_engine("two-scorers", async |_, table| {
        for round in 0..3_u64 {
            let batch = record(&table, round, vec![dear(round + 1)]).await;
            let one = assess(&table, &batch).await;
            let other = one.clone();
            let ends = tokio::join!(commit(&table, &one), commit(&table, &other));
            assert!(
                matches!(
                    ends,
                    (Committed::Stored, Committed::Outdated)
                        | (Committed::Outdated, Committed::Stored)
                ),
                "{ends:?}"
            );
            let loaded = table.load_for_scoring(&account(), &batch).await.unwrap();
            assert_eq!(loaded.scored_through, round + 1);
            assert_eq!(loaded.state.history.get(&BaselineKey::Account).sums.count(), round + 1);
        }
        let [anomaly] = &table.anomalies(&account()).await.unwrap()[..] else { panic!("one") };
        assert_eq!(anomaly.alerts, 3);
    })
    .await;
}

#[tokio::test]
async fn the_state_of_an_account_is_loaded_as_it_was_committed() {
    on_each_engine("loaded", async |_, table| {
        let nothing = table.load_for_scoring(&account(), &[]).await.unwrap();
        assert_eq!((nothing.scored_through, nothing.state), (0, AccountState::default()));

        let expected = expectation("one");
        table.put_expectation(&account(), &expected).await.unwrap();
        let batch = record(&table, 0, vec![dear(1), start(2)]).await;
        let assessed = assess(&table, &batch).await;
        commit(&table, &assessed).await;
        let end = record(&table, 2, vec![end_of(&dear(1), 3)]).await;
        let loaded = table.load_for_scoring(&account(), &end).await.unwrap();
        assert_eq!(loaded.scored_through, 2);
        let (state, _) = assessed;
        assert_eq!(loaded.state.anomalies, state.anomalies);
        assert_eq!(loaded.state.current, state.current);
        assert_eq!(loaded.state.expectations, [expected]);
        let member_of = &loaded.state.member_of;
        assert_eq!(member_of.get(&dear(1).id), state.member_of.get(&dear(1).id));
        assert!(loaded.state.changed.is_empty() && loaded.state.joined.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_batch_without_an_increase_moves_the_mark_on_all_the_same() {
    on_each_engine("no-increase", async |_, table| {
        let ended = CostEvent { effects: Vec::new(), ..end_of(&start(7), 1) };
        let batch = record(&table, 0, vec![ended]).await;
        score(&table, &batch).await;
        assert_eq!(table.scored_through(&account()).await.unwrap(), 1);
        assert!(table.anomalies(&account()).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_anomaly_ends_when_the_last_of_its_resources_does() {
    on_each_engine("ended", async |_, table| {
        let (first, second) = (dear(1), dear(2));
        let batch = record(&table, 0, vec![first.clone(), second.clone()]).await;
        score(&table, &batch).await;
        let open = table.open_anomalies(&account()).await.unwrap();
        assert_eq!(open.len(), 1);
        assert_eq!(table.anomalies_touched(&account(), &batch).await.unwrap(), open);

        let batch = record(&table, 2, vec![end_of(&first, 3)]).await;
        score(&table, &batch).await;
        assert_eq!(table.open_anomalies(&account()).await.unwrap().len(), 1);

        let end = end_of(&second, 4);
        let batch = record(&table, 3, vec![end.clone()]).await;
        score(&table, &batch).await;
        assert!(table.open_anomalies(&account()).await.unwrap().is_empty());
        let resolved = table.anomalies_resolved_since(&account(), end.time).await.unwrap();
        assert_eq!(table.anomalies_touched(&account(), &batch).await.unwrap(), resolved);
        let [anomaly] = &resolved[..] else { panic!("one anomaly: {resolved:?}") };
        let (by, how) = (Box::new(actor("alice")), Some(end.action));
        assert_eq!(anomaly.status, Status::Resolved { at: end.time, by, how });
    })
    .await;
}

#[tokio::test]
async fn scoring_leaves_alone_what_people_were_told() {
    on_each_engine("told", async |_, table| {
        let batch = record(&table, 0, vec![dear(1)]).await;
        score(&table, &batch).await;
        let next = record(&table, 1, vec![dear(2)]).await;
        // Loaded before people are told, committed afterwards.
        let assessed = assess(&table, &next).await;
        let anomaly = table.anomalies(&account()).await.unwrap().remove(0);
        table.mark_told(&Anomaly { told: told(1), ..anomaly.clone() }).await.unwrap();
        assert_eq!(commit(&table, &assessed).await, Committed::Stored);
        let anomaly = table.anomaly(&account(), &anomaly.id).await.unwrap().unwrap();
        assert_eq!((anomaly.alerts, anomaly.told), (2, told(1)));
    })
    .await;
}

#[tokio::test]
async fn a_batch_that_changes_too_much_is_not_stored_in_part() {
    on_each_engine("too-much", async |_, table| {
        // Too cheap for an alert, which would write more.
        let of_type = |nth| CostEvent {
            resource_type: format!("m5.{nth}"),
            hourly_change: usd("0.1"),
            ..start(nth)
        };
        let batch = record(&table, 0, (1..=98).map(of_type).collect()).await;
        let (state, scored) = assess(&table, &batch).await;
        let committed = table.commit_scores(&account(), &state, scored).await.unwrap();
        assert_eq!(committed, Committed::TooLarge);
        assert_eq!(table.scored_through(&account()).await.unwrap(), 0);
        assert!(table.baselines(&account()).await.unwrap().is_empty());
        // Account, service and actor stand beside the types.
        let fewer = &batch[..90];
        score(&table, fewer).await;
        score(&table, &batch).await;
        let baselines = table.baselines(&account()).await.unwrap();
        assert_eq!(baselines.len(), 98 + 3);
        let (_, of_service) =
            baselines.iter().find(|(key, _)| *key == BaselineKey::Service(Service::Ec2)).unwrap();
        assert_eq!(of_service.sums.count(), 98);
    })
    .await;
}
