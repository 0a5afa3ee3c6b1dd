//! The suites that need more than cargo: other engines, Node, Python, an emulator of AWS.

use crate::command::{exists, root, run};
use crate::test::Totals;
use std::fs;

/// Where Python packages for `tests/infra` and lizard are.
pub(crate) const VENV: &str = "target/venv";

/// All Rust tests, those of the store on each engine that can be had here.
pub(crate) fn workspace(totals: &mut Totals) {
    let test = ["test", "--workspace", "--no-fail-fast"];
    if has_python(totals, "other engines of the store") {
        totals.cargo_test("python3", &[&["tests/store/engines.py", "cargo"], &test[..]].concat());
    } else {
        totals.cargo_test("cargo", &test);
    }
}

/// The CDK app, the customer's template, the workflows.
pub(crate) fn infrastructure(totals: &mut Totals) {
    if !exists("npm", &["--version"]) {
        return totals.skip("infrastructure: npm is not installed");
    }
    if !root().join("infra-cdk/node_modules").exists() {
        totals.step("npm ci", || npm(&["ci", "--no-audit", "--no-fund"]));
    }
    totals.step("infrastructure: types", || npm(&["run", "build"]));
    totals.step("infrastructure: lints", || npm(&["run", "lint"]));
    totals.suite("npm", &["--prefix", "infra-cdk", "test"]);
    if !has_python(totals, "templates and workflows") {
        return;
    }
    totals.step("Python packages", python_packages);
    let cfn_lint = format!("CFN_LINT={}", root().join(VENV).join("bin/cfn-lint").display());
    totals.step("templates", || {
        run("env", &[&cfn_lint, "npm", "--prefix", "infra-cdk", "run", "lint:cfn"])
    });
    totals.suite(&format!("{VENV}/bin/python"), &["-m", "pytest", "tests/infra"]);
}

/// The deployed stacks on an emulator, with the functions as cargo builds them for tests.
pub(crate) fn system(totals: &mut Totals) {
    if !has_python(totals, "the deployed system") {
        return;
    }
    // All of the workspace: built alone, the functions' dependencies would be built once more.
    totals.step("functions", || run("cargo", &["build", "--workspace", "--bins"]));
    totals.suite("python3", &["tests/system/run.py"]);
}

fn npm(args: &[&str]) -> Result<(), String> {
    run("npm", &[&["--prefix", "infra-cdk"], args].concat())
}

pub(crate) fn has_python(totals: &mut Totals, what: &str) -> bool {
    let there = exists("python3", &["-m", "venv", "--help"]);
    if !there {
        totals.skip(&format!("{what}: python3 with venv is not installed"));
    }
    there
}

/// Makes the venv, again when the requirements have changed.
pub(crate) fn python_packages() -> Result<(), String> {
    let wanted = fs::read_to_string(root().join("tests/infra/requirements.txt"));
    let wanted = wanted.map_err(|error| error.to_string())?;
    let note = root().join(VENV).join("requirements.txt");
    if fs::read_to_string(&note).is_ok_and(|noted| noted == wanted) {
        return Ok(());
    }
    run("python3", &["-m", "venv", "--clear", VENV])?;
    let pip = format!("{VENV}/bin/pip");
    run(&pip, &["install", "--quiet", "--requirement", "tests/infra/requirements.txt"])?;
    fs::write(note, wanted).map_err(|error| error.to_string())
}
