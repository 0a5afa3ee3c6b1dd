"""Decision logs say what docs/decisions/schema.json asks of them, and the tests they name exist."""

import copy
import json
import re

import pytest
from conftest import ROOT
from jsonschema import Draft202012Validator

DECISIONS = ROOT / "docs/decisions"
SCHEMA = json.loads((DECISIONS / "schema.json").read_text())
LOGS = sorted(set(DECISIONS.glob("*.json")) - {DECISIONS / "schema.json"})


def faults(log: object) -> list[str]:
    found = [error.message for error in Draft202012Validator(SCHEMA).iter_errors(log)]
    # Its own `date-time` is checked by a further package only.
    stamp = log.get("timestamp", "") if isinstance(log, dict) else ""
    if not re.fullmatch(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ", str(stamp)):
        found.append("timestamp is no time in UTC")
    return found


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_there_are_logs():
    assert LOGS


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_a_log_says_what_the_schema_asks(log):
    assert faults(json.loads(log.read_text())) == []


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_a_log_is_named_by_its_day(log):
    day = json.loads(log.read_text())["timestamp"][:10]
    assert re.fullmatch(rf"{day}-[a-z0-9-]+\.json", log.name)


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_the_tests_that_a_log_names_exist(log):
    for sample in json.loads(log.read_text())["samples"]:
        if "test" in sample:
            file, name = sample["test"].split()
            assert f"fn {name}(" in (ROOT / file).read_text(), sample["test"]


GOOD = json.loads(LOGS[0].read_text())


@pytest.mark.parametrize("field", SCHEMA["required"])
def test_a_log_without_a_part_is_refused(field):
    assert faults({name: part for name, part in GOOD.items() if name != field})


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("confidence", 1.1),
        ("confidence", -0.1),
        ("confidence", "high"),
        ("timestamp", "2026-11-21"),
        ("timestamp", "2026-11-21T10:00:00+01:00"),
        ("author", "Ann B"),
        ("alternatives_considered", []),
        ("alternatives_considered", ["a fixed number of alerts"]),
        ("samples", []),
        ("samples", [{"event": "seven alerts in an hour", "after": "six cards"}]),
        ("prompt", "why?"),
        ("reasoning", []),
        ("mood", "good"),
    ],
)
def test_a_wrong_part_is_refused(field, wrong):
    assert faults(copy.deepcopy(GOOD) | {field: wrong})
