//! Governance over time: an account begins quiet, leaves strict mode when the rules allow it, and
//! nobody makes it louder behind them. Each change is written down.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::governance::Asker;
use domain::ids::{AccountId, TenantId};
use domain::policy::{Governance, Mode, Policy};
use jiff::{SignedDuration, Timestamp};
use journeys::world::World;
use journeys::{events, pipeline};
use pipeline::error::Failure;
use pipeline::lifecycle::{self, Change};
use sample_trail::{Call, Caller, Record, envelope};
use store::{Table, TenantScope};

const ACCOUNT: &str = "111122223333";
const AUDIT: Governance = Governance { mode: Mode::Audit, customer_strict: false };
const STRICT: Governance = Governance { mode: Mode::Strict, customer_strict: false };
const SILENT: Governance = Governance { mode: Mode::Strict, customer_strict: true };

fn account() -> AccountId {
    AccountId::parse(ACCOUNT).unwrap()
}

fn scope() -> TenantScope {
    TenantScope::of_operator(TenantId::parse("acme").unwrap())
}

fn operator() -> Asker {
    Asker::Operator("ana".to_owned())
}

fn customer() -> Asker {
    Asker::Customer("bo".to_owned())
}

/// So many hours after the account is connected.
fn hour(hours: i64) -> Timestamp {
    let connected: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
    connected + SignedDuration::from_hours(hours)
}

fn day(days: i64) -> Timestamp {
    hour(days * 24)
}

fn launch(at: Timestamp, serial: u64, instance_type: &'static str) -> Record {
    let call = Call {
        account: ACCOUNT.to_owned(),
        region: "us-east-1",
        at,
        caller: Caller::User("ops"),
        serial,
    };
    call.run_instances(instance_type, 1, None)
}

/// An account that was connected at hour 0.
async fn connected() -> (Client, Table) {
    let client = store::embedded::client(None).unwrap();
    let table = Table::new(client.clone(), "dd0c-cost-main");
    table.create().await.unwrap();
    let asker = operator();
    lifecycle::connect(&table, &scope(), (&account(), None), &asker, hour(0)).await.unwrap();
    (client, table)
}

/// Something is started on these days.
async fn lives(table: &Table, days: &[i64]) {
    let launches: Vec<Record> =
        (0..).zip(days).map(|(serial, at)| launch(day(*at), serial, "m5.large")).collect();
    let policy = Policy::default();
    let outcome = pipeline(table, &policy).run(events(&launches)).await.unwrap();
    assert_eq!(outcome.cost_events, days.len() as u64);
}

/// People answer to alerts.
async fn answered(client: &Client, expected: u64, not_expected: u64) {
    let number = |count: u64| AttributeValue::N(count.to_string());
    client
        .update_item()
        .table_name("dd0c-cost-main")
        .key("PK", AttributeValue::S(format!("BASELINE#{ACCOUNT}")))
        .key("SK", AttributeValue::S("_ACCOUNT".to_owned()))
        .update_expression("ADD answeredExpected :yes, answeredNotExpected :no")
        .expression_attribute_values(":yes", number(expected))
        .expression_attribute_values(":no", number(not_expected))
        .send()
        .await
        .unwrap();
}

async fn mode(table: &Table) -> Mode {
    table.policy_of(&account()).await.unwrap().mode
}

async fn govern(
    table: &Table,
    asker: &Asker,
    governance: Governance,
    now: Timestamp,
) -> Result<lifecycle::Changed, Failure> {
    let asks = (asker, Change::Govern(governance));
    lifecycle::change(table, &scope(), &account(), asks, now).await
}

/// All that was written down: `<what> <who>`.
async fn written(table: &Table) -> Vec<String> {
    let entries = table.audit(&scope(), Timestamp::UNIX_EPOCH).await.unwrap();
    entries.iter().map(|entry| format!("{} {}", entry.what, entry.who)).collect()
}

#[tokio::test]
async fn an_account_with_a_past_and_few_alerts_for_nothing_leaves_strict_mode_after_14_days() {
    let (client, table) = connected().await;
    lives(&table, &[0, 15]).await;
    answered(&client, 1, 32).await;
    let early = lifecycle::promote(&table, hour(14 * 24 - 1)).await.unwrap();
    assert_eq!((early, mode(&table).await), (lifecycle::Promoted::default(), Mode::Strict));

    let outcome = lifecycle::promote(&table, day(15)).await.unwrap();
    let said: Vec<String> = outcome.promoted.iter().map(ToString::to_string).collect();
    let expected = "promote account 111122223333 by the rules: active, strict, not promoted before \
                    2026-06-15 00:00:00 UTC → active, audit (15 days of baseline, 1 of 33 answered \
                    alerts was not worth it (3 %): leaves strict mode)";
    assert_eq!(said, [expected]);
    assert_eq!(mode(&table).await, Mode::Audit);
    assert_eq!(written(&table).await, ["connect operator ana", "promote the rules"]);
    let again = lifecycle::promote(&table, day(16)).await.unwrap();
    assert_eq!(again, lifecycle::Promoted::default());
}

#[tokio::test]
async fn an_account_that_waits_is_asked_again_the_next_day() {
    let (client, table) = connected().await;
    let why = async |at| {
        let outcome = lifecycle::promote(&table, at).await.unwrap();
        assert_eq!(outcome.promoted, []);
        let [(who, why)] = outcome.waiting.try_into().unwrap();
        assert_eq!(who, account());
        why
    };
    assert_eq!(why(day(14)).await, "0 of 14 days of baseline: stays in strict mode");
    lives(&table, &[0, 13]).await;
    assert_eq!(why(day(15)).await, "13 of 14 days of baseline: stays in strict mode");
    lives_on(&table, 14).await;
    answered(&client, 4, 29).await;
    let loud = why(day(16)).await;
    assert!(loud.contains("4 of 33 answered alerts were not worth it (12 %)"), "{loud}");
    assert_eq!(mode(&table).await, Mode::Strict);
    assert_eq!(written(&table).await, ["connect operator ana"], "waiting is no change");

    answered(&client, 0, 8).await;
    let outcome = lifecycle::promote(&table, day(17)).await.unwrap();
    assert_eq!((outcome.promoted.len(), mode(&table).await), (1, Mode::Audit));
}

/// One more start on a later day.
async fn lives_on(table: &Table, at: i64) {
    let policy = Policy::default();
    let launches = events(&[launch(day(at), 50, "m5.large")]);
    pipeline(table, &policy).run(launches).await.unwrap();
}

#[tokio::test]
async fn an_account_that_leaves_or_was_given_a_mode_is_not_promoted() {
    for change in [Change::Disconnect, Change::Govern(STRICT)] {
        let (_, table) = connected().await;
        lives(&table, &[0, 15]).await;
        let asker = operator();
        lifecycle::change(&table, &scope(), &account(), (&asker, change.clone()), day(1))
            .await
            .unwrap();
        let outcome = lifecycle::promote(&table, day(20)).await.unwrap();
        assert_eq!(outcome, lifecycle::Promoted::default(), "{change:?}");
    }
}

#[tokio::test]
async fn a_customer_makes_his_account_quieter_at_any_time_and_louder_when_the_rules_allow_it() {
    let (_, table) = connected().await;
    let asker = customer();
    let Err(Failure::Reject(why)) = govern(&table, &asker, AUDIT, day(1)).await else {
        unreachable!("a customer has gone round the rules")
    };
    assert!(why.contains("until 2026-06-15 00:00:00 UTC"), "{why}");
    assert_eq!(mode(&table).await, Mode::Strict);

    // Quieter and back to what the rules give, which still count his days.
    for (governance, held) in [(SILENT, true), (STRICT, false)] {
        govern(&table, &asker, governance, day(2)).await.unwrap();
        let policy = table.policy_of(&account()).await.unwrap();
        assert_eq!((policy.mode, policy.customer_strict), (Mode::Strict, held));
    }
    let Err(Failure::Reject(why)) = govern(&table, &asker, AUDIT, day(15)).await else {
        unreachable!("a customer has gone round the rules")
    };
    assert!(why.contains("0 of 14 days of baseline"), "{why}");
    lives(&table, &[0, 15]).await;
    assert_eq!(lifecycle::promote(&table, day(15)).await.unwrap().promoted.len(), 1);

    govern(&table, &asker, STRICT, day(16)).await.unwrap();
    let outcome = lifecycle::promote(&table, day(17)).await.unwrap();
    assert_eq!(outcome, lifecycle::Promoted::default(), "he has chosen");
    govern(&table, &asker, AUDIT, day(18)).await.unwrap();
    assert_eq!(mode(&table).await, Mode::Audit);
    let expected = [
        "connect operator ana",
        "govern customer bo",
        "govern customer bo",
        "promote the rules",
        "govern customer bo",
        "govern customer bo",
    ];
    assert_eq!(written(&table).await, expected);
}

#[tokio::test]
async fn an_operator_may_let_an_account_out_at_once_and_what_is_so_already_is_not_written() {
    let (_, table) = connected().await;
    let asker = operator();
    let changed = govern(&table, &asker, AUDIT, hour(1)).await.unwrap();
    assert_eq!(changed.connection.promote_at, None);
    let said = changed.entry.unwrap().to_string();
    assert!(said.starts_with("govern account 111122223333 by operator ana: active, strict"));
    assert!(said.ends_with("→ active, audit"), "{said}");
    let again = govern(&table, &asker, AUDIT, hour(2)).await.unwrap();
    assert_eq!(again.entry, None);
    assert_eq!(written(&table).await.len(), 2);
}

#[tokio::test]
async fn panic_is_written_down_for_all_with_who_asked() {
    let (_, table) = connected().await;
    for (on, at) in [(true, hour(1)), (false, hour(2))] {
        lifecycle::panic(&table, on, &operator(), at).await.unwrap();
        assert_eq!(table.panic_mode().await.unwrap(), on);
    }
    let entries = table.audit_of_all(Timestamp::UNIX_EPOCH).await.unwrap();
    let said: Vec<String> = entries.iter().map(ToString::to_string).collect();
    let expected = [
        "panic by operator ana: no panic → panic: nothing is sent",
        "panic by operator ana: panic: nothing is sent → no panic",
    ];
    assert_eq!(said, expected);
    assert_eq!(written(&table).await.len(), 1, "it is of no tenant");
}

#[tokio::test]
async fn a_new_account_is_told_of_what_the_safety_net_sees_unless_the_customer_holds_it_back() {
    for (governance, heard) in [(STRICT, 1), (SILENT, 0)] {
        let mut world = World::new(&[]).await;
        let asker = operator();
        let now = world.now;
        lifecycle::connect(&world.truth, &scope(), (&account(), None), &asker, now).await.unwrap();
        govern(&world.truth, &customer(), governance, now).await.unwrap();
        let record = launch(now, 1, "p4d.24xlarge");
        world.send_event(&envelope(&record).to_string()).await.unwrap();
        world.rest().await;
        assert_eq!(world.channel.heard.len(), heard, "{governance:?}");
        assert_eq!(world.truth.anomalies(&account()).await.unwrap().len(), 1);
    }
}
