"""What the API answers is what `dashboard/openapi.json` says, whatever it is asked: schemathesis makes up requests,
good and bad, for every route."""

import json

import pytest
import schemathesis
import served
from conftest import ROOT
from hypothesis import HealthCheck, settings

DOCUMENT = json.loads((ROOT / "dashboard/openapi.json").read_text())
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
# Made-up ids and cursors are of the right form, and yet there is nothing behind them; a parameter that nobody knows is
# not looked at.
NOT_CHECKED = schemathesis.checks.CHECKS.get_by_names(["positive_data_acceptance", "negative_data_rejection"])


@pytest.fixture(scope="module")
def base():
    with served.running() as base:
        yield base


@pytest.fixture(scope="module")
def token(base) -> str:
    return served.sign_in(base, "ana")


@SCHEMA.parametrize()
@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_document_names(case, base, token):
    headers = {"Authorization": f"Bearer {token}"}
    case.call_and_validate(base_url=base, headers=headers, timeout=10, excluded_checks=NOT_CHECKED)
