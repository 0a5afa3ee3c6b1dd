//! The program as people run it: what it prints, and with which exit code.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn dd0c(args: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_dd0c-cost")).args(args).output();
    output.expect("the program starts")
}

fn dd0c_reading(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dd0c-cost"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("standard input");
    // A program that has read enough may close its end first.
    let _ = stdin.write_all(input);
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// Standard output as JSON lines; nothing else may stand there.
fn lines(output: &Output) -> Vec<serde_json::Value> {
    out(output).lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn records(records: &[sample_trail::Record]) -> Vec<u8> {
    serde_json::json!({"Records": records}).to_string().into_bytes()
}

fn story() -> Vec<u8> {
    records(&sample_trail::story::records())
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A folder with the story in it.
fn folder_with_story() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("trail.json");
    fs::write(&file, story()).expect("written");
    (folder, file)
}

#[test]
fn without_a_command_it_shows_the_demo_with_readable_cards() {
    let output = dd0c(&[]);
    assert!(output.status.success(), "{}", err(&output));
    let shown = out(&output);
    for part in [
        "CRITICAL  $114.18/h  4 × p4d.24xlarge",
        "user/ci-legacy",
        "aws ec2 stop-instances --region ap-southeast-2",
        "by the month's end",
        "resolved",
        "not priced yet",
        " explain 01KTJJXYN0E4WAYWXP74REWHRA",
    ] {
        assert!(shown.contains(part), "{part:?} is missing in:\n{shown}");
    }
    assert!(!shown.contains('\u{1b}'), "colours in a pipe");
}

#[test]
fn the_demo_is_the_same_every_time() {
    let alerts = || -> Vec<String> {
        let text = out(&dd0c(&["demo", "--format", "json"]));
        text.lines().filter(|line| !line.contains("\"summary\"")).map(str::to_owned).collect()
    };
    let first = alerts();
    assert_eq!(first.len(), 6);
    assert_eq!(first, alerts());
}

#[test]
fn json_lines_keep_the_contract() {
    let output = dd0c(&["demo", "--format", "json"]);
    let lines = lines(&output);
    let of = |kind: &str| lines.iter().filter(|line| line["type"] == kind).collect::<Vec<_>>();
    assert_eq!((of("alert").len(), of("resolved").len(), of("summary").len()), (4, 2, 1));
    for field in [
        "fold",
        "anomaly_id",
        "account_id",
        "severity",
        "score",
        "actor",
        "service",
        "resource_type",
        "region",
        "count",
        "hourly_usd",
        "price_known",
        "started_at",
        "alerted_at",
        "event_ids",
        "terms",
        "text",
    ] {
        assert!(of("alert").iter().all(|line| !line[field].is_null()), "{field}");
    }
    let incident = of("alert")[1];
    assert_eq!(incident["hourly_usd"], "114.17972");
    assert_eq!(incident["severity"], "critical");
    assert_eq!(incident["terms"].as_array().map(Vec::len), Some(6));
    let summary = of("summary")[0];
    assert_eq!(summary["records"], 401);
    assert_eq!(summary["unpriced"]["sagemaker:CreateNotebookInstance"], 1);
    assert_eq!(summary["skipped"]["failed_call"], 2);
    assert_eq!(summary["skipped"]["dry_run"], 1);
}

#[test]
fn a_replay_of_the_demo_s_records_tells_what_the_demo_tells() {
    let (_folder, file) = folder_with_story();
    let only_alerts = |output: Output| -> Vec<serde_json::Value> {
        lines(&output).into_iter().filter(|line| line["type"] != "summary").collect()
    };
    let replayed = only_alerts(dd0c(&["replay", text(&file), "--format", "json"]));
    assert_eq!(replayed, only_alerts(dd0c(&["demo", "--format", "json"])));
    let from_pipe = only_alerts(dd0c_reading(&["replay", "-", "--format", "json"], &story()));
    assert_eq!(replayed, from_pipe);
}

#[test]
fn the_order_of_records_and_files_does_not_matter() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut all = sample_trail::story::records();
    all.reverse();
    for (nth, part) in all.chunks(90).enumerate() {
        fs::write(folder.path().join(format!("{nth}.json")), records(part)).expect("written");
    }
    let replayed = dd0c(&["replay", text(folder.path()), "--format", "json"]);
    let alerts: Vec<_> =
        lines(&replayed).into_iter().filter(|line| line["type"] != "summary").collect();
    let demo = dd0c(&["demo", "--format", "json"]);
    let expected: Vec<_> =
        lines(&demo).into_iter().filter(|line| line["type"] != "summary").collect();
    assert_eq!(alerts, expected);
}

#[test]
fn a_second_replay_into_the_same_folder_changes_nothing_and_says_so() {
    let (folder, file) = folder_with_story();
    let data = folder.path().join("data");
    let args = ["replay", text(&file), "--data", text(&data)];
    let first = out(&dd0c(&args));
    assert!(first.contains("2 alerts"), "{first}");
    let explained = out(&dd0c(&["explain", "--all", "--data", text(&data)]));
    let second = out(&dd0c(&args));
    assert!(second.contains("Everything was known already: nothing has changed"), "{second}");
    assert!(!second.contains("CRITICAL"), "{second}");
    assert_eq!(out(&dd0c(&["explain", "--all", "--data", text(&data)])), explained);
}

#[test]
fn since_until_account_and_severity_narrow_the_replay() {
    let (_folder, file) = folder_with_story();
    let summary = |args: &[&str]| {
        let output = dd0c(&[&["replay", text(&file), "--format", "json"], args].concat());
        lines(&output).pop().expect("a summary")
    };
    assert_eq!(summary(&["--since", "2026-06-08"])["alerts"], 1);
    assert_eq!(summary(&["--until", "2026-06-08T03:00:00Z"])["alerts"], 1);
    assert_eq!(summary(&["--account", "999999999999"])["cost_events"], 0);
    let output = dd0c(&["replay", text(&file), "--format", "json", "--min-severity", "critical"]);
    assert_eq!(lines(&output).iter().filter(|line| line["type"] == "alert").count(), 3);
}

#[test]
fn explain_recomputes_every_anomaly_of_the_demo() {
    let listed = out(&dd0c(&["explain"]));
    assert_eq!(listed.lines().count(), 2, "{listed}");
    let all = dd0c(&["explain", "--all"]);
    assert!(all.status.success(), "{}", err(&all));
    assert!(out(&all).contains("2 computed again: every figure comes out equal."));
    assert!(!out(&all).contains('≠'));
    let id = listed.split_whitespace().next().expect("an id");
    let one = out(&dd0c(&["explain", id]));
    assert!(one.contains("cost by the hour") && one.contains("burst_dollars"), "{one}");
}

#[test]
fn csv_has_one_header_and_one_row_an_alert() {
    let (_folder, file) = folder_with_story();
    let shown = out(&dd0c(&["replay", text(&file), "--format", "csv"]));
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), 5, "{shown}");
    assert!(lines[0].starts_with("started_at,fold,anomaly_id"));
}

#[test]
fn a_policy_file_sets_mode_limits_and_expectations() {
    let (folder, file) = folder_with_story();
    let policy = folder.path().join("policy.json");
    fs::write(
        &policy,
        r#"{"mode": "audit", "safety_net": {"info_usd": "5"},
            "expectations": [{"id": "gpu", "account": "111122223333", "actor": "user/ci-legacy",
              "max_hourly_usd": "500", "expires_at": "2027-01-01T00:00:00Z"}]}"#,
    )
    .expect("written");
    let output = dd0c(&["replay", text(&file), "--format", "json", "--policy", text(&policy)]);
    let summary = lines(&output).pop().expect("a summary");
    assert_eq!(summary["alerts"], 0, "{summary}");
    assert_eq!(summary["silent"]["expected"], 3);
    let strict = dd0c(&["replay", text(&file), "--format", "json", "--policy", "strict"]);
    let summary = lines(&strict).pop().expect("a summary");
    // The absolute limits alert from the first minute.
    assert_eq!(summary["alerts"], 2, "{summary}");
}

/// Arguments, exit code, and words that say what to do.
const BAD_INPUT: &[(&[&str], i32, &str)] = &[
    (&["replay", "no-such-folder"], 1, "name a file or folder of CloudTrail"),
    (&["replay"], 2, "PATH"),
    (&["replay", "-", "-"], 2, "only once"),
    (&["replay", ".", "--since", "yesterday"], 2, "2026-07-01"),
    (&["replay", ".", "--since", "2026-07-01", "--until", "2026-06-01"], 2, "before --until"),
    (&["replay", ".", "--account", "not an account"], 2, "12 digits"),
    (&["replay", ".", "--min-severity", "loud"], 2, "info, warning or critical"),
    (&["replay", ".", "--policy", "no-such-policy.json"], 2, "--policy is strict, audit or a file"),
    (&["replay", "src", "--format", "json"], 1, "no .json"),
    (&["replay", ".", "--prices", "no-such-prices"], 1, "no-such-prices"),
    (&["explain", "01NOSUCHANOMALY"], 1, "lists them"),
    (&["explain", "--all", "--data", "no-such-data"], 1, "no data of dd0c-cost here"),
    (&["prices", "show", "ec3", "m5.large", "eu-west-1"], 2, "it is one of ec2"),
    (&["prices", "show", "ec2", "m5.larg", "eu-west-1"], 1, "m5.large"),
    (&["prices", "show", "ec2", "m5.large", "eu-west-11"], 1, "eu-west-1"),
    (&["prices", "refresh", "--from", "https://example.invalid"], 2, "fetch the files first"),
    (&["prices", "refresh", "--from", "no-such-folder"], 1, "no-such-folder"),
    (&["nonsense"], 2, "unrecognized subcommand"),
];

#[test]
fn bad_input_gets_an_answer_that_says_what_to_do() {
    for (args, code, words) in BAD_INPUT {
        let output = dd0c_reading(args, b"");
        assert_eq!(output.status.code(), Some(*code), "{args:?}: {}", err(&output));
        assert!(err(&output).contains(words), "{args:?}: {}", err(&output));
        assert!(!err(&output).contains("panicked"), "{args:?}: {}", err(&output));
        assert_eq!(out(&output), "", "{args:?}");
    }
}

#[test]
fn broken_policy_files_name_what_is_wrong() {
    let (folder, file) = folder_with_story();
    let policy = folder.path().join("policy.json");
    for (content, words) in [
        ("{", "policy.json"),
        (r#"{"mode": "loud"}"#, "strict or audit"),
        (r#"{"sensitivty": "low"}"#, "unknown field"),
        (r#"{"min_hourly_usd": "a lot"}"#, "an amount in dollars"),
        (r#"{"safety_net": {"info_usd": "50"}}"#, "must rise"),
    ] {
        fs::write(&policy, content).expect("written");
        let output = dd0c(&["replay", text(&file), "--policy", text(&policy)]);
        assert_eq!(output.status.code(), Some(2), "{content}");
        assert!(err(&output).contains(words), "{content}: {}", err(&output));
    }
}

#[test]
fn what_is_no_cloudtrail_is_refused_with_a_reason() {
    for input in [&b"hello"[..], b"{\"a\": 1}", b"\x1f\x8b\x08garbage", &[0xff; 3_000]] {
        let output = dd0c_reading(&["replay", "-"], input);
        assert_eq!(output.status.code(), Some(1), "{}", out(&output));
        assert!(err(&output).contains("no CloudTrail record found"), "{}", err(&output));
    }
}

#[test]
fn a_file_that_breaks_off_keeps_what_was_read_and_says_where() {
    let story = story();
    let output = dd0c_reading(&["replay", "-"], &story[..story.len() - 500]);
    assert!(output.status.success());
    assert!(out(&output).contains("broken:"), "{}", out(&output));
    assert!(out(&output).contains("CRITICAL  $114.18/h"));
}

#[test]
fn a_name_with_escape_sequences_cannot_command_the_terminal() {
    let story = String::from_utf8(story()).expect("UTF-8");
    let hostile =
        story.replace("ci-legacy", "ci\\u001b[2Jx").replace("\"reporting\"", "\"r\\u001b]0;y\"");
    let output = dd0c_reading(&["replay", "-"], hostile.as_bytes());
    assert!(output.status.success(), "{}", err(&output));
    assert!(out(&output).contains("ci_[2Jx"), "{}", out(&output));
    assert!(!out(&output).contains('\u{1b}'));
    // No resource has such a name.
    assert!(out(&output).contains("control characters"), "{}", out(&output));
}

#[test]
fn prices_are_shown_with_their_source() {
    let shown = out(&dd0c(&["prices", "show", "ec2", "m5.large", "us-east-1"]));
    assert!(shown.contains("$0.096 "), "{shown}");
    assert!(shown.contains("2026-07"), "{shown}");
    let checked = out(&dd0c(&["prices", "check"]));
    assert!(checked.contains("days old"), "{checked}");
}

#[test]
fn help_has_examples() {
    for command in ["demo", "replay", "explain", "prices"] {
        let help = out(&dd0c(&[command, "--help"]));
        assert!(help.contains("Examples:"), "{command}: {help}");
    }
}

#[test]
fn nothing_found_is_no_error() {
    for input in ["{\"Records\": []}", "{\"Events\": []}", ""] {
        let output = dd0c_reading(&["replay", "-", "--format", "json"], input.as_bytes());
        assert!(output.status.success(), "{input}: {}", err(&output));
        assert_eq!(lines(&output)[0]["records"], 0);
    }
}

#[test]
fn what_cannot_be_read_below_a_folder_does_not_end_the_run() {
    let (folder, _file) = folder_with_story();
    std::os::unix::fs::symlink("nowhere", folder.path().join("dangling.json")).expect("a link");
    std::os::unix::fs::symlink(folder.path(), folder.path().join("circle")).expect("a link");
    let shown = dd0c(&["replay", text(folder.path())]);
    assert!(shown.status.success(), "{}", err(&shown));
    assert!(out(&shown).contains("401 records in 1 file"), "{}", out(&shown));
    assert!(out(&shown).contains("dangling.json: cannot be read"), "{}", out(&shown));
}

#[test]
fn names_from_outside_cannot_fill_the_memory() {
    let one = |nth: usize| {
        let record = format!(
            r#"{{"eventVersion":"1.11","userIdentity":{{"type":"Root"}},"eventTime":"2026-06-01T00:00:00Z","eventSource":"ec2.amazonaws.com","eventName":"RunInstances","awsRegion":"eu-west-1","errorCode":"Code{nth}","eventID":"e{nth}","eventType":"AwsApiCall","recipientAccountId":"111122223333"}}"#
        );
        record + "\n"
    };
    let input: String = (0..3_000).map(one).collect();
    let output = dd0c_reading(&["replay", "-", "--format", "json"], input.as_bytes());
    let summary = lines(&output).pop().expect("a summary");
    assert_eq!(summary["skipped"]["failed_call"], 3_000);
    assert_eq!(summary["failed"]["others"], 2_000);
}

/// The summary of a replay of the story with these overrides, and what it complains of.
fn replayed_with(flags: &str) -> (serde_json::Value, String) {
    let (_folder, file) = folder_with_story();
    let output = Command::new(env!("CARGO_BIN_EXE_dd0c-cost"))
        .args(["replay", text(&file), "--format", "json"])
        .env("FLAGS", flags)
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", err(&output));
    (lines(&output).pop().expect("a summary"), err(&output))
}

#[test]
fn a_parser_that_is_switched_off_from_outside_is_counted_and_a_wrong_override_named() {
    let until = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
    let off = serde_json::json!({
        "parser.ec2": {"rollout_percent": 0, "until": until.to_string(), "reason": "a drill"},
    });
    let (all, said) = replayed_with("");
    assert_eq!((all["skipped"]["parser_off"].as_u64(), said.as_str()), (None, ""));
    let (without, said) = replayed_with(&off.to_string());
    assert_eq!(said, "");
    let skipped = without["skipped"]["parser_off"].as_u64().expect("some are skipped");
    assert!(skipped > 0);
    assert_eq!(without["records"], all["records"]);
    assert!(without["events"].as_u64() < all["events"].as_u64(), "{without}");

    let (same, said) = replayed_with(&off.to_string().replace("ec2", "ce2"));
    assert_eq!(same["events"], all["events"]);
    assert!(said.starts_with("FLAGS changes nothing: ") && said.contains("parser.ce2"), "{said}");
}
