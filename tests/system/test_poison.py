"""A message that can never be processed is put aside, and holds nobody up."""

from events import Trail
from harness.deadline import until


def test_poison_among_two_tenants_events_goes_aside_with_its_reason(system):
    ours, theirs = system.new_account("acme"), system.new_account(system.new_tenant().name)
    first, second = Trail(ours, user="acme-user"), Trail(theirs, user="globex-user")
    poison = {**first.create_nat_gateway(), "eventTime": "the day after tomorrow"}
    system.send(first.run_instances("p4d.24xlarge"), second.create_nat_gateway(), poison)
    system.send(second.run_instances("p4d.24xlarge"), first.create_nat_gateway())
    aside = until("it is aside", lambda: found(system, poison["eventID"]))
    assert aside["MessageAttributes"]["reason"]["StringValue"]
    system.settled(ours, theirs)
    for account in (ours, theirs):
        assert [each["number"] for each in system.items("CostEvent", account)] == [1, 2]
    assert system.card("acme-user") and system.card("globex-user")


def found(system, event_id):
    return next((each for each in system.queues.peek("EVENT_DLQ_URL") if event_id in each["Body"]), None)
