"""The system, deployed once for a run; tests keep apart by using accounts of their own."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from harness import packages  # noqa: E402
from harness.system import System  # noqa: E402


@pytest.fixture(scope="session")
def deployed():
    yield from running_system()


@pytest.fixture
def system(deployed):
    """The shared system, with nothing on its way and a Slack that remembers nothing."""
    deployed.settled()
    deployed.slack.forget()
    return deployed


def running_system():
    if reason := not_possible():
        pytest.skip(reason)
    system = System(Path(os.environ["ASSEMBLY_DIR"]))
    try:
        system.start()
        yield system
    finally:
        system.stop()


def not_possible():
    if "ASSEMBLY_DIR" not in os.environ:
        return "no synthesised templates (start the tests by run.py)"
    if missing := packages.missing():
        return f"not built: {', '.join(missing)} (in {packages.folder().name})"
    return None


def pytest_terminal_summary(terminalreporter):
    """The one form in which all of the project's tests say what they left out."""
    reasons = {str(each.longrepr[2]).removeprefix("Skipped: ") for each in terminalreporter.stats.get("skipped", [])}
    for reason in sorted(reasons):
        terminalreporter.write_line(f"skipped: {reason}")
