"""The Slack double refuses what Slack refuses."""

import json
import urllib.error
import urllib.request

import pytest

from harness import packages
from harness.slack import CHANNEL, TOKEN, Slack


@pytest.fixture
def slack():
    if packages.double(Slack.program) is None:
        pytest.skip("not built: slack-double (cargo build -p slack-double)")
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


def button(action_id):
    return {"type": "button", "action_id": action_id, "value": "v", "text": {"type": "plain_text", "text": "Expected"}}


def test_a_message_is_kept_and_can_be_updated(slack):
    ts = ask(slack, {"channel": CHANNEL, "text": "first", "blocks": [section("x")]})["ts"]
    assert ask(slack, {"channel": CHANNEL, "ts": ts, "text": "second"}, "/api/chat.update")["ok"]
    assert [card["text"] for card in slack.cards("first")] == ["second"]


@pytest.mark.parametrize("message", [
    {"channel": CHANNEL, "text": ""},
    {"channel": CHANNEL, "text": "x", "blocks": [{"type": "divider"}] * 51},
    {"channel": CHANNEL, "text": "x", "blocks": [section("x" * 3001)]},
    {"channel": CHANNEL, "text": "x", "blocks": [section("")]},
    {"channel": CHANNEL, "text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]},
    {"channel": CHANNEL, "text": "x", "blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}]},
    {"channel": CHANNEL, "text": "x", "blocks": [{"type": "actions", "elements": [button("a"), button("a")]}]},
    {"text": "x"},
])
def test_what_breaks_a_limit_is_refused(slack, message):
    assert not ask(slack, message)["ok"]
    assert len(slack.refused) == 1


def test_a_wrong_token_and_an_unknown_message_are_refused(slack):
    assert ask(slack, {"channel": CHANNEL, "text": "x"}, token="other")["error"] == "invalid_auth"
    assert ask(slack, {"channel": CHANNEL, "text": "x", "ts": "1.0"}, "/api/chat.update")["error"] == "message_not_found"


def test_it_can_be_too_busy_for_a_while(slack):
    slack.answers(429, 500)
    for status in (429, 500):
        with pytest.raises(urllib.error.HTTPError) as error:
            ask(slack, {"channel": CHANNEL, "text": "x"})
        assert error.value.code == status
    assert ask(slack, {"channel": CHANNEL, "text": "x"})["ok"]
    assert len(slack.posted) == 1


def test_it_forgets_what_it_was_asked_but_not_what_stands(slack):
    ts = ask(slack, {"channel": CHANNEL, "text": "first"})["ts"]
    slack.answers(500)
    slack.forget()
    assert (slack.posted, slack.asked) == ([], 0)
    assert ask(slack, {"channel": CHANNEL, "ts": ts, "text": "second"}, "/api/chat.update")["ok"]
    assert [each["text"] for each in slack.updated] == ["second"]
    assert [each["text"] for each in slack.messages()] == ["second"]


def test_people_act_and_the_app_is_missed(slack):
    slack.settings(app_url="http://127.0.0.1:9")
    message = {"channel": CHANNEL, "text": "x", "blocks": [{"type": "actions", "elements": [button("expected")]}]}
    ts = ask(slack, message)["ts"]
    assert slack.click("ana", CHANNEL, ts, "expected")["outcome"] == "dispatch_failed"
    assert slack.command("bo", CHANNEL, "status")["outcome"] == "dispatch_failed"
    assert len(slack.event({"type": "app_uninstalled"})) == 4
    assert [each["retry"] for each in slack.exchanges()] == [0, 0, 0, 1, 2, 3]
    with pytest.raises(ValueError, match="nobody is eve"):
        slack.command("eve", CHANNEL, "status")


def test_an_installation_has_a_token_of_its_own(slack):
    installed = slack.install("T0ACME", "C0ACME")
    assert ask(slack, {"channel": "C0ACME", "text": "x"}, token=installed["token"])["ok"]
    assert ask(slack, {"channel": "C0ACME", "text": "x"})["error"] == "channel_not_found"
    slack.uninstall("T0ACME")
    assert ask(slack, {"channel": "C0ACME", "text": "x"}, token=installed["token"])["error"] == "account_inactive"
