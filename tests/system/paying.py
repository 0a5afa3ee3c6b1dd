"""What somebody does who pays, and what comes of it."""

from harness.deadline import until


def checkout(system, person):
    answer = person.post("/v1/billing/checkout")
    assert answer.status == 200, answer
    return answer.body["url"]


def tier(person):
    return person.get("/v1/billing").body["tier"]


def upgraded(system, person):
    """Somebody who has paid, and whose payment has come to us; his number at Stripe."""
    page = checkout(system, person)
    system.stripe.pay(page)
    told = system.stripe.deliver()
    assert told and all(status == 200 for _, status in told), told
    until("he is on Pro", lambda: tier(person) == "pro")
    tenant = system.tenant_of(person)
    [owner] = [each for each in system.stored() if each["PK"].startswith("STRIPECUSTOMER#") and each["tenant"] == tenant]
    return owner["PK"].removeprefix("STRIPECUSTOMER#")


def subscription(system, customer):
    """The one that he has at Stripe."""
    [found] = [each for each in system.stripe.subscriptions if each["customer"] == customer]
    return found
