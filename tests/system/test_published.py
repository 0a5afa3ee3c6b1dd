"""Other programs hear of anomalies by a rule on the bus of events."""

import json

import pytest

from events import Trail, instances
from harness.deadline import until
from harness.emulator import OWN_ACCOUNT, REGION


@pytest.fixture
def listener(system):
    """Hears what is published about an account: pairs of event type and content."""
    sqs, bus = system.emulator.client("sqs"), system.outputs["PublishedBusName"]
    url = sqs.create_queue(QueueName="a-pager")["QueueUrl"]

    def listens(account):
        pattern = {"source": ["dd0c.cost"], "detail": {"account": [account]}}
        system.bus.put_rule(Name="a-pager", EventBusName=bus, EventPattern=json.dumps(pattern))
        target = {"Id": "queue", "Arn": f"arn:aws:sqs:{REGION}:{OWN_ACCOUNT}:a-pager"}
        system.bus.put_targets(Rule="a-pager", EventBusName=bus, Targets=[target])
        heard = []

        def hears():
            for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                event = json.loads(message["Body"])
                heard.append((event["detail-type"], event["detail"]))
            return heard

        return hears

    yield listens
    system.bus.remove_targets(Rule="a-pager", EventBusName=bus, Ids=["queue"])
    system.bus.delete_rule(Name="a-pager", EventBusName=bus)
    sqs.delete_queue(QueueUrl=url)


def test_an_anomaly_is_published_when_it_opens_and_when_it_has_ended(system, listener):
    tenant = system.new_tenant(slack=False)
    account = system.new_account(tenant.name)
    hears = listener(account)
    trail = Trail(account, user="broadcast")
    launch = trail.run_instances("p4d.24xlarge", 2)
    system.send(launch)
    until("it is published", hears)
    system.send(trail.terminate_instances(instances(launch)))
    until("its end is published", lambda: len(hears()) == 2)
    system.settled(account)
    (opened, first), (resolved, last) = hears()
    assert (opened, resolved) == ("anomaly.opened", "anomaly.resolved")
    for kind, event in hears():
        assert (event["version"], event["type"], event["tenant"], event["account"]) == ("1", kind, tenant.name, account)
    assert first["id"] != last["id"]
    assert first["anomaly"]["id"] == last["anomaly"]["id"]
    assert (first["anomaly"]["status"], last["anomaly"]["status"]) == ("open", "resolved")
    assert first["anomaly"]["resourceType"] == "p4d.24xlarge"
