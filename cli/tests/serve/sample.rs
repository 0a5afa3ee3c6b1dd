//! The picture that `--sample` begins with: whole, and made by the same stages as everything.

use crate::journey::Person;
use crate::program::{PROGRAM, Serve};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A text of each item.
fn each(items: &[Value], read: impl Fn(&Value) -> &Value) -> BTreeSet<String> {
    items.iter().map(|item| read(item).as_str().unwrap_or_default().to_owned()).collect()
}

fn of(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn the_sample_shows_each_state_of_everything_and_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let serve = Serve::start(folder.path(), &["--sample"]);
    let local = Person::signs_in(&serve, "local");
    let list = |path: &str| local.get(path)["items"].as_array().unwrap().clone();

    let accounts = list("/v1/accounts");
    assert_eq!(each(&accounts, |it| &it["status"]), of(&["active", "degraded"]));
    assert_eq!(each(&accounts, |it| &it["alias"]), of(&["production", "sandbox", "staging"]));
    let left: Vec<_> = accounts.iter().map(|it| it["daysLeftToLearn"].as_u64()).collect();
    assert_eq!(left, [Some(0), Some(0), Some(9)]);

    let anomalies = list("/v1/anomalies?limit=100");
    assert!((45..80).contains(&anomalies.len()), "{}", anomalies.len());
    let all = of(&["open", "expected", "snoozed", "resolved"]);
    assert_eq!(each(&anomalies, |it| &it["status"]), all, "{anomalies:#?}");
    let all = of(&["info", "warning", "critical"]);
    assert_eq!(each(&anomalies, |it| &it["severity"]), all);
    assert_eq!(each(&anomalies, |it| &it["undelivered"]), of(&[""]));
    assert!(anomalies.iter().all(|it| it["slackMessageUrl"].is_string()), "each has its card");
    let newest = local.get(&format!("/v1/anomalies/{}", anomalies[0]["id"].as_str().unwrap()));
    assert_eq!(newest["severity"], "critical", "what comes first is what one has to see");

    assert_eq!(local.get("/v1/status")["degraded"], 1);
    local.until("/v1/billing", |billing| billing["tier"] == "pro" && billing["accounts"] == 3);
    assert!(list("/v1/zombies").len() > 20);
    assert_eq!(list("/v1/api-keys").len(), 1);
    assert!(!list("/v1/accounts/111122223333/expectations").is_empty());
    let said = each(&list("/v1/audit?limit=100"), |it| &it["what"]);
    assert!(
        said.is_superset(&of(&["connect", "answer", "snooze", "settings", "api key"])),
        "{said:?}"
    );
    assert!(!folder.path().join("sample.unfinished").exists(), "it is whole");
    let state = serve.send("GET /preview/state.json", &[], "").unwrap().json();
    assert!(state["messages"].as_array().unwrap().len() > 60);
    drop(serve);

    // Roles, chat and payments were played in the memory of that program.
    let why = refused(folder.path(), &["--sample"]);
    assert!(why.contains("begins with an empty folder") && why.contains("leave --sample"), "{why}");
    let again = Serve::start(folder.path(), &[]);
    let local = Person::signs_in(&again, "local");
    let after = local.get("/v1/anomalies?limit=100")["items"].as_array().unwrap().len();
    assert_eq!(after, anomalies.len(), "what is there already stays as it is");
}

/// Why the program does not start.
fn refused(data: &Path, more: &[&str]) -> String {
    let mut program = Command::new(PROGRAM);
    program.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).args(more);
    let ended = program.output().unwrap();
    assert!(!ended.status.success(), "{ended:?}");
    String::from_utf8(ended.stderr).unwrap()
}

#[test]
fn a_sample_that_was_broken_off_is_not_taken_for_a_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("sample.unfinished");
    let mut program = Command::new(PROGRAM);
    program.args(["serve", "--listen", "127.0.0.1:0", "--sample", "--data"]).arg(folder.path());
    let mut process = program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let began = Instant::now();
    while !mark.exists() {
        assert!(began.elapsed() < Duration::from_mins(1), "it does not begin");
        std::thread::sleep(Duration::from_millis(5));
    }
    process.kill().unwrap();
    process.wait().unwrap();
    for more in [&["--sample"][..], &[]] {
        let why = refused(folder.path(), more);
        assert!(why.contains("not whole") && why.contains("remove the folder"), "{why}");
    }
}
