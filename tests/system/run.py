#!/usr/bin/env python3
"""Runs the system test: what it needs is made first, further arguments go to pytest.

FUNCTIONS_DIR names the folder with the built functions (default: target/debug), SYSTEM_EVENTS the
events of the load test, SYSTEM_VISIBILITY the seconds after which a message that a killed function
had comes again. Everything is written below target/.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
VENV = ROOT / "target/venv-system"
INFRA = ROOT / "infra-cdk"
# Without them the functions would not have the variables; what stands there is known at deployment.
ADDRESSES, LATER = ("customerAwsUrl", "jwksUrl", "otlpEndpoint"), "http://127.0.0.1:1"
ASSEMBLIES = ROOT / "target/system-cdk.out"


def main():
    python = interpreter()
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    # One for each run, since two may go on at once.
    assembly = ASSEMBLIES / str(os.getpid())
    if synthesise(assembly):
        environment["ASSEMBLY_DIR"] = str(assembly)
    # In place of this process, so that whoever ends it ends the tests.
    os.chdir(HERE)
    os.execve(python, [str(python), "-m", "pytest", *sys.argv[1:]], environment)


def interpreter():
    """The Python of the venv, which is made anew when the requirements change."""
    python, wanted, noted = VENV / "bin/python", HERE / "requirements.txt", VENV / "requirements.txt"
    if not noted.exists() or noted.read_text() != wanted.read_text():
        venv.create(VENV, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", wanted], check=True)
        shutil.copy(wanted, noted)
    return python


def synthesise(assembly):
    """Writes the templates of stage `test`; false if that cannot be done here."""
    if not (INFRA / "package.json").exists():
        return False
    if shutil.which("npm") is None:
        print("skipped: templates (no npm)")
        return False
    if not (INFRA / "node_modules").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=INFRA, check=True)
    # The functions are put in at deployment; here stubs stand for them.
    context = ["stage=test", "allowStubs=true", "functionsDir=/nonexistent", *(f"{name}={LATER}" for name in ADDRESSES)]
    context = [word for each in context for word in ("-c", each)]
    command = ["npx", "--no-install", "cdk", "synth", "--quiet", "--output", assembly, *context]
    for left in ASSEMBLIES.glob("*"):
        if not Path("/proc", left.name).exists():
            shutil.rmtree(left, ignore_errors=True)
    said = subprocess.run(command, cwd=INFRA, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if said.returncode:
        sys.exit(f"{said.stdout}\nthe templates cannot be synthesised")
    return True


if __name__ == "__main__":
    main()
