//! `serve`, from outside: events over HTTP, cards on standard output, and nothing lost or counted
//! twice whenever it is killed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod dashboard;
mod journey;
mod program;
mod sample;

use domain::ids::AccountId;
use domain::told::Told;
use program::{PROGRAM, Serve};
use sample_trail::fleet::Fleet;
use sample_trail::{Record, envelope};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use store::Table;

fn array(records: &[Record]) -> String {
    Value::Array(records.iter().map(envelope).collect()).to_string()
}

#[test]
fn an_expensive_launch_becomes_a_card_and_a_second_delivery_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut serve = Serve::start(folder.path(), &[]);
    let help = serve.ask("GET", "/", "").unwrap().1;
    // The example of the help is taken as it stands there.
    let example = &help[help.find("\n  {").unwrap()..help.find("\n  EVENT\n").unwrap()];
    for _ in 0..2 {
        let (status, body) = serve.ask("POST", "/events", example).unwrap();
        assert_eq!((status, body.contains("\"accepted\":1")), (200, true), "{body}");
    }
    serve.rest();
    let status = serve.status();
    assert_eq!((&status["cost_events"], &status["told"]), (&json!(1), &json!(1)), "{status}");
    let (_, digest) = serve.ask("GET", "/digest", "").unwrap();
    assert!(digest.contains("1 anomaly open"), "{digest}");
    let stdout = serve.process.stdout.take().unwrap();
    serve.process.kill().unwrap();
    let cards: Vec<Value> = BufReader::new(stdout)
        .lines()
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    assert_eq!(cards.len(), 1);
    assert_eq!(cards[0]["resource_type"], "p4d.24xlarge");
}

#[test]
fn what_cannot_be_taken_is_answered_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let serve = Serve::start(folder.path(), &["--account", "111122223333"]);
    let record = Fleet::new(1, 1).next().unwrap();
    let stranger = envelope(&record).to_string();
    let mut forged = envelope(&record);
    forged["account"] = json!("111122223333");
    for (body, expected, part) in [
        ("{", 400, "not JSON"),
        ("{\"detail\": {}}", 422, "source_is_not_aws"),
        ("7", 422, "wrong_shape"),
        (stranger.as_str(), 422, "unknown_account"),
        (forged.to_string().as_str(), 422, "another_account"),
        ("[]", 200, "\"accepted\":0"),
    ] {
        let (status, answer) = serve.ask("POST", "/events", body).unwrap();
        assert_eq!((status, answer.contains(part)), (expected, true), "{body}: {status} {answer}");
    }
    let elsewhere = serve.ask_as("evil.example:80", "POST", "/events", "[]").unwrap();
    assert_eq!(elsewhere.0, 403);
    assert_eq!(serve.status()["cost_events"], 0);
}

#[test]
fn it_may_be_killed_at_any_moment_and_ends_as_a_replay_does() {
    killed_at_random(1_200, 24, 50);
}

/// The same at full size: `cargo test --release -p dd0c-cost --test serve -- --ignored`.
#[test]
#[ignore = "takes minutes; the smaller one runs always"]
fn ten_thousand_events_of_two_hundred_accounts() {
    killed_at_random(10_000, 200, 60);
}

fn killed_at_random(events: usize, accounts: usize, kills: u64) {
    let folder = tempfile::tempdir().unwrap();
    let records: Vec<Record> = Fleet::new(7, accounts).take(events).collect();
    let (served, replayed) = (folder.path().join("served"), folder.path().join("replayed"));
    let trail = folder.path().join("trail.json");
    std::fs::write(&trail, json!({"Records": records}).to_string()).unwrap();

    let began = Instant::now();
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    let mut killed = 0;
    let mut serve = Serve::start(&served, &[]);
    let chunk = events.div_ceil(usize::try_from(kills).unwrap()).max(1);
    for records in records.chunks(chunk) {
        // In the middle of the work on these, wherever that is.
        let process = serve.process.id().to_string();
        let after = Duration::from_micros(next() % 120_000);
        let death = std::thread::spawn(move || {
            std::thread::sleep(after);
            Command::new("kill").args(["-9", &process]).status().unwrap();
        });
        let body = array(records);
        let answered = serve.ask("POST", "/events", &body);
        death.join().unwrap();
        serve.process.wait().unwrap();
        killed += 1;
        serve = Serve::start(&served, &[]);
        if !matches!(answered, Ok((200, _))) {
            let (status, answer) = serve.ask("POST", "/events", &body).unwrap();
            assert_eq!(status, 200, "{answer}");
        }
    }
    serve.rest();
    let status = serve.status();
    assert_eq!(status["put_aside"], json!({"events": [], "alerts": []}));
    drop(serve);
    assert!(killed >= kills, "{killed}");
    println!("{events} events, {killed} kills: {:.1} s", began.elapsed().as_secs_f64());

    let replay = Command::new(PROGRAM)
        .args(["replay", "--quiet", "--data"])
        .args([&replayed, &trail])
        .stdout(Stdio::null())
        .status();
    assert!(replay.unwrap().success());
    let (served, replayed) = (stored(&served), stored(&replayed));
    assert_eq!(served.len(), accounts);
    for (one, other) in served.iter().zip(&replayed) {
        assert!(one == other, "\n{one}\nis not\n{other}");
    }
    assert_eq!(served.len(), replayed.len());
}

/// All that is stored of each account but what was told when.
fn stored(folder: &Path) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = store::embedded::client(Some(&folder.join("dd0c-cost.sqlite"))).unwrap();
        let table = Table::new(client, "dd0c-cost-main");
        let mut all = Vec::new();
        for account in table.accounts().await.unwrap() {
            all.push(of_account(&table, &account).await);
        }
        all
    })
}

async fn of_account(table: &Table, account: &AccountId) -> String {
    let events = table.cost_events_after(account, 0).await.unwrap();
    let numbers: Vec<u64> = events.iter().map(|numbered| numbered.number).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>(), "each counted once");
    let mut anomalies = table.anomalies(account).await.unwrap();
    assert!(anomalies.iter().all(|anomaly| !anomaly.is_untold()), "all is told");
    for anomaly in &mut anomalies {
        anomaly.told = Told::default();
    }
    let baselines = table.baselines(account).await.unwrap();
    let scored = table.scored_through(account).await.unwrap();
    format!("{account} {scored}\n{events:?}\n{anomalies:?}\n{baselines:?}")
}

#[test]
fn ec2_s_own_word_ends_what_was_started() {
    let folder = tempfile::tempdir().unwrap();
    let mut serve = Serve::start(folder.path(), &[]);
    let help = serve.ask("GET", "/", "").unwrap().1;
    let launch = &help[help.find("\n  {").unwrap()..help.find("\n  EVENT\n").unwrap()];
    let word = |state: &str| {
        json!({
            "version": "0", "id": format!("word-{state}"), "source": "aws.ec2",
            "detail-type": "EC2 Instance State-change Notification",
            "account": "111122223333", "region": "us-east-1", "time": "2026-06-01T04:03:00Z",
            "resources": ["arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"],
            "detail": {"instance-id": "i-0123456789abcdef0", "state": state},
        })
    };
    let words = json!([word("shutting-down"), word("terminated")]).to_string();
    for body in [launch, words.as_str(), words.as_str()] {
        assert_eq!(serve.ask("POST", "/events", body).unwrap().0, 200);
    }
    serve.rest();
    let status = serve.status();
    assert_eq!((&status["cost_events"], &status["told"]), (&json!(2), &json!(2)), "{status}");
    // The second delivery was dropped by the queue.
    assert_eq!(status["skipped"], json!({"state_not_final": 1}), "{status}");
    let stdout = serve.process.stdout.take().unwrap();
    serve.process.kill().unwrap();
    let lines: Vec<Value> = BufReader::new(stdout)
        .lines()
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    assert_eq!(lines[1]["type"], "resolved");
    assert_eq!(lines[1]["ended"], "as EC2 reported the last of it terminated (no call was seen)");
}

/// The messages of the page.
fn shown(serve: &Serve) -> Vec<Value> {
    let (status, body) = serve.ask("GET", "/preview/state.json", "").unwrap();
    assert_eq!(status, 200, "{body}");
    let state: Value = serde_json::from_str(&body).unwrap();
    state["messages"].as_array().unwrap().clone()
}

/// Waits for the first message that fits.
fn message(serve: &Serve, fits: impl Fn(&Value) -> bool) -> Value {
    first(|| shown(serve).into_iter().find(&fits), || format!("{:#?}", shown(serve)))
}

/// Waits until there is something, and says in the end what there was in its place.
fn first<T>(look: impl Fn() -> Option<T>, instead: impl Fn() -> String) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "{}", instead());
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_page_shows_the_card_and_a_press_changes_it() {
    let folder = tempfile::tempdir().unwrap();
    let serve = Serve::start(folder.path(), &[]);
    let help = serve.ask("GET", "/", "").unwrap().1;
    let example = &help[help.find("\n  {").unwrap()..help.find("\n  EVENT\n").unwrap()];
    serve.ask("POST", "/events", example).unwrap();
    let card =
        message(&serve, |message| message["text"].as_str().unwrap().contains("p4d.24xlarge"));
    let click = json!({
        "user": "ana", "channel": card["channel"], "ts": card["ts"], "action_id": "anomaly:expected",
    });
    let (status, body) = serve.ask("POST", "/preview/click", &click.to_string()).unwrap();
    assert_eq!(status, 200, "{body}");
    let changed = |message: &Value| {
        message["ts"] == card["ts"] && message["blocks"].to_string().contains("EXPECTED")
    };
    let blocks = message(&serve, changed)["blocks"].to_string();
    assert!(blocks.contains("Expected, says ana"), "{blocks}");
    let words = json!({"user": "bo", "channel": card["channel"], "text": "/dd0c anomalies"});
    serve.ask("POST", "/preview/message", &words.to_string()).unwrap();
    message(&serve, |message| message["text"] == "1 anomaly open");
    let (status, _) = serve.ask("POST", "/slack/actions", "payload={}").unwrap();
    assert_eq!(status, 401, "what is not signed is not taken");
    // Others are told after the card.
    let published = || serve.ask("GET", "/published", "").unwrap().1;
    first(|| published().contains("anomaly.answered").then_some(()), published);
    let keys = std::fs::read_to_string(folder.path().join("keys.json")).unwrap();
    assert!(keys.contains("keys"), "the token is kept under a key of the folder");
}
