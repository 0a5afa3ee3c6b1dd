//! Setups: whose a handshake is, and who is at a piece of work.

use domain::setup::{Setup, Stage};
use store::Work;
use store_engines::on_each_engine;
use store_engines::sample::{account, minute, tenant};

const HANDSHAKE: &str = "handshake-0123456789-ABCDEFGHIJ-abcdefghij";

fn setup() -> Setup {
    Setup {
        id: "01J".to_owned(),
        external_id: "6f1b2d1e-0000-4000-8000-000000000000".to_owned(),
        handshake: HANDSHAKE.to_owned(),
        created_at: minute(0),
        stage: Stage::Waiting,
        looked_for_since: None,
        checking_since: None,
        version: 0,
    }
}

#[tokio::test]
async fn a_handshake_changes_hands_with_its_setup_or_not_at_all() {
    on_each_engine("handshake", async |_, table| {
        let acme = tenant("acme");
        table.begin_setup(&acme, &setup()).await.unwrap();
        let take = async |request| {
            table.take_handshake(HANDSHAKE, request, minute(1)).await.unwrap().is_some()
        };
        assert!(take("one").await && !take("two").await);
        assert!(table.setup_of_handshake("unknown").await.unwrap().is_none());
        let (scope, kept) = table.setup_of_handshake(HANDSHAKE).await.unwrap().unwrap();
        assert_eq!((&scope, &kept), (&acme, &setup()));
        let checking = kept.checking(account(), minute(2));
        assert!(table.retake_handshake(&acme, &checking, "two").await.unwrap());
        assert!(!table.retake_handshake(&acme, &checking, "three").await.unwrap());
        assert!(take("two").await && !take("one").await && !take("three").await);
        let after = Setup { version: 1, ..checking };
        assert_eq!(table.setup(&acme, "01J").await.unwrap(), Some(after));
        // It ends when it ended before.
        let late = table.take_handshake(HANDSHAKE, "two", setup().expires_at()).await;
        assert!(late.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn somebody_is_at_a_work_from_his_claim_until_it_ends_or_is_given_back() {
    on_each_engine("at-work", async |_, table| {
        let work = ("scan", "111122223333");
        let at_work = async |at| table.is_at_work(work, minute(at)).await.unwrap();
        assert!(!at_work(0).await);
        let claimed = table.claim_work(work, (minute(0), minute(6))).await;
        assert_eq!(claimed.unwrap(), Work::Ours);
        assert!(at_work(0).await && at_work(6).await && !at_work(7).await);
        table.release_work(work).await.unwrap();
        assert!(!at_work(1).await);
    })
    .await;
}
