//! The issuer's keys: how often they are asked for, and what happens while they cannot be had.

use super::{refused, second, verifier_over_http};
use identity::{FetchKeys, Fetching, HttpKeys, Refusal, Verifier};
use login_double::{Flaw, LoginDouble, Signed};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

#[tokio::test]
async fn keys_are_fetched_once_an_hour() {
    let login = LoginDouble::start().await.unwrap();
    let verifier = verifier_over_http(&login);
    for seconds in [0, 1, 60, 3_599] {
        let token = login.access_token("ana", second(seconds));
        verifier.verify(&token, second(seconds)).await.unwrap();
        assert_eq!(login.jwks_requests(), 1, "after {seconds} s");
    }
    let token = login.access_token("ana", second(3_600));
    verifier.verify(&token, second(3_600)).await.unwrap();
    assert_eq!(login.jwks_requests(), 2);
}

#[tokio::test]
async fn a_new_key_is_known_at_once_and_an_old_one_until_it_is_gone() {
    let login = LoginDouble::start().await.unwrap();
    let verifier = verifier_over_http(&login);
    let old = login.access_token("ana", second(0));
    verifier.verify(&old, second(0)).await.unwrap();
    login.rotate();
    let new = login.access_token("ana", second(31));
    verifier.verify(&new, second(31)).await.unwrap();
    verifier.verify(&old, second(32)).await.unwrap();
    assert_eq!(login.jwks_requests(), 2);
    login.forget_old_keys();
    verifier.verify(&old, second(3_599)).await.unwrap();
    verifier.verify(&new, second(3_640)).await.unwrap();
    let why = refused(verifier.verify(&old, second(3_641)).await);
    assert_eq!(why, "it is signed with an unknown key");
}

#[tokio::test]
async fn a_flood_of_unknown_keys_makes_no_flood_of_requests() {
    let login = LoginDouble::start().await.unwrap();
    let verifier = verifier_over_http(&login);
    let strange = login.mint(&login.access_claims("ana", second(0)), Signed::WithAnUnknownKey);
    for nth in 0..200 {
        let why = refused(verifier.verify(&strange, second(nth / 10)).await);
        assert_eq!(why, "it is signed with an unknown key");
    }
    assert_eq!(login.jwks_requests(), 1, "200 of them within 20 s");
    verifier.verify(&login.access_token("ana", second(20)), second(20)).await.unwrap();
    refused(verifier.verify(&strange, second(30)).await);
    assert_eq!(login.jwks_requests(), 2, "half a minute later it is worth another look");
}

#[tokio::test]
async fn many_who_come_at_once_make_one_request() {
    let login = LoginDouble::start().await.unwrap();
    let verifier = Arc::new(verifier_over_http(&login));
    let token: Arc<str> = login.access_token("ana", second(0)).into();
    let come = |_| {
        let (verifier, token) = (verifier.clone(), token.clone());
        tokio::spawn(async move { verifier.verify(&token, second(0)).await })
    };
    let coming: Vec<_> = (0..32).map(come).collect();
    for each in coming {
        each.await.unwrap().unwrap();
    }
    assert_eq!(login.jwks_requests(), 1);
}

#[tokio::test]
async fn whatever_is_wrong_with_the_keys_is_not_the_fault_of_who_asks() {
    for flaw in
        [Flaw::Down, Flaw::Redirect, Flaw::Endless, Flaw::Garbage, Flaw::Empty, Flaw::Silent]
    {
        let login = LoginDouble::start().await.unwrap();
        let verifier = verifier_over_http(&login);
        login.spoil_jwks(Some(flaw));
        let token = login.access_token("ana", second(0));
        let answer = verifier.verify(&token, second(0)).await;
        assert!(matches!(answer, Err(Refusal::Unreachable(_))), "{flaw:?}: {answer:?}");
        let again = verifier.verify(&token, second(1)).await;
        assert_eq!(again, answer, "{flaw:?}");
        assert_eq!(login.jwks_requests(), 1, "{flaw:?}: it is not asked again at once");
        login.spoil_jwks(None);
        verifier.verify(&token, second(3)).await.unwrap();
    }
}

#[tokio::test]
async fn an_issuer_that_is_not_there_is_said_without_its_address() {
    let url = {
        let gone = LoginDouble::start().await.unwrap();
        gone.settings().issuer.clone()
    };
    let login = LoginDouble::start().await.unwrap();
    let keys = HttpKeys::of(&url).unwrap().within(Duration::from_secs(1));
    let verifier = Verifier::new(&url, "dd0c-cost", keys);
    let answer = verifier.verify(&login.access_token("ana", second(0)), second(0)).await;
    assert_eq!(answer, Err(Refusal::Unreachable("the issuer cannot be reached".to_owned())));
}

#[tokio::test]
async fn known_keys_stay_good_while_the_issuer_is_down_for_a_day_at_most() {
    let login = LoginDouble::start().await.unwrap();
    let verifier = verifier_over_http(&login);
    verifier.verify(&login.access_token("ana", second(0)), second(0)).await.unwrap();
    login.spoil_jwks(Some(Flaw::Down));
    for hours in [1, 2, 23] {
        let now = second(hours * 3_600);
        verifier.verify(&login.access_token("ana", now), now).await.unwrap();
    }
    assert_eq!(login.jwks_requests(), 4, "it was asked each time");
    let strange =
        login.mint(&login.access_claims("ana", second(23 * 3_600)), Signed::WithAnUnknownKey);
    let answer = verifier.verify(&strange, second(23 * 3_600 + 1)).await;
    assert!(matches!(answer, Err(Refusal::Unreachable(_))), "it may be a new key: {answer:?}");
    let now = second(24 * 3_600);
    let answer = verifier.verify(&login.access_token("ana", now), now).await;
    assert!(matches!(answer, Err(Refusal::Unreachable(_))), "{answer:?}");
}

/// Keys that come when they are let.
struct Held(Arc<tokio::sync::Semaphore>, Arc<AtomicU32>, String);

impl FetchKeys for Held {
    fn fetch(&self) -> Fetching<'_> {
        Box::pin(async {
            self.1.fetch_add(1, Ordering::SeqCst);
            let let_go = self.0.acquire().await;
            let_go.map_err(|_| "closed".to_owned())?.forget();
            Ok(self.2.clone().into_bytes())
        })
    }
}

#[tokio::test]
async fn who_has_a_key_does_not_wait_for_who_asks_for_it_anew() {
    let login = super::login();
    let (gate, asked) = (Arc::new(tokio::sync::Semaphore::new(1)), Arc::default());
    let keys = Held(gate.clone(), Arc::clone(&asked), login.jwks().to_string());
    let settings = login.settings();
    let verifier = Arc::new(Verifier::new(&settings.issuer, &settings.client_id, keys));
    let token = login.access_token("ana", second(3_000));
    verifier.verify(&token, second(3_000)).await.unwrap();
    // The hour is over: one asks anew and does not get an answer yet.
    let later = second(3_000 + 3_600);
    let (slow, same) = (verifier.clone(), token.clone());
    let waits = tokio::spawn(async move { slow.verify(&same, later).await });
    while asked.load(Ordering::SeqCst) < 2 {
        tokio::task::yield_now().await;
    }
    verifier.verify(&token, later).await.unwrap();
    assert!(!waits.is_finished());
    gate.add_permits(1);
    waits.await.unwrap().unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}
