//! `complexity`: no function of ours branches more than ten times, by lizard.

use crate::command::{command, root};
use crate::git;
use std::collections::BTreeMap;
use std::fs;

/// Most that a function may have: cyclomatic complexity as lizard counts it, in which each arm of a `match`, each `?` and
/// each `&&` counts.
const MOST: &str = "10";
/// Functions that had more when the limit came, with what they had. It only becomes shorter.
const KNOWN: &str = ".ci/complexity.txt";

/// Functions above the limit by file and name.
type Functions = BTreeMap<String, u32>;

/// All sources of ours in Rust, TypeScript and Python. `lizard` is the program. Of the dashboard it
/// cannot read every page; there `dashboard/eslint.config.js` has the same limit.
pub(crate) fn check(lizard: &str) -> Result<(), String> {
    let files = git::git(&["ls-files", "*.rs", "*.ts", "*.py", ":!dashboard"])?;
    let list = root().join("target/sources.txt");
    // What is deleted and not committed yet is listed too.
    let there: Vec<&str> = files.lines().filter(|file| root().join(file).exists()).collect();
    fs::write(&list, there.join("\n")).map_err(|error| format!("{}: {error}", list.display()))?;
    let args = ["-C", MOST, "-w", "-f", "target/sources.txt"];
    let output = command(lizard, &args).output();
    let output = output.map_err(|error| format!("{lizard}: {error}"))?;
    // It ends with 1 for a warning, and for a file on which it breaks off.
    let said = String::from_utf8_lossy(&output.stderr);
    if !matches!(output.status.code(), Some(0 | 1)) || said.contains("Traceback") {
        return Err(format!("{lizard}: {said}"));
    }
    let found = found(&String::from_utf8_lossy(&output.stdout));
    let known = fs::read_to_string(root().join(KNOWN)).unwrap_or_default();
    let faults = compare(&found, &known_functions(&known)?);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// From lines like `a/b.rs:20: warning: name has 7 NLOC, 12 CCN, 133 token, …`.
fn found(text: &str) -> Functions {
    let mut functions = Functions::new();
    for (file, name, number) in text.lines().filter_map(warning) {
        let most = functions.entry(format!("{file} {name}")).or_default();
        *most = number.max(*most);
    }
    functions
}

fn warning(line: &str) -> Option<(&str, &str, u32)> {
    let (place, rest) = line.split_once(": warning: ")?;
    let (file, _) = place.rsplit_once(':')?;
    let (name, figures) = rest.rsplit_once(" has ")?;
    let (before, _) = figures.split_once(" CCN")?;
    let number = before.rsplit(' ').next()?;
    Some((file, name, number.parse().ok()?))
}

/// From lines `<number> <file> <function>`; `#` begins a remark.
fn known_functions(text: &str) -> Result<Functions, String> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (number, function) = line.split_once(' ').unwrap_or_default();
            let number = number.parse().map_err(|_| format!("{KNOWN}: {line}"))?;
            Ok((function.to_owned(), number))
        })
        .collect()
}

/// What is new or worse, and what the list must no longer say.
fn compare(found: &Functions, known: &Functions) -> Vec<String> {
    let worse = found
        .iter()
        .filter(|(function, number)| known.get(*function).is_none_or(|before| *number > before));
    let mut faults: Vec<String> = worse
        .map(|(function, number)| {
            format!("{function} branches {number} times, at most {MOST} are allowed")
        })
        .collect();
    let better = known.iter().filter(|(function, before)| found.get(*function) < Some(before));
    faults.extend(better.map(|(function, _)| {
        let now = found.get(function).map_or("nothing".to_owned(), ToString::to_string);
        format!("{function} is better than {KNOWN} says: write {now} there")
    }));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn functions(of: &[(&str, u32)]) -> Functions {
        of.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect()
    }

    #[test]
    fn warnings_of_lizard_are_read() {
        let text = "cli/src/a.rs:18: warning: run has 19 NLOC, 13 CCN, 169 token, 1 PARAM, 19 length, 0 ND\n\
                    cli/src/a.rs:90: warning: run has 9 NLOC, 11 CCN, 19 token, 1 PARAM, 19 length, 0 ND\n\
                    infra/b.ts:3: warning: (anonymous) has 9 NLOC, 12 CCN, 1 token, 0 PARAM, 9 length, 0 ND";
        let expected = functions(&[("cli/src/a.rs run", 13), ("infra/b.ts (anonymous)", 12)]);
        assert_eq!(found(text), expected);
    }

    #[test]
    fn the_list_is_read() {
        let text = "# why\n\n13 cli/src/a.rs run\n";
        assert_eq!(known_functions(text), Ok(functions(&[("cli/src/a.rs run", 13)])));
        assert!(known_functions("cli/src/a.rs run").is_err());
    }

    #[test]
    fn what_is_new_or_worse_fails_and_what_is_known_does_not() {
        let known = functions(&[("a run", 13)]);
        assert!(compare(&functions(&[("a run", 13)]), &known).is_empty());
        assert!(compare(&functions(&[("a run", 14)]), &known)[0].contains("14 times"));
        assert!(compare(&functions(&[("a run", 13), ("b new", 11)]), &known)[0].contains("b new"));
    }

    #[test]
    fn what_got_better_has_to_leave_the_list() {
        let known = functions(&[("a run", 13)]);
        assert!(compare(&functions(&[("a run", 12)]), &known)[0].contains("write 12"));
        assert!(compare(&functions(&[]), &known)[0].contains("write nothing"));
    }
}
