//! What is not let through: by whom, from where, and how often.

use super::{BACK, World, field, location};
use domain::words;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{LOCATION, WWW_AUTHENTICATE};
use reqwest::{StatusCode, Url};
use sha2::{Digest, Sha256};
use store::StateKind;

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_on_the_list() {
    let world = World::start().await;
    let wrong = [
        "https://evil.example/",
        "https://auth.example/oauth2/idpresponse/",
        "https://auth.example/oauth2/idpresponse?x=1",
        "https://auth.example/oauth2/idpresponse#x",
        "https://auth.example:443/oauth2/idpresponse",
        "HTTPS://auth.example/oauth2/idpresponse",
        "https://auth.example/other",
        "//auth.example/oauth2/idpresponse",
        "javascript:alert(1)",
        "",
    ];
    for to in wrong {
        let answer = world.authorize(&[("redirect_uri", to)]).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{to}");
        assert!(!answer.headers().contains_key(LOCATION), "{to}");
    }
    let twice = format!(
        "{}/authorize?client_id=cognito&redirect_uri={BACK}&redirect_uri=https://evil.example",
        world.url
    );
    assert_eq!(world.get(&twice, "").await.status(), StatusCode::BAD_REQUEST);
    for client in ["", "another", "gh-app"] {
        let answer = world.authorize(&[("client_id", client)]).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{client}");
        assert!(!answer.headers().contains_key(LOCATION), "{client}");
    }
    let long = "s".repeat(4097);
    let answer = world.authorize(&[("state", &long)]).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_else_is_wrong_is_said_to_cognito_with_its_state() {
    let world = World::start().await;
    let challenge = "a".repeat(43);
    let long = "n".repeat(513);
    let wrong: [(&[(&str, &str)], &str); 8] = [
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("response_type", "")], "unsupported_response_type"),
        (&[("scope", "")], "invalid_scope"),
        (&[("scope", "openidx email")], "invalid_scope"),
        (&[("code_challenge", &challenge)], "invalid_request"),
        (&[("code_challenge", "a"), ("code_challenge_method", "S256")], "invalid_request"),
        (&[("code_challenge", &challenge), ("code_challenge_method", "plain")], "invalid_request"),
        (&[("nonce", &long)], "invalid_request"),
    ];
    for (changed, error) in wrong {
        let answer = world.authorize(changed).await;
        assert_eq!(answer.status(), StatusCode::FOUND, "{changed:?}");
        let to = Url::parse(&location(&answer)).unwrap();
        assert!(to.as_str().starts_with(BACK), "{to}");
        assert_eq!(field(&to, "error"), error, "{changed:?}");
        assert_eq!(field(&to, "state"), "cognitos-state");
    }
}

#[tokio::test]
async fn a_code_is_good_once() {
    let world = World::start().await;
    let code = field(&world.visit("ana", &[]).await, "code");
    assert_eq!(world.token(&code, &[]).await.0, StatusCode::OK);
    let (status, error) = world.token(&code, &[]).await;
    assert_eq!((status, &error["error"]), (StatusCode::BAD_REQUEST, &"invalid_grant".into()));
}

#[tokio::test]
async fn a_code_brought_twice_at_once_gives_one_token() {
    let world = World::start().await;
    let code = field(&world.visit("ana", &[]).await, "code");
    let (one, other) = tokio::join!(world.token(&code, &[]), world.token(&code, &[]));
    let good = [one.0, other.0].into_iter().filter(|status| *status == StatusCode::OK);
    assert_eq!(good.count(), 1);
}

#[tokio::test]
async fn a_code_is_good_for_five_minutes() {
    let world = World::start().await;
    let visit = serde_json::json!({
        "person": { "sub": "101", "name": "ana", "preferred_username": "ana" },
        "redirect_uri": BACK,
    });
    for (code, age, status) in
        [("young", 200, StatusCode::OK), ("old", 300, StatusCode::BAD_REQUEST)]
    {
        let kept = words::hex(&Sha256::digest(code.as_bytes()));
        let then = Timestamp::now() - SignedDuration::from_secs(age);
        let state = (StateKind::GithubCode, kept.as_str());
        world.table.give_state_with(None, state, &visit.to_string(), then).await.unwrap();
        assert_eq!(world.token(code, &[]).await.0, status, "{code}");
    }
}

#[tokio::test]
async fn a_code_that_somebody_else_brings_is_still_good_for_cognito() {
    let world = World::start().await;
    let code = field(&world.visit("ana", &[]).await, "code");
    for (id, secret) in [("cognito", "wrong"), ("another", super::SECRET), ("cognito", "")] {
        let (status, error) =
            world.token(&code, &[("client_id", id), ("client_secret", secret)]).await;
        assert_eq!((status, &error["error"]), (StatusCode::UNAUTHORIZED, &"invalid_client".into()));
    }
    assert_eq!(world.token(&code, &[]).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_code_belongs_to_the_address_that_it_was_given_to() {
    let world = World::start().await;
    for other in ["https://auth.example/other?keep=1", "https://evil.example", ""] {
        let code = field(&world.visit("ana", &[]).await, "code");
        let (status, error) = world.token(&code, &[("redirect_uri", other)]).await;
        assert_eq!((status, &error["error"]), (StatusCode::BAD_REQUEST, &"invalid_grant".into()));
        assert_eq!(world.token(&code, &[]).await.0, StatusCode::BAD_REQUEST, "it was brought");
    }
}

#[tokio::test]
async fn what_is_missing_or_unheard_of_is_said() {
    let world = World::start().await;
    for (changed, error) in [
        (("grant_type", ""), "invalid_request"),
        (("grant_type", "client_credentials"), "unsupported_grant_type"),
        (("code", ""), "invalid_request"),
        (("code", "unheard-of"), "invalid_grant"),
    ] {
        let (status, answer) = world.token("unheard-of", &[changed]).await;
        assert_eq!((status, &answer["error"]), (StatusCode::BAD_REQUEST, &error.into()));
    }
}

#[tokio::test]
async fn a_way_in_belongs_to_one_browser_and_is_used_once() {
    let world = World::start().await;
    let (at_github, cookie) = world.sent(&[]).await;
    let back = world.choose(&at_github, "ana").await;
    let (_, of_another) = world.sent(&[]).await;
    for wrong in ["", of_another.as_str(), "dd0c_github_=1"] {
        let answer = world.get(&back, wrong).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{wrong}");
        assert!(!answer.headers().contains_key(LOCATION));
    }
    assert_eq!(world.get(&back, &cookie).await.status(), StatusCode::FOUND);
    assert_eq!(world.get(&back, &cookie).await.status(), StatusCode::BAD_REQUEST, "once");
}

#[tokio::test]
async fn a_state_that_we_did_not_give_leads_nowhere() {
    let world = World::start().await;
    for state in ["", "short", &"a".repeat(64), &"a".repeat(10_000)] {
        let url = format!("{}/callback?code=c&state={state}", world.url);
        let kept = words::hex(&Sha256::digest(state.as_bytes()));
        let cookie = format!("dd0c_github_{}=1", &kept[..32]);
        let answer = world.get(&url, &cookie).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{} letters", state.len());
    }
}

#[tokio::test]
async fn a_code_of_github_for_another_sign_in_opens_nothing() {
    let world = World::start().await;
    let (stolen_at, _) = world.sent(&[]).await;
    let stolen = Url::parse(&world.choose(&stolen_at, "ana").await).unwrap();
    let (own_at, cookie) = world.sent(&[]).await;
    let own = Url::parse(&world.choose(&own_at, "ben").await).unwrap();
    // Ana's code with Ben's own state: PKCE towards GitHub tells.
    let (code, state) = (field(&stolen, "code"), field(&own, "state"));
    let url = format!("{}/callback?code={code}&state={state}", world.url);
    let to = Url::parse(&location(&world.get(&url, &cookie).await)).unwrap();
    assert_eq!(field(&to, "error"), "access_denied");
    assert_eq!(field(&to, "code"), "");
}

#[tokio::test]
async fn who_does_not_want_to_is_sent_back_with_that() {
    let world = World::start().await;
    let to = world.visit("", &[]).await;
    assert_eq!(field(&to, "error"), "access_denied");
    assert_eq!(field(&to, "state"), "cognitos-state");
}

#[tokio::test]
async fn nothing_is_told_of_anybody_without_his_token() {
    let world = World::start().await;
    let url = format!("{}/userinfo", world.url);
    let code = field(&world.visit("ana", &[]).await, "code");
    for header in ["", "Bearer ", "Bearer wrong", "Basic YTpi", &format!("Bearer {code}")] {
        let request = world.http.get(&url).header("authorization", header);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{header}");
        assert!(answer.headers()[WWW_AUTHENTICATE].to_str().unwrap().contains("invalid_token"));
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_is_not_read() {
    let world = World::start().await;
    let request = world.http.post(format!("{}/token", world.url)).body("a".repeat(64 * 1024));
    assert_eq!(request.send().await.unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
}
