//! The reader against recorded trails, where they are at hand beside the project.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cloudtrail::{Counts, Item, Options, Reader, SkipReason};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

fn recorded(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join("../shared/data/cloudtrail").join(name);
    if !path.exists() {
        println!("skipped: recorded trails are not at hand ({name})");
        return None;
    }
    Some(path)
}

fn read(path: &Path, lenient_accounts: bool) -> (Vec<Item>, Counts) {
    let file = File::open(path).unwrap();
    let mut reader = Reader::new(file, path.to_string_lossy(), Options { lenient_accounts });
    let items: Vec<_> = reader.by_ref().collect();
    let counts = reader.counts().clone();
    assert_eq!(counts.records, counts.events + counts.skipped_total());
    (items, counts)
}

/// Names of the events, with their numbers.
fn names(items: &[Item]) -> Vec<(&str, usize)> {
    let mut names = BTreeMap::new();
    for item in items {
        if let Item::Event(event) = item {
            *names.entry(event.name.as_str()).or_default() += 1;
        }
    }
    names.into_iter().collect()
}

fn reasons(counts: &Counts) -> Vec<(&'static str, u64)> {
    counts.by_reason().map(|(reason, count)| (reason.code(), count)).collect()
}

#[test]
fn all_2900_records_of_a_whole_trail_are_read_and_each_skipped_one_has_its_reason() {
    let Some(folder) = recorded("invictus-trail") else { return };
    let (mut items, mut counts) = (Vec::new(), Counts::default());
    for file in folder.read_dir().unwrap() {
        let (more, of_file) = read(&file.unwrap().path(), false);
        items.extend(more);
        counts.add(&of_file);
    }
    assert_eq!((counts.records, counts.events), (2_900, 24));
    let expected = [
        ("read_only", 2_326),
        ("not_cost_relevant", 473),
        ("not_priced_yet", 9),
        ("watchdog", 3),
        ("no_price_effect", 4),
        ("failed_call", 16),
        ("service_event", 42),
        ("console_sign_in", 3),
    ];
    assert_eq!(reasons(&counts), expected);
    let expected = [
        ("AllocateAddress", 3),
        ("CreateDBInstance", 1),
        ("CreateFunction", 2),
        ("CreateNatGateway", 2),
        ("CreateVolume", 2),
        ("DeleteDBInstance", 1),
        ("DeleteFunction", 2),
        ("DeleteNatGateway", 2),
        ("DeleteVolume", 2),
        ("ReleaseAddress", 3),
        ("RunInstances", 2),
        ("TerminateInstances", 2),
    ];
    assert_eq!(names(&items), expected);
}

#[test]
fn failed_calls_of_the_trail_are_kept_with_their_error_and_their_caller() {
    let Some(path) = recorded("invictus-ir__aws_dataset.jsonl") else { return };
    let (items, counts) = read(&path, false);
    assert_eq!((counts.records, counts.events), (41, 22));
    let expected =
        [("not_priced_yet", 2), ("no_price_effect", 4), ("failed_call", 11), ("service_event", 2)];
    assert_eq!(reasons(&counts), expected);
    for item in &items {
        if let Item::Skipped(skip) = item
            && skip.reason == SkipReason::FailedCall
        {
            assert!(skip.error_code.is_some() && skip.caller.is_some(), "{skip}");
        }
    }
}

#[test]
fn samples_of_other_projects_read_as_far_as_they_are_priced() {
    for (name, records, events, scrubbed, not_priced) in [
        ("rubysoho07__cloudtrail-watcher.jsonl", 17, 7, 2, 10),
        ("cloud-custodian__cloud-custodian.jsonl", 7, 5, 0, 2),
        ("awsdocs.jsonl", 16, 4, 0, 12),
    ] {
        let Some(path) = recorded(name) else { return };
        let (_, counts) = read(&path, true);
        assert_eq!((counts.records, counts.events), (records, events), "{name}");
        assert_eq!(counts.scrubbed_account_ids, scrubbed, "{name}");
        assert_eq!(reasons(&counts), [("not_priced_yet", not_priced)], "{name}");
    }
}

#[test]
fn scrubbed_account_ids_are_refused_on_the_live_path() {
    let Some(path) = recorded("rubysoho07__cloudtrail-watcher.jsonl") else { return };
    let (_, counts) = read(&path, false);
    assert_eq!(counts.events, 5);
    // Two priced calls, and three that are only recognised.
    assert_eq!(counts.skipped(SkipReason::BadAccountId), 5);
}
