//! What people do with a folder that is kept: warm it with the past, answer, look at what is held
//! back, and say how readily it alerts.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use jiff::Timestamp;
use sample_trail::{Call, Caller, Record, envelope};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

const ACCOUNT: &str = "111122223333";
/// 1 June 2026.
const FIRST_DAY: i64 = 1_780_272_000;

fn dd0c(args: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_dd0c-cost")).args(args).output();
    output.expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// What a command prints; it has to succeed.
fn printed(args: &[&str]) -> String {
    let output = dd0c(args);
    assert!(output.status.success(), "{args:?}: {}", err(&output));
    out(&output)
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// The lines of one type, without what differs from run to run.
fn of<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["type"] == kind).collect()
}

fn ids(lines: &[&Value]) -> BTreeSet<String> {
    lines.iter().map(|line| line["anomaly_id"].to_string()).collect()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn write_trail(file: &Path, records: &[Record]) {
    fs::write(file, serde_json::json!({"Records": records}).to_string()).expect("written");
}

/// A folder with a trail in it, and the folder that is kept.
fn folder_with(records: &[Record]) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let (trail, data) = (folder.path().join("trail.json"), folder.path().join("data"));
    write_trail(&trail, records);
    (folder, trail, data)
}

fn call(user: &'static str, day: i64, minute: i64) -> Call {
    let at = Timestamp::from_second(FIRST_DAY + day * 86_400 + minute * 60).expect("a time");
    let serial = u64::try_from(day * 10_000 + minute).expect("a number");
    Call {
        account: ACCOUNT.to_owned(),
        region: "us-east-1",
        at,
        caller: Caller::User(user),
        serial,
    }
}

/// A month in which somebody runs the same for an hour every day.
fn month() -> Vec<Record> {
    let day = |day| {
        let launch = call("batch", day, 60);
        let end = call("batch", day, 120).terminate_instances(&[launch.instance_id(0)]);
        [launch.run_instances("m5.4xlarge", 1, None), end]
    };
    (0..30).flat_map(day).collect()
}

#[test]
fn what_the_first_days_would_have_sent_is_listed_and_the_rest_alerts_as_usual() {
    let (_folder, trail, _) = folder_with(&sample_trail::story::records());
    let json = |args: &[&str]| {
        lines(&printed(&[&["replay", text(&trail), "--format", "json"], args].concat()))
    };
    let plain = json(&[]);
    let all = ids(&of(&plain, "alert"));
    for days in ["1", "3", "7", "8", "400"] {
        let warmed = json(&["--warm-days", days]);
        let (rehearsed, told) = (of(&warmed, "rehearsed"), of(&warmed, "alert"));
        assert!(ids(&rehearsed).is_disjoint(&ids(&told)), "{days} days");
        assert_eq!(&ids(&rehearsed) | &ids(&told), all, "{days} days");
        let summary = warmed.last().expect("a summary");
        assert_eq!(summary["type"], "summary");
        assert_eq!(summary["rehearsed"], rehearsed.len());
        assert_eq!(summary["held_back"], 0);
    }
    assert_eq!(plain.last().expect("a summary")["rehearsed"], 0);
    let all_of_it = json(&["--warm-days", "8"]);
    assert_eq!(of(&all_of_it, "alert").len() + of(&all_of_it, "resolved").len(), 0);
}

#[test]
fn a_rehearsed_anomaly_keeps_the_contract_of_its_line() {
    let (_folder, trail, _) = folder_with(&sample_trail::story::records());
    let args = ["replay", text(&trail), "--warm-days", "90", "--format", "json"];
    let all = lines(&printed(&args));
    let rehearsed = of(&all, "rehearsed");
    let thief = rehearsed.iter().find(|line| line["actor"] == "user/ci-legacy").expect("the thief");
    for (field, value) in [
        ("account_id", "111122223333"),
        ("severity", "critical"),
        ("service", "ec2"),
        ("resource_type", "p4d.24xlarge"),
        ("region", "ap-southeast-2"),
        ("started_at", "2026-06-08T03:03:00Z"),
        ("text", "user/ci-legacy started 4 × p4d.24xlarge in ap-southeast-2: $114.18/h"),
    ] {
        assert_eq!(thief[field], value, "{field}");
    }
    for field in ["anomaly_id", "count", "hourly_usd", "score", "resolved_at", "spent_usd"] {
        assert!(!thief[field].is_null(), "{field}: {thief}");
    }
    // The same figures as of an end that was told.
    let told = lines(&printed(&["replay", text(&trail), "--format", "json"]));
    let ended = of(&told, "resolved");
    let ended =
        ended.iter().find(|line| line["anomaly_id"] == thief["anomaly_id"]).expect("its end");
    for field in ["resolved_at", "spent_usd"] {
        assert_eq!(ended[field], thief[field], "{field}");
    }
}

#[test]
fn people_read_what_would_have_been_sent_with_the_dearest_first() {
    let (_folder, trail, _) = folder_with(&sample_trail::story::records());
    let shown = printed(&["replay", text(&trail), "--warm-days", "90"]);
    for part in [
        "Learned from ",
        "In these 8 days it would have sent: 1 critical, ",
        "CRITICAL  ",
        "user/ci-legacy in ap-southeast-2, account 111122223333",
        "2026-06-08 03:03:00 UTC, spent $",
        "0 alerts, 0 more folded into them, 0 resolved, 0 held back",
    ] {
        assert!(shown.contains(part), "{part:?} is missing in:\n{shown}");
    }
    assert!(!shown.contains("Stop it"), "a card:\n{shown}");
    let loud =
        printed(&["replay", text(&trail), "--warm-days", "90", "--min-severity", "critical"]);
    assert!(!loud.contains("  INFO  "), "{loud}");
    let one = printed(&["replay", text(&trail), "--warm-days", "1"]);
    assert!(one.contains("\nIn this day it would have sent"), "{one}");
    let csv = printed(&["replay", text(&trail), "--warm-days", "90", "--format", "csv"]);
    assert_eq!(csv, "");
}

#[test]
fn more_than_twenty_are_a_number() {
    let users = [
        "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r",
        "s", "t", "u", "v",
    ];
    let launch = |(minute, user)| call(user, 0, minute).run_instances("p4d.24xlarge", 1, None);
    let records: Vec<Record> = (0..).zip(users).map(launch).collect();
    let (_folder, trail, _) = folder_with(&records);
    let shown = printed(&["replay", text(&trail), "--warm-days", "1"]);
    assert_eq!(shown.matches("p4d.24xlarge").count(), 20, "{shown}");
    assert!(shown.contains("\n  and 2 more\n"), "{shown}");
}

#[test]
fn where_the_warm_days_end_does_not_depend_on_the_order_of_files() {
    let (folder, trail, _) = folder_with(&sample_trail::story::records());
    let split = folder.path().join("split");
    fs::create_dir(&split).expect("a folder");
    let mut reversed = sample_trail::story::records();
    reversed.reverse();
    for (nth, part) in reversed.chunks(40).enumerate() {
        write_trail(&split.join(format!("{nth}.json")), part);
    }
    for days in ["2", "7"] {
        let told = |path: &Path| {
            let args = ["replay", text(path), "--warm-days", days, "--format", "json"];
            let mut all = lines(&printed(&args));
            all.pop();
            all
        };
        assert_eq!(told(&split), told(&trail), "{days} days");
    }
}

/// The program that serves, killed at the latest when this is dropped.
struct Serve {
    process: Child,
    address: String,
}

impl Serve {
    fn start(data: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_dd0c-cost"))
            .args(["serve", "--listen", "127.0.0.1:0", "--format", "json", "--data", text(data)])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stderr = process.stderr.take().expect("standard error");
        let mut lines = BufReader::new(stderr).lines();
        let first = lines.next().expect("a line").expect("UTF-8");
        let address = first.split("http://").nth(1).expect("an address");
        let address = address.split(';').next().unwrap_or_default().to_owned();
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Value {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
        serde_json::from_str(body).expect(body)
    }

    /// Takes events, and waits until nothing waits any more. Gives the counts.
    fn take(&self, records: &[Record]) -> Value {
        let events = Value::Array(records.iter().map(envelope).collect());
        self.ask("POST", "/events", &events.to_string());
        loop {
            let status = self.ask("GET", "/status", "");
            if status["waiting"] == serde_json::json!({"events": 0, "alerts": 0}) {
                return status;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn serve_goes_on_with_what_a_replay_has_warmed_and_tells_nothing_of_it() {
    let usual = [call("batch", 30, 60).run_instances("m5.4xlarge", 1, None)];
    let unusual = [call("batch", 30, 90).run_instances("p4d.24xlarge", 2, None)];
    let (folder, trail, data) = folder_with(&month());
    printed(&["replay", text(&trail), "--warm-days", "90", "--data", text(&data)]);
    let warmed = Serve::start(&data);
    let status = warmed.take(&usual);
    assert_eq!((&status["cost_events"], &status["told"]), (&1.into(), &0.into()), "{status}");
    let status = warmed.take(&unusual);
    assert_eq!(status["told"], 1, "{status}");
    // Without a past the same launch is worth an alert.
    let cold = Serve::start(&folder.path().join("cold"));
    assert_eq!(cold.take(&usual)["told"], 1);
}

#[test]
fn a_second_run_over_the_warmed_days_tells_nothing_and_lists_the_same() {
    let (_folder, trail, data) = folder_with(&sample_trail::story::records());
    let args =
        ["replay", text(&trail), "--warm-days", "90", "--data", text(&data), "--format", "json"];
    let (first, second) = (lines(&printed(&args)), lines(&printed(&args)));
    assert_eq!(of(&first, "rehearsed"), of(&second, "rehearsed"));
    assert_eq!(second.last().expect("a summary")["cost_events"], 0);
    // Nor does a run without the option.
    let third =
        lines(&printed(&["replay", text(&trail), "--data", text(&data), "--format", "json"]));
    assert_eq!((of(&third, "alert").len(), of(&third, "resolved").len()), (0, 0));
}

/// A month, and on its next day something that alerts; twice, if asked.
fn month_with_an_incident(times: i64) -> Vec<Record> {
    let incident = |nth| {
        let launch = call("batch", 30 + nth, 60);
        let end = call("batch", 30 + nth, 120).terminate_instances(&[launch.instance_id(0)]);
        [launch.run_instances("p4d.24xlarge", 2, None), end]
    };
    month().into_iter().chain((0..times).flat_map(incident)).collect()
}

/// Plays a trail into a folder; gives the anomalies that were told of.
fn replayed(trail: &Path, data: &Path) -> Vec<Value> {
    let all = lines(&printed(&["replay", text(trail), "--data", text(data), "--format", "json"]));
    of(&all, "alert").into_iter().cloned().collect()
}

fn id(alert: &Value) -> String {
    alert["anomaly_id"].as_str().expect("an id").to_owned()
}

#[test]
fn expected_silences_the_same_for_some_days_and_says_within_which_limits() {
    let (_folder, trail, data) = folder_with(&month_with_an_incident(1));
    let anomaly = id(replayed(&trail, &data).last().expect("the incident"));
    let answer = |said: &[&str]| {
        printed(&[&["answer", &anomaly, "--data", text(&data), "--by", "ana"], said].concat())
    };
    let taken = answer(&["expected", "--days", "365"]);
    for part in
        ["It counts as usual. Until 20", "up to 3 within an hour, at most $", "user/batch of p4d"]
    {
        assert!(taken.contains(part), "{part:?} is missing in: {taken}");
    }
    assert_eq!(answer(&["expected"]), "The same was said before: nothing has changed.\n");
    write_trail(&trail, &month_with_an_incident(2));
    assert!(replayed(&trail, &data).is_empty());
    // The answer is changed: what comes next alerts.
    let changed = answer(&["not-expected"]);
    assert_eq!(changed, "It was taken out of what is usual, and is expected no more.\n");
    write_trail(&trail, &month_with_an_incident(3));
    assert_eq!(replayed(&trail, &data).len(), 1);
}

#[test]
fn not_expected_is_taken_out_of_what_is_usual() {
    let (_folder, trail, data) = folder_with(&month_with_an_incident(1));
    let anomaly = id(replayed(&trail, &data).last().expect("the incident"));
    let said = printed(&["answer", &anomaly, "not-expected", "--data", text(&data)]);
    assert_eq!(said, "It was taken out of what is usual.\n");
    write_trail(&trail, &month_with_an_incident(2));
    let again = replayed(&trail, &data);
    assert_eq!(again.len(), 1);
    assert_ne!(id(&again[0]), anomaly);
}

/// A month, then ten people who each start the same within ten minutes.
fn month_and_a_storm() -> Vec<Record> {
    let users = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let launch = |(minute, user)| call(user, 30, minute).run_instances("m5.12xlarge", 1, None);
    month().into_iter().chain((60..).zip(users).map(launch)).collect()
}

#[test]
fn what_a_breaker_holds_back_is_listed_and_sent_once() {
    let (_folder, trail, data) = folder_with(&month_and_a_storm());
    replayed(&trail, &data);
    let held = |more: &[&str]| printed(&[&["held", "--data", text(&data)], more].concat());
    let listed = held(&[]);
    assert_eq!(listed.matches("held back from ").count(), 4, "{listed}");
    assert!(listed.contains("user/g in 111122223333"), "{listed}");
    assert_eq!(held(&["--channel", "burn_ramp"]), "Nothing is held back.\n");
    assert_eq!(held(&["--account", "999999999999"]), "Nothing is held back.\n");
    let sent = held(&["--send"]);
    assert_eq!(sent.matches("Stop it").count(), 4, "{sent}");
    assert!(sent.ends_with("4 anomalies sent.\n"), "{sent}");
    assert_eq!(held(&["--send"]), "Nothing is held back.\n");
    assert!(replayed(&trail, &data).is_empty());
}

#[test]
fn what_is_discarded_is_told_to_nobody() {
    let (_folder, trail, data) = folder_with(&month_and_a_storm());
    replayed(&trail, &data);
    let discarded = printed(&["held", "--data", text(&data), "--discard"]);
    assert_eq!(discarded, "4 anomalies left as stored, and nobody is told.\n");
    assert_eq!(printed(&["held", "--data", text(&data)]), "Nothing is held back.\n");
    assert!(replayed(&trail, &data).is_empty());
}

#[test]
fn the_sensitivity_of_an_account_a_service_or_a_type_is_set_listed_and_taken_back() {
    let (_folder, trail, data) = folder_with(&month());
    replayed(&trail, &data);
    let sensitivity =
        |more: &[&str]| printed(&[&["sensitivity", ACCOUNT, "--data", text(&data)], more].concat());
    assert!(sensitivity(&[]).contains("none is set"));
    assert!(sensitivity(&["low"]).contains("the sensitivity of the account is low"));
    sensitivity(&["medium", "--of", "ec2"]);
    sensitivity(&["high", "--of", "ec2/p4d.24xlarge"]);
    let listed = sensitivity(&[]);
    assert_eq!(listed, "low     the account\nmedium  ec2\nhigh    ec2/p4d.24xlarge\n");
    assert_eq!(sensitivity(&["--of", "ec2"]), "medium  ec2\n");
    sensitivity(&["default", "--of", "ec2/p4d.24xlarge"]);
    sensitivity(&["default"]);
    assert_eq!(sensitivity(&[]), "medium  ec2\n");
}

#[test]
fn what_cannot_be_is_answered_with_what_to_do() {
    let (folder, trail, data) = folder_with(&month());
    replayed(&trail, &data);
    let (data, nowhere) = (text(&data), folder.path().join("nowhere"));
    let nowhere = text(&nowhere);
    let trail = text(&trail);
    for (args, code, words) in [
        (&["replay", trail, "--warm-days", "0"][..], 2, "1..=400"),
        (&["replay", trail, "--warm-days", "401"], 2, "1..=400"),
        (&["answer", "01NOSUCH", "expected", "--data", data], 1, "explain --data"),
        (&["answer", "01NOSUCH", "perhaps", "--data", data], 2, "not-expected"),
        (&["answer", "01NOSUCH", "expected", "--data", nowhere], 1, "no data of dd0c-cost here"),
        (&["answer", "01NOSUCH", "expected"], 2, "--data"),
        (&["answer", "01NOSUCH", "expected", "--data", data, "--days", "366"], 2, "1..=365"),
        (
            &["answer", "01NOSUCH", "not-expected", "--data", data, "--days", "3"],
            2,
            "--days goes with expected",
        ),
        (&["held", "--data", data, "--channel", "noise"], 2, "novelty"),
        (&["held", "--data", data, "--send", "--discard"], 2, "cannot be used with"),
        (&["held", "--data", nowhere], 1, "no data of dd0c-cost here"),
        (&["sensitivity", "999999999999", "low", "--data", data], 1, "there is 111122223333"),
        (&["sensitivity", ACCOUNT, "loud", "--data", data], 2, "medium"),
        (&["sensitivity", ACCOUNT, "low", "--of", "ec3", "--data", data], 2, "it is one of ec2"),
        (&["sensitivity", ACCOUNT, "low", "--of", "ec2/", "--data", data], 2, "ec2/TYPE"),
    ] {
        let output = dd0c(args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", err(&output));
        assert!(err(&output).contains(words), "{args:?}: {}", err(&output));
        assert_eq!(out(&output), "", "{args:?}");
    }
}

#[test]
fn help_of_each_has_examples() {
    for command in ["answer", "held", "sensitivity"] {
        let help = printed(&[command, "--help"]);
        assert!(help.contains("Examples:") && help.contains("Exit codes:"), "{command}: {help}");
    }
}
