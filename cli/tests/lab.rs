//! `replay` takes the detection lab's records and gives the same alerts as the lab.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use detection_lab::generate;
use detection_lab::observed::Account;
use detection_lab::ours;
use detection_lab::trail::{Kind, Plan, Trail};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

fn plan() -> Plan {
    Plan {
        seed: 77,
        accounts: 7,
        start: "2026-01-05T00:00:00Z".parse().expect("a time"),
        days: 24,
        incidents_from: 15,
        incidents: 3.0,
        kinds: Kind::ALL.to_vec(),
    }
}

/// In the order in which `replay` puts them: by time, then by id.
fn in_order(trail: &mut Trail) {
    let key = |record: &Value| [record["eventTime"].to_string(), record["eventID"].to_string()];
    trail.records.sort_by_key(|labelled| key(&labelled.record));
}

/// One line a record, those of one second in turned order.
fn write(path: &Path, trail: &Trail) {
    let mut lines: Vec<(String, String)> = (trail.records.iter().rev())
        .map(|each| (each.record["eventTime"].to_string(), each.record.to_string()))
        .collect();
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    fs::write(path, lines.join("\n")).expect("written");
}

fn replayed(path: &Path) -> Vec<ours::Alerted> {
    let output = Command::new(env!("CARGO_BIN_EXE_dd0c-cost"))
        .args(["replay", "--format", "json"])
        .arg(path)
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("text");
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    lines
        .filter(|line| line["type"] == "alert")
        // Beyond the events that an anomaly keeps whole there is no score.
        .map(|line| ours::Alerted {
            event: text(&line["event_ids"][0]),
            anomaly: text(&line["anomaly_id"]),
            new: line["fold"] == "new",
            score: line["score"].as_f64(),
        })
        .collect()
}

#[test]
fn replay_gives_the_alerts_of_the_lab_whatever_the_order_within_a_second() {
    let (plan, folder) = (plan(), tempfile::tempdir().expect("a folder"));
    let mut all = 0;
    for index in 0..plan.accounts {
        let mut trail = generate::trail(&plan, index);
        in_order(&mut trail);
        let lab = ours::alerts(&Account::observe(&trail, plan.start, plan.days));
        let path = folder.path().join(format!("{index}.jsonl"));
        write(&path, &trail);
        assert_eq!(replayed(&path), lab, "account {index}");
        all += lab.len();
    }
    assert!(all > 20, "{all} alerts say little");
}
