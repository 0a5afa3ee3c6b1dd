//! `decisions`: a change to how anomalies are found brings a decision log, `docs/decisions/*.json`.

use crate::git;

/// Files that decide what alerts: their paths begin so.
const SCORING: [&str; 10] = [
    "shared/domain/src/answer",
    "shared/domain/src/assessment",
    "shared/domain/src/baseline",
    "shared/domain/src/breaker",
    "shared/domain/src/channels",
    "shared/domain/src/decision",
    "shared/domain/src/expectation",
    "shared/domain/src/habits",
    "shared/domain/src/policy",
    "shared/pipeline/src/score.rs",
];

/// Compares the working tree with a commit.
pub(crate) fn check(base: &str) -> Result<(), String> {
    let base = git::git(&["merge-base", base, "HEAD"])?;
    let tracked = git::git(&["diff", "--name-only", "--no-renames", &base])?;
    let deleted = git::git(&["diff", "--name-only", "--no-renames", "--diff-filter=D", &base])?;
    let untracked = git::git(&["ls-files", "--others", "--exclude-standard"])?;
    let changed: Vec<&str> = tracked.lines().chain(untracked.lines()).collect();
    let deleted: Vec<&str> = deleted.lines().collect();
    missing(&changed, &deleted).map_or(Ok(()), Err)
}

/// What to say if the files ask for a decision log and none is among them.
fn missing(changed: &[&str], deleted: &[&str]) -> Option<String> {
    let scoring: Vec<&str> = changed.iter().copied().filter(|path| is_scoring(path)).collect();
    let has_log = changed.iter().any(|path| is_log(path) && !deleted.contains(path));
    if scoring.is_empty() || has_log {
        return None;
    }
    Some(format!(
        "what alerts has changed ({}) without a new or changed log docs/decisions/<date>-<name>.json; \
         docs/CONTRIBUTING.md says what stands in it",
        scoring.join(", ")
    ))
}

fn is_scoring(path: &str) -> bool {
    SCORING.iter().any(|begin| path.starts_with(begin))
}

fn is_log(path: &str) -> bool {
    let name = path.strip_prefix("docs/decisions/").and_then(|name| name.strip_suffix(".json"));
    name.is_some_and(|name| name != "schema" && !name.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::root;

    const LOG: &str = "docs/decisions/2026-11-21-circuit-breaker.json";

    #[test]
    fn a_change_of_what_alerts_asks_for_a_log() {
        for path in [
            "shared/domain/src/channels/novelty.rs",
            "shared/domain/src/channels.rs",
            "shared/domain/src/baseline.rs",
            "shared/domain/src/breaker.rs",
            "shared/pipeline/src/score.rs",
        ] {
            let said = missing(&["README.md", path], &[]).unwrap();
            assert!(said.contains(path), "{said}");
            assert_eq!(missing(&[path, LOG], &[]), None);
        }
    }

    #[test]
    fn neither_the_schema_nor_a_page_nor_a_deleted_log_is_one() {
        let path = "shared/domain/src/policy.rs";
        assert!(missing(&[path, "docs/decisions/schema.json"], &[]).is_some());
        assert!(missing(&[path, "docs/decisions/0016-feature-flags.md"], &[]).is_some());
        assert!(missing(&[path, LOG], &[LOG]).is_some());
    }

    #[test]
    fn other_changes_ask_for_none() {
        assert_eq!(missing(&["shared/domain/src/words.rs", "README.md"], &[]), None);
        assert_eq!(missing(&[], &[]), None);
    }

    #[test]
    fn the_files_that_it_watches_are_there() {
        for begin in SCORING {
            let there = [begin.to_owned(), format!("{begin}.rs")];
            assert!(there.iter().any(|path| root().join(path).exists()), "{begin}");
        }
    }
}
