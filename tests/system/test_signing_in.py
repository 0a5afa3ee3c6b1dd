"""Who signs up comes into a tenant of his own; who shows anything else than a good token comes nowhere."""

import base64
import json

import pytest

from harness.people import claims


@pytest.fixture
def person(system):
    return system.new_person()


def test_who_signs_up_comes_into_a_tenant_of_his_own(system, person):
    answer = person.get("/v1/accounts")
    assert (answer.status, answer.body["items"]) == (200, [])
    tenant = system.tenant_of(person)
    [entry] = system.audit(tenant, "sign up")
    assert entry["who"].startswith("customer")
    assert person.get("/v1/status").status == 200
    assert len(system.audit(tenant, "sign up")) == 1


def test_two_people_are_two_tenants(system, person):
    other = system.new_person()
    assert [each.get("/v1/status").status for each in (person, other)] == [200, 200]
    assert system.tenant_of(person) != system.tenant_of(other)


def test_who_signs_in_again_finds_what_was_there(system):
    name = system.sign_up()
    first, second = system.sign_in(name), system.sign_in(name)
    assert [each.get("/v1/status").status for each in (first, second)] == [200, 200]
    assert first.credential != second.credential
    assert system.tenant_of(first) == system.tenant_of(second)


def test_what_is_no_token_of_ours_is_refused_and_leaves_nothing(system, person):
    before = system.stored()
    for wrong in (None, "", "nonsense", "a.b.c", *changed(person.credential), of_another_client(system)):
        answer = system.caller(wrong).get("/v1/accounts")
        assert (answer.status, answer.code) == (401, "unauthenticated"), wrong
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.body) <= {"type", "title", "status", "code", "detail", "requestId"}
    assert system.stored() == before


def test_a_token_that_says_who_somebody_is_does_not_let_him_in(system):
    name = system.sign_up()
    tokens = system.pool.sign_in(name)
    for kind in ("IdToken", "RefreshToken"):
        assert system.caller(tokens[kind]).get("/v1/accounts").status == 401, kind
    assert system.caller(tokens["AccessToken"]).get("/v1/accounts").status == 200


def changed(token):
    """The same with another name in it, without its signature, with another one, and said to need none."""
    head, middle, signature = token.split(".")
    other = part({**claims(token), "sub": "00000000-0000-4000-8000-000000000000"})
    turned = ("A" if signature[0] != "A" else "B") + signature[1:]
    yield from (f"{head}.{other}.{signature}", f"{head}.{middle}.", f"{head}.{middle}.{turned}")
    yield f"{part({'alg': 'none', 'typ': 'JWT'})}.{middle}."


def part(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def of_another_client(system):
    """A good token of the same people, for another application."""
    cognito, pool = system.pool.cognito, system.pool
    other = cognito.create_user_pool_client(
        UserPoolId=pool.pool, ClientName="another", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    return pool.sign_in(system.sign_up(), client=other)["AccessToken"]
