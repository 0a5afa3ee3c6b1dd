//! States with a note: for a tenant or for nobody yet, each for as long as its kind holds.

use jiff::{SignedDuration, Timestamp};
use store::{Given, StateKind};
use store_engines::on_each_engine;
use store_engines::sample::{minute, tenant};

fn later(seconds: i64) -> Timestamp {
    minute(0) + SignedDuration::from_secs(seconds)
}

#[tokio::test]
async fn a_note_comes_back_with_its_state_once() {
    on_each_engine("notes", async |_, table| {
        let state = (StateKind::GithubSignIn, "s1");
        table.give_state_with(None, state, "{\"state\":\"…\"}", minute(0)).await.unwrap();
        let given = Given { scope: None, payload: "{\"state\":\"…\"}".to_owned() };
        assert_eq!(table.look_at_state(state, later(1)).await.unwrap(), Some(given.clone()));
        assert_eq!(table.take_state_with(state, later(2)).await.unwrap(), Some(given));
        assert_eq!(table.take_state_with(state, later(3)).await.unwrap(), None);
        assert_eq!(table.look_at_state(state, later(3)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_state_of_one_kind_is_none_of_another() {
    on_each_engine("kinds", async |_, table| {
        let (kind, other) = ((StateKind::GithubCode, "s1"), (StateKind::GithubAccess, "s1"));
        table.give_state_with(None, kind, "", minute(0)).await.unwrap();
        assert_eq!(table.take_state_with(other, later(1)).await.unwrap(), None);
        assert!(!table.has_state(other, later(1)).await.unwrap());
        assert!(table.has_state(kind, later(1)).await.unwrap());
        assert_eq!(table.take_state(kind, later(1)).await.unwrap(), None, "nobody's");
    })
    .await;
}

#[tokio::test]
async fn each_kind_holds_for_its_time() {
    let minutes = SignedDuration::from_mins;
    let kinds = [
        (StateKind::SlackInstall, minutes(10)),
        (StateKind::GithubSignIn, minutes(10)),
        (StateKind::GithubCode, minutes(5)),
        (StateKind::GithubAccess, minutes(10)),
    ];
    on_each_engine("terms", async |_, table| {
        for (kind, holds) in kinds {
            let state = (kind, "s1");
            let acme = tenant("acme");
            table.give_state_with(Some(&acme), state, "setup-1", minute(0)).await.unwrap();
            let end = later(holds.as_secs());
            assert_eq!(table.take_state_with(state, end).await.unwrap(), None, "{kind:?}");
            let before = later(holds.as_secs() - 1);
            let given = Given { scope: Some(acme), payload: "setup-1".to_owned() };
            let taken = table.take_state_with(state, before).await.unwrap();
            assert_eq!(taken, Some(given), "{kind:?}");
        }
    })
    .await;
}
