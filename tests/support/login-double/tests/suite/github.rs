//! Signing in as at GitHub.

use super::{VERIFIER, browser, challenge, field, location, send, with};
use login_double::github::{GithubDouble, GithubSettings};
use reqwest::header::USER_AGENT;
use reqwest::{StatusCode, Url};
use serde_json::Value;

const CALLBACK: &str = "https://cost.example/callback";

async fn github() -> GithubDouble {
    let settings = GithubSettings {
        client_id: "app".to_owned(),
        client_secret: "s3cret".to_owned(),
        callback: CALLBACK.to_owned(),
    };
    GithubDouble::start(settings).await.unwrap()
}

fn authorize(github: &GithubDouble, changed: &[(&str, &str)]) -> Url {
    let challenge = challenge();
    let usual = [
        ("client_id", "app"),
        ("redirect_uri", CALLBACK),
        ("state", "s1"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    with(&format!("{}/login/oauth/authorize", github.url()), &usual, changed)
}

async fn code(github: &GithubDouble) -> String {
    let request = browser().post(authorize(github, &[])).body("name=ana");
    field(&location(&request.send().await.unwrap()), "code")
}

async fn token(github: &GithubDouble, changed: (&str, &str)) -> Value {
    let code = code(github).await;
    let usual = [
        ("client_id", "app"),
        ("client_secret", "s3cret"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let fields =
        usual.map(|(name, value)| (name, if name == changed.0 { changed.1 } else { value }));
    let (status, answer) =
        send(&format!("{}/login/oauth/access_token", github.url()), &fields).await;
    assert_eq!(status, StatusCode::OK, "a refusal is a 200 too");
    answer
}

#[tokio::test]
async fn a_code_is_exchanged_for_who_somebody_is() {
    let github = github().await;
    let answer = token(&github, ("", "")).await;
    let token = answer["access_token"].as_str().unwrap();
    let ask = async |path: &str, token: &str| {
        let request = browser().get(format!("{}{path}", github.url())).bearer_auth(token);
        request.header(USER_AGENT, "test").send().await.unwrap()
    };
    let user: Value =
        serde_json::from_str(&ask("/user", token).await.text().await.unwrap()).unwrap();
    assert_eq!((&user["id"], &user["login"]), (&101.into(), &"ana".into()));
    let emails = ask("/user/emails", token).await.text().await.unwrap();
    assert!(emails.contains("ana@example.com"), "{emails}");
    assert_eq!(ask("/user", "wrong").await.status(), StatusCode::UNAUTHORIZED);
    let nameless = browser().get(format!("{}/user", github.url())).bearer_auth(token);
    assert_eq!(nameless.send().await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_wrong_is_said_in_githubs_words() {
    let github = github().await;
    for (changed, error) in [
        (("client_secret", "wrong"), "incorrect_client_credentials"),
        (("client_id", "another"), "incorrect_client_credentials"),
        (("code", "unheard-of"), "bad_verification_code"),
        (("code_verifier", "wrong"), "bad_verification_code"),
        (("redirect_uri", "https://evil.example"), "redirect_uri_mismatch"),
    ] {
        assert_eq!(token(&github, changed).await["error"], error, "{changed:?}");
    }
}

#[tokio::test]
async fn a_long_state_and_a_foreign_address_are_refused() {
    let github = github().await;
    let (longest, long) = ("s".repeat(250), "s".repeat(251));
    let asked = async |changed| browser().get(authorize(&github, &[changed])).send().await.unwrap();
    assert_eq!(asked(("state", longest.as_str())).await.status(), StatusCode::OK);
    for wrong in [
        ("state", long.as_str()),
        ("redirect_uri", "https://evil.example"),
        ("client_id", "another"),
        ("code_challenge_method", "plain"),
    ] {
        assert_eq!(asked(wrong).await.status(), StatusCode::BAD_REQUEST, "{wrong:?}");
    }
}
