"""A tenant disconnects an account, thinks better of it, and disconnects it again: then nothing is left."""

import json

import pytest

from events import Trail
from harness.deadline import until


@pytest.fixture
def person(system):
    return system.new_person()


def test_what_was_disconnected_by_mistake_is_watched_again(system, person):
    stack = system.connect_stack(person)
    account = f"/v1/accounts/{stack.account}"
    refused = lambda: system.logs.metric("Refused", Reason="disconnecting")
    system.settled()
    assert person.post(f"{account}/undo").code == "conflict"
    answer = person.delete(account)
    assert (answer.status, answer.body["status"]) == (202, "disconnecting") and answer.body["purgeAt"]
    before = refused()
    system.send(Trail(stack.account, user="meanwhile").run_instances("p4d.24xlarge"))
    assert refused() == before + 1

    answer = person.post(f"{account}/undo")
    assert (answer.status, answer.body["status"], answer.body["purgeAt"]) == (200, "active", None)
    system.send(Trail(stack.account, user="back-again").run_instances("p4d.24xlarge"))
    system.settled(stack.account)
    assert [each["actor"] for each in system.items("Anomaly", stack.account)]
    system.call("account-lifecycle", {"task": "purge"})
    assert system.items("Anomaly", stack.account), "nothing of it is purged"


def test_a_purge_leaves_nothing_but_what_was_done(system, person):
    staying = system.new_account()
    stack = system.connect_stack(person)
    for account in (stack.account, staying):
        system.send(Trail(account).run_instances("p4d.24xlarge"), Trail(account, seed=1).create_nat_gateway())
    system.settled(stack.account, staying)
    assert person.delete(f"/v1/accounts/{stack.account}").status == 202
    until("nobody is at it any more", lambda: not system.queues.depth("ACCOUNT_QUEUE_URL"), seconds=60)
    system.call("account-lifecycle", {"task": "purge"})
    assert system.items("CostEvent", stack.account), "the grace period has just begun"
    system.end_grace(system.tenant_of(person), stack.account)
    before = of(system, staying)
    system.call("account-lifecycle", {"task": "purge"})
    left = of(system, stack.account)
    assert {each["entity"] for each in left} <= {"Audit"}, left
    assert of(system, staying) == before
    assert person.get(f"/v1/accounts/{stack.account}").status == 404
    assert person.get("/v1/anomalies").body["items"] == []
    # Another may have the account now, whoever proves that it is his.
    assert system.connect(stack.account)["connected"]


def of(system, account):
    """All that names an account anywhere."""
    return [each for each in system.stored() if account in json.dumps(each, default=str)]
