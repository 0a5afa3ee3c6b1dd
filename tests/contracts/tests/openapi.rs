//! What the API says of itself is what programs are written against.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn the_document_is_what_the_code_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dashboard/openapi.json");
    let current = api::document().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("DOCS_BLESS").is_some() {
        fs::write(&file, &current).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    let how = "dashboard/openapi.json is old; write it anew with: cargo xtask docs";
    assert!(written == current, "{how}");
}

fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let methods = methods.as_object().unwrap();
        operations.extend(methods.iter().map(|(method, it)| (path.as_str(), method.as_str(), it)));
    }
    operations
}

#[test]
fn every_route_says_who_may_ask_and_how_it_refuses() {
    let document = serde_json::to_value(api::document()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let all = operations(&document);
    assert!(all.len() > 30, "{}", all.len());
    let mut ids = BTreeSet::new();
    for (path, method, operation) in all {
        let name = format!("{method} {path}");
        assert!(path.starts_with("/v1/"), "{name}");
        assert!(!operation["security"].as_array().unwrap().is_empty(), "{name}");
        assert!(operation["summary"].is_string(), "{name}");
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{name}: {id} is there twice");
        for status in ["400", "401", "403", "404", "429", "500", "503"] {
            let place = operation["responses"][status]["$ref"].as_str().unwrap_or_default();
            let response = document.pointer(place.trim_start_matches('#')).unwrap_or(&Value::Null);
            let content = &response["content"]["application/problem+json"];
            assert!(content["schema"].is_object(), "{name} {status}");
        }
    }
}
