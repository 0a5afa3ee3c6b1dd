//! GitHub fails: the person is told by Cognito, and nothing is left hanging.

use super::{World, field, secret, table};
use github::{Github, Issuer};
use kms::signing::LocalSigner;
use login_double::github::Trouble;

#[tokio::test]
async fn whatever_github_does_cognito_hears_of_it() {
    let world = World::start().await;
    for trouble in [Trouble::Down, Trouble::Endless, Trouble::Silent] {
        let (at_github, cookie) = world.sent(&[]).await;
        let back = world.choose(&at_github, "ana").await;
        world.github.set_trouble(Some(trouble));
        let answer = world.get(&back, &cookie).await;
        world.github.set_trouble(None);
        let to = reqwest::Url::parse(&super::location(&answer)).unwrap();
        assert_eq!(field(&to, "error"), "temporarily_unavailable", "{trouble:?}");
        assert_eq!(field(&to, "state"), "cognitos-state", "{trouble:?}");
    }
}

#[tokio::test]
async fn secrets_go_over_tls_or_stay_on_this_machine() {
    let good = "https://github.com";
    assert!(Github::new(good, "https://api.github.com").is_ok());
    for wrong in ["http://github.com", "github.com", "", "ftp://github.com", "https://a@github.com"]
    {
        assert!(Github::new(wrong, good).is_err() && Github::new(good, wrong).is_err(), "{wrong}");
        let github = Github::new(good, good).unwrap();
        let signer = LocalSigner::fleeting().unwrap();
        assert!(Issuer::new(table().await, signer, github, secret(), wrong).is_err(), "{wrong}");
    }
}
