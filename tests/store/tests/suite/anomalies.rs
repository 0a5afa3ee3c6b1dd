//! Finding anomalies by their key, by id alone and by status.

use domain::anomaly::{Anomaly, Member, Status};
use domain::assessment::AccountState;
use domain::channels::Term;
use domain::cost_event::Action;
use domain::decision::{Basis, Delivery, Severity};
use domain::fixed::Millionths;
use domain::resource::Service;
use std::borrow::Cow;
use store::{Committed, Table};
use store_engines::on_each_engine;
use store_engines::sample::{
    account, account_named, actor, anomaly, cost_event_id, estimate, instance, minute, region, usd,
};

/// Stores anomalies as a scorer would.
async fn store(table: &Table, anomalies: &[Anomaly]) {
    for portion in anomalies.chunks(90) {
        let mut state = AccountState::default();
        for each in portion {
            state.changed.insert(each.id.clone());
            state.anomalies.insert(each.id.clone(), each.clone());
        }
        let account = &portion[0].account;
        let before = table.scored_through(account).await.unwrap();
        let committed = table.commit_scores(account, &state, (before, before + 1)).await.unwrap();
        assert_eq!(committed, Committed::Stored);
    }
}

fn resolved(anomaly: &Anomaly) -> Anomaly {
    let status =
        Status::Resolved { at: minute(500), by: Box::new(actor("bob")), how: Some(Action::Stop) };
    Anomaly { status, ..anomaly.clone() }
}

fn member() -> Member {
    let estimate = estimate();
    Member {
        id: cost_event_id(1),
        time: minute(1),
        name: "RunInstances".to_owned(),
        action: Action::Resize,
        launcher: Some(instance("asg-web")),
        service: Service::Ec2,
        resource_type: "m5.large".to_owned(),
        region: region(),
        count: 3,
        examples: vec!["i-1".to_owned(), "i-2".to_owned()],
        hourly_before: usd("0.0104"),
        hourly: usd("98.316"),
        lines: estimate.lines,
        bound: estimate.bound,
        terms: vec![Term {
            name: Cow::Borrowed("rate"),
            value: Millionths(-1_234_567),
            weight: Millionths(1_000_000),
            inputs: vec![(Cow::Borrowed("n"), i128::MAX / 100), (Cow::Borrowed("rate"), -1)],
            text: String::new(),
        }],
        score: Millionths(7_654_321),
        partly_expected: true,
        threshold: Millionths::hundredths(300),
        basis: Basis::Score,
        severity: Severity::Warning,
        reasons: vec!["dear".to_owned(), String::new()],
    }
}

#[tokio::test]
async fn an_anomaly_comes_back_as_it_was_stored() {
    on_each_engine("anomaly-as-stored", async |_, table| {
        let mut full = anomaly(1);
        let mut without = member();
        without.launcher = None;
        without.bound = None;
        (without.lines, without.examples) = (Vec::new(), Vec::new());
        (without.terms, without.reasons) = (Vec::new(), Vec::new());
        full.members = vec![member(), without];
        full.delivery = Delivery::HeldByStrictMode;
        full.price_known = false;
        let full = resolved(&full);
        let bare = anomaly(2);
        store(&table, &[full.clone(), bare.clone()]).await;
        for each in [full, bare] {
            assert_eq!(table.anomaly(&account(), &each.id).await.unwrap(), Some(each));
        }
        assert_eq!(table.anomaly(&account(), "01NOTHERE").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn an_anomaly_is_found_by_its_id_alone() {
    on_each_engine("by-id", async |_, table| {
        let of_another = Anomaly { account: account_named("222222222222"), ..anomaly(2) };
        store(&table, &[anomaly(1)]).await;
        store(&table, std::slice::from_ref(&of_another)).await;
        assert_eq!(table.find_anomaly(&of_another.id).await.unwrap(), Some(of_another));
        assert_eq!(table.find_anomaly(&anomaly(1).id).await.unwrap(), Some(anomaly(1)));
        assert_eq!(table.find_anomaly("01NOTHERE").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn an_anomaly_moves_from_the_open_to_the_resolved_and_back() {
    on_each_engine("moves", async |_, table| {
        let all = [anomaly(3), anomaly(1), anomaly(2)];
        store(&table, &all).await;
        let [third, first, second] = all;
        let open = async || table.open_anomalies(&account()).await.unwrap();
        let ended = async || table.anomalies_resolved_since(&account(), minute(0)).await.unwrap();
        assert_eq!(open().await, [first.clone(), second.clone(), third.clone()]);
        assert!(ended().await.is_empty());
        store(&table, &[resolved(&third), resolved(&first)]).await;
        assert_eq!(open().await, std::slice::from_ref(&second));
        assert_eq!(ended().await, [resolved(&first), resolved(&third)]);
        store(&table, std::slice::from_ref(&first)).await;
        assert_eq!(open().await, [first.clone(), second]);
        assert_eq!(ended().await, [resolved(&third)]);
        assert_eq!(table.open_anomalies(&account_named("222222222222")).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn more_open_anomalies_than_one_read_holds_are_all_found() {
    on_each_engine("many-open", async |_, table| {
        let all: Vec<Anomaly> = (1..=230).map(anomaly).collect();
        store(&table, &all).await;
        assert_eq!(table.open_anomalies(&account()).await.unwrap(), all);
        assert_eq!(table.anomalies(&account()).await.unwrap(), all);
    })
    .await;
}

#[tokio::test]
async fn what_ended_before_a_moment_is_not_read() {
    on_each_engine("resolved-since", async |_, table| {
        let ended_at = |serial, at| {
            let status = Status::Resolved { at, by: Box::new(actor("bob")), how: None };
            Anomaly { status, ..anomaly(serial) }
        };
        // The one that began first ended last: the time of the end counts.
        let all = [
            ended_at(1, minute(900)),
            ended_at(2, minute(300)),
            ended_at(3, minute(600)),
            anomaly(4),
        ];
        store(&table, &all).await;
        let [last, first, second, _] = all;
        let since =
            async |moment| table.anomalies_resolved_since(&account(), moment).await.unwrap();
        assert_eq!(since(minute(0)).await, [last.clone(), first, second.clone()]);
        assert_eq!(since(minute(600)).await, [last.clone(), second]);
        assert_eq!(since(minute(601)).await, [last]);
        assert_eq!(since(minute(901)).await, []);
    })
    .await;
}
