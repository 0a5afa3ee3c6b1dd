"""What a circuit breaker holds back is listed, released to Slack, and answered, by tasks of operators."""

import json
from datetime import timedelta

from events import BEGIN, Trail

STRANGERS = 24


def test_what_a_breaker_holds_back_is_released_to_slack_once(system):
    account = stormy_account(system)
    held = task(system, "held", account)["held"]
    assert held and not any(system.slack.cards(name_of(each)) for each in held)
    assert all(each["channel"] and each["hourlyUsd"] and each["since"] for each in held)

    released = task(system, "release", account, by="ana")
    assert released == {"released": len(held), "messages": len(held)}
    system.settled(account)
    assert all(len(system.slack.cards(name_of(each))) == 1 for each in held)
    assert task(system, "held", account) == {"held": []}
    assert task(system, "release", account, by="ana") == {"released": 0, "messages": 0}

    first = held[0]["id"]
    answer = {"anomaly": first, "answer": "expected", "by": "ana", "days": 30}
    assert task(system, "answer", account, **answer) == {"answered": "now", "expectations": 1}
    assert task(system, "answer", account, **answer) == {"answered": "before"}
    assert [each["what"] for each in written(system, account)] == ["govern", "release", "answer"]


def test_what_is_discarded_goes_nowhere(system):
    account = stormy_account(system)
    held = task(system, "held", account)["held"]
    discarded = task(system, "release", account, discard=True, by="ana")
    assert discarded == {"released": len(held), "messages": 0}
    system.settled(account)
    assert not any(system.slack.cards(name_of(each)) for each in held)


def stormy_account(system):
    """An account with a month of small things, in which strangers start large ones within minutes."""
    account = system.new_account()
    task(system, "govern", account, tenant="acme", mode="audit")
    days = (BEGIN - timedelta(days=days) for days in range(30, 0, -1))
    system.send(*(Trail(account, user="ops", begin=day, seed=str(day)).run_instances("m5.large") for day in days))
    system.settled(account)
    system.send(*(Trail(account, user=f"stranger-{account}-{nth:02d}").run_instances("p3.8xlarge") for nth in range(STRANGERS)))
    system.settled(account)
    return account


def task(system, name, account, **further):
    return system.call("account-lifecycle", {"task": name, "account": account, **further})


def name_of(held):
    """As a card names who it was."""
    return held["actor"].removeprefix("user/")


def written(system, account):
    entries = [each for each in system.stored() if each["entity"] == "Audit" and each.get("account") == account]
    return [each for each in entries if each["what"] != "connect"]
