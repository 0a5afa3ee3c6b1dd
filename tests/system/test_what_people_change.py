"""Whatever somebody may change by the API, the deployed functions have the rights for."""

from datetime import datetime, timezone

import pytest

from events import Trail


@pytest.fixture
def person(system):
    return system.new_person()


def done(answer, *statuses):
    assert answer.status in (statuses or (200,)), answer
    return answer.body


def test_of_an_account(system, person):
    stack = system.connect_stack(person)
    account = f"/v1/accounts/{stack.account}"
    assert done(person.ask("PATCH", account, {"alias": "production"}))["alias"] == "production"
    governance = done(person.get(f"{account}/governance"))
    assert done(person.ask("PUT", f"{account}/governance", {"mode": governance["mode"]}))["mode"] == governance["mode"]
    done(person.post(f"{account}/check"), 202)
    for path in ("health", "baselines", "expectations", "governance"):
        done(person.get(f"{account}/{path}"))
    for path in ("/v1/spend", "/v1/zombies", "/v1/audit", "/v1/status", "/v1/billing", "/v1/slack", "/v1/settings"):
        done(person.get(path))
    assert {"connect", "name"} <= {each["what"] for each in person.get("/v1/audit").body["items"]}


def test_of_what_was_alerted(system, person):
    stack = system.connect_stack(person)
    system.send(Trail(stack.account, user="talked-about", begin=datetime.now(timezone.utc)).run_instances("p4d.24xlarge"))
    system.settled(stack.account)
    [listed] = person.get("/v1/anomalies").body["items"]
    anomaly = f"/v1/anomalies/{listed['id']}"
    assert done(person.get(anomaly))["id"] == listed["id"]
    done(person.post(f"{anomaly}/snooze", {"minutes": 60}))
    done(person.post(f"{anomaly}/expected", {}))
    [expectation] = person.get(f"/v1/accounts/{stack.account}/expectations").body["items"]
    done(person.delete(f"/v1/accounts/{stack.account}/expectations/{expectation['id']}"), 204)
    done(person.post(f"{anomaly}/confirm"))
    done(person.ask("PATCH", f"/v1/accounts/{stack.account}/baselines/ec2/p4d.24xlarge", {"sensitivityOverride": "low"}))


def test_of_a_tenant_s_own(system, person):
    done(person.ask("PUT", "/v1/settings", {"timezone": "Europe/Berlin"}))
    key = done(person.ask("PUT", "/v1/settings/webhook", {"url": "http://127.0.0.1:9/hook"}))
    assert key
    done(person.delete("/v1/settings/webhook"))
    assert done(person.post("/v1/billing/portal"), 409)["code"] == "conflict"
    first = person.post("/v1/api-keys", {"name": "once", "scopes": ["spend:read"]}, Idempotency_Key="the-same")
    again = person.post("/v1/api-keys", {"name": "once", "scopes": ["spend:read"]}, Idempotency_Key="the-same")
    assert done(first, 201)["id"] == done(again, 201)["id"]
