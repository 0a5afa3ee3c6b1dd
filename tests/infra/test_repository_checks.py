"""The scripts that checks.yml runs see what they are for."""

import importlib.util
import subprocess

import pytest
from conftest import ROOT

SCRIPTS = ROOT / ".github/scripts"


def script(name: str):
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


faults = script("decisions_are_numbered").faults


def test_decisions_count_up():
    assert faults({"0001-a.md": "# 1. A", "0002-b.md": "# 2. B"}) == []


@pytest.mark.parametrize(
    "pages",
    [
        {"0001-a.md": "# 1. A", "0003-c.md": "# 3. C"},
        {"0001-a.md": "# 1. A", "0001-b.md": "# 1. B"},
        {"0001-a.md": "# 2. A"},
    ],
)
def test_a_gap_a_double_and_a_wrong_title_are_found(pages):
    assert faults(pages)


def test_the_decisions_of_this_project_are_in_order():
    command = [SCRIPTS / "decisions_are_numbered.py"]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stderr == ""
