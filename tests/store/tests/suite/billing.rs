//! How tenants stand with us, and which customer of Stripe is whose.

use domain::plan::{Billing, SubscriptionStatus, Tier};
use store::{AccountStatus, BillingChange, Connection, Kept, Table, Task, TenantScope};
use store_engines::on_each_engine;
use store_engines::sample::{account, connection, entry, minute, tenant};

fn paid(customer: &str) -> Billing {
    Billing {
        tier: Tier::Pro,
        customer: Some(customer.to_owned()),
        subscription: Some("sub_1".to_owned()),
        status: Some(SubscriptionStatus::PastDue),
        quantity: Some(3),
        payment_failed_at: Some(minute(1)),
        reminded: 2,
        reminded_at: Some(minute(2)),
        period_end: Some(minute(3)),
        cancel_at_period_end: true,
        fetched_at: Some(minute(4)),
        checkout: Some("cs_1".to_owned()),
        checkouts: 5,
    }
}

async fn change(
    table: &Table,
    scope: &TenantScope,
    before: &Kept,
    after: Billing,
) -> BillingChange {
    table.change_billing(scope, before, after, None).await.unwrap()
}

#[tokio::test]
async fn how_a_tenant_stands_comes_back_as_it_was() {
    on_each_engine("billing", async |_, table| {
        let acme = tenant("acme");
        let none = table.billing(&acme).await.unwrap();
        assert_eq!(none, Kept::default());
        let changed = table.change_billing(&acme, &none, paid("cus_1"), Some(&entry(1))).await;
        let kept = Kept { billing: paid("cus_1"), version: 1 };
        assert_eq!(changed.unwrap(), BillingChange::Done(Box::new(kept.clone())));
        assert_eq!(table.billing(&acme).await.unwrap(), kept);
        assert_eq!(table.billing(&tenant("other")).await.unwrap(), Kept::default());
        assert_eq!(table.audit(&acme, minute(0)).await.unwrap().len(), 1);
        let bare = change(&table, &acme, &kept, Billing::default()).await;
        let BillingChange::Done(bare) = bare else { panic!("{bare:?}") };
        assert_eq!(table.billing(&acme).await.unwrap(), *bare, "nothing of before is left");
    })
    .await;
}

#[tokio::test]
async fn it_is_changed_only_as_it_was_read() {
    on_each_engine("billing-version", async |_, table| {
        let acme = tenant("acme");
        let none = table.billing(&acme).await.unwrap();
        change(&table, &acme, &none, paid("cus_1")).await;
        assert_eq!(change(&table, &acme, &none, paid("cus_1")).await, BillingChange::Outdated);
        let first = table.billing(&acme).await.unwrap();
        change(&table, &acme, &first, Billing::default()).await;
        assert_eq!(change(&table, &acme, &first, paid("cus_1")).await, BillingChange::Outdated);
        assert_eq!(table.billing(&acme).await.unwrap().version, 2);
    })
    .await;
}

#[tokio::test]
async fn a_customer_is_one_tenant() {
    on_each_engine("customers", async |_, table| {
        let (acme, other) = (tenant("acme"), tenant("other"));
        let whose = async |customer| table.tenant_of_customer(customer).await.unwrap();
        assert_eq!(whose("cus_1").await, None);
        change(&table, &acme, &Kept::default(), paid("cus_1")).await;
        assert_eq!(whose("cus_1").await, Some(acme));
        let taken = change(&table, &other, &Kept::default(), paid("cus_1")).await;
        assert_eq!(taken, BillingChange::CustomerOfAnother);
        assert_eq!(table.billing(&other).await.unwrap(), Kept::default());
        change(&table, &other, &Kept::default(), paid("cus_2")).await;
        assert_eq!(whose("cus_2").await, Some(other));
    })
    .await;
}

fn billing() -> Task {
    Task::Billing { tenant: tenant("acme").tenant().clone() }
}

async fn due(table: &Table) -> Vec<(Task, String)> {
    let due = table.due(minute(1_000), 10).await.unwrap().tasks;
    due.into_iter().map(|due| (due.task, due.at)).collect()
}

#[tokio::test]
async fn a_change_of_a_status_is_to_be_settled_and_no_other_change_is() {
    on_each_engine("settle-soon", async |_, table| {
        let (acme, own) = (tenant("acme"), connection(&account()));
        table.connect(&acme, &own, &entry(5)).await.unwrap();
        let at = |minutes| vec![(billing(), format!("{:.3}", minute(minutes)))];
        assert_eq!(due(&table).await, at(5));
        let taken = table.due(minute(5), 10).await.unwrap().tasks.remove(0);
        assert!(table.done_due(&taken).await.unwrap());
        let governed = Connection { promote_at: None, version: 1, ..own.clone() };
        assert!(table.change_connection(&acme, &own, &governed, &entry(6)).await.unwrap());
        assert_eq!(due(&table).await, []);
        let paused = Connection { status: AccountStatus::Paused, ..governed.clone() };
        assert!(table.change_connection(&acme, &governed, &paused, &entry(7)).await.unwrap());
        assert_eq!(due(&table).await, at(7));
        assert_eq!(table.owner(&account()).await.unwrap().unwrap().status, AccountStatus::Paused);
    })
    .await;
}

#[tokio::test]
async fn a_task_is_brought_forward_and_never_put_off() {
    on_each_engine("due-by", async |_, table| {
        assert!(table.set_due_by(&billing(), minute(20)).await.unwrap());
        assert!(!table.set_due_by(&billing(), minute(30)).await.unwrap());
        assert!(table.set_due_by(&billing(), minute(10)).await.unwrap());
        assert_eq!(due(&table).await[0].1, format!("{:.3}", minute(10)));
    })
    .await;
}
