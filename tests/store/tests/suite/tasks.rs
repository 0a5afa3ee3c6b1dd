//! What is due at a time, and work that is done once.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::ids::TenantId;
use jiff::Timestamp;
use store::{Due, Table, Task, Work};
use store_engines::sample::{account, minute};
use store_engines::{on_each_engine, on_each_table, patiently};

fn tell(anomaly: &str) -> Task {
    Task::Tell { account: account(), anomaly: anomaly.to_owned() }
}

fn digest() -> Task {
    Task::Digest { tenant: TenantId::parse("acme").unwrap() }
}

async fn due(table: &Table, now: Timestamp) -> Vec<Task> {
    table.due(now, 10).await.unwrap().tasks.into_iter().map(|due| due.task).collect()
}

#[tokio::test]
async fn what_is_due_comes_by_its_time_and_not_before() {
    on_each_engine("due", async |_, table| {
        table.set_due(&digest(), minute(20)).await.unwrap();
        table.set_due(&tell("A"), minute(10)).await.unwrap();
        table.set_due(&tell("B"), minute(30)).await.unwrap();
        assert_eq!(due(&table, minute(9)).await, []);
        assert_eq!(due(&table, minute(20)).await, [tell("A"), digest()]);
        assert_eq!(
            table.due(minute(60), 1).await.unwrap().tasks.len(),
            1,
            "as many as are asked for"
        );
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_keeps_nothing_waiting_and_is_put_aside() {
    on_each_table("due-unreadable", async |engine, table, name| {
        table.set_due(&digest(), minute(20)).await.unwrap();
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let key = [("PK", text("TENANT#acme")), ("SK", text("DUE#dance"))];
        let listed = [("GSI1PK", text("DUE")), ("GSI1SK", text("2026"))];
        let put = engine.client.put_item().table_name(&name);
        let put = key
            .iter()
            .chain(&listed)
            .fold(put, |put, (name, value)| put.item(*name, value.clone()));
        put.send().await.unwrap();

        let dues = table.due(minute(20), 10).await.unwrap();
        assert_eq!((dues.tasks.len(), dues.unreadable.len()), (1, 1));
        assert_eq!(dues.unreadable[0].why.to_string(), "attribute value is not a task");
        for _ in 0..2 {
            table.set_aside(&dues.unreadable[0]).await.unwrap();
            assert_eq!(table.due(minute(20), 10).await.unwrap().unreadable, []);
        }
        assert_eq!(due(&table, minute(20)).await, [digest()]);
        let get = engine.client.get_item().table_name(&name);
        let get = key.into_iter().fold(get, |get, (name, value)| get.key(name, value));
        assert!(get.send().await.unwrap().item.is_some(), "people can look at it");
    })
    .await;
}

#[tokio::test]
async fn a_task_has_one_time_and_is_taken_off_once() {
    on_each_engine("one-time", async |_, table| {
        table.set_due(&tell("A"), minute(10)).await.unwrap();
        let before: Due = table.due(minute(10), 10).await.unwrap().tasks.remove(0);
        table.set_due(&tell("A"), minute(15)).await.unwrap();
        assert!(!table.done_due(&before).await.unwrap(), "it has another time by now");
        assert_eq!(due(&table, minute(14)).await, []);
        let now = table.due(minute(15), 10).await.unwrap().tasks.remove(0);
        assert!(table.done_due(&now).await.unwrap());
        assert!(!table.done_due(&now).await.unwrap());
        assert_eq!(due(&table, minute(60)).await, []);
        assert!(table.set_due_once(&digest(), minute(1)).await.unwrap());
        assert!(!table.set_due_once(&digest(), minute(2)).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn what_is_due_of_an_account_goes_with_it() {
    on_each_engine("due-purged", async |_, table| {
        table.set_due(&tell("A"), minute(10)).await.unwrap();
        table.set_due(&digest(), minute(10)).await.unwrap();
        table.purge_some(&account(), 100).await.unwrap();
        assert_eq!(table.count_left(&account()).await.unwrap(), 0);
        assert_eq!(due(&table, minute(60)).await, [digest()]);
    })
    .await;
}

#[tokio::test]
async fn work_is_one_s_until_it_is_done_given_back_or_too_late() {
    on_each_engine("work", async |_, table| {
        let work = ("digest", "acme#2026-06-01");
        let claim = async |from, until| {
            table.claim_work(work, (minute(from), minute(until))).await.unwrap()
        };
        assert_eq!(claim(0, 5).await, Work::Ours);
        assert_eq!(claim(1, 6).await, Work::InProgress);
        assert_eq!(claim(6, 9).await, Work::Ours, "the first has died");
        table.release_work(work).await.unwrap();
        assert_eq!(claim(7, 12).await, Work::Ours);
        table.work_done(work, minute(8)).await.unwrap();
        assert_eq!(claim(9, 12).await, Work::AlreadyDone);
        table.release_work(work).await.unwrap();
        assert_eq!(claim(20, 25).await, Work::AlreadyDone, "what is done stays done");
        let other = table.claim_work(("slack", work.1), (minute(0), minute(5))).await.unwrap();
        assert_eq!(other, Work::Ours, "another kind is other work");
    })
    .await;
}

#[tokio::test]
async fn of_four_who_claim_work_at_once_one_gets_it() {
    on_each_engine("work-by-four", async |_, table| {
        let claim = async || {
            patiently(async || table.claim_work(("slack", "x"), (minute(0), minute(5))).await).await
        };
        let (a, b, c, d) = tokio::join!(claim(), claim(), claim(), claim());
        let ours = [a, b, c, d].into_iter().filter(|work| *work == Work::Ours).count();
        assert_eq!(ours, 1);
    })
    .await;
}
