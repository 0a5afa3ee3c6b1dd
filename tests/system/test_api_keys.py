"""A tenant's programs come in by keys: shown once, for what they are made for, until they are revoked."""

import json

import pytest

from events import Trail


@pytest.fixture
def person(system):
    person = system.new_person()
    assert person.get("/v1/status").status == 200
    return person


def key(system, person, *scopes):
    """A new key: what is said of it, and a program that has it."""
    answer = person.post("/v1/api-keys", {"name": "exporter", "scopes": list(scopes)})
    assert answer.status == 201, answer
    assert answer.body["key"].startswith("dd0c_")
    return answer.body, system.caller(answer.body["key"])


def test_a_key_opens_what_it_is_for_and_nothing_else(system, person):
    account = system.new_account(system.tenant_of(person))
    system.send(Trail(account, user="exported").run_instances("p4d.24xlarge"))
    system.settled(account)
    made, program = key(system, person, "anomalies:read")
    [anomaly] = program.get("/v1/anomalies").body["items"]
    assert anomaly["accountId"] == account
    for method, path in (("POST", f"/v1/anomalies/{anomaly['id']}/confirm"), ("GET", "/v1/spend"), ("GET", "/v1/accounts"), ("GET", "/v1/api-keys")):
        refused = program.ask(method, path, None)
        assert (refused.status, refused.code) == (403, "forbidden"), path
    [listed] = person.get("/v1/api-keys").body["items"]
    assert listed["id"] == made["id"] and listed["lastUsedAt"]


def test_a_key_is_shown_once_and_kept_nowhere(system, person):
    made, _ = key(system, person, "spend:read")
    assert made["key"] not in person.get("/v1/api-keys").text
    assert made["key"] not in json.dumps(system.stored(), default=str)
    assert len(system.audit(system.tenant_of(person), "api key")) == 1


def test_a_revoked_key_opens_nothing_from_then_on(system, person):
    made, program = key(system, person, "spend:read", "zombies:read")
    assert [program.get(path).status for path in ("/v1/spend", "/v1/zombies")] == [200, 200]
    assert person.delete(f"/v1/api-keys/{made['id']}").status == 204
    refused = program.get("/v1/spend")
    assert (refused.status, refused.code) == (401, "unauthenticated")
    [listed] = person.get("/v1/api-keys").body["items"]
    assert listed["revokedAt"]


def test_nobody_revokes_what_is_another_s_or_makes_a_key_by_a_key(system, person):
    made, program = key(system, person, "spend:read")
    assert system.new_person().delete(f"/v1/api-keys/{made['id']}").status == 404
    assert program.post("/v1/api-keys", {"name": "more", "scopes": ["spend:read"]}).status == 403
    turned = made["key"][:-1] + ("A" if made["key"][-1] != "A" else "B")
    assert system.caller(turned).get("/v1/spend").status == 401
    assert program.get("/v1/spend").status == 200
