//! All of it as it should go.

use super::{BACK, SECRET, World, challenge, field, json};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::StatusCode;
use reqwest::header::AUTHORIZATION;

#[tokio::test]
async fn somebody_signs_in_with_github_and_cognito_learns_who_he_is() {
    let world = World::start().await;
    let back = world.visit("ana", &[("nonce", "n-0S6")]).await;
    assert!(back.as_str().starts_with(BACK), "{back}");
    assert_eq!(field(&back, "state"), "cognitos-state");
    let (status, tokens) = world.token(&field(&back, "code"), &[]).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&"Bearer".into(), &600.into()));
    let claims = world.checked(tokens["id_token"].as_str().unwrap()).await;
    for (name, value) in [
        ("sub", "101"),
        ("name", "Ana Example"),
        ("preferred_username", "ana"),
        ("email", "ana@example.com"),
        ("picture", "https://avatars.example/u/101"),
        ("nonce", "n-0S6"),
        ("iss", &world.url),
        ("aud", "cognito"),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    assert_eq!(claims["email_verified"], true);
    let holds = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert_eq!(holds, 300);

    let userinfo = format!("{}/userinfo", world.url);
    let token = tokens["access_token"].as_str().unwrap();
    for request in [world.http.get(&userinfo), world.http.post(&userinfo)] {
        let told = json(request.bearer_auth(token).send().await.unwrap()).await;
        for name in ["sub", "email", "email_verified", "name", "preferred_username", "picture"] {
            assert_eq!(told[name], claims[name], "{name}");
        }
        assert!(told.get("exp").is_none());
    }
}

#[tokio::test]
async fn the_state_of_cognito_may_be_long_though_githubs_may_not() {
    let world = World::start().await;
    let long = "s/+=&?#".repeat(585);
    assert_eq!(long.len(), 4095);
    let (at_github, _) = world.sent(&[("state", &long)]).await;
    assert!(at_github.len() < 600, "{} bytes", at_github.len());
    let back = world.visit("ana", &[("state", &long)]).await;
    assert_eq!(field(&back, "state"), long);
}

#[tokio::test]
async fn without_a_state_none_comes_back_and_fields_of_the_address_stay() {
    let world = World::start().await;
    let other = "https://auth.example/other?keep=1";
    let back = world.visit("ana", &[("state", ""), ("redirect_uri", other)]).await;
    assert!(back.as_str().starts_with(&format!("{other}&code=")), "{back}");
    assert!(!back.as_str().contains("state"), "{back}");
    let (status, _) = world.token(&field(&back, "code"), &[("redirect_uri", other)]).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn an_address_that_is_not_verified_is_told_to_nobody() {
    let world = World::start().await;
    for name in ["ben", "cleo"] {
        let back = world.visit(name, &[]).await;
        let (_, tokens) = world.token(&field(&back, "code"), &[]).await;
        let claims = world.checked(tokens["id_token"].as_str().unwrap()).await;
        assert_eq!(claims["name"], name, "his login, as he has said no name");
        assert!(claims.get("email").is_none(), "{claims}");
        assert!(claims.get("email_verified").is_none(), "{claims}");
    }
}

#[tokio::test]
async fn cognito_may_show_its_secret_in_the_header() {
    let world = World::start().await;
    let back = world.visit("ana", &[]).await;
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code");
    form.append_pair("code", &field(&back, "code")).append_pair("redirect_uri", BACK);
    let secret: String = form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("cognito:{secret}")));
    let request = world.http.post(format!("{}/token", world.url)).header(AUTHORIZATION, basic);
    let answer = request.body(form.finish()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn who_sends_a_challenge_has_to_bring_its_verifier() {
    let world = World::start().await;
    let verifier = "a".repeat(43);
    let with = [("code_challenge", &*challenge(&verifier)), ("code_challenge_method", "S256")];
    let code = async || field(&world.visit("ana", &with).await, "code");
    let (status, _) = world.token(&code().await, &[("code_verifier", &verifier)]).await;
    assert_eq!(status, StatusCode::OK);
    for wrong in ["", "b", &challenge(&verifier)] {
        let (status, error) = world.token(&code().await, &[("code_verifier", wrong)]).await;
        assert_eq!((status, &error["error"]), (StatusCode::BAD_REQUEST, &"invalid_grant".into()));
    }
    // A verifier where there was no challenge is of another sign-in.
    let plain = field(&world.visit("ana", &[]).await, "code");
    let (status, _) = world.token(&plain, &[("code_verifier", &verifier)]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn two_tabs_do_not_disturb_each_other() {
    let world = World::start().await;
    let (one, other) = (world.sent(&[]).await, world.sent(&[("state", "other")]).await);
    let cookies = format!("a=b; {}; {}", one.1, other.1);
    for ((at_github, _), state) in [(one, "cognitos-state"), (other, "other")] {
        let back = world.choose(&at_github, "ana").await;
        let answer = world.get(&back, &cookies).await;
        let to = reqwest::Url::parse(&super::location(&answer)).unwrap();
        assert_eq!(field(&to, "state"), state);
        assert!(!field(&to, "code").is_empty());
    }
}
