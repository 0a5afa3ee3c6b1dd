//! What events are judged by, what is expected, and what somebody sends in a minute.

use domain::policy::{Mode, Policy};
use store::AccountStatus;
use store_engines::sample::{
    account, account_named, connection, entry, expectation, minute, tenant, usd,
};
use store_engines::{on_each_engine, patiently};

#[tokio::test]
async fn an_account_is_judged_by_its_own_governance_and_a_strangers_by_the_strictest() {
    on_each_engine("policy", async |_, table| {
        let strictest = Policy { mode: Mode::Strict, customer_strict: false, ..Policy::default() };
        assert_eq!(table.policy_of(&account()).await.unwrap(), strictest);
        let own = connection(&account());
        table.connect(&tenant("acme"), &own, &entry(0)).await.unwrap();
        let governed = Policy::default().under(own.governance);
        assert_eq!(table.policy_of(&account()).await.unwrap(), governed);
        assert_eq!(table.policy_of(&account_named("222222222222")).await.unwrap(), strictest);
        assert_eq!(own.status, AccountStatus::Active);
    })
    .await;
}

#[tokio::test]
async fn panic_mode_holds_for_all_until_it_is_turned_off() {
    on_each_engine("panic", async |_, table| {
        assert!(!table.panic_mode().await.unwrap());
        for (minutes, on) in (0..).zip([true, true, false]) {
            table.set_panic_mode(on, &entry(minutes)).await.unwrap();
            assert_eq!(table.panic_mode().await.unwrap(), on);
            assert_eq!(table.policy_of(&account()).await.unwrap().panic, on);
        }
    })
    .await;
}

#[tokio::test]
async fn an_expectation_takes_the_place_of_one_with_its_name() {
    on_each_engine("expected", async |_, table| {
        let mut wide = expectation("wide");
        (wide.actor, wide.resource_type, wide.region, wide.max_count) = (None, None, None, None);
        wide.expires_at = minute(-10_000);
        let narrow = expectation("narrow");
        for each in [&wide, &narrow] {
            table.put_expectation(&account(), each).await.unwrap();
        }
        assert_eq!(table.expectations(&account()).await.unwrap(), [narrow.clone(), wide.clone()]);
        let mut other = wide;
        other.max_hourly = usd("99");
        table.put_expectation(&account(), &other).await.unwrap();
        assert_eq!(table.expectations(&account()).await.unwrap(), [narrow, other]);
        let elsewhere = account_named("222222222222");
        assert!(table.expectations(&elsewhere).await.unwrap().is_empty());
        assert!(table.baselines(&account()).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_in_a_minute_is_counted_by_sender_route_and_minute() {
    on_each_engine("rate", async |_, table| {
        let add = async |sender, route, minutes, count| {
            table.add_to_rate(sender, route, minute(minutes), count).await.unwrap()
        };
        assert_eq!(add("a", "events", 0, 3).await, 3);
        assert_eq!(add("a", "events", 0, 4).await, 7);
        assert_eq!(add("b", "events", 0, 1).await, 1);
        assert_eq!(add("a", "api", 0, 1).await, 1);
        assert_eq!(add("a", "events", 1, 1).await, 1);
        assert_eq!(add("a", "events", 0, 0).await, 7);
    })
    .await;
}

#[tokio::test]
async fn what_several_count_at_once_is_all_counted() {
    on_each_engine("rate-at-once", async |_, table| {
        let add =
            async || patiently(async || table.add_to_rate("a", "events", minute(0), 1).await).await;
        let sums = tokio::join!(add(), add(), add(), add());
        let mut sums = [sums.0, sums.1, sums.2, sums.3];
        sums.sort_unstable();
        assert_eq!(sums, [1, 2, 3, 4]);
    })
    .await;
}
