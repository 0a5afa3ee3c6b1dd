//! The suites that need more than cargo: other engines, Node, Python, an emulator of AWS.

use crate::command::{exists, root, run};
use crate::totals::Totals;
use std::{env, fs};

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
    node_packages(totals, "infra-cdk");
    for script in ["build", "lint"] {
        totals.step(&format!("infrastructure: {script}"), || npm("infra-cdk", &["run", script]));
    }
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

/// The dashboard: its logic, its weight, and what people do with it in a browser against the program
/// that the functions' build has left.
pub(crate) fn dashboard(totals: &mut Totals) {
    if !exists("npm", &["--version"]) {
        return totals.skip("dashboard: npm is not installed");
    }
    node_packages(totals, "dashboard");
    // Its types come with the build's.
    for script in ["lint", "build", "check"] {
        totals.step(&format!("dashboard: {script}"), || npm("dashboard", &["run", script]));
    }
    // Colours would hide the totals.
    let plain = ["NO_COLOR=1", "npm", "--prefix", "dashboard"];
    totals.suite("env", &[&plain[..], &["test"]].concat());
    let browser = env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    if exists(&browser, &["--version"]) {
        totals.suite("env", &[&plain[..], &["run", "test:browser"]].concat());
    } else {
        totals.skip(&format!("dashboard in a browser: there is no {browser} (CHROMIUM names one)"));
    }
}

/// What `package-lock.json` names, where nothing was installed yet.
fn node_packages(totals: &mut Totals, folder: &str) {
    if !root().join(folder).join("node_modules").exists() {
        let install = || npm(folder, &["ci", "--no-audit", "--no-fund"]);
        totals.step(&format!("{folder}: npm ci"), install);
    }
}

fn npm(folder: &str, args: &[&str]) -> Result<(), String> {
    run("npm", &[&["--prefix", folder], args].concat())
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
