//! What people answered, beside the baseline that it is counted at.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::baseline::BaselineKey;
use domain::governance::Answers;
use store_engines::sample::{account, account_named};
use store_engines::{on_each_engine, on_each_table};

#[tokio::test]
async fn who_was_never_answered_has_no_answers_and_no_baseline() {
    on_each_engine("unanswered", async |_, table| {
        assert_eq!(table.answers(&account()).await.unwrap(), Answers::default());
        let (baseline, answers) = table.learned(&account()).await.unwrap();
        assert_eq!((baseline.first_at, baseline.sums.n), (None, 0));
        assert_eq!(answers.total(), 0);
    })
    .await;
}

#[tokio::test]
async fn answers_are_read_beside_the_baseline_of_their_account() {
    on_each_table("answered", async |engine, table, name| {
        let add = async |counter: &str, count: u64| {
            let request = engine.client.update_item().table_name(&name);
            request
                .key("PK", AttributeValue::S(format!("BASELINE#{}", account())))
                .key("SK", AttributeValue::S(BaselineKey::Account.code()))
                .update_expression(format!("ADD {counter} :count"))
                .expression_attribute_values(":count", AttributeValue::N(count.to_string()))
                .send()
                .await
                .unwrap();
        };
        add("answeredNotExpected", 30).await;
        add("answeredExpected", 1).await;
        add("answeredNotExpected", 2).await;
        let expected = Answers { expected: 1, not_expected: 32 };
        assert_eq!(table.answers(&account()).await.unwrap(), expected);
        assert_eq!(table.scored_through(&account()).await.unwrap(), 0);
        let other = account_named("222222222222");
        assert_eq!(table.answers(&other).await.unwrap(), Answers::default());
    })
    .await;
}
