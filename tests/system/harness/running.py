"""A deployed system for as long as a fixture lasts, or the reason why there is none."""

import os
from pathlib import Path

import pytest

from harness import packages
from harness.system import System


def running_system(**variables):
    if reason := not_possible():
        pytest.skip(reason)
    system = System(Path(os.environ["ASSEMBLY_DIR"]), **variables)
    try:
        system.start()
        yield system
    finally:
        system.stop()


def not_possible():
    if "ASSEMBLY_DIR" not in os.environ:
        return "no synthesised templates (start the tests by run.py)"
    if missing := packages.missing():
        return f"not built: {', '.join(missing)}"
    return None
