"""The bus is open to everybody: what is not proved is not believed, and is counted."""

import pytest

from events import Trail, envelope

STRANGER = "666600000001"


@pytest.fixture
def refused(system):
    """Delivers an envelope and says by how much the counter of a reason went up."""

    def deliver(sent, reason):
        before = system.logs.metric("Refused", Reason=reason)
        system.deliver(sent)
        return system.logs.metric("Refused", Reason=reason) - before

    return deliver


def nothing_stored(system, account):
    assert not system.queues.depth("EVENT_QUEUE_URL")
    assert not system.items("CostEvent", account)
    assert not system.slack.posted


def test_a_record_of_another_account_than_the_sender_s_is_refused(system, refused):
    victim = system.new_account()
    forged = envelope(Trail(victim).run_instances("p4d.24xlarge"), account=STRANGER)
    assert refused(forged, "another_account") == 1
    nothing_stored(system, victim)


def test_an_account_that_nobody_connected_is_refused(system, refused):
    assert refused(envelope(Trail(STRANGER).run_instances("p4d.24xlarge")), "unknown_account") == 1
    nothing_stored(system, STRANGER)


def test_a_source_that_anybody_may_use_is_refused(system, refused):
    account = system.new_account()
    sent = {**envelope(Trail(account).run_instances("p4d.24xlarge")), "source": "mine"}
    assert refused(sent, "source_is_not_aws") == 1
    nothing_stored(system, account)


def test_a_disconnected_account_is_refused(system, refused):
    account = system.new_account()
    system.call("account-lifecycle", {"task": "disconnect", "tenant": "acme", "account": account})
    assert refused(envelope(Trail(account).run_instances("p4d.24xlarge")), "disconnecting") == 1
    nothing_stored(system, account)


def test_an_account_belongs_to_who_proved_it_first(system):
    account = system.new_account("acme")
    with pytest.raises(AssertionError, match="belongs to another tenant"):
        system.connect(account, "globex")
