//! GitHub fails: the person is told by Cognito, and nothing is left hanging.

use super::{SECRET, World, field, secret, table};
use github::{Github, Issuer};
use kms::signing::LocalSigner;
use login_double::github::Trouble;
use std::io;
use std::sync::{Arc, Mutex};

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

/// All that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nothing_that_is_secret_or_tells_who_somebody_is_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    let _listening = tracing_subscriber::util::SubscriberInitExt::set_default(subscriber);
    let world = World::start().await;
    let (at_github, cookie) = world.sent(&[]).await;
    let back = world.choose(&at_github, "ana").await;
    world.github.set_trouble(Some(Trouble::Down));
    world.get(&back, &cookie).await;
    world.github.set_trouble(None);
    let code = field(&world.visit("ana", &[]).await, "code");
    world.token(&code, &[("client_secret", "wrong")]).await;
    let (_, tokens) = world.token(&code, &[]).await;
    let bytes = log.0.lock().unwrap().clone();
    let said = String::from_utf8(bytes).unwrap();
    assert!(said.contains("signing in with GitHub failed"), "it listens: {said}");
    let github_code = field(&reqwest::Url::parse(&back).unwrap(), "code");
    let (access, id) = (tokens["access_token"].as_str(), tokens["id_token"].as_str());
    for secret in [SECRET, "gh-s3cret", &github_code, &code, access.unwrap(), id.unwrap()] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
    for person in ["ana@example.com", "Ana Example", "cognitos-state"] {
        assert!(!said.contains(person), "{person}: {said}");
    }
}
