//! The reader against recorded trails, where they are at hand beside the project.

use cloudtrail::{Counts, Item, Options, Reader, SkipReason};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

fn recorded(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join("../shared/data/cloudtrail").join(name);
    if !path.exists() {
        eprintln!("skipped: recorded trails are not at hand ({name})");
        return None;
    }
    Some(path)
}

fn read(path: &Path, items: &mut Vec<Item>) -> Counts {
    let options = Options { lenient_accounts: true };
    let mut reader = Reader::new(File::open(path).unwrap(), path.to_string_lossy(), options);
    items.extend(reader.by_ref());
    assert!(reader.held_bytes() <= 2 * cloudtrail::MAX_RECORD_BYTES);
    reader.counts().clone()
}

fn names(items: &[Item]) -> BTreeMap<&str, usize> {
    let mut names = BTreeMap::new();
    for item in items {
        if let Item::Event(event) = item {
            *names.entry(event.name.as_str()).or_default() += 1;
        }
    }
    names
}

#[test]
fn all_2900_records_of_a_whole_trail_are_read_and_each_skipped_one_has_its_reason() {
    let Some(folder) = recorded("invictus-trail") else { return };
    let (mut items, mut counts) = (Vec::new(), Counts::default());
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in &files {
        counts.add(&read(file, &mut items));
    }
    println!("{counts:?}");
    for (reason, count) in counts.by_reason() { println!("{reason} {count}"); }
    for (n, c) in names(&items) { println!("{n} {c}"); }
    assert_eq!(counts.records, 2_900);
}

#[test]
fn print_all() {
    for name in ["rubysoho07__cloudtrail-watcher.jsonl","cloud-custodian__cloud-custodian.jsonl","awsdocs.jsonl"] {
        let Some(path) = recorded(name) else { return };
        let mut items = Vec::new();
        let counts = read(&path, &mut items);
        println!("{name} {counts:?}");
        for item in &items { match item { Item::Event(e) => println!("{e:?}"), Item::Skipped(s) => println!("{s} {:?} {:?}", s.error_code, s.coverage.map(|c|c.rank)) } }
    }
    let _ = SkipReason::ALL;
}
