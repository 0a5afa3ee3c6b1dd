"""A tenant disconnects an account, or deletes all that he has, thinks better of it, and does it again: then nothing is
left."""

import pytest

from events import Trail
from harness.browser import Browser, ended
from harness.deadline import until
from paying import subscription, upgraded


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
    nobody_is_at_it(system)
    system.call("account-lifecycle", {"task": "purge"})
    assert system.items("CostEvent", stack.account), "the grace period has just begun"
    system.end_grace(system.tenant_of(person), stack.account)
    before = system.naming(staying)
    system.call("account-lifecycle", {"task": "purge"})
    left = system.naming(stack.account)
    assert {each["entity"] for each in left} <= {"Audit"}, left
    assert system.naming(staying) == before
    assert person.get(f"/v1/accounts/{stack.account}").status == 404
    assert person.get("/v1/anomalies").body["items"] == []
    # Another may have the account now, whoever proves that it is his.
    assert system.connect(stack.account)["connected"]


ALL = {"confirm": "delete"}


def test_a_tenant_who_goes_leaves_nothing_here_nor_at_stripe_nor_at_slack(system, person):
    stack = system.connect_stack(person)
    tenant, staying = system.tenant_of(person), system.new_account()
    team, channel = system.new_workspace()
    assert ended(Browser().allow(system.invite(tenant), team, channel)) == "connected"
    tokens = system.slack.tokens[team]
    customer = upgraded(system, person)
    key = person.post("/v1/api-keys", {"name": "exporter", "scopes": ["anomalies:read"]}).body["key"]
    program = system.caller(key)
    for account in (stack.account, staying):
        system.send(Trail(account, user="goer").run_instances("p4d.24xlarge"))
    system.settled(stack.account, staying)
    status = lambda: person.get(f"/v1/accounts/{stack.account}").body["status"]
    ends = lambda: subscription(system, customer)["cancel_at_period_end"]

    assert (person.delete("/v1/tenant", {"confirm": "yes"}).status, status()) == (400, "active")
    answer = person.delete("/v1/tenant", ALL)
    assert (answer.status, bool(answer.body["deletion"]["goneBy"]), status()) == (202, True, "disconnecting")
    for refused in (program.get("/v1/anomalies"), person.post("/v1/accounts/setup")):
        assert (refused.status, refused.code) == (403, "being_deleted")
    until("the subscription ends with what is paid", lambda: system.strike() and ends())

    assert person.post("/v1/tenant/undo").status == 200
    until("it goes on", lambda: system.strike() and not ends())
    assert (status(), program.get("/v1/anomalies").status) == ("active", 200)
    until("there is nothing left to take back", lambda: person.post("/v1/tenant/undo").code == "conflict")

    assert person.delete("/v1/tenant", ALL).status == 202
    purge = lambda: system.call("account-lifecycle", {"task": "purge"})
    assert purge()["tenants"] == 0 and system.naming(stack.account), "the grace period has just begun"
    nobody_is_at_it(system)
    system.settled(staying)
    before = system.naming(staying)
    system.end_grace_of_all(tenant, stack.account)
    until("nothing is left", lambda: system.strike() and purge()["tenants"])
    assert not lasting(system.naming(tenant))
    assert not system.naming(stack.account) and system.naming(staying) == before
    assert subscription(system, customer)["status"] == "canceled"
    assert system.slack.tokens[team] == tokens - 1
    # Who signs in again begins anew.
    assert person.get("/v1/status").body["accounts"] == 0
    assert system.tenant_of(person) != tenant


def lasting(items):
    """Without what goes by itself."""
    return [each for each in items if "expiresAt" not in each]


def nobody_is_at_it(system):
    """As when the days of grace have passed: a worker lives for minutes."""
    queues = ("ACCOUNT_QUEUE_URL", "BACKGROUND_QUEUE_URL")
    until("nobody is at it any more", lambda: not any(map(system.queues.depth, queues)))
