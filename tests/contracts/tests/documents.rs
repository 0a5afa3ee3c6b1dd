//! Documents name what is there, and generated ones are up to date.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn documents() -> Vec<PathBuf> {
    let mut documents = vec![
        root().join("README.md"),
        root().join("pricing-tables/README.md"),
        root().join("infra-cdk/README.md"),
        root().join("tests/system/README.md"),
    ];
    for folder in ["docs", "docs/decisions"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "md") {
                documents.push(path);
            }
        }
    }
    documents
}

/// Words in back quotes or links that look like a path of this project.
fn paths(text: &str) -> Vec<String> {
    let top = [
        "cli/",
        "functions/",
        "shared/",
        "tests/",
        "docs/",
        "infra-cdk/",
        "pricing-tables/",
        "xtask/",
        ".ci/",
        ".cargo/",
        ".github/",
    ];
    let words = text.split(|c: char| c.is_whitespace() || "`()[],;\"'|│".contains(c));
    words
        .map(|word| word.trim_end_matches(['.', ':', ',']))
        .filter(|word| top.iter().any(|top| word.starts_with(top)))
        .filter(|word| !word.contains(['*', '<', '{', '…', '$']) && !word.contains("NNNN"))
        .map(|word| word.split('#').next().unwrap_or(word).to_owned())
        .collect()
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut checked = 0;
    let mut missing = Vec::new();
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for path in paths(&text) {
            // `prices refresh` and the fuzzers write these.
            if ["docs/ARCHITECTURE", "shared/data"].contains(&path.as_str()) {
                continue;
            }
            checked += 1;
            if !root().join(&path).exists() {
                missing.push(format!("{}: {path}", document.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(checked > 20, "only {checked} paths were found: the documents or this test changed");
}

#[test]
fn the_coverage_document_is_up_to_date() {
    let file = root().join("docs/COVERAGE.md");
    let current = cloudtrail::coverage_markdown();
    if std::env::var_os("DOCS_BLESS").is_some() {
        fs::write(&file, &current).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(written == current, "docs/COVERAGE.md is old; write it anew with: cargo xtask docs");
}

#[test]
fn no_document_speaks_of_one_machine() {
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for place in ["/root/", "/home/", "/tmp/"] {
            assert!(!text.contains(place), "{}: {place}", document.display());
        }
    }
}
