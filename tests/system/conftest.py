"""The system, deployed once for a run; tests keep apart by using accounts of their own."""

import signal

import pytest

from harness.running import running_system


# Whoever is asked to end still ends what it started.
signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def deployed():
    # Nothing may be given away at any level of logging.
    yield from running_system(LOG_LEVEL="debug")


@pytest.fixture
def system(deployed):
    """The shared system, with empty queues and a Slack that remembers nothing."""
    deployed.queues.empty_all()
    deployed.slack.forget()
    return deployed


def pytest_terminal_summary(terminalreporter):
    """The one form in which all of the project's tests say what they left out."""
    reasons = {str(each.longrepr[2]).removeprefix("Skipped: ") for each in terminalreporter.stats.get("skipped", [])}
    for reason in sorted(reasons):
        terminalreporter.write_line(f"skipped: {reason}")
