"""The day in a few lines, once a day and for each tenant by itself."""

from events import Trail
from harness.deadline import stays, until


def test_the_digest_names_what_is_open_and_comes_once_a_day(system):
    tenant, other = system.new_tenant(), system.new_tenant()
    account = system.new_account(tenant.name)
    system.new_account(other.name)
    system.send(Trail(account, user="digested").run_instances("p4d.24xlarge"))
    system.settled(account)
    system.slack.forget()

    assert system.digest(tenant)["digests"] >= 1
    [digest] = until("a digest", lambda: digests(system, tenant))
    assert "1 anomaly open" in digest["text"]
    assert "digested" in str(digest["blocks"])

    assert system.digest(other)["digests"] >= 1
    [quiet] = until("the other tenant's digest", lambda: digests(system, other))
    assert "A quiet day" in quiet["text"]

    # The clock may strike twice over the same day, and nobody hears it twice.
    system.digest(tenant)
    system.settled()
    stays("no second digest", lambda: len(digests(system, tenant)) == 1, seconds=1)
    assert not system.queues.depth("DIGEST_DLQ_URL")


def test_the_clock_sets_the_next_digest_to_nine_o_clock_of_the_tenant(system):
    tenant = system.new_tenant()
    system.new_account(tenant.name)
    change = {"task": "settings", "tenant": tenant.name, "by": "operator", "timezone": "Asia/Tokyo"}
    assert system.call("account-lifecycle", change) == {"timezone": "Asia/Tokyo", "quiet": None}
    assert due(system, tenant).endswith("T00:00:00.000Z")
    system.digest(tenant)
    assert due(system, tenant).endswith("T00:00:00.000Z")
    system.settled()
    [entry] = system.audit(tenant.name, "settings")
    assert "Asia/Tokyo" in entry["new"] and "operator" in entry["who"]


def digests(system, tenant):
    return [each for each in system.slack.posted if each["channel"] == tenant.channel]


def due(system, tenant):
    [item] = [each for each in system.stored() if (each["PK"], each["SK"]) == (f"TENANT#{tenant.name}", "DUE#digest")]
    return item["GSI1SK"]
