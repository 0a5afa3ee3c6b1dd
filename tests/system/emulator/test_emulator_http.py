"""How the emulator's HTTP APIs call functions, and how rules reach queues."""

import json
import urllib.error
import urllib.request

import pytest

from emulator.probe import messages, queue
from harness.deadline import until
from harness.emulator import OWN_ACCOUNT, REGION


def test_an_http_api_calls_a_function_by_its_routes_alone(emulator, probe):
    apis = emulator.client("apigatewayv2")
    api = apis.create_api(Name="door", ProtocolType="HTTP")["ApiId"]
    integration = apis.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=probe.arn, PayloadFormatVersion="2.0"
    )["IntegrationId"]
    apis.create_route(ApiId=api, RouteKey="GET /slack/install", Target=f"integrations/{integration}")
    apis.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    address = f"{emulator.endpoint}/_aws/execute-api/{api}/$default"

    urllib.request.urlopen(urllib.request.Request(f"{address}/slack/install?state=1", headers={"Cookie": "a=b"})).close()
    [event] = probe.events()
    assert (event["version"], event["rawPath"], event["rawQueryString"]) == ("2.0", "/slack/install", "state=1")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{address}/slack/other")
    assert len(probe.events()) == 1


def test_a_rule_puts_what_fits_into_a_queue(emulator):
    bus, (url, arn) = emulator.client("events"), queue(emulator, "heard")
    bus.create_event_bus(Name="bus")
    bus.put_rule(Name="some", EventBusName="bus", EventPattern=json.dumps({"detail": {"account": ["1"]}}))
    bus.put_targets(Rule="some", EventBusName="bus", Targets=[{"Id": "queue", "Arn": arn}])
    for account in ("2", "1"):
        entry = {"EventBusName": "bus", "Source": "dd0c.cost", "DetailType": "any", "Detail": json.dumps({"account": account})}
        bus.put_events(Entries=[entry])
    [message] = until("it is in the queue", lambda: messages(emulator, url))
    event = json.loads(message["Body"])
    assert (event["account"], event["region"], event["detail"]) == (OWN_ACCOUNT, REGION, {"account": "1"})
