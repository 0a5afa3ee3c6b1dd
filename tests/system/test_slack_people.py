"""What people press and ask in Slack, and what comes of it."""

import json

import pytest

from events import Trail, instances
from harness.deadline import stays, until


@pytest.fixture
def tenant(system):
    return system.new_tenant()


def alerted(system, tenant, user):
    """An account of the tenant with one anomaly: account, trail, launch and card."""
    account = system.new_account(tenant.name)
    trail = Trail(account, user=user)
    # As loud as can be: no further alert makes it louder.
    launch = trail.run_instances("p4d.24xlarge", 2)
    system.send(launch)
    system.settled(account)
    return account, trail, launch, system.card(user)


def press(system, card, button, by="ana"):
    exchange = system.slack.click(by, card["channel"], card["ts"], f"anomaly:{button}")
    assert exchange["outcome"] == "ok", exchange


def ask(system, tenant, text, by="bo"):
    """A command, and what it is answered with."""
    before = len(system.slack.whispers(tenant.channel))
    exchange = system.slack.command(by, tenant.channel, text)
    assert (exchange["outcome"], exchange["answer"]) == ("ok", ""), exchange
    answered = until(f"an answer to {text}", lambda: system.slack.whispers(tenant.channel)[before:])
    assert len(answered) == 1, answered
    return answered[0]


def shows(system, user, *words):
    """Waits until the card says all of these."""
    return until(f"a card with {words}", lambda: all(word in said(system.card(user)) for word in words))


def said(card):
    return json.dumps(card, ensure_ascii=False)


def test_expected_stands_on_the_card_with_who_said_it_and_holds(system, tenant):
    account, _, _, card = alerted(system, tenant, "expecter")
    press(system, card, "expected")
    shows(system, "expecter", "👍 EXPECTED", "Expected, says", "ana (U")
    [expectation] = system.items("Expectation", account)
    assert "ana" in expectation["by"] and expectation["actor"].endswith("expecter")
    [entry] = system.audit(tenant.name, "answer")
    assert "ana" in entry["who"] and entry["account"] == account

    # The same once more changes nothing, and only who says it hears so.
    anomaly = system.anomaly(account)["SK"].removeprefix("ANOMALY#")
    assert "The same was said before" in ask(system, tenant, f"expected {anomaly}")
    system.settled(account)
    assert len(system.audit(tenant.name, "answer")) == len(system.items("Expectation", account)) == 1
    assert not system.slack.refused


def test_a_snoozed_anomaly_is_silent_until_it_has_ended(system, tenant):
    account, trail, launch, card = alerted(system, tenant, "snoozer")
    press(system, card, "snooze_1h", by="bo")
    shows(system, "snoozer", "💤 SNOOZED", "bo (U")
    system.settled(account)
    thread = system.slack.thread(card)

    further = trail.run_instances("p4d.24xlarge")
    system.send(further)
    system.settled(account)
    assert system.anomaly(account)["alerts"] == 2
    stays("nothing is said of a further alert", lambda: system.slack.thread(card) == thread, seconds=1)

    system.send(trail.terminate_instances([*instances(launch), *instances(further)]))
    shows(system, "snoozer", "✅ RESOLVED")
    system.settled(account)
    assert len(system.slack.thread(card)) == len(thread) + 1
    assert len(system.audit(tenant.name, "snooze")) == 1


def test_a_snooze_that_is_over_is_told_with_what_came_meanwhile(system, tenant):
    account, trail, _, card = alerted(system, tenant, "sleeper")
    press(system, card, "snooze_24h")
    shows(system, "sleeper", "💤 SNOOZED")
    system.send(trail.run_instances("p4d.24xlarge"))
    system.settled(account)
    thread, anomaly = system.slack.thread(card), system.anomaly(account)

    system.end_snooze(anomaly)
    system.make_due(anomaly["PK"], anomaly["SK"].replace("ANOMALY#", "DUE#"))
    assert system.strike()["tellings"] >= 1
    until("the thread says that it still runs", lambda: len(system.slack.thread(card)) == len(thread) + 1)


def test_commands_are_answered_to_who_asks(system, tenant):
    account, _, _, _ = alerted(system, tenant, "listed")
    assert "1 anomaly open" in ask(system, tenant, "status")
    for part in ("1 anomaly open", account, "listed"):
        assert part in ask(system, tenant, "anomalies")
    assert account in ask(system, tenant, "accounts")
    assert "/dd0c snooze ID 4h" in ask(system, tenant, "help")
    assert "did you mean /dd0c status?" in ask(system, tenant, "statsu")
    assert "1 anomaly open" in ask(system, tenant, "digest now")
    anomaly = system.anomaly(account)["SK"].removeprefix("ANOMALY#")
    assert "p4d.24xlarge" in ask(system, tenant, f"details {anomaly}")
    assert not system.slack.refused


def test_a_tenant_cannot_ask_for_what_is_another_s(system, tenant):
    _, _, _, card = alerted(system, tenant, "guarded")
    [anomaly] = [each for each in system.stored() if each["entity"] == "Anomaly" and "guarded" in str(each["actor"])]
    stranger = system.new_tenant()
    answered = ask(system, stranger, f"expected {anomaly['SK'].removeprefix('ANOMALY#')}")
    assert "There is no such anomaly" in answered
    assert "No anomaly is open" in ask(system, stranger, "anomalies")
    assert "EXPECTED" not in said(system.card("guarded")) and card


def test_what_a_person_settles_holds_and_is_written_down(system, tenant):
    assert "Europe/Berlin" in ask(system, tenant, "timezone Europe/Berlin")
    assert "22:00-07:00" in ask(system, tenant, "quiet 22:00-07:00")
    assert [("bo" in each["who"]) for each in system.audit(tenant.name, "settings")] == [True, True]
