//! Each folder of `cases/` is a case. `GOLDEN_BLESS=1` writes what comes out as expected; read it
//! before you commit it.

#![expect(clippy::unwrap_used, reason = "a test stops where a case cannot be read")]

use golden::{State, outcome};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_case_gives_what_is_expected() {
    let bless = std::env::var_os("GOLDEN_BLESS").is_some();
    let differing: Vec<String> =
        cases().iter().filter_map(|case| check(case, bless).err()).collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn the_figures_of_every_anomaly_can_be_computed_again() {
    for case in cases() {
        let text = actual(&case);
        assert!(!text.contains("WRONG"), "{}:\n{text}", case.display());
    }
}

fn check(case: &Path, bless: bool) -> Result<(), String> {
    let file = case.join("expected.txt");
    let actual = actual(case);
    if bless {
        return fs::write(&file, actual).map_err(|error| format!("{}: {error}", file.display()));
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    if expected == actual {
        return Ok(());
    }
    let line = expected.lines().zip(actual.lines()).take_while(|(a, b)| a == b).count();
    let at = |text: &str| text.lines().nth(line).unwrap_or("(the end)").to_owned();
    let (expected, actual) = (at(&expected), at(&actual));
    Err(format!("{}:{}\n  expected {expected}\n  actual   {actual}", file.display(), line + 1))
}

fn actual(case: &Path) -> String {
    let events = fs::read(case.join("events.json")).unwrap();
    let state = fs::read_to_string(case.join("state.json"));
    outcome(&events, &state.map(|text| State::parse(&text)).unwrap_or_default())
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 25, "only {} cases", cases.len());
    cases
}
