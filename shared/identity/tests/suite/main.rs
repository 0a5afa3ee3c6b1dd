//! Who is let in, and who is not: with real tokens of a login on this machine.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod garbage;
mod issuer_keys;
mod let_in;
mod names;
mod program_keys;
mod refusals;

use identity::{Claims, HttpKeys, Identity, Refusal, Verifier};
use jiff::{SignedDuration, Timestamp};
use login_double::{LoginDouble, LoginState, Settings};
use std::time::Duration;
use store::Table;

/// Of the usual client, in this process.
fn login() -> LoginState {
    LoginState::new(Settings {
        issuer: "https://issuer.example/pool".to_owned(),
        client_id: "dd0c-cost".to_owned(),
        redirect_uris: vec!["https://cost.example/signed-in".to_owned()],
    })
}

/// Checks the tokens of a login in this process.
fn verifier(login: &LoginState) -> Verifier {
    let keys = login.clone();
    let settings = login.settings();
    Verifier::new(&settings.issuer, &settings.client_id, move || {
        let document = keys.jwks().to_string();
        async { Ok(document.into_bytes()) }
    })
}

/// Checks those of one that is reached over HTTP.
fn verifier_over_http(login: &LoginDouble) -> Verifier {
    let settings = login.settings();
    let keys = HttpKeys::of(&settings.issuer).unwrap().within(Duration::from_secs(3));
    Verifier::new(&settings.issuer, &settings.client_id, keys)
}

/// A table without anybody.
async fn table() -> Table {
    let client = store::embedded::client(None).unwrap();
    let table = Table::new(client, "dd0c-cost-main");
    table.create().await.unwrap();
    table
}

async fn identity(login: &LoginState) -> (Table, Identity) {
    let table = table().await;
    (table.clone(), Identity::new(table, verifier(login)))
}

/// So many seconds after the beginning.
fn second(seconds: i64) -> Timestamp {
    let beginning: Timestamp = "2026-06-10T08:00:00Z".parse().unwrap();
    beginning + SignedDuration::from_secs(seconds)
}

/// Why it is not taken.
fn refused(answer: Result<Claims, Refusal>) -> &'static str {
    match answer {
        Err(Refusal::Invalid(why)) => why,
        other => panic_with(&format!("{other:?}")),
    }
}

#[expect(clippy::panic, reason = "a test that cannot go on has failed")]
fn panic_with(what: &str) -> ! {
    panic!("it is not refused as invalid: {what}")
}
