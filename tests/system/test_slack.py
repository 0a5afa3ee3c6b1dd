"""The Slack double refuses what Slack refuses."""

import json
import urllib.error
import urllib.request

import pytest

from harness.slack import TOKEN, Slack


@pytest.fixture
def slack():
    slack = Slack()
    slack.start()
    yield slack
    slack.stop()


def ask(slack, message, path="/api/chat.postMessage", token=TOKEN):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json; charset=utf-8"}
    with urllib.request.urlopen(urllib.request.Request(slack.url + path, json.dumps(message).encode(), headers)) as answer:
        return json.load(answer)


def section(text):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def test_a_message_is_kept_and_can_be_updated(slack):
    ts = ask(slack, {"channel": "C1", "text": "first", "blocks": [section("x")]})["ts"]
    assert ask(slack, {"channel": "C1", "ts": ts, "text": "second"}, "/api/chat.update")["ok"]
    assert [card["text"] for card in slack.cards("first")] == ["second"]


@pytest.mark.parametrize("message", [
    {"channel": "C1", "text": ""},
    {"channel": "C1", "text": "x", "blocks": [{"type": "divider"}] * 51},
    {"channel": "C1", "text": "x", "blocks": [section("x" * 3001)]},
    {"channel": "C1", "text": "x", "blocks": [section("")]},
    {"channel": "C1", "text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]},
    {"channel": "C1", "text": "x", "blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}]},
    {"text": "x"},
])
def test_what_breaks_a_limit_is_refused(slack, message):
    assert not ask(slack, message)["ok"]
    assert len(slack.refused) == 1


def test_a_wrong_token_and_an_unknown_message_are_refused(slack):
    assert ask(slack, {"channel": "C1", "text": "x"}, token="other")["error"] == "invalid_auth"
    assert ask(slack, {"channel": "C1", "text": "x", "ts": "1.0"}, "/api/chat.update")["error"] == "message_not_found"


def test_it_can_be_too_busy_for_a_while(slack):
    slack.answers(429, 500)
    for status in (429, 500):
        with pytest.raises(urllib.error.HTTPError) as error:
            ask(slack, {"channel": "C1", "text": "x"})
        assert error.value.code == status
    assert ask(slack, {"channel": "C1", "text": "x"})["ok"]
    assert len(slack.posted) == 1
