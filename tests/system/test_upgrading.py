"""One account is free. For the second somebody pays at Stripe, and Stripe tells us, signed, more than once."""

import urllib.request

import pytest

from harness.deadline import until
from harness.people import asked
from paying import checkout, subscription, tier, upgraded


@pytest.fixture
def person(system):
    """Somebody with one account."""
    person = system.new_person()
    assert person.get("/v1/status").status == 200
    system.new_account(system.tenant_of(person))
    return person


def test_the_second_account_is_allowed_once_it_is_paid_for(system, person):
    refused = person.post("/v1/accounts/setup")
    assert (refused.status, refused.code) == (403, "upgrade_required")
    assert "Upgrade under Billing" in refused.body["detail"]
    assert tier(person) == "free"

    customer = upgraded(system, person)
    stack = system.connect_stack(person)
    assert len(person.get("/v1/accounts").body["items"]) == 2
    system.settled()
    system.make_due(f"TENANT#{system.tenant_of(person)}", "DUE#billing")
    system.strike()
    until("two accounts are paid for", lambda: subscription(system, customer)["quantity"] == 2)
    assert person.delete(f"/v1/accounts/{stack.account}").status == 202


def test_who_has_paid_stays_where_he_is_whatever_stripe_repeats(system, person):
    customer = upgraded(system, person)
    system.settled()
    before = paid(system, person)
    for event in system.stripe.events:
        if customer in event["body"]:
            assert system.stripe.again(event["id"]) == 200
    system.settled()
    assert (tier(person), paid(system, person)) == ("pro", before)
    conflict = person.post("/v1/billing/checkout")
    assert (conflict.status, conflict.code) == (409, "conflict")


def paid(system, person):
    """All that is stored of a tenant; not how much he has asked, which is counted apart."""
    return [each for each in system.stored() if each["PK"].startswith(f"TENANT#{system.tenant_of(person)}")]


def test_what_stripe_has_not_signed_changes_nothing(system, person):
    page = checkout(system, person)
    system.stripe.pay(page)
    [event] = [each for each in system.stripe.events if each["kind"] == "checkout.session.completed" and not each["taken"]]
    system.settled()
    before = paid(system, person)
    for signature in (None, "", "t=1,v1=00", f"t=4000000000,v1={'0' * 64}"):
        headers = {"Content-Type": "application/json", **({"Stripe-Signature": signature} if signature is not None else {})}
        request = urllib.request.Request(f"{system.api_door.url}/stripe/webhook", event["body"].encode(), headers)
        answer = asked(request)
        system.heard.append(answer)
        assert answer.status in (400, 401), answer
    assert not system.queues.depth("BILLING_QUEUE_URL")
    assert (tier(person), paid(system, person)) == ("free", before)
    assert all(status == 200 for _, status in system.stripe.deliver("reversed"))
    until("the same, signed, counts in any order", lambda: tier(person) == "pro")


def test_who_pays_no_longer_keeps_one_account_and_loses_nothing(system, person):
    customer = upgraded(system, person)
    second = system.new_account(system.tenant_of(person))
    system.stripe.end(customer)
    assert all(status == 200 for _, status in system.stripe.deliver())
    until("he is on the free tier", lambda: tier(person) == "free")
    states = lambda: {each["accountId"]: each["status"] for each in person.get("/v1/accounts").body["items"]}
    # On AWS a schedule calls the clock.
    system.strike()
    until("one is paused", lambda: states()[second] == "paused")
    assert sorted(states().values()) == ["active", "paused"]
    system.stripe.pay(checkout(system, person))
    assert all(status == 200 for _, status in system.stripe.deliver())
    until("he is on Pro again", lambda: tier(person) == "pro")
    system.strike()
    until("both are watched again", lambda: set(states().values()) == {"active"})
