//! What came of all checks: counted from what the runners of each language print, and told at the end,
//! with what the failed ones said.

use crate::command::run_and_read;

/// Lines told again of a suite that failed, before and after each of its closing lines: CI keeps the
/// end of a log, where many other suites have come since.
const TOLD_AGAIN: (usize, usize) = (80, 40);

/// What passed, failed and was left out.
#[derive(Default)]
pub(crate) struct Totals {
    passed: u64,
    failed: u64,
    skipped: u64,
    failures: Vec<String>,
    /// What the failed suites printed around their closing lines.
    said: Vec<String>,
}

impl Totals {
    /// A check that passes or fails as a whole.
    pub(crate) fn step(&mut self, name: &str, check: impl FnOnce() -> Result<(), String>) {
        match check() {
            Ok(()) => self.passed += 1,
            Err(error) => {
                self.failed += 1;
                self.failures.push(format!("{name}: {error}"));
            }
        }
    }

    pub(crate) fn skip(&mut self, why: &str) {
        println!("skipped: {why}");
        self.skipped += 1;
    }

    /// Tests, counted one by one. Tests that find no data beside the project print a line that
    /// begins with `skipped:`; for that their output has to be seen.
    pub(crate) fn cargo_test(&mut self, program: &str, args: &[&str]) {
        self.suite(program, &[args, &["--", "--show-output"]].concat());
    }

    /// Tests of any of the runners that are used here, counted one by one.
    pub(crate) fn suite(&mut self, program: &str, args: &[&str]) {
        match run_and_read(program, args) {
            Err(error) => {
                self.failed += 1;
                self.failures.push(error);
            }
            Ok((succeeded, text)) => {
                let before = self.failed;
                self.count(&text);
                if !succeeded && self.failed == before {
                    self.failed += 1;
                    self.failures.push(format!("{program} {} did not finish", args.join(" ")));
                }
                if self.failed > before {
                    self.said.push(around_failures(&text));
                }
            }
        }
    }

    /// Adds the figures of lines like `test result: ok. 7 passed; 0 failed; 1 ignored; …` (cargo),
    /// `== 7 passed, 1 skipped in 2.10s ==` (pytest), `ℹ pass 7` (node), `Tests  1 failed | 7 passed
    /// (8)` (vitest) and one `7 passed (2.1s)` for each outcome (Playwright).
    fn count(&mut self, text: &str) {
        for line in text.lines() {
            if let Some([passed, failed, skipped]) = outcomes(line) {
                self.passed += passed;
                self.failed += failed;
                self.skipped += skipped;
            } else if line.starts_with("skipped:") {
                self.skipped += 1;
            } else if let Some(name) = line.strip_prefix("FAILED ") {
                self.failures.push(name.to_owned());
            } else if let Some(name) = line.strip_suffix(" ... FAILED") {
                self.failures.push(name.trim_start_matches("test ").to_owned());
            }
        }
    }

    pub(crate) fn close(self) -> Result<(), String> {
        for said in &self.said {
            println!("what a failed suite said:\n{said}");
        }
        for failure in &self.failures {
            println!("failed: {failure}");
        }
        println!("{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped);
        if self.failed == 0 && self.failures.is_empty() {
            Ok(())
        } else {
            Err("not everything passed".to_owned())
        }
    }
}

/// The lines around each closing line that counts a failure; the last ones where there is none.
fn around_failures(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let closes = |line: &str| outcomes(line).is_some_and(|[_, failed, _]| failed > 0);
    let numbered = || lines.iter().enumerate();
    let mut closing: Vec<usize> =
        numbered().filter(|(_, line)| closes(line)).map(|(at, _)| at).collect();
    if closing.is_empty() {
        closing.push(lines.len());
    }
    let (before, after) = TOLD_AGAIN;
    let near = |at: usize| closing.iter().any(|close| at + before >= *close && at <= close + after);
    let told = numbered().filter(|(at, _)| near(*at)).map(|(_, line)| *line);
    told.collect::<Vec<_>>().join("\n")
}

/// The number before a word: `7` in `ok. 7 passed;`.
fn figure(figures: &str, word: &str) -> u64 {
    let mut words = figures.split([' ', ';', ',']).filter(|word| !word.is_empty()).peekable();
    let mut last = "0";
    for each in words.by_ref() {
        if each == word {
            return last.parse().unwrap_or(0);
        }
        last = each;
    }
    0
}

/// What a line says passed, failed and was skipped, if it is one that closes a run.
fn outcomes(line: &str) -> Option<[u64; 3]> {
    let figures = |text: &str, words: [&str; 3]| words.map(|word| figure(text, word));
    if let Some(of_cargo) = line.strip_prefix("test result: ") {
        return Some(figures(of_cargo, ["passed", "failed", "ignored"]));
    }
    if line.starts_with("==") && line.contains(" in ") {
        let [passed, failed, skipped] = figures(line, ["passed", "failed", "skipped"]);
        return Some([passed, failed + figure(line, "error") + figure(line, "errors"), skipped]);
    }
    if let Some(of_node) = line.strip_prefix("ℹ ") {
        let [passed, failed, cancelled, skipped] =
            ["pass ", "fail ", "cancelled ", "skipped "].map(|word| after(of_node, word));
        return Some([passed, failed + cancelled, skipped]);
    }
    if let Some(of_vitest) = line.trim_start().strip_prefix("Tests  ") {
        return Some(figures(of_vitest, ["passed", "failed", "skipped"]));
    }
    of_playwright(line)
}

/// Of a line like `  7 passed (2.1s)`. What passed at the second try only, and what was not tried to
/// its end, counts as failed.
fn of_playwright(line: &str) -> Option<[u64; 3]> {
    let mut words = line.strip_prefix("  ")?.split(' ');
    let (number, outcome) = (words.next()?.parse().ok()?, words.next()?);
    match outcome {
        "passed" => Some([number, 0, 0]),
        "skipped" => Some([0, 0, number]),
        "failed" | "flaky" | "interrupted" => Some([0, number, 0]),
        _ => None,
    }
}

/// The number after a word that begins a line.
fn after(line: &str, word: &str) -> u64 {
    line.strip_prefix(word).and_then(|number| number.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_read_from_the_lines_of_pytest_and_node() {
        let mut totals = Totals::default();
        totals.count("FAILED tests/a.py::b - why\n== 1 failed, 5 passed, 2 skipped in 9.12s ==");
        totals.count("ℹ tests 9\nℹ pass 8\nℹ fail 1\nℹ cancelled 0\nℹ skipped 0");
        assert_eq!((totals.passed, totals.failed, totals.skipped), (13, 2, 2));
        assert_eq!(totals.failures, ["tests/a.py::b - why"]);
    }

    #[test]
    fn totals_are_read_from_the_lines_of_vitest_and_playwright() {
        let mut totals = Totals::default();
        totals
            .count("      Tests  1 failed | 7 passed | 2 skipped (10)\n Test Files  3 passed (3)");
        assert_eq!((totals.passed, totals.failed, totals.skipped), (7, 1, 2));
        totals.count("  1 failed\n    [chromium] › a.spec.ts\n  1 flaky\n  5 passed (12.3s)\n  2 did not run");
        assert_eq!((totals.passed, totals.failed, totals.skipped), (12, 3, 2));
    }

    #[test]
    fn what_a_failed_suite_said_around_its_failures_is_told_again() {
        let quiet = "  ok\n".repeat(TOLD_AGAIN.0);
        let text =
            format!("first\n{quiet}  1) a.spec.ts\n    Error: why\n  1 failed\n    a.spec.ts\n");
        let said = around_failures(&text);
        assert!(said.ends_with("  1) a.spec.ts\n    Error: why\n  1 failed\n    a.spec.ts"));
        assert!(!said.contains("first"));
        assert_eq!(around_failures("began\nbroke off"), "began\nbroke off");
    }

    #[test]
    fn totals_are_read_from_the_lines_of_cargo_test() {
        let mut totals = Totals::default();
        totals.count("test a ... ok\ntest b ... FAILED\nskipped: no data\ntest result: FAILED. 7 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out");
        assert_eq!((totals.passed, totals.failed, totals.skipped), (7, 1, 3));
        assert_eq!(totals.failures, ["b"]);
    }
}
