"""Every kind of message, by the models of Slack's own Python library: a judge that we have not written.

The messages are the golden files of `shared/slack/tests/golden.rs`.
"""

import copy
import json
from pathlib import Path

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "shared/slack/tests/golden").glob("*.json"))
CASES = ["blind", "burst", "commitment", "ebs", "ec2", "lambda", "nat", "notes", "rds", "regions", "standing", "unknown_price"]


MESSAGES = [
    pytest.param(message, id=f"{file.stem}-{number}")
    for file in FILES
    for number, message in enumerate(json.loads(file.read_text()))
]


def judged(message):
    """The blocks as the library writes them, once it has found nothing wrong."""
    blocks = Block.parse_all(message["blocks"])
    for block in blocks:
        assert block is not None, "a kind of block that the library does not know"
        block.validate_json()
        for element in getattr(block, "elements", None) or []:
            element.validate_json()
            if getattr(element, "type", "") == "button":
                element.text.validate_json()
        for text in [getattr(block, "text", None), *(getattr(block, "fields", None) or [])]:
            if text is not None:
                text.validate_json()
    return [block.to_dict() for block in blocks]


def test_there_is_a_file_for_each_case():
    assert [file.stem for file in FILES] == CASES


@pytest.mark.parametrize("message", MESSAGES)
def test_slack_s_own_models_take_it_and_lose_nothing_of_it(message):
    assert judged(message) == message["blocks"]
    assert message["text"], "for notifications and screen readers"


def broken(change):
    card = next(message for message in json.loads((ROOT / "shared/slack/tests/golden/ec2.json").read_text()))
    card = copy.deepcopy(card)
    change({block["type"]: block for block in card["blocks"]})
    return card


@pytest.mark.parametrize("change", [
    lambda blocks: blocks["header"]["text"].update(text="x" * 151),
    lambda blocks: blocks["section"]["text"].update(text="x" * 3001),
    lambda blocks: blocks["actions"]["elements"][0]["text"].update(text="x" * 76),
    lambda blocks: blocks["actions"]["elements"][0].update(value="x" * 2001),
    lambda blocks: blocks["actions"]["elements"][0].update(style="loud"),
    lambda blocks: blocks["actions"].update(elements=blocks["actions"]["elements"] * 6),
])
def test_the_judge_is_awake(change):
    with pytest.raises(SlackObjectFormationError):
        judged(broken(change))
