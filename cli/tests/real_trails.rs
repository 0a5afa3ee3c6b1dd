//! Recorded CloudTrail beside the project, where it is there.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/cloudtrail");
    if !folder.is_dir() {
        println!("skipped: no recorded trails beside the project (../shared/data)");
        return None;
    }
    Some(folder)
}

fn summary(path: &Path) -> serde_json::Value {
    let path = path.to_str().expect("UTF-8");
    let program = env!("CARGO_BIN_EXE_dd0c-cost");
    let output = Command::new(program).args(["replay", path, "--format", "json"]).output();
    let output = output.expect("the program starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let last = text.lines().last().expect("a summary");
    serde_json::from_str(last).expect("JSON")
}

#[test]
fn a_whole_recorded_trail_is_read_counted_and_priced() {
    let Some(folder) = shared() else { return };
    let summary = summary(&folder.join("invictus-trail"));
    assert_eq!(summary["records"], 2900);
    let skipped: u64 = summary["skipped"]
        .as_object()
        .expect("reasons")
        .values()
        .filter_map(serde_json::Value::as_u64)
        .sum();
    assert_eq!(summary["events"].as_u64().map(|events| events + skipped), Some(2900));
    // Six launches failed and none of them is a cost event.
    assert_eq!(summary["failed"]["ec2:RunInstances Client.VcpuLimitExceeded"], 2);
    assert_eq!(summary["failed"]["ec2:RunInstances Client.InvalidParameterValue"], 4);
    assert_eq!(summary["calls"]["ec2:RunInstances"], 2);
    assert_eq!(summary["watchdog"]["cloudtrail:DeleteTrail"], 2);
}

#[test]
fn every_file_of_samples_is_read_to_its_end() {
    let Some(folder) = shared() else { return };
    for (file, records) in [
        ("invictus-ir__aws_dataset.jsonl", 41),
        ("rubysoho07__cloudtrail-watcher.jsonl", 17),
        ("cloud-custodian__cloud-custodian.jsonl", 7),
        ("awsdocs.jsonl", 16),
    ] {
        let summary = summary(&folder.join(file));
        assert_eq!(summary["records"], records, "{file}");
        assert_eq!(summary["damage"].as_array().map(Vec::len), Some(0), "{file}: {summary}");
    }
}
