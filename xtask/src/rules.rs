//! Rules about the code as a whole: flags, decision logs, the contract, complexity.

use crate::suites::{VENV, has_python, python_packages};
use crate::totals::Totals;
use crate::{complexity, contract, decisions, flags, git};

/// All of them. Terms are counted to the day of the last commit, so that a commit that passed
/// passes for ever; CI asks again with the day on which it runs.
pub(crate) fn all(totals: &mut Totals) {
    if !git::is_there() {
        return totals.skip("flags, decisions, contract, complexity: this is no git checkout");
    }
    totals.step("flags", || flags::list(git::day_of_head()?));
    totals.step("contract", || contract::check(git::day_of_head()?));
    match git::before_head() {
        Some(before) => totals.step("decisions", || decisions::check(&before)),
        None => totals.skip("decisions: the clone holds one commit, nothing to compare with"),
    }
    if has_python(totals, "complexity") {
        totals.step("complexity", complexity);
    }
}

/// Decision logs since a commit.
pub(crate) fn decisions(base: Option<&str>) -> Result<(), String> {
    decisions::check(base.ok_or("the clone holds one commit, nothing to compare with")?)
}

/// Complexity, with the lizard of `tests/infra/requirements.txt`.
pub(crate) fn complexity() -> Result<(), String> {
    python_packages()?;
    complexity::check(&format!("{VENV}/bin/lizard"))
}
