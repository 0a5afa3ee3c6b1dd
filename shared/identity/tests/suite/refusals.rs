//! Every way in which a token can be wrong, one at a time: all else about it is right.

use super::{login, refused, second, verifier};
use identity::Refusal;
use jiff::Timestamp;
use login_double::{LoginState, Signed};
use serde_json::{Value, json};

/// A token that would be taken, but for one thing.
async fn with(change: impl FnOnce(&mut Value)) -> Result<identity::Claims, Refusal> {
    let login = login();
    let mut claims = login.access_claims("ana", second(0));
    change(&mut claims);
    let token = login.mint(&claims, Signed::Rightly);
    verifier(&login).verify(&token, second(1)).await
}

async fn signed(signed: Signed) -> &'static str {
    let login = login();
    let token = login.mint(&login.access_claims("ana", second(0)), signed);
    refused(verifier(&login).verify(&token, second(1)).await)
}

#[tokio::test]
async fn a_token_as_it_should_be_is_taken() {
    let claims = with(|_| ()).await.unwrap();
    assert_eq!(claims.name, "ana");
    assert_eq!(claims.expires_at, second(3600));
    assert_eq!(claims.sub.len(), 36);
}

#[tokio::test]
async fn another_issuer_client_or_use_is_refused() {
    let other = "https://issuer.example/other-pool";
    assert_eq!(refused(with(|it| it["iss"] = other.into()).await), "it is of another issuer");
    let slash = "https://issuer.example/pool/";
    assert_eq!(refused(with(|it| it["iss"] = slash.into()).await), "it is of another issuer");
    let client = refused(with(|it| it["client_id"] = "another".into()).await);
    assert_eq!(client, "it is for another client");
    let none = refused(with(|it| drop(it.as_object_mut().unwrap().remove("client_id"))).await);
    assert_eq!(none, "it is for another client");
    let id = refused(with(|it| it["token_use"] = "id".into()).await);
    assert_eq!(id, "it is no access token");
}

#[tokio::test]
async fn an_id_token_does_not_open_what_an_access_token_opens() {
    let login = login();
    let token = login.mint(&login.id_claims("ana", second(0)), Signed::Rightly);
    let why = refused(verifier(&login).verify(&token, second(1)).await);
    assert_eq!(why, "it is no access token");
}

#[tokio::test]
async fn a_token_holds_within_its_time_and_a_minute_around_it() {
    let login = login();
    let (verifier, claims) = (verifier(&login), login.access_claims("ana", second(0)));
    let token = login.mint(&claims, Signed::Rightly);
    let at = async |seconds| verifier.verify(&token, second(seconds)).await;
    assert!(at(3600).await.is_ok() && at(3659).await.is_ok());
    assert_eq!(at(3660).await, Err(Refusal::Expired));
    assert!(at(-60).await.is_ok(), "a minute between two clocks is nothing");
    assert_eq!(refused(at(-61).await), "it is from the future");
    let later = second(100).as_second();
    assert_eq!(refused(with(|it| it["nbf"] = later.into()).await), "it is from the future");
}

#[tokio::test]
async fn a_time_that_is_none_is_refused() {
    for wrong in [json!(i64::MAX), json!(i64::MIN), json!("tomorrow"), json!(1e300), json!(null)] {
        for name in ["exp", "iat", "nbf"] {
            let answer = with(|it| it[name] = wrong.clone()).await;
            // Without a beginning a token holds from ever on; without an end it is none.
            let may_be_missing = wrong.is_null() && name != "exp";
            assert_eq!(answer.is_ok(), may_be_missing, "{name}: {wrong}");
        }
    }
    let ever = refused(with(|it| drop(it.as_object_mut().unwrap().remove("exp"))).await);
    assert_eq!(ever, "its claims cannot be read");
}

#[tokio::test]
async fn the_algorithm_is_ours_to_say() {
    assert_eq!(signed(Signed::Not).await, "it cannot be read");
    assert_eq!(signed(Signed::WithThePublicKey).await, "it is signed in another way");
    for other in ["RS384", "RS512", "PS256", "ES256", "HS512", "EdDSA"] {
        assert_eq!(signed(Signed::As(other)).await, "it is signed in another way", "{other}");
    }
    for unheard_of in ["", "None", "NONE", "rs256", "RS256 "] {
        assert_eq!(signed(Signed::As(unheard_of)).await, "it cannot be read", "{unheard_of:?}");
    }
}

#[tokio::test]
async fn the_key_is_the_issuers() {
    assert_eq!(signed(Signed::ByAStranger).await, "its signature is wrong");
    assert_eq!(signed(Signed::WithAnUnknownKey).await, "it is signed with an unknown key");
    assert_eq!(signed(Signed::WithoutAName).await, "it names no key");
    let (ours, other) = (login(), login());
    let token = other.access_token("ana", second(0));
    let why = refused(verifier(&ours).verify(&token, second(1)).await);
    assert_eq!(why, "its signature is wrong", "a key of the same name is not the same key");
}

#[tokio::test]
async fn what_was_signed_cannot_be_changed() {
    let login = login();
    let verifier = verifier(&login);
    let token = login.access_token("ana", second(0));
    let parts: Vec<&str> = token.split('.').collect();
    let other = login.access_token("ben", second(0));
    let bens: Vec<&str> = other.split('.').collect();
    let swapped = format!("{}.{}.{}", parts[0], bens[1], parts[2]);
    assert_eq!(refused(verifier.verify(&swapped, second(1)).await), "its signature is wrong");
    for cut in [format!("{}.{}.", parts[0], parts[1]), format!("{}.{}", parts[0], parts[1])] {
        let answer = verifier.verify(&cut, second(1)).await;
        assert!(matches!(answer, Err(Refusal::Invalid(_))), "{answer:?}");
    }
}

#[tokio::test]
async fn a_token_names_somebody() {
    for nobody in ["", "a#b", "a b", "ü", &"a".repeat(129)] {
        assert_eq!(refused(with(|it| it["sub"] = nobody.into()).await), "it names nobody");
    }
    let longest = "a".repeat(128);
    assert_eq!(with(|it| it["sub"] = longest.as_str().into()).await.unwrap().sub, longest);
}

#[tokio::test]
async fn a_name_is_bounded_and_cannot_play_tricks() {
    let name = "a".repeat(1_000);
    let claims = with(|it| it["username"] = name.as_str().into()).await.unwrap();
    assert_eq!(claims.name.len(), 100);
    let tricky = with(|it| it["username"] = "ana\u{202e}\nroot".into()).await.unwrap();
    assert!(!tricky.name.contains(['\u{202e}', '\n']), "{:?}", tricky.name);
    let said = with(|it| it["name"] = "Ana Example".into()).await.unwrap();
    assert_eq!(said.name, "Ana Example");
    let nameless = with(|it| it["username"] = "".into()).await.unwrap();
    assert_eq!(nameless.name, nameless.sub);
}

#[tokio::test]
async fn a_token_that_is_too_long_is_not_even_read() {
    let login: LoginState = login();
    let mut claims = login.access_claims("ana", second(0));
    claims["padding"] = "a".repeat(8 * 1024).into();
    let token = login.mint(&claims, Signed::Rightly);
    let why = refused(verifier(&login).verify(&token, second(1)).await);
    assert_eq!(why, "it is too long");
}

#[tokio::test]
async fn a_refusal_says_nothing_about_anybody() {
    let login = login();
    let token = login.mint(&login.access_claims("ana", Timestamp::UNIX_EPOCH), Signed::Rightly);
    let refusal = verifier(&login).verify(&token, second(0)).await.unwrap_err();
    let said = format!("{refusal} {refusal:?}");
    assert!(!said.contains("ana") && !said.contains("dd0c-cost"), "{said}");
}
