//! The names of what is stored, read from the store's source. See `tests/` for the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

/// What stands before the name of an attribute that is read or written.
const BEFORE: [&str; 5] = ["item,", "map,", ".contains_key(", ".insert(", "assign("];

/// Names of attributes by the file of `shared/store/src` that reads or writes them. Attributes of
/// one item stand in one file, and an item is written whole or not at all.
///
/// # Errors
/// When the folder cannot be read.
pub fn stored_attributes(store: &Path) -> io::Result<BTreeMap<String, BTreeSet<String>>> {
    let mut attributes = BTreeMap::new();
    for entry in std::fs::read_dir(store)? {
        let path = entry?.path();
        let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let names = attributes_of(&std::fs::read_to_string(&path)?);
        if !names.is_empty() {
            attributes.insert(file, names);
        }
    }
    Ok(attributes)
}

/// Names of attributes in the source of one file, without its tests.
fn attributes_of(source: &str) -> BTreeSet<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or(source);
    let parts: Vec<&str> = source.split('"').collect();
    let literals = parts.windows(2).step_by(2);
    let mut names = BTreeSet::new();
    let mut in_struct = false;
    for pair in literals {
        let [before, literal] = pair else { continue };
        in_struct = before.rfind("stored_struct!").map_or(in_struct, |_| true)
            && !before.rsplit("stored_struct!").next().unwrap_or(before).contains("})");
        let before = before.trim_end();
        let is_used = BEFORE.iter().any(|mark| before.ends_with(mark));
        if is_name(literal) && (is_used || in_struct && before.ends_with(':')) {
            names.insert((*literal).to_owned());
        }
        names.extend(assigned(literal));
    }
    names
}

/// What an update expression assigns or removes: `SET told = :told REMOVE tellingUntil`. What a file
/// removes is in its item, even if another one sets it for several.
fn assigned(literal: &str) -> impl Iterator<Item = String> {
    let before = literal.match_indices(" = :").filter_map(|(at, _)| literal.get(..at));
    let set = before.filter_map(|text| text.rsplit(' ').next());
    let removed = literal.split_once("REMOVE ").map(|(_, list)| list.split(", "));
    set.chain(removed.into_iter().flatten()).filter(|word| is_name(word)).map(str::to_owned)
}

/// `hourlyChangeUsd`, `hourlyChangeUsd_v2`; not `:from`, not `AccountOwner`.
fn is_name(literal: &str) -> bool {
    literal.starts_with(|c: char| c.is_ascii_lowercase())
        && literal.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(source: &str) -> Vec<String> {
        attributes_of(source).into_iter().collect()
    }

    #[test]
    fn names_that_are_read_and_written_are_found() {
        assert_eq!(names(r#"write(&mut item, "id", &event.id);"#), ["id"]);
        assert_eq!(names(r#"time: read(item, "time")?,"#), ["time"]);
        assert_eq!(names(r#"read::<Option<Usd>>(&item, "max")?"#), ["max"]);
        assert_eq!(names(r#"item.insert("tenant".to_owned(), text(x));"#), ["tenant"]);
        assert_eq!(names(r#"!item.contains_key("toldAt")"#), ["toldAt"]);
        assert_eq!(names(r#"assign("lastAt", ":last")"#), ["lastAt"]);
        assert_eq!(names(r#""SET #n = :n, toldAt = :at REMOVE a, b""#), ["a", "b", "toldAt"]);
        assert_eq!(names("stored_struct!(A { b: \"c\",\n    d: \"e_v2\" });"), ["c", "e_v2"]);
    }

    #[test]
    fn values_places_and_words_are_not() {
        assert!(
            names(r#"values.insert(":from".to_owned(), x); corrupt("Head"); Self::A => "a""#)
                .is_empty()
        );
        assert!(names(r#"stored_struct!(A { }); match x { y: "z" }"#).is_empty());
        assert!(names(r#"#[cfg(test)] read(item, "id")"#).is_empty());
    }
}
