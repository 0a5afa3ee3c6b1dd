//! Signing in as at Cognito: a page, a code, tokens, new tokens, and out again.

use super::{BACK, VERIFIER, browser, challenge, field, location, said, send, with};
use jiff::Timestamp;
use login_double::{Clock, LoginDouble};
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Response, StatusCode, Url};
use serde_json::Value;
use std::time::Duration;

fn authorize(login: &LoginDouble, changed: &[(&str, &str)]) -> Url {
    let challenge = challenge();
    let usual = [
        ("client_id", "dd0c-cost"),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "s1"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    with(&format!("{}/oauth2/authorize", login.settings().issuer), &usual, changed)
}

async fn code(login: &LoginDouble, name: &str, changed: &[(&str, &str)]) -> String {
    let request = browser().post(authorize(login, changed)).body(format!("name={name}"));
    let back = location(&request.send().await.unwrap());
    assert!(back.as_str().starts_with(BACK), "{back}");
    assert_eq!(field(&back, "state"), "s1");
    field(&back, "code")
}

async fn token(login: &LoginDouble, fields: &[(&str, &str)]) -> (StatusCode, Value) {
    let fields: Vec<_> = [("client_id", "dd0c-cost")].iter().chain(fields).copied().collect();
    send(&format!("{}/oauth2/token", login.settings().issuer), &fields).await
}

async fn exchange(login: &LoginDouble, code: &str, verifier: &str) -> (StatusCode, Value) {
    let grant = ("grant_type", "authorization_code");
    let fields = [grant, ("code", code), ("redirect_uri", BACK), ("code_verifier", verifier)];
    token(login, &fields).await
}

#[tokio::test]
async fn who_chooses_a_name_gets_tokens_in_it() {
    let login = LoginDouble::start().await.unwrap();
    let page = browser().get(authorize(&login, &[])).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let html = page.text().await.unwrap();
    for part in ["<html lang=\"en\">", "<label for=\"name\">", "value=\"ana\"", "value=\"ben\""] {
        assert!(html.contains(part), "{part}");
    }
    let code = code(&login, "%20Zo%C3%AB%20", &[("nonce", "n1")]).await;
    let (status, tokens) = exchange(&login, &code, VERIFIER).await;
    assert_eq!((status, &tokens["expires_in"]), (StatusCode::OK, &3600.into()));
    let (access, id) = (said(&tokens["access_token"]), said(&tokens["id_token"]));
    assert_eq!(access["sub"], id["sub"]);
    assert_eq!((&access["username"], &access["token_use"]), (&"Zoë".into(), &"access".into()));
    assert_eq!((&id["aud"], &id["nonce"]), (&"dd0c-cost".into(), &"n1".into()));
    for name in ["iss", "client_id", "scope", "exp", "iat", "jti", "origin_jti"] {
        assert!(!access[name].is_null(), "{name}");
    }
}

#[tokio::test]
async fn the_same_name_is_the_same_person_wherever_he_signs_in() {
    let now = Timestamp::UNIX_EPOCH;
    let (one, other) = (LoginDouble::start().await.unwrap(), LoginDouble::start().await.unwrap());
    let sub = |login: &LoginDouble, name: &str| login.access_claims(name, now)["sub"].clone();
    assert_eq!(sub(&one, "ana"), sub(&other, "ana"));
    assert_ne!(sub(&one, "ana"), sub(&one, "ben"));
}

#[tokio::test]
async fn a_code_is_good_once_for_whoever_asked_for_it() {
    let login = LoginDouble::start().await.unwrap();
    let first = code(&login, "ana", &[]).await;
    assert_eq!(exchange(&login, &first, VERIFIER).await.0, StatusCode::OK);
    let again = exchange(&login, &first, VERIFIER).await;
    assert_eq!((again.0, &again.1["error"]), (StatusCode::BAD_REQUEST, &"invalid_grant".into()));
    for wrong in ["", "another-verifier", &challenge()] {
        let code = code(&login, "ana", &[]).await;
        assert_eq!(exchange(&login, &code, wrong).await.0, StatusCode::BAD_REQUEST);
        assert_eq!(exchange(&login, &code, VERIFIER).await.0, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn a_code_is_good_for_five_minutes() {
    let clock = Clock::at(0);
    let login = LoginDouble::builder().clock(clock.clone()).start().await.unwrap();
    let (one, other) = (code(&login, "ana", &[]).await, code(&login, "ana", &[]).await);
    clock.advance(Duration::from_secs(299));
    assert_eq!(exchange(&login, &one, VERIFIER).await.0, StatusCode::OK);
    clock.advance(Duration::from_secs(1));
    assert_eq!(exchange(&login, &other, VERIFIER).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn without_pkce_or_elsewhere_nobody_signs_in() {
    let login = LoginDouble::start().await.unwrap();
    let wrong: [&[(&str, &str)]; 7] = [
        &[("code_challenge", "")],
        &[("code_challenge_method", "plain")],
        &[("code_challenge_method", "")],
        &[("client_id", "another")],
        &[("redirect_uri", "https://evil.example")],
        &[("redirect_uri", "http://127.0.0.1:3000/signed-in/")],
        &[("response_type", "token")],
    ];
    for changed in wrong {
        let url = authorize(&login, changed);
        let page = browser().get(url.clone()).send().await.unwrap();
        let chosen = browser().post(url).body("name=ana").send().await.unwrap();
        for answer in [page, chosen] {
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{changed:?}");
        }
    }
    for nobody in ["", "name=", "name=%20", &format!("name={}", "a".repeat(65))] {
        let request = browser().post(authorize(&login, &[])).body(nobody.to_owned());
        assert_eq!(request.send().await.unwrap().status(), StatusCode::BAD_REQUEST, "{nobody}");
    }
}

#[tokio::test]
async fn tokens_are_renewed_until_the_right_to_it_is_taken_back() {
    let login = LoginDouble::start().await.unwrap();
    let (_, tokens) = exchange(&login, &code(&login, "ana", &[]).await, VERIFIER).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let renew = async || {
        token(&login, &[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await
    };
    let (status, renewed) = renew().await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(said(&renewed["access_token"])["username"], "ana");
    assert!(renewed.get("refresh_token").is_none(), "it stays the same one");
    let revoke = format!("{}/oauth2/revoke", login.settings().issuer);
    let fields = [("client_id", "dd0c-cost"), ("token", refresh)];
    assert_eq!(send(&revoke, &fields).await.0, StatusCode::OK);
    assert_eq!(renew().await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn who_leaves_goes_back_to_the_application_and_nowhere_else() {
    let login = LoginDouble::start().await.unwrap();
    let leave = async |to: &str| {
        let url = format!("{}/logout", login.settings().issuer);
        let url = with(&url, &[("client_id", "dd0c-cost"), ("logout_uri", to)], &[]);
        browser().get(url).send().await.unwrap()
    };
    let home = "http://127.0.0.1:3000/";
    assert_eq!(location(&leave(home).await).as_str(), home);
    for wrong in [
        "https://evil.example/",
        "http://127.0.0.1:30000/",
        "http://127.0.0.1:3000@evil.example/",
        "/",
    ] {
        assert_eq!(leave(wrong).await.status(), StatusCode::BAD_REQUEST, "{wrong}");
    }
}

/// What a browser keeps of an answer.
fn cookie(answer: &Response) -> String {
    let set = answer.headers()[SET_COOKIE].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

/// Somebody chooses in a browser that keeps this; what it keeps then.
async fn sign_in(login: &LoginDouble, name: &str, kept: &str) -> String {
    let request = browser().post(authorize(login, &[])).header(COOKIE, kept);
    let answer = request.body(format!("name={name}")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    cookie(&answer)
}

/// A browser that keeps this comes again.
async fn come(login: &LoginDouble, kept: &str, changed: &[(&str, &str)]) -> Response {
    browser().get(authorize(login, changed)).header(COOKIE, kept).send().await.unwrap()
}

async fn name_of(login: &LoginDouble, answer: &Response) -> Value {
    let (status, tokens) = exchange(login, &field(&location(answer), "code"), VERIFIER).await;
    assert_eq!(status, StatusCode::OK);
    said(&tokens["access_token"])["username"].clone()
}

#[tokio::test]
async fn a_browser_that_has_chosen_is_not_asked_again_unless_the_application_wants_it() {
    let login = LoginDouble::start().await.unwrap();
    let first = browser().post(authorize(&login, &[])).body("name=ana").send().await.unwrap();
    let set = first.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(set.ends_with("; Path=/login; Max-Age=3600; HttpOnly; SameSite=Lax"), "{set}");
    let kept = format!("other=1; {}", cookie(&first));
    let again = come(&login, &kept, &[("state", "s2")]).await;
    assert_eq!(field(&location(&again), "state"), "s2");
    assert_eq!(name_of(&login, &again).await, "ana");
    assert_eq!(come(&login, &kept, &[("prompt", "login")]).await.status(), StatusCode::OK);
    assert_eq!(come(&login, "login_session=made-up", &[]).await.status(), StatusCode::OK);
    assert_eq!(come(&login, &kept, &[("client_id", "x")]).await.status(), StatusCode::BAD_REQUEST);
    let silent = come(&login, &kept, &[("prompt", "none")]).await;
    assert_eq!(name_of(&login, &silent).await, "ana");
    let nobody = come(&login, "", &[("prompt", "none")]).await;
    assert_eq!(field(&location(&nobody), "error"), "login_required");
}

#[tokio::test]
async fn whoever_chooses_last_in_a_browser_is_the_one_who_is_known_there() {
    let login = LoginDouble::start().await.unwrap();
    let of_ana = sign_in(&login, "ana", "").await;
    let of_ben = sign_in(&login, "ben", &of_ana).await;
    assert_eq!(name_of(&login, &come(&login, &of_ben, &[]).await).await, "ben");
    assert_eq!(come(&login, &of_ana, &[]).await.status(), StatusCode::OK, "her session is over");
    // Another browser is another one.
    let elsewhere = sign_in(&login, "ana", "").await;
    assert_eq!(name_of(&login, &come(&login, &elsewhere, &[]).await).await, "ana");
    assert_eq!(name_of(&login, &come(&login, &of_ben, &[]).await).await, "ben");
}

#[tokio::test]
async fn signing_out_or_an_hour_ends_the_session() {
    let clock = Clock::at(0);
    let login = LoginDouble::builder().clock(clock.clone()).start().await.unwrap();
    let leave = async |kept: &str, to: &str| {
        let url = format!("{}/logout", login.settings().issuer);
        let url = with(&url, &[("client_id", "dd0c-cost"), ("logout_uri", to)], &[]);
        browser().get(url).header(COOKIE, kept).send().await.unwrap()
    };
    let kept = sign_in(&login, "ana", "").await;
    leave(&kept, "https://evil.example/").await;
    assert_eq!(come(&login, &kept, &[]).await.status(), StatusCode::SEE_OTHER, "no way out");
    let left = leave(&kept, "http://127.0.0.1:3000/").await;
    assert_eq!(cookie(&left), "login_session=");
    assert!(left.headers()[SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(come(&login, &kept, &[]).await.status(), StatusCode::OK, "he is asked again");
    let kept = sign_in(&login, "ana", "").await;
    clock.advance(Duration::from_secs(3599));
    assert_eq!(come(&login, &kept, &[]).await.status(), StatusCode::SEE_OTHER);
    clock.advance(Duration::from_secs(1));
    assert_eq!(come(&login, &kept, &[]).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn every_address_that_is_named_is_there() {
    let login = LoginDouble::start().await.unwrap();
    let url = format!("{}/.well-known/openid-configuration", login.settings().issuer);
    let text = browser().get(url).send().await.unwrap().text().await.unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    for (name, url) in document.as_object().unwrap() {
        let posts = ["token_endpoint", "revocation_endpoint"].contains(&name.as_str());
        if posts || name.ends_with("_endpoint") || name == "jwks_uri" {
            let url = url.as_str().unwrap();
            let request = if posts { browser().post(url) } else { browser().get(url) };
            let status = request.send().await.unwrap().status();
            let there = ![StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&status);
            assert!(there, "{name}: {status}");
        }
    }
}

#[tokio::test]
async fn it_listens_on_this_machine_only() {
    let outside = LoginDouble::builder().listen(([0, 0, 0, 0], 0).into()).start().await;
    assert!(outside.unwrap_err().to_string().contains("outside"));
}
